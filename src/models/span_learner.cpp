#include "models/span_learner.h"

#include <algorithm>

#include "models/lessons.h"

namespace countersign {

Result<SpanLearner> SpanLearner::open(std::string_view state) {
    if (state.empty())
        return Refusal{Code::unavailable,
                       "The span learner has not learned yet: it needs at least " +
                           std::to_string(least_span_texts) + " reviewed texts."};
    return SpanLearner(TRY(span_learner_from(state)));
}

std::string SpanLearner::version() const {
    return "crf, " + std::to_string(state_.texts) + " texts";
}

SpanLearner::Reading SpanLearner::read(std::string_view text) const {
    Reading out;
    const auto tokens = state_.features.tokens(text);
    if (tokens.empty()) return out;
    const CrfReading reading(state_.crf, state_.features.words(tokens));
    std::vector<CrfSpan> drafted;
    for (const auto& [span, p] : reading.likely(least_maybe)) {
        const bool maybe = p < state_.least;
        if (!maybe) drafted.push_back(span);
        out.spans.push_back({tokens[span.first].start, tokens[span.last - 1].end,
                             state_.labels[static_cast<std::size_t>(span.type)], p, state_.span(p),
                             maybe});
    }
    std::sort(drafted.begin(), drafted.end());
    out.confidence = reading.whole(drafted);
    out.probability = state_.whole(out.confidence);
    return out;
}

namespace {

/// The control the learner would draft: the one called `name`, else the first of spans.
Result<const Control*> spans_control(const Schema& schema, const Json& config) {
    const auto named = config.is_object() ? config.value("control", std::string()) : std::string();
    if (schema.modality != Modality::text)
        return Refusal{Code::unsupported,
                       "The span learner drafts spans of text; the items here are " +
                           std::string(name_of(schema.modality)) + "."};
    for (const auto& control : schema.controls)
        if (control.kind == ControlKind::spans && (named.empty() || control.name == named))
            return &control;
    return Refusal{Code::unsupported,
                   named.empty() ? std::string("The schema has no control of spans to draft.")
                                 : "The schema has no control of spans called \"" + named + "\"."};
}

class SpanLearnerDrafter final : public Drafter {
public:
    explicit SpanLearnerDrafter(SpanLearner learner) : learner_(std::move(learner)) {}
    std::string version() const override { return learner_.version(); }
    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token) override {
        const auto reading = learner_.read(ask.text);
        DraftAnswer answer;
        answer.confidence = reading.confidence;
        answer.probability = reading.probability;
        for (const auto& span : reading.spans) {
            Region region;
            region.id = "d" + std::to_string(answer.regions.size() + 1);
            region.control = learner_.control();
            region.kind = ControlKind::spans;
            region.labels = {span.label};
            region.start = static_cast<double>(span.start);
            region.end = static_cast<double>(span.end);
            region.confidence = span.confidence;
            region.probability = span.probability;
            region.origin = Origin::model;
            answer.regions.push_back(std::move(region));
        }
        return answer;
    }

private:
    SpanLearner learner_;
};

Result<Json> guess_span_config(const Schema& schema) {
    const auto* control = TRY(spans_control(schema, Json()));
    return Json{{"control", control->name}};
}

Result<std::unique_ptr<Drafter>> open_span_drafter(const OpenAsk& ask) {
    const auto* control = TRY(spans_control(ask.schema, ask.config));
    auto learner = TRY(SpanLearner::open(ask.state));
    if (learner.control() != control->name)
        return Refusal{Code::unavailable, "The learner's state is for control \"" +
                                              learner.control() + "\", not \"" + control->name +
                                              "\"; learn again from the reviewed texts."};
    return std::unique_ptr<Drafter>(std::make_unique<SpanLearnerDrafter>(std::move(learner)));
}

Result<LearnedModel> learn_spans(const LearnAsk& ask) {
    const auto* control = TRY(spans_control(ask.schema, ask.config));
    std::vector<MarkedText> texts;
    while (auto item = ask.next())
        texts.push_back(
            {std::move(item->text), std::move(item->regions), item->weight, item->assisted});
    auto trained = TRY(train_span_learner(texts, *control, ask.seed, ask.stop));
    auto name = TRY(SpanLearner::open(trained.state)).version();
    return LearnedModel{std::move(trained.state), std::move(name), std::move(trained.quality)};
}

}  // namespace

ModelKind span_learner_kind() {
    return {.kind = "span-learner",
            .title = "Spans of text, learned from your reviews",
            .modality = Modality::text,
            .control = ControlKind::spans,
            .embedded = true,
            .guess = guess_span_config,
            .open = open_span_drafter,
            .learn = learn_spans,
            .least_labels = least_span_texts,
            .needs = "reviewed texts, with spans in some of them"};
}

}  // namespace countersign
