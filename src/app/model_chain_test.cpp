#include "app/model_chain.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

Model model(Id id, const std::string& kind, Json config = Json::object()) {
    Model out;
    out.id = id;
    out.kind = kind;
    out.config = std::move(config);
    return out;
}

std::vector<Id> ids(const std::vector<Model>& models) {
    std::vector<Id> out;
    for (const auto& one : models) out.push_back(one.id);
    return out;
}

Json reading(Id id) {
    return {{"reads", wire_id('k', id)}};
}

}  // namespace

TEST_CASE("a model drafts behind those whose drafts it reads, whichever was added first") {
    const std::vector<Model> models{model(1, "openai-chat", reading(3)), model(2, "nanodet"),
                                    model(3, "subprocess", reading(2)), model(4, "ensemble"),
                                    model(5, "onnx")};
    CHECK(ids(in_drafting_order(models)) == std::vector<Id>{2, 3, 1, 5, 4});
    CHECK(models_read(models[3], models) == std::vector<Id>{1, 2, 3, 5});
}

TEST_CASE("a model that is off, or another ensemble, is not part of an ensemble of all") {
    std::vector<Model> models{model(1, "nanodet"), model(2, "ensemble"), model(3, "ensemble")};
    models[0].enabled = false;
    CHECK(models_read(models[1], models).empty());
}

TEST_CASE("a chain is of the project's models and has an end") {
    const std::vector<Model> models{model(1, "nanodet"), model(2, "onnx", reading(1))};
    CHECK(check_chain(model(3, "onnx", reading(2)), models));
    CHECK(check_chain(model(0, "onnx", reading(2)), models));
    CHECK(check_chain(model(3, "onnx", {{"reads", ""}}), models));
    CHECK(check_chain(model(3, "onnx", reading(9)), models).refusal().message.find("no model") !=
          std::string::npos);
    CHECK_FALSE(check_chain(model(2, "onnx", reading(2)), models));
    const auto circle = check_chain(model(1, "subprocess", reading(2)), models);
    REQUIRE_FALSE(circle);
    CHECK(circle.refusal().code == Code::invalid);
    CHECK(circle.refusal().message.find("circle") != std::string::npos);
    // Order is given to what is a circle all the same.
    CHECK(in_drafting_order({model(1, "subprocess", reading(2)), model(2, "onnx", reading(1))})
              .size() == 2);
}
