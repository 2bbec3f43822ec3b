#include "models/grounding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "base/text.h"
#include "models/relocate.h"
#include "models/verdict.h"

namespace countersign {

namespace {

constexpr double smallest_side = 3;    ///< Pixels; below it nothing can be told apart.
constexpr double silent_overhang = 1;  ///< Pixels; rounding, not an error.
constexpr double least_inside = 0.5;   ///< Share of a box that must lie in the image.
constexpr int flat_range = 6;          ///< Of 255 grey levels; JPEG noise on a plain area.

std::string in_quotes(std::string_view raw) {
    constexpr std::int64_t most = 60;
    const auto text = repair_utf8(raw);
    if (code_points(text) <= most) return "\"" + text + "\"";
    return "\"" + std::string(*slice(text, 0, most)) + "...\"";
}

std::string range_text(std::int64_t begin, std::int64_t end) {
    return std::to_string(begin) + "-" + std::to_string(end);
}

void check_claim(std::optional<double>& claim, Region& region, const char* name) {
    if (!claim || (*claim >= 0 && *claim <= 1)) return;
    if (std::isnan(*claim)) {
        claim.reset();
        find_fault(region, Grounding::repaired, std::string("The ") + name + " was not a number.");
    } else {
        claim = std::clamp(*claim, 0.0, 1.0);
        find_fault(region, Grounding::repaired,
                   std::string("The ") + name + " lay outside 0 to 1.");
    }
}

const Control* check_control(const Schema& schema, Region& region) {
    const auto* control = schema.control(region.control);
    if (!control)
        find_fault(region, Grounding::ungrounded,
                   "The schema has no control " + in_quotes(region.control) + ".");
    else if (control->kind != region.kind)
        find_fault(region, Grounding::ungrounded,
                   "Control " + in_quotes(region.control) + " takes " +
                       std::string(name_of(control->kind)) + ", not " +
                       std::string(name_of(region.kind)) + ".");
    return control;
}

void check_labels(const Control& control, Region& region) {
    if (control.kind == ControlKind::text) return;
    if (region.labels.empty()) find_fault(region, Grounding::ungrounded, "It has no label.");
    for (auto& label : region.labels) {
        const auto* known = Schema::find_label(control, label);
        if (!known) {
            find_fault(region, Grounding::ungrounded,
                       "The schema has no label " + in_quotes(label) + ".");
        } else if (known->name != label) {
            find_fault(region, Grounding::repaired,
                       "Label " + in_quotes(label) + " is " + in_quotes(known->name) + ".");
            label = known->name;
        }
    }
    if (region.labels.size() > 1 && !control.multiple)
        find_fault(region, Grounding::weak, "It has several labels where one is asked.");
}

void check_item_text(std::string_view text, Region& region) {
    if (trim(text).empty()) return find_fault(region, Grounding::weak, "The item has no text.");
    const auto mark = injection_mark(text);
    if (!mark.empty())
        find_fault(region, Grounding::weak,
                   "The text speaks to the model: " + in_quotes(mark) + ".");
}

void check_choice(const Schema& schema, const GroundItem& item, Region& region) {
    if (schema.modality == Modality::text) check_item_text(item.text, region);
}

/// The range of grey levels on a grid of at most 64 x 64 points inside the box.
int grey_range(const Image& image, const Region& box) {
    const int left = std::clamp(static_cast<int>(box.x), 0, image.width - 1);
    const int top = std::clamp(static_cast<int>(box.y), 0, image.height - 1);
    const int right = std::clamp(static_cast<int>(box.x + box.width), left + 1, image.width);
    const int bottom = std::clamp(static_cast<int>(box.y + box.height), top + 1, image.height);
    const int step_x = std::max(1, (right - left) / 64), step_y = std::max(1, (bottom - top) / 64);
    int darkest = 255, lightest = 0;
    for (int y = top; y < bottom; y += step_y) {
        for (int x = left; x < right; x += step_x) {
            const auto* p =
                &image.bgr[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(x)) *
                           3];
            const int grey = (29 * p[0] + 150 * p[1] + 77 * p[2]) >> 8;
            darkest = std::min(darkest, grey);
            lightest = std::max(lightest, grey);
        }
    }
    return lightest - darkest;
}

void clamp_box(const GroundItem& item, Region& box) {
    const double left = std::clamp(box.x, 0.0, double(item.width));
    const double top = std::clamp(box.y, 0.0, double(item.height));
    const double right = std::clamp(box.x + box.width, 0.0, double(item.width));
    const double bottom = std::clamp(box.y + box.height, 0.0, double(item.height));
    if (right <= left || bottom <= top)
        return find_fault(box, Grounding::ungrounded, "The box lies outside the image.");
    const double inside = (right - left) * (bottom - top) / (box.width * box.height);
    const double overhang = std::max(
        {left - box.x, top - box.y, box.x + box.width - right, box.y + box.height - bottom});
    if (overhang > silent_overhang) {
        const auto pixels = std::to_string(static_cast<long>(std::ceil(overhang)));
        if (inside < least_inside)
            find_fault(box, Grounding::weak, "Most of the box lay outside the image.");
        else
            find_fault(box, Grounding::repaired,
                       "The box stuck out of the image by " + pixels + " pixels.");
    }
    if (overhang > 0) {
        box.x = left, box.y = top;
        box.width = right - left, box.height = bottom - top;
    }
}

void check_box(const Schema&, const GroundItem& item, Region& box) {
    const double numbers[] = {box.x, box.y, box.width, box.height, box.rotation};
    if (!std::all_of(std::begin(numbers), std::end(numbers),
                     [](double v) { return std::isfinite(v) && std::abs(v) < 1e9; }))
        return find_fault(box, Grounding::ungrounded,
                          "The box has a coordinate that is not a number.");
    if (box.width <= 0 || box.height <= 0)
        return find_fault(box, Grounding::ungrounded, "The box has no area.");
    // A rotated box may stick out by its corners; only its plain form is held to the edges.
    if (item.width > 0 && item.height > 0 && box.rotation == 0) clamp_box(item, box);
    if (box.grounding == Grounding::ungrounded) return;
    if (box.width < smallest_side || box.height < smallest_side)
        find_fault(box, Grounding::weak, "The box is less than 3 pixels on a side.");
    if (item.image && !item.image->bgr.empty() && box.rotation == 0 &&
        grey_range(*item.image, box) < flat_range)
        find_fault(box, Grounding::weak,
                   "There is nothing to see in the box: the area is of one colour.");
}

void check_span(const Schema&, const GroundItem& item, Region& span) {
    const auto length = code_points(item.text);
    const bool numbers = std::isfinite(span.start) && std::isfinite(span.end) &&
                         std::abs(span.start) < 1e15 && std::abs(span.end) < 1e15;
    const auto begin = numbers ? static_cast<std::int64_t>(span.start) : -1;
    const auto end = numbers ? static_cast<std::int64_t>(span.end) : -1;
    const bool inside = 0 <= begin && begin < end && end <= length;
    const auto there = inside ? *slice(item.text, begin, end) : std::string_view();
    if (span.text.empty()) {
        if (!inside)
            return find_fault(span, Grounding::ungrounded, "The span lies outside the text.");
        span.text = there;
        return;
    }
    if (inside && there == span.text) return;
    const auto place = relocate(item.text, span.text, std::max<std::int64_t>(0, begin));
    if (!place)
        return find_fault(span, Grounding::ungrounded,
                          "The text does not hold " + in_quotes(span.text) + ".");
    const auto found = *slice(item.text, place->begin, place->end);
    std::string reason = "The span was at " + range_text(begin, end) + " and is at " +
                         range_text(place->begin, place->end);
    if (found != span.text)
        reason += "; it said " + in_quotes(span.text) + ", the text " + in_quotes(found);
    find_fault(span, Grounding::repaired, reason + ".");
    span.start = static_cast<double>(place->begin);
    span.end = static_cast<double>(place->end);
    span.text = found;
}

void check_written(const Schema& schema, const GroundItem& item, Region& region) {
    if (trim(region.text).empty()) find_fault(region, Grounding::weak, "It is empty.");
    if (schema.modality == Modality::text) check_item_text(item.text, region);
}

/// An answer about a region is worth no more than the region.
void check_parents(Regions& regions) {
    std::map<std::string_view, const Region*> by_id;
    for (const auto& region : regions) by_id.emplace(region.id, &region);
    for (auto& answer : regions) {
        if (answer.parent.empty()) continue;
        const auto parent = by_id.find(answer.parent);
        if (parent == by_id.end() || parent->second == &answer)
            find_fault(answer, Grounding::ungrounded, "The region it is about is not there.");
        else if (parent->second->grounding >= Grounding::weak)
            find_fault(answer, parent->second->grounding, "The region it is about is in doubt.");
    }
}

struct KindRow {
    ControlKind kind;
    void (*check)(const Schema&, const GroundItem&, Region&);
};
/// Kinds without a row are only held to the schema.
constexpr KindRow kinds[] = {{ControlKind::choices, check_choice},
                             {ControlKind::boxes, check_box},
                             {ControlKind::spans, check_span},
                             {ControlKind::text, check_written}};

}  // namespace

DraftAnswer ground(const Schema& schema, const GroundItem& item, DraftAnswer draft) {
    for (auto& region : draft.regions) {
        region.grounding = Grounding::grounded;
        region.reason.clear();
        if (const auto* control = check_control(schema, region)) check_labels(*control, region);
        check_claim(region.confidence, region, "confidence");
        check_claim(region.probability, region, "probability");
        for (const auto& row : kinds)
            if (row.kind == region.kind) row.check(schema, item, region);
    }
    if (const auto mark = injection_mark(draft.told); !mark.empty())
        for (auto& region : draft.regions)
            find_fault(region, Grounding::weak,
                       "The draft that the model was told speaks to it: " + in_quotes(mark) + ".");
    if (schema.modality == Modality::audio) ground_speech(item.sound, draft.regions);
    check_parents(draft.regions);
    return draft;
}

Grounding worst_grounding(const Regions& regions) {
    Grounding worst = Grounding::grounded;
    for (const auto& region : regions) worst = std::max(worst, region.grounding);
    return worst;
}

}  // namespace countersign
