#include "app/media_kinds.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "app/sound_peaks.h"
#include "media/audio.h"
#include "media/image.h"
#include "store/blob_bytes.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr std::int64_t largest_image = std::int64_t{256} << 20;
constexpr std::int64_t largest_sound = std::int64_t{8} << 30;  ///< 12 hours of CD-like stereo.

/// Up to `room` bytes, fewer at the end only.
Result<std::size_t> fill(const ReadBytes& read, char* into, std::size_t room) {
    std::size_t have = 0;
    while (have < room) {
        const auto n = TRY(read(into + have, room - have));
        if (n == 0) break;
        have += n;
    }
    return have;
}

Result<KeptMedium> keep_image(World& world, const ReadBytes& read, const std::stop_token&) {
    std::string bytes;
    for (;;) {
        constexpr std::size_t piece = 256 << 10;
        const auto before = bytes.size();
        bytes.resize(before + piece);
        const auto n = TRY(fill(read, bytes.data() + before, piece));
        bytes.resize(before + n);
        if (n < piece) break;
        if (static_cast<std::int64_t>(bytes.size()) > largest_image)
            return Refusal{Code::too_large, "The image is larger than 256 MiB."};
    }
    const auto info = TRY(image_info(bytes));
    const auto blob = world.blobs.put(bytes);
    KeptMedium kept;
    kept.media.sha256 = blob.sha256;
    kept.media.type = info.type;
    kept.media.bytes = blob.bytes;
    kept.media.width = info.width;
    kept.media.height = info.height;
    kept.media.orientation = info.orientation;
    return kept;
}

/// Ends a stream that is being stored: what was read so far leaves no trace.
struct ReadFault {
    Refusal why;
};

/// Hours of sound pass through a buffer, never through memory as a whole.
Result<BlobInfo> store_stream(World& world, std::string_view start, const ReadBytes& read) {
    try {
        return world.blobs.put_stream(
            [&](char* into, std::size_t room) -> std::size_t {
                if (!start.empty()) {
                    const auto n = std::min(room, start.size());
                    std::memcpy(into, start.data(), n);
                    start.remove_prefix(n);
                    return n;
                }
                auto n = read(into, room);
                if (!n) throw ReadFault{n.refusal()};
                return *n;
            },
            largest_sound);
    } catch (const ReadFault& fault) {
        return fault.why;
    }
}

Result<KeptMedium> keep_sound(World& world, const ReadBytes& read, const std::stop_token& stop) {
    std::string start(4096, '\0');
    start.resize(TRY(fill(read, start.data(), start.size())));
    if (audio_type(start).empty()) {
        const auto info = audio_info(start);
        if (!info) return info.refusal();
    }
    const auto blob = TRY(store_stream(world, start, read));
    if (auto known = world.db.read([&](Session& s) { return find_media_by_hash(s, blob.sha256); });
        known && known->seconds > 0)
        return KeptMedium{*std::move(known), ""};
    const auto bytes = TRY(BlobBytes::open(world.blobs, blob.sha256));
    auto heard = TRY(listen(bytes.view(), {}, stop));
    keep_peaks(world, blob.sha256, heard.peaks);
    KeptMedium kept;
    kept.media.sha256 = blob.sha256;
    kept.media.type = std::move(heard.info.type);
    kept.media.bytes = blob.bytes;
    kept.media.seconds = heard.info.seconds;
    if (heard.damaged > 0)
        kept.note = std::to_string(heard.damaged) + (heard.damaged == 1 ? " piece" : " pieces") +
                    " of the sound could not be decoded; the rest was taken.";
    return kept;
}

constexpr MediaKind kinds[] = {
    {Modality::image, "image/*", std::int64_t{64} << 20, keep_image},
    {Modality::audio, "audio/*, video/*", std::int64_t{256} << 20, keep_sound},
};

}  // namespace

const MediaKind& media_kind(Modality modality) {
    for (const auto& row : kinds)
        if (row.modality == modality) return row;
    return kinds[0];
}

}  // namespace countersign
