// What language models answer: read without trust, located in the item, and every draft leaves with
// a verdict. The first three bytes choose the settings and how much of the rest is the item.
// Room: models
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "models/chat.h"
#include "models/grounding.h"
#include "models/json_places.h"
#include "models/quotes.h"

using namespace countersign;

namespace {

Schema asked_about(bool image) {
    Control kind{.name = "kind"}, rating{.name = "how", .kind = ControlKind::rating},
        said{.name = "said", .kind = ControlKind::text}, drawn{.name = "drawn"};
    kind.labels = {{.name = "ham"}, {.name = "spam"}};
    kind.multiple = said.multiple = true;
    rating.labels = {{.name = "1"}, {.name = "2"}};
    drawn.kind = image ? ControlKind::boxes : ControlKind::spans;
    drawn.labels = {{.name = "Person"}, {.name = "Place"}};
    return {image ? Modality::image : Modality::text,
            image ? "image" : "text",
            {kind, rating, said, drawn}};
}

void check_places(const ReadAnswer& read, std::string_view whole) {
    // As a server would tell it: a token each three bytes.
    ChatReply reply{std::string(whole), {}};
    for (std::size_t i = 0; i < whole.size(); i += 3)
        reply.tokens.push_back({std::string(whole.substr(i, 3)), -0.5});
    const auto begins = whole.find(read.json);
    if (begins == whole.npos) std::abort();
    const auto places = json_places(read.json);
    for (const auto& [pointer, place] : places) {
        if (place.begin > place.end || place.end > read.json.size()) std::abort();
        const auto sure = token_probability(reply, begins + place.begin, begins + place.end);
        if (sure && !(*sure >= 0 && *sure <= 1)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const bool image = data[0] & 1;
    const Schema schema = asked_about(image);
    PromptSettings settings;
    settings.modality = schema.modality;
    settings.controls = *asked_controls(schema, {});
    settings.claims = data[0] & 2;
    settings.coordinates = data[0] & 4 ? Coordinates::pixels : Coordinates::thousandths;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
    const std::size_t cut = std::min<std::size_t>(rest.size(), data[1] | data[2] << 8);
    const std::string text = repair_utf8(rest.substr(0, cut));
    const std::string_view said = rest.substr(cut);
    json_places(said);
    const Image picture{40, 30, std::vector<std::uint8_t>(40 * 30 * 3, 7)};
    const PromptItem item{image ? std::string_view() : text, image ? 40 : 0, image ? 30 : 0};
    const auto read = read_answer(settings, item, said);
    if (!read) {
        if (read.refusal().message.empty() || !is_utf8(read.refusal().message)) std::abort();
        return 0;
    }
    if (read->pointers.size() != read->regions.size()) std::abort();
    check_places(*read, said);
    const std::int64_t length = code_points(text);
    for (const auto& region : read->regions) {
        if (region.confidence && !(*region.confidence >= 0 && *region.confidence <= 1))
            std::abort();
        if (region.kind == ControlKind::spans &&
            !(region.start >= 0 && region.start <= region.end &&
              region.end <= static_cast<double>(length)))
            std::abort();
    }
    agreed({read->regions, read->regions, {}});
    const auto again = answer_of(settings, read->regions, item);
    static_cast<void>(to_text(again));
    GroundItem where{item.text, item.width, item.height, image ? &picture : nullptr, {}};
    for (const auto& region : ground(schema, where, {read->regions, {}, {}}).regions)
        if (region.grounding == Grounding::unchecked ||
            (region.grounding != Grounding::grounded && region.reason.empty()))
            std::abort();
    return 0;
}
