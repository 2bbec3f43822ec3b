// Figures of a benchmark as the proofs read them: "name value unit target ok|short", "-" where
// there is no target.
#pragma once

#include <cstdio>
#include <optional>
#include <string>

namespace countersign::bench {

inline int short_of = 0;  ///< Figures that missed their target.

inline void line(const std::string& name, double value, const char* unit,
                 std::optional<double> target = {}, bool at_most = false) {
    const bool ok = !target || (at_most ? value <= *target : value >= *target);
    short_of += !ok;
    if (target)
        std::printf("%s %.4f %s %s%.3f %s\n", name.c_str(), value, unit,
                    at_most ? "<=" : ">=", *target, ok ? "ok" : "short");
    else
        std::printf("%s %.4f %s - ok\n", name.c_str(), value, unit);
    std::fflush(stdout);
}

}  // namespace countersign::bench
