#include <algorithm>
#include <charconv>

#include "app/sound_peaks.h"
#include "app/thumbnails.h"
#include "http/routes.h"

namespace countersign {

namespace {

// Only these are ever shown or played by a browser; whatever else was stored is offered as a
// download.
constexpr std::string_view shown_types[] = {
    "image/jpeg", "image/png", "image/webp", "audio/wav",        "audio/flac", "audio/mpeg",
    "audio/mp4",  "audio/aac", "audio/ogg",  "audio/x-matroska", "audio/webm"};

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

Result<int> number_asked(const Request& request, std::string_view name, int otherwise) {
    const auto text = request.ask(name);
    if (text.empty()) return otherwise;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return number;
    return Refusal{Code::invalid, std::string(name) + " must be a whole number."};
}

Result<Response> media_thumbnail(Services& on, Request& request) {
    const auto side = TRY(number_asked(request, "side", 256));
    const auto media = TRY(on.desk.media(request.caller, TRY(request.id("m"))));
    auto response = media_response(
        "image/jpeg", '"' + media.sha256.substr(0, 32) + '-' + std::to_string(side) + '"');
    // What the browser has already is not made again: the dispatcher answers 304.
    if (!etag_matches(request.header("if-none-match"), response.headers[0].second))
        response.body = TRY(thumbnail(on.world, media, side));
    return response;
}

Result<Response> media_peaks(Services& on, Request& request) {
    const auto level = TRY(number_asked(request, "level", 0));
    const auto media = TRY(on.desk.media(request.caller, TRY(request.id("m"))));
    const auto place = TRY(peaks_of(on.world, media, level));
    auto response =
        media_response("application/octet-stream",
                       '"' + media.sha256.substr(0, 32) + "-peaks-" + std::to_string(level) + '"');
    response.body = RangedBytes{place.bytes, [&world = on.world, media, start = place.from](
                                                 std::int64_t from, std::int64_t n) {
                                    return read_peaks(world, media, start + from, n);
                                }};
    return response;
}

}  // namespace

std::vector<Route> media_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/media/{m}",
         .access = signed_in,
         .summary = "The bytes of an image or recording; takes Range and If-None-Match",
         .handle = media_bytes,
         .gives_type = "*/*"},
        {.method = "GET",
         .pattern = "/api/v1/media/{m}/thumbnail",
         .access = signed_in,
         .summary = "A small JPEG of an image",
         .handle = media_thumbnail,
         .query = {{"side", "pixels of the longer side, 16 to 1024; usually 256"}},
         .gives_type = "image/jpeg",
         .slow = true},
        {.method = "GET",
         .pattern = "/api/v1/media/{m}/peaks",
         .access = signed_in,
         .summary = "What a recording's waveform is drawn of: signed bytes, least and greatest "
                    "sample by turns, of the mean of its channels; 128 is full scale",
         .handle = media_peaks,
         .query = {{"level", "0 to 15: 100 / 2^level pairs a second; usually 0"}},
         .gives_type = "application/octet-stream",
         .slow = true},
    };
}

}  // namespace countersign
