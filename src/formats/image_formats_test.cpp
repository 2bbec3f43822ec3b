// The other image formats: each there and back on drawn data and on one real ground truth, and what
// is broken in them.
#include "formats/image_kit.h"
#include "formats/shapes.h"

using namespace countersign;
using namespace countersign::test;

namespace {

/// The greatest difference of the boxes of two lists; a million when they are not the same ones.
double box_difference(const Regions& a, const Regions& b) {
    if (a.size() != b.size()) return 1e6;
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].labels != b[i].labels || a[i].kind != b[i].kind) return 1e6;
        const auto p = turned_box(a[i]), q = turned_box(b[i]);
        for (const double d : {p.x - q.x, p.y - q.y, p.width - q.width, p.height - q.height,
                               p.rotation - q.rotation})
            most = std::max(most, std::abs(d));
    }
    return most;
}

Regions first_label(const std::vector<ImportedRow>& rows) {
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    return rows[0].annotations.at(0).regions;
}

}  // namespace

TEST_CASE("turned boxes and keypoints come back from YOLO's corners and poses") {
    const auto schema = every_shape();
    const Regions boxes = {box_at(schema, "b", 3.5, 4.25, 5.5, 6.5),
                           box_at(schema, "t", 30, 40, 10, 5, 33.25)};
    CHECK(box_difference(boxes, first_label(read_again("yolo-obb", schema, boxes, 100, 80))) <
          1e-9);
    auto pose = drawn(schema, "k", "pose", "person");
    pose.points = {1, 2, 3.5, 4, 0, 0};
    pose.visible = {2, 1, 0};
    std::vector<std::string> left_out;
    const auto back = read_again("yolo-pose", schema, {pose, boxes[0]}, 128, 64, &left_out);
    CHECK(bare(first_label(back)) == bare({pose}));
    CHECK(left_out == std::vector<std::string>{"1 x boxes of control \"objects\""});
}

TEST_CASE("LabelMe carries every shape, flags and answers to the last bit") {
    const auto schema = every_shape();
    auto area = drawn(schema, "p", "areas", "sea");
    area.points = {1.25, 1, 10.5, 1, 5, 9};
    area.rings = {{20, 20, 30, 20, 25, 29.125}};
    auto pose = drawn(schema, "k", "pose", "person");
    pose.points = {1, 2, 3.5, 4, 0, 0};
    pose.visible = {2, 1, 0};
    auto color = drawn(schema, "c", "color", "red");
    color.parent = "b";
    const Regions regions = {box_at(schema, "b", 3.3, 4.4, 5.5, 6.6),
                             color,
                             box_at(schema, "t", 30, 40, 10, 5, 33.3),
                             area,
                             pose,
                             drawn(schema, "s", "scene", "day")};
    CHECK(bare(first_label(read_again("labelme", schema, regions, 100, 80))) == bare(regions));
    const auto broken =
        read("labelme",
             {{"a.json", R"({"shapes":[{"label":"cat","points":[[1,2],[3]]},{"points":[]},
        {"label":"cat","shape_type":"circle","points":[[1,2],[3,4]]}],"flags":{"fog":true},"imagePath":"a.jpg"})"},
              {"b.json", "{"},
              {"c.json", "{}"}},
             &schema);
    REQUIRE(broken.size() == 3);
    CHECK(broken[0].reason.find("4 labels left out") != std::string::npos);
    CHECK(broken[1].outcome == RowOutcome::rejected);
    CHECK(broken[2].reason.find("no \"shapes\"") != std::string::npos);
}

TEST_CASE("KITTI keeps what it says of space, and scores are drafts") {
    const auto schema = every_shape();
    const std::string text =
        "cat 0.50 1 -1.5 10 20 30.5 40 1.5 1.6 4 2 3 40 -1.2\n"
        "dog 0 0 0 1 2 3 4 1 1 1 1 1 1 1 0.75\nDontCare -1 -1 -10 1 2 3 4 -1 -1 -1 -1000 -1000 "
        "-1000 -10\ncat 1 2\ncat 0 0 0 x 2 3 4 1 1 1 1 1 1 1\n";
    const auto rows = read("kitti", {{"label_2/a.txt", text}, {"image_2/a.png", "x"}}, &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].media == "image_2/a.png");
    CHECK(rows[0].reason.find("3 labels left out") != std::string::npos);
    CHECK(rows[0].drafts.at(0).confidence == 0.75);
    const auto& r = rows[0].annotations.at(0).regions.at(0);
    CHECK(r.meta.at("kitti").at("space") == "1.5 1.6 4 2 3 40 -1.2");
    const auto back = first_label(read_again("kitti", schema, {r}, 100, 80));
    CHECK(box_difference({r}, back) == 0);
    CHECK(back[0].meta == r.meta);
}

TEST_CASE("Open Images finds class names, refuses an image that comes twice, and needs sizes") {
    const auto schema = every_shape();
    ReadContext context;
    context.image_size = [](std::string_view name) {
        return stem(name) == "c" ? std::nullopt : std::optional(ImageSize{200, 100});
    };
    const auto rows =
        read("open-images",
             {{"b.csv",
               "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n"
               "a,x,/m/1,1,0.25,0.5,0.5,0.75,1\na,x,/m/2,0.5,0,1,0,1,0\na,x,/m/1,1,7,8,0,1,0\n"
               "b,x,/m/1,1,0,1,0,1,0\na,x,/m/1,1,0,1,0,1,0\nc,x,/m/1,1,0,1,0,1,0\n"},
              {"names.csv", "/m/1,Cat\n/m/2,Dog\n"}},
             &schema, context);
    REQUIRE(rows.size() == 4);
    const auto& r = rows[0].annotations.at(0).regions.at(0);
    CHECK(box_difference({box_at(schema, "x", 50, 50, 50, 25)}, {r}) == 0);
    CHECK(r.meta == Json{{"IsOccluded", 1}});
    CHECK(rows[0].drafts.at(0).regions.at(0).labels.at(0) == "dog");
    CHECK(rows[0].reason.find("XMin is no share") != std::string::npos);
    CHECK(rows[2].reason.find("Sort the rows") != std::string::npos);
    CHECK(rows[3].reason.find("not known") != std::string::npos);
}

TEST_CASE("the real ground truth survives every image format") {
    const auto folder = data_folder("det_voc100_with_detections");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    auto source = open_folder(folder + "/gts/pascalvoc_format");
    REQUIRE(source);
    const auto rows =
        rows_of("voc", std::shared_ptr<const Source>(*std::move(source)), ReadContext());
    REQUIRE(rows);
    std::vector<std::string> names;
    for (const auto& row : *rows)
        for (const auto& r : row.annotations.at(0).regions)
            if (std::find(names.begin(), names.end(), r.labels[0]) == names.end())
                names.push_back(r.labels[0]);
    const auto schema = schema_of(Modality::image, {control("boxes", ControlKind::boxes, names)});
    for (const std::string format :
         {"coco", "yolo", "yolo-obb", "voc", "cvat", "labelme", "kitti", "open-images"}) {
        double most = 0;
        std::size_t images = 0;
        for (const auto& row : *rows) {
            const auto& before = row.annotations.at(0).regions;
            const auto back = read_again(format, schema, before, row.width, row.height);
            most = std::max(most, box_difference(before, first_label(back)));
            ++images;
        }
        MESSAGE(format << ": greatest difference of a side " << most << " px");
        CHECK(images == 100);
        const bool shares = format.starts_with("yolo") || format == "open-images";
        CHECK(most <= (shares ? 1e-9 : 0));
    }
}
