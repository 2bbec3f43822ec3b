// Room: models
// A learner's stored state under a right checksum: what reads back can be used, and writes and
// reads back the same again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/text_learner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes =
        std::string("CSTL\x01\n") + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto state = learner_state_from(bytes);
    if (!state) return 0;
    if (!learner_state_from(learner_state_bytes(*state))) std::abort();
    auto learner = TextLearner::open(bytes);
    if (!learner) std::abort();
    learner->learn({"a new text", learner->labels()[0], 1, false});
    for (const auto& p : learner->predict("a text, and another"))
        if (!(p.probability >= 0 && p.probability <= 1)) std::abort();
    return 0;
}
