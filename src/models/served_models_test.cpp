// Networks that are served and programs that answer, asked without the rest of the application.
#include <doctest/doctest.h>

#include <cstdlib>

#include "../../tests/standin.h"
#include "models/connector.h"
#include "models/inference_reply.h"
#include "models/open_inference.h"
#include "models/program_drafter.h"

using namespace countersign;
using testing::Standin;

namespace {

Schema schema_for(Modality modality, ControlKind kind, std::initializer_list<const char*> labels) {
    Control control{.name = "what", .kind = kind, .title = {}, .labels = {}};
    for (const char* label : labels)
        control.labels.push_back(
            {.name = label, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
    return {modality, modality == Modality::text ? "text" : "image", {control}};
}

Image red(int width, int height) {
    Image image{width, height, {}};
    for (int i = 0; i < width * height; ++i)
        for (const int value : {51, 0, 204}) image.bgr.push_back(static_cast<std::uint8_t>(value));
    return image;
}

Outside way_out() {
    Outside outside;
    outside.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    outside.pause = [](Millis, const std::stop_token&) { return true; };
    return outside;
}

Result<DraftAnswer> ask(const ModelKind& kind, const Schema& schema, const Json& config,
                        const Outside& outside, const DraftAsk& item) {
    const auto drafter =
        kind.open({.schema = schema, .config = config, .models_dir = {}, .outside = &outside});
    if (!drafter) return drafter.refusal();
    return (*drafter)->draft(item, {});
}

TEST_CASE("a served detector's numbers become boxes, sent as JSON or as bytes") {
    const Standin server("inference_server.py");
    const Schema schema = schema_for(Modality::image, ControlKind::boxes, {"red", "blue"});
    const Image image = red(128, 128);
    for (const bool binary : {false, true}) {
        CAPTURE(binary);
        const auto answer = ask(open_inference_kind(), schema,
                                {{"url", server.url("/")},
                                 {"model", "detector"},
                                 {"names", {"blue", "red"}},
                                 {"binary", binary}},
                                way_out(), {.image = &image});
        REQUIRE_MESSAGE(answer, answer.refusal().message);
        REQUIRE(answer->regions.size() == 1);  // Blue is 0.2, and 0.25 is asked for.
        const Region& box = answer->regions[0];
        CHECK(box.labels == std::vector<std::string>{"red"});
        CHECK(*box.confidence == doctest::Approx(.8));
        CHECK(box.x == doctest::Approx(16));
        CHECK(box.width == doctest::Approx(64));
    }
}

TEST_CASE("a served classifier is asked for the layout and type that it takes") {
    const Standin server("inference_server.py");
    const Schema schema = schema_for(Modality::image, ControlKind::choices, {"R", "G", "B"});
    const Image image = red(9, 7);
    for (const char* model : {"classifier", "woven"}) {
        CAPTURE(model);
        const auto answer =
            ask(open_inference_kind(), schema,
                {{"url", server.url()}, {"model", model}, {"names", {"r", "g", "b"}}}, way_out(),
                {.image = &image});
        REQUIRE_MESSAGE(answer, answer.refusal().message);
        CHECK(answer->regions.at(0).labels == std::vector<std::string>{"R"});
    }
}

TEST_CASE("a server of networks that errs or answers rubbish is refused by what it answered") {
    const Standin server("inference_server.py");
    const Schema schema = schema_for(Modality::image, ControlKind::boxes, {"red", "blue"});
    const Image image = red(8, 8);
    const auto why = [&](const char* model) {
        const auto answer = ask(
            open_inference_kind(), schema,
            {{"url", server.url()}, {"model", model}, {"names", {"blue", "red"}}, {"retries", 0}},
            way_out(), {.image = &image});
        REQUIRE_FALSE(answer);
        return answer.refusal().message;
    };
    CHECK(why("short").find("11 numbers") != std::string::npos);
    CHECK(why("text").find("no list of numbers") != std::string::npos);
    CHECK(why("rubbish").find("JSON") != std::string::npos);
    CHECK_FALSE(why("broken").empty());
    CHECK_FALSE(why("missing").empty());
}

TEST_CASE("what a server says of its tensors is held to the protocol") {
    for (const char* reply :
         {"[]", "{}", R"({"inputs": [], "outputs": []})",
          R"({"inputs": [{"name": "a"}], "outputs": [{"name": "b", "shape": [1]}]})",
          R"({"inputs": 3, "outputs": "b"})"})
        CHECK_FALSE(inference_model(Json::parse(reply)));
    const auto outputs = [](const char* reply) {
        return inference_outputs(Json::parse(reply), {"b"});
    };
    CHECK(outputs(R"({"outputs": [{"name": "b", "shape": [2, 2], "data": [[1, 2], [3, true]]}]})")
              ->at(0)
              .values == std::vector<float>{1, 2, 3, 1});
    for (const char* reply : {"3", "{}", R"({"outputs": []})",
                              R"({"outputs": [{"name": "a", "shape": [1], "data": [1]}]})",
                              R"({"outputs": [{"name": "b", "shape": [-1], "data": [1]}]})",
                              R"({"outputs": [{"name": "b", "shape": [3], "data": [1]}]})",
                              R"({"outputs": [{"name": "b", "shape": [1], "data": ["x"]}]})",
                              R"({"outputs": [{"name": "b", "shape": [1], "data": {"0": 1}}]})"})
        CHECK_FALSE(outputs(reply));
}

TEST_CASE("only programs that the operator lists are run, and each behaves as it may") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    Outside outside = way_out();
    const Schema schema = schema_for(Modality::text, ControlKind::spans, {"Name"});
    const auto draft = [&](const char* behaviour, int seconds = 60) {
        return ask(subprocess_kind(), schema,
                   {{"program", "names"}, {"arguments", {behaviour}}, {"timeout_s", seconds}},
                   outside, {.text = "hello Ada and Grace"});
    };
    const auto unlisted = draft("ours");
    REQUIRE_FALSE(unlisted);
    CHECK(unlisted.refusal().code == Code::unavailable);
    CHECK(unlisted.refusal().message.find("--model-program names=PATH") != std::string::npos);
    outside.programs["names"] =
        std::string(source ? source : ".") + "/tests/standins/line_program.py";
    for (const char* behaviour : {"ours", "noisy"}) {
        CAPTURE(behaviour);
        const auto answer = draft(behaviour);
        REQUIRE_MESSAGE(answer, answer.refusal().message);
        REQUIRE(answer->regions.size() == 2);
        CHECK(answer->regions[1].text == "Grace");
        CHECK(answer->regions[1].id == "d2");
        CHECK(*answer->confidence == .9);
    }
    CHECK(draft("refusing").refusal().message.find("too short") != std::string::npos);
    CHECK(draft("rubbish", 1).refusal().message.find("within 1 s") != std::string::npos);
}

TEST_CASE("a program that dies is started anew, and one that cannot live is given up") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    Outside outside = way_out();
    outside.programs["names"] =
        std::string(source ? source : ".") + "/tests/standins/line_program.py";
    const Schema schema = schema_for(Modality::text, ControlKind::spans, {"Name"});
    const auto open = [&](const char* behaviour) {
        auto drafter =
            subprocess_kind().open({.schema = schema,
                                    .config = {{"program", "names"}, {"arguments", {behaviour}}},
                                    .models_dir = {},
                                    .outside = &outside});
        REQUIRE(drafter);
        return *std::move(drafter);
    };
    const auto dying = open("dying");
    for (int i = 0; i < 3; ++i) CHECK(dying->draft({.text = "Ada"}, {}));
    const auto dead = open("no-such-behaviour");
    CHECK(dead->draft({.text = "Ada"}, {}));
    outside.programs["names"] = "/bin/false";
    const auto never = open("x");
    CHECK(never->draft({.text = "Ada"}, {}).refusal().code == Code::invalid);
    CHECK(never->draft({.text = "Ada"}, {}).refusal().code == Code::invalid);
    CHECK(never->draft({.text = "Ada"}, {}).refusal().code == Code::unavailable);
}

}  // namespace
