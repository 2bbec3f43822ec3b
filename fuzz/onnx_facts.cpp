// What an ONNX file says of itself.
// Room: models
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "models/onnx_facts.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto facts = onnx_facts(input);
    if (facts) {
        if (facts->outputs.empty()) std::abort();
        for (const auto& value : facts->inputs)
            if (!is_utf8(value.name)) std::abort();
        static_cast<void>(facts->names());
    }
    OnnxFacts noted;
    noted.notes["names"] = std::string(input);
    static_cast<void>(noted.names());
    return 0;
}
