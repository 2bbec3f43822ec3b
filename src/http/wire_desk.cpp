#include "http/wire_desk.h"

namespace countersign {

namespace {

void append_media(std::string& out, const Media& m) {
    if (m.id == 0) {
        out += "null";
        return;
    }
    const auto id = wire_id('m', m.id);
    out += "{\"id\":\"" + id + "\",\"url\":\"/api/v1/media/" + id +
           "\",\"width\":" + std::to_string(m.width) + ",\"height\":" + std::to_string(m.height) +
           ",\"seconds\":";
    append_json_number(out, m.seconds);
    out += ",\"type\":";
    append_json_string(out, m.type);
    out += '}';
}

void append_share(std::string& out, const std::optional<double>& value) {
    value ? append_json_number(out, *value) : void(out += "null");
}

void append_draft_head(std::string& out, const DeskTask& task) {
    if (!task.draft) {
        out += "null";
        return;
    }
    out += "{\"id\":\"" + wire_id('d', task.draft->id) + "\",\"model\":";
    append_json_string(out, task.model);
    out += ",\"version\":";
    append_json_string(out, task.model_version);
    out += ",\"confidence\":";
    append_share(out, task.draft->confidence);
    out += ",\"probability\":";
    append_share(out, task.draft->probability);
    out += ",\"grounding\":\"";
    out += name_of(task.draft->grounding);
    out += "\",\"created\":" + std::to_string(task.draft->created) + '}';
}

}  // namespace

namespace {
void append_former(std::string& out, const std::optional<FormerAnswer>& former) {
    out += ",\"former\":";
    if (!former) {
        out += "null";
        return;
    }
    out += "{\"own\":";
    out += former->own ? "true" : "false";
    out += ",\"created\":" + std::to_string(former->created) +
           ",\"regions\":" + regions_text(former->regions) + '}';
}
}  // namespace

void append_desk_task(std::string& out, const DeskTask& d) {
    const Task& t = d.task;
    out += "{\"id\":\"" + wire_id('t', t.id) + "\",\"project\":\"" + wire_id('p', t.project) +
           "\",\"key\":";
    append_json_string(out, t.key);
    out += ",\"data\":";
    out += t.data.empty() ? "{}" : t.data;
    out += ",\"meta\":";
    out += t.meta.empty() ? "null" : t.meta;
    out += ",\"lane\":\"";
    out += name_of(t.lane);
    out += "\",\"priority\":" + std::to_string(t.priority) + ",\"media\":";
    append_media(out, d.media);
    out += ",\"assignment\":{\"id\":\"" + wire_id('s', d.assignment.id) +
           "\",\"until\":" + std::to_string(d.assignment.until) + "},\"draft\":";
    append_draft_head(out, d);
    out += ",\"regions\":" + regions_text(d.regions);
    out += ",\"maybes\":" + regions_text(d.maybes);
    out += ",\"work\":";
    out += d.work.empty() ? "null" : d.work;
    append_former(out, d.former);
    out += '}';
}

void append_onboarding(std::string& out, const std::optional<OnboardingView>& view) {
    out += view ? to_text(to_json(onboarding_out(*view))) : "null";
}

void append_progress(std::string& out, const Progress& progress) {
    out += '{';
    const auto put = [&](std::string_view name, std::int64_t value, std::string_view) {
        if (out.back() != '{') out += ',';
        out.append("\"").append(name).append("\":").append(std::to_string(value));
    };
    fields(put, const_cast<Progress&>(progress));
    out += '}';
}

}  // namespace countersign
