#include "models/text_features.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace countersign;

namespace {
std::string words(std::string_view text) {
    std::string out;
    for (const auto& w : text_words(text)) out += (out.empty() ? "" : "|") + w;
    return out;
}
std::size_t grams(std::string_view text, TextGrams kind) {
    std::size_t n = 0;
    for (const auto& c : count_features(text, kind, 18, 0)) n += c.count;
    return n;
}
}  // namespace

TEST_CASE("words are runs of letters and digits in lower case, other signs stand alone") {
    CHECK(words("Hello, World 42!") == "hello|,|world|42|!");
    CHECK(words("don't  DON\u2019T") == "dont|dont");
    CHECK(words("\u00c4PFEL \u0416\u0423\u041a \u0391\u03a9 \u0141\u00d3D\u0179") ==
          "\u00e4pfel|\u0436\u0443\u043a|\u03b1\u03c9|\u0142\u00f3d\u017a");
    CHECK(words("\u4f60\u597d ok") == "\u4f60|\u597d|ok");
    CHECK(words("win \u00a31000\U0001F600now") == "win|\u00a3|1000|\U0001F600|now");
    CHECK(words("") == "");
}

TEST_CASE("bytes that are not UTF-8 separate words and do no harm") {
    CHECK(words("ab\xff\x63\xe2\x82") == "ab|c");
    CHECK(words(std::string("a\0b", 3)) == "a|b");
}

TEST_CASE("a text gives its words, its pairs, and the pieces of each word") {
    CHECK(grams("one two three", TextGrams::words) == 5);
    // " abc ": three 3-grams, two 4-grams, one 5-gram, and the word itself.
    CHECK(grams("abc", TextGrams::words_and_characters) == 7);
    CHECK(grams("a", TextGrams::words_and_characters) == 2);
    CHECK(grams("\u00e4\u00f6\u00fc", TextGrams::words_and_characters) == 7);
}

TEST_CASE("only the beginning of an endless text counts") {
    const std::string endless(1'000'000, 'a');
    CHECK(text_words(endless).at(0).size() == 20'000);
}

TEST_CASE("features depend on the seed, lie below 2^bits and come in rising order") {
    const auto a = count_features("the same text", TextGrams::words_and_characters, 12, 1);
    const auto b = count_features("the same text", TextGrams::words_and_characters, 12, 2);
    CHECK(a.front().feature != b.front().feature);
    for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i].feature < 4096);
        if (i > 0) CHECK(a[i - 1].feature < a[i].feature);
    }
}

TEST_CASE("weights are (1 + ln tf) * idf at length one, and rare words weigh more") {
    TextFeatures features(TextGrams::words);
    for (const auto* text : {"tea", "tea", "tea milk"}) features.add_document(features.count(text));
    const auto tea = features.count("tea").front().feature;
    const auto x = features("tea milk");
    REQUIRE(x.size() == 3);  // tea, milk, and their pair.
    const double common = std::log(4.0 / 4.0) + 1, rare = std::log(4.0 / 2.0) + 1;
    const double length = std::sqrt(common * common + 2 * rare * rare);
    for (const auto& f : x)
        CHECK(f.weight == doctest::Approx((f.feature == tea ? common : rare) / length));
    CHECK(features("").empty());
}
