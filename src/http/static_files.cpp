#include "http/static_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/crypto.h"
#include "base/embedded.h"

namespace countersign {

std::span<const EmbeddedFile> desk_files();

namespace {

constexpr std::string_view not_built =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Countersign</title>"
    "<body style=\"font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem\">"
    "<h1>The server runs. Its web desk was not built.</h1>"
    "<p>Build it and then the program again:</p><pre>./do build</pre>"
    "<p>The API is at work all the same: <a "
    "href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p>"
    "</html>";

struct Type {
    std::string_view ending, type;
};
constexpr Type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
};

struct Coding {
    std::string_view name, ending;
};
constexpr Coding codings[] = {{"br", ".br"}, {"gzip", ".gz"}};

RangedBytes bytes_of(std::string_view data) {
    return {static_cast<std::int64_t>(data.size()),
            [data](std::int64_t from, std::int64_t n) -> Result<std::string> {
                return std::string(
                    data.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(n)));
            }};
}

/// The build names what lies in assets/ by its content, so it may be kept for ever.
std::string_view cache_rule(std::string_view path) {
    return path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

bool looks_like_a_file(std::string_view path) {
    const auto slash = path.rfind('/');
    const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    return name.find('.') != std::string_view::npos;
}

Refusal no_such_file(std::string_view path) {
    return {Code::not_found, "There is no page \"/" + std::string(path) + "\"."};
}

}  // namespace

std::string_view media_type_of(std::string_view path) {
    for (const auto& row : types)
        if (path.ends_with(row.ending)) return row.type;
    return "application/octet-stream";
}

StaticFiles::StaticFiles(std::string dir) : dir_(std::move(dir)) {
    for (const auto& file : desk_files())
        files_[std::string(file.path)] = {'"' + std::string(file.etag) + '"', file.data};
    if (!files_.contains("index.html")) files_["index.html"] = {"\"not-built\"", not_built};
}

Result<Response> StaticFiles::serve(const Request& request) const {
    const auto decoded = percent_decode(request.path);
    if (!decoded || !parse_path(request.path))
        return Refusal{Code::not_found, "That path cannot be read."};
    std::string_view path = std::string_view(*decoded).substr(1);
    if (path.empty()) path = "index.html";
    if (!dir_.empty()) return serve_from_dir(request, path);
    auto file = files_.find(path);
    if (file == files_.end()) {
        if (looks_like_a_file(path)) return no_such_file(path);
        path = "index.html";
        file = files_.find(path);
    }
    Response response = text_response(200, std::string(media_type_of(path)), "");
    for (const auto& coding : codings) {
        const auto packed = files_.find(std::string(path) + std::string(coding.ending));
        if (packed == files_.end()) continue;
        if (!accepts_coding(request.header("accept-encoding"), coding.name)) continue;
        response.headers.emplace_back("Content-Encoding", coding.name);
        file = packed;
        break;
    }
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("ETag", file->second.etag);
    response.headers.emplace_back("Cache-Control", cache_rule(path));
    response.body = bytes_of(file->second.data);
    return response;
}

Result<Response> StaticFiles::serve_from_dir(const Request&, std::string_view path) const {
    namespace fs = std::filesystem;
    fs::path file = fs::path(dir_) / path;
    if (!fs::is_regular_file(file)) {
        if (looks_like_a_file(path)) return no_such_file(path);
        file = fs::path(dir_) / "index.html";
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) return no_such_file(path);
    auto response = text_response(200, std::string(media_type_of(file.string())),
                                  std::string(std::istreambuf_iterator<char>(in), {}));
    const auto& text = std::get<std::string>(response.body);
    response.headers.emplace_back("ETag", '"' + hex(sha256(text)).substr(0, 16) + '"');
    response.headers.emplace_back("Cache-Control", "no-cache");
    return response;
}

}  // namespace countersign
