// Reads bytes as a format would and holds it to what every reader promises: an end, a verdict with
// a reason for each row, data that is a JSON object, and regions that survive our own text.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "formats/format.h"

using namespace countersign;

inline const Schema& hostile_schema(Modality modality) {
    static const auto make = [](Modality m, ControlKind kind) {
        Control choices, drawn;
        choices.name = "kind";
        choices.labels = {{"ham", "", "", "", {}}, {"cat", "", "", "", {}}};
        drawn.name = "drawn";
        drawn.kind = kind;
        drawn.labels = {{"cat", "", "", "", {}}};
        Control each, whole;
        each.name = "each";
        whole.name = "whole";
        each.kind = whole.kind = ControlKind::text;
        each.per_region = true;
        if (m == Modality::text) return Schema{m, "text", {choices, drawn}};
        if (m == Modality::image) return Schema{m, "image", {choices, drawn, each}};
        return Schema{m, "audio", {choices, drawn, each, whole}};
    };
    static const Schema text = make(Modality::text, ControlKind::spans),
                        image = make(Modality::image, ControlKind::boxes),
                        audio = make(Modality::audio, ControlKind::segments);
    return modality == Modality::text ? text : modality == Modality::image ? image : audio;
}

inline void check_hostile(const Regions& regions) {
    const auto text = regions_text(regions);
    const auto again = regions_from(text);
    if (!again || regions_text(*again) != text) std::abort();
}

inline void read_hostile(std::string_view format,
                         std::vector<std::pair<std::string, std::string>> files, Modality modality,
                         ReadContext context = {}) {
    context.schema = &hostile_schema(modality);
    context.image_size = [](std::string_view) { return std::optional(ImageSize{64, 48}); };
    const auto reader = find_format(format)->read(open_bytes(std::move(files)), context);
    if (!reader) return;
    for (;;) {
        const auto row = (*reader)->next();
        if (!row || !*row) return;
        const auto& r = **row;
        if ((r.outcome == RowOutcome::accepted) != r.reason.empty() || r.where.empty())
            std::abort();
        if (!is_utf8(r.reason) || !is_utf8(r.key)) std::abort();
        if (r.outcome == RowOutcome::rejected) continue;
        const auto data = parse_json(r.data);
        if (!data || !data->is_object()) std::abort();
        if (!r.meta.empty() && !parse_json(r.meta)) std::abort();
        for (const auto& d : r.drafts) check_hostile(d.regions);
        for (const auto& a : r.annotations) check_hostile(a.regions);
    }
}
