#include "app/label_configs.h"
#include "http/routes.h"
#include "http/wire_jobs.h"
#include "http/wire_projects.h"

namespace countersign {

namespace {

using ReadBody = std::function<std::size_t(char*, std::size_t)>;

/// A request without a body has no reader: that is an empty file.
ReadBody reader_of(const Request& request) {
    if (request.read) return request.read;
    return [](char*, std::size_t) { return std::size_t{0}; };
}

/// Stores the body as a file of the upload. Bodies of unknown length are held to the limit here.
Result<std::int64_t> store_body(Services& on, Request& request, Id project,
                                const std::string& upload, const std::string& name) {
    std::int64_t total = 0;
    bool over = false;
    const auto read = reader_of(request);
    const auto held = [&](char* into, std::size_t room) -> std::size_t {
        const auto n = read(into, room);
        total += static_cast<std::int64_t>(n);
        over = total > upload_limit;
        return over ? 0 : n;
    };
    const auto bytes = TRY(on.imports.put_file(request.caller, project, upload, name, held));
    if (over)
        return Refusal{Code::too_large,
                       "A file may have " + std::to_string(upload_limit) + " bytes: split it."};
    return bytes;
}

Result<Response> new_upload(Services& on, Request& request) {
    return answer(UploadOut{TRY(on.imports.new_upload(request.caller, TRY(request.id("p"))))}, 201);
}

Result<Response> put_file(Services& on, Request& request) {
    const auto project = TRY(request.id("p"));
    const auto name = std::string(request.ask("name"));
    if (name.empty()) return Refusal{Code::invalid, "name is missing: say ?name=folder/file.ext."};
    const auto bytes = TRY(store_body(on, request, project, request.param("upload"), name));
    return answer(UploadedFileOut{name, bytes}, 201);
}

Result<std::string> small_body(const Request& request) {
    constexpr std::size_t most = 1 << 20;
    const auto read = reader_of(request);
    std::string text;
    std::string piece(16 << 10, '\0');
    while (const auto n = read(piece.data(), piece.size())) {
        text.append(piece, 0, n);
        if (text.size() > most)
            return Refusal{Code::too_large,
                           "The import's options have more than 1 MiB. To send a file as the body "
                           "itself, add ?raw=1&name=file.ext."};
    }
    return text;
}

Result<Response> import_raw(Services& on, Request& request, Id project) {
    const auto name = std::string(request.ask("name"));
    if (name.empty())
        return Refusal{Code::invalid, "name is missing: say ?name=tasks.jsonl with the file."};
    ImportOptions options;
    options.format = request.ask("format");
    options.text_column = request.ask("text_column");
    options.id_column = request.ask("id_column");
    options.label_column = request.ask("label_column");
    options.labels_are_drafts = TRY(request.flag("labels_are_drafts")).value_or(false);
    options.fetch_media = TRY(request.flag("fetch_media")).value_or(false);
    options.labels_are_gold = TRY(request.flag("labels_are_gold")).value_or(false);
    const auto upload = TRY(on.imports.new_upload(request.caller, project));
    TRY(store_body(on, request, project, upload, name));
    return answer(job_out(TRY(on.imports.start(request.caller, project, upload, options))), 202);
}

Result<Response> start_import(Services& on, Request& request) {
    const auto project = TRY(request.id("p"));
    const bool raw = TRY(request.flag("raw")).value_or(false);
    if (raw || !request.header("content-type").starts_with("application/json"))
        return import_raw(on, request, project);
    const auto body = TRY(from_text<ImportBody>(TRY(small_body(request))));
    if (body.upload.empty())
        return Refusal{Code::invalid, "upload is missing: make one with POST uploads."};
    const auto job = TRY(on.imports.start(request.caller, project, body.upload, body.options));
    return answer(job_out(job), 202);
}

std::string disposition(const std::string& file_name) {
    std::string plain, encoded;
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : file_name) {
        const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
        plain += word ? c : '_';
        if (word) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

Result<Response> export_file(Services& on, Request& request) {
    ExportOptions options;
    if (const auto format = request.ask("format"); !format.empty()) options.format = format;
    options.decided_only = TRY(request.flag("decided")).value_or(true);
    options.with_drafts = TRY(request.flag("drafts")).value_or(true);
    options.with_images = TRY(request.flag("images")).value_or(false);
    options.filter = TRY(parse_task_filter(request.ask("filter")));
    std::shared_ptr<ExportStream> stream =
        TRY(on.exports.open(request.caller, TRY(request.id("p")), options));
    Response response;
    response.type = stream->media_type;
    response.headers.emplace_back("Content-Disposition", disposition(stream->file_name));
    response.body = Pull([stream](std::string& out) { return stream->next(out); });
    return response;
}

Result<Response> read_label_config(Services&, Request& request) {
    const auto body = TRY(request.json<LabelConfigBody>());
    auto read = TRY(schema_from_label_config(body.xml));
    return answer(LabelConfigOut{std::move(read.schema), std::move(read.not_understood)});
}

Result<Response> write_label_config(Services& on, Request& request) {
    const auto project = TRY(on.projects.find(TRY(request.id("p"))));
    auto response = text_response(200, "application/xml", label_config_of(project.schema));
    response.headers.emplace_back("Content-Disposition", disposition("label-config.xml"));
    return response;
}

}  // namespace

std::vector<Route> import_routes() {
    return {
        {.method = "POST",
         .pattern = "/api/v1/label-config",
         .access = needs(Permission::manage_project),
         .summary = "A Label Studio configuration as a schema; nothing is kept",
         .handle = read_label_config,
         .takes = schema_of<LabelConfigBody>,
         .gives = schema_of<LabelConfigOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/label-config",
         .access = needs(Permission::see_projects),
         .summary = "The project's schema as a Label Studio configuration",
         .handle = write_label_config,
         .gives_type = "application/xml"},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/uploads",
         .access = needs(Permission::manage_project),
         .summary = "A new folder to put files into",
         .handle = new_upload,
         .status = 201,
         .gives = schema_of<UploadOut>},
        {.method = "PUT",
         .pattern = "/api/v1/projects/{p}/uploads/{upload}/files",
         .access = needs(Permission::manage_project),
         .summary = "Put one file into the folder; the body is its bytes, streamed",
         .handle = put_file,
         .status = 201,
         .gives = schema_of<UploadedFileOut>,
         .query = {{"name", "relative path: images/001.jpg"}},
         .takes_type = "application/octet-stream",
         .body_limit = upload_limit,
         .streams_body = true,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/imports",
         .access = needs(Permission::manage_project),
         .summary = "Import what was uploaded, or the file that is the body itself (?raw=1)",
         .handle = start_import,
         .status = 202,
         .takes = schema_of<ImportBody>,
         .gives = schema_of<JobOut>,
         .query = {{"raw", "1: the body is the file, whatever its Content-Type"},
                   {"name", "raw: file name"},
                   {"format", "raw: a name from /formats; left out: recognised"},
                   {"labels_are_drafts", "raw: 1: labels become drafts to review"},
                   {"labels_are_gold", "raw: 1: labels are trusted: their tasks are gold"},
                   {"text_column", "raw: CSV column with the text"},
                   {"id_column", "raw: CSV column with a unique id"},
                   {"label_column", "raw: CSV column with the label"},
                   {"fetch_media", "raw: 1: images that rows name by URL are fetched"}},
         .body_limit = upload_limit,
         .streams_body = true,
         .slow = true},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/export",
         .access = needs(Permission::manage_project),
         .summary = "Download the project in a format, streamed",
         .handle = export_file,
         .query = {{"format", "a name from /formats; usually jsonl"},
                   {"decided", "0: also tasks without a label"},
                   {"drafts", "0: without drafts"},
                   {"images", "1: with the images, where the format carries them"},
                   filter_field},
         .gives_type = "application/octet-stream"},
    };
}

}  // namespace countersign
