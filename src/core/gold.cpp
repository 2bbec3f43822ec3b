#include "core/gold.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/rng.h"
#include "core/opinions.h"

namespace countersign {

namespace {

/// Streams of their own, beside the arm's.
constexpr std::uint64_t share_draws = 0x676f6c64'73686172, first_draws = 0x676f6c64'66697273;

/// How the two answers of one control compare, in pieces.
struct Pieces {
    double gold = 0, answer = 0;
    double common = 0;  ///< Of them, the same in both; a rating that is near counts in part.
    double f1() const { return gold + answer > 0 ? 2 * common / (gold + answer) : 1; }
};

/// 1 for the same step of a rating, 0 from one end of the scale to the other.
double nearness(const Schema& schema, const Region& a, const Region& b) {
    const auto* control = schema.control(a.control);
    if (!control || a.labels.empty() || b.labels.empty() || control->labels.size() < 2) return 0;
    const auto step = [&](const std::string& name) {
        const auto* label = Schema::find_label(*control, name);
        return label ? static_cast<double>(label - control->labels.data()) : -1.0;
    };
    const double p = step(a.labels[0]), q = step(b.labels[0]);
    if (p < 0 || q < 0) return 0;
    return 1 - std::abs(p - q) / static_cast<double>(control->labels.size() - 1);
}

const Region* region_of(const Regions& regions, const std::string& id) {
    const auto found =
        std::find_if(regions.begin(), regions.end(), [&](const Region& r) { return r.id == id; });
    return found == regions.end() ? nullptr : &*found;
}

}  // namespace

TrialScore score_answer(const Schema& schema, const Regions& gold, const Regions& answer) {
    const auto found = differences(gold, answer);
    std::map<std::string, Pieces> controls;
    for (const auto& region : gold) {
        auto& pieces = controls[region.control];
        ++pieces.gold;
        ++pieces.common;
    }
    for (const auto& region : answer) ++controls[region.control].answer;
    for (const auto& difference : found) {
        if (difference.a.empty()) continue;
        auto& pieces = controls[difference.control];
        --pieces.common;
        const auto* right = region_of(gold, difference.a);
        const auto* given = difference.b.empty() ? nullptr : region_of(answer, difference.b);
        if (right && given && right->kind == ControlKind::rating)
            pieces.common += nearness(schema, *right, *given);
    }
    TrialScore out;
    out.agreed = found.empty();
    for (const auto& control : controls) out.score += control.second.f1();
    out.score = controls.empty() ? 1 : out.score / static_cast<double>(controls.size());
    return out;
}

bool uses_gold(const Policy& policy) {
    return policy.gold_share > 0 || policy.onboarding > 0;
}

bool draw_gold(const Policy& policy, std::uint64_t seed, Id person, Id task, std::int64_t trials) {
    const auto key = seed ^ share_draws ^ (static_cast<std::uint64_t>(trials) << 20);
    return counter_uniform(key, static_cast<std::uint64_t>(person),
                           static_cast<std::uint64_t>(task)) < policy.gold_share;
}

std::size_t draw_first_gold(std::uint64_t seed, Id person, std::int64_t trials, std::size_t count) {
    const double u = counter_uniform(seed ^ first_draws, static_cast<std::uint64_t>(person),
                                     static_cast<std::uint64_t>(trials));
    return std::min(count - 1, static_cast<std::size_t>(u * static_cast<double>(count)));
}

}  // namespace countersign
