// Room: models
// What NanoDet saw of a picture, stored, under a right checksum: what reads back lies in pictures
// and is written again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/unseen_boxes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes = "CSPL\x01\n" + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto places = places_from(bytes);
    if (!places) return 0;
    for (const auto& [box, seen] : *places)
        if (!(box.width > 0) || !(box.height > 0) || box.object < 0 || box.object >= 80 ||
            seen.size() != NanodetLook::size)
            std::abort();
    if (!places_from(places_bytes(*places))) std::abort();
    return 0;
}
