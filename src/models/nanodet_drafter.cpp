#include "models/nanodet_drafter.h"

#include <algorithm>
#include <map>

#include "models/coco80.h"
#include "models/label_map.h"
#include "models/nanodet.h"
#include "models/score_map.h"

namespace countersign {

namespace {

constexpr double default_threshold = 0.25;
constexpr float same_label_overlap =
    0.6f;  ///< Two boxes of one label over this IoU are one object.
constexpr float same_place_overlap = 0.7f;  ///< Two labels over this IoU are one object seen twice.

Result<const Control*> boxes_control(const Schema& schema) {
    for (const auto& control : schema.controls)
        if (control.kind == ControlKind::boxes) return &control;
    return Refusal{Code::invalid,
                   "NanoDet drafts boxes, and the schema has no control of boxes: add one."};
}

Result<Json> guess(const Schema& schema) {
    const Control* control = TRY(boxes_control(schema));
    const LabelMap map = guess_labels(*control, coco80());
    if (map.labels.empty())
        return Refusal{Code::invalid,
                       "NanoDet knows none of the labels of \"" + control->name +
                           "\": it finds 80 everyday objects such as person, car, dog and bottle. "
                           "Give a label one of those names as an alias."};
    return Json{{"map", map.labels},
                {"threshold", default_threshold},
                {"tiles", "off"},
                {"dropped", map.dropped},
                {"undrafted", map.undrafted}};
}

/// What each object of coco80() is called in the project: a label's index in the control, or -1.
Result<std::vector<int>> labels_of_objects(const Control& control, const Json& config) {
    const auto map = config.find("map");
    if (map == config.end() || !map->is_object() || map->empty())
        return Refusal{Code::invalid,
                       "NanoDet's config needs \"map\": {object: label} with at least one row."};
    std::vector<int> labels(coco80().size(), -1);
    const auto refuse = [&control](std::string why) {
        return Refusal{Code::invalid,
                       why.insert(0, "NanoDet's config for \"" + control.name + "\" maps ") + "."};
    };
    for (const auto& [object, label] : map->items()) {
        std::size_t index = 0;
        while (index < coco80().size() && coco80()[index].name != object) ++index;
        if (index == coco80().size())
            return refuse("\"" + object + "\", which is none of the 80 objects it knows");
        const std::string name = label.is_string() ? label.get<std::string>() : to_text(label);
        const Label* found = Schema::find_label(control, name);
        if (!found) return refuse("an object to \"" + name + "\", which is no label there");
        labels[index] = static_cast<int>(found - control.labels.data());
    }
    return labels;
}

Result<double> threshold_of(const Json& config) {
    const auto value = config.find("threshold");
    if (value == config.end()) return default_threshold;
    const double threshold = value->is_number() ? value->get<double>() : 0;
    if (threshold < 0.05 || threshold > 1)
        return Refusal{Code::invalid, "NanoDet's \"threshold\" must be a number from 0.05 to 1."};
    return threshold;
}

class NanodetDrafter : public Drafter {
public:
    NanodetDrafter(NanoDet net, Control control, std::vector<int> labels, double threshold,
                   Tiling tiling, ScoreMap probability)
        : net_(std::move(net)),
          control_(std::move(control)),
          labels_(std::move(labels)),
          threshold_(static_cast<float>(threshold)),
          tiling_(tiling),
          probability_(std::move(probability)) {}

    std::string version() const override { return net_.version(); }
    int enough_side() const override {
        return std::max(enough_for_one_look,
                        tiling_.enough_side(nanodet_tile_side, nanodet_tiles_across));
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid, "NanoDet was asked about an item that has no image."};
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        const int across = tiling_.for_picture(std::max(ask.image->width, ask.image->height),
                                               nanodet_tile_side, nanodet_tiles_across);
        const auto seen =
            net_.detect_in_tiles(*ask.image, across, {.least_score = threshold_}, stop);
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        DraftAnswer answer;
        for (const Detection& found : labelled(seen))
            answer.regions.push_back(region(found, answer.regions.size() + 1));
        return answer;
    }

private:
    /// Only what has a label, and each place once; a detection's object is now the label's index.
    std::vector<Detection> labelled(const std::vector<Detection>& found) const {
        std::vector<Detection> kept;
        for (Detection detection : found) {
            detection.object = labels_[static_cast<std::size_t>(detection.object)];
            if (detection.object >= 0) kept.push_back(detection);
        }
        const std::size_t all = kept.size();
        return suppress(std::move(kept), all,
                        [](const Detection& better, const Detection& candidate) {
                            const bool same = better.object == candidate.object;
                            return overlap(better, candidate) >
                                   (same ? same_label_overlap : same_place_overlap);
                        });
    }

    Region region(const Detection& found, std::size_t number) const {
        Region region;
        region.id = "d" + std::to_string(number);
        region.control = control_.name;
        region.kind = ControlKind::boxes;
        region.labels = {control_.labels[static_cast<std::size_t>(found.object)].name};
        region.x = found.x;
        region.y = found.y;
        region.width = found.width;
        region.height = found.height;
        region.confidence = found.score;
        region.probability = probability_(found.score);
        region.origin = Origin::model;
        return region;
    }

    NanoDet net_;
    Control control_;
    std::vector<int> labels_;
    float threshold_;
    Tiling tiling_;
    ScoreMap probability_;
};

Result<std::unique_ptr<Drafter>> open(const OpenAsk& ask) {
    const Control* control = TRY(boxes_control(ask.schema));
    auto labels = TRY(labels_of_objects(*control, ask.config));
    const double threshold = TRY(threshold_of(ask.config));
    const Tiling tiling = TRY(tiling_from(ask.config));
    const auto points = ask.config.find("calibration");
    ScoreMap probability =
        points == ask.config.end() ? nanodet_score_map() : TRY(score_map_from(*points));
    NanoDet net = TRY(NanoDet::load(ask.models_dir + "/nanodet.onnx"));
    return std::unique_ptr<Drafter>(std::make_unique<NanodetDrafter>(
        std::move(net), *control, std::move(labels), threshold, tiling, std::move(probability)));
}

}  // namespace

ModelKind nanodet_kind() {
    return {"nanodet",
            "Objects in photos (NanoDet, 80 COCO classes)",
            Modality::image,
            ControlKind::boxes,
            true,
            guess,
            open};
}

}  // namespace countersign
