#include "app/sound_peaks.h"

#include <optional>

#include "media/audio.h"
#include "store/blob_bytes.h"

namespace countersign {

namespace {

constexpr std::string_view beside = "peaks";

/// Nothing when no whole file of peaks is kept.
std::optional<PeaksPlace> find_kept(const World& world, const std::string& sha256, int level) {
    const auto bytes = world.blobs.size_beside(sha256, beside);
    if (!bytes) return std::nullopt;
    const auto head = world.blobs.get_beside(sha256, beside, 0, peaks_head_bytes);
    if (!head) return std::nullopt;
    const auto place = find_peaks(*head, *bytes, level);
    return place ? std::optional(*place) : std::nullopt;
}

}  // namespace

void keep_peaks(World& world, const std::string& sha256, const Peaks& peaks) {
    world.blobs.put_beside(sha256, beside, peaks_file(peaks));
}

Result<PeaksPlace> peaks_of(World& world, const Media& media, int level) {
    if (level < 0 || level >= Peaks::levels)
        return Refusal{Code::invalid, "level must be a whole number from 0 to 15."};
    if (!media.type.starts_with("audio/"))
        return Refusal{Code::unsupported, "Only recordings have peaks."};
    if (const auto place = find_kept(world, media.sha256, level)) return *place;
    return world.one_at_a_time->run(media.sha256, [&]() -> Result<PeaksPlace> {
        if (const auto place = find_kept(world, media.sha256, level)) return *place;
        const auto bytes = TRY(BlobBytes::open(world.blobs, media.sha256));
        const auto heard = TRY(listen(bytes.view()));
        keep_peaks(world, media.sha256, heard.peaks);
        const auto place = find_kept(world, media.sha256, level);
        if (!place) throw Breakdown("Peaks that were just written cannot be read.");
        return *place;
    });
}

Result<std::string> read_peaks(const World& world, const Media& media, std::int64_t from,
                               std::int64_t n) {
    return world.blobs.get_beside(media.sha256, beside, from, n);
}

}  // namespace countersign
