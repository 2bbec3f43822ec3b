// What the desk draws waveforms of (media/peaks.h): made when a recording comes in, kept beside its
// bytes, and made again by the first who asks where they are missing, as after a restored backup.
#pragma once

#include <cstdint>
#include <string>

#include "app/world.h"
#include "core/task.h"
#include "media/peaks.h"

namespace countersign {

void keep_peaks(World& world, const std::string& sha256, const Peaks& peaks);

/// Where a level lies in what is kept beside the recording; makes it first when it is missing,
/// never twice at once. Refuses what is no sound, and a level that is not from 0 to 15.
Result<PeaksPlace> peaks_of(World& world, const Media& media, int level);
/// Bytes [from, from + n) of a level that peaks_of() found.
Result<std::string> read_peaks(const World& world, const Media& media, std::int64_t from,
                               std::int64_t n);

}  // namespace countersign
