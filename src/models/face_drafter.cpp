#include "models/face_drafter.h"

#include <algorithm>
#include <array>

#include "models/blazeface.h"
#include "models/label_map.h"
#include "models/score_map.h"

namespace countersign {

namespace {

constexpr double least_face_score = 0.4;
/// A control of keypoints is about faces when BlazeFace knows this many of its points.
constexpr std::size_t least_face_points = 3;

constexpr std::array<ObjectWords, 1> face_words{
    {{"face", "human face,person face,frontal face,face box,facial area", ""}}};

/// In the order of Face::points.
constexpr std::array<ObjectWords, face_points> point_words{
    {{"right eye", "eye right,reye,eye r,right eye centre,right eye center", ""},
     {"left eye", "eye left,leye,eye l,left eye centre,left eye center", ""},
     {"nose", "nose tip,tip of the nose", ""},
     {"mouth", "mouth centre,mouth center,middle of the mouth,lips", ""},
     {"right ear", "ear right,rear,right ear tragion", ""},
     {"left ear", "ear left,lear,left ear tragion", ""}}};

std::string called_face(const Control& control) {
    const auto labels = guess_labels(control, face_words).labels;
    return labels.empty() ? std::string() : labels.begin()->second;
}

/// What BlazeFace calls a point -> what the control calls it.
std::map<std::string, std::string> points_of(const Control& control) {
    Control names;
    for (const auto& point : control.points) names.labels.emplace_back().name = point;
    return guess_labels(names, point_words).labels;
}

Result<Json> guess_faces(const Schema& schema) {
    Json config = Json::object();
    if (schema.modality == Modality::image) {
        const std::string boxed = face_label(schema);
        if (!boxed.empty()) config["map"] = {{"face", boxed}};
        for (const auto& control : schema.controls) {
            if (control.kind != ControlKind::keypoints || config.contains("points")) continue;
            const std::string label = called_face(control);
            const auto points = points_of(control);
            if (!label.empty() && points.size() >= least_face_points)
                config["points"] = {{"control", control.name}, {"label", label}, {"map", points}};
        }
    }
    if (config.empty())
        return Refusal{Code::invalid,
                       "BlazeFace finds faces, and no label of boxes or keypoints on images means "
                       "one: call one \"Face\", or give it that alias."};
    config["threshold"] = least_face_score;
    config["tiles"] = "auto";
    return config;
}

struct FacePlan {
    std::string boxes, label;           ///< The control of boxes and its label; empty: no boxes.
    std::string keypoints, of;          ///< The same of keypoints.
    std::array<int, face_points> at{};  ///< Place in the control's points, or -1.
    std::size_t points = 0;             ///< The control's.
    FaceOptions options;
};

Refusal wrong_faces(const std::string& why) {
    return {Code::invalid, "BlazeFace's config " + why};
}

Result<> plan_boxes(const Schema& schema, const Json& map, FacePlan& plan) {
    const auto face = map.is_object() ? map.find("face") : map.end();
    if (!map.is_object() ||
        (!map.empty() && (map.size() != 1 || face == map.end() || !face->is_string())))
        return wrong_faces("needs \"map\" as {\"face\": LABEL}: it knows nothing else.");
    if (map.empty()) return Done{};
    const auto wanted = face->get<std::string>();
    for (const auto& control : schema.controls) {
        const Label* label =
            control.kind == ControlKind::boxes ? Schema::find_label(control, wanted) : nullptr;
        if (!label) continue;
        plan.boxes = control.name;
        plan.label = label->name;
        return Done{};
    }
    return wrong_faces("maps \"face\" to \"" + wanted + "\", which is no label of boxes.");
}

Result<> plan_points(const Schema& schema, const Json& points, FacePlan& plan) {
    const auto text = [&](const char* key) {
        const auto at = points.is_object() ? points.find(key) : points.end();
        return points.is_object() && at != points.end() && at->is_string() ? at->get<std::string>()
                                                                           : std::string();
    };
    const Control* control = schema.control(text("control"));
    if (!control || control->kind != ControlKind::keypoints || control->points.empty())
        return wrong_faces("needs \"points\".\"control\" to name a control of keypoints.");
    const Label* label = Schema::find_label(*control, text("label"));
    if (!label)
        return wrong_faces("names the label \"" + text("label") + "\", which \"" + control->name +
                           "\" does not have.");
    const auto map = points.find("map");
    if (map == points.end() || !map->is_object() || map->empty())
        return wrong_faces("needs \"points\".\"map\" as {\"left eye\": POINT, ...}.");
    plan.at.fill(-1);
    for (const auto& row : map->items()) {
        const std::string& ours = row.key();
        const Json& theirs = row.value();
        const auto known =
            std::find_if(point_words.begin(), point_words.end(),
                         [&](const ObjectWords& words) { return words.name == ours; });
        if (known == point_words.end())
            return wrong_faces("maps \"" + ours + "\", which is none of the six points it finds.");
        const std::string name = theirs.is_string() ? theirs.get<std::string>() : to_text(theirs);
        const auto place = std::find(control->points.begin(), control->points.end(), name);
        if (place == control->points.end())
            return wrong_faces("maps a point to \"" + name + "\", which is none of \"" +
                               control->name + "\".");
        plan.at[static_cast<std::size_t>(known - point_words.begin())] =
            static_cast<int>(place - control->points.begin());
    }
    plan.keypoints = control->name;
    plan.of = label->name;
    plan.points = control->points.size();
    return Done{};
}

Result<FacePlan> plan_of(const Schema& schema, const Json& config) {
    FacePlan plan;
    const auto map = config.find("map"), points = config.find("points");
    if (map != config.end()) TRY(plan_boxes(schema, *map, plan));
    if (points != config.end()) TRY(plan_points(schema, *points, plan));
    if (plan.boxes.empty() && plan.keypoints.empty())
        return wrong_faces("needs \"map\" as {\"face\": LABEL}, or \"points\".");
    const auto threshold = config.find("threshold");
    const double least = threshold == config.end() ? least_face_score
                         : threshold->is_number()  ? threshold->get<double>()
                                                   : 0;
    if (!(least >= 0.05 && least <= 1))
        return wrong_faces("needs \"threshold\" as a number from 0.05 to 1.");
    plan.options.least_score = static_cast<float>(least);
    plan.options.tiling = TRY(tiling_from(config));
    return plan;
}

class FaceDrafter final : public Drafter {
public:
    FaceDrafter(BlazeFace net, FacePlan plan, ScoreMap probability)
        : net_(std::move(net)), plan_(std::move(plan)), probability_(std::move(probability)) {}

    std::string version() const override { return net_.version(); }
    int enough_side() const override {
        return std::max(enough_for_one_look,
                        plan_.options.tiling.enough_side(blazeface_side, most_tiles_across));
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid, "BlazeFace was asked about an item that has no image."};
        const auto faces = net_.find(*ask.image, plan_.options, stop);
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        DraftAnswer answer;
        for (const Face& face : faces) {
            if (!plan_.boxes.empty()) add_box(face, *ask.image, answer.regions);
            if (!plan_.keypoints.empty()) add_points(face, *ask.image, answer.regions);
        }
        return answer;
    }

private:
    Region region(const Face& face, const Regions& regions, const std::string& control,
                  const std::string& label) const {
        Region region;
        region.id = "d" + std::to_string(regions.size() + 1);
        region.control = control;
        region.labels = {label};
        region.confidence = static_cast<double>(face.score);
        region.probability = probability_(static_cast<double>(face.score));
        region.origin = Origin::model;
        return region;
    }

    void add_box(const Face& face, const Image& image, Regions& regions) const {
        const auto within = [](float at, int side) {
            return std::clamp(static_cast<double>(at), 0.0, static_cast<double>(side));
        };
        Region box = region(face, regions, plan_.boxes, plan_.label);
        box.kind = ControlKind::boxes;
        box.x = within(face.x, image.width);
        box.y = within(face.y, image.height);
        box.width = within(face.right(), image.width) - box.x;
        box.height = within(face.bottom(), image.height) - box.y;
        if (box.width > 0 && box.height > 0) regions.push_back(std::move(box));
    }

    /// A point outside the picture, or one that BlazeFace does not know, is not labelled.
    void add_points(const Face& face, const Image& image, Regions& regions) const {
        Region points = region(face, regions, plan_.keypoints, plan_.of);
        points.kind = ControlKind::keypoints;
        points.points.assign(2 * plan_.points, 0);
        points.visible.assign(plan_.points, 0);
        bool any = false;
        for (std::size_t i = 0; i < face_points; ++i) {
            const double x = static_cast<double>(face.points[2 * i]),
                         y = static_cast<double>(face.points[2 * i + 1]);
            if (plan_.at[i] < 0 || x < 0 || y < 0 || x > image.width || y > image.height) continue;
            const auto place = static_cast<std::size_t>(plan_.at[i]);
            points.points[2 * place] = x;
            points.points[2 * place + 1] = y;
            points.visible[place] = 2;
            any = true;
        }
        if (any) regions.push_back(std::move(points));
    }

    BlazeFace net_;
    FacePlan plan_;
    ScoreMap probability_;
};

Result<std::unique_ptr<Drafter>> open_face_drafter(const OpenAsk& ask) {
    auto plan = TRY(plan_of(ask.schema, ask.config));
    const auto points = ask.config.find("calibration");
    ScoreMap probability =
        points == ask.config.end() ? blazeface_score_map() : TRY(score_map_from(*points));
    BlazeFace net = TRY(BlazeFace::load(ask.models_dir + "/blazeface.onnx"));
    return std::unique_ptr<Drafter>(
        std::make_unique<FaceDrafter>(std::move(net), std::move(plan), std::move(probability)));
}

}  // namespace

std::string face_label(const Schema& schema) {
    for (const auto& control : schema.controls) {
        if (control.kind != ControlKind::boxes) continue;
        const std::string label = called_face(control);
        if (!label.empty()) return label;
    }
    return {};
}

ModelKind blazeface_kind() {
    return {.kind = "blazeface",
            .title = "Faces in photos (BlazeFace)",
            .modality = Modality::image,
            .control = ControlKind::boxes,
            .embedded = true,
            .guess = guess_faces,
            .open = open_face_drafter};
}

}  // namespace countersign
