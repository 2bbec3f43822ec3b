// Time comes in through the constructor. Everything stored is integer milliseconds UTC.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace countersign {

using Millis = std::int64_t;  ///< Milliseconds since 1970-01-01T00:00:00Z.

class Clock {
public:
    virtual ~Clock() = default;
    virtual Millis now() const = 0;
};

class SystemClock final : public Clock {
public:
    Millis now() const override;
};

/// A clock a test or a simulation moves by hand.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Millis start = 1'700'000'000'000) : now_(start) {}
    Millis now() const override { return now_; }
    void advance(Millis by) { now_ += by; }

private:
    std::atomic<Millis> now_;
};

/// "2026-11-24T21:56:03.120Z"
std::string iso8601(Millis t);

}  // namespace countersign
