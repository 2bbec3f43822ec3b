// The Open Inference Protocol, version 2 (KServe's "Predict Protocol", spoken by Triton, OpenVINO
// Model Server, TorchServe and MLServer): what a server says of a model and what it infers. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "models/tensor.h"

namespace countersign {

struct InferenceValue {
    std::string name, datatype;       ///< "FP32"
    std::vector<std::int64_t> shape;  ///< -1: any size.
};
struct InferenceModel {
    std::string name, platform, version;  ///< The last version that is told; may be empty.
    std::vector<InferenceValue> inputs, outputs;
};

/// GET v2/models/NAME. Refuses with Code::unsupported what is no such thing.
Result<InferenceModel> inference_model(const Json& reply);

/// The outputs of POST v2/models/NAME/infer in the order of `wanted` (empty: as they come). Numbers
/// may lie flat or nested. Refuses with Code::unsupported outputs that are missing, are no numbers
/// (BYTES), or do not fill their shape.
Result<std::vector<Tensor>> inference_outputs(const Json& reply,
                                              const std::vector<std::string>& wanted);

}  // namespace countersign
