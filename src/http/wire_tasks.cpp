#include "http/wire_tasks.h"

namespace countersign {

namespace {

/// Texts that the store keeps are JSON already; one that is empty is null.
Json stored_json(const std::string& text) {
    if (text.empty()) return nullptr;
    auto parsed = parse_json(text);
    return parsed ? *std::move(parsed) : Json(text);
}

template <class T>
Nullable<T> or_null(const std::optional<T>& value) {
    Nullable<T> out;
    if (value) out.emplace(*value);
    return out;
}

void append_raw(std::string& out, std::string_view json) {
    out += json.empty() ? "null" : json;
}

}  // namespace

TaskOut task_out(const Task& t) {
    TaskOut out{
        wire_id('t', t.id), t.key,    stored_json(t.data), stored_json(t.meta), {}, t.state, t.lane,
        t.priority,         t.created};
    if (t.media != 0) out.media.emplace(wire_id('m', t.media));
    return out;
}

MediaOut media_out(const Media& m) {
    const auto id = wire_id('m', m.id);
    return {id, "/api/v1/media/" + id, m.width, m.height, m.seconds, m.type};
}

Json compact_regions(const Regions& regions) {
    Json out = Json::array();
    for (const auto& region : regions) out.push_back(region_json(region));
    return out;
}

AnnotationOut annotation_out(const Annotation& a) {
    AnnotationOut out{wire_id('a', a.id),
                      wire_id('t', a.task),
                      wire_id('u', a.person),
                      {},
                      a.action,
                      a.regions,
                      a.edits,
                      a.active_ms,
                      a.flagged,
                      a.comment,
                      a.created,
                      a.withdrawn};
    if (a.draft != 0) out.draft.emplace(wire_id('d', a.draft));
    return out;
}

CommentOut comment_out(const Comment& c) {
    CommentOut out{wire_id('c', c.id),
                   wire_id('t', c.task),
                   wire_id('u', c.person),
                   c.author,
                   c.text,
                   c.created,
                   {}};
    for (const auto& one : c.mentions)
        out.mentions.push_back({wire_id('u', one.person), one.name, one.display});
    return out;
}

DraftOut draft_out(const Draft& d, const VersionNames& names) {
    return {wire_id('d', d.id),
            names.model,
            names.version,
            or_null(d.confidence),
            or_null(d.probability),
            d.grounding,
            d.created,
            d.current,
            d.regions};
}

void append_annotation(std::string& out, const Annotation& a) {
    out += "{\"id\":\"" + wire_id('a', a.id) + "\",\"task\":\"" + wire_id('t', a.task) +
           "\",\"person\":\"" + wire_id('u', a.person) + "\",\"draft\":";
    out += a.draft == 0 ? "null" : '"' + wire_id('d', a.draft) + '"';
    out += ",\"action\":\"";
    out += name_of(a.action);
    out += "\",\"regions\":" + regions_text(a.regions);
    out += ",\"edits\":" + std::to_string(a.edits);
    out += ",\"active_ms\":" + std::to_string(a.active_ms);
    out += a.flagged ? ",\"flagged\":true" : ",\"flagged\":false";
    out += ",\"comment\":";
    append_json_string(out, a.comment);
    out += ",\"created\":" + std::to_string(a.created);
    out += ",\"withdrawn\":" + std::to_string(a.withdrawn) + '}';
}

void append_task_row(std::string& out, const TaskRow& row) {
    const Task& t = row.task;
    out += "{\"task\":{\"id\":\"" + wire_id('t', t.id) + "\",\"key\":";
    append_json_string(out, t.key);
    out += ",\"data\":";
    append_raw(out, t.data);
    out += ",\"meta\":";
    append_raw(out, t.meta);
    out += ",\"media\":";
    out += t.media == 0 ? "null" : '"' + wire_id('m', t.media) + '"';
    out += ",\"state\":\"";
    out += name_of(t.state);
    out += "\",\"lane\":\"";
    out += name_of(t.lane);
    out += "\",\"priority\":" + std::to_string(t.priority);
    out += ",\"created\":" + std::to_string(t.created) + "},\"action\":";
    out += row.action ? '"' + std::string(name_of(*row.action)) + '"' : "null";
    out += ",\"person\":";
    append_json_string(out, row.person);
    out += ",\"labels\":";
    append_json_string(out, row.labels);
    out += ",\"probability\":";
    row.probability ? append_json_number(out, *row.probability) : void(out += "null");
    out += row.flagged ? ",\"flagged\":true" : ",\"flagged\":false";
    out += ",\"decided\":" + std::to_string(row.decided) + ",\"holder\":";
    append_json_string(out, row.holder);
    out += ",\"lease_until\":" + std::to_string(row.lease_until) + ",\"for_person\":";
    append_json_string(out, row.for_person);
    out += '}';
}

}  // namespace countersign
