// Room: models
// A picture learner's stored state under a right checksum: what reads back can be used, and writes
// and reads back again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/picture_learner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes =
        std::string("CSPL\x02\n") + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto state = picture_learner_from(bytes);
    if (!state) return 0;
    if (!picture_learner_from(picture_learner_bytes(*state))) std::abort();
    const auto guess = guess_picture(*state, std::vector<float>(1536, 0.5f));
    if (!(guess.probability >= 0 && guess.probability <= 1)) std::abort();
    return 0;
}
