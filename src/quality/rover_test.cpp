#include "quality/rover.h"

#include <doctest/doctest.h>

#include <map>

#include "base/result.h"
#include "base/rng.h"

using namespace countersign;

namespace {

RoverTranscript said(const std::string& text, double weight = 1) {
    return {words_of(text), {}, weight};
}

std::string fused(const std::vector<RoverTranscript>& transcripts) {
    return rover(transcripts).text();
}

/// What a person hears: words lost, taken for their double, or made up, a third of `error` each.
std::vector<std::string> heard(const std::vector<std::string>& truth, double error, Rng& rng) {
    std::vector<std::string> out;
    for (const auto& word : truth) {
        const double u = rng.uniform();
        if (u < error / 3) continue;
        out.push_back(u < 2 * error / 3 ? word + "?" : word);
        if (u > 1 - error / 3) out.push_back("er");
    }
    return out;
}

double rate(const std::vector<std::string>& truth, const std::vector<std::string>& words) {
    WordNumbers number;
    const auto a = number.of(truth), b = number.of(words);
    return edit_counts(a, b).rate();
}

}  // namespace

TEST_CASE("each slot votes, and silence is a vote too") {
    CHECK(fused({said("the cat sat"), said("the bat sat"), said("a cat sat")}) == "the cat sat");
    CHECK(fused({said("the cat sat"), said("the cat"), said("the cat")}) == "the cat");
    CHECK(fused({said("the cat"), said("the black cat"), said("the black cat")}) ==
          "the black cat");
    CHECK(fused({said("one two three")}) == "one two three");
    CHECK(fused({said(""), said(""), said("noise")}).empty());
    CHECK(fused({}).empty());
}

TEST_CASE("a word knows how many said it") {
    const auto found =
        rover(std::vector{said("the cat sat"), said("the bat sat"), said("the cat")});
    REQUIRE(found.words.size() == 3);
    CHECK(found.words[0].share == doctest::Approx(1));
    CHECK(found.words[1].share == doctest::Approx(2.0 / 3));
    CHECK(found.words[2].share == doctest::Approx(2.0 / 3));
    CHECK(found.agreement == doctest::Approx(7.0 / 9));
}

TEST_CASE("weights and confidences decide against the many") {
    CHECK(fused({said("yes", 3), said("no"), said("no")}) == "yes");
    RoverOptions options;
    options.votes_share = 0.3;
    const std::vector<RoverTranscript> sure{
        {{"yes"}, {0.95}, 1}, {{"no"}, {0.3}, 1}, {{"no"}, {0.2}, 1}};
    CHECK(rover(sure, options).text() == "yes");
    CHECK(rover(sure).text() == "no");
}

TEST_CASE("where only words differ every place takes what most say, as counting does") {
    Rng rng(11);
    for (int run = 0; run < 200; ++run) {
        const auto length = 1 + rng.below(12);
        std::vector<RoverTranscript> transcripts(5);
        std::string expected;
        for (std::uint32_t i = 0; i < length; ++i) {
            const auto right = "w" + std::to_string(i);
            expected += (i ? " " : "") + right;
            const auto wrong = rng.below(5);
            for (std::uint32_t t = 0; t < 5; ++t)
                transcripts[t].words.push_back(t == wrong ? "e" + std::to_string(i) : right);
        }
        CHECK(rover(transcripts).text() == expected);
    }
}

TEST_CASE("the fused transcript errs less than people do, and a careful person weighs more") {
    Rng rng(5);
    const double errors[] = {0.1, 0.4, 0.4, 0.6, 0.6};
    std::vector<TranscribedItem> items(150);
    std::vector<std::vector<std::string>> truth(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (int w = 0; w < 15; ++w) truth[i].push_back("w" + std::to_string(rng.below(400)));
        for (std::uint32_t p = 0; p < 5; ++p)
            items[i].answers.push_back({p, heard(truth[i], errors[p], rng), {}});
    }
    const auto mean_rate = [&](bool weighs) {
        TranscriptFusionOptions options;
        options.weigh_people = weighs;
        const auto fused = fuse_transcripts(items, 6, options);
        double sum = 0;
        for (std::size_t i = 0; i < items.size(); ++i)
            sum += rate(truth[i], words_of(fused.items[i].text()));
        return sum / double(items.size());
    };
    CHECK(mean_rate(false) < 0.15);
    CHECK(mean_rate(true) < mean_rate(false));
    const auto found = fuse_transcripts(items, 6);
    REQUIRE(found.people.size() == 5);
    CHECK(found.people[0].weight > 1.5 * found.people[4].weight);
    CHECK(found.people[4].word_error_rate > 0.2);
    for (const auto& person : found.people) {
        CHECK(person.transcripts == 150);
        CHECK(person.interval.low <= person.word_error_rate);
        CHECK(person.interval.high >= person.word_error_rate);
    }
}

TEST_CASE("transcripts that are too long are refused loudly") {
    RoverTranscript endless;
    endless.words.assign(rover_most_words + 1, "a");
    CHECK_THROWS_AS((void)rover(std::vector{endless}), Breakdown);
}
