#include "models/state_bytes.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/crypto.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t digest_bytes = 32;
constexpr std::uint64_t most_name = 65'536;

std::string digest_of(std::string_view bytes) {
    const Digest d = sha256(bytes);
    return {reinterpret_cast<const char*>(d.data()), d.size()};
}

}  // namespace

void StateWriter::varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) bytes_ += static_cast<char>(v | 0x80);
    bytes_ += static_cast<char>(v);
}

void StateWriter::text(std::string_view t) {
    varint(t.size());
    bytes_ += t;
}

void StateWriter::number(float f) {
    const auto v = std::bit_cast<std::uint32_t>(f);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(v >> shift);
}

void StateWriter::row(std::span<const float> weights) {
    float largest = 0;
    for (const float w : weights) largest = std::max(largest, std::abs(w));
    number(largest);
    for (const float w : weights)
        bytes_ += static_cast<char>(largest > 0 ? std::lround(w / largest * 127) : 0);
}

std::string StateWriter::sealed() && {
    bytes_ += digest_of(bytes_);
    return std::move(bytes_);
}

unsigned char StateReader::byte() {
    if (!require(!left_.empty())) return 0;
    const auto b = static_cast<unsigned char>(left_[0]);
    left_.remove_prefix(1);
    return b;
}

std::uint64_t StateReader::varint(std::uint64_t most) {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        const auto b = byte();
        v |= std::uint64_t{b & 0x7Fu} << shift;
        if (!(b & 0x80)) return require(v <= most) ? v : 0;
    }
    return require(false), 0;
}

std::string StateReader::text() {
    const auto n = varint(most_name);
    if (!require(n <= left())) return {};
    std::string t(left_.substr(0, n));
    left_.remove_prefix(n);
    return require(is_utf8(t)) ? t : std::string();
}

float StateReader::number(float most) {
    std::uint32_t v = 0;
    for (int shift = 0; shift < 32; shift += 8) v |= std::uint32_t{byte()} << shift;
    const auto f = std::bit_cast<float>(v);
    return require(std::isfinite(f) && std::abs(f) <= most) ? f : 0;
}

void StateReader::row(std::span<float> weights) {
    const float largest = number(1e6f);
    for (auto& w : weights)
        w = static_cast<float>(static_cast<signed char>(byte())) * largest / 127;
}

Result<std::string_view> opened_state(std::string_view bytes, std::string_view magic) {
    if (bytes.size() < magic.size() + digest_bytes || !bytes.starts_with(magic))
        return damaged_state("is not of this version");
    const auto body = bytes.substr(0, bytes.size() - digest_bytes);
    if (digest_of(body) != bytes.substr(body.size())) return damaged_state("is damaged (checksum)");
    return body.substr(magic.size());
}

Refusal damaged_state(std::string_view how) {
    return {Code::invalid, "The learner's stored state " + std::string(how) +
                               "; learn again from the reviewed labels."};
}

}  // namespace countersign
