#include "models/speech_grounding.h"

#include <doctest/doctest.h>

#include <limits>

#include "models/grounding.h"

namespace countersign {
namespace {

Region segment(double start, double end) {
    Region region;
    region.id = "d1";
    region.control = "speaker";
    region.kind = ControlKind::segments;
    region.labels = {"A"};
    region.start = start, region.end = end;
    return region;
}

Region text(const std::string& written, const std::string& parent = {}) {
    Region region;
    region.id = "d2";
    region.control = "transcript";
    region.kind = ControlKind::text;
    region.text = written;
    region.parent = parent;
    return region;
}

Region judged(Region region, const std::vector<TimeSpan>& voiced, double seconds = 60) {
    Regions regions{std::move(region)};
    regions[0].grounding = Grounding::grounded;
    ground_speech({seconds, &voiced}, regions);
    return regions[0];
}

const std::vector<TimeSpan> minute{{0, 60}};

TEST_CASE("three words a second are plausible, twelve are more than anybody can say") {
    CHECK_FALSE(implausible_rate("we will meet at the station tomorrow at nine", 3));
    CHECK_FALSE(implausible_rate("yes", 0.15));
    const auto fast = implausible_rate("one two three four five six seven eight nine ten", 0.8);
    REQUIRE(fast);
    CHECK(*fast == "It has 10 words in 0.8 s of speech, more than anybody can say.");
    CHECK_FALSE(implausible_rate("", 3));
    CHECK_FALSE(implausible_rate("one two three", 0));
}

TEST_CASE("a minute of speech with four words misses something") {
    const auto slow = implausible_rate("thank you very much", 60);
    REQUIRE(slow);
    CHECK(slow->find("only 4 words in 60.0 s") != std::string::npos);
    CHECK_FALSE(implausible_rate("thank you very much", 8));
}

TEST_CASE("a text without spaces is held to its characters") {
    std::string long_text;
    for (int i = 0; i < 100; ++i) long_text += "\xe4\xbd\xa0";
    CHECK_FALSE(implausible_rate(long_text, 20));
    CHECK(implausible_rate(long_text, 1));
}

TEST_CASE("a phrase that comes again and again is found, and what people do repeat is not") {
    CHECK(repeated_phrase("Thank you. Thank you. Thank you. Thank you.") == "thank you");
    CHECK(repeated_phrase("so I said i'll see you next i'll see you next i'll see you next time") ==
          "ill see you next");
    CHECK(repeated_phrase("the the the the the the") == "the");
    CHECK(repeated_phrase("no no no no") == "");
    CHECK(repeated_phrase("bye bye") == "");
    CHECK(repeated_phrase("it is what it is and that is that") == "");
    CHECK(repeated_phrase("") == "");
    CHECK(repeated_phrase("\xff\xfe again \xff\xfe again \xff\xfe again \xff\xfe again") != "");
}

TEST_CASE("words are held to where somebody speaks, with some slack") {
    const std::vector<TimeSpan> voiced{{1, 2}, {5, 6}};
    const std::vector<Word> words{{"hello", 0.9, 1.4, {}},
                                  {"there", 1.9, 2.2, {}},
                                  {"watching", 3, 3.6, {}},
                                  {"bye", 5, 6, {}}};
    CHECK(words_over_silence(words, voiced) == std::vector<std::size_t>{2});
    CHECK(words_over_silence(words, {}).size() == 4);
    CHECK(voiced_seconds(voiced, {1.5, 5.25}) == doctest::Approx(0.75));
}

TEST_CASE("a text over silence is weak and says which word") {
    auto invented = text("thanks for watching");
    invented.words = {
        {"thanks", 30, 30.4, 0.9}, {"for", 30.4, 30.5, 0.9}, {"watching", 30.5, 31, 0.9}};
    const auto weak = judged(invented, {{1, 4}});
    CHECK(weak.grounding == Grounding::weak);
    CHECK(weak.reason == "Nobody speaks where it has 3 of its words, first \"thanks\" at 30.0 s.");
    CHECK(judged(text("thank you"), {}).reason == "Nobody speaks in the recording.");
    CHECK(judged(text("thank you"), {{0, 2}}).grounding == Grounding::grounded);
}

TEST_CASE("without a look at the voice only the words themselves are judged") {
    Regions regions{text("thank you thank you thank you thank you")};
    ground_speech({0, nullptr}, regions);
    CHECK(regions[0].grounding == Grounding::weak);
    regions = {text("nobody knows how long this is")};
    regions[0].grounding = Grounding::grounded;
    ground_speech({0, nullptr}, regions);
    CHECK(regions[0].grounding == Grounding::grounded);
}

TEST_CASE("segments lie inside the recording") {
    CHECK(judged(segment(1, 2), minute).grounding == Grounding::grounded);
    const auto rounded = judged(segment(59, 60.05), minute);
    CHECK(rounded.grounding == Grounding::grounded);
    CHECK(rounded.end == 60);
    const auto stuck = judged(segment(55, 61), minute);
    CHECK(stuck.grounding == Grounding::repaired);
    CHECK(stuck.reason == "The segment stuck out of the recording by 1.0 s.");
    CHECK(judged(segment(59, 70), minute).grounding == Grounding::weak);
    CHECK(judged(segment(70, 80), minute).grounding == Grounding::ungrounded);
    CHECK(judged(segment(5, 5), minute).grounding == Grounding::ungrounded);
    CHECK(judged(segment(std::numeric_limits<double>::quiet_NaN(), 5), minute).grounding ==
          Grounding::ungrounded);
    CHECK(judged(segment(-1e300, 1e300), minute).grounding == Grounding::ungrounded);
}

TEST_CASE("a segment's text is held to the speech in the segment") {
    Regions regions{segment(10, 11),
                    text("far too many words for one short second of any speech", "d1")};
    for (auto& region : regions) region.grounding = Grounding::grounded;
    ground_speech({60, &minute}, regions);
    CHECK(regions[0].grounding == Grounding::grounded);
    CHECK(regions[1].grounding == Grounding::weak);
    Regions lost{text("hello", "d9")};
    ground_speech({60, &minute}, lost);
    CHECK(lost[0].grounding == Grounding::ungrounded);
}

TEST_CASE("times that make no sense are left out, the words stay") {
    auto wild = text("hello there");
    wild.words = {{"hello", 900, 901, 0.5}, {"there", 2, 3, 0.5}};
    const auto repaired = judged(wild, {{1, 4}});
    CHECK(repaired.grounding == Grounding::repaired);
    CHECK(repaired.words.empty());
    CHECK(repaired.text == "hello there");
    auto claims = text("hello");
    claims.words = {{"hello", 1, 1.5, 1.0005}};
    CHECK(judged(claims, {{1, 4}}).words[0].confidence == 1.0);
}

TEST_CASE("ground() holds drafts of audio to the recording") {
    Control speaker{.name = "speaker", .kind = ControlKind::segments};
    speaker.labels.push_back({.name = "A"});
    const Schema schema{Modality::audio, "audio", {speaker}};
    DraftAnswer draft;
    draft.regions = {segment(70, 80)};
    GroundItem item;
    item.sound = {60, nullptr};
    CHECK(ground(schema, item, draft).regions[0].grounding == Grounding::ungrounded);
}

}  // namespace
}  // namespace countersign
