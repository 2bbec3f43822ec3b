// A model: a connector to something that writes drafts, and its versions.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/fields.h"
#include "base/ids.h"

namespace countersign {

struct Model {
    Id id = 0;
    Id project = 0;
    std::string name;
    std::string kind;  ///< A row of the model kinds table: "nanodet", "text-learner", "imported".
    Json config;       ///< What the kind needs; for nanodet: {"map": {"person": "Person", ...}}.
    bool enabled = true;
    Millis created = 0;
};

struct ModelVersion {
    Id id = 0;
    Id model = 0;
    std::string name;   ///< "nanodet-g-416", "learner 3 (47 labels)"
    Json quality;       ///< Cross-validated or measured:
                        ///< {"accuracy":..,"log_loss":..,"ece":..,"n":..,"method":".."}.
    std::string state;  ///< The learner's weights; empty for fixed models. Never listed.
    std::int64_t learned_from = 0;  ///< Number of labels it learned from.
    Millis created = 0;
};

}  // namespace countersign
