// 64-bit hashes that are the same on every machine: fingerprints, sketches and tables that must not
// depend on the standard library's choice. Not against an adversary.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign {

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
constexpr std::uint64_t hash_mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
constexpr std::uint64_t hash_pair(std::uint64_t a, std::uint64_t b) {
    return hash_mix(a ^ hash_mix(b));
}
inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) {
    std::uint64_t h = hash_mix(seed ^ bytes.size());
    while (bytes.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), 8);
        h = (h ^ hash_mix(word)) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
        bytes.remove_prefix(8);
    }
    std::uint64_t tail = 0;
    if (!bytes.empty()) std::memcpy(&tail, bytes.data(), bytes.size());
    return hash_mix(h ^ tail);
}

}  // namespace countersign
