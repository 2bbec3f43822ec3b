#include "models/onnx_weights.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "models/wire_fields.h"

namespace countersign {

namespace {

constexpr int deepest_graph = 8;
constexpr std::size_t most_tensors = 4'096;

class WeightReader {
public:
    bool model(std::string_view bytes) {
        return each(bytes, [&](const WireField& f) { return f.number != 7 || graph(f.bytes, 0); });
    }
    OnnxWeights weights;
    bool finite = true;

private:
    template <class Heed>
    static bool each(std::string_view bytes, const Heed& heed) {
        WireFields fields(bytes);
        while (const auto field = fields.next())
            if (!heed(*field)) return false;
        return !fields.broken();
    }

    bool graph(std::string_view bytes, int depth) {
        if (depth > deepest_graph) return false;
        return each(bytes, [&](const WireField& f) {
            if (!f.has_bytes) return true;
            if (f.number == 1) return node(f.bytes, depth);
            return f.number != 5 || tensor(f.bytes, {});
        });
    }

    bool node(std::string_view bytes, int depth) {
        std::string_view output;
        const bool read = each(bytes, [&](const WireField& f) {
            if (f.number == 2 && f.has_bytes && output.empty()) output = f.bytes;
            return true;
        });
        return read && each(bytes, [&](const WireField& f) {
                   return f.number != 5 || !f.has_bytes || attribute(f.bytes, output, depth);
               });
    }

    bool attribute(std::string_view bytes, std::string_view output, int depth) {
        return each(bytes, [&](const WireField& f) {
            if (!f.has_bytes) return true;
            if (f.number == 5) return tensor(f.bytes, output);
            return f.number != 6 || graph(f.bytes, depth + 1);
        });
    }

    bool tensor(std::string_view bytes, std::string_view output) {
        constexpr std::uint64_t type_float = 1;
        std::uint64_t type = 0;
        std::string_view name = output, raw;
        const bool read = each(bytes, [&](const WireField& f) {
            if (f.number == 2 && !f.has_bytes) type = f.value;
            if (f.number == 8 && f.has_bytes && name.empty()) name = f.bytes;
            if ((f.number == 9 || f.number == 4) && f.has_bytes) raw = f.bytes;
            return true;
        });
        if (!read) return false;
        if (type != type_float || raw.empty()) return true;
        if (raw.size() % 4 != 0 || weights.size() >= most_tensors) return false;
        std::vector<float> values(raw.size() / 4);
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint32_t bits = 0;
            for (std::size_t b = 0; b < 4; ++b)
                bits |= std::uint32_t{static_cast<unsigned char>(raw[4 * i + b])} << (8 * b);
            values[i] = std::bit_cast<float>(bits);
            finite = finite && std::isfinite(values[i]);
        }
        weights.try_emplace(std::string(name), std::move(values));
        return true;
    }
};

}  // namespace

Result<OnnxWeights> onnx_weights(std::string_view bytes) {
    WeightReader reader;
    if (!reader.model(bytes))
        return Refusal{Code::invalid, "It is no ONNX file, or one that was cut off or damaged."};
    if (!reader.finite)
        return Refusal{Code::invalid, "The ONNX file has weights that are not numbers."};
    return std::move(reader.weights);
}

}  // namespace countersign
