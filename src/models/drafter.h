// A model, seen from drafting: given one item, propose regions. Nothing else.
//
// A drafter knows how to ask one model once. Retrying, budgets, caching and recording are wrappers
// that are Drafters themselves. A drafter is used by one thread at a time; workers make their own.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/region.h"
#include "core/schema.h"
#include "media/image.h"
#include "media/sound.h"
#include "models/lessons.h"

namespace countersign {

/// One item to draft. Exactly one of `text`, `image` and `sound` counts, by the schema's modality.
struct DraftAsk {
    std::string_view text;
    const Image* image = nullptr;  ///< Upright BGR pixels; coordinates of regions refer to it.
    const Sound* sound = nullptr;  ///< 16 kHz; times of regions count from its first sample.
};

struct DraftAnswer {
    Regions regions;  ///< With confidence and calibrated probability; ids "d1", "d2"...
    std::optional<double> confidence;  ///< Of the whole item.
    std::optional<double> probability;
};

/// Networks look at a few hundred pixels: a photo is decoded at the scale that is still enough.
constexpr int enough_for_one_look = 832;

class Drafter {
public:
    virtual ~Drafter() = default;
    virtual std::string version()
        const = 0;  ///< Names weights and parameters: "nanodet-g-416 5d0e4f8c".
    /// A picture may come shrunk, if not below this many pixels on its shorter side.
    virtual int enough_side() const { return enough_for_one_look; }
    /// Refuses with Code::unavailable when the model cannot answer.
    virtual Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) = 0;
};

/// What a model is made of when it is opened; all of it outlives the call only.
struct OpenAsk {
    const Schema& schema;
    const Json& config;
    const std::string& models_dir;  ///< Of the converted weights.
    std::string_view state = {};    ///< A learner's stored weights.
};

/// A kind of model that a project can have. Adding a model family is adding a row.
struct ModelKind {
    std::string_view kind;   ///< "nanodet"
    std::string_view title;  ///< "Objects in photos (NanoDet, 80 COCO classes)"
    Modality modality;
    ControlKind control;
    bool embedded;  ///< Needs no server.
    /// A config with sensible guesses for this schema (label mapping...), or a refusal that says
    /// why it cannot draft it.
    Result<Json> (*guess)(const Schema& schema);
    Result<std::unique_ptr<Drafter>> (*open)(const OpenAsk& ask);
    /// A learner's: a new version from what was reviewed. Null: it does not learn. Refuses with
    /// Code::unavailable, saying what is missing, while that is too little.
    Result<LearnedModel> (*learn)(const LearnAsk& ask) = nullptr;
    std::size_t least_labels = 0;      ///< Reviewed items before a learner is trained at all.
    std::string_view needs = {};       ///< "reviewed labels, at least 3 each of 2 labels"
    std::size_t most_labels = 50'000;  ///< A learner reads an even sample of more.
    /// Whether what people decided is enough to learn, by the regions alone, before any item is
    /// looked at. Null: learn() says so itself.
    Result<> (*ready)(const Schema& schema, const Json& config,
                      std::span<const Regions* const> reviewed) = nullptr;

    bool learns() const { return learn != nullptr; }
};

/// Whether to train again: there is enough, and a third more than the last version learned from.
bool should_train(const ModelKind& kind, std::size_t labels_now, std::size_t learned_from);
std::span<const ModelKind> model_kinds();
const ModelKind* find_model_kind(std::string_view kind);

}  // namespace countersign
