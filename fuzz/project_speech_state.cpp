// Room: models
// What a project taught the recogniser, stored, under a right checksum: what reads back writes and
// reads back again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "models/transcriber.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    std::string bytes =
        std::string("CSTR\x01\n") + std::string(reinterpret_cast<const char*>(data), size);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto state = project_speech_from(bytes);
    if (state && !project_speech_from(project_speech_bytes(*state))) std::abort();
    return 0;
}
