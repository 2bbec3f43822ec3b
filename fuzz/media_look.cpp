// Room: app
// What was seen of a picture or recording, stored, under a right checksum: what reads back writes
// the same bytes again, and its stretches lie within the recording they are of.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/media_looks.h"
#include "base/crypto.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes = "CSLOOK01" + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto look = look_from(bytes);
    if (!look) return 0;
    const auto again = look_from(look_bytes(*look));
    if (!again || look_bytes(*again) != look_bytes(*look)) std::abort();
    for (const auto& one : look->silences)
        if (!(0 <= one.start && one.start <= one.end)) std::abort();
    for (const auto& one : look->voiced.value_or(std::vector<GivenItem::Stretch>()))
        if (!(0 <= one.start && one.start <= one.end)) std::abort();
    return 0;
}
