#include "app/compare.h"

#include <unordered_map>

#include "app/convert.h"
#include "app/import_rows.h"
#include "app/item_of_row.h"
#include "app/pictures.h"
#include "app/predictions.h"
#include "quality/hashing.h"
#include "quality/item_checks.h"
#include "quality/splitting.h"

namespace countersign {

namespace {

/// Rows of files, as they are written.
template <class Use>
Result<std::string> each_labelled_row(const LabelledFiles& files, Use use) {
    std::shared_ptr<const Source> source = TRY(open_import(files.paths)), images;
    if (!files.images.empty()) images = TRY(open_import({files.images}));
    PictureFiles pictures(source, images);
    const auto* format = TRY(format_to_read(*source, files.from));
    ReadContext context;
    context.as_written = true;
    context.image_size = [&](std::string_view name) { return pictures.size(name); };
    const auto reader = TRY(format->read(source, context));
    for (;;) {
        const auto row = TRY(reader->next());
        if (!row) return std::string(format->name);
        TRY(use(*row, pictures));
    }
}

const Regions* own_labels(const ImportedRow& row, const std::string& person) {
    const Regions* labels = nullptr;
    for (const auto& a : row.annotations)
        if (!a.skipped && (person.empty() || a.person == person)) labels = &a.regions;
    return labels;
}

std::string key_of(const RowItem& item) {
    return item.name.empty() ? "text:" + normal_text(item.text) : bare_name(item.name);
}

std::string region_words(const Region& r) {
    if (facts_of(r.kind).drawn) return label_words(r) + " at " + place_words(r);
    if (r.labels.empty()) return named(r.text);
    std::string out;
    for (const auto& label : r.labels) out += (out.empty() ? "" : " + ") + named(label);
    return out;
}

std::string change_words(const RegionChange& change) {
    if (!change.before) return "+ " + change.control + ": " + region_words(*change.after);
    if (!change.after) return "- " + change.control + ": " + region_words(*change.before);
    return "~ " + change.control + ": " + region_words(*change.before) + " -> " +
           region_words(*change.after);
}

std::string member_of(const ImportedRow& row, const std::string& name) {
    for (const auto* text : {&row.meta, &row.data}) {
        if (text->empty() || text->find(name) == std::string::npos) continue;
        const auto object = parse_json(*text);
        if (!object || !object->is_object() || !object->contains(name)) continue;
        const auto& value = (*object)[name];
        return value.is_string() ? value.get<std::string>() : to_text(value);
    }
    return {};
}

/// Everything that decides a split.
struct Splittable {
    std::vector<std::string> names, texts;
    std::vector<std::vector<std::uint32_t>> labels;
    std::vector<std::string> label_names;
    std::vector<std::uint64_t> bytes;
    std::vector<PictureHash> pictures;
    std::vector<std::uint32_t> pictured;  ///< Items of `pictures`.
    std::vector<std::string> groups;
};

Result<Splittable> gather_items(const SplitRequest& request, SplitReport& report) {
    Splittable out;
    NumberedNames labels;
    report.from = TRY(each_labelled_row(
        request.files, [&](const ImportedRow& row, PictureFiles& pictures) -> Result<> {
            if (row.outcome == RowOutcome::rejected) return Done{};
            const auto item = item_of(row);
            out.names.push_back(item.name.empty() ? row.where : item.name);
            out.texts.push_back(item.text);
            out.groups.push_back(request.group.empty() ? "" : member_of(row, request.group));
            auto& of = out.labels.emplace_back();
            if (const auto* regions = own_labels(row, request.files.person))
                for (const auto& r : *regions)
                    for (const auto& label : r.labels)
                        of.push_back(labels(r.control + ": " + label));
            const auto look = item.image.empty() || request.near_duplicate > 1
                                  ? PictureLook()
                                  : pictures.look_at(item.image);
            out.bytes.push_back(look.bytes);
            if (look.hash) {
                out.pictured.push_back(static_cast<std::uint32_t>(out.names.size() - 1));
                out.pictures.push_back(*look.hash);
            }
            return Done{};
        }));
    for (std::uint32_t i = 0; i < labels.size(); ++i) out.label_names.push_back(labels.name(i));
    return out;
}

Joined belong_together(const Splittable& items, double near_duplicate) {
    constexpr int near_bits = 8;
    const auto n = static_cast<std::uint32_t>(items.names.size());
    Joined together(n);
    std::unordered_map<std::string, std::uint32_t> first;
    const auto join = [&](const std::string& key, std::uint32_t i) {
        const auto [at, is_new] = first.try_emplace(key, i);
        if (!is_new) together.join(at->second, i);
    };
    for (std::uint32_t i = 0; i < n; ++i) {
        if (!items.groups[i].empty()) join("group " + items.groups[i], i);
        if (near_duplicate > 1) continue;
        if (!items.texts[i].empty()) join("text " + normal_text(items.texts[i]), i);
        if (items.bytes[i] != 0) join("bytes " + std::to_string(items.bytes[i]), i);
    }
    if (near_duplicate > 1) return together;
    const std::vector<std::string_view> texts(items.texts.begin(), items.texts.end());
    for (const auto& pair : near_texts(texts, near_duplicate)) together.join(pair.a, pair.b);
    for (const auto& pair : near_pictures(items.pictures, near_bits))
        together.join(items.pictured[pair.a], items.pictured[pair.b]);
    return together;
}

Result<> write_parts(const SplitRequest& request, SplitReport& report,
                     const std::function<void(std::uint32_t, const std::string&)>& put) {
    for (std::uint32_t part = 0; part < request.parts.size(); ++part) {
        ConvertOptions options;
        options.from_paths = request.files.paths;
        options.from = options.to = report.from;
        options.images = request.files.images;
        options.as_written = true;
        std::int64_t last_row = 0;
        std::size_t at = 0;
        options.edit = [&](ImportedRow& row) {
            if (row.row <= last_row) at = 0;  // Another pass.
            last_row = row.row;
            return report.items[at++].part == part;
        };
        TRY(convert_files(
            options, [&](const std::string& bytes) { put(part, bytes); },
            [](const ImportedRow&) {}));
    }
    return Done{};
}

}  // namespace

Result<LabelledItems> read_labelled(const LabelledFiles& files) {
    LabelledItems out;
    out.from = TRY(each_labelled_row(files, [&](const ImportedRow& row, PictureFiles&) -> Result<> {
        if (row.outcome == RowOutcome::rejected) {
            ++out.rejected;
            return Done{};
        }
        auto item = item_of(row);
        const auto* labels = own_labels(row, files.person);
        if (!labels && !files.person.empty()) return Done{};
        auto key = key_of(item);
        auto name = item.name.empty() ? row.where : item.name;
        auto& kept = out.items[std::move(key)] = {std::move(name), row.where, std::move(item.text),
                                                  labels ? *labels : Regions()};
        settle_ids(kept.labels);
        return Done{};
    }));
    return out;
}

DiffReport diff_of(const LabelledItems& before, const LabelledItems& after, double least_iou) {
    DiffReport out;
    out.diff = DatasetDiff(least_iou);
    for (const auto& [key, item] : before.items) {
        const auto other = after.items.find(key);
        if (other == after.items.end()) {
            out.removed.push_back(item.name);
            continue;
        }
        const auto changes = out.diff.compare(item.labels, other->second.labels);
        if (changes.empty()) continue;
        auto& changed = out.changed.emplace_back();
        changed.item = item.name;
        changed.where = item.where;
        for (const auto& change : changes) changed.changes.push_back(change_words(change));
    }
    for (const auto& [key, item] : after.items)
        if (!before.items.contains(key)) out.added.push_back(item.name);
    return out;
}

Result<SplitReport> split_files(
    const SplitRequest& request,
    const std::function<void(std::uint32_t part, const std::string& bytes)>& put) {
    SplitReport report;
    const auto items = TRY(gather_items(request, report));
    auto together = belong_together(items, request.near_duplicate);
    std::vector<SplitItem> asked;
    for (std::uint32_t i = 0; i < items.names.size(); ++i) {
        asked.push_back({items.names[i], items.labels[i]});
        report.joined += together.group(i) != i;
    }
    std::vector<double> shares;
    for (const auto& [_, share] : request.parts) shares.push_back(share);
    const auto parts = split_items(asked, together, shares, request.seed);
    report.sizes.resize(shares.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        report.items.push_back({items.names[i], parts[i]});
        ++report.sizes[parts[i]];
        for (const auto label : items.labels[i]) {
            auto& counts = report.labels[items.label_names[label]];
            counts.resize(shares.size());
            ++counts[parts[i]];
        }
    }
    const auto* format = find_format(report.from);
    report.extension = format ? format->extension : "";
    if (put) TRY(write_parts(request, report, put));
    return report;
}

}  // namespace countersign
