#include "app/taught.h"

#include <doctest/doctest.h>

#include "models/text_learner_training.h"

namespace countersign {

namespace {

Control mood_control() {
    Control control;
    control.name = "mood";
    for (const auto* name : {"good", "bad"}) control.labels.push_back({name, {}, {}, {}, {}});
    return control;
}

LabelledText said(int i, const std::string& label) {
    return {"item " + std::to_string(i) + (label == "good" ? " is lovely" : " is awful"), label, 1,
            false};
}

Taught taught_by(int labels) {
    std::vector<LabelledText> reviews;
    for (int i = 0; i < labels; ++i) reviews.push_back(said(i, i % 2 == 0 ? "good" : "bad"));
    auto trained = train_text_learner(reviews, mood_control(), 7);
    REQUIRE(trained);
    auto opened = Taught::open(trained->state);
    REQUIRE(opened);
    return *std::move(opened);
}

double sure_that(Taught& taught, const std::string& text, const std::string& label) {
    for (const auto& one : taught.learner().predict(text))
        if (one.label == label) return one.probability;
    return 0;
}

}  // namespace

TEST_CASE("a lesson that is taken back leaves the learner as if it had never been told") {
    auto told = taught_by(40);
    auto other = taught_by(40);
    const LabelledText odd{"item 7 is lovely", "bad", 2, false};
    told.teach(1, said(50, "good"));
    told.teach(2, odd);
    told.teach(3, said(51, "bad"));
    other.teach(1, said(50, "good"));
    other.teach(3, said(51, "bad"));
    const std::string asked = "item 9 is lovely";
    CHECK(sure_that(told, asked, "good") < sure_that(other, asked, "good"));
    CHECK(told.unteach(2));
    CHECK(told.since() == 2);
    CHECK(sure_that(told, asked, "good") == sure_that(other, asked, "good"));
    CHECK(told.learner().version() == other.learner().version());
}

TEST_CASE("what the version itself learned from cannot be untaught") {
    auto taught = taught_by(40);
    CHECK(!taught.unteach(9));
    taught.teach(9, said(1, "good"));
    CHECK(taught.unteach(9));
    CHECK(!taught.unteach(9));
    CHECK(taught.since() == 0);
}

}  // namespace countersign
