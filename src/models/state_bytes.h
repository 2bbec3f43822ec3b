// Writing and reading what a learner knows: little-endian fields between a magic number and a
// SHA-256 over it all. The bytes come back from a database that a person can restore into, so the
// reader trusts nothing: whoever reads a length holds it against left() before taking memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace countersign {

class StateWriter {
public:
    explicit StateWriter(std::string_view magic) : bytes_(magic) {}
    void varint(std::uint64_t v);  ///< LEB128.
    void text(std::string_view t);
    void number(float f);
    /// Weights as 8-bit numbers with a scale of their own: an error below 1/254 of the largest.
    void row(std::span<const float> weights);
    /// The bytes with their digest.
    std::string sealed() &&;

private:
    std::string bytes_;
};

/// Once something is wrong `good` stays false and every further read gives zeros.
class StateReader {
public:
    /// Between magic and digest; see opened_state().
    explicit StateReader(std::string_view body) : left_(body) {}
    bool good = true;
    std::size_t left() const { return left_.size(); }
    std::uint64_t varint(std::uint64_t most);
    std::string text();        ///< Valid UTF-8, at most 65,536 bytes.
    float number(float most);  ///< Finite, in [-most, most].
    void row(std::span<float> weights);
    bool require(bool condition) { return good = good && condition; }

private:
    unsigned char byte();
    std::string_view left_;
};

/// What lies between the magic number and the digest. Refuses (Code::invalid) bytes of another kind
/// and damaged ones.
Result<std::string_view> opened_state(std::string_view bytes, std::string_view magic);
Refusal damaged_state(std::string_view how);

}  // namespace countersign
