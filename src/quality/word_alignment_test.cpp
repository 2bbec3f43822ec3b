#include "quality/word_alignment.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/rng.h"

using namespace countersign;

namespace {

/// The whole table, by the definition.
std::size_t slow_edits(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min(
                {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
        }
    return d[a.size()][b.size()];
}

std::vector<std::uint32_t> drawn_words(Rng& rng, std::uint32_t most, std::uint32_t alphabet) {
    std::vector<std::uint32_t> out(rng.below(most + 1));
    for (auto& x : out) x = rng.below(alphabet);
    return out;
}

/// Each place once and in order.
bool is_whole(const std::vector<AlignedPair>& pairs, std::size_t a, std::size_t b) {
    std::int32_t next_a = 0, next_b = 0;
    for (const auto& p : pairs) {
        if (p.a >= 0 && p.a != next_a++) return false;
        if (p.b >= 0 && p.b != next_b++) return false;
        if (p.a < 0 && p.b < 0) return false;
    }
    return next_a == std::int32_t(a) && next_b == std::int32_t(b);
}

}  // namespace

TEST_CASE("an alignment has as few errors as the whole table says") {
    Rng rng(3);
    for (int run = 0; run < 2000; ++run) {
        const auto a = drawn_words(rng, 24, 1 + rng.below(6)),
                   b = drawn_words(rng, 24, 1 + rng.below(6));
        const auto pairs = align(a, b);
        CHECK(is_whole(pairs, a.size(), b.size()));
        const auto counts = edit_counts(a, b);
        CHECK(counts.errors() == slow_edits(a, b));
        CHECK(counts.reference() == a.size());
        CHECK(counts.hits + counts.substitutions + counts.insertions == b.size());
    }
}

TEST_CASE("word and character error rates: the same text, a word less, a word more") {
    CHECK(word_errors("the cat sat on the mat", "the cat sat on the mat").rate() == 0);
    const auto counts = word_errors("the cat sat on the mat", "the bat sat on a thick red mat");
    CHECK(counts.substitutions == 2);
    CHECK(counts.deletions == 0);
    CHECK(counts.insertions == 2);
    CHECK(counts.rate() == doctest::Approx(4.0 / 6).epsilon(1e-12));
    CHECK(word_errors("", "").rate() == 0);
    CHECK(word_errors("", "two words").rate() == 2);
    CHECK(word_errors("two words", "").rate() == 1);
    // Code points, not bytes; several spaces count as one.
    CHECK(character_errors("für  alle", "fur alle").errors() == 1);
    CHECK(character_errors("für alle", "fur alle").reference() == 8);
}

TEST_CASE("a transcript is compared in small letters, without punctuation") {
    CHECK(normalised_transcript("  Don’t STOP -- now!! ") == "don't stop now");
    CHECK(normalised_transcript("'Twas the boys' air-tight, \"vessel\"...") ==
          "twas the boys air tight vessel");
    CHECK(normalised_transcript("ÄPFEL für 3,50 €") == "äpfel für 3 50");
    CHECK(normalised_transcript("Ёлка Ω ŽLUŤ") == "ёлка ω žluť");
    CHECK(normalised_transcript("a\xffz") == "a\xEF\xBF\xBDz");
    CHECK(normalised_transcript("... '' !").empty());
    CHECK(words_of(" a\tbc \n d ") == std::vector<std::string>{"a", "bc", "d"});
}

TEST_CASE("long sequences with nothing in common are paired in order, and end") {
    const std::vector<std::uint32_t> a(30'000, 1), b(29'000, 2);
    const auto counts = edit_counts(a, b);
    CHECK(counts.substitutions == 29'000);
    CHECK(counts.deletions == 1'000);
    auto c = a;
    c[15'000] = 3;
    CHECK(edit_counts(a, c).errors() == 1);
}
