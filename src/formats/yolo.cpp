// YOLO: a text file an image, a line a box, all numbers as shares of the image. The file says
// neither the image's size nor the names of its classes; both must be found beside it.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/json_dom.h"
#include "formats/percent.h"
#include "formats/reader.h"
#include "formats/yolo_names.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_file = 16 << 20;

/// The numbers of a line; nothing when something else stands in it.
std::optional<std::vector<double>> numbers_of(std::string_view line) {
    std::vector<double> numbers;
    for (auto word : split(line, ' ')) {
        word = trim(word);
        if (word.empty()) continue;
        double value;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
            return std::nullopt;
        numbers.push_back(value);
    }
    return numbers;
}

std::string spaced(std::string_view line) {
    std::string text(line);
    std::replace(text.begin(), text.end(), '\t', ' ');
    return text;
}

bool is_label_name(std::string_view name) {
    if (extension(name) != "txt") return false;
    const auto base = lower_ascii(base_name(name));
    for (const auto other :
         {"classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt", "test.txt",
          "readme.txt", "requirements.txt", "readme.dataset.txt", "readme.roboflow.txt"})
        if (base == other) return false;
    return true;
}

class YoloReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

    Result<> load() {
        names_ = TRY(yolo_names(*source_));
        for (const auto& e : source_->entries())
            if (is_yolo_side_file(e.name)) book_.use(e);
        guess_order();
        return Done{};
    }

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        while (at_ < entries.size() && !is_label_name(entries[at_].name)) ++at_;
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        auto text = source_->read_all(entry.name, longest_file);
        entry_done(entry);
        if (!text) return std::optional(rejected(entry.name, text.refusal().message));
        return std::optional(row_of(entry.name, *text));
    }

    /// Ultralytics writes the confidence last; some tools write it behind the class. Looks which of
    /// the two gives boxes inside the image, in the first files that have six numbers a line.
    void guess_order() {
        int last = 0, second = 0, seen = 0;
        for (const auto& e : source_->entries()) {
            if (!is_label_name(e.name) || seen >= 500) continue;
            const auto text = source_->read_all(e.name, 1 << 20);
            if (!text) continue;
            for (const auto line : split(*text, '\n')) {
                const auto n = numbers_of(spaced(line));
                if (!n || n->size() != 6) continue;
                ++seen;
                const auto inside = [&](std::size_t from) {
                    const double slack = 0.01;
                    return std::abs((*n)[from] - 0.5) + (*n)[from + 2] / 2 <= 0.5 + slack &&
                           std::abs((*n)[from + 1] - 0.5) + (*n)[from + 3] / 2 <= 0.5 + slack;
                };
                last += inside(1);
                second += inside(2);
            }
            if (seen == 0) return;  // The first file with lines has no confidence: labels.
        }
        confidence_second_ = second > last;
    }

    /// The image of a label file: an entry of the same stem, else a known task of that name.
    bool find_image(std::string_view name, ImportedRow& row) {
        if (const auto* entry = book_.image_by_stem(name, name)) {
            tie_entry(row, *entry);
            if (context_.image_size)
                if (const auto size = context_.image_size(entry->name))
                    row.width = size->width, row.height = size->height;
            return true;
        }
        if (!context_.image_size) return false;
        for (const auto ext : {".jpg", ".jpeg", ".png", ".webp", ".JPG", ".JPEG", ".PNG"}) {
            const auto image = std::string(stem(name)) + ext;
            if (const auto size = context_.image_size(image)) {
                tie_image(row, image);
                row.width = size->width, row.height = size->height;
                return true;
            }
        }
        return false;
    }

    ImportedRow row_of(const std::string& name, std::string_view text) {
        ImportedRow row;
        row.where = name;
        if (!find_image(name, row))
            return rejected(name, name + ": there is no image called " +
                                      in_quotes(std::string(stem(name)) + ".*") +
                                      ". Import the images with the labels, or before them.");
        if (row.width <= 0 || row.height <= 0)
            return rejected(name, name +
                                      ": the size of its image cannot be read, which YOLO's shares "
                                      "need. Mend the image.");
        Mends mends;
        Regions labels, draft;
        double worst = 1;
        std::int64_t line_number = 0;
        for (const auto raw : split(text, '\n')) {
            ++line_number;
            if (trim(raw).empty()) continue;
            auto region = region_of(spaced(raw), row, mends);
            if (!region) {
                mends.left_out("line " + std::to_string(line_number) + ": " +
                               region.refusal().message);
                continue;
            }
            if (region->confidence) worst = std::min(worst, *region->confidence);
            (region->confidence ? draft : labels).push_back(*std::move(region));
        }
        fit_regions(labels, nullptr, row.width, row.height, mends);
        fit_regions(draft, nullptr, row.width, row.height, mends);
        if (draft.empty()) {
            add_labels(row, std::move(labels));
        } else {
            if (!labels.empty()) add_labels(row, std::move(labels));
            settle_ids(draft);
            for (auto& r : draft) r.origin = Origin::model;
            row.drafts.push_back({"imported", std::move(draft), worst, 0});
            if (confidence_second_) mends.mended("the confidence was read from the second column");
        }
        mends.apply(row);
        return row;
    }

    Result<Region> region_of(std::string_view line, const ImportedRow& row, Mends& mends) {
        const auto fault = [](std::string why) { return Refusal{Code::invalid, std::move(why)}; };
        auto numbers = numbers_of(line);
        if (!numbers) return fault("it holds something that is not a number");
        auto& n = *numbers;
        if (n.size() < 5)
            return fault("it has " + std::to_string(n.size()) + " numbers, a box needs five");
        if (n[0] < 0 || n[0] != std::floor(n[0]) || n[0] > 1e6)
            return fault("the class is not a whole number from 0");
        Region r;
        if (n.size() == 6) {
            const auto at = confidence_second_ ? n.begin() + 1 : n.begin() + 5;
            if (!(*at >= 0 && *at <= 1)) return fault("the confidence is not between 0 and 1");
            r.confidence = *at;
            n.erase(at);
        }
        for (std::size_t i = 1; i < n.size(); ++i)
            if (!(n[i] >= -0.5 && n[i] <= 1.5))
                return fault("a number is no share of the image (0 to 1)");
        if (n.size() == 5) {
            const auto x = side_of({n[1], n[3]}, row.width), y = side_of({n[2], n[4]}, row.height);
            r.kind = ControlKind::boxes;
            r.x = x.start, r.y = y.start, r.width = x.length, r.height = y.length;
        } else if (n.size() % 2 == 1) {
            for (std::size_t i = 1; i + 1 < n.size(); i += 2) {
                r.points.push_back(n[i] * row.width);
                r.points.push_back(n[i + 1] * row.height);
            }
            r.kind = ControlKind::polygons;
            if (!labels_.has(ControlKind::polygons)) box_of_points(r, mends);
        } else {
            return fault("it has " + std::to_string(n.size()) +
                         " numbers, which is neither a box nor an outline");
        }
        const auto name = TRY(class_name(static_cast<std::size_t>(n[0]), r.kind, mends));
        const auto found = labels_.find(r.kind, name);
        if (found.control.empty())
            return fault("class " + in_quotes(name) +
                         " is not a label of the schema (add it, or make it an alias)");
        r.control = found.control;
        r.labels.emplace_back(found.label);
        return r;
    }

    static void box_of_points(Region& r, Mends& mends) {
        double left = r.points[0], right = left, top = r.points[1], bottom = top;
        for (std::size_t i = 0; i + 1 < r.points.size(); i += 2) {
            left = std::min(left, r.points[i]), right = std::max(right, r.points[i]);
            top = std::min(top, r.points[i + 1]), bottom = std::max(bottom, r.points[i + 1]);
        }
        r.kind = ControlKind::boxes;
        r.x = left, r.y = top, r.width = right - left, r.height = bottom - top;
        r.points.clear();
        mends.mended("outlines were taken as their boxes, for the schema has no polygons");
    }

    Result<std::string> class_name(std::size_t index, ControlKind kind, Mends& mends) const {
        if (index < names_.size() && !names_[index].empty()) return names_[index];
        if (!names_.empty())
            return Refusal{Code::invalid,
                           "class " + std::to_string(index) + " is not in the list of class names"};
        if (!context_.schema) return std::to_string(index);
        for (const auto& control : context_.schema->controls) {
            if (control.kind != kind || index >= control.labels.size()) continue;
            mends.mended(
                "there is no data.yaml, classes.txt or obj.names: classes were read in the "
                "schema's order");
            return control.labels[index].name;
        }
        return Refusal{Code::invalid,
                       "class " + std::to_string(index) +
                           " has no name: add data.yaml, classes.txt or obj.names to the import"};
    }

    std::vector<std::string> names_;
    bool confidence_second_ = false;
    std::size_t at_ = 0;
};

/// A zip that Ultralytics trains on: data.yaml, labels/ and, when there are bytes, images/; in a
/// second pass provenance.csv, who signed each label.
class YoloWriter final : public RowWriter {
public:
    explicit YoloWriter(const WriteContext& context) : context_(context) {
        if (!context_.project) return;
        for (const auto& control : context_.project->schema.controls)
            if (control.kind == ControlKind::boxes || control.kind == ControlKind::polygons)
                for (const auto& label : control.labels) class_of(label.name);
    }
    int passes() const override { return 2; }

    Result<> begin_pass(int pass, std::string& out) override {
        pass_ = pass;
        stems_.clear();
        if (pass == 0) {
            std::string yaml = "path: .\ntrain: images\nval: images\nnames:\n";
            for (std::size_t i = 0; i < names_.size(); ++i) {
                yaml += "  " + std::to_string(i) + ": ";
                append_json_string(yaml, names_[i]);  // A JSON string is a YAML string.
                yaml += '\n';
            }
            zip_.add("data.yaml", yaml, out);
        } else {
            zip_.begin("provenance.csv", out);
            zip_.write("image,task,person,action,arm,edits,active_ms,created\r\n", out);
        }
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = free_name(r.image_name);
        if (pass_ == 1) return provenance(r, *label, name, out);
        if (r.width <= 0 || r.height <= 0)
            return Refusal{Code::invalid,
                           "Task " + r.id + " has no image size, which YOLO's shares need."};
        const auto text = TRY(lines_of(r, *label));
        zip_.add("labels/" + std::string(stem(name)) + ".txt", text, out);
        if (context_.image_bytes)
            zip_.add("images/" + name, TRY(context_.image_bytes(r.sha256)), out);
        return Done{};
    }
    Result<> finish(std::string& out) override {
        zip_.finish(out);
        return Done{};
    }

private:
    std::size_t class_of(const std::string& name) {
        const auto at = std::find(names_.begin(), names_.end(), name);
        if (at == names_.end()) names_.push_back(name);
        return static_cast<std::size_t>(at - names_.begin());
    }

    /// A flat, safe name whose stem no other image has: "a.png" beside "a.jpg" becomes "a-2.png".
    std::string free_name(std::string_view image_name) {
        std::string name(base_name(image_name));
        if (!fault_of_name(name).empty()) name = "image.jpg";
        const std::string first(stem(name)), ext = name.substr(first.size());
        for (int n = 2; !stems_.insert(std::string(stem(name))).second; ++n)
            name = first + "-" + std::to_string(n) + ext;
        return name;
    }

    Result<std::string> lines_of(const ExportRecord& r, const ExportRecord::AnAnnotation& label) {
        std::string text;
        const auto put = [&](double v) {
            text += ' ';
            append_json_number(text, v);
        };
        for (const auto& region : TRY(regions_.parse(label.regions_text))) {
            const bool box = region.kind == ControlKind::boxes;
            if ((!box && region.kind != ControlKind::polygons) || region.labels.empty()) continue;
            const auto at = std::find(names_.begin(), names_.end(), region.labels.front());
            if (at == names_.end())
                return Refusal{Code::invalid,
                               "Task " + r.id + " has the label " +
                                   in_quotes(region.labels.front()) +
                                   ", which the schema no longer has: correct the task."};
            text += std::to_string(at - names_.begin());
            if (box) {
                const auto x = shares_of({region.x, region.width}, r.width);
                const auto y = shares_of({region.y, region.height}, r.height);
                for (const double v : {x.center, y.center, x.extent, y.extent}) put(v);
            } else {
                for (std::size_t i = 0; i < region.points.size(); ++i)
                    put(region.points[i] / (i % 2 == 0 ? r.width : r.height));
            }
            text += '\n';
        }
        return text;
    }

    Result<> provenance(const ExportRecord& r, const ExportRecord::AnAnnotation& a,
                        const std::string& name, std::string& out) {
        std::string line;
        for (const auto cell :
             {std::string_view(name), std::string_view(r.id), a.person, a.action, a.arm}) {
            append_csv(line, cell, ',');
            line += ',';
        }
        line += std::to_string(a.edits) + "," + std::to_string(a.active_ms) + "," +
                (a.created ? iso8601(a.created) : std::string()) + "\r\n";
        zip_.write(line, out);
        return Done{};
    }

    WriteContext context_;
    ZipWriter zip_;
    int pass_ = 0;
    std::vector<std::string> names_;
    std::unordered_set<std::string> stems_;
    RegionsParser regions_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_yolo(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    auto reader = std::make_unique<YoloReader>(std::move(source), context);
    TRY(reader->load());
    return std::unique_ptr<RowReader>(std::move(reader));
}
Result<std::unique_ptr<RowWriter>> write_yolo(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<YoloWriter>(context));
}

}  // namespace countersign
