// A statement as a named constant. Placeholders are $1, $2, ... in order of first appearance, which
// is how SQLite would number them: a text that breaks the rule does not compile. Names in braces
// are fragments that differ between the engines (store/dialect.h).
#pragma once

#include <string_view>

namespace countersign {

/// Whether each $n appears first behind $1 ... $n-1.
constexpr bool placeholders_in_order(std::string_view sql) {
    int highest = 0;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] != '$') continue;
        int n = 0;
        while (i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9')
            n = n * 10 + (sql[++i] - '0');
        if (n < 1 || n > highest + 1) return false;
        if (n == highest + 1) highest = n;
    }
    return true;
}

struct Sql {
    std::string_view text;
    consteval Sql(const char* sql) : text(sql) {
        if (!placeholders_in_order(text)) throw "placeholders must appear in order";
    }
    constexpr operator std::string_view() const { return text; }
};

}  // namespace countersign
