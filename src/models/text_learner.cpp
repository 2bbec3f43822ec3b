#include "models/text_learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/text_learner_training.h"

namespace countersign {

namespace {
constexpr std::size_t kept_lessons = 32, replayed_lessons = 4;
}

std::optional<LabelledText> text_lesson(LabelledItem item, std::string_view control) {
    for (auto& region : item.regions)
        if (region.control == control && region.kind == ControlKind::choices &&
            region.labels.size() == 1)
            return LabelledText{std::move(item.text), std::move(region.labels[0]), item.weight,
                                item.assisted};
    return std::nullopt;
}

TextLearner::TextLearner(LearnerState state)
    : state_(std::move(state)),
      learned_from_(std::accumulate(state_.counts.begin(), state_.counts.end(), std::uint64_t{0})),
      rng_(state_.features.seed()) {}

Result<TextLearner> TextLearner::open(std::string_view state) {
    if (state.empty()) return too_few_labels(0);
    return TextLearner(TRY(learner_state_from(state)));
}

std::string TextLearner::version() const {
    std::string name(text_method_name(state_.method));
    name += ", " + std::to_string(learned_from_) + " labels";
    if (learned_since_ > 0) name += " + " + std::to_string(learned_since_);
    return name;
}

void TextLearner::start_learning() {
    online_.emplace(std::move(state_.model));
    state_.model = {};
    online_->trust_bias(static_cast<double>(state_.features.documents()));
    for (const auto f : std::vector(online_->model().features()))
        online_->trust_row(f, state_.features.document_frequency(f));
}

void TextLearner::learn(const LabelledText& example) {
    const auto at = std::find(state_.labels.begin(), state_.labels.end(), example.label);
    if (at == state_.labels.end() || !(example.weight > 0)) return;
    if (!online_) start_learning();
    Lesson lesson{state_.features(example.text), static_cast<int>(at - state_.labels.begin()),
                  std::min(example.weight, 4.0)};
    online_->step(lesson.x, lesson.label, lesson.weight);
    for (std::size_t i = 0; i < replayed_lessons && !recent_.empty(); ++i) {
        const auto& old = recent_[rng_.below(static_cast<std::uint32_t>(recent_.size()))];
        online_->step(old.x, old.label, old.weight);
    }
    if (recent_.size() < kept_lessons)
        recent_.push_back(std::move(lesson));
    else
        recent_[learned_since_ % kept_lessons] = std::move(lesson);
    ++learned_since_;
}

std::vector<LabelProbability> TextLearner::predict(std::string_view text) const {
    std::vector<double> p(state_.labels.size());
    model().logits(state_.features(text), p);
    softmax(p, 1, p);
    std::vector<LabelProbability> out;
    for (std::size_t k = 0; k < p.size(); ++k) out.push_back({state_.labels[k], p[k]});
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.probability > b.probability; });
    return out;
}

TextLearner::Top TextLearner::top(std::string_view text) const {
    std::vector<double> z(state_.labels.size()), p(z.size());
    model().logits(state_.features(text), z);
    softmax(z, 1, p);
    const auto k = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    const double calibrated = state_.top(p[k]);
    // The model's own claim: its logits before they were divided by the temperature.
    softmax(z, 1 / state_.temperature, p);
    return {state_.labels[k], p[k], calibrated};
}

namespace {

class TextLearnerDrafter final : public Drafter {
public:
    explicit TextLearnerDrafter(TextLearner learner) : learner_(std::move(learner)) {}
    std::string version() const override { return learner_.version(); }
    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token) override {
        const auto top = learner_.top(ask.text);
        Region region;
        region.id = "d1";
        region.control = learner_.control();
        region.kind = ControlKind::choices;
        region.labels = {top.label};
        region.confidence = top.confidence;
        region.probability = top.probability;
        region.origin = Origin::model;
        return DraftAnswer{{region}, top.confidence, top.probability};
    }

private:
    TextLearner learner_;
};

std::string wanted_control(const Json& config) {
    const auto found = config.is_object() ? config.find("control") : config.end();
    return found != config.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Json> guess_config(const Schema& schema) {
    const auto* control = TRY(text_learner_control(schema));
    return Json{{"control", control->name}};
}

Result<std::unique_ptr<Drafter>> open_drafter(const OpenAsk& ask) {
    const auto* control = TRY(text_learner_control(ask.schema, wanted_control(ask.config)));
    auto learner = TRY(TextLearner::open(ask.state));
    if (learner.control() != control->name)
        return Refusal{Code::unavailable, "The learner's state is for control \"" +
                                              learner.control() + "\", not \"" + control->name +
                                              "\"; learn again from the reviewed labels."};
    return std::unique_ptr<Drafter>(std::make_unique<TextLearnerDrafter>(std::move(learner)));
}

Result<LearnedModel> learn_texts(const LearnAsk& ask) {
    const auto* control = TRY(text_learner_control(ask.schema, wanted_control(ask.config)));
    std::vector<LabelledText> labels;
    while (auto item = ask.next())
        if (auto label = text_lesson(*std::move(item), control->name))
            labels.push_back(*std::move(label));
    auto trained = TRY(train_text_learner(labels, *control, ask.seed, ask.stop));
    auto name = TRY(TextLearner::open(trained.state)).version();
    return LearnedModel{std::move(trained.state), std::move(name), std::move(trained.quality)};
}

}  // namespace

Result<const Control*> text_learner_control(const Schema& schema, std::string_view name) {
    const auto refuse = [](std::string why) { return Refusal{Code::unsupported, std::move(why)}; };
    if (schema.modality != Modality::text)
        return refuse("The text learner drafts choices for text; the items here are " +
                      std::string(name_of(schema.modality)) + ".");
    bool several = false;
    for (const auto& control : schema.controls) {
        if (control.kind != ControlKind::choices) continue;
        if (!name.empty() && control.name != name) continue;
        if (!control.multiple && control.labels.size() >= 2) return &control;
        several = several || control.multiple;
    }
    if (several)
        return refuse(
            "The text learner gives one label a text and cannot draft a choice of several; "
            "turn \"multiple\" off or draft by another model.");
    return refuse(
        "The schema has no single choice of at least two labels for the text learner to draft.");
}

ModelKind text_learner_kind() {
    return {.kind = "text-learner",
            .title = "Choices for text, learned from your reviews",
            .modality = Modality::text,
            .control = ControlKind::choices,
            .embedded = true,
            .guess = guess_config,
            .open = open_drafter,
            .learn = learn_texts,
            .least_labels = least_labels,
            .needs = "reviewed labels, at least 3 each of 2 labels"};
}

}  // namespace countersign
