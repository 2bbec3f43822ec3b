#include "models/cue_answerer.h"

namespace countersign {

CueUse cue_use(const ModelKind* kind, const Json& config) {
    const bool answers =
        kind && std::any_of(kind->config_fields.begin(), kind->config_fields.end(),
                            [](const ConfigField& field) { return field.name == "cues"; });
    if (!answers || !config.is_object()) return CueUse::no;
    const auto said = config.find("cues");
    if (said != config.end() && said->is_string())
        for (const auto& row : enum_names(CueUse{}))
            if (row.name == said->get_ref<const std::string&>()) return row.value;
    return CueUse::no;
}

}  // namespace countersign
