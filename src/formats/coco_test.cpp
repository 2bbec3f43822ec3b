// COCO's outlines, masks, keypoints and results.
#include "formats/image_kit.h"
#include "formats/rle.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Files one_image(const std::string& annotations, const std::string& category = {}) {
    return {{"gt.json", R"({"images":[{"id":7,"file_name":"a.jpg","width":9,"height":10}],
        "categories":[{"id":1,"name":"sea"},{"id":2,"name":"person")" +
                            category + R"(}],"annotations":[)" + annotations + "]}"}};
}

std::vector<Ring> all_rings(const Region& r) {
    std::vector<Ring> rings = {r.points};
    rings.insert(rings.end(), r.rings.begin(), r.rings.end());
    return rings;
}

}  // namespace

TEST_CASE("COCO: a mask becomes its outline, whichever way its runs are written") {
    const auto schema = every_shape();
    const auto mask = mask_of({6, 1, 40, 4, 5, 4, 5, 4, 21}, 9, 10);
    REQUIRE(mask);
    for (const std::string counts : {R"("61X13mN000`0")", "[6,1,40,4,5,4,5,4,21]"}) {
        const auto rows = read("coco",
                               one_image(R"({"id":1,"image_id":7,"category_id":1,"iscrowd":1,
            "segmentation":{"size":[10,9],"counts":)" +
                                         counts + "}}"),
                               &schema);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].reason == "");
        REQUIRE(rows[0].annotations.at(0).regions.size() == 1);
        const auto& r = rows[0].annotations[0].regions[0];
        CHECK(r.kind == ControlKind::polygons);
        CHECK(r.meta == Json{{"iscrowd", 1}});
        const auto again = mask_of(all_rings(r), 9, 10);
        REQUIRE(again);
        CHECK(*again == *mask);
        CHECK(bare(read_again("coco", schema, {r}, 9, 10).at(0).annotations.at(0).regions) ==
              bare({r}));
    }
}

TEST_CASE("COCO: a mask that cannot be one gives its box and says why") {
    const auto schema = every_shape();
    const auto reason = [&](const std::string& mask) {
        const auto rows = read("coco",
                               one_image(R"({"id":1,"image_id":7,"category_id":1,"bbox":[1,1,3,3],
            "segmentation":)" + mask + "}"),
                               &schema);
        REQUIRE(rows.at(0).annotations.at(0).regions.size() == 1);
        return rows[0].reason;
    };
    CHECK(reason(R"({"size":[10,9],"counts":[1,2]})").find("add up") != std::string::npos);
    CHECK(reason(R"({"size":[10,9],"counts":"!"})").find("character") != std::string::npos);
    CHECK(reason(R"({"size":[1000000,1000000],"counts":[1]})").find("no size") !=
          std::string::npos);
    CHECK(reason(R"({"size":[9,10],"counts":[90]})").find("not of its image's size") !=
          std::string::npos);
    CHECK(reason(R"({"size":[10,9]})").find("no counts") != std::string::npos);
    CHECK(reason("[[1,2,3]]").find("three corners") != std::string::npos);
    CHECK(reason("7").find("neither polygons nor a mask") != std::string::npos);
}

TEST_CASE("COCO: parts, holes, turned boxes and keypoints come back to the last bit") {
    const auto schema = every_shape();
    auto parts = drawn(schema, "p", "areas", "sea"), holes = drawn(schema, "h", "areas", "sand");
    parts.points = {1.25, 1, 10.5, 1, 5, 9};
    parts.rings = {{20, 20, 30, 20, 25, 29.125}};
    holes.points = {40.5, 40, 80, 40, 80, 80, 40, 80};
    holes.rings = {{50, 50, 60, 50, 60, 60}};
    auto pose = drawn(schema, "k", "pose", "person");
    pose.points = {1, 2, 3.5, 4, 0, 0};
    pose.visible = {2, 1, 0};
    const Regions regions = {box_at(schema, "b", 3.3, 4.4, 5.5, 6.6),
                             box_at(schema, "t", 30, 40, 10, 5, 33.3), parts, holes, pose};
    const auto rows = read_again("coco", schema, regions, 100, 90);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    CHECK(bare(rows[0].annotations.at(0).regions) == bare(regions));
}

TEST_CASE("COCO: keypoints follow their names, and results with masks or keypoints are drafts") {
    const auto schema = every_shape();
    auto files = one_image(
        R"({"id":1,"image_id":7,"category_id":2,"bbox":[0,0,5,5],"keypoints":[1,2,2,3,4,1,5,6,0]})",
        R"(,"keypoints":["right hand","nose","left hand"],"skeleton":[[1,2]])");
    files.emplace_back(
        "results.json",
        R"([{"image_id":7,"category_id":1,"segmentation":{"size":[10,9],"counts":"61X13mN000`0"},"score":0.5},
            {"image_id":7,"category_id":2,"keypoints":[1,2,2,3,4,2,5,6,2],"score":0.25}])");
    const auto rows = read("coco", files, &schema);
    REQUIRE(rows.size() == 1);
    const auto& pose = rows[0].annotations.at(0).regions.at(0);
    CHECK(pose.points == std::vector<double>{3, 4, 5, 6, 1, 2});
    CHECK(pose.visible == std::vector<int>{1, 0, 2});
    REQUIRE(rows[0].drafts.size() == 1);
    REQUIRE(rows[0].drafts[0].regions.size() == 2);
    CHECK(rows[0].drafts[0].confidence == 0.25);
    CHECK(rows[0].drafts[0].regions[0].kind == ControlKind::polygons);
    CHECK(rows[0].drafts[0].regions[1].kind == ControlKind::keypoints);
    const auto few = read(
        "coco",
        one_image(R"({"id":1,"image_id":7,"category_id":2,"bbox":[0,0,5,5],"keypoints":[1,2,2]},
                     {"id":2,"image_id":7,"category_id":2,"bbox":[0,0,5,5],"keypoints":[1,2]})"),
        &schema);
    CHECK(few.at(0).reason.find("has 1 keypoints where control \"pose\" has 3") !=
          std::string::npos);
    CHECK(few.at(0).reason.find("triples") != std::string::npos);
}

TEST_CASE("COCO: category ids with gaps are kept, and what it cannot carry is counted") {
    const auto schema = every_shape();
    auto cat = box_at(schema, "b", 1, 2, 3, 4);
    cat.meta = Json{{"category_id", 18}};
    auto dog = box_at(schema, "d", 1, 2, 3, 4);
    dog.labels = {"dog"};
    const Regions regions = {cat, dog, drawn(schema, "s", "scene", "day")};
    std::vector<std::string> left_out;
    const auto rows = read_again("coco", schema, regions, 100, 90, &left_out);
    CHECK(rows.at(0).annotations.at(0).regions.at(0).meta.at("category_id") == 18);
    CHECK(left_out == std::vector<std::string>{"1 x choices of control \"scene\""});
}
