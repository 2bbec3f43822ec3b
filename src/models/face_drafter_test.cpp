#include "models/face_drafter.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "models/object_learner.h"
#include "models/score_map.h"

namespace countersign {
namespace {

std::string face_models() {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return given ? given : std::string(source ? source : ".") + "/models/cache";
}

bool has_blazeface() {
    if (std::filesystem::exists(face_models() + "/blazeface.onnx")) return true;
    MESSAGE("skipped: " << face_models() << "/blazeface.onnx is not there; models/fetch makes it");
    return false;
}

Control boxes_of(std::initializer_list<std::string> labels) {
    Control control{.name = "objects", .kind = ControlKind::boxes, .title = {}, .labels = {}};
    for (const auto& name : labels) control.labels.emplace_back().name = name;
    return control;
}

Control points_of(std::initializer_list<std::string> points) {
    Control control{.name = "landmarks", .kind = ControlKind::keypoints, .title = {}, .labels = {}};
    control.labels.emplace_back().name = "Face";
    control.points = points;
    return control;
}

Schema of(std::vector<Control> controls) {
    return {.modality = Modality::image, .source = "image", .controls = std::move(controls)};
}

TEST_CASE("a label that means a face is found, and no other is guessed at") {
    const auto guess = [](const Schema& schema) { return blazeface_kind().guess(schema); };
    CHECK((*guess(of({boxes_of({"Person", "Faces"})})))["map"]["face"] == "Faces");
    CHECK((*guess(of({boxes_of({"human_face"})})))["map"]["face"] == "human_face");
    CHECK((*guess(of({boxes_of({"Car"}), boxes_of({"Face"})})))["map"]["face"] == "Face");
    const auto none = guess(of({boxes_of({"Person", "Head", "Surface"})}));
    REQUIRE_FALSE(none);
    CHECK(none.refusal().message.find("alias") != std::string::npos);
    CHECK_FALSE(
        guess({.modality = Modality::text, .source = "text", .controls = {boxes_of({"Face"})}}));
}

TEST_CASE("points are taken for a face's when three of them are known") {
    const auto guess = [](std::initializer_list<std::string> points) {
        return blazeface_kind().guess(of({points_of(points)}));
    };
    const auto five = guess({"left_eye", "Right Eye", "nose", "left mouth corner", "chin"});
    REQUIRE(five);
    CHECK_FALSE(five->contains("map"));
    CHECK((*five)["points"]["control"] == "landmarks");
    CHECK((*five)["points"]["map"] ==
          Json{{"left eye", "left_eye"}, {"nose", "nose"}, {"right eye", "Right Eye"}});
    CHECK_FALSE(guess({"nose", "chin", "mouth"}));
    CHECK_FALSE(guess({}));
}

TEST_CASE("the object learner leaves faces to BlazeFace, unless it is told to learn them") {
    const auto kind = object_learner_kind();
    CHECK_FALSE(kind.guess(of({boxes_of({"Person", "Face"})})));
    const Schema schema = of({boxes_of({"Face", "Raccoon"})});
    CHECK(kind.guess(schema));
    CHECK(kind.open({schema, {{"control", "objects"}, {"labels", {"Face"}}}, "", ""})
              .refusal()
              .code == Code::unavailable);
}

TEST_CASE("a config that names what is not there is refused by name") {
    const Schema schema = of({boxes_of({"Face"}), points_of({"left eye", "right eye", "nose"})});
    const auto refusal = [&](const char* config) {
        const auto opened = blazeface_kind().open({schema, Json::parse(config), "/nowhere", {}});
        REQUIRE_FALSE(opened);
        return opened.refusal();
    };
    const auto names = [&](const char* config, const char* word) {
        CAPTURE(config);
        const Refusal said = refusal(config);
        CHECK(said.code == Code::invalid);
        CHECK(said.message.find(word) != std::string::npos);
    };
    names("{}", "\"map\"");
    names(R"({"map": {}})", "\"map\"");
    names(R"({"map": {"dog": "Face"}})", "\"map\"");
    names(R"({"map": {"face": "Cat"}})", "Cat");
    names(R"({"map": {"face": 3}})", "\"map\"");
    names(R"({"map": {"face": "Face"}, "threshold": "x"})", "threshold");
    names(R"({"map": {"face": "Face"}, "tiles": 1})", "tiles");
    names(R"({"map": {"face": "Face"}, "calibration": []})", "score map");
    names(R"({"points": 3})", "control");
    names(R"({"points": {"control": "objects"}})", "control");
    names(R"({"points": {"control": "landmarks", "label": "Cat"}})", "Cat");
    names(R"({"points": {"control": "landmarks", "label": "Face", "map": {}}})", "map");
    names(R"({"points": {"control": "landmarks", "label": "Face", "map": {"chin": "nose"}}})",
          "chin");
    names(R"({"points": {"control": "landmarks", "label": "Face", "map": {"nose": "chin"}}})",
          "chin");
    const Refusal missing = refusal(R"({"map": {"face": "Face"}})");
    CHECK(missing.code == Code::unavailable);
    CHECK(missing.message.find("models/fetch") != std::string::npos);
}

TEST_CASE("a file that is not the network is refused, not run") {
    const auto dir = std::filesystem::temp_directory_path() / "countersign-blazeface-test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "blazeface.onnx") << "not a network";
    const auto opened = blazeface_kind().open(
        {of({boxes_of({"Face"})}), Json{{"map", {{"face", "Face"}}}}, dir.string(), {}});
    REQUIRE_FALSE(opened);
    CHECK(opened.refusal().code == Code::unavailable);
    std::filesystem::remove_all(dir);
}

TEST_CASE(
    "self-test: the converted network finds the known faces in known photos, eyes and nose in "
    "place") {
    if (!has_blazeface()) return;
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    const std::string photos = std::string(source ? source : ".") + "/build/samples/photos/files/";
    const Schema schema = of({boxes_of({"Face"}), points_of({"left eye", "chin", "nose"})});
    auto config = *blazeface_kind().guess(
        of({boxes_of({"Face"}), points_of({"left eye", "right eye", "nose"})}));
    config["points"]["map"].erase("right eye");
    const auto drafter = blazeface_kind().open({schema, config, face_models(), {}});
    REQUIRE(drafter);
    struct Known {
        const char* photo;
        double x, y, side, nose_x, nose_y;  ///< Measured by hand, pixels.
    };
    for (const Known& known :
         {Known{"python3-skimage-astronaut.png", 174, 74, 102, 217, 128},
          Known{"python-matplotlib-data-grace_hopper.jpg", 175, 136, 195, 262, 240}}) {
        std::ifstream file(photos + known.photo, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        const auto image = decode_image(bytes);
        if (!image) {
            MESSAGE("skipped: " << photos << known.photo << " is not there; samples/make makes it");
            continue;
        }
        const auto answer = (*drafter)->draft({.image = &*image}, {});
        REQUIRE(answer);
        REQUIRE(answer->regions.size() >= 2);
        const Region &box = answer->regions[0], &points = answer->regions[1];
        Region expected;
        expected.x = known.x, expected.y = known.y;
        expected.width = expected.height = known.side;
        CHECK(iou(box, expected) > .8);
        CHECK(box.labels == std::vector<std::string>{"Face"});
        CHECK(*box.probability > .8);
        CHECK(points.kind == ControlKind::keypoints);
        CHECK(points.visible == std::vector<int>{2, 0, 2});
        CHECK(std::abs(points.points[4] - known.nose_x) < known.side / 6);
        CHECK(std::abs(points.points[5] - known.nose_y) < known.side / 6);
        CHECK(check_regions(schema, answer->regions, {image->width, image->height}, true));
    }
}

TEST_CASE("a picture of any shape is drafted, and what is drafted lies inside it") {
    if (!has_blazeface()) return;
    const Schema schema = of({boxes_of({"Face"}), points_of({"left eye", "right eye", "nose"})});
    auto config = *blazeface_kind().guess(schema);
    config["threshold"] = .05;
    const auto drafter = blazeface_kind().open({schema, config, face_models(), {}});
    REQUIRE(drafter);
    CHECK((*drafter)->version().starts_with("blazeface-256 "));
    CHECK((*drafter)->enough_side() == 1600);
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 900}, {3000, 2}, {700, 500}}) {
        Image noise{width, height, {}};
        for (int i = 0; i < width * height * 3; ++i)
            noise.bgr.push_back(static_cast<std::uint8_t>(i * 37 % 251));
        const auto answer = (*drafter)->draft({.image = &noise}, {});
        REQUIRE(answer);
        CHECK(check_regions(schema, answer->regions, {width, height}, false));
    }
    std::stop_source source;
    source.request_stop();
    const Image gray{8, 8, std::vector<std::uint8_t>(192, 128)};
    CHECK((*drafter)->draft({.image = &gray}, source.get_token()).refusal().code ==
          Code::cancelled);
    CHECK_FALSE((*drafter)->draft({}, {}));
}

TEST_CASE("a higher score is never less probable to be a face") {
    double last = 0;
    for (int i = 0; i <= 1000; ++i) {
        const double probability = blazeface_score_map()(i / 1000.0);
        CHECK(probability >= last);
        last = probability;
    }
    CHECK(last == doctest::Approx(.98));
}

}  // namespace
}  // namespace countersign
