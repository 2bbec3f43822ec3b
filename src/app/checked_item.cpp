#include "app/checked_item.h"

#include <charconv>

#include "app/item_of_row.h"
#include "store/rows.h"

namespace countersign {

namespace {

/// Of an answer that a later one replaced only what people are compared by is looked at.
Regions only_choices(Regions regions) {
    std::erase_if(regions, [](const Region& r) {
        return r.kind != ControlKind::choices && r.kind != ControlKind::rating;
    });
    return regions;
}

std::uint64_t first_bits(std::string_view hex) {
    std::uint64_t out = 0;
    std::from_chars(hex.data(), hex.data() + std::min<std::size_t>(16, hex.size()), out, 16);
    return out;
}

}  // namespace

CheckedItem::CheckedItem(const ExportRow& row, const Schema& schema, const LabelNames& names,
                         const MediaLook* look)
    : task_(row.task->id), key_(row.task->key) {
    given_.name = key_;
    given_.is_text = schema.modality == Modality::text;
    if (given_.is_text) {
        text_ = item_text(*row.task, schema.source);
        given_.text = text_;
    }
    split_ = split_of_texts(row.task->meta, row.task->data);
    given_.split = split_;
    if (row.media) {
        given_.width = row.media->width;
        given_.height = row.media->height;
        given_.seconds = row.media->seconds;
        given_.bytes = first_bits(row.media->sha256);
    }
    if (look) {
        given_.picture = look->picture;
        given_.sound = look->sound;
        given_.silences = look->silences;
        given_.voiced = look->voiced;
    }
    for (const auto& a : row.annotations)
        if (a.current) annotation_ = a.id;
    const auto add = [&](const ExportRow::AnnotationText& a) {
        auto regions = names.now(stored_regions(a.regions));
        if (annotation_ != 0 && !a.current) regions = only_choices(std::move(regions));
        const auto& by = names_.emplace_back(a.person);
        const bool timed = a.action != name_of(Action::imported);
        given_.labels.push_back({by, &regions_.emplace_back(std::move(regions)),
                                 timed ? static_cast<double>(a.active_ms) / 1000 : 0,
                                 timed ? a.created : 0});
    };
    // The label comes last: that is how the checks know it.
    for (const auto& a : row.annotations)
        if (!a.current && a.action != name_of(Action::skipped)) add(a);
    for (const auto& a : row.annotations)
        if (a.current) add(a);
    for (const auto& d : row.drafts)
        given_.drafts.push_back({names_.emplace_back(d.model),
                                 &regions_.emplace_back(names.now(stored_regions(d.regions))), 0,
                                 d.created});
}

CheckOptions project_checks(const Schema& schema) {
    CheckOptions out;
    out.schema = &schema;
    out.off.set(static_cast<std::size_t>(Check::people_differ));
    return out;
}

}  // namespace countersign
