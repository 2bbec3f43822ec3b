#include "http/shapes.h"

#include <map>

#include "http/routes.h"
#include "http/wire_desk.h"
#include "http/wire_jobs.h"
#include "http/wire_models.h"
#include "http/wire_notifications.h"
#include "http/wire_people.h"
#include "http/wire_projects.h"

namespace countersign {

std::span<const Shape> shapes() {
    static constexpr Shape rows[] = {
        {"Annotation", schema_of<AnnotationOut>},
        {"Comment", schema_of<CommentOut>},
        {"Control", schema_of<Control>},
        {"DeskTask", schema_of<DeskTaskOut>},
        {"Draft", schema_of<DraftOut>},
        {"DraftHead", schema_of<DraftHeadOut>},
        {"Event", schema_of<EventOut>},
        {"Format", schema_of<FormatOut>},
        {"ImportOptions", schema_of<ImportOptions>},
        {"ImportReport", schema_of<ImportReport>},
        {"Job", schema_of<JobOut>},
        {"Label", schema_of<Label>},
        {"Media", schema_of<MediaOut>},
        {"Mention", schema_of<MentionOut>},
        {"Model", schema_of<ModelOut>},
        {"ModelKind", schema_of<ModelKindOut>},
        {"ModelStats", schema_of<ModelStatsOut>},
        {"ModelVersion", schema_of<ModelVersionOut>},
        {"ModelView", schema_of<ModelViewOut>},
        {"Notification", schema_of<NotificationOut>},
        {"Person", schema_of<PersonOut>},
        {"Policy", schema_of<Policy>},
        {"Progress", schema_of<Progress>},
        {"ProjectProgress", schema_of<ProjectProgress>},
        {"Project", schema_of<ProjectOut>},
        {"Region", schema_of<Region>},
        {"RowVerdict", schema_of<VerdictOut>},
        {"Schema", schema_of<Schema>},
        {"Session", schema_of<SessionOut>},
        {"Task", schema_of<TaskOut>},
        {"TaskDetail", schema_of<TaskDetailOut>},
        {"TaskRow", schema_of<TaskRowOut>},
        {"Template", schema_of<TemplateOut>},
        {"Token", schema_of<TokenOut>},
    };
    return rows;
}

namespace {

const std::map<std::string, std::string_view>& names_by_schema() {
    static const auto names = [] {
        std::map<std::string, std::string_view> out;
        for (const auto& shape : shapes()) out[to_text(shape.schema())] = shape.name;
        return out;
    }();
    return names;
}

}  // namespace

Json with_names(const Json& schema, bool keep_top) {
    if (schema.is_array()) {
        Json out = Json::array();
        for (const auto& part : schema) out.push_back(with_names(part));
        return out;
    }
    if (!schema.is_object()) return schema;
    Json bare = schema;
    const bool described = bare.contains("description") && bare["description"].is_string();
    if (described) bare.erase("description");
    const auto found = names_by_schema().find(to_text(bare));
    if (found != names_by_schema().end() && !keep_top) {
        Json out = {{"$ref", "#/components/schemas/" + std::string(found->second)}};
        if (described) out["description"] = schema["description"];
        return out;
    }
    Json out = Json::object();
    for (const auto& [key, part] : schema.items()) out[key] = with_names(part);
    return out;
}

}  // namespace countersign
