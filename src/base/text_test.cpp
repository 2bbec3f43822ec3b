#include "base/text.h"

#include <doctest/doctest.h>

#include "base/rng.h"

using namespace countersign;

namespace {
/// The obvious way: decode everything, then count.
std::vector<char32_t> decode(std::string_view s) {
    std::vector<char32_t> out;
    for (std::size_t i = 0; i < s.size();) {
        const auto a = static_cast<unsigned char>(s[i]);
        const int n = a < 0x80 ? 1 : a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
        char32_t c = n == 1 ? a : a & (0xFF >> (n + 1));
        for (int k = 1; k < n; ++k)
            c = (c << 6) | (static_cast<unsigned char>(s[i + static_cast<std::size_t>(k)]) & 0x3F);
        out.push_back(c);
        i += static_cast<std::size_t>(n);
    }
    return out;
}
}  // namespace

TEST_CASE("an emoji is one code point and two UTF-16 units") {
    const std::string_view text = "a\U0001F600b";
    CHECK(code_points(text) == 3);
    CHECK(to_utf16(text, 2) == 3);
    CHECK(from_utf16(text, 3) == 2);
    CHECK_MESSAGE(!from_utf16(text, 2),
                  "an offset inside a surrogate pair is no place in the text");
    CHECK_FALSE(to_utf16(text, 4));
    CHECK(slice(text, 1, 2) == "\U0001F600");
}

TEST_CASE("combining marks count by themselves, as every other code point does") {
    const std::string_view text = "e\u0301x";
    CHECK(code_points(text) == 3);
    CHECK(slice(text, 0, 2) == "e\u0301");
    CHECK(slice(text, 3, 3) == "");
    CHECK_FALSE(slice(text, 0, 4));
}

TEST_CASE("offsets agree with decoding the whole text, on random texts") {
    Rng rng(7);
    const char* pieces[] = {"a", "\u00e9", "\u4e2d", "\U0001F680", " ", "\u0301"};
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (auto n = rng.below(12); n > 0; --n) text += pieces[rng.below(6)];
        const auto points = decode(text);
        std::int64_t units = 0;
        for (std::size_t i = 0; i <= points.size(); ++i) {
            CHECK(to_utf16(text, static_cast<std::int64_t>(i)) == units);
            CHECK(from_utf16(text, units) == static_cast<std::int64_t>(i));
            if (i < points.size()) units += points[i] > 0xFFFF ? 2 : 1;
        }
    }
}

TEST_CASE("what is not UTF-8 is seen and can be repaired") {
    CHECK(is_utf8("caf\u00e9"));
    for (const char* bad :
         {"caf\xe9", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
        CHECK_FALSE(is_utf8(bad));
        CHECK(is_utf8(repair_utf8(bad)));
    }
}
