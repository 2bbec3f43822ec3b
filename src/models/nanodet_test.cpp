#include "models/nanodet_drafter.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace countersign {
namespace {

std::string models_dir() {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return given ? given : std::string(source ? source : ".") + "/models/cache";
}

/// A photo from Debian's opencv-doc, or nothing.
std::optional<Image> photo(const std::string& name) {
    std::ifstream file("/usr/share/doc/opencv-doc/examples/data/" + name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    auto image = decode_image(bytes);
    return image ? std::optional<Image>(std::move(*image)) : std::nullopt;
}

bool has_model() {
    return std::filesystem::exists(models_dir() + "/nanodet.onnx");
}

Schema schema_of(std::initializer_list<std::string> labels) {
    Control control{.name = "objects", .kind = ControlKind::boxes, .title = {}, .labels = {}};
    for (const auto& name : labels)
        control.labels.push_back(
            {.name = name, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
    return {.modality = Modality::image, .source = "image", .controls = {control}};
}

Region box(double x, double y, double width, double height) {
    Region region;
    region.x = x, region.y = y, region.width = width, region.height = height;
    return region;
}

TEST_CASE("self-test: the converted network finds the player and the ball in a known photo") {
    const auto image = photo("messi5.jpg");
    if (!has_model()) {
        MESSAGE("skipped: " << models_dir() << "/nanodet.onnx is not there; models/fetch makes it");
        return;
    }
    if (!image) {
        MESSAGE("skipped: messi5.jpg of Debian's opencv-doc is not installed");
        return;
    }
    const Schema schema = schema_of({"Player", "Ball"});
    const auto drafter = nanodet_kind().open(
        schema, Json{{"map", {{"person", "Player"}, {"sports ball", "Ball"}}}}, models_dir(), {});
    REQUIRE(drafter);
    CHECK((*drafter)->version().starts_with("nanodet-g-416 "));
    const auto answer = (*drafter)->draft({.image = &*image}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() >= 2);

    const Region& player = answer->regions[0];
    CHECK(player.id == "d1");
    CHECK(player.labels == std::vector<std::string>{"Player"});
    CHECK(player.control == "objects");
    CHECK(*player.confidence == doctest::Approx(.75).epsilon(.03));
    CHECK(*player.probability > .9);
    CHECK(iou(player, box(70, 62, 386, 274)) > .8);
    const Region& ball = answer->regions[1];
    CHECK(ball.labels == std::vector<std::string>{"Ball"});
    CHECK(*ball.confidence == doctest::Approx(.71).epsilon(.03));
    CHECK(iou(ball, box(337, 289, 52, 49)) > .8);
    for (std::size_t i = 1; i < answer->regions.size(); ++i)
        CHECK(*answer->regions[i].probability <= *answer->regions[i - 1].probability);
    CHECK(check_regions(schema, answer->regions, image->width, image->height, 0, true));
}

TEST_CASE("a drafter that was told to stop does not start") {
    const auto image = photo("messi5.jpg");
    if (!has_model() || !image) {
        MESSAGE("skipped: model or photo not there");
        return;
    }
    const auto drafter = nanodet_kind().open(
        schema_of({"person"}), Json{{"map", {{"person", "person"}}}}, models_dir(), {});
    REQUIRE(drafter);
    std::stop_source source;
    source.request_stop();
    const auto answer = (*drafter)->draft({.image = &*image}, source.get_token());
    REQUIRE_FALSE(answer);
    CHECK(answer.refusal().code == Code::cancelled);
}

TEST_CASE(
    "a schema that shares no object with the network is refused when it is guessed, with the way "
    "out") {
    const auto guess = nanodet_kind().guess(schema_of({"RBC", "WBC", "Platelets"}));
    REQUIRE_FALSE(guess);
    CHECK(guess.refusal().message.find("alias") != std::string::npos);
    CHECK_FALSE(
        nanodet_kind().guess({.modality = Modality::image, .source = "image", .controls = {}}));
    CHECK((*nanodet_kind().guess(schema_of({"Vehicle"})))["map"]["bus"] == "Vehicle");
}

TEST_CASE("a config that names what is not there is refused by name") {
    const Schema schema = schema_of({"Dog"});
    const auto refusal = [&](const char* config) {
        const auto opened = nanodet_kind().open(schema, Json::parse(config), "/nowhere", {});
        REQUIRE_FALSE(opened);
        return opened.refusal();
    };
    CHECK(refusal("{}").message.find("\"map\"") != std::string::npos);
    CHECK(refusal(R"({"map": {"hound": "Dog"}})").message.find("hound") != std::string::npos);
    CHECK(refusal(R"({"map": {"dog": "Cat"}})").message.find("Cat") != std::string::npos);
    CHECK(refusal(R"({"map": {"dog": 3}})").code == Code::invalid);
    CHECK(refusal(R"({"map": {"dog": "Dog"}, "threshold": "x"})").code == Code::invalid);
    CHECK(refusal(R"({"map": {"dog": "Dog"}, "calibration": []})").code == Code::invalid);
    const Refusal missing = refusal(R"({"map": {"dog": "Dog"}})");
    CHECK(missing.code == Code::unavailable);
    CHECK(missing.message.find("models/fetch") != std::string::npos);
}

TEST_CASE("a file that is not the network is refused, not run") {
    const auto dir = std::filesystem::temp_directory_path() / "countersign-nanodet-test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "nanodet.onnx") << "not a network";
    const auto opened =
        nanodet_kind().open(schema_of({"dog"}), Json{{"map", {{"dog", "dog"}}}}, dir.string(), {});
    REQUIRE_FALSE(opened);
    CHECK(opened.refusal().code == Code::unavailable);
    std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace countersign
