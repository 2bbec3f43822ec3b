#include "formats/brush.h"

#include <algorithm>

namespace countersign {

namespace {

/// Bits of bytes, highest first; past the end they are zero, and `ended` says so.
class BrushBits {
public:
    explicit BrushBits(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t take(int count) {
        std::uint64_t out = 0;
        for (; count > 0; --count, ++at_) {
            const std::size_t byte = at_ / 8;
            const unsigned bit = byte < bytes_.size() ? bytes_[byte] >> (7 - at_ % 8) & 1U : 0U;
            out = out << 1 | bit;
        }
        return out;
    }
    bool ended() const { return at_ > bytes_.size() * 8; }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

/// Runs along the rows, in turn not painted and painted, out of runs of single values.
class PaintedRuns {
public:
    /// The values from `begin` to `end`, of which each fourth is alpha.
    void add(std::uint64_t begin, std::uint64_t end, bool painted) {
        const auto pixels = static_cast<std::uint32_t>(end / 4 - begin / 4);
        if (pixels == 0) return;
        if (painted != painted_) {
            counts_.push_back(0);
            painted_ = painted;
        }
        counts_.back() += pixels;
    }
    std::vector<std::uint32_t> take() { return std::move(counts_); }

private:
    std::vector<std::uint32_t> counts_{0};
    bool painted_ = false;
};

}  // namespace

Result<std::vector<Ring>> rings_of_brush(std::span<const std::uint8_t> rle, int width, int height) {
    constexpr int channels = 4;
    BrushBits bits(rle);
    const std::uint64_t values = bits.take(32);
    if (width < 1 || height < 1 ||
        values != std::uint64_t{channels} * static_cast<std::uint64_t>(width) *
                      static_cast<std::uint64_t>(height))
        return Refusal{Code::invalid, "a brush mask is not of the image's size"};
    const int value_bits = static_cast<int>(bits.take(5)) + 1;
    int length_bits[4];
    for (int& length : length_bits) length = static_cast<int>(bits.take(4)) + 1;
    PaintedRuns runs;
    for (std::uint64_t at = 0; at < values;) {
        const bool repeats = bits.take(1) != 0;
        const auto end = at + 1 + bits.take(length_bits[bits.take(2)]);
        if (end > values) return Refusal{Code::invalid, "a brush mask runs past its image"};
        if (repeats) {
            runs.add(at, end, bits.take(value_bits) != 0);
            at = end;
        }
        for (; at < end && !bits.ended(); ++at) runs.add(at, at + 1, bits.take(value_bits) != 0);
        if (bits.ended()) return Refusal{Code::invalid, "a brush mask ends before its image does"};
    }
    // Masks run down their columns: this one is the image mirrored at its diagonal.
    const auto mask = TRY(mask_of(runs.take(), height, width));
    auto rings = rings_of(mask);
    for (auto& ring : rings) {
        // Mirrored back; then what ran clockwise does so again.
        std::reverse(ring.begin(), ring.end());
    }
    return rings;
}

}  // namespace countersign
