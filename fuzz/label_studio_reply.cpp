// What machine learning backends for Label Studio predict: whatever is kept holds together.
// Room: app
#include <cstdint>
#include <cstdlib>

#include "app/label_studio_words.h"
#include "base/text.h"
#include "models/label_studio_answer.h"

using namespace countersign;

namespace {

Schema backend_schema(Modality modality) {
    Control kind{.name = "kind"}, said{.name = "said", .kind = ControlKind::text},
        each{.name = "each", .kind = ControlKind::text}, drawn{.name = "drawn"};
    kind.labels = {{.name = "ham"}, {.name = "spam"}};
    drawn.labels = {{.name = "Person"}, {.name = "Place"}};
    each.per_region = true;
    if (modality == Modality::text) {
        drawn.kind = ControlKind::spans;
        return {modality, "text", {kind, said, drawn}};
    }
    if (modality == Modality::image) {
        Control outlined = drawn;
        drawn.kind = ControlKind::boxes;
        outlined.name = "outlined";
        outlined.kind = ControlKind::polygons;
        return {modality, "image", {kind, drawn, outlined, each}};
    }
    drawn.kind = ControlKind::segments;
    return {modality, "audio", {kind, said, drawn, each}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = parse_json({reinterpret_cast<const char*>(data), size});
    if (!body || !body->is_object()) return 0;
    const auto results = body->find("results");
    if (results == body->end() || !results->is_array() || results->empty()) return 0;
    const ItemFacts text{0, 0, "Ada Lovelace wrote to Zoë in 東京 \xF0\x9F\x98\x80.", 0},
        picture{100, 50, {}, 0}, sound{0, 0, {}, 10};
    for (const auto& [modality, item] :
         {std::pair(Modality::text, text), {Modality::image, picture}, {Modality::audio, sound}}) {
        const Schema schema = backend_schema(modality);
        const auto taken =
            label_studio_answer(results->front(), schema, item, label_studio_words());
        if (!taken) {
            if (!is_utf8(taken.refusal().message)) std::abort();
            continue;
        }
        const auto& answer = taken->answer;
        if (answer.confidence && !(*answer.confidence >= 0 && *answer.confidence <= 1))
            std::abort();
        if (!check_regions(schema, answer.regions, item, false)) std::abort();
        if (const auto kept = or_refuse(*taken); !kept && !is_utf8(kept.refusal().message))
            std::abort();
    }
    return 0;
}
