#include "app/throttle.h"

#include <algorithm>

namespace countersign {

namespace {
constexpr std::size_t most_records = 20'000;
}

Millis Throttle::attempt(const std::string& who, Millis now) {
    return records_.with([&](auto& records) -> Millis {
        if (records.size() >= most_records)
            std::erase_if(records, [&](const auto& r) { return r.second.until <= now; });
        auto& record = records[who];
        if (now - record.last > rule_.forget) record = {};
        if (now < record.until) return record.until - now;
        record.last = now;
        const int over = ++record.failures - rule_.free;
        if (over > 0)
            record.until =
                now + std::min(rule_.longest, rule_.first_pause << std::min(over - 1, 30));
        return 0;
    });
}

Millis Throttle::left(const std::string& who, Millis now) {
    return records_.with([&](const auto& records) -> Millis {
        const auto found = records.find(who);
        return found == records.end() ? 0 : std::max<Millis>(0, found->second.until - now);
    });
}

void Throttle::clear(const std::string& who) {
    records_.with([&](auto& records) { records.erase(who); });
}

void Throttle::excuse(const std::string& who) {
    records_.with([&](auto& records) {
        const auto found = records.find(who);
        if (found == records.end()) return;
        found->second.until = 0;
        if (--found->second.failures <= 0) records.erase(found);
    });
}

}  // namespace countersign
