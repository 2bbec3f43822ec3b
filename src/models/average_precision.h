// Average precision of detections against labelled boxes, as COCO defines it (101 recalls,
// interpolated precision), without its crowd and ignore regions.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/nanodet_decode.h"

namespace countersign {

/// One picture: what is there (score unused) and what was found, both in its pixels.
struct Scene {
    std::vector<Detection> truth, found;
};

struct JudgedDetection {
    float score;
    bool right;
};

/// Greedy by falling score: each detection takes the free truth it overlaps most, if that is
/// enough.
inline std::vector<JudgedDetection> judge(const Scene& scene, int object, float enough) {
    std::vector<Detection> truth, found;
    const auto is_object = [&](const Detection& d) { return d.object == object; };
    std::copy_if(scene.truth.begin(), scene.truth.end(), std::back_inserter(truth), is_object);
    std::copy_if(scene.found.begin(), scene.found.end(), std::back_inserter(found), is_object);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    std::vector<bool> taken(truth.size());
    std::vector<JudgedDetection> verdicts;
    for (const Detection& detection : found) {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            const float least = best ? overlap(detection, truth[*best]) : enough;
            if (!taken[i] && overlap(detection, truth[i]) >= least) best = i;
        }
        if (best) taken[*best] = true;
        verdicts.push_back({detection.score, best.has_value()});
    }
    return verdicts;
}

/// Of verdicts in any order, when there were `present` objects to find; more than none.
inline double average_precision(std::vector<JudgedDetection> verdicts, std::ptrdiff_t present) {
    std::stable_sort(verdicts.begin(), verdicts.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    std::vector<double> precision, recall;
    double right = 0;
    for (const JudgedDetection& verdict : verdicts) {
        right += verdict.right;
        precision.push_back(right / static_cast<double>(precision.size() + 1));
        recall.push_back(right / static_cast<double>(present));
    }
    for (std::size_t i = precision.size(); i-- > 1;)
        precision[i - 1] = std::max(precision[i - 1], precision[i]);
    double sum = 0;
    for (int step = 0; step <= 100; ++step) {
        const auto at = std::lower_bound(recall.begin(), recall.end(), step / 100.0);
        if (at != recall.end()) sum += precision[static_cast<std::size_t>(at - recall.begin())];
    }
    return sum / 101;
}

/// Of one kind of object over all scenes; nothing when no scene has it.
inline std::optional<double> average_precision(const std::vector<Scene>& scenes, int object,
                                               float enough) {
    std::ptrdiff_t present = 0;
    std::vector<JudgedDetection> verdicts;
    for (const Scene& scene : scenes) {
        present += std::count_if(scene.truth.begin(), scene.truth.end(),
                                 [&](const auto& d) { return d.object == object; });
        for (const JudgedDetection& verdict : judge(scene, object, enough))
            verdicts.push_back(verdict);
    }
    if (present == 0) return std::nullopt;
    return average_precision(std::move(verdicts), present);
}

/// The mean over the kinds that occur.
inline double mean_average_precision(const std::vector<Scene>& scenes, int objects, float enough) {
    double sum = 0;
    int kinds = 0;
    for (int object = 0; object < objects; ++object)
        if (const auto precision = average_precision(scenes, object, enough)) {
            sum += *precision;
            ++kinds;
        }
    return kinds ? sum / kinds : 0;
}

}  // namespace countersign
