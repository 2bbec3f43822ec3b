// The numbers that an ONNX file carries, by name, without anything that runs it: for networks small
// enough to be written out here. Reads the wire format of Protocol Buffers and of it only what
// leads to tensors of floats (onnx.proto of ONNX 1.16: ModelProto.graph, GraphProto.node and
// .initializer, NodeProto.attribute, AttributeProto.t and .g, TensorProto.raw_data and
// .float_data).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

/// By the tensor's name, or that of the constant node's output; branches of conditions too. The
/// first of a name counts.
using OnnxWeights = std::map<std::string, std::vector<float>, std::less<>>;

/// Every byte is held against the end of what holds it; graphs may lie 8 deep. Refuses
/// (Code::invalid) what is no such file, is cut off, or has a number that is not finite.
Result<OnnxWeights> onnx_weights(std::string_view bytes);

}  // namespace countersign
