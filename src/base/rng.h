// Randomness comes in through the constructor, or, where it must be reproducible and auditable,
// from a counter-based generator: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). The same (key, counter) always gives the same number.
#pragma once

#include <array>
#include <cstdint>

namespace countersign {

/// One block of Philox4x32-10.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// A uniform number in [0, 1) with 53 random bits, a function of its arguments only.
double counter_uniform(std::uint64_t key, std::uint64_t high, std::uint64_t low);

/// A stream of numbers for simulations and learners; satisfies UniformRandomBitGenerator.
class Rng {
public:
    using result_type = std::uint32_t;
    explicit Rng(std::uint64_t seed) : key_(seed) {}
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffffu; }
    result_type operator()();
    double uniform();                          ///< In [0, 1).
    std::uint32_t below(std::uint32_t bound);  ///< In [0, bound); bound > 0; unbiased.

private:
    std::uint64_t key_, counter_ = 0;
    std::array<std::uint32_t, 4> block_{};
    unsigned used_ = 4;
};

}  // namespace countersign
