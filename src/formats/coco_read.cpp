// COCO. Files may say annotations before images and categories, so each file is read twice: once
// for its images and categories, once for its boxes, which are then held as a table sorted by image
// (56 bytes a box and the polygons of those that have some). Results (a list, or annotations with a
// score) become drafts.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "formats/json_dom.h"
#include "formats/pieces.h"
#include "formats/reader.h"

namespace countersign {

namespace {

struct CocoImage {
    std::int64_t id;
    std::string name;
    int width, height;
    bool labelled;  ///< Our own export says so of images that a person found empty.
};

struct CocoBox {
    std::uint32_t image;     ///< Index into images.
    std::uint32_t category;  ///< Index into categories.
    double x, y, width, height;
    double score;              ///< Below 0: a label, not a draft.
    std::uint32_t points = 0;  ///< Number of polygon coordinates from points_at on.
    std::uint64_t points_at = 0;
    bool crowd;
};

/// One image's wants that are not boxes: what could not be read.
struct CocoFault {
    std::uint32_t image;
    std::string why;
};

int size_or_0(std::optional<std::int64_t> n) {
    return n && *n > 0 && *n <= 1'000'000 ? static_cast<int>(*n) : 0;
}

/// Images, categories and boxes of all JSON files of the source.
class CocoTables {
public:
    explicit CocoTables(const Source& source) : source_(source) {}

    Result<> read(std::string_view name) {
        return walk(name, [&](const JsonPiece& piece, Dom value) {
            if (piece.key == "images") take_image(value);
            if (piece.key == "categories") take_category(value);
        });
    }
    /// After read() of the same file; or for a results list, which may mean the ids of `any_file`.
    Result<> read_boxes(std::string_view name, bool any_file) {
        ids_ = any_file ? &all_ : &file_;
        std::int64_t n = 0;
        return walk(name, [&](const JsonPiece& piece, Dom value) {
            if (piece.element && (piece.key == "annotations" || piece.key.empty()))
                take_box(value, std::string(name) + "#" + std::to_string(++n));
        });
    }
    void begin_file() { file_ = {}; }
    void sort() {
        std::stable_sort(boxes.begin(), boxes.end(),
                         [](const CocoBox& a, const CocoBox& b) { return a.image < b.image; });
        std::stable_sort(faults.begin(), faults.end(),
                         [](const CocoFault& a, const CocoFault& b) { return a.image < b.image; });
    }

    std::vector<CocoImage> images;
    std::vector<std::string> categories;
    std::vector<CocoBox> boxes;
    std::vector<CocoFault> faults;
    std::vector<double> points;
    std::vector<std::pair<std::string, std::string>>
        strays;  ///< Where and why, for what belongs to no image.
    std::int64_t more_strays = 0;

private:
    template <class Use>
    Result<> walk(std::string_view name, Use&& use) {
        JsonCutter cutter(TRY(source_.open(name)), false);
        for (;;) {
            auto piece = cutter.next();
            if (!piece)
                return Refusal{piece.refusal().code,
                               std::string(name) + ": " + piece.refusal().message};
            if (!*piece) return Done{};
            if (!(*piece)->element) continue;
            const auto value = parser_.parse((*piece)->text);
            if (!value)
                return Refusal{Code::invalid, std::string(name) + ": an element of \"" +
                                                  std::string((*piece)->key) +
                                                  "\" cannot be read: " + value.refusal().message +
                                                  "."};
            if (value->is_object()) use(**piece, *value);
        }
    }

    void take_image(Dom value) {
        const auto id = integer_of(value, "id");
        const auto name = text_of(value, "file_name");
        if (!id || !name || base_name(*name).empty())
            return stray("images#" + std::to_string(images.size() + 1),
                         "an image lacks \"id\" or \"file_name\"");
        const auto index = static_cast<std::uint32_t>(images.size());
        if (!file_.image.emplace(*id, index).second)
            return stray(in_quotes(*name),
                         "image id " + std::to_string(*id) + " stands twice in the file");
        all_.image.emplace(*id, index);
        images.push_back({*id, repair_utf8(*name), size_or_0(integer_of(value, "width")),
                          size_or_0(integer_of(value, "height")), true_of(value, "labelled")});
    }
    void take_category(Dom value) {
        const auto id = integer_of(value, "id");
        const auto name = text_of(value, "name");
        if (!id || !name) return stray("categories", "a category lacks \"id\" or \"name\"");
        file_.category.emplace(*id, static_cast<std::uint32_t>(categories.size()));
        all_.category.emplace(*id, static_cast<std::uint32_t>(categories.size()));
        categories.push_back(std::string(*name));
    }
    void stray(std::string where, std::string why) {
        if (strays.size() < 1000)
            strays.emplace_back(std::move(where), std::move(why));
        else
            ++more_strays;
    }

    void take_box(Dom value, const std::string& where) {
        const auto image_id = integer_of(value, "image_id");
        const auto image = image_id ? ids_->image.find(*image_id) : ids_->image.end();
        if (image == ids_->image.end())
            return stray(
                where, image_id
                           ? "image_id " + std::to_string(*image_id) +
                                 " is not among the images: import the file that lists them with it"
                           : "an annotation lacks \"image_id\"");
        const auto fault = [&](std::string why) {
            faults.push_back({image->second, std::move(why)});
        };
        const auto category_id = integer_of(value, "category_id");
        const auto category =
            category_id ? ids_->category.find(*category_id) : ids_->category.end();
        if (category == ids_->category.end())
            return fault(category_id ? "category_id " + std::to_string(*category_id) +
                                           " is not among the categories"
                                     : "an annotation lacks \"category_id\"");
        CocoBox box{};
        box.image = image->second;
        box.category = category->second;
        simdjson::dom::array bbox;
        double sides[4];
        if (value.at_key("bbox").get(bbox) || bbox.size() != 4)
            return fault("an annotation has no bbox of four numbers");
        for (std::size_t i = 0; i < 4; ++i)
            if (bbox.at(i).get(sides[i]))
                return fault("a bbox holds something that is not a number");
        box.x = sides[0], box.y = sides[1], box.width = sides[2], box.height = sides[3];
        box.score = number_of(value, "score").value_or(-1);
        box.crowd = integer_of(value, "iscrowd").value_or(0) != 0;
        take_points(value, box);
        boxes.push_back(box);
    }

    /// Keeps a polygon of one ring that is more than the box itself. Masks (RLE) have none.
    void take_points(Dom value, CocoBox& box) {
        simdjson::dom::array rings, ring;
        if (value.at_key("segmentation").get(rings) || rings.size() != 1 || rings.at(0).get(ring))
            return;
        if (ring.size() < 6 || ring.size() % 2 != 0 || ring.size() > 100'000) return;
        const auto from = points.size();
        bool more_than_box = ring.size() != 8;
        std::size_t i = 0;
        for (const Dom p : ring) {
            double v;
            if (p.get(v) || !std::isfinite(v)) return points.resize(from);
            const double low = i % 2 == 0 ? box.x : box.y;
            const double high = low + (i % 2 == 0 ? box.width : box.height);
            more_than_box = more_than_box || (v != low && v != high);
            points.push_back(v);
            ++i;
        }
        if (!more_than_box) return points.resize(from);
        box.points_at = from;
        box.points = static_cast<std::uint32_t>(ring.size());
    }

    const Source& source_;
    JsonParser parser_;
    struct Ids {
        std::unordered_map<std::int64_t, std::uint32_t> image, category;  ///< Id to index.
    };
    Ids file_, all_;
    const Ids* ids_ = &file_;
};

class CocoReader final : public EntriesReader {
public:
    CocoReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), tables_(*source_) {}

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
                TRY(tables_.read_boxes(entry.name, false));
            entry_done(entry);
        }
        for (const auto* entry : results) TRY(tables_.read_boxes(entry->name, true));
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
        if ((row.width == 0 || row.height == 0) && context_.image_size)
            if (const auto size =
                    context_.image_size(row.media.empty() ? row.media_ref : row.media))
                row.width = size->width, row.height = size->height;
        Mends mends;
        for (; fault_ < tables_.faults.size() && tables_.faults[fault_].image == index; ++fault_)
            mends.left_out(tables_.faults[fault_].why);
        Regions labels, draft;
        double worst = 1;
        bool any = image.labelled;
        for (; box_ < tables_.boxes.size() && tables_.boxes[box_].image == index; ++box_) {
            const auto& box = tables_.boxes[box_];
            const bool scored = box.score >= 0;
            any = any || !scored;
            auto region = region_of(box, mends);
            if (!region) continue;
            if (scored) worst = std::min(worst, box.score);
            (scored ? draft : labels).push_back(*std::move(region));
        }
        fit_regions(labels, nullptr, row.width, row.height, mends);
        fit_regions(draft, nullptr, row.width, row.height, mends);
        if (any) add_labels(row, std::move(labels));
        if (!draft.empty()) {
            settle_ids(draft);
            for (auto& r : draft) r.origin = Origin::model;
            row.drafts.push_back({"imported", std::move(draft), worst, 0});
        }
        mends.apply(row);
        return row;
    }

    std::optional<Region> region_of(const CocoBox& box, Mends& mends) {
        const auto& name = tables_.categories[box.category];
        auto kind = ControlKind::boxes;
        auto found = labels_.find(kind, name);
        if (box.points > 0 && context_.schema) {
            const auto polygon = labels_.find(ControlKind::polygons, name);
            if (!polygon.control.empty())
                found = polygon, kind = ControlKind::polygons;
            else if (!found.control.empty())
                mends.mended(
                    "outlines were left out, for the schema has no polygons; their boxes were "
                    "taken");
        }
        if (found.control.empty()) {
            mends.left_out("category " + in_quotes(name) +
                           " is not a label of the schema (add it, or make it an alias)");
            return std::nullopt;
        }
        Region r;
        r.kind = kind;
        r.control = found.control;
        r.labels.emplace_back(found.label);
        if (kind == ControlKind::boxes) {
            r.x = box.x, r.y = box.y, r.width = box.width, r.height = box.height;
        } else {
            const auto from = tables_.points.begin() + static_cast<std::ptrdiff_t>(box.points_at);
            r.points.assign(from, from + box.points);
        }
        if (box.score >= 0 && box.score <= 1) r.confidence = box.score;
        if (box.score > 1) mends.mended("a score over 1 was dropped");
        if (box.crowd) r.meta = Json{{"iscrowd", 1}};
        return r;
    }

    CocoTables tables_;
    std::size_t image_ = 0, box_ = 0, fault_ = 0, stray_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_coco(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    auto reader = std::make_unique<CocoReader>(std::move(source), context);
    TRY(reader->load());
    return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace countersign
