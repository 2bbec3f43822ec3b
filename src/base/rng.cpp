#include "base/rng.h"

namespace countersign {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c,
                                    std::array<std::uint32_t, 2> k) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
        c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
        k[0] += 0x9E3779B9;
        k[1] += 0xBB67AE85;
    }
    return c;
}

namespace {
std::array<std::uint32_t, 4> block_of(std::uint64_t key, std::uint64_t high, std::uint64_t low) {
    return philox({static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                   static_cast<std::uint32_t>(high), static_cast<std::uint32_t>(high >> 32)},
                  {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
}
double to_unit(std::uint32_t a, std::uint32_t b) {
    return static_cast<double>((std::uint64_t{a} << 32 | b) >> 11) * 0x1.0p-53;
}
}  // namespace

double counter_uniform(std::uint64_t key, std::uint64_t high, std::uint64_t low) {
    const auto b = block_of(key, high, low);
    return to_unit(b[0], b[1]);
}

Rng::result_type Rng::operator()() {
    if (used_ == 4) {
        block_ = block_of(key_, 0, counter_++);
        used_ = 0;
    }
    return block_[used_++];
}

double Rng::uniform() {
    const auto a = (*this)();
    return to_unit(a, (*this)());
}

std::uint32_t Rng::below(std::uint32_t bound) {
    const std::uint32_t reject = (0u - bound) % bound;
    for (;;) {
        const std::uint32_t x = (*this)();
        if (x >= reject) return x % bound;
    }
}

}  // namespace countersign
