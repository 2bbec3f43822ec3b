// Wire types of models, and how they come from core values.
#pragma once

#include <string>
#include <vector>
#include "app/drafting.h"
#include "app/model_quality.h"
#include "app/spend.h"
#include "base/fields.h"
#include "http/wire_tasks.h"

namespace countersign {

struct ConfigFieldOut {
    std::string name;
    FieldKind kind = FieldKind::text;
    std::string meaning;
    Json usual;
    bool required = false;
    std::vector<std::string> choices;
};
template <class V>
void fields(V& v, ConfigFieldOut& o) {
    v("name", o.name, "in the config; a secret is set by a route of its own");
    v("kind", o.kind, "what it holds");
    v("meaning", o.meaning, "a phrase for people");
    v("usual", o.usual, "what holds when it is left out, or null");
    v("required", o.required, "must be given");
    v("choices", o.choices, "of kind choice: one of these");
}

/// Where a kind of model works: as part of the program, on its machine from what people bring, or
/// on a server that is asked.
enum class WorksAt { program, machine, server };
inline std::span<const EnumName<WorksAt>> enum_names(WorksAt) {
    static constexpr EnumName<WorksAt> rows[] = {
        {WorksAt::program, "program"}, {WorksAt::machine, "machine"}, {WorksAt::server, "server"}};
    return rows;
}

struct ModelKindOut {
    std::string kind;
    std::string title;
    bool fits = false;
    std::string why;
    Json config;
    bool embedded = true;
    WorksAt works_at = WorksAt::program;
    std::vector<ConfigFieldOut> fields;
};
template <class V>
void fields(V& v, ModelKindOut& o) {
    v("kind", o.kind, "unique");
    v("title", o.title, "shown name");
    v("fits", o.fits, "can draft this project's schema");
    v("why", o.why, "why it does not");
    v("config", o.config, "a sensible configuration for this project, or null");
    v("embedded", o.embedded,
      "part of the program; others are asked elsewhere, and are off at first");
    v("works_at", o.works_at, "in the program, on its machine from what one brings, on a server");
    v("fields", o.fields, "what its config may hold; empty: see the guide");
}

struct SecretOut {
    std::string name;
    std::string tail;
    Millis changed = 0;
};
template <class V>
void fields(V& v, SecretOut& o) {
    v("name", o.name, "of the field, such as key");
    v("tail", o.tail, "its last four characters; empty for a short one");
    v("changed", o.changed, "ms UTC");
}

struct SecretBody {
    std::string name = "key";
    std::string value;
};
template <class V>
void fields(V& v, SecretBody& o) {
    v("name", o.name, "of the field; usually key");
    v("value", o.value, "sealed, and never told again; empty: it is removed");
}

struct NewModelBody {
    std::string kind;
    std::string name;
    Json config;
};
template <class V>
void fields(V& v, NewModelBody& o) {
    v("kind", o.kind, "from model-kinds");
    v("name", o.name, "shown name");
    v("config", o.config, "what the kind needs");
}

struct ModelChangeBody {
    std::optional<std::string> name;
    std::optional<Json> config;
    std::optional<bool> enabled;
};
template <class V>
void fields(V& v, ModelChangeBody& o) {
    v("name", o.name, "shown name");
    v("config", o.config, "what the kind needs");
    v("enabled", o.enabled, "drafts when tasks come in");
}

struct ModelOut {
    std::string id;
    std::string kind;
    std::string name;
    Json config;
    bool enabled = true;
    Millis created = 0;
};
template <class V>
void fields(V& v, ModelOut& o) {
    v("id", o.id, "k...");
    v("kind", o.kind, "from model-kinds");
    v("name", o.name, "shown name");
    v("config", o.config, "what the kind needs");
    v("enabled", o.enabled, "drafts when tasks come in");
    v("created", o.created, "ms UTC");
}

struct ModelVersionOut {
    std::string id;
    std::string name;
    Json quality;
    std::int64_t learned_from = 0;
    Millis created = 0;
};
template <class V>
void fields(V& v, ModelVersionOut& o) {
    v("id", o.id, "w...");
    v("name", o.name, "names weights and parameters");
    v("quality", o.quality, "measured: accuracy, log_loss, n, method...");
    v("learned_from", o.learned_from, "labels it learned from");
    v("created", o.created, "ms UTC");
}

struct ModelStatsOut {
    std::int64_t drafted = 0;
    std::int64_t decided = 0;
    std::int64_t accepted = 0;
    std::int64_t grounded = 0;
    std::int64_t repaired = 0;
    std::int64_t weak = 0;
    std::int64_t ungrounded = 0;
};
template <class V>
void fields(V& v, ModelStatsOut& o) {
    v("drafted", o.drafted, "current drafts");
    v("decided", o.decided, "decisions on tasks where its draft was shown");
    v("accepted", o.accepted, "of these, accepted as they stood");
    v("grounded", o.grounded, "drafts by verdict");
    v("repaired", o.repaired, "drafts by verdict");
    v("weak", o.weak, "drafts by verdict");
    v("ungrounded", o.ungrounded, "drafts by verdict");
}

struct ModelViewOut {
    std::string id;
    std::string kind;
    std::string name;
    Json config;
    bool enabled = true;
    Nullable<ModelVersionOut> version;
    ModelStatsOut stats;
    std::int64_t to_draft = 0;
    std::string state;
    std::string why;
    bool embedded = true;
    std::vector<SecretOut> secrets;
    std::optional<SpendOut> spent;
};
template <class V>
void fields(V& v, ModelViewOut& o) {
    v("id", o.id, "k...");
    v("kind", o.kind, "from model-kinds");
    v("name", o.name, "shown name");
    v("config", o.config, "what the kind needs");
    v("enabled", o.enabled, "drafts when tasks come in");
    v("version", o.version, "the latest");
    v("stats", o.stats, "counters");
    v("to_draft", o.to_draft, "ready tasks without a draft by the latest version");
    v("state", o.state, "ready, drafting, waiting, off, failed");
    v("why", o.why, "what it waits for");
    v("embedded", o.embedded, "part of the program; others are asked elsewhere");
    v("secrets", o.secrets, "which of its secrets are set");
    v("spent", o.spent, "what it has cost, where it is asked elsewhere");
}

struct ControlScoreOut {
    std::string control;
    DraftMeasure measure = DraftMeasure::accuracy;
    double value = 0, low = 0, high = 0;
    std::optional<double> precision, recall;
    std::int64_t tasks = 0, labelled = 0, drafted = 0;
};
template <class V>
void fields(V& v, ControlScoreOut& o) {
    v("control", o.control, "of the schema");
    v("measure", o.measure,
      "choices and ratings: share with the very labels; spans, segments, polygons: F1; boxes: "
      "average precision at IoU 0.5; texts: one minus the word error rate");
    v("value", o.value, "0 to 1");
    v("low", o.low, "low end of the 95 % interval");
    v("high", o.high, "high end of it");
    v("precision", o.precision, "of what is drawn: share of drafted pieces that are right");
    v("recall", o.recall, "of what is drawn: share of labelled pieces that were drafted");
    v("tasks", o.tasks, "tasks that count");
    v("labelled", o.labelled, "pieces in the labels (words of texts)");
    v("drafted", o.drafted, "pieces in the drafts");
}

struct ClaimScoreOut {
    double error = 0, low = 0, high = 0, brier = 0;
    std::int64_t claims = 0;
};
template <class V>
void fields(V& v, ClaimScoreOut& o) {
    v("error", o.error, "expected calibration error: how far claimed probabilities are off");
    v("low", o.low, "low end of its 95 % interval");
    v("high", o.high, "high end of it");
    v("brier", o.brier, "Brier score");
    v("claims", o.claims, "drafted pieces that claimed a probability");
}

struct ModelQualityOut {
    std::string model;
    std::string name;
    double overall = 0;
    std::int64_t tasks = 0;
    std::vector<ControlScoreOut> controls;
    Nullable<ClaimScoreOut> claims;
};
template <class V>
void fields(V& v, ModelQualityOut& o) {
    v("model", o.model, "k...");
    v("name", o.name, "shown name");
    v("overall", o.overall, "mean of the controls' values");
    v("tasks", o.tasks, "tasks with a label that counts and a draft of it");
    v("controls", o.controls, "how right it is, control by control");
    v("claims", o.claims, "whether its probabilities come true; null: it claims none");
}

struct TryBody {
    std::string task;
};
template <class V>
void fields(V& v, TryBody& o) {
    v("task", o.task, "t...");
}

struct TriedOut {
    DraftOut draft;
};
template <class V>
void fields(V& v, TriedOut& o) {
    v("draft", o.draft, "what the model says now; not stored");
}

std::vector<SecretOut> secrets_out(const std::vector<SecretView>& secrets);
ModelOut model_out(const Model& model);
ModelVersionOut version_out(const ModelVersion& version);
ModelQualityOut quality_out(const ModelQuality& quality);
ModelViewOut view_out(const ModelView& view);

}  // namespace countersign
