#include "models/text_learner_state.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/crypto.h"
#include "base/rng.h"

using namespace countersign;

namespace {

LearnerState sample() {
    LearnerState state;
    state.control = "topic";
    state.method = TextMethod::pool_characters;
    state.features = TextFeatures(TextGrams::words_and_characters, 10, 42);
    state.labels = {"sport", "\u00e9conomie", "other"};
    state.counts = {5, 7, 0};
    state.model = LinearModel(3, 10);
    state.temperature = 0.75;
    state.top = {0.9, -0.1};
    Rng rng(1);
    for (const auto* text : {"a goal", "the market fell", "a market"}) {
        const auto counts = state.features.count(text);
        state.features.add_document(counts);
        for (const auto& c : counts)
            for (auto& w : state.model.row(state.model.row_for(c.feature)))
                w = static_cast<float>(rng.uniform() * 2 - 1);
    }
    state.model.bias()[1] = 0.25f;
    return state;
}

std::string sealed(std::string body) {
    const auto digest = sha256(body);
    return body.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace

TEST_CASE("a state comes back from its bytes, weights to within a 254th of the row's largest") {
    const auto before = sample();
    const auto after = learner_state_from(learner_state_bytes(before));
    REQUIRE(after);
    CHECK(after->control == "topic");
    CHECK(after->method == before.method);
    CHECK(after->labels == before.labels);
    CHECK(after->counts == before.counts);
    CHECK(after->temperature == 0.75);
    CHECK(after->top.slope == doctest::Approx(0.9));
    CHECK(after->features.seed() == 42);
    CHECK(after->features.bits() == 10);
    CHECK(after->features.documents() == 3);
    REQUIRE(after->model.rows() == before.model.rows());
    for (const auto f : before.model.features()) {
        CHECK(after->features.document_frequency(f) == before.features.document_frequency(f));
        const auto a = before.model.row(before.model.find(f));
        const auto b = after->model.row(after->model.find(f));
        float largest = 0;
        for (const float w : a) largest = std::max(largest, std::abs(w));
        for (std::size_t k = 0; k < 3; ++k) CHECK(std::abs(a[k] - b[k]) <= largest / 254 * 1.001f);
    }
    CHECK(learner_state_bytes(*after) ==
          learner_state_bytes(*learner_state_from(learner_state_bytes(*after))));
}

TEST_CASE("a flipped bit anywhere, a missing end and another kind of file are refused") {
    const auto bytes = learner_state_bytes(sample());
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        CHECK(!learner_state_from(damaged));
    }
    for (const std::size_t n : {std::size_t{0}, std::size_t{5}, std::size_t{40}, bytes.size() - 1})
        CHECK(!learner_state_from(std::string_view(bytes).substr(0, n)));
    CHECK(!learner_state_from(std::string(500, 'x')));
}

TEST_CASE("values out of range are refused even under a right checksum") {
    const auto bytes = learner_state_bytes(sample());
    const auto body = bytes.substr(0, bytes.size() - 32);
    REQUIRE(learner_state_from(sealed(body)));
    for (std::size_t i = 6; i < body.size(); ++i) {
        auto odd = body;
        odd[i] = static_cast<char>(0xff);
        const auto read = learner_state_from(sealed(odd));
        if (!read) CHECK(read.refusal().code == Code::invalid);
        CHECK(!learner_state_from(sealed(body.substr(0, i))));
    }
    CHECK(!learner_state_from(sealed(body + "x")));
}
