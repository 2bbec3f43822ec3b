#include "models/object_learner.h"

#include <algorithm>
#include <set>

#include "models/coco80.h"
#include "models/face_drafter.h"
#include "models/label_map.h"
#include "models/object_learner_parts.h"

namespace countersign {

namespace {

/// Looking at a picture takes a tenth of a second: of more, an even sample is learned.
constexpr std::size_t most_boxed_pictures = 600;
constexpr std::size_t most_drafted = 50;
constexpr float least_proposal = 0.02f, one_place = 0.6f;
/// Boxes less probable than this are not worth storing.
constexpr double least_probable = 0.05;

struct Learned {
    const Control* control;
    std::vector<int> labels;  ///< Indices in the control.
};

Result<Learned> what_to_learn(const Schema& schema, const Json& config) {
    const auto named = config.is_object() ? config.value("control", std::string()) : std::string();
    const Control* control = nullptr;
    if (schema.modality == Modality::image)
        for (const auto& c : schema.controls)
            if (!control && c.kind == ControlKind::boxes && (named.empty() || c.name == named))
                control = &c;
    if (!control)
        return Refusal{Code::unsupported,
                       named.empty()
                           ? std::string("The object learner drafts boxes in pictures, and the "
                                         "schema asks none.")
                           : "The schema has no control of boxes called \"" + named + "\"."};
    std::vector<std::string> names;
    const auto listed = config.is_object() ? config.find("labels") : config.end();
    if (config.is_object() && listed != config.end()) {
        if (!listed->is_array() || !std::all_of(listed->begin(), listed->end(),
                                                [](const Json& j) { return j.is_string(); }))
            return Refusal{Code::invalid,
                           "The object learner's \"labels\" must be a list of label names."};
        names = listed->get<std::vector<std::string>>();
    } else {
        names = guess_labels(*control, coco80()).undrafted;
        std::erase(names, face_label(schema));
    }
    Learned out{control, {}};
    for (const auto& name : names) {
        const auto* label = Schema::find_label(*control, name);
        if (!label)
            return Refusal{Code::invalid, "The object learner's config names the label \"" + name +
                                              "\", which \"" + control->name + "\" does not have."};
        out.labels.push_back(static_cast<int>(label - control->labels.data()));
    }
    if (out.labels.empty())
        return Refusal{Code::unsupported,
                       "NanoDet or BlazeFace drafts every label of \"" + control->name +
                           "\": there is no new object to learn. Name labels in the config's "
                           "\"labels\" to learn them all the same."};
    return out;
}

/// Boxes of the control in pixels of the picture; turned ones as the upright box around them.
std::vector<Detection> boxes_of(const Regions& regions, const Control& control) {
    std::vector<Detection> out;
    for (const auto& region : regions) {
        if (region.control != control.name || region.kind != ControlKind::boxes ||
            region.labels.empty())
            continue;
        const auto* label = Schema::find_label(control, region.labels[0]);
        const auto around = extent(region);
        const auto width = static_cast<float>(around.right - around.left),
                   height = static_cast<float>(around.bottom - around.top);
        if (!label || !(width > 0) || !(height > 0)) continue;
        out.push_back({static_cast<float>(around.left), static_cast<float>(around.top), width,
                       height, static_cast<int>(label - control.labels.data()), 1});
    }
    return out;
}

class ObjectDrafter final : public Drafter {
public:
    ObjectDrafter(ObjectLearnerState state, NanoDet net)
        : state_(std::move(state)), net_(std::move(net)) {}
    std::string version() const override {
        return "objects on nanodet, " + std::to_string(state_.pictures) + " pictures";
    }
    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid,
                           "The object learner was asked about an item that has no image."};
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        DraftAnswer answer;
        const auto proposals = propose(net_.look(*ask.image, proposal_options()));
        for (const auto& found : find_objects(state_, proposals)) {
            if (found.probability < least_probable || answer.regions.size() == most_drafted) break;
            Region region;
            region.id = "d" + std::to_string(answer.regions.size() + 1);
            region.control = state_.control;
            region.kind = ControlKind::boxes;
            region.labels = {state_.kinds[static_cast<std::size_t>(found.box.object)].label};
            region.x = static_cast<double>(found.box.x);
            region.y = static_cast<double>(found.box.y);
            region.width = static_cast<double>(found.box.width);
            region.height = static_cast<double>(found.box.height);
            region.confidence = static_cast<double>(found.box.score);
            region.probability = found.probability;
            region.origin = Origin::model;
            answer.regions.push_back(std::move(region));
        }
        return answer;
    }

private:
    ObjectLearnerState state_;
    NanoDet net_;
};

Result<Json> guess_object_config(const Schema& schema) {
    const auto learned = TRY(what_to_learn(schema, Json()));
    return Json{{"control", learned.control->name}};
}

Result<std::unique_ptr<Drafter>> open_object_drafter(const OpenAsk& ask) {
    const auto learned = TRY(what_to_learn(ask.schema, ask.config));
    if (ask.state.empty())
        return Refusal{Code::unavailable,
                       "The object learner has not learned yet: it needs at least " +
                           std::to_string(least_object_pictures) +
                           " reviewed pictures with boxes of one label."};
    auto known = TRY(object_learner_from(ask.state));
    std::erase_if(known.kinds, [&](const ObjectLearnerState::Kind& kind) {
        const auto* label = Schema::find_label(*learned.control, kind.label);
        return !label || std::find(learned.labels.begin(), learned.labels.end(),
                                   static_cast<int>(label - learned.control->labels.data())) ==
                             learned.labels.end();
    });
    if (known.control != learned.control->name || known.kinds.empty())
        return Refusal{Code::unavailable, "The object learner has not learned the labels of \"" +
                                              learned.control->name +
                                              "\" yet; review pictures that show them."};
    auto net = TRY(NanoDet::load(ask.models_dir + "/nanodet.onnx"));
    return std::unique_ptr<Drafter>(
        std::make_unique<ObjectDrafter>(std::move(known), std::move(net)));
}

Result<> ready_for_objects(const Schema& schema, const Json& config,
                           std::span<const Regions* const> reviewed) {
    const auto learned = TRY(what_to_learn(schema, config));
    std::vector<std::size_t> shown(learned.control->labels.size());
    for (const auto* regions : reviewed) {
        std::set<int> labels;
        for (const auto& box : boxes_of(*regions, *learned.control)) labels.insert(box.object);
        for (const int label : labels) ++shown[static_cast<std::size_t>(label)];
    }
    if (std::none_of(learned.labels.begin(), learned.labels.end(), [&](int label) {
            return shown[static_cast<std::size_t>(label)] >= least_object_pictures;
        }))
        return too_few_boxes();
    return Done{};
}

Result<LearnedModel> learn_objects_of(const LearnAsk& ask) {
    const auto learned = TRY(what_to_learn(ask.schema, ask.config));
    auto net = TRY(NanoDet::load(ask.models_dir + "/nanodet.onnx"));
    std::vector<BoxedPicture> pictures;
    while (auto item = ask.next()) {
        if (item->image.bgr.empty()) continue;
        const auto look = net.look(item->image, proposal_options());
        BoxedPicture picture{propose(look), {}, item->weight, item->assisted};
        for (const auto& box : boxes_of(item->regions, *learned.control))
            picture.reviewed.push_back({box, look.part(box)});
        pictures.push_back(std::move(picture));
    }
    auto trained =
        TRY(train_object_learner(pictures, *learned.control, learned.labels, ask.seed, ask.stop));
    return LearnedModel{std::move(trained.state),
                        "objects on nanodet, " + std::to_string(pictures.size()) + " pictures",
                        std::move(trained.quality)};
}

}  // namespace

DetectOptions proposal_options() {
    return {.least_score = least_proposal, .most = 1'000};
}

std::vector<SeenBox> propose(const NanodetLook& look, std::size_t most) {
    std::vector<SeenBox> out;
    for (const auto& box :
         suppress(look.found, most, [](const Detection&better, const Detection&candidate) {
             return overlap(better, candidate) > one_place;
         }))
        out.push_back({box, look.part(box)});
    return out;
}

ModelKind object_learner_kind() {
    return {.kind = "object-learner",
            .title = "New objects in photos, learned from your reviews",
            .modality = Modality::image,
            .control = ControlKind::boxes,
            .embedded = true,
            .guess = guess_object_config,
            .open = open_object_drafter,
            .learn = learn_objects_of,
            .least_labels = least_object_pictures,
            .needs = "reviewed pictures with boxes of one label that NanoDet does not know",
            .most_labels = most_boxed_pictures,
            .ready = ready_for_objects};
}

}  // namespace countersign
