// What an ONNX file says of itself, read without running or allocating what it asks for: the inputs
// and outputs of its graph and the notes of its exporter (onnx.proto of github.com/onnx/onnx,
// fields by number).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

struct OnnxValue {
    std::string name;
    std::vector<std::int64_t> shape;  ///< -1: any size.
};

struct OnnxFacts {
    std::vector<OnnxValue> inputs;  ///< Without those that the file itself fills.
    std::vector<OnnxValue> outputs;
    std::map<std::string, std::string> notes;  ///< metadata_props

    /// The names of labels as Ultralytics notes them ("{0: 'person', 1: 'car'}"); empty: none.
    std::vector<std::string> names() const;
};

/// Refuses with Code::unsupported what is no ONNX file with a graph.
Result<OnnxFacts> onnx_facts(std::string_view bytes);

}  // namespace countersign
