#include "models/picture_learner.h"

#include "models/nanodet.h"
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

class PictureDrafter final : public Drafter {
public:
    PictureDrafter(PictureLearnerState state, NanoDet net)
        : state_(std::move(state)), net_(std::move(net)) {}
    std::string version() const override {
        return "svc on nanodet, " + std::to_string(state_.pictures) + " pictures";
    }
    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid,
                           "The picture learner was asked about an item without one."};
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        const auto guess = guess_picture(state_, net_.look(*ask.image).whole());
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
    NanoDet net_;
};

Result<Json> guess_picture_config(const Schema& schema) {
    const auto* control = TRY(picture_control(schema, Json()));
    return Json{{"control", control->name}};
}

Result<std::unique_ptr<Drafter>> open_picture_drafter(const Schema& schema, const Json& config,
                                                      const std::string& models_dir,
                                                      std::string_view state) {
    const auto* control = TRY(picture_control(schema, config));
    if (state.empty())
        return Refusal{Code::unavailable,
                       "The picture learner has not learned yet: it needs at "
                       "least " +
                           std::to_string(least_labels) + " reviewed pictures."};
    auto known = TRY(picture_learner_from(state));
    if (known.control != control->name)
        return Refusal{Code::unavailable, "The learner's state is for control \"" + known.control +
                                              "\", not \"" + control->name +
                                              "\"; learn again from the reviewed pictures."};
    return std::unique_ptr<Drafter>(std::make_unique<PictureDrafter>(
        std::move(known), TRY(NanoDet::load(models_dir + "/nanodet.onnx"))));
}

Result<LearnedModel> learn_pictures(const LearnAsk& ask) {
    const auto* control = TRY(picture_control(ask.schema, ask.config));
    auto net = TRY(NanoDet::load(ask.models_dir + "/nanodet.onnx"));
    std::vector<LabelledPicture> pictures;
    while (auto item = ask.next()) {
        if (item->image.bgr.empty()) continue;
        for (const auto& region : item->regions)
            if (region.control == control->name && region.labels.size() == 1) {
                pictures.push_back({net.look(item->image).whole(), region.labels[0], item->weight,
                                    item->assisted});
                break;
            }
    }
    auto trained = TRY(train_picture_learner(pictures, *control, ask.seed, ask.stop));
    return LearnedModel{std::move(trained.state),
                        "svc on nanodet, " + std::to_string(pictures.size()) + " pictures",
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
