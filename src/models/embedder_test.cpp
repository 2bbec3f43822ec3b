#include "models/embedder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <stop_token>

#include "base/rng.h"
#include "models/neighbours.h"
#include "models/subspace.h"

using namespace countersign;

namespace {

const std::vector<std::string> talk{
    "My card has not arrived yet",       "When will my new card arrive?",
    "The card I ordered did not arrive", "How long until the card arrives by post",
    "The exchange rate is wrong",        "What exchange rate do you use for euros",
    "I got a bad rate when I exchanged", "Which rate applies to foreign currency exchange",
    "Please delete my account",          "I want to close my account for good",
    "How do I close the account I have", "Account deletion, please",
};

}  // namespace

TEST_CASE("texts about one thing are nearer than texts about another") {
    const auto embed = *TextEmbedder::fit(talk, 7);
    const auto card = embed("my card still did not arrive"), rate = embed("the rate for euros");
    CHECK(card.size() == TextEmbedder::dims);
    CHECK(cosine(card, embed(talk[0])) > cosine(card, embed(talk[4])));
    CHECK(cosine(rate, embed(talk[5])) > cosine(rate, embed(talk[9])));
    CHECK(cosine(card, card) == doctest::Approx(1).epsilon(1e-5));
}

TEST_CASE("a text without words says nothing") {
    const auto embed = *TextEmbedder::fit(talk, 7);
    CHECK(embed("") == std::string(TextEmbedder::dims, '\0'));
    const auto of_nothing = *TextEmbedder::fit({}, 7);
    CHECK(of_nothing("something").size() == TextEmbedder::dims);
}

TEST_CASE("an embedder reads back as it was, and nothing else does") {
    const auto embed = *TextEmbedder::fit(talk, 7);
    const auto again = *TextEmbedder::from(embed.state());
    // Kept weights are rounded to a byte.
    for (const auto& text : talk) CHECK(cosine(embed(text), again(text)) > 0.999);
    CHECK(TextEmbedder::fit(talk, 7)->state() == embed.state());
    auto damaged = embed.state();
    damaged[damaged.size() / 2] ^= 1;
    CHECK(!TextEmbedder::from(damaged));
    CHECK(!TextEmbedder::from(""));
}

TEST_CASE("fitting stops when told") {
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = TextEmbedder::fit(talk, 7, stop.get_token());
    REQUIRE(!stopped);
    CHECK(stopped.refusal().code == Code::cancelled);
}

TEST_CASE("the leading directions hold what the rows hold, and are orthonormal") {
    // Rows on three of sixty axes: three directions hold them whole.
    Rng rng(3);
    std::vector<TextVector> rows;
    for (int i = 0; i < 50; ++i)
        rows.push_back({{4, static_cast<float>(rng.uniform())},
                        {17, static_cast<float>(rng.uniform())},
                        {50, static_cast<float>(rng.uniform() - 0.5)}});
    constexpr std::size_t wide = 6;
    const auto directions = leading_directions(rows, 60, wide, 1);
    for (std::size_t a = 0; a < wide; ++a)
        for (std::size_t b = 0; b <= a; ++b) {
            double sum = 0;
            for (std::size_t f = 0; f < 60; ++f)
                sum += double{directions[f * wide + a]} * double{directions[f * wide + b]};
            CHECK(sum == doctest::Approx(a == b ? 1 : 0).epsilon(1e-4));
        }
    for (const auto& row : rows) {
        double whole = 0, held = 0;
        for (const auto& w : row) whole += double{w.weight} * double{w.weight};
        for (std::size_t a = 0; a < wide; ++a) {
            double sum = 0;
            for (const auto& w : row)
                sum += double{w.weight} * double{directions[w.feature * wide + a]};
            held += sum * sum;
        }
        CHECK(held == doctest::Approx(whole).epsilon(1e-3));
    }
}

TEST_CASE("random directions keep what is near near") {
    Rng rng(9);
    std::vector<float> one(1'536), other(1'536);
    for (auto& value : one) value = static_cast<float>(rng.uniform());
    auto close = one;
    for (auto& value : close) value += static_cast<float>(rng.uniform()) * 0.1f;
    for (auto& value : other) value = static_cast<float>(rng.uniform() - 0.5);
    const auto a = picture_embedding(one);
    CHECK(a.size() == ImageEmbedder::most_dims);
    CHECK(cosine(a, picture_embedding(close)) > 0.95);
    CHECK(std::abs(cosine(a, picture_embedding(other))) < 0.3);
    CHECK(picture_embedding(std::vector<float>(100, 0.5f)).size() == 100);
}

TEST_CASE("a picture without weights to look at it is refused, naming what is missing") {
    const auto missing = ImageEmbedder::open("/nowhere", "");
    REQUIRE(!missing);
    CHECK(missing.refusal().code == Code::unavailable);
}
