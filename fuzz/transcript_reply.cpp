// What speech servers answer: whatever it is, the regions hold together.
// Room: models
#include <cstdint>
#include <cstdlib>

#include "models/transcript_reply.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto reply = parse_json({reinterpret_cast<const char*>(data), size});
    if (!reply) return 0;
    Schema schema{Modality::audio, "audio", {}};
    Control who{.name = "who", .kind = ControlKind::segments};
    who.labels.push_back({.name = "speech"});
    Control said{.name = "said", .kind = ControlKind::text};
    said.per_region = true;
    schema.controls = {who, said, {.name = "transcript", .kind = ControlKind::text}};
    const auto plan = transcript_plan(schema, Json::object());
    const auto answer = transcript_answer(*reply, schema, *plan, 10);
    if (!answer) return 0;
    for (const auto& region : answer->regions) {
        if (region.confidence && !(*region.confidence >= 0 && *region.confidence <= 1))
            std::abort();
        for (const auto& word : region.words)
            if (!(word.start >= 0 && word.start <= word.end && word.end <= 10)) std::abort();
    }
    if (!check_regions(schema, answer->regions, {.seconds = 10}, false)) std::abort();
    return 0;
}
