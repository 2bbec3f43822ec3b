// The configuration of checks, and the baseline of known findings.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/check_config.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (const auto config = check_config_from(input)) (void)checks_off(config->only, config->skip);
    if (const auto known = baseline_from(input)) {
        const auto again = baseline_from(baseline_text(*known));
        if (!again || *again != *known) std::abort();
    }
    return 0;
}
