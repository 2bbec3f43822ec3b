// Room: models
// An ONNX file's tensors: any bytes, also as the weights of the network of voice activity.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "models/onnx_weights.h"
#include "models/voice_activity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto weights = onnx_weights(bytes);
    if (!weights) return 0;
    std::size_t numbers = 0;
    for (const auto& [name, values] : *weights) numbers += values.size();
    if (numbers > size / 4) std::abort();
    if (VoiceActivity::from(bytes)) std::abort();  // Two megabytes cannot come about by chance.
    return 0;
}
