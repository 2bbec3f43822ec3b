// Open Images: a table of boxes, a row a box, sides as shares of the image (XMin, XMax, YMin,
// YMax), and a table that names the classes (LabelName, DisplayName). The rows of an image stand
// together, so that a row of ours is made as soon as the next image begins; later ones of the same
// image are refused. The size of an image must be known.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/shapes.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::string_view marks[] = {"IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction",
                                      "IsInside"};

std::optional<double> share_in(std::string_view cell) {
    cell = trim(cell);
    double value;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

class OpenImagesReader final : public EntriesReader {
public:
    OpenImagesReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

    /// The class names of every table without boxes.
    Result<> load() {
        for (const auto& entry : source_->entries()) {
            if (base_name(entry.name) == left_out_file) book_.use(entry);
            if (extension(entry.name) != "csv") continue;
            book_.use(entry);
            CsvRows rows(TRY(source_->open(entry.name)), ',');
            auto first = TRY(rows.next());
            if (first && std::find(first->cells.begin(), first->cells.end(), "ImageID") !=
                             first->cells.end()) {
                tables_.push_back(&entry);
                continue;
            }
            for (; first; first = TRY(rows.next()))
                if (first->cells.size() >= 2 && names_.size() < 100'000)
                    names_.emplace(first->cells[0], repair_utf8(first->cells[1]));
            entry_done(entry);
        }
        return Done{};
    }

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!rows_ && !TRY(open_next())) return std::optional<ImportedRow>();
            if (auto row = TRY(next_image())) return row;
            rows_.reset();
            entry_done(*tables_[at_ - 1]);
        }
    }

    Result<bool> open_next() {
        if (at_ == tables_.size()) return false;
        rows_.emplace(TRY(source_->open(tables_[at_]->name)), ',');
        const auto header = TRY(rows_->next());
        columns_.clear();
        for (std::size_t i = 0; header && i < header->cells.size(); ++i)
            columns_.emplace(std::string(trim(header->cells[i])), i);
        ++at_;
        waiting_.reset();
        return true;
    }

    std::string_view cell(const CsvRecord& record, std::string_view column) const {
        const auto at = columns_.find(std::string(column));
        return at == columns_.end() || at->second >= record.cells.size()
                   ? std::string_view()
                   : std::string_view(record.cells[at->second]);
    }

    Result<std::optional<ImportedRow>> next_image() {
        if (!waiting_) waiting_ = TRY(rows_->next());
        if (!waiting_) return std::optional<ImportedRow>();
        const std::string id(cell(*waiting_, "ImageID"));
        const auto where = tables_[at_ - 1]->name + ":" + std::to_string(waiting_->line);
        std::vector<CsvRecord> records;
        while (waiting_ && cell(*waiting_, "ImageID") == id) {
            constexpr std::size_t most = 100'000;
            if (records.size() < most) records.push_back(*std::move(waiting_));
            waiting_ = TRY(rows_->next());
        }
        if (id.empty() || !is_utf8(id))
            return std::optional(rejected(where, where + ": it has no ImageID."));
        if (!seen_.insert(id).second)
            return std::optional(
                rejected(where, where + ": image " + in_quotes(id) +
                                    " stood earlier in the file. Sort the rows by ImageID."));
        return std::optional(row_of(id, where, records));
    }

    ImportedRow row_of(const std::string& id, const std::string& where,
                       const std::vector<CsvRecord>& records) {
        ImportedRow row;
        row.where = where;
        if (const auto* entry = book_.image_by_stem(id + ".jpg", id))
            tie_entry(row, *entry);
        else
            tie_image(row, known_image(id, ".jpg"));
        if (!know_size(row))
            return rejected(where, where + ": the size of image " + in_quotes(id) +
                                       " is not known, which shares need. Import the images with "
                                       "the table, or before it.");
        Mends mends;
        Regions labels, draft;
        for (const auto& record : records) {
            auto r = region_of(record, row, labels, mends);
            if (!r) continue;
            (r->confidence ? draft : labels).push_back(*std::move(r));
        }
        const bool is_labelled = draft.empty() || !labels.empty();
        add_scored(row, std::move(labels), std::move(draft), is_labelled, mends);
        mends.apply(row);
        return row;
    }

    std::optional<Region> region_of(const CsvRecord& record, const ImportedRow& row,
                                    Regions& labels, Mends& mends) {
        const auto fault = [&](const std::string& why) {
            mends.left_out("line " + std::to_string(record.line) + ": " + why);
            return std::nullopt;
        };
        if (!record.fault.empty()) return fault(std::string(record.fault));
        const auto code = std::string(cell(record, "LabelName"));
        const auto known = names_.find(code);
        const auto name = known == names_.end() ? repair_utf8(code) : known->second;
        if (name.empty()) return std::nullopt;  // Our own export: an image without boxes.
        const auto sure = share_in(cell(record, "Confidence"));
        if (!columns_.count("XMin")) {
            if (sure && *sure > 0 && !shapes_.choose(name, labels))
                fault(in_quotes(name) + " is no choice of the schema that is still free");
            return std::nullopt;
        }
        double side[4];
        constexpr std::string_view columns[] = {"XMin", "XMax", "YMin", "YMax"};
        for (std::size_t i = 0; i < 4; ++i) {
            const auto value = share_in(cell(record, columns[i]));
            if (!value || *value < -0.5 || *value > 1.5)
                return fault(std::string(columns[i]) + " is no share of the image (0 to 1)");
            side[i] = *value * (i < 2 ? row.width : row.height);
        }
        auto r =
            shapes_.box(name, {side[0], side[2], side[1] - side[0], side[3] - side[2], 0}, mends);
        if (!r) return std::nullopt;
        if (sure && *sure >= 0 && *sure < 1) r->confidence = *sure;
        for (const auto mark : marks)
            if (trim(cell(record, mark)) == "1") r->meta[std::string(mark)] = 1;
        return r;
    }

    ShapeTaker shapes_;
    std::vector<const SourceEntry*> tables_;
    std::unordered_map<std::string, std::string> names_;
    std::unordered_map<std::string, std::size_t> columns_;
    std::unordered_set<std::string> seen_;
    std::optional<CsvRows> rows_;
    std::optional<CsvRecord> waiting_;
    std::size_t at_ = 0;
};

/// A zip of annotations-bbox.csv and class-descriptions.csv; then images/ when there are bytes.
class OpenImagesWriter final : public RowWriter {
public:
    explicit OpenImagesWriter(const WriteContext& context) : context_(context) {}
    int passes() const override { return context_.image_bytes ? 2 : 1; }
    std::vector<std::string> left_out() const override { return losses_.lines(); }

    Result<> begin_pass(int pass, std::string& out) override {
        pass_ = pass;
        flat_.restart();
        if (pass == 1) return Done{};
        zip_.begin("annotations-bbox.csv", out);
        zip_.write(
            "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,"
            "IsGroupOf,IsDepiction,IsInside\n",
            out);
        return Done{};
    }
    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = flat_.name(r.image_name);
        if (pass_ == 1) {
            zip_.add("images/" + name, TRY(context_.image_bytes(r.sha256)), out);
            return Done{};
        }
        if (r.width <= 0 || r.height <= 0)
            return Refusal{Code::invalid,
                           "Task " + r.id + " has no image size, which shares need."};
        std::string text, id;
        append_csv(id, stem(name), ',');
        for (const auto& region : TRY(regions_.parse(label->regions_text))) {
            if (region.kind != ControlKind::boxes || region.labels.empty()) {
                losses_.add(region);
                continue;
            }
            if (region.rotation != 0)
                losses_.add("turn of a box of control \"" + region.control + "\"");
            text += id;
            line(region, r, text);
        }
        if (text.empty()) text = id + ",countersign,,1,,,,,,,,,\n";
        zip_.write(text, out);
        return Done{};
    }
    Result<> finish(std::string& out) override {
        std::string names = "LabelName,DisplayName\n";
        for (const auto& name : names_) {
            append_csv(names, name, ',');
            names += ',';
            append_csv(names, name, ',');
            names += '\n';
        }
        zip_.add("class-descriptions.csv", names, out);
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }

private:
    void line(const Region& r, const ExportRecord& record, std::string& out) {
        names_.insert(r.labels.front());
        out += ",countersign,";
        append_csv(out, r.labels.front(), ',');
        out += ",1";
        const auto box = box_around(r);
        for (const double v : {box.x / record.width, (box.x + box.width) / record.width,
                               box.y / record.height, (box.y + box.height) / record.height}) {
            out += ',';
            append_json_number(out, v);
        }
        for (const auto mark : marks)
            out += r.meta.is_object() && r.meta.contains(std::string(mark)) ? ",1" : ",0";
        out += '\n';
    }

    WriteContext context_;
    ZipWriter zip_;
    FlatNames flat_;
    Losses losses_;
    RegionsParser regions_;
    std::set<std::string> names_;
    int pass_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_open_images(std::shared_ptr<const Source> source,
                                                    const ReadContext& context) {
    auto reader = std::make_unique<OpenImagesReader>(std::move(source), context);
    TRY(reader->load());
    return std::unique_ptr<RowReader>(std::move(reader));
}
Result<std::unique_ptr<RowWriter>> write_open_images(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<OpenImagesWriter>(context));
}

}  // namespace countersign
