// A message in Protocol Buffers' wire format, field by field
// (https://protobuf.dev/programming-guides/encoding), without a schema and without allocating: each
// reader knows by number what it is after. Groups, which proto3 does not have, are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign {

struct WireField {
    std::uint32_t number = 0;
    std::uint64_t value = 0;  ///< Of a varint.
    std::string_view bytes;   ///< Of a message, a text or bytes.
    bool has_bytes = false;
};

/// Every length is held against the end of the message.
class WireFields {
public:
    explicit WireFields(std::string_view message) : rest_(message) {}

    /// Nothing at the end, and at what is no field: then broken() holds.
    std::optional<WireField> next() {
        if (broken_ || rest_.empty()) return std::nullopt;
        constexpr std::uint64_t most_number = (1u << 29) - 1;
        const auto key = varint();
        WireField field;
        field.number = static_cast<std::uint32_t>(key >> 3 > most_number ? 0 : key >> 3);
        switch (key & 7) {
            case 0:
                field.value = varint();
                break;
            case 1:
                take(8);
                break;
            case 2:
                field.bytes = take(varint());
                field.has_bytes = true;
                break;
            case 5:
                take(4);
                break;
            default:
                broken_ = true;
        }
        broken_ = broken_ || field.number == 0;
        return broken_ ? std::nullopt : std::optional(field);
    }
    bool broken() const { return broken_; }

private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<std::uint8_t>(rest_.front());
            rest_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        broken_ = true;
        return 0;
    }
    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) return broken_ = true, std::string_view();
        const auto bytes = rest_.substr(0, static_cast<std::size_t>(count));
        rest_.remove_prefix(bytes.size());
        return bytes;
    }

    std::string_view rest_;
    bool broken_ = false;
};

}  // namespace countersign
