// Segments against what is heard in their recordings.
#include <doctest/doctest.h>

#include <deque>

#include "quality/dataset_check.h"

using namespace countersign;

namespace {

Region turn(int n, double start, double end, std::string label = "Ada") {
    Region r;
    r.id = std::to_string(n);
    r.control = "who";
    r.kind = ControlKind::segments;
    r.labels = {std::move(label)};
    r.start = start, r.end = end;
    return r;
}

/// Recordings of 200 s in which somebody speaks for 4 s of every 5, each stretch a turn.
class Talk {
public:
    Talk() : check_(CheckOptions()) {}
    /// `change`: of the turns of one more recording.
    template <class Change>
    Talk& recording(const Change& change) {
        auto& regions = kept_.emplace_back();
        GivenItem item;
        item.name = names_.emplace_back("r" + std::to_string(names_.size()));
        item.seconds = 200;
        item.voiced.emplace();
        for (int i = 0; i < 40; ++i) {
            item.voiced->push_back({5.0 * i, 5.0 * i + 4});
            regions.push_back(turn(i, 5.0 * i, 5.0 * i + 4, i % 2 == 0 ? "Ada" : "Bob"));
        }
        change(regions);
        item.labels.push_back({"eve", &regions, 0, 0});
        check_.add(item);
        return *this;
    }
    std::vector<std::string> found() {
        std::vector<std::string> out;
        for (const auto& f : check_.finish())
            if (row_of(f.check).kind == FindingKind::label_error)
                out.push_back(std::string(row_of(f.check).name) + " " + f.region);
        return out;
    }
    DatasetCheck& check() { return check_; }

private:
    DatasetCheck check_;
    std::deque<Regions> kept_;
    std::deque<std::string> names_;
};

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("segments that hold their speech are left in peace") {
    CHECK(Talk().recording([](Regions&) {}).found().empty());
}

TEST_CASE("a segment between two stretches of speech has nobody in it") {
    const auto found = Talk()
                           .recording([](Regions& regions) {
                               regions[7].start = 39.1, regions[7].end = 39.9;
                               regions.push_back(turn(40, 35, 39, "Ada"));
                           })
                           .found();
    CHECK(found == Said{"spurious-region 7"});
}

TEST_CASE(
    "a segment that begins in the pause before and ends in the middle of speech is misplaced") {
    const auto found = Talk()
                           .recording([](Regions& regions) {
                               regions[10].start = 49.2, regions[10].end = 51.5;
                               regions[20].end = 103.8;  // A fifth of a second early.
                           })
                           .found();
    CHECK(found == Said{"misplaced-region 10", "unlabelled-sound "});
}

TEST_CASE("speech that another segment holds is not missing from this one") {
    const auto found = Talk()
                           .recording([](Regions& regions) {
                               regions[10].end = 52;
                               regions.push_back(turn(40, 52, 54, "Bob"));
                           })
                           .found();
    CHECK(found.empty());
}

TEST_CASE("a label that is not about speech is not held to it") {
    const auto found =
        Talk()
            .recording([](Regions& regions) {
                for (int i = 0; i < 20; ++i)
                    regions.push_back(turn(100 + i, 5.0 * i + 4.1, 5.0 * i + 4.9, "noise"));
            })
            .found();
    CHECK(found.empty());
}

TEST_CASE("where somebody speaks and most other speech has a segment, one is missing") {
    Talk talk;
    talk.recording([](Regions& regions) { regions.erase(regions.begin() + 3); });
    bool is_found = false;
    for (const auto& f : talk.check().finish())
        if (f.check == Check::unlabelled_sound) {
            is_found = true;
            REQUIRE(f.place);
            CHECK(f.place->start == doctest::Approx(15));
            CHECK(f.place->end == doctest::Approx(19));
            CHECK(f.sentence.starts_with("Somebody speaks from 15.0 to 19.0 s"));
        }
    CHECK(is_found);
}

TEST_CASE("a turn that sounds like another speaker is named with both shares") {
    Talk talk;
    talk.recording([](Regions& regions) { regions[6].labels = {"Bob"}; });
    const auto& corpus = talk.check().corpus();
    VoiceReadings voices;
    voices.by = "the voices";
    for (std::uint32_t m = 0; m < corpus.marks().size(); ++m) {
        voices.marks.push_back(m);
        // Their order: Ada was met first.
        const double ada = m % 2 == 0 ? 0.95 : 0.05;
        voices.rows.insert(voices.rows.end(), {ada, 1 - ada});
    }
    talk.check().add_voices(std::move(voices));
    std::vector<Finding> swapped;
    for (auto& f : talk.check().finish())
        if (f.check == Check::swapped_label) swapped.push_back(std::move(f));
    REQUIRE(swapped.size() == 1);
    CHECK(swapped[0].region == "6");
    CHECK(swapped[0].label == "Bob");
    CHECK(swapped[0].sentence ==
          "It is labelled \"Bob\" (0.05 by the voices), and sounds like \"Ada\" (0.95).");
    CHECK(swapped[0].score == doctest::Approx(0.95));
}
