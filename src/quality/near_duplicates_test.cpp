#include "quality/near_duplicates.h"

#include <doctest/doctest.h>

#include <map>

#include "base/rng.h"

using namespace countersign;

namespace {

std::string drawn_text(Rng& rng, int words) {
    std::string out;
    for (int i = 0; i < words; ++i) {
        if (i) out += ' ';
        for (auto n = 2 + rng.below(7); n > 0; --n) out += static_cast<char>('a' + rng.below(26));
    }
    return out;
}

}  // namespace

TEST_CASE("texts: pairs above the threshold are found, others are not") {
    Rng rng(3);
    std::vector<std::string> texts;
    for (int i = 0; i < 90; ++i) {
        texts.push_back(drawn_text(rng, 20));
        if (i % 3 == 0) {  // A copy with one word more, in capitals and with other punctuation.
            auto copy = texts.back() + "! " + drawn_text(rng, 1);
            for (auto& c : copy) c = c >= 'a' && c <= 'm' ? static_cast<char>(c - 32) : c;
            texts.push_back(copy);
        }
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> all;
    for (std::uint32_t i = 0; i < texts.size(); ++i)
        for (std::uint32_t j = i + 1; j < texts.size(); ++j)
            if (const double s = text_similarity(texts[i], texts[j]); s >= 0.8) all[{i, j}] = s;
    CHECK(all.size() == 30);
    const auto found = near_texts(views, 0.8);
    CHECK(found.size() >= 29);
    for (const auto& pair : found) {
        REQUIRE(all.contains({pair.a, pair.b}));
        CHECK(all[{pair.a, pair.b}] == pair.similarity);
    }
}

TEST_CASE("texts: short ones and many equal ones") {
    CHECK(near_texts(std::vector<std::string_view>{"yes", "yes"}, 0.5).empty());
    const std::vector<std::string_view> same(1000, "one and the same text, over and over again");
    const auto found = near_texts(same, 0.8);
    CHECK(found.size() >= 999);
    CHECK(found.size() < 2000);
}

TEST_CASE("normal form: case and white space go, the rest stays") {
    CHECK(normal_text("  A\tB \n c! ") == "a b c!");
    CHECK(normal_text("").empty());
}

TEST_CASE("pictures: all pairs within the distance, as the slow way finds them") {
    Rng rng(5);
    std::vector<PictureHash> pictures;
    for (int i = 0; i < 200; ++i) {
        PictureHash hash{(std::uint64_t{rng()} << 32) | rng(),
                         (std::uint64_t{rng()} << 32) | rng()};
        pictures.push_back(hash);
        for (auto flips = rng.below(14); i % 2 == 0 && flips > 0; --flips)
            (flips % 2 ? hash.across : hash.down) ^= std::uint64_t{1} << rng.below(64);
        if (i % 2 == 0) pictures.push_back(hash);
    }
    std::size_t slow = 0;
    for (std::uint32_t i = 0; i < pictures.size(); ++i)
        for (std::uint32_t j = i + 1; j < pictures.size(); ++j)
            slow += picture_distance(pictures[i], pictures[j]) <= 8;
    CHECK(slow > 30);
    CHECK(near_pictures(pictures, 8).size() == slow);
}

TEST_CASE("pictures: those without structure are alike all, and say nothing") {
    std::array<std::uint8_t, 81> grey{};
    grey.fill(128);
    const std::vector<PictureHash> flat(5, picture_hash(grey));
    CHECK(near_pictures(flat, 8).empty());
}
