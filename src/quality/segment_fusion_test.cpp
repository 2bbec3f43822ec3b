#include "quality/segment_fusion.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/rng.h"

using namespace countersign;

namespace {

std::vector<Turn> drawn(Rng& rng, std::uint32_t most, std::uint32_t speakers) {
    std::vector<Turn> out(rng.below(most + 1));
    for (auto& t : out) {
        t.start = rng.below(30);
        t.end = t.start + 1 + rng.below(9);
        t.speaker = rng.below(speakers);
    }
    return out;
}

std::set<std::uint32_t> speakers_at(const std::vector<Turn>& turns, double at) {
    std::set<std::uint32_t> out;
    for (const auto& t : turns)
        if (t.start <= at && at < t.end) out.insert(t.speaker);
    return out;
}

/// Second by second, under every way to call three speakers.
double slow_errors(const std::vector<Turn>& a, const std::vector<Turn>& b) {
    double least = 1e9;
    std::vector<std::uint32_t> name{0, 1, 2};
    do {
        double errors = 0;
        for (int second = 0; second < 45; ++second) {
            const auto in_a = speakers_at(a, second + 0.5), in_b = speakers_at(b, second + 0.5);
            std::size_t right = 0;
            for (const auto s : in_a) right += in_b.contains(name[s]);
            errors += double(std::max(in_a.size(), in_b.size()) - right);
        }
        least = std::min(least, errors);
    } while (std::next_permutation(name.begin(), name.end()));
    return least;
}

}  // namespace

TEST_CASE("diarization errors: missed, made up, and taken for another") {
    //            0         10        20
    // reference  AAAAAAAAAA BBBBBBBBBB
    // hypothesis 11111          22222 22222(to 25)
    const std::vector<Turn> reference{{0, 10, 0}, {10, 20, 1}};
    const std::vector<Turn> hypothesis{{0, 5, 7}, {8, 12, 7}, {15, 25, 9}};
    const auto found = diarization_errors(reference, hypothesis);
    CHECK(found.reference == doctest::Approx(20));
    CHECK(found.missed == doctest::Approx(6));
    CHECK(found.false_alarm == doctest::Approx(5));
    CHECK(found.confused == doctest::Approx(2));
    CHECK(found.rate() == doctest::Approx(13.0 / 20));
    DiarizationOptions options;
    options.collar = 1;
    const auto forgiving = diarization_errors(reference, hypothesis, options);
    CHECK(forgiving.reference == doctest::Approx(16));
    CHECK(forgiving.confused == doctest::Approx(1));
    CHECK(forgiving.false_alarm == doctest::Approx(4));
    options = {};
    options.map_speakers = false;
    CHECK(diarization_errors(reference, hypothesis, options).confused == doctest::Approx(14));
}

TEST_CASE("errors are those of a count second by second under the best names") {
    Rng rng(17);
    for (int run = 0; run < 400; ++run) {
        const auto a = drawn(rng, 6, 3), b = drawn(rng, 6, 3);
        const auto found = diarization_errors(a, b);
        CHECK(found.errors() == doctest::Approx(slow_errors(a, b)).epsilon(1e-9));
        CHECK(turn_distance(a, b) == doctest::Approx(turn_distance(b, a)).epsilon(1e-9));
        CHECK(turn_distance(a, b) <= 1);
        CHECK(turn_distance(a, a) == 0);
    }
    CHECK(turn_distance({}, {}) == 0);
    CHECK(diarization_errors({}, {}).rate() == 0);
    CHECK(diarization_errors({}, std::vector<Turn>{{0, 1, 0}}).rate() == 1);
}

TEST_CASE("where the reference has two at once can be left out") {
    const std::vector<Turn> reference{{0, 10, 0}, {5, 10, 1}}, hypothesis{{0, 10, 0}};
    CHECK(diarization_errors(reference, hypothesis).missed == doctest::Approx(5));
    DiarizationOptions options;
    options.skip_overlap = true;
    const auto found = diarization_errors(reference, hypothesis, options);
    CHECK(found.errors() == 0);
    CHECK(found.reference == doctest::Approx(5));
}

TEST_CASE("three systems that call speakers differently vote") {
    const std::vector<std::vector<Turn>> systems{
        {{0, 10, 0}, {10, 20, 1}}, {{0, 11, 5}, {11, 20, 3}}, {{0, 10, 1}, {10, 19, 0}}};
    const auto vote = vote_turns(systems);
    REQUIRE(vote.turns.size() == 2);
    CHECK(vote.turns[0].start == 0);
    CHECK(vote.turns[0].end == 10);
    CHECK(vote.turns[1].end == 20);
    CHECK(vote.turns[0].speaker != vote.turns[1].speaker);
    CHECK(vote.turns[0].share == doctest::Approx(1));
    CHECK(vote.turns[1].share < 1);
    CHECK(vote.speakers[1].size() == 2);
    CHECK(vote_turns({}).turns.empty());
}

TEST_CASE("a vote by name is what a count second by second says") {
    Rng rng(29);
    TurnVoteOptions options;
    options.map_speakers = false;
    options.weights = {1.0, 1.01, 1.03};
    for (int run = 0; run < 200; ++run) {
        const std::vector<std::vector<Turn>> systems{drawn(rng, 5, 3), drawn(rng, 5, 3),
                                                     drawn(rng, 5, 3)};
        const auto vote = vote_turns(systems, options);
        const std::vector<Turn> turns(vote.turns.begin(), vote.turns.end());
        for (int second = 0; second < 40; ++second) {
            double speakers = 0;
            double weight[3] = {};
            for (std::size_t s = 0; s < 3; ++s)
                for (const auto k : speakers_at(systems[s], second + 0.5))
                    weight[k] += options.weights[s], speakers += options.weights[s];
            const auto wanted = std::size_t(std::floor(speakers / 3.04 + 0.5));
            std::vector<std::uint32_t> order{0, 1, 2};
            std::stable_sort(order.begin(), order.end(),
                             [&](auto a, auto b) { return weight[a] > weight[b]; });
            std::set<std::uint32_t> expected(order.begin(), order.begin() + std::ptrdiff_t(wanted));
            CHECK(speakers_at(turns, second + 0.5) == expected);
        }
    }
}

TEST_CASE("where each system hears somebody else the speaker counts on whom they agree most") {
    // Of 1 all three hear nearly the same, of 2 and 3 little; at 40 each hears another.
    const std::vector<std::vector<Turn>> systems{
        {{0, 30, 1}, {30, 38, 2}, {38, 40, 3}, {40, 42, 2}, {50, 56, 3}},
        {{0, 30, 1}, {30, 36, 2}, {40, 42, 1}, {50, 52, 3}},
        {{0, 29, 1}, {33, 38, 2}, {40, 42, 3}, {52, 56, 3}}};
    const auto heard_at = [](const TurnVote& vote, double at) {
        return speakers_at(std::vector<Turn>(vote.turns.begin(), vote.turns.end()), at);
    };
    const auto vote = vote_turns(systems);
    REQUIRE(heard_at(vote, 41).size() == 1);
    CHECK(heard_at(vote, 41) == heard_at(vote, 10));
    TurnVoteOptions first;
    first.weights = {1.2, 1, 1};
    const auto weighed = vote_turns(systems, first);
    CHECK(heard_at(weighed, 41) == heard_at(weighed, 34));
}

TEST_CASE("two systems outvote a third however well its speaker is known") {
    const std::vector<std::vector<Turn>> systems{{{0, 90, 1}, {90, 95, 2}, {95, 100, 1}},
                                                 {{0, 90, 1}, {93, 100, 2}},
                                                 {{0, 90, 1}, {95, 100, 2}, {100, 104, 2}}};
    const auto vote = vote_turns(systems);
    const std::vector<Turn> turns(vote.turns.begin(), vote.turns.end());
    REQUIRE(speakers_at(turns, 97).size() == 1);
    CHECK(speakers_at(turns, 97) != speakers_at(turns, 50));
}

TEST_CASE("systems that err apart are better together") {
    Rng rng(31);
    DiarizationErrors worst, fused;
    for (int run = 0; run < 20; ++run) {
        std::vector<Turn> truth;
        for (double at = 0; at < 200; at += 5) truth.push_back({at, at + 5, rng.below(4)});
        std::vector<std::vector<Turn>> systems(3);
        for (auto& system : systems)
            for (auto t : truth) {
                if (rng.uniform() < 0.1) continue;
                if (rng.uniform() < 0.15) t.speaker = rng.below(4);
                t.speaker = (t.speaker + 1) % 4;
                system.push_back(t);
            }
        const auto vote = vote_turns(systems);
        fused += diarization_errors(truth, std::vector<Turn>(vote.turns.begin(), vote.turns.end()));
        worst += diarization_errors(truth, systems[0]);
    }
    CHECK(fused.rate() < 0.6 * worst.rate());
}
