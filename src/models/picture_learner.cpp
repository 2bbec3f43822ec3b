#include "models/picture_learner.h"

#include "models/image_features.h"
#include "models/text_learner.h"

namespace countersign {

namespace {

/// Looking at a picture takes a tenth of a second: of more, an even sample is learned.
constexpr std::size_t most_pictures = 1'000;

Result<const Control*> picture_control(const Schema& schema, const Json& config) {
    const auto named = config.is_object() ? config.value("control", std::string()) : std::string();
    if (schema.modality == Modality::image)
        for (const auto& control : schema.controls)
            if (control.kind == ControlKind::choices && !control.multiple && !control.per_region &&
                control.labels.size() >= 2 && (named.empty() || control.name == named))
                return &control;
    return Refusal{Code::unsupported,
                   "The picture learner drafts a single choice of at least two labels about whole "
                   "pictures, and the schema asks none."};
}

std::string picture_version(std::string_view features, std::size_t pictures) {
    return "logistic regression on " + std::string(features) + ", " + std::to_string(pictures) +
           " pictures";
}

class PictureDrafter final : public Drafter {
public:
    PictureDrafter(PictureLearnerState state, std::unique_ptr<ImageFeatures> eyes)
        : state_(std::move(state)), eyes_(std::move(eyes)) {}
    std::string version() const override {
        return picture_version(state_.features, state_.pictures);
    }
    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid,
                           "The picture learner was asked about an item without one."};
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        const auto guess = guess_picture(state_, eyes_->whole(*ask.image));
        Region region;
        region.id = "d1";
        region.control = state_.control;
        region.kind = ControlKind::choices;
        region.labels = {guess.label};
        region.confidence = guess.confidence;
        region.probability = guess.probability;
        region.origin = Origin::model;
        return DraftAnswer{{region}, guess.confidence, guess.probability};
    }

private:
    PictureLearnerState state_;
    std::unique_ptr<ImageFeatures> eyes_;
};

Result<Json> guess_picture_config(const Schema& schema) {
    const auto* control = TRY(picture_control(schema, Json()));
    return Json{{"control", control->name}};
}

Result<std::unique_ptr<Drafter>> open_picture_drafter(const OpenAsk& ask) {
    const auto* control = TRY(picture_control(ask.schema, ask.config));
    if (ask.state.empty())
        return Refusal{Code::unavailable,
                       "The picture learner has not learned yet: it needs at "
                       "least " +
                           std::to_string(least_labels) + " reviewed pictures."};
    auto known = TRY(picture_learner_from(ask.state));
    if (known.control != control->name)
        return Refusal{Code::unavailable, "The learner's state is for control \"" + known.control +
                                              "\", not \"" + control->name +
                                              "\"; learn again from the reviewed pictures."};
    auto eyes = TRY(open_image_features(ask.models_dir, known.features));
    return std::unique_ptr<Drafter>(
        std::make_unique<PictureDrafter>(std::move(known), std::move(eyes)));
}

Result<LearnedModel> learn_pictures(const LearnAsk& ask) {
    const auto* control = TRY(picture_control(ask.schema, ask.config));
    const auto eyes = TRY(open_image_features(ask.models_dir, ""));
    std::vector<LabelledPicture> pictures;
    while (auto item = ask.next()) {
        if (item->image.bgr.empty()) continue;
        for (const auto& region : item->regions)
            if (region.control == control->name && region.labels.size() == 1) {
                pictures.push_back(
                    {eyes->whole(item->image), region.labels[0], item->weight, item->assisted});
                break;
            }
    }
    auto trained = TRY(train_picture_learner(pictures, *control, eyes->name(), ask.seed, ask.stop));
    return LearnedModel{std::move(trained.state), picture_version(eyes->name(), pictures.size()),
                        std::move(trained.quality)};
}

}  // namespace

ModelKind picture_learner_kind() {
    return {.kind = "picture-learner",
            .title = "Choices for pictures, learned from your reviews",
            .modality = Modality::image,
            .control = ControlKind::choices,
            .embedded = true,
            .guess = guess_picture_config,
            .open = open_picture_drafter,
            .learn = learn_pictures,
            .least_labels = least_labels,
            .needs = "reviewed pictures, at least 3 each of 2 labels",
            .most_labels = most_pictures};
}

}  // namespace countersign
