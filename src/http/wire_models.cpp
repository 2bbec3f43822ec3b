#include "http/wire_models.h"

namespace countersign {

ModelOut model_out(const Model& m) {
    return {wire_id('k', m.id), m.kind, m.name, m.config, m.enabled, m.created};
}

ModelVersionOut version_out(const ModelVersion& v) {
    return {wire_id('w', v.id), v.name, v.quality, v.learned_from, v.created};
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
    return out;
}

}  // namespace countersign
