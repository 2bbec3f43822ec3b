// Wire types of gold tasks, onboarding and standings.
#pragma once

#include <string>
#include <vector>

#include "app/gold.h"
#include "http/wire_tasks.h"

namespace countersign {

struct OnboardingOut {
    OnboardingState state = OnboardingState::underway;
    int round = 1;
    int answered = 0;
    int wanted = 0;
    double least = 0;
    Nullable<double> score;
    std::vector<std::string> unseen;
    bool starved = false;
};
template <class V>
void fields(V& v, OnboardingOut& o) {
    v("state", o.state, "underway, passed or failed");
    v("round", o.round, "1, 2, ...");
    v("answered", o.answered, "first tasks of the round that are answered");
    v("wanted", o.wanted, "first tasks of the round");
    v("least", o.least, "mean score that passes");
    v("score", o.score, "mean score of the round, once it is over");
    v("unseen", o.unseen,
      "a...: answers whose trusted answer was not looked at yet; the round is over when all were");
    v("starved", o.starved, "there is too little gold for the person to finish the round");
}

struct GoldOut {
    TaskOut task;
    std::string person;
    std::string labels;
    Millis created = 0;
    std::int64_t trials = 0;
    std::int64_t agreed = 0;
};
template <class V>
void fields(V& v, GoldOut& o) {
    v("task", o.task, "the task");
    v("person", o.person, "shown name of who vouches for the answer");
    v("labels", o.labels, "label names of the answer, comma separated");
    v("created", o.created, "ms UTC, when it became gold");
    v("trials", o.trials, "answers people gave to it");
    v("agreed", o.agreed, "of them, the same as the trusted one");
}

struct GoldBody {
    std::vector<std::string> tasks;
};
template <class V>
void fields(V& v, GoldBody& o) {
    v("tasks", o.tasks, "t..., decided, at most 1,000");
}

struct WithdrawGoldBody {
    std::vector<std::string> tasks;
    std::string reason;
};
template <class V>
void fields(V& v, WithdrawGoldBody& o) {
    v("tasks", o.tasks, "t..., gold, at most 1,000");
    v("reason", o.reason, "why the answer is not to be trusted");
}

struct GoldChangedOut {
    std::int64_t changed = 0;
};
template <class V>
void fields(V& v, GoldChangedOut& o) {
    v("changed", o.changed, "tasks that changed");
}

struct PersonBody {
    std::string person;
};
template <class V>
void fields(V& v, PersonBody& o) {
    v("person", o.person, "u...");
}

struct FeedbackBody {
    std::string annotation;
};
template <class V>
void fields(V& v, FeedbackBody& o) {
    v("annotation", o.annotation, "a...: an answer of the caller's onboarding");
}

struct FeedbackOut {
    TaskOut task;
    Nullable<MediaOut> media;
    AnnotationOut answer;
    std::vector<Region> trusted;
    std::vector<Difference> differences;
    double score = 0;
    bool agreed = false;
    OnboardingOut onboarding;
};
template <class V>
void fields(V& v, FeedbackOut& o) {
    v("task", o.task, "the task");
    v("media", o.media, "null: text");
    v("answer", o.answer, "what the caller decided");
    v("trusted", o.trusted, "the trusted answer");
    v("differences", o.differences, "a: a region of the trusted answer, b: one of the caller's");
    v("score", o.score, "0 to 1");
    v("agreed", o.agreed, "the answers are the same");
    v("onboarding", o.onboarding, "where the caller stands after this");
}

struct OnboardingStandOut {
    Nullable<OnboardingOut> onboarding;
};
template <class V>
void fields(V& v, OnboardingStandOut& o) {
    v("onboarding", o.onboarding, "null: none was begun");
}

struct ShareOut {
    double low = 0, high = 0;
};
template <class V>
void fields(V& v, ShareOut& o) {
    v("low", o.low, "low end of the 95 % interval");
    v("high", o.high, "its high end");
}

struct StandingOut {
    std::string person;
    std::string display;
    Nullable<OnboardingOut> onboarding;
    std::int64_t trials = 0;
    std::int64_t agreed = 0;
    double mean_score = 0;
    ShareOut accuracy;
    std::int64_t recent = 0;
    std::int64_t recent_agreed = 0;
    double moved = 0;
    ShareOut moved_by;
    std::string drift;
};
template <class V>
void fields(V& v, StandingOut& o) {
    v("person", o.person, "u...");
    v("display", o.display, "shown name");
    v("onboarding", o.onboarding, "null: none was begun");
    v("trials", o.trials, "gold tasks answered among the work");
    v("agreed", o.agreed, "of them, the same as the trusted answer");
    v("mean_score", o.mean_score, "mean score on them, 0 to 1");
    v("accuracy", o.accuracy, "of agreed / trials (Wilson)");
    v("recent", o.recent, "the last so many are compared with those before; 0: too few");
    v("recent_agreed", o.recent_agreed, "of the last ones, the same as the trusted answer");
    v("moved", o.moved, "share that agreed among the last ones, less the share before");
    v("moved_by", o.moved_by, "of that difference (Newcombe)");
    v("drift", o.drift, "better or worse when the interval excludes 0; else empty");
}

OnboardingOut onboarding_out(const OnboardingView& view);

}  // namespace countersign
