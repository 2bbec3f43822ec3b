#include "models/adagrad.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "models/liblinear.h"
#include "quality/calibration.h"

using namespace countersign;

namespace {

/// Texts of three topics, each of words of its own among words of all.
struct Topics {
    std::vector<TextVector> x;
    std::vector<TextExample> examples;
    TextFeatures features{TextGrams::words, 12};
    explicit Topics(int n, std::uint64_t seed) {
        Rng rng(seed);
        std::vector<FeatureCounts> counts;
        for (int i = 0; i < n; ++i) {
            std::string text;
            for (int w = 0; w < 8; ++w)
                text += (w < 3 ? "topic" + std::to_string(i % 3) : std::string("common")) +
                        std::to_string(rng.below(10)) + " ";
            counts.push_back(features.count(text));
            features.add_document(counts.back());
        }
        for (const auto& c : counts) x.push_back(features.weigh(c));
        for (int i = 0; i < n; ++i) examples.push_back({&x[static_cast<std::size_t>(i)], i % 3, 1});
    }
};

double right(const LinearModel& model, const Topics& topics) {
    std::vector<double> z(3);
    double hits = 0;
    for (const auto& e : topics.examples) {
        model.logits(*e.x, z);
        hits += std::max_element(z.begin(), z.end()) - z.begin() == e.label;
    }
    return hits / static_cast<double>(topics.examples.size());
}

}  // namespace

TEST_CASE("a step of AdaGrad is the formula of the paper") {
    AdaGrad learner(LinearModel(2, 8), 0.3);
    const TextVector x = {{7, 0.5f}};
    learner.step(x, 1);
    // p = (.5, .5): the gradients are +.5 x and -.5 x; the first step has the size of the rate.
    const auto row = learner.model().row(learner.model().find(7));
    CHECK(row[0] == doctest::Approx(-0.3).epsilon(1e-4));
    CHECK(row[1] == doctest::Approx(0.3).epsilon(1e-4));
    CHECK(learner.model().bias()[1] == doctest::Approx(0.3).epsilon(1e-4));
    learner.step(x, 1);
    std::vector<double> z = {-0.3 - 0.15, 0.3 + 0.15}, p(2);
    softmax(z, 1, p);
    const double g0 = 0.25, g1 = p[0] * 0.5;
    const double expected = 0.3 + 0.3 * g1 / std::sqrt(g0 * g0 + g1 * g1);
    CHECK(learner.model().row(learner.model().find(7))[1] ==
          doctest::Approx(expected).epsilon(1e-3));
}

TEST_CASE("AdaGrad and SVC both tell topics apart, and give the same model for the same seed") {
    const Topics learn(90, 1), held(60, 2);
    for (const auto train :
         {+[](std::span<const TextExample> e) { return train_adagrad(e, 3, 12, 9, {}); },
          +[](std::span<const TextExample> e) { return train_svc(e, 3, 12, 9, {}); }}) {
        const auto model = train(learn.examples), again = train(learn.examples);
        CHECK(right(model, learn) == 1);
        CHECK(right(model, held) > 0.9);
        REQUIRE(model.rows() == again.rows());
        for (std::uint32_t r = 0; r < model.rows(); ++r)
            for (std::size_t k = 0; k < 3; ++k) CHECK(model.row(r)[k] == again.row(r)[k]);
    }
}

TEST_CASE("a class without examples is never what SVC answers, and two classes mirror each other") {
    const Topics topics(60, 3);
    std::vector<TextExample> two;
    for (const auto& e : topics.examples)
        if (e.label != 1) two.push_back(e);
    const auto model = train_svc(two, 3, 12, 1, {});
    std::vector<double> z(3);
    for (const auto& e : two) {
        model.logits(*e.x, z);
        CHECK(z[1] == -1);
        CHECK(z[0] == doctest::Approx(-z[2]));
        CHECK(std::max(z[0], z[2]) > 0);
    }
}

TEST_CASE("one class alone, and no class at all, make a model that answers") {
    const TextVector x = {{3, 1.f}};
    const std::vector<TextExample> one = {{&x, 1, 1}};
    std::vector<double> z(2);
    train_svc(one, 2, 8, 1, {}).logits(x, z);
    CHECK(z[1] > z[0]);
    train_adagrad({}, 2, 8, 1, {}).logits(x, z);
    CHECK(z[0] == z[1]);
}

TEST_CASE("a heavier example wins against a lighter one that says otherwise") {
    const TextVector x = {{3, 1.f}};
    const std::vector<TextExample> quarrel = {{&x, 0, 1}, {&x, 1, 3}};
    std::vector<double> z(2);
    train_svc(quarrel, 2, 8, 1, {}).logits(x, z);
    CHECK(z[1] > z[0]);
    train_adagrad(quarrel, 2, 8, 1, {}).logits(x, z);
    CHECK(z[1] > z[0]);
}

TEST_CASE("a stop ends training early") {
    const Topics topics(90, 1);
    std::stop_source source;
    source.request_stop();
    CHECK(train_adagrad(topics.examples, 3, 12, 1, source.get_token()).rows() == 0);
    const auto model = train_svc(topics.examples, 3, 12, 1, source.get_token());
    CHECK(model.bias()[0] == 0);
}
