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

/// A file as an image, or nothing.
std::optional<Image> photo(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    auto image = decode_image(bytes);
    return image ? std::optional<Image>(std::move(*image)) : std::nullopt;
}

std::string sample(const std::string& name) {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return std::string(source ? source : ".") + "/build/samples/photos/files/" + name;
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

struct Known {
    const char* label;
    double score;
    Region box;  ///< Measured by hand, pixels.
};
struct KnownPhoto {
    std::string path;
    std::vector<Known> objects;  ///< The most probable ones, in this order.
};

std::vector<KnownPhoto> known_photos() {
    return {{sample("darknet-dog.jpg"),
             {{"Dog", .67, box(131, 222, 178, 316)},
              {"Bicycle", .58, box(127, 135, 438, 285)},
              {"Car", .52, box(470, 77, 236, 92)}}},
            {"/usr/share/doc/opencv-doc/examples/data/messi5.jpg",
             {{"Person", .75, box(70, 62, 386, 274)}, {"Ball", .71, box(337, 289, 52, 49)}}}};
}

void check_known(Drafter& drafter, const KnownPhoto& known, const Image& image,
                 const Schema& schema) {
    const auto answer = drafter.draft({.image = &image}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() >= known.objects.size());
    for (std::size_t i = 0; i < known.objects.size(); ++i) {
        const Region& region = answer->regions[i];
        CHECK(region.id == "d" + std::to_string(i + 1));
        CHECK(region.control == "objects");
        CHECK(region.labels == std::vector<std::string>{known.objects[i].label});
        CHECK(*region.confidence == doctest::Approx(known.objects[i].score).epsilon(.03));
        CHECK(*region.probability > .6);
        CHECK(iou(region, known.objects[i].box) > .75);
    }
    for (std::size_t i = 1; i < answer->regions.size(); ++i)
        CHECK(*answer->regions[i].probability <= *answer->regions[i - 1].probability);
    CHECK(check_regions(schema, answer->regions, {image.width, image.height}, true));
}

TEST_CASE("self-test: the converted network finds the known objects in known photos") {
    if (!has_model()) {
        MESSAGE("skipped: " << models_dir() << "/nanodet.onnx is not there; models/fetch makes it");
        return;
    }
    const Schema schema = schema_of({"Person", "Ball", "Dog", "Bicycle", "Car"});
    const auto drafter =
        nanodet_kind().open({schema, *nanodet_kind().guess(schema), models_dir(), {}});
    REQUIRE(drafter);
    CHECK((*drafter)->version().starts_with("nanodet-g-416 "));
    for (const KnownPhoto& known : known_photos()) {
        CAPTURE(known.path);
        if (const auto image = photo(known.path))
            check_known(**drafter, known, *image, schema);
        else
            MESSAGE("skipped: " << known.path
                                << " is not there; samples/make build/samples makes the samples");
    }
}

TEST_CASE("a drafter that was told to stop does not start") {
    if (!has_model()) {
        MESSAGE("skipped: " << models_dir() << "/nanodet.onnx is not there");
        return;
    }
    const auto drafter = nanodet_kind().open(
        {schema_of({"person"}), Json{{"map", {{"person", "person"}}}}, models_dir(), {}});
    REQUIRE(drafter);
    const Image gray{8, 8, std::vector<std::uint8_t>(192, 128)};
    std::stop_source source;
    source.request_stop();
    const auto answer = (*drafter)->draft({.image = &gray}, source.get_token());
    REQUIRE_FALSE(answer);
    CHECK(answer.refusal().code == Code::cancelled);
    CHECK((*drafter)->draft({.image = &gray}, {}));
    CHECK_FALSE((*drafter)->draft({}, {}));
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
        const auto opened = nanodet_kind().open({schema, Json::parse(config), "/nowhere", {}});
        REQUIRE_FALSE(opened);
        return opened.refusal();
    };
    CHECK(refusal("{}").message.find("\"map\"") != std::string::npos);
    CHECK(refusal(R"({"map": {"hound": "Dog"}})").message.find("hound") != std::string::npos);
    CHECK(refusal(R"({"map": {"dog": "Cat"}})").message.find("Cat") != std::string::npos);
    CHECK(refusal(R"({"map": {"dog": 3}})").code == Code::invalid);
    CHECK(refusal(R"({"map": {"dog": "Dog"}, "threshold": "x"})").code == Code::invalid);
    CHECK(refusal(R"({"map": {"dog": "Dog"}, "calibration": []})").code == Code::invalid);
    CHECK(refusal(R"({"map": {"dog": "Dog"}, "tiles": 1})").message.find("tiles") !=
          std::string::npos);
    const Refusal missing = refusal(R"({"map": {"dog": "Dog"}})");
    CHECK(missing.code == Code::unavailable);
    CHECK(missing.message.find("models/fetch") != std::string::npos);
}

TEST_CASE("a file that is not the network is refused, not run") {
    const auto dir = std::filesystem::temp_directory_path() / "countersign-nanodet-test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "nanodet.onnx") << "not a network";
    const auto opened = nanodet_kind().open(
        {schema_of({"dog"}), Json{{"map", {{"dog", "dog"}}}}, dir.string(), {}});
    REQUIRE_FALSE(opened);
    CHECK(opened.refusal().code == Code::unavailable);
    std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace countersign
