#include "quality/many_logs.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr double least_number = std::numeric_limits<double>::denorm_min();

/// How far the worst is from what `std::log` makes of it, relative to that; what differs by the
/// least number there is counts as the same.
template <class Work, class Slow>
double worst_of(const std::vector<double>& x, Work&& work, Slow&& slow) {
    std::vector<double> found(x.size());
    work(x, found);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double wanted = slow(x[i]), away = std::abs(found[i] - wanted);
        if (!(away <= least_number)) worst = std::max(worst, away / std::abs(wanted));
    }
    return worst;
}

/// Over every exponent between these powers of two, near one from both sides, and the ends of
/// each exponent.
std::vector<double> wide(int from, int to) {
    Rng rng(5);
    std::vector<double> out;
    for (int e = from; e <= to; ++e) {
        const double least = std::ldexp(1.0, e);
        out.insert(out.end(), {least, std::nextafter(2 * least, 0.0)});
        for (int i = 0; i < 40; ++i) out.push_back(least * (1 + rng.uniform()));
    }
    for (int e = -53; e < 0; ++e)
        for (const double sign : {-1.0, 1.0}) out.push_back(1 + sign * std::ldexp(1.0, e));
    return out;
}

}  // namespace

TEST_CASE("x ln x is that of the library, from the least number there is to the very large") {
    const auto x = wide(-1074, 830);
    CHECK(worst_of(x, x_log_x, [](double v) { return v * std::log(v); }) < 1e-15);
}

TEST_CASE("x ln x of nothing, of less and of no number is 0, and of one, too") {
    const std::vector<double> x{0.0, -0.0, -1.0, NAN, 1.0};
    std::vector<double> out(x.size(), 7);
    x_log_x(x, out);
    for (const double found : out) CHECK(found == 0);
}

TEST_CASE("ln(1 + x) / x is that of the library, for small and large x") {
    auto x = wide(-990, 990);
    CHECK(worst_of(x, log1p_over_x, [](double v) { return std::log1p(v) / v; }) < 1e-15);
}

TEST_CASE("where a list is cut changes nothing, and an answer may take its question's place") {
    Rng rng(3);
    std::vector<double> x(700);
    for (auto& v : x) v = rng.uniform();
    std::vector<double> whole(x.size());
    x_log_x(x, whole);
    for (std::size_t n : {0UL, 1UL, 255UL, 256UL, 257UL, 512UL, 699UL}) {
        std::vector<double> part(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
        x_log_x(part, part);
        CHECK(std::equal(part.begin(), part.end(), whole.begin()));
    }
}
