// Room: models
// A span learner's stored state under a right checksum: what reads back can be used, and writes and
// reads back the same again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/span_learner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes =
        std::string("CSSL\x01\n") + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto state = span_learner_from(bytes);
    if (!state) return 0;
    if (!span_learner_from(span_learner_bytes(*state))) std::abort();
    const auto learner = SpanLearner::open(bytes);
    if (!learner) std::abort();
    const auto reading = learner->read("A text of Anna's, and (another) one.");
    for (const auto& span : reading.spans)
        if (!(span.probability >= 0 && span.probability <= 1) || span.start >= span.end)
            std::abort();
    return 0;
}
