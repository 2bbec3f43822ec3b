#include <algorithm>

#include "app/model_files.h"
#include "base/text.h"
#include "http/routes.h"
#include "http/wire_jobs.h"
#include "http/wire_models.h"

namespace countersign {

namespace {

ConfigFieldOut field_out(const ConfigField& field) {
    ConfigFieldOut out{std::string(field.name), field.kind, std::string(field.meaning), nullptr,
                       field.required,          {}};
    if (const auto usual = parse_json(field.usual)) out.usual = *usual;
    if (!field.choices.empty())
        for (const auto choice : split(field.choices, ',')) out.choices.emplace_back(trim(choice));
    return out;
}

/// A kind that is told a URL is asked there.
WorksAt works_at(const ModelKind& kind) {
    if (kind.embedded) return WorksAt::program;
    const auto& fields = kind.config_fields;
    const bool asked = std::any_of(fields.begin(), fields.end(), [](const ConfigField& field) {
        return field.kind == FieldKind::url;
    });
    return asked ? WorksAt::server : WorksAt::machine;
}

Result<Response> list_kinds(Services& on, Request& request) {
    const auto project = TRY(on.projects.find(TRY(request.id("p"))));
    std::vector<ModelKindOut> items;
    for (const auto& kind : model_kinds()) {
        ModelKindOut out{std::string(kind.kind), std::string(kind.title), false, "", nullptr};
        auto config = kind.guess(project.schema);
        out.fits = static_cast<bool>(config);
        if (config)
            out.config = *std::move(config);
        else
            out.why = config.refusal().message;
        out.embedded = kind.embedded;
        out.works_at = works_at(kind);
        for (const auto& field : kind.config_fields) out.fields.push_back(field_out(field));
        items.push_back(std::move(out));
    }
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> list_models(Services& on, Request& request) {
    const auto project = TRY(on.projects.find(TRY(request.id("p"))));
    std::vector<ModelViewOut> items;
    for (const auto& view : on.drafting.models(project.id)) items.push_back(view_out(view));
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> rank_models(Services& on, Request& request) {
    const auto any = TRY(request.flag("assisted")).value_or(false);
    std::vector<ModelQualityOut> items;
    for (const auto& quality : TRY(model_quality(on.world, TRY(request.id("p")), !any)))
        items.push_back(quality_out(quality));
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> add_model(Services& on, Request& request) {
    const auto body = TRY(request.json<NewModelBody>());
    const auto model = TRY(
        on.drafting.add(request.caller, TRY(request.id("p")), body.kind, body.name, body.config));
    return answer(model_out(model), 201);
}

Result<Response> upload_model_file(Services& on, Request& request) {
    const auto name = std::string(request.ask("name"));
    if (name.empty() || name.size() > 255)
        return Refusal{Code::invalid, "name is missing or too long: say ?name=model.onnx."};
    const auto read =
        request.read ? request.read : [](char*, std::size_t) { return std::size_t{0}; };
    return answer(TRY(keep_model_file(on.world, TRY(request.id("p")), name, read)), 201);
}

Result<Response> change_model(Services& on, Request& request) {
    const auto body = TRY(request.json<ModelChangeBody>());
    const auto model = TRY(
        on.drafting.change(request.caller, TRY(request.id("k")),
                           {.name = body.name, .config = body.config, .enabled = body.enabled}));
    return answer(model_out(model));
}

Result<Response> set_secret(Services& on, Request& request) {
    const auto body = TRY(request.json<SecretBody>());
    const auto set =
        TRY(on.drafting.set_secret(request.caller, TRY(request.id("k")), body.name, body.value));
    return json_response(200, {{"items", to_json(secrets_out(set))}});
}

Result<Response> draft_now(Services& on, Request& request) {
    return answer(job_out(TRY(on.drafting.draft_now(request.caller, TRY(request.id("k"))))), 202);
}

Result<Response> list_versions(Services& on, Request& request) {
    std::vector<ModelVersionOut> items;
    for (const auto& version : on.drafting.versions(TRY(request.id("k"))))
        items.push_back(version_out(version));
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> try_model(Services& on, Request& request) {
    const auto body = TRY(request.json<TryBody>());
    const auto task = TRY(body_id('t', "task", body.task));
    const auto draft = TRY(on.drafting.try_on(request.caller, TRY(request.id("k")), task));
    const auto names = on.world.cache->version(on.world.db, on.world.clock, draft.model_version);
    return answer(TriedOut{draft_out(draft, names)});
}

}  // namespace

std::vector<Route> model_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/model-kinds",
         .access = needs(Permission::see_projects),
         .summary = "Kinds of models, and whether they fit the project",
         .handle = list_kinds,
         .gives = list_of<ModelKindOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/models",
         .access = needs(Permission::see_projects),
         .summary = "Models of a project: quality, acceptance, state",
         .handle = list_models,
         .gives = list_of<ModelViewOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/models",
         .access = needs(Permission::manage_project),
         .summary = "Add a model",
         .handle = add_model,
         .status = 201,
         .takes = schema_of<NewModelBody>,
         .gives = schema_of<ModelOut>},
        {.method = "PUT",
         .pattern = "/api/v1/projects/{p}/model-files",
         .access = needs(Permission::manage_project),
         .summary =
             "Keep an ONNX file for a model; the body is its bytes. Looked at before it is kept",
         .handle = upload_model_file,
         .status = 201,
         .gives = schema_of<ModelFile>,
         .query = {{"name", "what it is called: yolo11n.onnx"}},
         .takes_type = "application/octet-stream",
         .body_limit = most_model_file,
         .streams_body = true,
         .slow = true},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/models/quality",
         .access = needs(Permission::manage_project),
         .summary = "How right each model's drafts are, held against labels; the best first",
         .handle = rank_models,
         .gives = list_of<ModelQualityOut>,
         .query = {{"assisted",
                    "1: labels that people gave with a draft before them count too; they flatter "
                    "the model that was shown"}},
         .slow = true},
        {.method = "PATCH",
         .pattern = "/api/v1/models/{k}",
         .access = needs(Permission::manage_project),
         .summary = "Change a model",
         .handle = change_model,
         .takes = schema_of<ModelChangeBody>,
         .gives = schema_of<ModelOut>},
        {.method = "PUT",
         .pattern = "/api/v1/models/{k}/secrets",
         .access = needs(Permission::manage_project),
         .summary = "Set or remove a secret of a model, such as its key; it is never told again",
         .handle = set_secret,
         .takes = schema_of<SecretBody>,
         .gives = list_of<SecretOut>},
        {.method = "POST",
         .pattern = "/api/v1/models/{k}/draft",
         .access = needs(Permission::manage_project),
         .summary = "Draft what lacks a draft by this model",
         .handle = draft_now,
         .status = 202,
         .gives = schema_of<JobOut>},
        {.method = "GET",
         .pattern = "/api/v1/models/{k}/versions",
         .access = needs(Permission::manage_project),
         .summary = "Versions of a model, newest first",
         .handle = list_versions,
         .gives = list_of<ModelVersionOut>},
        {.method = "POST",
         .pattern = "/api/v1/models/{k}/try",
         .access = needs(Permission::manage_project),
         .summary = "Ask a model about one task, without storing anything",
         .handle = try_model,
         .takes = schema_of<TryBody>,
         .gives = schema_of<TriedOut>,
         .slow = true},
    };
}

}  // namespace countersign
