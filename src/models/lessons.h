// What a learner learns from: items and what people decided about them. One list for every kind of
// learner; each picks from the regions what its control asks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "core/region.h"
#include "core/schema.h"
#include "media/image.h"
#include "media/sound.h"

namespace countersign {

struct LabelledItem {
    std::string text;  ///< Or
    Image image;       ///< upright BGR pixels; regions are in its pixels. Or
    Sound sound = {};  ///< 16 kHz; times of regions count from its first sample.
    Regions regions;
    double weight = 1;  ///< How much it counts: a blind or edited one more than an accepted one.
    bool assisted =
        false;  ///< The person saw a draft: such labels flatter a learner that is scored.
};

/// The next item, or nothing behind the last. Items come one by one, so that a thousand photos are
/// never in memory together.
using NextItem = std::function<std::optional<LabelledItem>()>;

struct LearnAsk {
    const Schema& schema;
    const Json& config;
    const std::string& models_dir;  ///< Of the converted weights.
    const NextItem& next;
    std::uint64_t seed = 0;
    std::stop_token stop = {};
};

/// A version: what a drafter is opened with, and how good it is on items it had not seen. Every
/// quality has "method", "n" (items scored), and a measure with its 95 % interval: "accuracy",
/// "f1" or "ap50", and the same with _low and _high.
struct LearnedModel {
    std::string state, name;
    Json quality;
};

}  // namespace countersign
