// Text on images: shapes with what stands there, there and back through the formats of readers and
// of their competitions, and what is broken in them.
#include "formats/image_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Schema signs(bool polygons = true) {
    auto said = control("said", ControlKind::text, {});
    said.per_region = true;
    said.required = false;
    std::vector<Control> controls = {control("objects", ControlKind::boxes, {"text"})};
    if (polygons) controls.push_back(control("areas", ControlKind::polygons, {"text"}));
    controls.push_back(said);
    return schema_of(Modality::image, std::move(controls));
}
Region box(std::string id, double x, double y, double w, double h, double rotation = 0) {
    Region r;
    r.id = std::move(id);
    r.control = "objects";
    r.kind = ControlKind::boxes;
    r.labels = {"text"};
    r.x = x, r.y = y, r.width = w, r.height = h, r.rotation = rotation;
    return r;
}
Region outline(std::string id, std::vector<double> points) {
    auto r = box(std::move(id), 0, 0, 0, 0);
    r.control = "areas";
    r.kind = ControlKind::polygons;
    r.points = std::move(points);
    return r;
}
Region said(std::string parent, std::string text) {
    Region r;
    r.id = parent + "-text";
    r.control = "said";
    r.kind = ControlKind::text;
    r.parent = std::move(parent);
    r.text = std::move(text);
    return r;
}

/// "box 1 2 3 4: text | areas ...", numbers to a millionth of a pixel.
std::string signs_of(const Regions& regions) {
    std::string out;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::boxes && r.kind != ControlKind::polygons) continue;
        out += (out.empty() ? "" : " | ") + r.control;
        std::vector<double> numbers = r.points;
        if (r.kind == ControlKind::boxes) numbers = {r.x, r.y, r.width, r.height, r.rotation};
        for (const double n : numbers) {
            out += ' ';
            append_json_number(out, std::round(n * 1e6) / 1e6 + 0.0);
        }
        for (const auto& t : regions)
            if (t.kind == ControlKind::text && t.parent == r.id) out += ": " + t.text;
    }
    return out;
}
std::string signs_of(const std::vector<ImportedRow>& rows) {
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    return signs_of(rows[0].annotations.at(0).regions);
}

}  // namespace

TEST_CASE("boxes, turned ones and outlines with their texts come back from every format") {
    const auto schema = signs();
    const Regions regions = {box("a", 1, 2, 30, 10),
                             said("a", "Fish & <Chips>, \"17\""),
                             box("b", 40, 50, 10, 5, 90),
                             said("b", "up"),
                             outline("c", {10, 20, 40, 22, 41, 35, 8, 30}),
                             said("c", "a bent one"),
                             box("d", 60, 60, 5, 5)};
    const auto whole = signs_of(regions);
    for (const std::string_view format : {"icdar", "ppocr", "hocr", "alto"}) {
        CAPTURE(format);
        std::vector<std::string> left_out;
        CHECK(signs_of(read_again(format, schema, regions, 100, 80, &left_out)) == whole);
        CHECK(left_out.empty());
    }
    const Regions fine = {box("a", 1.25, 2.5, 30.125, 10), said("a", "x\ny"),
                          outline("c", {10, 20, 40, 22, 45, 30, 41, 35, 8, 30.5})};
    for (const std::string_view format : {"ppocr", "hocr", "alto"}) {
        CAPTURE(format);
        std::vector<std::string> left_out;
        const auto back = signs_of(read_again(format, schema, fine, 100, 80, &left_out));
        const bool lines = format == "ppocr";
        CHECK(back == "objects 1.25 2.5 30.125 10 0: " + std::string(lines ? "x\ny" : "x y") +
                          " | areas 10 20 40 22 45 30 41 35 8 30.5");
        CHECK(left_out == (lines ? std::vector<std::string>()
                                 : std::vector<std::string>{"1 x line break in a text"}));
    }
    std::vector<std::string> left_out;
    CHECK(signs_of(read_again("icdar", schema, fine, 100, 80, &left_out)) ==
          "objects 1 3 30 10 0: x y | objects 8 20 37 15 0");
    CHECK(left_out == std::vector<std::string>{
                          "1 x line break in a text",
                          "1 x polygon of more or fewer than four corners, written as its box",
                          "1 x shape between pixels, rounded to whole ones"});
}

TEST_CASE("labels come back where a format can say them, and are counted where it cannot") {
    auto schema = signs(false);
    schema.controls[0].labels.push_back({"price", "", "", "", {}});
    auto price = box("a", 1, 2, 30, 10);
    price.labels = {"price"};
    const Regions regions = {price, said("a", "1.99"), box("b", 1, 20, 30, 10), said("b", "Tea")};
    for (const std::string_view format : {"ppocr", "hocr", "alto"}) {
        CAPTURE(format);
        const auto rows = read_again(format, schema, regions, 100, 80);
        REQUIRE(rows.size() == 1);
        CHECK(bare(rows[0].annotations.at(0).regions) == bare(regions));
    }
    std::vector<std::string> left_out;
    read_again("icdar", schema, regions, 100, 80, &left_out);
    CHECK(left_out == std::vector<std::string>{"2 x label of a region"});
}

TEST_CASE("ICDAR of both years, texts that nobody can read, and lines that are none") {
    const auto schema = signs();
    const auto rows =
        read("icdar",
             {{"gt_img_1.txt",
               "\xEF\xBB\xBF"
               "10,10,50,10,50,30,10,30,Hello, you\r\n60,10,90,12,90,30,60,28,###\r\n"},
              {"img_1.jpg", ""},
              {"gt_2.txt", "38, 43, 92, 61, \"Tiredness\"\n1 2 30 40 \"17\"\nhello\n"},
              {"gt_3.txt", "nothing here\n"}},
             &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].outcome == RowOutcome::repaired);
    CHECK(rows[0].media_ref == "2.jpg");
    CHECK(signs_of(rows[0].annotations.at(0).regions) ==
          "objects 38 43 54 18 0: Tiredness | objects 1 2 29 38 0: 17");
    CHECK(rows[1].outcome == RowOutcome::rejected);
    CHECK(rows[2].media == "img_1.jpg");
    CHECK(signs_of(rows[2].annotations.at(0).regions) ==
          "objects 10 10 40 20 0: Hello, you | areas 60 10 90 12 90 30 60 28");
}

TEST_CASE("lines of ICDAR, which name no ending, find the task whose picture is of another kind") {
    const auto schema = signs();
    ReadContext context;
    context.image_size = [](std::string_view name) {
        return name == "page.png" ? std::optional(ImageSize{100, 80}) : std::nullopt;
    };
    const auto rows =
        read("icdar", {{"page.txt", "10,10,50,10,50,30,10,30,Hello\n"}}, &schema, context);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].outcome == RowOutcome::accepted);
    CHECK(rows[0].media_ref == "page.png");
    CHECK(rows[0].width == 100);
}

TEST_CASE("a schema of boxes only takes turned quadrangles as turned boxes") {
    const auto schema = signs(false);
    const auto turned = box("a", 30, 40, 20, 8, 30);
    const auto rows = read_again("icdar", schema, {turned, said("a", "x")}, 100, 80);
    const auto& r = rows.at(0).annotations.at(0).regions.at(0);
    CHECK(r.kind == ControlKind::boxes);
    CHECK(std::abs(r.rotation - 30) < 5);
    CHECK(std::abs(r.width - 20) < 1);
}

TEST_CASE("hOCR and ALTO as readers write them: words in lines, confidence, broken files") {
    const auto schema = signs();
    const std::string hocr =
        "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
        "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">"
        "<html><body><div class='ocr_page' id='page_1' title='image \"/tmp/x/scan.png\"; bbox 0 0 "
        "640 480; ppageno 0'><div class='ocr_carea' title='bbox 1 1 9 9'><p class='ocr_par'>"
        "<span class='ocr_line' title='bbox 36 92 580 122; baseline 0 -6'>"
        "<span class='ocrx_word' title='bbox 36 92 96 116; x_wconf 96'>This</span>\n"
        "<span class='ocrx_word' title='bbox 109 92 129 116; x_wconf 91'>is</span></span></p></div>"
        "</div></body></html>";
    auto rows = read("hocr", {{"scan.hocr", hocr}}, &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].media_ref == "scan.png");
    CHECK(rows[0].width == 640);
    CHECK(signs_of(rows) == "objects 36 92 544 30 0: This is");
    auto words = schema;
    words.controls[0].labels[0].name = words.controls[1].labels[0].name = "word";
    rows = read("hocr", {{"scan.hocr", hocr}}, &words);
    CHECK(signs_of(rows) == "objects 36 92 60 24 0: This | objects 109 92 20 24 0: is");
    CHECK(rows[0].annotations.at(0).regions.at(0).confidence == 0.96);
    const std::string alto =
        "<alto:alto xmlns:alto=\"http://www.loc.gov/standards/alto/ns-v4#\"><alto:Description>"
        "<alto:MeasurementUnit>pixel</alto:MeasurementUnit></alto:Description><alto:Layout>"
        "<alto:Page WIDTH=\"640\" HEIGHT=\"480\"><alto:PrintSpace><alto:TextBlock><alto:TextLine "
        "HPOS=\"1\" VPOS=\"2\" WIDTH=\"30\" HEIGHT=\"4\"><alto:String CONTENT=\"read\" WC=\"0.5\"/>"
        "<alto:SP/><alto:String CONTENT=\"ing\" WC=\"1\"/><alto:HYP CONTENT=\"-\"/></alto:TextLine>"
        "</alto:TextBlock></alto:PrintSpace></alto:Page></alto:Layout></alto:alto>";
    rows = read("alto", {{"p.xml", alto}, {"p.png", ""}}, &schema);
    CHECK(rows.at(0).media == "p.png");
    CHECK(signs_of(rows) == "objects 1 2 30 4 0: read ing-");
    CHECK(rows[0].annotations.at(0).regions.at(0).confidence == 0.75);
    for (const auto& row : read("alto", {{"a.xml", "<alto/>"}, {"b.xml", "<alto"}}, &schema))
        CHECK(row.outcome == RowOutcome::rejected);
    for (const auto& row : read("hocr", {{"a.hocr", "<html/>"}, {"b.hocr", "<p>"}}, &schema))
        CHECK(row.outcome == RowOutcome::rejected);
    const auto broken = read("ppocr",
                             {{"Label.txt",
                               "a.jpg\t[{\"transcription\":\"x\",\"points\":[[1,2],[3]]},"
                               "{\"transcription\":\"###\",\"points\":[[1,2],[9,2],[9,8],[1,8]]}]\n"
                               "b.jpg\t{\nc.jpg\n"}},
                             &schema);
    REQUIRE(broken.size() == 3);
    CHECK(signs_of(broken[0].annotations.at(0).regions) == "objects 1 2 8 6 0");
    CHECK(broken[1].outcome == RowOutcome::rejected);
    CHECK(broken[2].outcome == RowOutcome::rejected);
}
