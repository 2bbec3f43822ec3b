#include "app/model_chain.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/model_store.h"

namespace countersign {

namespace {

std::vector<std::string> names_under(const Json& config, const char* name) {
    std::vector<std::string> out;
    if (!config.is_object() || !config.contains(name)) return out;
    const Json& value = config[name];
    const Json list = value.is_array() ? value : Json::array({value});
    for (const auto& one : list)
        if (one.is_string() && !one.get<std::string>().empty())
            out.push_back(one.get<std::string>());
    return out;
}

bool is_ensemble(const Model& model) {
    return model.kind == "ensemble";
}

}  // namespace

std::vector<Id> models_read(const Model& model, const std::vector<Model>& all) {
    const auto named = names_under(model.config, is_ensemble(model) ? "models" : "reads");
    std::vector<Id> out;
    for (const auto& other : all) {
        if (other.id == model.id) continue;
        const bool by_name =
            std::find(named.begin(), named.end(), wire_id('k', other.id)) != named.end();
        const bool by_being_on =
            is_ensemble(model) && named.empty() && other.enabled && !is_ensemble(other);
        if (by_name || by_being_on) out.push_back(other.id);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Model> in_drafting_order(std::vector<Model> models) {
    std::vector<Model> out;
    std::set<Id> placed, waiting;
    std::map<Id, const Model*> by_id;
    for (const auto& model : models) by_id.emplace(model.id, &model);
    const auto place = [&](const Model& model, const auto& again) -> void {
        if (placed.contains(model.id) || !waiting.insert(model.id).second) return;
        for (const Id read : models_read(model, models)) again(*by_id.at(read), again);
        placed.insert(model.id);
        out.push_back(model);
    };
    for (const auto& model : models) place(model, place);
    return out;
}

Result<> check_chain(const Model& model, const std::vector<Model>& all) {
    std::vector<Model> models = all;
    std::erase_if(models, [&](const Model& known) { return known.id == model.id; });
    models.push_back(model);
    for (const auto& name : names_under(model.config, "reads")) {
        const auto id = parse_id('k', name);
        if (id && *id == model.id)
            return Refusal{Code::invalid, "A model cannot read its own drafts."};
        if (!id || std::none_of(models.begin(), models.end(),
                                [&](const Model& known) { return known.id == *id; }))
            return Refusal{Code::invalid, "\"reads\" names " + name +
                                              ", which is no model of this project: choose one "
                                              "that is."};
    }
    std::map<Id, const Model*> by_id;
    for (const auto& known : models) by_id.emplace(known.id, &known);
    std::set<Id> seen;
    std::vector<Id> next = models_read(model, models);
    while (!next.empty()) {
        const Id id = next.back();
        next.pop_back();
        if (id == model.id)
            return Refusal{Code::invalid,
                           "The models would wait for each other in a circle: one of those whose "
                           "drafts this model reads already reads its own."};
        if (!seen.insert(id).second) continue;
        for (const Id further : models_read(*by_id.at(id), models)) next.push_back(further);
    }
    return Done{};
}

VersionsRead versions_read(Session& s, const Model& model) {
    VersionsRead out;
    for (const Id id : models_read(model, list_models(s, model.project))) {
        const auto version = latest_version(s, id);
        if (!version) continue;
        out.ids[wire_id('k', id)] = version->id;
        out.learned_from = std::max(out.learned_from, version->learned_from);
    }
    return out;
}

}  // namespace countersign
