#include <algorithm>
#include <charconv>

#include "app/thumbnails.h"
#include "http/routes.h"

namespace countersign {

namespace {

// Only these are ever shown by a browser; whatever else was stored is offered as a download.
constexpr std::string_view shown_types[] = {"image/jpeg", "image/png", "image/webp"};

Response media_response(std::string type, std::string etag) {
    Response response;
    response.type = std::move(type);
    response.headers = {{"ETag", std::move(etag)},
                        {"Cache-Control", "private, max-age=31536000, immutable"},
                        {"Content-Security-Policy", "sandbox; default-src 'none'"}};
    return response;
}

Result<Response> media_bytes(Services& on, Request& request) {
    const auto media = TRY(on.desk.media(request.caller, TRY(request.id("m"))));
    const bool shown = std::find(std::begin(shown_types), std::end(shown_types), media.type) !=
                       std::end(shown_types);
    auto response = media_response(shown ? media.type : "application/octet-stream",
                                   '"' + media.sha256.substr(0, 32) + '"');
    if (!shown) response.headers.emplace_back("Content-Disposition", "attachment");
    response.body = RangedBytes{media.bytes, [&blobs = on.world.blobs, sha = media.sha256](
                                                 std::int64_t from, std::int64_t n) {
                                    return blobs.get_range(sha, from, n);
                                }};
    return response;
}

Result<int> side_of(const Request& request) {
    const auto text = request.ask("side");
    if (text.empty()) return 256;
    int side = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (error == std::errc{} && end == text.data() + text.size()) return side;
    return Refusal{Code::invalid, "side must be a whole number of pixels."};
}

Result<Response> media_thumbnail(Services& on, Request& request) {
    const auto side = TRY(side_of(request));
    const auto media = TRY(on.desk.media(request.caller, TRY(request.id("m"))));
    auto response = media_response(
        "image/jpeg", '"' + media.sha256.substr(0, 32) + '-' + std::to_string(side) + '"');
    // What the browser has already is not made again: the dispatcher answers 304.
    if (!etag_matches(request.header("if-none-match"), response.headers[0].second))
        response.body = TRY(thumbnail(on.world, media, side));
    return response;
}

}  // namespace

std::vector<Route> media_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/media/{m}",
         .access = signed_in,
         .summary = "The bytes of an image; takes Range and If-None-Match",
         .handle = media_bytes,
         .gives_type = "image/*"},
        {.method = "GET",
         .pattern = "/api/v1/media/{m}/thumbnail",
         .access = signed_in,
         .summary = "A small JPEG of an image",
         .handle = media_thumbnail,
         .query = {{"side", "pixels of the longer side, 16 to 1024; usually 256"}},
         .gives_type = "image/jpeg",
         .slow = true},
    };
}

}  // namespace countersign
