// A model, seen from drafting: given one item, propose regions. Nothing else.
//
// A drafter knows how to ask one model about one item. What a model behind a server needs besides
// (retries, limits, budget, cache) is said once for all of them in models/connector.h. A drafter is
// used by one thread at a time; workers make their own.
#pragma once

#include <algorithm>
#include <functional>
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
    // Of a stored task; empty for an item that is none.
    std::string_view task_key = {};     ///< The name its source gave it.
    std::string_view data = {};         ///< The task's data, JSON object text.
    std::string_view medium = {};       ///< The stored file, for drafters with wants_medium().
    std::string_view medium_type = {};  ///< "audio/mpeg"
    std::int64_t task = 0;              ///< Its id.
};

struct DraftAnswer {
    Regions regions;  ///< With confidence and calibrated probability; ids "d1", "d2"...
    std::optional<double> confidence;  ///< Of the whole item.
    std::optional<double> probability;
    std::string told = {};  ///< The draft of another model that it was told, in words.
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
    /// Whether DraftAsk::medium is filled: the file as it was stored, beside what was decoded of
    /// it.
    virtual bool wants_medium() const { return false; }
    /// Names of the controls that it answers; empty: all of its kind's.
    virtual std::vector<std::string> controls() const { return {}; }
    /// Refuses with Code::unavailable when the model cannot answer anything at present, with
    /// Code::conflict when it may not be asked any more (its budget is used up), with any other
    /// code when it has no answer to this item: not_found while it waits for another's draft.
    virtual Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) = 0;
};

/// Reviewed items that show a model how to label the asked one: at most `most`, none of them the
/// task itself or a near duplicate of it.
using ExampleSource = std::function<std::vector<LabelledItem>(const DraftAsk& ask, int most)>;

struct Outside;  ///< models/connector.h

/// What a model is made of when it is opened; all of it outlives the call only.
struct OpenAsk {
    const Schema& schema;
    const Json& config;
    const std::string& models_dir;     ///< Of the converted weights.
    std::string_view state = {};       ///< A learner's stored weights.
    std::string_view guideline = {};   ///< The project's, Markdown.
    const Outside* outside = nullptr;  ///< The way to a server; null: there is none here.
    ExampleSource examples = {};       ///< May be empty; may be kept, and called by its drafter.
};

enum class FieldKind { text, url, number, whole, flag, choice, names, object, secret, model };
inline std::span<const EnumName<FieldKind>> enum_names(FieldKind) {
    static constexpr EnumName<FieldKind> rows[] = {
        {FieldKind::text, "text"},   {FieldKind::url, "url"},       {FieldKind::number, "number"},
        {FieldKind::whole, "whole"}, {FieldKind::flag, "flag"},     {FieldKind::choice, "choice"},
        {FieldKind::names, "names"}, {FieldKind::object, "object"}, {FieldKind::secret, "secret"},
        {FieldKind::model, "model"}};
    return rows;
}

/// One thing that a kind of model is told: the web form and the reference read it. A secret is no
/// part of the config; it is set by a route of its own.
struct ConfigField {
    std::string_view name;
    FieldKind kind;
    std::string_view meaning;
    std::string_view usual = {};  ///< JSON text of what holds when it is left out.
    bool required = false;
    std::string_view choices = {};  ///< "auto, json_schema, tool"
};

/// A kind of model that a project can have. Adding a model family is adding a row.
struct ModelKind {
    std::string_view kind;   ///< "nanodet"
    std::string_view title;  ///< "Objects in photos (NanoDet, 80 COCO classes)"
    Modality modality;
    ControlKind control;
    bool embedded;  ///< Part of the program. Others are asked several items at a time.
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

    // A connector's, which may draft several modalities and controls.
    std::vector<Modality> also_modalities = {};
    std::vector<ControlKind> also_controls = {};
    std::vector<ConfigField> config_fields = {};

    bool learns() const { return learn != nullptr; }
    bool takes(Modality asked) const {
        return asked == modality || std::find(also_modalities.begin(), also_modalities.end(),
                                              asked) != also_modalities.end();
    }
    bool drafts(ControlKind asked) const {
        return asked == control ||
               std::find(also_controls.begin(), also_controls.end(), asked) != also_controls.end();
    }
};

/// Whether to train again: there is enough, and a third more than the last version learned from.
bool should_train(const ModelKind& kind, std::size_t labels_now, std::size_t learned_from);
std::span<const ModelKind> model_kinds();
const ModelKind* find_model_kind(std::string_view kind);

}  // namespace countersign
