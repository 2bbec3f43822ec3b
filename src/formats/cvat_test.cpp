// CVAT XML: every element, what it does not take, and the way back.
#include "formats/image_kit.h"
#include "formats/rle.h"
#include "formats/shapes.h"

using namespace countersign;
using namespace countersign::test;

namespace {

std::vector<ImportedRow> read_image(const std::string& shapes, Files more = {}) {
    static const auto schema = every_shape();
    more.emplace_back("annotations.xml",
                      "<?xml version=\"1.0\"?><annotations><version>1.1</version><meta><task/>"
                      "</meta><!-- <image --><image id=\"0\" name=\"p/a.jpg\" width=\"40\" "
                      "height=\"30\">" +
                          shapes + "</image></annotations>");
    return read("cvat", std::move(more), &schema);
}

}  // namespace

TEST_CASE("CVAT: each element becomes its region, and attributes answer about it") {
    const auto rows = read_image(R"(
      <box label="cat" occluded="1" z_order="0" xtl="1.5" ytl="2" xbr="4" ybr="9"><attribute name="color">red</attribute><attribute name="age">7</attribute></box>
      <polygon label="sea" points="1,1;5.5,1;3,4"/>
      <mask label="sand" rle="1, 2, 1, 2" left="10" top="20" width="3" height="2"/>
      <skeleton label="person"><points label="left hand" outside="0" occluded="1" points="3,4"/><points label="nose" outside="0" points="1,2"/><points label="right hand" outside="1" points="0,0"/></skeleton>
      <tag label="night"/>)",
                                 {{"images/p/a.jpg", "x"}});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].media == "images/p/a.jpg");
    const auto& regions = rows[0].annotations.at(0).regions;
    REQUIRE(regions.size() == 6);
    CHECK(regions[0].width == 2.5);
    CHECK(regions[0].meta == Json{{"occluded", "1"}, {"attributes", {{"age", "7"}}}});
    CHECK(regions[1].control == "color");
    CHECK(regions[1].parent == regions[0].id);
    CHECK(regions[2].points == std::vector<double>{1, 1, 5.5, 1, 3, 4});
    CHECK(area_of_rings(
              {regions[3].points, regions[3].rings.empty() ? Ring() : regions[3].rings[0]}) == 4);
    CHECK(regions[4].points == std::vector<double>{1, 2, 3, 4, 0, 0});
    CHECK(regions[4].visible == std::vector<int>{2, 1, 0});
    CHECK(regions[5].labels == std::vector<std::string>{"night"});
    CHECK(rows[0].reason.find("attribute \"age\"") != std::string::npos);
}

TEST_CASE("CVAT: what is not taken is named, and broken elements reject their row only") {
    const auto rows = read_image(
        R"(<polyline label="sea" points="1,1;2,2"/><cuboid label="cat"/><ellipse label="cat"/><box label="cat" xtl="a"/>
           <mask label="sea" rle="7" left="0" top="0" width="2" height="2"/></image>
           <image id="1"/><image id="2" name="b.jpg"><box></image><image id="3" name="c.jpg" width="5" height="5">)");
    REQUIRE(rows.size() == 4);
    for (const std::string word : {"a polyline", "a cuboid", "a ellipse", "cannot be read"})
        CHECK(rows[0].reason.find(word) != std::string::npos);
    CHECK(rows[0].reason.find("5 labels left out") != std::string::npos);
    CHECK(rows[1].reason.find("has no name") != std::string::npos);
    CHECK(rows[2].reason.find("not valid XML") != std::string::npos);
    CHECK(rows[3].annotations.empty());
    const auto schema = every_shape();
    CHECK(refusal_of("cvat", {{"a.xml", "<annotations><image name=\"a\">"}}, &schema)
              .find("breaks off") != std::string::npos);
    std::string deep = "<annotations><image>";
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    CHECK(read("cvat", {{"a.xml", deep + "</image>"}}, &schema).at(0).reason.find("deeper") !=
          std::string::npos);
}

TEST_CASE("CVAT: a video's tracks fall on its frames when their images are there") {
    const auto schema = every_shape();
    const std::string xml =
        R"(<annotations><track id="0" label="cat"><box frame="0" outside="0" xtl="1" ytl="1" xbr="3" ybr="3"/>
        <box frame="1" outside="1" xtl="1" ytl="1" xbr="3" ybr="3"/><box frame="2" outside="0" xtl="1" ytl="1" xbr="3" ybr="3"/></track></annotations>)";
    const auto rows = read("cvat", {{"a.xml", xml}, {"images/frame_000000.PNG", "x"}}, &schema);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].reason.find("1 of 2 shapes of the track \"cat\"") != std::string::npos);
    CHECK(rows[1].key == "frame_000000.PNG");
    CHECK(rows[1].annotations.at(0).regions.size() == 1);
}

TEST_CASE("CVAT: what is drawn comes back to the last bit, turned boxes too") {
    const auto schema = every_shape();
    auto area = drawn(schema, "p", "areas", "sea"), holed = drawn(schema, "h", "areas", "sand");
    area.points = {1.25, 1, 10.5, 1, 5, 9};
    const auto rings = rings_of(*mask_of({6, 1, 40, 4, 5, 4, 5, 4, 21}, 9, 10));
    set_rings(holed, rings);
    auto pose = drawn(schema, "k", "pose", "person");
    pose.points = {1, 2, 3.5, 4, 0, 0};
    pose.visible = {2, 1, 0};
    auto color = drawn(schema, "c", "color", "blue");
    color.parent = "t";
    const Regions regions = {box_at(schema, "b", 3.3, 4.4, 5.5, 6.6),
                             box_at(schema, "t", 30, 40, 10, 5, 33.3),
                             color,
                             area,
                             holed,
                             pose,
                             drawn(schema, "s", "scene", "day")};
    std::vector<std::string> left_out;
    const auto rows = read_again("cvat", schema, regions, 100, 90, &left_out);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    CHECK(left_out.empty());
    auto back = rows[0].annotations.at(0).regions;
    REQUIRE(back.size() == 7);
    CHECK(back[2].parent == back[1].id);
    // A mask's rings begin elsewhere: compared by what they fill.
    CHECK(*mask_of(rings_of(back[4]), 9, 10) == *mask_of(rings, 9, 10));
    back[4] = holed;
    CHECK(bare(back) == bare(regions));
}

TEST_CASE("CVAT: the real ground truth says what VOC says") {
    const auto folder = data_folder("det_voc100_with_detections");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    std::map<std::string, std::vector<std::string>> all[2];
    for (int i = 0; i < 2; ++i) {
        auto source = open_folder(folder + (i ? "/gts/cvat_format" : "/gts/pascalvoc_format"));
        REQUIRE(source);
        const auto rows = rows_of(i ? "cvat" : "voc",
                                  std::shared_ptr<const Source>(*std::move(source)), ReadContext());
        REQUIRE(rows);
        for (const auto& row : *rows)
            for (const auto& a : row.annotations)
                for (const auto& r : a.regions) {
                    auto text = r.labels[0];
                    for (const double v : {r.x, r.y, r.width, r.height})
                        text += " " + std::to_string(v);
                    auto& list = all[i][std::string(stem(row.key))];
                    list.insert(std::upper_bound(list.begin(), list.end(), text), text);
                }
    }
    CHECK(all[0].size() == 100);
    CHECK(all[0] == all[1]);
}
