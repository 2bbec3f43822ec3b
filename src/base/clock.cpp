#include "base/clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace countersign {

Millis SystemClock::now() const {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string iso8601(Millis t) {
    Millis seconds = t / 1000, rest = t % 1000;
    if (rest < 0) {
        rest += 1000;
        --seconds;
    }
    const std::time_t when = seconds;
    std::tm parts{};
    gmtime_r(&when, &parts);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<int>(rest));
    return text;
}

}  // namespace countersign
