#include "models/onnx_drafter.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../../tests/onnx_writer.h"
#include "base/ids.h"
#include "base/text.h"
#include "models/connector.h"
#include "models/ensemble.h"
#include "models/network_reading.h"
#include "models/onnx_facts.h"

namespace countersign {
namespace {

namespace fs = std::filesystem;

/// A folder of models that goes with the test.
struct ModelsFolder {
    fs::path path = fs::temp_directory_path() / "countersign-onnx-drafter-test";
    ModelsFolder() {
        fs::remove_all(path);
        fs::create_directories(path / "mine");
    }
    ~ModelsFolder() { fs::remove_all(path); }
    ModelsFolder(const ModelsFolder&) = delete;
    ModelsFolder& operator=(const ModelsFolder&) = delete;
    void put(const std::string& name, const std::string& bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
    }
};

Schema schema_of(ControlKind kind, std::initializer_list<std::string> labels) {
    Control control{.name = "what", .kind = kind, .title = {}, .labels = {}};
    for (const auto& name : labels)
        control.labels.push_back(
            {.name = name, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
    return {.modality = Modality::image, .source = "image", .controls = {control}};
}

Image coloured(int width, int height, std::uint8_t blue, std::uint8_t green, std::uint8_t red) {
    Image image{width, height, {}};
    for (int i = 0; i < width * height; ++i)
        for (const auto value : {blue, green, red}) image.bgr.push_back(value);
    return image;
}

Result<std::unique_ptr<Drafter>> open(const ModelsFolder& folder, const Schema& schema,
                                      const char* config) {
    return onnx_kind().open({schema, Json::parse(config), folder.path.string()});
}

TEST_CASE("a detector of the user's own drafts boxes by the names that its file carries") {
    const ModelsFolder folder;
    folder.put("mine/colours.onnx", colour_detector().bytes());
    const Schema schema = schema_of(ControlKind::boxes, {"red's thing", "blue thing", "other"});
    const auto drafter = open(folder, schema, R"({"file": "mine/colours.onnx"})");
    REQUIRE(drafter);
    CHECK((*drafter)->version().starts_with("colours.onnx "));
    const Image red = coloured(128, 128, 0, 0, 230);
    const auto answer = (*drafter)->draft({.image = &red}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 1);
    const Region& box = answer->regions[0];
    CHECK(box.labels == std::vector<std::string>{"red's thing"});
    CHECK(*box.confidence == doctest::Approx(230 / 255.0).epsilon(.01));
    CHECK(box.x == doctest::Approx(16));
    CHECK(box.y == doctest::Approx(32));
    CHECK(box.width == doctest::Approx(64));
    CHECK(box.height == doctest::Approx(64));
    CHECK(box.id == "d1");
    CHECK_FALSE(box.probability);
    CHECK(check_regions(schema, answer->regions, {128, 128}, true));
    const Image violet = coloured(64, 64, 200, 0, 200);
    CHECK((*drafter)->draft({.image = &violet}, {})->regions.size() == 2);
}

TEST_CASE("a map, a threshold and a calibration of the config are heeded") {
    const ModelsFolder folder;
    folder.put("c.onnx", colour_detector().bytes());
    const Schema schema = schema_of(ControlKind::boxes, {"Thing"});
    const Image violet = coloured(64, 64, 100, 0, 200);
    const auto found = [&](const char* config) {
        const auto drafter = open(folder, schema, config);
        REQUIRE(drafter);
        return (*drafter)->draft({.image = &violet}, {})->regions;
    };
    CHECK(found(R"({"file": "c.onnx", "map": {"blue thing": "Thing", "red's thing": "Thing"}})")
              .size() == 2);
    CHECK(found(R"({"file": "c.onnx", "map": {"blue thing": "Thing"}})").size() == 1);
    CHECK(found(R"({"file": "c.onnx", "threshold": 0.5, "map": {"blue thing": "Thing"}})").empty());
    const auto calibrated = found(
        R"({"file": "c.onnx", "map": {"red's thing": "Thing"}, "calibration": [[0.5, 0.1], [1, 0.2]]})");
    REQUIRE(calibrated.size() == 1);
    CHECK(*calibrated[0].probability < .2);
}

TEST_CASE("a classifier drafts the choice, and names may stand in a file beside it") {
    const ModelsFolder folder;
    folder.put("c.onnx", colour_classifier().bytes());
    folder.put("c.names", "red\ngreen\n\nblue\n");
    const Schema schema = schema_of(ControlKind::choices, {"Blue", "Green", "Red"});
    const auto drafter = open(
        folder, schema,
        R"({"file": "c.onnx", "names_file": "c.names", "input": {"mean": [0, 0, 0], "deviation": [51, 51, 51]}})");
    REQUIRE(drafter);
    const Image green = coloured(20, 30, 0, 255, 0);
    const auto answer = (*drafter)->draft({.image = &green}, {});
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 1);
    CHECK(answer->regions[0].labels == std::vector<std::string>{"Green"});
    CHECK(*answer->confidence > .95);
    const auto unnamed = open(folder, schema, R"({"file": "c.onnx"})");
    REQUIRE_FALSE(unnamed);
    CHECK(unnamed.refusal().message.find("\"names\"") != std::string::npos);
}

/// Left half green, right half blue, and a box around each.
struct Halves {
    Image picture{40, 20, {}};
    Regions boxes{2};
    std::string detector = wire_id('k', 1);
    Outside outside;
    Halves() {
        for (int y = 0; y < 20; ++y)
            for (int x = 0; x < 40; ++x) {
                const bool left = x < 20;
                for (const int value : {left ? 0 : 255, left ? 255 : 0, 0})
                    picture.bgr.push_back(static_cast<std::uint8_t>(value));
            }
        for (std::size_t i = 0; i < 2; ++i) {
            Region& box = boxes[i];
            box.id = "b" + std::to_string(i);
            box.control = "things";
            box.kind = ControlKind::boxes;
            box.labels = {"thing"};
            box.x = i == 0 ? 2 : 22, box.y = 2, box.width = 16, box.height = 16;
            box.confidence = i == 0 ? 0.5 : 0.8;
        }
        outside.drafts = [this](std::int64_t) {
            return std::vector<MemberDraft>{{detector, "nanodet", boxes}};
        };
    }
    Result<DraftAnswer> draft(const Schema& schema, const ModelsFolder& folder) {
        folder.put("c.onnx", colour_classifier().bytes());
        const Json config{{"file", "c.onnx"},
                          {"names", {"red", "green", "blue"}},
                          {"reads", detector},
                          {"input", {{"mean", {0, 0, 0}}, {"deviation", {51, 51, 51}}}}};
        const auto models = folder.path.string();
        OpenAsk ask{schema, config, models};
        ask.outside = &outside;
        const auto drafter = onnx_kind().open(ask);
        if (!drafter) return drafter.refusal();
        return (*drafter)->draft({.image = &picture}, {});
    }
};

TEST_CASE("a classifier behind a detector says what is in each of its boxes") {
    const ModelsFolder folder;
    Schema schema = schema_of(ControlKind::boxes, {"thing", "Green", "Blue"});
    schema.controls[0].name = "things";
    const auto answer = Halves().draft(schema, folder);
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 2);
    CHECK(answer->regions[0].labels == std::vector<std::string>{"Blue"});  // The surer box first.
    CHECK(answer->regions[1].labels == std::vector<std::string>{"Green"});
    CHECK(answer->regions[1].x == 2);
    CHECK(*answer->regions[1].confidence == doctest::Approx(0.5).epsilon(.05));
    CHECK(check_regions(schema, answer->regions, {40, 20}, true));
}

TEST_CASE("a classifier behind a detector answers a question about each of its boxes") {
    const ModelsFolder folder;
    Schema schema = schema_of(ControlKind::boxes, {"thing"});
    schema.controls[0].name = "things";
    schema.controls.push_back(
        schema_of(ControlKind::choices, {"Red", "Green", "Blue"}).controls[0]);
    schema.controls[1].name = "colour";
    schema.controls[1].per_region = true;
    Halves halves;
    halves.boxes[0].x = 200;  // Outside of the picture: nothing is seen in it.
    const auto answer = halves.draft(schema, folder);
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 3);
    CHECK(answer->regions[0].labels == std::vector<std::string>{"thing"});
    CHECK(answer->regions[1].labels == std::vector<std::string>{"Blue"});
    CHECK(answer->regions[1].parent == answer->regions[0].id);
    CHECK(answer->regions[2].kind == ControlKind::boxes);
}

TEST_CASE("a classifier that reads boxes needs somewhere to put what it sees in them") {
    const ModelsFolder folder;
    const auto refused = Halves().draft(schema_of(ControlKind::choices, {"Red", "Blue"}), folder);
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().code == Code::invalid);
}

TEST_CASE("the drafts of the embedded network are the same through the table") {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    const std::string dir = given ? given : std::string(source ? source : ".") + "/models/cache";
    if (!fs::exists(dir + "/nanodet.onnx")) {
        MESSAGE("skipped: " << dir << "/nanodet.onnx is not there; models/fetch makes it");
        return;
    }
    const Schema schema = schema_of(ControlKind::boxes, {"person", "dog"});
    const auto drafter = onnx_kind().open({schema, Json{{"file", "nanodet.onnx"}}, dir});
    REQUIRE(drafter);
    const Image gray = coloured(64, 48, 128, 128, 128);
    CHECK((*drafter)->draft({.image = &gray}, {}));
}

TEST_CASE("no path leads out of the folder of models") {
    const ModelsFolder folder;
    folder.put("c.onnx", colour_classifier().bytes());
    const auto outside = fs::temp_directory_path() / "countersign-onnx-outside.onnx";
    std::ofstream(outside) << "secret";
    fs::create_symlink(outside, folder.path / "link.onnx");
    const auto code = [&](const std::string& file) {
        const auto path = path_below(folder.path.string(), file);
        return path ? std::optional<Code>() : std::optional(path.refusal().code);
    };
    CHECK_FALSE(code("c.onnx"));
    for (const char* file : {"", "../countersign-onnx-outside.onnx", "/etc/passwd",
                             "mine/../c.onnx", "./c.onnx", "link.onnx", "mine\\c.onnx"}) {
        CAPTURE(file);
        CHECK(code(file) == Code::invalid);
    }
    CHECK(code("missing.onnx") == Code::unavailable);
    CHECK(code("mine") == Code::unavailable);
    fs::remove(outside);
}

TEST_CASE("a model that OpenCV cannot run is refused with the layer at fault") {
    const ModelsFolder folder;
    const Schema schema = schema_of(ControlKind::boxes, {"thing"});
    const auto refusal = [&](const std::string& bytes) {
        folder.put("bad.onnx", bytes);
        const auto opened =
            open(folder, schema, R"({"file": "bad.onnx", "names": ["thing", "other"]})");
        REQUIRE_FALSE(opened);
        CHECK(opened.refusal().code == Code::unsupported);
        CHECK(is_utf8(opened.refusal().message));
        return opened.refusal().message;
    };
    OnnxWriter unknown;
    unknown.node("Frobnicate", {"images"}, "out").input("images", {1, 3, 8, 8}).output("out", {1});
    CHECK(refusal(unknown.bytes()).find("Frobnicate") != std::string::npos);
    OnnxWriter two;
    two.node("Add", {"a", "b"}, "out").input("a", {1, 3, 8, 8}).input("b", {1, 3, 8, 8});
    two.output("out", {1, 3, 8, 8});
    CHECK(refusal(two.bytes()).find("2 inputs") != std::string::npos);
    CHECK(refusal(colour_classifier().bytes()).find("logits") != std::string::npos);
    refusal("not a model");
    refusal("");
    const std::string whole = colour_detector().bytes();
    for (const std::size_t cut : {1, 10, 60, 200}) refusal(whole.substr(0, cut));
}

TEST_CASE("a config that asks for what is not there is refused by name") {
    const ModelsFolder folder;
    folder.put("c.onnx", colour_detector().bytes());
    const Schema schema = schema_of(ControlKind::boxes, {"thing"});
    const auto message = [&](const char* config) {
        const auto opened = open(folder, schema, config);
        REQUIRE_FALSE(opened);
        CHECK(opened.refusal().code == Code::invalid);
        return opened.refusal().message;
    };
    const auto says = [&](const char* config, const char* word) {
        CAPTURE(config);
        CHECK(message(config).find(word) != std::string::npos);
    };
    says("{}", "\"file\"");
    says(R"({"file": "c.onnx"})", "alias");
    says(R"({"file": "c.onnx", "control": "nothing"})", "nothing");
    says(R"({"file": "c.onnx", "decoder": "yolov99"})", "yolov8");
    says(R"({"file": "c.onnx", "threshold": 7})", "threshold");
    says(R"({"file": "c.onnx", "names": [1]})", "names");
    says(R"({"file": "c.onnx", "map": {"red's thing": "Cat"}})", "Cat");
    says(R"({"file": "c.onnx", "map": {"green thing": "thing"}})", "green thing");
    says(R"({"file": "c.onnx", "input": {"deviation": [1, 0, 1]}})", "deviation");
    says(R"({"file": "c.onnx", "input": {"fit": "squeeze"}})", "letterbox");
    says(R"({"file": "c.onnx", "input": 3})", "input");
    CHECK(open(folder, schema, R"({"file": "gone.onnx"})").refusal().code == Code::unavailable);
    CHECK_FALSE(onnx_kind().guess(schema_of(ControlKind::polygons, {"a"})));
}

TEST_CASE("what a file says of itself is read, whatever its bytes are") {
    const auto facts = onnx_facts(colour_detector().bytes());
    REQUIRE(facts);
    REQUIRE(facts->inputs.size() == 1);
    CHECK(facts->inputs[0].name == "images");
    CHECK(facts->inputs[0].shape == std::vector<std::int64_t>{1, 3, 64, 64});
    CHECK(facts->outputs[0].shape == std::vector<std::int64_t>{1, 2, 6});
    CHECK(facts->names() == std::vector<std::string>{"blue thing", "red's thing"});
    OnnxFacts odd;
    for (const char* names : {"", "{", "{}", "{0: 'a'", "{1: 'a'}", "{0: a}", "{0: 'a' 1: 'b'}",
                              "{0 'a'}", "['a']", "{0: 'a\\"}) {
        odd.notes["names"] = names;
        CAPTURE(names);
        CHECK(odd.names().empty());
    }
    odd.notes["names"] = "{0: 'it\\'s', 1: 'b'}";
    CHECK(odd.names() == std::vector<std::string>{"it's", "b"});
}

}  // namespace
}  // namespace countersign
