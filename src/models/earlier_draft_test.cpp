#include "models/earlier_draft.h"

#include <doctest/doctest.h>

#include <limits>

#include "base/ids.h"
#include "models/connector.h"
#include "models/ensemble.h"

using namespace countersign;

namespace {

Region piece(const char* id, ControlKind kind, std::vector<std::string> labels) {
    Region region;
    region.id = id;
    region.control = "what";
    region.kind = kind;
    region.labels = std::move(labels);
    return region;
}

Region segment(const char* id, const char* label, double start, double end) {
    Region region = piece(id, ControlKind::segments, {label});
    region.start = start;
    region.end = end;
    return region;
}

Region text_of(const char* id, const char* parent, const char* text) {
    Region region = piece(id, ControlKind::text, {});
    region.parent = parent;
    region.text = text;
    return region;
}

}  // namespace

TEST_CASE("a transcript is told in order of time, who speaks before what is said") {
    const Regions draft{text_of("t2", "s2", "and you?"), segment("s2", "Speaker 2", 4, 5),
                        segment("s1", "Speaker 1", 1, 3), text_of("t1", "s1", "good\nmorning"),
                        segment("s3", "siren", 2, 2.5)};
    CHECK(draft_in_words(draft, 0, 0) ==
          "Speaker 1: good morning\nsiren from 2.0 to 2.5 s\nSpeaker 2: and you?");
}

TEST_CASE("boxes are told in thousandths, with what is said of them") {
    Region box = piece("b1", ControlKind::boxes, {"car"});
    box.x = 20, box.y = 10, box.width = 100, box.height = 40;
    Region colour = piece("c1", ControlKind::choices, {"red", "rusty"});
    colour.parent = "b1";
    CHECK(draft_in_words({box, colour}, 200, 100) ==
          "car at [100, 100, 600, 500]\ncar, what: red, rusty");
    Region span = piece("p1", ControlKind::spans, {"Person"});
    span.text = "Ada";
    CHECK(draft_in_words({span}, 0, 0) == "\"Ada\": Person");
    CHECK(draft_in_words({}, 10, 10).empty());
}

TEST_CASE(
    "a region about one that is not there, and numbers that are none, are told all the same") {
    Region box = piece("b1", ControlKind::boxes, {"car"});
    box.x = std::numeric_limits<double>::quiet_NaN();
    box.width = std::numeric_limits<double>::infinity();
    CHECK_FALSE(draft_in_words({box, text_of("t", "gone", "hello")}, 10, 10).empty());
}

TEST_CASE("a draft that is not there yet is waited for, and what is not grounded is not told") {
    Outside outside;
    const auto reads = wire_id('k', 3);
    CHECK(earlier_draft(&outside, reads, 1).refusal().code == Code::unavailable);
    CHECK(earlier_draft(nullptr, reads, 1).refusal().code == Code::unavailable);
    Region invented = piece("d2", ControlKind::choices, {"cat"});
    invented.grounding = Grounding::ungrounded;
    outside.drafts = [&](std::int64_t task) {
        std::vector<MemberDraft> all;
        if (task == 7)
            all.push_back(
                {reads, "nanodet", {piece("d1", ControlKind::choices, {"dog"}), invented}});
        return all;
    };
    const auto waits = earlier_draft(&outside, reads, 6);
    REQUIRE_FALSE(waits);
    CHECK(waits.refusal().code == Code::not_found);
    CHECK(waits.refusal().message.find(reads) != std::string::npos);
    const auto told = earlier_draft(&outside, reads, 7);
    REQUIRE(told);
    CHECK(told->size() == 1);
}

TEST_CASE("what a model reads is the id of a model, or nothing") {
    CHECK(reads_from(Json::object())->empty());
    CHECK(reads_from({{"reads", ""}})->empty());
    CHECK(*reads_from({{"reads", wire_id('k', 12)}}) == wire_id('k', 12));
    CHECK_FALSE(reads_from({{"reads", "t0000000001"}}));
    CHECK_FALSE(reads_from({{"reads", 3}}));
}
