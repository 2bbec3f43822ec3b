// What a waveform is drawn of: the least and the greatest sample of each hundredth of a second, and
// of twice, four times... as long, so that every zoom reads about as much as it draws.
//
// A file of peaks is "CSPEAKS1", the number of pairs of level 0 (64 bits, little-endian), then the
// pairs of levels 0 to 15, one level behind the other; an hour is 1.4 MB.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

struct Peaks {
    static constexpr int per_second = 100, levels = 16;
    /// Level 0: min, max, min, max...; 128 is full scale. The last pair may stand for less than a
    /// hundredth of a second.
    std::vector<std::int8_t> pairs;
};

/// Pair i covers samples [i * rate / 100, (i + 1) * rate / 100) of a sound that comes in blocks.
class PeaksMaker {
public:
    explicit PeaksMaker(int rate) : rate_(rate) {}
    void add(std::span<const float> mono);  ///< Samples from -1 to 1.
    Peaks finish();

private:
    void close_pair();
    int rate_;
    std::int64_t samples_ = 0, pair_ends_ = 0;
    float low_ = 0, high_ = 0;
    Peaks peaks_;
};

std::string peaks_file(const Peaks& peaks);

/// Where a level lies in a file of peaks.
struct PeaksPlace {
    std::int64_t from = 0, bytes = 0;
};
constexpr std::int64_t peaks_head_bytes = 16;
/// `head`: the file's first 16 bytes. Refuses what is no whole file of peaks, and a level that is
/// not from 0 to 15.
Result<PeaksPlace> find_peaks(std::string_view head, std::int64_t file_bytes, int level);

}  // namespace countersign
