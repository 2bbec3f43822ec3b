// Room: media
// Any bytes as a sound: what is heard has a length, the peaks that belong to it, and is heard again
// the same by models; or it is refused.
#include "media/audio.h"

#include <cmath>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    AudioLimits small;
    small.max_seconds = 30;
    small.max_samples = 4'000'000;
    (void)audio_info(bytes, small);
    const auto heard = listen(bytes, small);
    if (!heard) return 0;
    if (!(heard->info.seconds > 0 && heard->info.seconds <= small.max_seconds) ||
        heard->info.type.empty() || heard->info.channels <= 0)
        std::abort();
    const auto pairs = static_cast<double>(heard->peaks.pairs.size()) / 2;
    if (std::abs(pairs - heard->info.seconds * Peaks::per_second) > 1) std::abort();
    const auto file = peaks_file(heard->peaks);
    for (int level = 0; level < Peaks::levels; ++level)
        if (!find_peaks(std::string_view(file).substr(0, peaks_head_bytes),
                        static_cast<std::int64_t>(file.size()), level))
            std::abort();
    const auto sound = decode_sound(bytes, 40);
    if (!sound || std::abs(sound->seconds() - heard->info.seconds) > 0.01) std::abort();
    return 0;
}
