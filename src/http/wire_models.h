// Wire types of models, and how they come from core values.
#pragma once

#include <string>
#include <vector>
#include "app/drafting.h"
#include "base/fields.h"
#include "http/wire_tasks.h"

namespace countersign {

struct ModelKindOut {
    std::string kind;
    std::string title;
    bool fits = false;
    std::string why;
    Json config;
};
template <class V>
void fields(V& v, ModelKindOut& o) {
    v("kind", o.kind, "unique");
    v("title", o.title, "shown name");
    v("fits", o.fits, "can draft this project's schema");
    v("why", o.why, "why it does not");
    v("config", o.config, "a sensible configuration for this project, or null");
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

ModelOut model_out(const Model& model);
ModelVersionOut version_out(const ModelVersion& version);
ModelViewOut view_out(const ModelView& view);

}  // namespace countersign
