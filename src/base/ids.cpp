#include "base/ids.h"

namespace countersign {

namespace {
constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int width = 10;
}  // namespace

std::string wire_id(char kind, Id id) {
    std::string out(width + 1, '0');
    out[0] = kind;
    for (int i = width; i > 0; --i) {
        out[static_cast<std::size_t>(i)] = digits[static_cast<std::size_t>(id & 31)];
        id >>= 5;
    }
    return out;
}

std::optional<Id> parse_id(char kind, std::string_view text) {
    if (text.size() != width + 1 || text[0] != kind) return std::nullopt;
    Id id = 0;
    for (char c : text.substr(1)) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        id = (id << 5) | static_cast<Id>(digit);
    }
    return id;
}

}  // namespace countersign
