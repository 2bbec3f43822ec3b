// What is checked of recordings alone.
#include <doctest/doctest.h>

#include <algorithm>

#include "quality/dataset_check.h"

using namespace countersign;

namespace {

Region segment(std::string id, double start, double end, std::string label = "ada") {
    Region r;
    r.id = std::move(id);
    r.control = "who";
    r.kind = ControlKind::segments;
    r.labels = {std::move(label)};
    r.start = start, r.end = end;
    return r;
}
Region said(std::string parent, std::string text, std::vector<Word> words = {}) {
    Region r;
    r.id = parent + "-text";
    r.control = "said";
    r.kind = ControlKind::text;
    r.parent = std::move(parent);
    r.text = std::move(text);
    r.words = std::move(words);
    return r;
}

std::vector<Finding> findings(const Regions& regions, double seconds,
                              std::vector<GivenItem::Stretch> silences = {}) {
    GivenItem item;
    item.name = "a.wav";
    item.seconds = seconds;
    item.silences = std::move(silences);
    item.labels.push_back({"ada", &regions, 0, 0});
    DatasetCheck check{CheckOptions()};
    check.add(item);
    auto found = check.finish();
    std::erase_if(found, [](const Finding& f) {
        return row_of(f.check).kind == FindingKind::labels;  // One label is a small set.
    });
    return found;
}

}  // namespace

TEST_CASE("segments outside the recording, without length, doubled and overlapping are found") {
    const auto found =
        findings({segment("a", 0, 1), segment("b", 0.5, 2), segment("c", 3, 3), segment("d", 4, 6),
                  segment("e", 0.5, 2, "bob"), segment("f", 4, 6)},
                 5);
    std::vector<std::string> said;
    for (const auto& f : found) said.push_back(std::string(row_of(f.check).name) + " " + f.region);
    std::sort(said.begin(), said.end());
    CHECK(said == std::vector<std::string>{"doubled f", "no-area c", "outside d", "outside f",
                                           "overlapping-spans b"});
}

TEST_CASE("more words than can be said, words elsewhere, and silence are found") {
    const Regions regions = {
        segment("a", 0, 1), said("a", "one two three four five six seven eight nine ten"),
        segment("b", 2, 4), said("b", "good day", {{"good", 2, 2.5, {}}, {"day", 5, 5.5, {}}}),
        segment("c", 6, 8)};
    const auto found = findings(regions, 10, {{5.9, 8.2}});
    REQUIRE(found.size() == 3);
    for (const auto& f : found) {
        if (f.check == Check::odd_rate) {
            CHECK(f.sentence.find("is 10.0 words a second in the 1.0 s of \"ada\"") !=
                  std::string::npos);
            CHECK(f.score == doctest::Approx(0.2));
        } else if (f.check == Check::words_outside) {
            CHECK(f.sentence == "1 of 2 words lie outside \"ada\" at 2 to 4 s: \"day\" at 5.0 s.");
            CHECK(f.score == 0.5);
        } else {
            CHECK(f.check == Check::silent_segment);
            CHECK(f.region == "c");
            CHECK(f.place->start == 6);
        }
    }
    CHECK(findings({segment("a", 0, 1), said("a", "three calm words")}, 0).empty());
}

TEST_CASE("what is heard where no segment is, is named where people label nearly everything") {
    const std::vector<GivenItem::Stretch> silences{{2, 3}};
    const auto unlabelled = [&](const Regions& regions) {
        auto found = findings(regions, 10, silences);
        std::erase_if(found, [](const Finding& f) { return f.check != Check::unlabelled_sound; });
        return found;
    };
    const auto found = unlabelled({segment("a", 0, 2), segment("b", 3, 8)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].place->start == doctest::Approx(8.25));
    CHECK(found[0].place->end == 10);
    CHECK(found[0].score == doctest::Approx(1 - 1.75 / 9));
    CHECK(unlabelled({segment("a", 0, 1)}).empty());  // One word was looked for.
    CHECK(unlabelled({segment("a", 0, 2), segment("b", 3, 9.5)}).empty());
    CHECK(unlabelled({}).empty());
}

TEST_CASE("recordings that sound alike are near duplicates") {
    DatasetCheck check{CheckOptions()};
    SoundPrint one;
    for (std::uint32_t i = 0; i < 200; ++i) one.push_back(0x9e3779b9u * (i + 1) | 1);
    auto other = one;
    for (auto& word : other) word ^= 0x00010000u;
    for (const auto& [name, print] : {std::pair{"a.wav", one}, std::pair{"b.wav", other}}) {
        GivenItem item;
        item.name = name;
        item.sound = print;
        item.bytes = print.front();
        check.add(item);
    }
    const auto found = check.finish();
    REQUIRE(found.size() == 1);
    CHECK(found[0].check == Check::near_duplicate);
    CHECK(found[0].item == 1);
    CHECK(found[0].score == doctest::Approx(1 - 1.0 / 16));
}
