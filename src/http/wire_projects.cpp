#include "http/wire_projects.h"

#include "base/crypto.h"

namespace countersign {

ProjectOut project_out(const Project& p, const ProjectProgress& progress, bool lists_hidden) {
    return {wire_id('p', p.id), p.name,      p.description,       p.schema,
            p.schema_version,   p.guideline, p.guideline_version, p.policy,
            progress,           p.created,   p.archived,          lists_hidden};
}

EventOut event_out(const Event& e) {
    EventOut out;
    out.id = wire_id('e', e.id);
    out.seq = e.seq;
    out.kind = e.kind;
    if (e.person != 0) out.person.emplace(wire_id('u', e.person));
    if (e.task != 0) out.task.emplace(wire_id('t', e.task));
    auto body = parse_json(e.body);
    out.body = body ? *std::move(body) : Json(e.body);
    out.created = e.created;
    out.hash = hex(e.hash);
    return out;
}

}  // namespace countersign
