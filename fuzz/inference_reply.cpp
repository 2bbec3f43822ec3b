// What servers of networks say: numbers of any shape, through every family of detectors.
// Room: models
#include <cstdint>
#include <cstdlib>

#include "models/detector_decoders.h"
#include "models/inference_reply.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto reply = parse_json({reinterpret_cast<const char*>(data), size});
    if (!reply) return 0;
    static_cast<void>(inference_model(*reply));
    const auto outputs = inference_outputs(*reply, {});
    if (!outputs) return 0;
    for (const std::size_t names : {std::size_t{0}, std::size_t{3}}) {
        const DecodeAsk ask{place(Fit::letterbox, 100, 50, 32, 32), names, {}, {}};
        for (const auto& family : detector_families()) {
            const auto found = decode_detector(family, *outputs, ask);
            if (!found) continue;
            for (const auto& box : *found)
                if (!(box.object >= 0 && box.width > 0 && box.height > 0 && box.score <= 1))
                    std::abort();
        }
    }
    return 0;
}
