#include "core/cue.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::size_t most_cue_boxes = 20, most_cue_points = 100, most_cue_regions = 20;
constexpr double cue_overhang = 1;

/// The label as the schema has it, of the first drawn control that knows it; the first of all when
/// none is given.
Result<std::string> cue_label(const Schema& schema, const std::string& said) {
    for (const auto& control : schema.controls) {
        if (!facts_of(control.kind).drawn || control.labels.empty()) continue;
        if (said.empty()) return control.labels.front().name;
        if (const auto* label = Schema::find_label(control, said)) return label->name;
    }
    if (said.empty()) return said;
    return Refusal{Code::invalid,
                   "label: nothing that is drawn in this project is called \"" + said + "\"."};
}

bool clamp_into(double& at, double most) {
    if (!std::isfinite(at) || at < -cue_overhang || at > most + cue_overhang) return false;
    at = std::clamp(at, 0.0, most);
    return true;
}

}  // namespace

Result<Cue> check_cue(const Schema& schema, Cue cue, const ItemFacts& item) {
    const auto refuse = [](const char* why) { return Refusal{Code::invalid, why}; };
    if (cue.empty())
        return refuse("Point at something: give boxes, points or regions that are asked about.");
    if (cue.boxes.size() > most_cue_boxes) return refuse("boxes may hold at most 20.");
    if (cue.points.size() > most_cue_points) return refuse("points may hold at most 100.");
    if (cue.regions.size() > most_cue_regions) return refuse("regions may hold at most 20.");
    if (schema.modality != Modality::image && !(cue.boxes.empty() && cue.points.empty()))
        return refuse("Only images have boxes and points to point with: give regions.");
    cue.label = TRY(cue_label(schema, cue.label));
    for (auto& box : cue.boxes) {
        double right = box.x + box.width, bottom = box.y + box.height;
        if (!clamp_into(box.x, item.width) || !clamp_into(box.y, item.height) ||
            !clamp_into(right, item.width) || !clamp_into(bottom, item.height))
            return refuse("A box of boxes lies outside the image.");
        box.width = right - box.x, box.height = bottom - box.y;
        if (!(box.width > 0 && box.height > 0)) return refuse("A box of boxes has no area.");
    }
    for (auto& point : cue.points)
        if (!clamp_into(point.x, item.width) || !clamp_into(point.y, item.height))
            return refuse("A point of points lies outside the image.");
    cue.regions = TRY(check_regions(schema, std::move(cue.regions), item, false));
    return cue;
}

}  // namespace countersign
