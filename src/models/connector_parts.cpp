#include "models/connector_parts.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "base/text.h"

namespace countersign {

namespace {
constexpr double minute = 60'000;
}

void RateLimit::Bucket::fill(double per_minute, double most, Millis now) {
    level =
        begun ? std::min(most, level + per_minute * static_cast<double>(now - at) / minute) : most;
    begun = true;
    at = now;
}

Millis RateLimit::take(const ConnectorLimits& limits, Millis now, std::int64_t tokens) {
    double wait = 0;
    const auto look = [&](Bucket& bucket, double per_minute, double needed) {
        if (per_minute <= 0) return;
        const double most = std::max(1.0, per_minute / 10);
        bucket.fill(per_minute, most, now);
        const double cost = std::min(needed, most);
        if (bucket.level < cost) wait = std::max(wait, (cost - bucket.level) / per_minute * minute);
    };
    const auto many = static_cast<double>(tokens);
    look(requests_, limits.requests_per_minute, 1);
    look(tokens_, limits.tokens_per_minute, many);
    if (wait > 0) return std::max<Millis>(1, static_cast<Millis>(std::ceil(wait)));
    requests_.level -= 1;
    tokens_.level -= many;  // One larger than the bucket leaves a debt that the next wait for.
    return 0;
}

Millis Breaker::wait(Millis now) {
    if (now < until_) return until_ - now;
    if (rest_ == 0) return 0;
    if (trying_) return first_rest;
    trying_ = true;
    return 0;
}

void Breaker::succeeded() {
    failures_ = 0;
    rest_ = until_ = 0;
    trying_ = false;
}

void Breaker::failed(Millis now) {
    const bool was_trying = trying_;
    trying_ = false;
    if (!was_trying && ++failures_ < most_failures) return;
    rest_ = rest_ == 0 ? first_rest : std::min(rest_ * 2, longest_rest);
    until_ = now + rest_;
}

Millis retry_wait(int attempt, Millis retry_after, double chance) {
    double wait = 500;
    for (int i = 1; i < attempt && wait < minute; ++i) wait *= 2;
    wait = std::min(wait, minute);
    return std::max(retry_after, static_cast<Millis>(wait * (0.5 + chance / 2)));
}

bool worth_a_retry(const Reply& reply) {
    // OpenAI's word for an account without money: it stays so.
    if (reply.body.find("insufficient_quota") != std::string::npos) return false;
    return reply.status == 408 || reply.status == 425 || reply.status == 429 || reply.status >= 500;
}

Millis retry_after_ms(std::string_view header, Millis now) {
    const std::string text(trim(header));
    if (text.empty()) return -1;
    if (text.find_first_not_of("0123456789.") == std::string::npos) {
        const double seconds = std::atof(text.c_str());
        return std::isfinite(seconds) && seconds < 1e6 ? static_cast<Millis>(seconds * 1000) : -1;
    }
    std::tm when{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when);
    if (!end || *end != '\0') return -1;
    return std::max<Millis>(0, static_cast<Millis>(::timegm(&when)) * 1000 - now);
}

bool fits_budget(const ConnectorLimits& limits, Usage spent, const Usage& under_way,
                 const Usage& more) {
    spent += under_way;
    spent += more;
    if (limits.budget_tokens > 0 && spent.tokens() > limits.budget_tokens) return false;
    return limits.budget <= 0 ||
           static_cast<double>(spent.micros) <= std::floor(limits.budget * 1e6);
}

}  // namespace countersign
