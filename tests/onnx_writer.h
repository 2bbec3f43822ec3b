// Writes small ONNX models for tests: nodes, weights, shapes and notes in the wire format of
// Protocol Buffers (onnx.proto of github.com/onnx/onnx, fields by number).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace countersign {

class OnnxWriter {
public:
    using Shape = std::vector<std::int64_t>;

    OnnxWriter& input(const std::string& name, const Shape& shape) {
        return in_graph(11, value(name, shape));
    }
    OnnxWriter& output(const std::string& name, const Shape& shape) {
        return in_graph(12, value(name, shape));
    }
    OnnxWriter& weights(const std::string& name, const Shape& shape,
                        const std::vector<float>& values) {
        return in_graph(5, tensor(name, shape, 1,
                                  std::string(reinterpret_cast<const char*>(values.data()),
                                              values.size() * sizeof(float))));
    }
    OnnxWriter& whole_numbers(const std::string& name, const Shape& values) {
        return in_graph(5, tensor(name, {static_cast<std::int64_t>(values.size())}, 7,
                                  std::string(reinterpret_cast<const char*>(values.data()),
                                              values.size() * sizeof(std::int64_t))));
    }
    /// `attributes`: lists of whole numbers by name.
    OnnxWriter& node(const std::string& operation, const std::vector<std::string>& inputs,
                     const std::string& output,
                     const std::vector<std::pair<std::string, Shape>>& attributes = {}) {
        std::string out;
        for (const auto& name : inputs) out += field(1, name);
        out += field(2, output) + field(3, output + "_node") + field(4, operation);
        for (const auto& [name, numbers] : attributes) {
            std::string attribute = field(1, name);
            for (const auto number : numbers) attribute += number_field(8, number);
            out += field(5, attribute + number_field(20, 7));
        }
        return in_graph(1, out);
    }
    OnnxWriter& note(const std::string& key, const std::string& text) {
        notes_ += field(14, field(1, key) + field(2, text));
        return *this;
    }
    std::string bytes() const {
        return number_field(1, 7) + field(8, field(1, "") + number_field(2, 12)) +
               field(7, graph_ + field(2, "graph")) + notes_;
    }

private:
    static std::string varint(std::uint64_t value) {
        std::string out;
        for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
        return out + static_cast<char>(value);
    }
    static std::string field(unsigned number, const std::string& bytes) {
        return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
    }
    static std::string number_field(unsigned number, std::int64_t value) {
        return varint(number << 3) + varint(static_cast<std::uint64_t>(value));
    }
    static std::string tensor(const std::string& name, const Shape& shape, int type,
                              const std::string& raw) {
        std::string out;
        for (const auto size : shape) out += number_field(1, size);
        return out + number_field(2, type) + field(8, name) + field(9, raw);
    }
    /// A size below 0 is any size.
    static std::string value(const std::string& name, const Shape& shape) {
        std::string sizes;
        for (const auto size : shape)
            sizes += field(1, size < 0 ? field(2, "any") : number_field(1, size));
        return field(1, name) + field(2, field(1, number_field(1, 1) + field(2, sizes)));
    }
    OnnxWriter& in_graph(unsigned number, const std::string& bytes) {
        graph_ += field(number, bytes);
        return *this;
    }
    std::string graph_, notes_;
};

/// A classifier of 1 x 3 x 8 x 8 whose logits are the means of red, green and blue.
inline OnnxWriter colour_classifier() {
    OnnxWriter model;
    model.node("GlobalAveragePool", {"images"}, "means")
        .node("Flatten", {"means"}, "logits")
        .input("images", {1, 3, 8, 8})
        .output("logits", {1, 3});
    return model;
}

/// An end-to-end detector over 64 x 64 pixels: a box of name 1 at (8, 16) to (40, 48) with the
/// picture's redness as its score, and one of name 0 at (0, 0) to (8, 8) with its blueness.
inline OnnxWriter colour_detector() {
    OnnxWriter model;
    const std::vector<float> weights{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0,
                                     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    model.node("GlobalAveragePool", {"images"}, "means")
        .node("Conv", {"means", "weights", "bias"}, "numbers", {{"kernel_shape", {1, 1}}})
        .node("Reshape", {"numbers", "shape"}, "output0")
        .weights("weights", {12, 3, 1, 1}, weights)
        .weights("bias", {12}, {8, 16, 40, 48, 0, 1, 0, 0, 8, 8, 0, 0})
        .whole_numbers("shape", {1, 2, 6})
        .input("images", {1, 3, 64, 64})
        .output("output0", {1, 2, 6})
        .note("names", "{0: 'blue thing', 1: \"red's thing\"}");
    return model;
}

}  // namespace countersign
