#include "http/wire_models.h"

namespace countersign {

std::vector<SecretOut> secrets_out(const std::vector<SecretView>& secrets) {
    std::vector<SecretOut> out;
    for (const auto& row : secrets) out.push_back({row.name, row.tail, row.changed});
    return out;
}

ModelOut model_out(const Model& m) {
    return {wire_id('k', m.id), m.kind, m.name, m.config, m.enabled, m.created};
}

ModelVersionOut version_out(const ModelVersion& v) {
    return {wire_id('w', v.id), v.name, v.quality, v.learned_from, v.created};
}

ModelQualityOut quality_out(const ModelQuality& q) {
    ModelQualityOut out;
    out.model = wire_id('k', q.model.id);
    out.name = q.model.name;
    out.overall = q.overall;
    out.tasks = static_cast<std::int64_t>(q.tasks);
    for (const auto& c : q.controls)
        out.controls.push_back({c.control, c.measure, c.value, c.interval.low, c.interval.high,
                                c.precision, c.recall, static_cast<std::int64_t>(c.tasks),
                                static_cast<std::int64_t>(c.labelled),
                                static_cast<std::int64_t>(c.drafted)});
    if (q.claims)
        out.claims.emplace(ClaimScoreOut{q.claims->error, q.claims->interval.low,
                                         q.claims->interval.high, q.claims->brier,
                                         static_cast<std::int64_t>(q.claims->claims)});
    return out;
}

ModelViewOut view_out(const ModelView& view) {
    ModelViewOut out;
    out.id = wire_id('k', view.model.id);
    out.kind = view.model.kind;
    out.name = view.model.name;
    out.config = view.model.config;
    out.enabled = view.model.enabled;
    if (view.version) out.version.emplace(version_out(*view.version));
    const auto& s = view.stats;
    out.stats = {s.drafted, s.decided, s.accepted, s.grounded, s.repaired, s.weak, s.ungrounded};
    out.to_draft = view.to_draft;
    out.state = view.state;
    out.why = view.why;
    out.embedded = !view.spent;
    out.secrets = secrets_out(view.secrets);
    if (view.spent) out.spent = spend_out(*view.spent);
    return out;
}

}  // namespace countersign
