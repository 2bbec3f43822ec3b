// Room: models
// An object learner's stored state under a right checksum: what reads back can be used, and writes
// and reads back again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/object_learner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes =
        std::string("CSOL\x01\n") + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto state = object_learner_from(bytes);
    if (!state) return 0;
    if (!object_learner_from(object_learner_bytes(*state))) std::abort();
    const SeenBox box{{0, 0, 10, 10, 0, 0.5f}, std::vector<float>(1536, 0.5f)};
    for (const auto& found : find_objects(*state, std::vector<SeenBox>(3, box)))
        if (!(found.probability >= 0 && found.probability <= 1)) std::abort();
    return 0;
}
