// COCO: a row an image. Results (a list, or annotations with a score) become drafts.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "formats/coco_tables.h"

namespace countersign {

namespace {

class CocoReader final : public EntriesReader {
public:
    CocoReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context),
          tables_(*source_),
          shapes_(context_.schema, labels_) {}

    /// Files that list images come first, so that a results list finds them, each with its own ids.
    Result<> load() {
        std::vector<const SourceEntry*> results;
        for (const auto& entry : source_->entries()) {
            if (extension(entry.name) != "json" && source_->entries().size() > 1) continue;
            book_.use(entry);
            tables_.begin_file();
            const auto before = tables_.images.size();
            TRY(tables_.read(entry.name));
            if (tables_.images.size() == before)
                results.push_back(&entry);
            else
                TRY(tables_.read_items(entry.name, false));
            entry_done(entry);
        }
        for (const auto* entry : results) TRY(tables_.read_items(entry->name, true));
        tables_.sort();
        return Done{};
    }
    std::int64_t rows_total() const override {
        return static_cast<std::int64_t>(tables_.images.size() + tables_.strays.size());
    }

private:
    Result<std::optional<ImportedRow>> read() override {
        if (image_ < tables_.images.size())
            return std::optional(row_of(static_cast<std::uint32_t>(image_++)));
        if (stray_ < tables_.strays.size()) {
            const auto& [where, why] = tables_.strays[stray_++];
            auto more = stray_ == tables_.strays.size() && tables_.more_strays > 0
                            ? " (and " + std::to_string(tables_.more_strays) + " more like it)"
                            : std::string();
            return std::optional(rejected(where, where + ": " + why + more + "."));
        }
        return std::optional<ImportedRow>();
    }

    ImportedRow row_of(std::uint32_t index) {
        const auto& image = tables_.images[index];
        ImportedRow row;
        row.where = image.name;
        tie_image(row, image.name);
        row.width = image.width;
        row.height = image.height;
        know_size(row);
        Mends mends;
        for (; fault_ < tables_.faults.size() && tables_.faults[fault_].image == index; ++fault_) {
            const auto& fault = tables_.faults[fault_];
            fault.left_out ? mends.left_out(fault.why) : mends.mended(fault.why);
        }
        Regions labels, draft;
        bool any = image.labelled;
        for (; item_ < tables_.items.size() && tables_.items[item_].image == index; ++item_) {
            const auto& item = tables_.items[item_];
            const bool scored = item.score >= 0;
            any = any || !scored;
            take(item, row, scored ? draft : labels, mends);
        }
        add_scored(row, std::move(labels), std::move(draft), any, mends);
        mends.apply(row);
        return row;
    }

    /// An annotation says a box, an outline and keypoints at once: taken are the keypoints and the
    /// outline where the schema has them, else the box.
    void take(const CocoItem& item, const ImportedRow& row, Regions& regions, Mends& mends) {
        const auto& name = tables_.categories[item.category].name;
        const auto add = [&](std::optional<Region> r) {
            if (r) regions.push_back(finished(*std::move(r), item, mends));
        };
        const bool only_points = item.kind == ControlKind::keypoints;
        bool points = false;
        if (item.keypoints > 0 && (!item.kind || only_points)) {
            points = only_points || shapes_.has(ControlKind::keypoints, name);
            if (points)
                add(shapes_.points(name, tables_.keypoints_of(item), mends));
            else
                mends.mended("keypoints were left out, for the schema has none of their label");
        }
        if (only_points) return;
        auto rings =
            item.kind == ControlKind::boxes ? std::vector<Ring>() : outline_of(item, row, mends);
        const bool outline = !rings.empty();
        if (points && !shapes_.has(ControlKind::boxes, name) &&
            !(outline && shapes_.has(ControlKind::polygons, name)))
            return;
        const bool boxed = item.box.width != 0 || item.box.height != 0;
        if (outline && (!boxed || shapes_.has(ControlKind::polygons, name)))
            return add(shapes_.outline(name, std::move(rings), mends));
        if (!boxed && points) return;
        if (outline && shapes_.has(ControlKind::boxes, name))
            mends.mended(
                "outlines were left out, for the schema has no polygons; their boxes were taken");
        if (!boxed && item.keypoints > 0) return add(box_of_points(item, name, mends));
        add(shapes_.box(name, item.box, mends));
    }

    std::optional<Region> box_of_points(const CocoItem& item, const std::string& name,
                                        Mends& mends) {
        auto points = tables_.keypoints_of(item);
        Region drawn;
        drawn.kind = ControlKind::keypoints;
        drawn.points = std::move(points.points);
        drawn.visible = std::move(points.visible);
        return shapes_.box(name, box_around(drawn), mends);
    }

    std::vector<Ring> outline_of(const CocoItem& item, const ImportedRow& row, Mends& mends) {
        if (item.rle > 0 && row.width > 0 && row.height > 0 &&
            (item.mask_width != row.width || item.mask_height != row.height)) {
            mends.mended("a mask is not of its image's size; its box was taken");
            return {};
        }
        auto rings = tables_.outline_of(item);
        if (rings) return *std::move(rings);
        mends.mended(rings.refusal().message + "; its box was taken");
        return {};
    }

    Region finished(Region r, const CocoItem& item, Mends& mends) const {
        if (item.score >= 0 && item.score <= 1) r.confidence = item.score;
        if (item.score > 1) mends.mended("a score over 1 was dropped");
        if (item.crowd) r.meta["iscrowd"] = 1;
        const auto& category = tables_.categories[item.category];
        if (category.odd_id) r.meta["category_id"] = category.id;
        return r;
    }

    CocoTables tables_;
    ShapeTaker shapes_;
    std::size_t image_ = 0, item_ = 0, fault_ = 0, stray_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_coco(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    auto reader = std::make_unique<CocoReader>(std::move(source), context);
    TRY(reader->load());
    return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace countersign
