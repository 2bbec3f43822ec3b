// What `countersign check` is told by files: the configuration and the baseline of known findings.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "quality/dataset_check.h"

namespace countersign {

enum class FailOn { note, warning, error, never };
inline std::span<const EnumName<FailOn>> enum_names(FailOn) {
    static constexpr EnumName<FailOn> rows[] = {{FailOn::note, "note"},
                                                {FailOn::warning, "warning"},
                                                {FailOn::error, "error"},
                                                {FailOn::never, "never"}};
    return rows;
}

/// countersign-check.json. The command line's options come after it.
struct CheckConfig {
    std::vector<std::string> only, skip;  ///< Kinds or checks.
    FailOn fail_on = FailOn::error;
    CheckLimits limits;
};
template <class V>
void fields(V& v, CheckConfig& c) {
    v("only", c.only, "these kinds or checks only; left out: all");
    v("skip", c.skip, "not these kinds or checks");
    v("fail_on", c.fail_on, "exit with 8 when a finding is this bad");
    v("limits", c.limits, "how strictly");
}

/// Refuses limits that make no sense.
Result<CheckConfig> check_config_from(std::string_view text);
/// The checks that are not run; refuses a name that is neither a kind nor a check.
Result<std::bitset<64>> checks_off(const std::vector<std::string>& only,
                                   const std::vector<std::string>& skip);

/// Fingerprints of known findings.
Result<std::set<std::string, std::less<>>> baseline_from(std::string_view text);
std::string baseline_text(const std::set<std::string, std::less<>>& known);

}  // namespace countersign
