// What the tests of image formats share: a project with every shape, and exports read back.
#pragma once

#include <algorithm>
#include <cmath>

#include "formats/test_kit.h"

namespace countersign::test {

/// Everything that is drawn on images, and questions about each.
inline Schema every_shape() {
    auto pose = control("pose", ControlKind::keypoints, {"person"});
    pose.points = {"nose", "left hand", "right hand"};
    pose.lines = {0, 1, 0, 2};
    auto color = control("color", ControlKind::choices, {"red", "blue"});
    color.per_region = true;
    color.required = false;
    return schema_of(Modality::image,
                     {control("objects", ControlKind::boxes, {"cat", "dog"}),
                      control("areas", ControlKind::polygons, {"sea", "sand"}), pose,
                      control("scene", ControlKind::choices, {"day", "night"}), color});
}

inline Region drawn(const Schema& schema, std::string id, std::string_view name,
                    std::string label) {
    Region r;
    r.id = std::move(id);
    r.control = name;
    r.kind = schema.control(name)->kind;
    r.labels = {std::move(label)};
    return r;
}
inline Region box_at(const Schema& schema, std::string id, double x, double y, double width,
                     double height, double rotation = 0) {
    auto r = drawn(schema, std::move(id), "objects", "cat");
    r.x = x, r.y = y, r.width = width, r.height = height, r.rotation = rotation;
    return r;
}

/// Exports one image's regions and reads them again; the rows of the import.
inline std::vector<ImportedRow> read_again(std::string_view format, const Schema& schema,
                                           const Regions& regions, int width, int height,
                                           std::vector<std::string>* left_out = nullptr) {
    Project project;
    project.schema = schema;
    const auto kept = record_of("a.jpg", "{}", "a.jpg", width, height, regions);
    WriteContext write;
    write.project = &project;
    auto writer = find_format(format)->write(write);
    REQUIRE(writer);
    std::string bytes;
    for (int pass = 0; pass < (*writer)->passes(); ++pass) {
        REQUIRE((*writer)->begin_pass(pass, bytes));
        const auto done = (*writer)->write(kept->record, bytes);
        if (!done) FAIL(done.refusal().message);
    }
    REQUIRE((*writer)->finish(bytes));
    if (left_out) *left_out = (*writer)->left_out();
    ReadContext context;
    context.schema = &schema;
    context.image_size = [=](std::string_view name) {
        return stem(name) == "a" ? std::optional(ImageSize{width, height}) : std::nullopt;
    };
    const TemporaryFile file(bytes, "." + std::string(find_format(format)->extension));
    auto source = open_file(file.path());
    REQUIRE(source);
    auto rows = rows_of(format, std::shared_ptr<const Source>(*std::move(source)), context);
    if (!rows) FAIL(rows.refusal().message);
    return *std::move(rows);
}

/// Regions without what an import decides (ids, origin, meta), as text to compare.
inline std::string bare(Regions regions) {
    for (auto& r : regions) {
        r.id.clear();
        r.parent.clear();
        r.origin = Origin::person;
        r.meta = nullptr;
    }
    return regions_text(regions);
}

}  // namespace countersign::test
