#include "models/box_classifier.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::size_t most_boxes = 300;

/// The part of the picture below a box, rotation ignored; empty when none is.
Image cut_out(const Image& picture, const Region& box) {
    const auto within = [](double at, int size) {
        return static_cast<int>(std::lround(std::clamp(at, 0.0, static_cast<double>(size))));
    };
    const auto place = extent(box);
    const int left = within(place.left, picture.width), right = within(place.right, picture.width);
    const int top = within(place.top, picture.height),
              bottom = within(place.bottom, picture.height);
    Image out;
    if (right <= left || bottom <= top) return out;
    out.width = right - left;
    out.height = bottom - top;
    constexpr std::size_t channels = 3;
    const auto row = static_cast<std::size_t>(out.width) * channels;
    for (int y = top; y < bottom; ++y) {
        const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                         static_cast<std::size_t>(left)) *
                        channels;
        const auto* from = picture.bgr.data() + at;
        out.bgr.insert(out.bgr.end(), from, from + row);
    }
    return out;
}

std::vector<Region> boxes_of(const Regions& earlier) {
    std::vector<Region> boxes;
    for (const auto& region : earlier)
        if (region.kind == ControlKind::boxes && std::isfinite(region.x + region.y) &&
            std::isfinite(region.width + region.height))
            boxes.push_back(region);
    std::stable_sort(boxes.begin(), boxes.end(), [](const Region& a, const Region& b) {
        return a.confidence.value_or(1) > b.confidence.value_or(1);
    });
    return boxes;
}

}  // namespace

Result<DraftAnswer> classify_boxes(const Image& picture, const Regions& earlier,
                                   const NetworkReading& reading, const Look& look) {
    DraftAnswer answer;
    const auto boxes = boxes_of(earlier);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        Region box = boxes[i];
        box.id = "d" + std::to_string(i + 1);
        const Image piece = i < most_boxes ? cut_out(picture, box) : Image{};
        Regions seen;
        if (!piece.bgr.empty()) {
            const auto outputs = TRY(look(piece));
            seen = TRY(reading.choice(outputs)).regions;
        }
        const bool relabels = reading.control().kind == ControlKind::boxes;
        if (relabels && !seen.empty()) {
            box.control = reading.control().name;
            box.labels = {seen.front().labels.front()};
            box.confidence = box.confidence.value_or(1) * seen.front().confidence.value_or(1);
            box.probability.reset();
        }
        const auto parent = box.id;
        answer.regions.push_back(std::move(box));
        if (relabels || seen.empty()) continue;
        auto& choice = answer.regions.emplace_back(std::move(seen.front()));
        choice.id = parent + "a";
        choice.parent = parent;
    }
    for (const auto& region : answer.regions)
        if (region.confidence)
            answer.confidence = std::min(answer.confidence.value_or(1), *region.confidence);
    return answer;
}

}  // namespace countersign
