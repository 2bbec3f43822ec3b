// The parts of a line (models/connector.h) that decide, as plain values that are told the time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "models/connector.h"

namespace countersign {

/// Two buckets that fill evenly over a minute, each as large as a tenth of it (at least one
/// question): a burst never asks for more than the limit within a minute plus a tenth.
class RateLimit {
public:
    /// When the question may go, in milliseconds from now; 0: now, and it is taken. A question of
    /// more tokens than the bucket holds goes when that is full.
    Millis take(const ConnectorLimits& limits, Millis now, std::int64_t tokens);

private:
    struct Bucket {
        bool begun = false;
        double level = 0;
        Millis at = 0;
        void fill(double per_minute, double most, Millis now);
    };
    Bucket requests_, tokens_;
};

/// Closed; open after five failures in a row, for 30 s and twice as long each time up to ten
/// minutes; then one question may try (Nygard, Release It!, 2007).
class Breaker {
public:
    /// 0: ask. Else the milliseconds for which the server is left alone.
    Millis wait(Millis now);
    void succeeded();
    void failed(Millis now);
    void cancelled() { trying_ = false; }
    bool open(Millis now) const { return now < until_; }

private:
    static constexpr int most_failures = 5;
    static constexpr Millis first_rest = 30'000, longest_rest = 600'000;
    int failures_ = 0;
    Millis rest_ = 0, until_ = 0;
    bool trying_ = false;
};

/// How long to wait before try number `attempt` + 1 (attempt counts from 1): half a second doubled
/// each time up to a minute, of which a random half is cut off ("equal jitter", Brooker 2015);
/// never less than the server asked for. `chance` in [0, 1).
Millis retry_wait(int attempt, Millis retry_after, double chance);

/// Whether the same question may be answered a moment later.
bool worth_a_retry(const Reply& reply);

/// "120" seconds or an HTTP date -> milliseconds; -1 when it is neither.
Millis retry_after_ms(std::string_view header, Millis now);

/// Whether `more` may still be spent, with what is under way.
bool fits_budget(const ConnectorLimits& limits, Usage spent, const Usage& under_way,
                 const Usage& more);

/// What the drafters of one model share.
class ConnectorState {
public:
    std::mutex mutex;
    std::condition_variable_any changed;
    int asking = 0;  ///< Questions on their way.
    RateLimit rate;
    Breaker breaker;
    Usage spent;                               ///< By this process, where there is no book.
    Usage under_way;                           ///< Reserved for questions on their way.
    std::map<std::string, std::string> noted;  ///< What connectors found out about their server.
    std::mutex cassette;
};

}  // namespace countersign
