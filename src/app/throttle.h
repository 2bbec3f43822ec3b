// Slows down whoever guesses: a few free attempts, then a pause that doubles with each further
// failure. An attempt counts as failed until it is cleared, so guesses made at once do not slip by.
#pragma once

#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/guarded.h"

namespace countersign {

struct ThrottleRule {
    int free = 5;               ///< Failures without a pause.
    Millis first_pause = 1000;  ///< After the next one; doubles from there.
    Millis longest = 300'000;
    Millis forget = 3'600'000;  ///< A failure is forgotten after this long without another.
};

class Throttle {
public:
    explicit Throttle(ThrottleRule rule) : rule_(rule) {}

    /// 0: go on (and the attempt is counted); else milliseconds to wait.
    Millis attempt(const std::string& who, Millis now);
    /// Milliseconds that are left to wait; asking counts as nothing.
    Millis left(const std::string& who, Millis now);
    void clear(const std::string& who);
    /// Takes back one attempt: it was no guess.
    void excuse(const std::string& who);

private:
    struct Record {
        int failures = 0;
        Millis last = 0, until = 0;
    };
    ThrottleRule rule_;
    Guarded<std::unordered_map<std::string, Record>> records_;
};

}  // namespace countersign
