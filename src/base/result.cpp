#include "base/result.h"

namespace countersign {

std::span<const CodeRow> refusal_table() {
    static constexpr CodeRow rows[] = {
        {Code::invalid, "invalid", "The request cannot be understood", 422, 2},
        {Code::unauthenticated, "unauthenticated", "Sign in first", 401, 3},
        {Code::forbidden, "forbidden", "Not allowed", 403, 3},
        {Code::not_found, "not_found", "No such thing", 404, 4},
        {Code::conflict, "conflict", "The state has changed", 409, 5},
        {Code::too_large, "too_large", "Too large", 413, 2},
        {Code::too_many, "too_many", "Too many requests", 429, 6},
        {Code::unsupported, "unsupported", "Not supported", 415, 2},
        {Code::unavailable, "unavailable", "Not available now", 503, 6},
        {Code::cancelled, "cancelled", "Cancelled", 409, 7},
    };
    return rows;
}

const CodeRow& row_of(Code code) {
    for (const auto& row : refusal_table())
        if (row.code == code) return row;
    throw std::logic_error("a refusal code without a row");
}

}  // namespace countersign
