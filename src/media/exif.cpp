#include "media/exif.h"

#include <cstddef>
#include <cstdint>

namespace countersign {

namespace {

constexpr std::uint32_t orientation_tag = 0x0112, short_type = 3;

/// Numbers at byte offsets of a TIFF block; past the end they read as 0.
struct Tiff {
    std::string_view bytes;
    bool little;

    std::uint32_t at(std::size_t offset, std::size_t size) const {
        if (size > bytes.size() || offset > bytes.size() - size) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t from = little ? size - 1 - i : i;
            value = value << 8 | static_cast<std::uint8_t>(bytes[offset + from]);
        }
        return value;
    }
    std::uint32_t u16(std::size_t offset) const { return at(offset, 2); }
    std::uint32_t u32(std::size_t offset) const { return at(offset, 4); }
};

}  // namespace

int exif_orientation(std::string_view bytes) {
    if (!bytes.starts_with("II") && !bytes.starts_with("MM")) return 1;
    const Tiff tiff{bytes, bytes[0] == 'I'};
    if (tiff.u16(2) != 42) return 1;
    const std::size_t directory = tiff.u32(4), entries = tiff.u16(directory);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (entry + 12 > bytes.size()) return 1;
        if (tiff.u16(entry) != orientation_tag) continue;
        const std::uint32_t value = tiff.u16(entry + 8);
        const bool well_formed = tiff.u16(entry + 2) == short_type && tiff.u32(entry + 4) == 1;
        return well_formed && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace countersign
