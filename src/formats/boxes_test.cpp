// COCO, YOLO and VOC: alone on drawn data, and against each other on one real ground truth.
#include <cmath>

#include "base/rng.h"
#include "formats/percent.h"
#include "formats/test_kit.h"
#include "formats/yolo_names.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Schema animals() {
    return schema_of(Modality::image, {control("objects", ControlKind::boxes, {"cat", "dog"})});
}

Schema voc_schema() {
    return schema_of(Modality::image,
                     {control("objects", ControlKind::boxes,
                              {"aeroplane",   "bicycle", "bird",  "boat",      "bottle",
                               "bus",         "car",     "cat",   "chair",     "cow",
                               "diningtable", "dog",     "horse", "motorbike", "person",
                               "pottedplant", "sheep",   "sofa",  "train",     "tvmonitor"})});
}

ReadContext sized(const Schema& schema, int width, int height) {
    ReadContext context;
    context.schema = &schema;
    context.image_size = [=](std::string_view name) {
        return name.find("unknown") == std::string_view::npos
                   ? std::optional(ImageSize{width, height})
                   : std::nullopt;
    };
    return context;
}

/// Boxes of an image in an order that does not depend on the file.
using Boxes = std::map<std::string, std::vector<Region>>;
Boxes boxes_of(const std::vector<ImportedRow>& rows) {
    Boxes all;
    for (const auto& row : rows) {
        if (row.outcome == RowOutcome::rejected || row.annotations.empty()) continue;
        auto& boxes = all[std::string(stem(row.key))];
        boxes = row.annotations[0].regions;
        std::sort(boxes.begin(), boxes.end(), [](const Region& a, const Region& b) {
            return std::tuple(a.labels, std::lround(a.x), std::lround(a.y), std::lround(a.width)) <
                   std::tuple(b.labels, std::lround(b.x), std::lround(b.y), std::lround(b.width));
        });
    }
    return all;
}

/// The greatest difference of a side, in pixels; more than any image when the boxes are not the
/// same ones.
double difference(const Boxes& a, const Boxes& b) {
    constexpr double not_the_same = 1e9;
    if (a.size() != b.size()) return not_the_same;
    double most = 0;
    for (const auto& [name, boxes] : a) {
        const auto other = b.find(name);
        if (other == b.end() || other->second.size() != boxes.size()) return not_the_same;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            const auto &p = boxes[i], &q = other->second[i];
            if (p.labels != q.labels) return not_the_same;
            for (const double d : {p.x - q.x, p.y - q.y, p.width - q.width, p.height - q.height})
                most = std::max(most, std::abs(d));
        }
    }
    return most;
}

std::vector<ImportedRow> read_folder(std::string_view format, const std::string& folder,
                                     const ReadContext& context) {
    auto source = open_folder(folder);
    REQUIRE(source);
    auto rows = rows_of(format, std::shared_ptr<const Source>(*std::move(source)), context);
    if (!rows) FAIL(rows.refusal().message);
    return *std::move(rows);
}

/// Exports what was imported and reads that again.
Boxes there_and_back(std::string_view format, const std::vector<ImportedRow>& rows,
                     const Schema& schema) {
    Project project;
    project.schema = schema;
    std::vector<std::unique_ptr<Kept>> kept;
    std::vector<const ExportRecord*> records;
    std::map<std::string, ImageSize> sizes;
    for (const auto& row : rows) {
        if (row.annotations.empty()) continue;
        kept.push_back(record_of(row.key, row.data, row.key, row.width, row.height,
                                 row.annotations[0].regions));
        records.push_back(&kept.back()->record);
        sizes[row.key] = {row.width, row.height};
    }
    const auto bytes = written(format, project, records);
    ReadContext context;
    context.schema = &schema;
    context.image_size = [&](std::string_view name) {
        const auto found = sizes.find(std::string(name));
        return found == sizes.end() ? std::nullopt : std::optional(found->second);
    };
    const bool zip = find_format(format)->extension == "zip";
    const TemporaryFile file(bytes, zip ? ".zip" : ".json");
    auto source = open_file(file.path());
    REQUIRE(source);
    auto again = rows_of(format, std::shared_ptr<const Source>(*std::move(source)), context);
    REQUIRE(again);
    return boxes_of(*again);
}

}  // namespace

TEST_CASE("COCO: sparse ids, any order of lists, scores as drafts, strays with their reason") {
    const auto schema = animals();
    const auto rows = read(
        "coco",
        {{"a.jpg", "x"},
         {"readme.md", "x"},
         {"gt.json", R"({
      "annotations":[{"id":1,"image_id":900,"category_id":18,"bbox":[1,2,3.5,4],"segmentation":{"counts":[1],"size":[1,1]},"iscrowd":1},
                     {"id":2,"image_id":900,"category_id":77,"bbox":[1,2,3,4]},
                     {"id":3,"image_id":5,"category_id":18,"bbox":[1,2,3,4]},
                     {"id":4,"image_id":900,"category_id":18,"bbox":[90,2,30,4]}],
      "images":[{"id":900,"file_name":"photos/a.jpg","width":100,"height":50},{"id":901,"file_name":"b.jpg","width":10,"height":10},
                {"id":902,"file_name":"c.jpg","width":10,"height":10,"labelled":true}],
      "categories":[{"id":18,"name":"Dog"},{"id":77,"name":"zebra"}]})"},
         {"results.json", R"([{"image_id":901,"category_id":18,"bbox":[1,1,2,2],"score":0.25}])"}},
        &schema);
    REQUIRE(rows.size() == 5);
    CHECK(rows[0].media == "a.jpg");
    CHECK(rows[0].key == "a.jpg");
    REQUIRE(rows[0].annotations.size() == 1);
    REQUIRE(rows[0].annotations[0].regions.size() == 2);
    CHECK(rows[0].annotations[0].regions[0].labels[0] == "dog");
    CHECK(rows[0].annotations[0].regions[0].meta == Json{{"iscrowd", 1}, {"category_id", 18}});
    CHECK(rows[0].annotations[0].regions[1].width == 10);
    CHECK(rows[0].outcome == RowOutcome::repaired);
    CHECK(rows[0].reason.find("\"zebra\" is not a label of the schema") != std::string::npos);
    CHECK(rows[1].media_ref == "b.jpg");
    CHECK(rows[1].annotations.empty());
    REQUIRE(rows[1].drafts.size() == 1);
    CHECK(rows[1].drafts[0].confidence == 0.25);
    REQUIRE(rows[2].annotations.size() == 1);
    CHECK(rows[2].annotations[0].regions.empty());
    CHECK(rows[3].reason.find("image_id 5 is not among the images") != std::string::npos);
    CHECK(rows[4].where == "readme.md");
}

TEST_CASE("YOLO: names, confidence, outlines; what has no image or name is said") {
    const auto schema = animals();
    const auto context = sized(schema, 200, 100);
    auto rows = read("yolo",
                     {{"data.yaml", "train: x\nnames:\n  0: dog  # first\n  1: 'cat'\n"},
                      {"images/a.jpg", "x"},
                      {"images/b.jpg", "x"},
                      {"images/c.jpg", "x"},
                      {"labels/a.txt", "0 0.5 0.5 0.5 0.2\n1 0.25 0.5 0.1\n9 0.5 0.5 0.1 0.1\n"},
                      {"labels/b.txt", "1 0.5 0.5 0.5 0.2 0.75\n"},
                      {"labels/unknown.txt", "1 0.5 0.5 0.5 0.2\n"}},
                     &schema, context);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].key == "a.jpg");
    REQUIRE(rows[0].annotations.size() == 1);
    REQUIRE(rows[0].annotations[0].regions.size() == 1);
    CHECK(rows[0].annotations[0].regions[0].x == 50);
    CHECK(rows[0].annotations[0].regions[0].labels[0] == "dog");
    CHECK(rows[0].reason.find("line 2: it has 4 numbers") != std::string::npos);
    CHECK(rows[0].reason.find("line 3: class 9 is not in the list") != std::string::npos);
    CHECK(rows[1].annotations.empty());
    CHECK(rows[1].drafts.at(0).regions[0].confidence == 0.75);
    CHECK(rows[2].outcome == RowOutcome::rejected);
    CHECK(rows[3].key == "c.jpg");
    CHECK(rows[3].annotations.empty());
    rows = read("yolo", {{"a.txt", "0 0.5 0.5 0.5 0.2\n"}}, &schema, context);
    CHECK(rows[0].media_ref == "a.jpg");
    CHECK(rows[0].outcome == RowOutcome::repaired);
    CHECK(rows[0].reason.find("in the schema's order") != std::string::npos);
}

TEST_CASE("class names are read from each way of writing data.yaml") {
    const std::vector<std::string> two = {"traffic light", "it's"};
    CHECK(names_of_yaml("nc: 2\nnames: [\"traffic light\", 'it''s']\n") == two);
    CHECK(names_of_yaml("names:\n- traffic light\n- \"it's\"\nnc: 2\n") == two);
    CHECK(names_of_yaml("names:\n  0: traffic light\n  1: it's\ntrain: x\n") == two);
    CHECK(names_of_yaml("names: {0: traffic light, 1: \"it's\"}") == two);
    CHECK(names_of_yaml("nc: 2\n").empty());
}

TEST_CASE("VOC: coordinates as written, odd elements kept, broken objects named") {
    const auto schema = animals();
    const auto rows = read(
        "voc",
        {{"Annotations/a.xml",
          R"(<annotation><filename>a.jpg</filename><size><width>100</width><height>80</height></size>
        <object><name>cat</name><pose>Left</pose><difficult>1</difficult><bndbox><ymin>2.5</ymin><xmin>1</xmin><xmax>11</xmax><ymax>22</ymax></bndbox></object>
        <object><name>cow</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>11</xmax><ymax>22</ymax></bndbox></object>
        <object><name>dog</name><bndbox><xmin>5</xmin><ymin>2</ymin><xmax>4</xmax><ymax>22</ymax></bndbox></object>
        <object><name>dog</name></object></annotation>)"},
         {"Annotations/b.xml", "<annotation><object>"},
         {"Annotations/c.xml",
          "<!DOCTYPE a [<!ENTITY x SYSTEM "
          "'file:///etc/passwd'>]><annotation><filename>&x;</filename></annotation>"},
         {"JPEGImages/a.jpg", "x"}},
        &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].media == "JPEGImages/a.jpg");
    REQUIRE(rows[0].annotations.at(0).regions.size() == 1);
    const auto& r = rows[0].annotations[0].regions[0];
    CHECK(r.x == 1);
    CHECK(r.y == 2.5);
    CHECK(r.width == 10);
    CHECK(r.height == 19.5);
    CHECK(r.meta == Json{{"pose", "Left"}, {"difficult", "1"}});
    CHECK(rows[0].reason.find("3 labels left out") != std::string::npos);
    CHECK(rows[1].outcome == RowOutcome::rejected);
    CHECK(rows[2].key.find("root") == std::string::npos);
    std::string deep;
    for (int i = 0; i < 200'000; ++i) deep += "<a>";
    CHECK(read("voc", {{"a.xml", deep}}, &schema)[0].reason.find("nested deeper") !=
          std::string::npos);
}

TEST_CASE(
    "any doubles come back exactly from COCO and VOC, and to a billionth of a pixel from YOLO") {
    const auto schema = animals();
    Rng rng(11);
    std::vector<ImportedRow> rows;
    std::size_t exact = 0, sides = 0;
    for (int i = 0; i < 300; ++i) {
        ImportedRow row;
        row.key = "i" + std::to_string(i) + ".jpg";
        row.data = "{}";
        row.width = 20 + static_cast<int>(rng.uniform() * 4000);
        row.height = 20 + static_cast<int>(rng.uniform() * 4000);
        Region r;
        r.id = "b";
        r.control = "objects";
        r.kind = ControlKind::boxes;
        r.labels = {i % 2 ? "cat" : "dog"};
        r.x = rng.uniform() * row.width / 2, r.y = rng.uniform() * row.height / 2;
        r.width = 1 + rng.uniform() * row.width / 3, r.height = 1 + rng.uniform() * row.height / 3;
        row.annotations.push_back({"", {r}, false, 0, "", false, 0});
        rows.push_back(row);
    }
    const auto before = boxes_of(rows);
    CHECK(difference(before, there_and_back("coco", rows, schema)) == 0);
    CHECK(difference(before, there_and_back("voc", rows, schema)) == 0);
    const auto yolo = there_and_back("yolo", rows, schema);
    CHECK(difference(before, yolo) < 1e-9);
    for (const auto& [name, boxes] : before)
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            const auto &p = boxes[i], &q = yolo.at(name)[i];
            for (const bool same :
                 {p.x == q.x, p.y == q.y, p.width == q.width, p.height == q.height})
                exact += same, ++sides;
        }
    MESSAGE("YOLO sides that came back to the last bit: " << exact << " of " << sides);
}

TEST_CASE("an exported zip carries the images, and two names of one stem stay apart") {
    const auto schema = animals();
    Project project;
    project.schema = schema;
    Region r;
    r.id = "b", r.control = "objects", r.kind = ControlKind::boxes, r.labels = {"cat"},
    r.width = r.height = 10;
    const auto a = record_of("a.jpg", "{}", "a.jpg", 100, 100, {r}),
               b = record_of("a.png", "{}", "a.png", 100, 100, {r});
    WriteContext context;
    context.image_bytes = [](std::string_view) -> Result<std::string> {
        return std::string("bytes");
    };
    for (const auto format : {"yolo", "voc"}) {
        const TemporaryFile file(written(format, project, {&a->record, &b->record}, context));
        auto source = open_file(file.path());
        REQUIRE(source);
        auto rows = rows_of(format, std::shared_ptr<const Source>(*std::move(source)),
                            sized(schema, 100, 100));
        REQUIRE(rows);
        REQUIRE(rows->size() == 2);
        for (const auto& row : *rows) {
            CHECK(row.outcome == RowOutcome::accepted);
            CHECK_FALSE(row.media.empty());
            CHECK(row.annotations.at(0).regions.size() == 1);
        }
    }
}

TEST_CASE(
    "one real ground truth says the same in VOC, both COCOs and YOLO, and survives each round "
    "trip") {
    const auto folder = data_folder("det_voc100_with_detections");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    const auto schema = voc_schema();
    ReadContext context;
    context.schema = &schema;
    const auto voc = read_folder("voc", folder + "/gts/pascalvoc_format", context);
    const auto truth = boxes_of(voc);
    CHECK(truth.size() == 100);
    std::size_t n = 0;
    for (const auto& [name, boxes] : truth) n += boxes.size();
    CHECK(n == 273);
    CHECK(difference(truth,
                     boxes_of(read_folder("coco", folder + "/gts/coco_format_v1", context))) == 0);
    CHECK(difference(truth,
                     boxes_of(read_folder("coco", folder + "/gts/coco_format_v2", context))) == 0);
    std::map<std::string, ImageSize> sizes;
    for (const auto& row : voc) sizes[row.key] = {row.width, row.height};
    context.image_size = [&](std::string_view name) {
        const auto found = sizes.find(std::string(name));
        return found == sizes.end() ? std::nullopt : std::optional(found->second);
    };
    const double yolo =
        difference(truth, boxes_of(read_folder("yolo", folder + "/gts/yolo_format", context)));
    MESSAGE("greatest difference of a side in YOLO's six digits: " << yolo << " px");
    CHECK(yolo < 0.001);
    for (const auto format : {"coco", "voc", "label-studio", "jsonl"})
        CHECK(difference(truth, there_and_back(format, voc, schema)) == 0);
    CHECK(difference(truth, there_and_back("yolo", voc, schema)) < 1e-9);
    const auto coco = boxes_of(read_folder("coco", folder + "/dets/coco_format", context));
    CHECK(coco.empty());
    std::size_t drafted = 0;
    for (const auto& row : read_folder("yolo", folder + "/dets/rel_xywh", context))
        for (const auto& d : row.drafts) drafted += d.regions.size();
    CHECK(drafted == 452);
}

TEST_CASE("the real BCCD and COCO128 folders give every image and label") {
    const auto bccd = data_folder("det_bccd");
    const auto coco128 = data_folder("det_coco128");
    if (bccd.empty() || coco128.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    ReadContext context;
    std::size_t boxes = 0, images = 0;
    for (const auto& row : read_folder("voc", bccd, context)) {
        if (row.outcome == RowOutcome::rejected) continue;
        images += !row.media.empty();
        for (const auto& a : row.annotations) boxes += a.regions.size();
    }
    CHECK(images == 364);
    CHECK(boxes > 4800);
    context.image_size = [](std::string_view) { return std::optional(ImageSize{640, 480}); };
    std::size_t lines = 0;
    for (const auto& row : read_folder("yolo", coco128, context))
        for (const auto& a : row.annotations) lines += a.regions.size();
    MESSAGE("det_coco128 boxes: " << lines);
    CHECK(lines > 0);
}
