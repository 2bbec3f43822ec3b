#include "models/text_learner_state.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <set>

#include "base/crypto.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr std::string_view magic = "CSTL\x01\n";
constexpr std::size_t digest_bytes = 32;
constexpr std::uint64_t most_classes = 10'000, most_name = 65'536;

class Writer {
public:
    std::string bytes{magic};
    void varint(std::uint64_t v) {
        for (; v >= 0x80; v >>= 7) bytes += static_cast<char>(v | 0x80);
        bytes += static_cast<char>(v);
    }
    void text(std::string_view t) {
        varint(t.size());
        bytes += t;
    }
    void number(float f) {
        const auto v = std::bit_cast<std::uint32_t>(f);
        for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(v >> shift);
    }
    void row(std::span<const float> weights) {
        float largest = 0;
        for (const float w : weights) largest = std::max(largest, std::abs(w));
        number(largest);
        for (const float w : weights)
            bytes += static_cast<char>(largest > 0 ? std::lround(w / largest * 127) : 0);
    }
};

/// Once something is wrong `good` stays false and every further read gives zeros.
class Reader {
public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    bool good = true;
    std::size_t left() const { return left_.size(); }
    std::uint64_t varint(std::uint64_t most) {
        std::uint64_t v = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            const auto b = byte();
            v |= std::uint64_t{b & 0x7Fu} << shift;
            if (!(b & 0x80)) return require(v <= most) ? v : 0;
        }
        return require(false), 0;
    }
    std::string text() {
        const auto n = varint(most_name);
        if (!require(n <= left())) return {};
        std::string t(left_.substr(0, n));
        left_.remove_prefix(n);
        return require(is_utf8(t)) ? t : std::string();
    }
    float number(float most) {
        std::uint32_t v = 0;
        for (int shift = 0; shift < 32; shift += 8) v |= std::uint32_t{byte()} << shift;
        const auto f = std::bit_cast<float>(v);
        return require(std::isfinite(f) && std::abs(f) <= most) ? f : 0;
    }
    void row(std::span<float> weights) {
        const float largest = number(1e6f);
        for (auto& w : weights)
            w = static_cast<float>(static_cast<signed char>(byte())) * largest / 127;
    }
    bool require(bool condition) { return good = good && condition; }

private:
    unsigned char byte() {
        if (!require(!left_.empty())) return 0;
        const auto b = static_cast<unsigned char>(left_[0]);
        left_.remove_prefix(1);
        return b;
    }
    std::string_view left_;
};

std::string digest_of(std::string_view bytes) {
    const Digest d = sha256(bytes);
    return {reinterpret_cast<const char*>(d.data()), d.size()};
}

bool read_labels(Reader& in, LearnerState& state) {
    const auto classes = in.varint(most_classes);
    if (!in.require(classes >= 2 && classes <= in.left())) return false;
    std::set<std::string> seen;
    for (std::uint64_t k = 0; k < classes && in.good; ++k) {
        state.labels.push_back(in.text());
        state.counts.push_back(static_cast<std::uint32_t>(in.varint(UINT32_MAX)));
        in.require(seen.insert(state.labels.back()).second);
    }
    return in.good;
}

bool read_rows(Reader& in, LearnerState& state, int bits) {
    const auto classes = state.labels.size();
    const auto rows = in.varint(std::uint64_t{1} << bits);
    // A row takes at least a feature, a df, a scale and a byte for each class.
    if (!in.require(rows <= in.left() / (classes + 6))) return false;
    state.model = LinearModel(static_cast<int>(classes), bits);
    in.row(state.model.bias());
    std::uint64_t next = 0;
    for (std::uint64_t r = 0; r < rows && in.good; ++r) {
        const auto feature = next + in.varint(UINT32_MAX);
        const auto df = in.varint(state.features.documents());
        if (!in.require(feature < std::uint64_t{1} << bits)) return false;
        const auto f = static_cast<std::uint32_t>(feature);
        state.features.restore(f, static_cast<std::uint32_t>(df));
        in.row(state.model.row(state.model.row_for(f)));
        next = feature + 1;
    }
    return in.good;
}

}  // namespace

std::string learner_state_bytes(const LearnerState& state) {
    Writer out;
    out.varint(static_cast<std::uint64_t>(state.method));
    out.varint(static_cast<std::uint64_t>(state.features.grams()));
    out.varint(static_cast<std::uint64_t>(state.features.bits()));
    out.varint(state.features.seed());
    out.varint(state.features.documents());
    out.number(static_cast<float>(state.temperature));
    out.number(static_cast<float>(state.top.slope));
    out.number(static_cast<float>(state.top.shift));
    out.text(state.control);
    out.varint(state.labels.size());
    for (std::size_t k = 0; k < state.labels.size(); ++k) {
        out.text(state.labels[k]);
        out.varint(state.counts[k]);
    }
    auto features = state.model.features();
    std::sort(features.begin(), features.end());
    out.varint(features.size());
    out.row(state.model.bias());
    std::uint32_t next = 0;
    for (const auto f : features) {
        out.varint(f - next);
        out.varint(state.features.document_frequency(f));
        out.row(state.model.row(state.model.find(f)));
        next = f + 1;
    }
    return out.bytes + digest_of(out.bytes);
}

Result<LearnerState> learner_state_from(std::string_view bytes) {
    const auto damaged = [](const char* how) {
        return Refusal{Code::invalid, std::string("The learner's stored state ") + how +
                                          "; learn again from the reviewed labels."};
    };
    if (bytes.size() < magic.size() + digest_bytes || !bytes.starts_with(magic))
        return damaged("is not of this version");
    const auto body = bytes.substr(0, bytes.size() - digest_bytes);
    if (digest_of(body) != bytes.substr(body.size())) return damaged("is damaged (checksum)");

    Reader in(body.substr(magic.size()));
    LearnerState state;
    state.method = static_cast<TextMethod>(in.varint(5));
    const auto grams = static_cast<TextGrams>(in.varint(1));
    const auto bits = static_cast<int>(in.varint(22));
    const auto seed = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
    if (!in.require(bits >= 8)) return damaged("has values out of range");
    state.features = TextFeatures(grams, bits, seed);
    state.features.restore(static_cast<std::uint32_t>(in.varint(UINT32_MAX)));
    state.temperature = in.number(max_temperature + 1);
    state.top.slope = in.number(1e3f);
    state.top.shift = in.number(1e3f);
    in.require(state.temperature > 0 && state.top.slope > 0);
    state.control = in.text();
    if (!read_labels(in, state) || !read_rows(in, state, bits) || !in.require(in.left() == 0))
        return damaged("has values out of range");
    return state;
}

}  // namespace countersign
