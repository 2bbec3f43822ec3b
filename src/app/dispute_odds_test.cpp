#include "app/dispute_odds.h"

#include <doctest/doctest.h>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr Id steady = 1, hasty = 2, third = 3;

Schema one_choice() {
    Control kind;
    kind.name = "kind";
    kind.labels = {{"cat", "", "", "", {}}, {"dog", "", "", "", {}}, {"cow", "", "", "", {}}};
    return {Modality::text, "text", {kind}};
}

Schema transcripts() {
    Control said;
    said.name = "said";
    said.kind = ControlKind::text;
    return {Modality::audio, "audio", {said}};
}

Regions chosen(const std::string& label) {
    Region r;
    r.id = "r";
    r.control = "kind";
    r.labels = {label};
    return {r};
}

Regions written(const std::string& text) {
    Region r;
    r.id = "r";
    r.control = "said";
    r.kind = ControlKind::text;
    r.text = text;
    return {r};
}

/// Tasks that three people answer: one is nearly always right, one in half of the cases.
template <class Say>
std::vector<SeveralAnswers> crowd(const Say& say) {
    Rng rng(2);
    std::vector<SeveralAnswers> out;
    Id annotation = 100;
    for (Id task = 1; task <= 200; ++task) {
        auto& one = out.emplace_back();
        one.task = task;
        const auto truth = rng.below(3);
        const auto answer = [&](Id person, double right) {
            const auto value = rng.uniform() < right ? truth : (truth + 1 + rng.below(2)) % 3;
            one.answers.push_back({++annotation, person, say(value)});
        };
        answer(steady, 0.95);
        answer(hasty, 0.5);
        answer(third, 0.9);
    }
    return out;
}

/// Of two who differ.
SeveralAnswers dispute_of(Id task, Regions by_steady, Regions by_hasty) {
    SeveralAnswers out;
    out.task = task;
    out.answers = {{1'001, steady, std::move(by_steady)}, {1'002, hasty, std::move(by_hasty)}};
    return out;
}

}  // namespace

TEST_CASE(
    "of two who differ about a label the one who is right more often is more probably right") {
    static constexpr const char* labels[] = {"cat", "dog", "cow"};
    auto answers = crowd([](std::uint32_t value) { return chosen(labels[value]); });
    answers.push_back(dispute_of(900, chosen("cow"), chosen("dog")));
    const auto fit = fit_disputes(one_choice(), answers, 7);
    CHECK(fit.ground == OddsGround::held_out);
    CHECK(fit.tasks == 201);
    const auto& odds = fit.of_task.at(900);
    REQUIRE(odds.opinions.size() == 2);
    CHECK(odds.opinions[0].annotation == 1'001);
    CHECK(odds.opinions[0].probability > 0.6);
    CHECK(odds.opinions[0].probability > 3 * odds.opinions[1].probability);
    CHECK(odds.opinions[0].probability + odds.opinions[1].probability + odds.none ==
          doctest::Approx(1));
}

TEST_CASE(
    "what people wrote is compared as a whole, and those who wrote the same share their odds") {
    auto answers =
        crowd([](std::uint32_t value) { return written("take " + std::to_string(value)); });
    answers.push_back(dispute_of(900, written("good bye"), written("good buy")));
    auto three = dispute_of(901, written("well "), written("will"));
    three.answers.push_back({1'003, third, written("well")});
    answers.push_back(three);
    const auto fit = fit_disputes(transcripts(), answers, 7);
    const auto& two = fit.of_task.at(900).opinions;
    CHECK(two[0].probability > two[1].probability);
    const auto& agreed = fit.of_task.at(901);
    CHECK(agreed.opinions[0].probability == agreed.opinions[2].probability);
    CHECK(agreed.opinions[0].probability > two[0].probability);
    CHECK(agreed.none >= 0);
}

TEST_CASE("verdicts say who is right: a person whom specialists overrule loses weight") {
    std::vector<SeveralAnswers> answers;
    for (Id task = 1; task <= 40; ++task) {
        auto one = dispute_of(task, chosen("cat"), chosen("dog"));
        for (auto& answer : one.answers) answer.annotation += 10 * task;
        one.verdict = one.answers[0].annotation;
        if (task % 10 == 0) one.own = chosen("cow");
        answers.push_back(std::move(one));
    }
    answers.push_back(dispute_of(900, chosen("cow"), chosen("dog")));
    const auto fit = fit_disputes(one_choice(), answers, 7);
    CHECK(fit.ground == OddsGround::verdicts);
    CHECK(fit.verdicts == 40);
    const auto& odds = fit.of_task.at(900).opinions;
    CHECK(odds[0].probability > odds[1].probability);
}

TEST_CASE("a dispute that has got another answer since is not known") {
    const std::vector<SeveralAnswers> answers{dispute_of(900, chosen("cow"), chosen("dog"))};
    const auto fit = fit_disputes(one_choice(), answers, 7);
    CHECK(fit.ground == OddsGround::few);
    Dispute dispute;
    dispute.task.id = 900;
    for (const Id id : {1'001, 1'002}) {
        Annotation opinion;
        opinion.id = id;
        dispute.opinions.push_back(opinion);
    }
    REQUIRE(fit.of(dispute));
    CHECK(fit.of(dispute)->opinions.size() == 2);
    dispute.opinions.push_back(dispute.opinions.front());
    dispute.opinions.back().id = 1'003;
    CHECK(!fit.of(dispute));
    CHECK(fit_disputes(one_choice(), {}, 7).of_task.empty());
}
