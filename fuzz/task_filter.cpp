// The text form of a filter: what is taken reads back as the same, what is not says why in UTF-8.
// Room: core
#include <cstdlib>

#include "base/text.h"
#include "core/task_filter.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto filter = parse_task_filter(input);
    if (!filter) {
        if (!is_utf8(filter.refusal().message)) std::abort();
        return 0;
    }
    const auto again = parse_task_filter(filter_text(*filter));
    if (!again || !(*again == *filter)) std::abort();
    for (const auto& term : filter->terms)
        for (const auto& value : term.values) {
            const auto numbers = number_range(value);
            if (!(numbers.low >= 0 && numbers.high <= 1)) std::abort();
            time_range(value, 1'700'000'000'000);
        }
    return 0;
}
