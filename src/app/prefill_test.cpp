#include "app/prefill.h"

#include <doctest/doctest.h>

namespace countersign {

namespace {

Draft heard(double confidence) {
    Region text;
    text.id = "t";
    text.control = "transcript";
    text.kind = ControlKind::text;
    text.text = "so far so good";
    text.confidence = confidence;
    Draft out;
    out.regions = {text};
    return out;
}

Policy from(double show_from) {
    Policy out;
    out.show_from = show_from;
    return out;
}

}  // namespace

TEST_CASE("a transcript less sure than the policy says is kept back, whole") {
    const auto sure = prefill(heard(0.8), from(0.5));
    CHECK(sure.regions.size() == 1);
    CHECK(sure.maybes.empty());
    const auto unsure = prefill(heard(0.2), from(0.5));
    CHECK(unsure.regions.empty());
    CHECK(unsure.maybes.size() == 1);
}

TEST_CASE("what was kept back, called up and handed in is an edit; one's own text is not") {
    const auto draft = heard(0.2);
    const auto kept = judge_answer(&draft, true, from(0.5), draft.regions, false);
    CHECK(kept.action == Action::edited);
    CHECK(kept.regions[0].origin == Origin::model);
    auto mended = draft.regions;
    mended[0].text = "so far, so good";
    CHECK(judge_answer(&draft, true, from(0.5), mended, false).action == Action::edited);
    auto own = draft.regions;
    own[0].id = "mine";
    CHECK(judge_answer(&draft, true, from(0.5), own, false).action == Action::created);
    CHECK(judge_answer(&draft, true, from(0.5), {}, false).action == Action::accepted);
}

TEST_CASE("what was filled in and handed in as it stood is accepted, without being shown created") {
    const auto draft = heard(0.8);
    CHECK(judge_answer(&draft, true, from(0.5), draft.regions, false).action == Action::accepted);
    CHECK(judge_answer(&draft, false, from(0.5), draft.regions, false).action == Action::created);
    CHECK(judge_answer(nullptr, false, from(0.5), draft.regions, false).action == Action::created);
}

}  // namespace countersign
