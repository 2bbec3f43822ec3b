#include "models/ctc.h"

#include <doctest/doctest.h>

namespace countersign {
namespace {

/// "none", a, b, the ideograph for "one", full-width A, space.
const char* const some = "a\nb\n\xE4\xB8\x80\n\xEF\xBC\xA1\n";

/// One position a character of `said`: '-' is "none", '_' one where a space is possible too.
Reading read(const std::string& said, const Alphabet& alphabet, float sure = 0.8F) {
    std::vector<float> scores;
    for (const char c : said) {
        std::vector<float> row(alphabet.characters.size(), 0.0F);
        const std::size_t at = c == 'a'   ? 1
                               : c == 'b' ? 2
                               : c == 'z' ? 3
                               : c == 'A' ? 4
                               : c == ' ' ? 5
                                          : 0;
        row[at] = sure;
        if (c == '_') row[5] = 0.02F;
        scores.insert(scores.end(), row.begin(), row.end());
    }
    return decode_ctc(scores, alphabet);
}

TEST_CASE("a character held over several positions is read once, again after a pause") {
    const auto alphabet = alphabet_of(some, true);
    REQUIRE(alphabet.characters.size() == 6);
    CHECK(read("aaa-a-bb", alphabet).text == "aab");
    CHECK(read("", alphabet).text.empty());
    CHECK(read("---", alphabet).confidence() == 0);
}

TEST_CASE("a space that is likely enough parts two words, never at an end or twice") {
    const auto alphabet = alphabet_of(some, true);
    CHECK(read("a_b", alphabet).text == "a b");
    CHECK(read("a-b", alphabet).text == "ab");
    CHECK(read("_a_", alphabet).text == "a");
    CHECK(read(" a _ b ", alphabet).text == "a b");
    CHECK(read("  a", alphabet).text == "a");
    CHECK(read("   ", alphabet).sure.empty());
    const auto reading = read("a_b", alphabet);
    CHECK(reading.sure.size() == 3);
    CHECK(reading.confidence() == doctest::Approx(0.8618).epsilon(0.001));
}

TEST_CASE("Latin projects read no ideograph, and full-width letters as plain ones") {
    CHECK(read("azA", alphabet_of(some, true)).text == "aA");
    CHECK(read("a_zA", alphabet_of(some, false)).text == "a\xE4\xB8\x80\xEF\xBC\xA1");
}

TEST_CASE("a row that is cut short is not read") {
    const auto alphabet = alphabet_of(some, true);
    CHECK(decode_ctc(std::vector<float>(5, 1.0F), alphabet).text.empty());
}

}  // namespace
}  // namespace countersign
