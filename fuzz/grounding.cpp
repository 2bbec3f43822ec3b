// Room: models
// Spans, boxes and texts from anywhere: every draft leaves with a verdict, inside its item.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/text.h"
#include "models/grounding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    Region region;
    double numbers[4];
    if (size < sizeof numbers + 1) return 0;
    std::memcpy(numbers, data, sizeof numbers);
    const std::string_view rest(reinterpret_cast<const char*>(data) + sizeof numbers,
                                size - sizeof numbers);
    const auto cut = std::min<std::size_t>(rest.size(), static_cast<unsigned char>(rest[0]));
    const std::string quote = repair_utf8(rest.substr(0, cut)),
                      text = repair_utf8(rest.substr(cut));

    Control words{"c", ControlKind::spans, {}, false, false, {{"L", {}, {}, {}, {}}}};
    region.control = "c", region.kind = ControlKind::spans, region.labels = {"L"},
    region.text = quote;
    region.start = numbers[0], region.end = numbers[1];
    const auto span =
        ground({Modality::text, "text", {words}}, {text, 0, 0, nullptr}, {{region}, {}, {}})
            .regions.at(0);
    const bool trusted =
        span.grounding == Grounding::grounded || span.grounding == Grounding::repaired;
    if (trusted && slice(text, static_cast<std::int64_t>(span.start),
                         static_cast<std::int64_t>(span.end)) != std::string_view(span.text))
        std::abort();
    injection_mark(rest);

    words.kind = region.kind = ControlKind::boxes;
    region.x = numbers[0], region.y = numbers[1], region.width = numbers[2],
    region.height = numbers[3];
    const Image image{16, 16, std::vector<std::uint8_t>(16 * 16 * 3, 7)};
    const auto box =
        ground({Modality::image, "image", {words}}, {{}, 16, 16, &image}, {{region}, {}, {}})
            .regions.at(0);
    if (box.grounding != Grounding::ungrounded && !(box.x >= 0 && box.x + box.width <= 16.0001))
        std::abort();
    return 0;
}
