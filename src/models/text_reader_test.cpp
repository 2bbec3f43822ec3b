#include "models/text_reader.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "models/page_reader.h"
#include "models/text_reader_drafter.h"

namespace countersign {
namespace {

std::string weights_dir() {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return given ? given : std::string(source ? source : ".") + "/models/cache";
}

bool has_weights() {
    const bool there = std::filesystem::exists(weights_dir() + "/pp-ocr-lines.onnx");
    if (!there) MESSAGE("skipped: models/fetch has not made pp-ocr");
    return there;
}

struct Written {
    std::string text;
    int x, y;  ///< Where its base line starts.
};

Image written(int width, int height, const std::vector<Written>& lines, double degrees = 0) {
    cv::Mat page(height, width, CV_8UC3, cv::Scalar(250, 252, 252));
    for (const auto& line : lines)
        cv::putText(page, line.text, {line.x, line.y}, cv::FONT_HERSHEY_DUPLEX, 1.0,
                    cv::Scalar(30, 20, 20), 1, cv::LINE_AA);
    if (degrees != 0)
        cv::warpAffine(
            page, page,
            cv::getRotationMatrix2D({static_cast<float>(width) / 2, static_cast<float>(height) / 2},
                                    -degrees, 1),
            page.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    Image out;
    out.width = width, out.height = height;
    out.bgr.assign(page.ptr(), page.ptr() + page.total() * 3);
    return out;
}

const std::vector<Written> notice{
    {"Mind the gap", 40, 60}, {"between train and platform", 40, 120}, {"No. 4711", 40, 180}};

std::string texts_of(TextReader& reader, const Image& image) {
    std::string out;
    const auto places = reader.find(image);
    for (const auto at : reading_order(places))
        out += reader.read(image, places[at]).reading.text + "\n";
    return out;
}

const std::vector<std::string> printed{"Mind the gap", "between train and platform", "No. 4711"};

Schema reader_schema(ControlKind kind = ControlKind::boxes) {
    Control areas;
    areas.name = "areas";
    areas.kind = kind;
    areas.labels.resize(1);
    areas.labels[0].name = "Text";
    Control text;
    text.name = "transcription";
    text.kind = ControlKind::text;
    text.per_region = true;
    return {Modality::image, "image", {areas, text}};
}

Result<std::unique_ptr<Drafter>> opened(const Schema& schema, Json more = Json::object(),
                                        const std::string& dir = weights_dir()) {
    auto config = text_reader_kind().guess(schema);
    REQUIRE(config);
    config->update(more);
    return text_reader_kind().open({schema, *config, dir});
}

TEST_CASE("lines are found and read, whatever was looked at before") {
    if (!has_weights()) return;
    auto reader = TextReader::load(weights_dir(), {});
    REQUIRE(reader);
    CHECK(reader->version().starts_with("pp-ocr-v4 "));
    const Image page = written(640, 220, notice);
    CHECK(texts_of(*reader, page) == printed[0] + "\n" + printed[1] + "\n" + printed[2] + "\n");
    const auto first = reader->find(page);
    CHECK(reader->find(written(400, 400, {})).empty());
    const auto again = reader->find(page);
    REQUIRE(first.size() == again.size());
    for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].corners() == again[i].corners());
}

TEST_CASE("a turned page is read along its lines, and one on its head too") {
    if (!has_weights()) return;
    auto reader = TextReader::load(weights_dir(), {});
    REQUIRE(reader);
    const Image turned = written(640, 320, notice, 8);
    CHECK(texts_of(*reader, turned) == printed[0] + "\n" + printed[1] + "\n" + printed[2] + "\n");
    for (const auto& place : reader->find(turned))
        CHECK(place.angle == doctest::Approx(8).epsilon(0.15));
    const auto head = texts_of(*reader, written(640, 220, notice, 180));
    CHECK(head == printed[2] + "\n" + printed[1] + "\n" + printed[0] + "\n");
}

TEST_CASE("weights that are missing or something else are refused, naming what to do") {
    const auto none = TextReader::load("/nowhere", {});
    REQUIRE_FALSE(none);
    CHECK(none.refusal().code == Code::unavailable);
    CHECK(none.refusal().message.find("models/fetch") != std::string::npos);
}

TEST_CASE("a draft holds each line as a region and its text as the answer about it") {
    if (!has_weights()) return;
    const Schema schema = reader_schema();
    auto drafter = opened(schema, {{"second", "off"}});
    REQUIRE(drafter);
    const Image page = written(640, 220, notice);
    const auto answer = (*drafter)->draft({{}, &page}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 6);
    for (std::size_t i = 0; i < 3; ++i) {
        const Region &place = answer->regions[2 * i], &text = answer->regions[2 * i + 1];
        CHECK(place.id == "d" + std::to_string(2 * i + 1));
        CHECK(place.labels == std::vector<std::string>{"Text"});
        CHECK(place.rotation == 0);
        CHECK(text.parent == place.id);
        CHECK(text.text == printed[i]);
        CHECK(*text.confidence > 0.8);
        CHECK_FALSE(text.probability);
    }
    CHECK(check_regions(schema, answer->regions, {640, 220}, true));
}

TEST_CASE("a line has a probability where the config says what a confidence is worth") {
    if (!has_weights()) return;
    auto drafter =
        opened(reader_schema(), {{"second", "off"}, {"calibration", {{0.0, 0.25}, {1.0, 0.25}}}});
    REQUIRE(drafter);
    const Image page = written(640, 100, {{"Mind the gap", 40, 60}});
    const auto answer = (*drafter)->draft({{}, &page}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 2);
    for (const auto& region : answer->regions) CHECK(*region.probability == doctest::Approx(0.25));
}

TEST_CASE("a turned line becomes a turned box, or an outline where outlines are drawn") {
    if (!has_weights()) return;
    const Image page = written(640, 320, notice, 8);
    auto boxes = opened(reader_schema(), {{"second", "off"}});
    REQUIRE(boxes);
    const auto turned = (*boxes)->draft({{}, &page}, {});
    REQUIRE(turned);
    REQUIRE(turned->regions.size() == 6);
    CHECK(turned->regions[0].rotation == doctest::Approx(8).epsilon(0.15));
    CHECK(check_regions(reader_schema(), turned->regions, {640, 320}, true));
    const Schema outlines = reader_schema(ControlKind::polygons);
    auto drafter = opened(outlines, {{"second", "off"}});
    REQUIRE(drafter);
    const auto drawn = (*drafter)->draft({{}, &page}, {});
    REQUIRE(drawn);
    REQUIRE(drawn->regions.size() == 6);
    CHECK(drawn->regions[0].points.size() == 8);
    CHECK(check_regions(outlines, drawn->regions, {640, 320}, true));
}

TEST_CASE("where two readers disagree the confidence falls, by how much they do") {
    CHECK(reading_distance("No parking", "Noparking") == 0);
    CHECK(reading_distance("kitten", "sitting") == doctest::Approx(3.0 / 7));
    CHECK(reading_distance("", "abc") == 1);
    CHECK(reading_distance("", "") == 0);
    CHECK(reading_distance("Stra\xC3\x9F"
                           "e",
                           "Strase") == doctest::Approx(1.0 / 6));
    if (!has_weights() || !PageReader::built_in() || !PageReader::open({"eng"})) return;
    auto alone = opened(reader_schema(), {{"second", "off"}});
    auto both = opened(reader_schema(), {{"second", "on"}});
    REQUIRE(alone);
    REQUIRE(both);
    CHECK((*both)->version().find("tesseract") != std::string::npos);
    const Image page = written(640, 220, notice);
    const auto one = (*alone)->draft({{}, &page}, {}), two = (*both)->draft({{}, &page}, {});
    REQUIRE(one);
    REQUIRE(two);
    REQUIRE(one->regions.size() == two->regions.size());
    for (std::size_t i = 1; i < one->regions.size(); i += 2)
        CHECK(*two->regions[i].confidence <= *one->regions[i].confidence);
    CHECK(doubted(0.8, "kitten", "kitten", 1) == doctest::Approx(0.8));
    CHECK(doubted(0.8, "abc", "xyz", 1) == doctest::Approx(0));
    CHECK(doubted(0.8, "abc", "xyz", 0.95) == doctest::Approx(0.448).epsilon(0.001));
    CHECK(doubted(0.8, "abc", "xyz", 0.5) == doctest::Approx(0.8).epsilon(0.001));
    CHECK(doubted(0.8, "abc", "", 0) == doctest::Approx(0.8));
}

TEST_CASE("tesseract reads alone where the weights are missing") {
    if (!PageReader::built_in() || !PageReader::open({"eng"})) return;
    auto drafter = opened(reader_schema(), Json::object(), "/nowhere");
    REQUIRE(drafter);
    CHECK((*drafter)->version().starts_with("tesseract "));
    const Image page = written(640, 220, notice);
    const auto answer = (*drafter)->draft({{}, &page}, {});
    REQUIRE(answer);
    CHECK(answer->regions.size() >= 2);
    CHECK(check_regions(reader_schema(), answer->regions, {640, 220}, true));
}

TEST_CASE("a config or schema that text cannot be drafted for is refused with the reason") {
    Schema bare = reader_schema();
    bare.controls.pop_back();
    CHECK_FALSE(text_reader_kind().guess(bare));
    const auto message = [](Json more) {
        const auto drafter = opened(reader_schema(), std::move(more), "/nowhere");
        REQUIRE_FALSE(drafter);
        return drafter.refusal().message;
    };
    CHECK(message({{"languages", {"../eng"}}}).find("no language") != std::string::npos);
    CHECK(message({{"languages", Json::array()}}).find("\"languages\"") != std::string::npos);
    CHECK(message({{"label", "Sign"}}).find("\"Sign\"") != std::string::npos);
    CHECK(message({{"second", "maybe"}}).find("\"second\"") != std::string::npos);
    CHECK(message({{"side", 1e9}}).find("\"side\"") != std::string::npos);
    CHECK(message({{"languages", {"tlh"}}})
              .find(PageReader::built_in() ? "tesseract-ocr-tlh" : "libtesseract-dev") !=
          std::string::npos);
}

}  // namespace
}  // namespace countersign
