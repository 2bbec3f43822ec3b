#include "quality/many_logs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

// Compiled again, where that is to be had, for processors that work on four or eight numbers at
// once; which one runs is chosen when the program starts. Sanitizers are not ready by then.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FOR_WIDE_PROCESSORS \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FOR_WIDE_PROCESSORS
#endif

namespace countersign {

namespace {

constexpr std::size_t logs_at_once = 256;
using LogBlock = std::array<double, logs_at_once>;

/// ln(x / 2^shift) for a positive normal x, by the method of Sun's fdlibm (e_log.c, 1993), whose
/// constants these are: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f) and
/// ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R a minimax polynomial. Within one unit in the last
/// place. A zero gives some finite number.
inline double log_of(double x, double shift) {
    constexpr std::uint64_t one = 0x3ff0000000000000, root_of_half = 0x3fe6a09e667f3bcd,
                            fraction = 0x000fffffffffffff, two_to_52 = 0x4330000000000000;
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    constexpr double l1 = 6.666666666666735130e-01, l2 = 3.999999999940941908e-01,
                     l3 = 2.857142874366239149e-01, l4 = 2.222219843214978396e-01,
                     l5 = 1.818357216161805012e-01, l6 = 1.531383769920937332e-01,
                     l7 = 1.479819860511658591e-01;
    const auto bits = std::bit_cast<std::uint64_t>(x) + (one - root_of_half);
    // The exponent as a number: in the last places of 2^52 it needs no conversion.
    const double k =
        std::bit_cast<double>((bits >> 52) | two_to_52) - (4503599627370496.0 + 1023 + shift);
    const double f = std::bit_cast<double>((bits & fraction) + root_of_half) - 1;
    const double s = f / (2 + f), z = s * s, w = z * z, half = 0.5 * f * f;
    const double r = w * (l2 + w * (l4 + w * l6)) + z * (l1 + w * (l3 + w * (l5 + w * l7)));
    return k * ln2_high - ((half - (s * (half + r) + k * ln2_low)) - f);
}

FOR_WIDE_PROCESSORS void x_log_x_of(LogBlock& block) {
    // So far up that what is subnormal becomes normal.
    constexpr double shift = 54, factor = 18014398509481984.0;
    for (std::size_t i = 0; i < logs_at_once; ++i) {
        const double x = block[i];
        block[i] = x * log_of(x * factor, shift);
    }
}

FOR_WIDE_PROCESSORS void log1p_over_x_of(LogBlock& block) {
    for (std::size_t i = 0; i < logs_at_once; ++i) {
        const double x = block[i], u = 1 + x;
        block[i] = (log_of(u, 0) + (x - (u - 1)) / u) / x;  // With what 1 + x lost.
    }
}

/// `read` is asked of each number on its way in: a branch would keep the loop from working on
/// several at a time.
template <class Read>
void by_block(std::span<const double> x, std::span<double> out, Read&& read,
              void (*work)(LogBlock&)) {
    LogBlock block;
    for (std::size_t from = 0; from < x.size(); from += logs_at_once) {
        const auto piece = x.subspan(from, std::min(logs_at_once, x.size() - from));
        const auto end = std::transform(piece.begin(), piece.end(), block.begin(), read);
        std::fill(end, block.end(), 1.0);
        work(block);
        std::copy_n(block.begin(), piece.size(), out.begin() + static_cast<std::ptrdiff_t>(from));
    }
}

}  // namespace

void x_log_x(std::span<const double> x, std::span<double> out) {
    const auto positive = [](double v) { return 0 < v ? v : 0; };  // Of no number 0, too.
    by_block(x, out, positive, x_log_x_of);
}

void log1p_over_x(std::span<const double> x, std::span<double> out) {
    by_block(
        x, out, [](double v) { return v; }, log1p_over_x_of);
}

}  // namespace countersign
