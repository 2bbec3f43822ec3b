#include "media/peaks.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::string_view magic = "CSPEAKS1";

std::int8_t in_a_byte(float sample) {
    return static_cast<std::int8_t>(std::clamp(std::lround(sample * 128), -128L, 127L));
}

std::int64_t half(std::int64_t pairs) {
    return (pairs + 1) / 2;
}

}  // namespace

void PeaksMaker::add(std::span<const float> mono) {
    while (!mono.empty()) {
        if (samples_ == pair_ends_) close_pair();
        const auto here = std::min(mono.size(), static_cast<std::size_t>(pair_ends_ - samples_));
        float low = low_, high = high_;
        for (const float sample : mono.first(here)) {
            low = std::min(low, sample);
            high = std::max(high, sample);
        }
        low_ = low;
        high_ = high;
        samples_ += static_cast<std::int64_t>(here);
        mono = mono.subspan(here);
    }
}

/// Keeps the pair that is full, and begins the next.
void PeaksMaker::close_pair() {
    if (samples_ > 0) {
        peaks_.pairs.push_back(in_a_byte(low_));
        peaks_.pairs.push_back(in_a_byte(high_));
    }
    const auto next = static_cast<std::int64_t>(peaks_.pairs.size() / 2) + 1;
    // Sample n is of pair n * 100 / rate: the pair ends before the first one that is of the next.
    pair_ends_ = (next * rate_ + Peaks::per_second - 1) / Peaks::per_second;
    low_ = 2;
    high_ = -2;
}

Peaks PeaksMaker::finish() {
    if (samples_ > 0) close_pair();
    return std::move(peaks_);
}

std::string peaks_file(const Peaks& peaks) {
    std::string out(magic);
    const std::uint64_t pairs = peaks.pairs.size() / 2;
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(pairs >> shift & 0xff);
    std::vector<std::int8_t> level = peaks.pairs;
    for (int k = 0; k < Peaks::levels; ++k) {
        for (const auto value : level) out += static_cast<char>(value);
        std::vector<std::int8_t> above;
        above.reserve(level.size() / 2 + 2);
        for (std::size_t i = 0; i < level.size(); i += 4) {
            const auto other = i + 2 < level.size() ? i + 2 : i;
            above.push_back(std::min(level[i], level[other]));
            above.push_back(std::max(level[i + 1], level[other + 1]));
        }
        level = std::move(above);
    }
    return out;
}

Result<PeaksPlace> find_peaks(std::string_view head, std::int64_t file_bytes, int level) {
    if (level < 0 || level >= Peaks::levels)
        return Refusal{Code::invalid, "level must be from 0 to 15."};
    const Refusal broken{Code::invalid, "This is no file of peaks."};
    if (head.size() < static_cast<std::size_t>(peaks_head_bytes) || !head.starts_with(magic))
        return broken;
    std::uint64_t said = 0;
    for (int i = 7; i >= 0; --i) said = said << 8 | static_cast<unsigned char>(head[8 + i]);
    if (said > static_cast<std::uint64_t>(file_bytes)) return broken;
    PeaksPlace place{peaks_head_bytes, static_cast<std::int64_t>(said) * 2};
    std::int64_t total = peaks_head_bytes;
    auto pairs = static_cast<std::int64_t>(said);
    for (int k = 0; k < Peaks::levels; ++k, pairs = half(pairs)) {
        if (k == level) place = {total, pairs * 2};
        total += pairs * 2;
    }
    if (total != file_bytes) return broken;
    return place;
}

}  // namespace countersign
