// YOLO: a text file an image, a line a box, all numbers as shares of the image. The file says
// neither the image's size nor the names of its classes; both must be found beside it. Behind the
// class stand a box, an outline (segmentation), four corners (OBB) or a box and points (pose).
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/percent.h"
#include "formats/shapes.h"
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
    for (const auto other : {"classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt",
                             "test.txt", "readme.txt", "requirements.txt", "left-out.txt",
                             "readme.dataset.txt", "readme.roboflow.txt"})
        if (base == other) return false;
    return true;
}

/// What a line says.
enum class YoloTask { detect, corners, pose };

class YoloReader final : public EntriesReader {
public:
    YoloReader(std::shared_ptr<const Source> source, const ReadContext& context, YoloTask task)
        : EntriesReader(std::move(source), context),
          task_(task),
          shapes_(context_.schema, labels_) {}

    Result<> load() {
        pose_ = TRY(yolo_pose(*source_));
        if (task_ == YoloTask::pose && !pose_ && !source_->entries().empty())
            return Refusal{Code::invalid,
                           "The import has no data.yaml with kpt_shape, which says how many "
                           "keypoints a line has: add it."};
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
            know_size(row);
            return true;
        }
        if (!context_.image_size) return false;
        const auto image = known_image(stem(name), "");
        if (!context_.image_size(image)) return false;
        tie_image(row, image);
        know_size(row);
        return true;
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
        std::int64_t line_number = 0;
        for (const auto raw : split(text, '\n')) {
            ++line_number;
            if (trim(raw).empty()) continue;
            auto region = region_of(spaced(raw), row, mends);
            if (region && !*region) continue;  // Said already.
            if (!region) {
                mends.left_out("line " + std::to_string(line_number) + ": " +
                               region.refusal().message);
                continue;
            }
            auto& r = **region;
            (r.confidence ? draft : labels).push_back(std::move(r));
        }
        if (confidence_second_ && !draft.empty())
            mends.mended("the confidence was read from the second column");
        const bool is_labelled = draft.empty() || !labels.empty();
        add_scored(row, std::move(labels), std::move(draft), is_labelled, mends);
        mends.apply(row);
        return row;
    }

    /// Nothing when the reason was said in `mends` already.
    Result<std::optional<Region>> region_of(std::string_view line, const ImportedRow& row,
                                            Mends& mends) {
        const auto fault = [](std::string why) { return Refusal{Code::invalid, std::move(why)}; };
        auto numbers = numbers_of(line);
        if (!numbers) return fault("it holds something that is not a number");
        auto& n = *numbers;
        if (n.size() < 5)
            return fault("it has " + std::to_string(n.size()) + " numbers, a box needs five");
        if (n[0] < 0 || n[0] != std::floor(n[0]) || n[0] > 1e6)
            return fault("the class is not a whole number from 0");
        const auto confidence = TRY(take_confidence(n));
        const std::size_t step = pose_ ? pose_->second : 2;
        for (std::size_t i = 1; i < n.size(); ++i)
            if (!(n[i] >= -0.5 && n[i] <= 1.5) && !(pose_ && i >= 5 && (i - 5) % step == 2))
                return fault("a number is no share of the image (0 to 1)");
        auto region = pose_           ? pose_region(n, row, mends)
                      : n.size() == 5 ? box_region(n, row, mends)
                      : n.size() % 2  ? outline_region(n, row, mends)
                                      : fault("it has " + std::to_string(n.size()) +
                                              " numbers, which is neither a box nor an outline");
        if (region && *region) (*region)->confidence = confidence;
        return region;
    }

    /// Takes the confidence out of a line that has one.
    Result<std::optional<double>> take_confidence(std::vector<double>& n) const {
        const auto plain = pose_                        ? 5 + pose_->first * pose_->second
                           : task_ == YoloTask::corners ? std::size_t{9}
                                                        : std::size_t{5};
        if (n.size() != plain + 1) return std::optional<double>();
        const bool second = confidence_second_ && plain == 5;
        const auto at = second ? n.begin() + 1 : n.end() - 1;
        if (!(*at >= 0 && *at <= 1))
            return Refusal{Code::invalid, "the confidence is not between 0 and 1"};
        const std::optional<double> confidence = *at;
        n.erase(at);
        return confidence;
    }

    Result<std::optional<Region>> box_region(const std::vector<double>& n, const ImportedRow& row,
                                             Mends& mends) {
        const auto x = side_of({n[1], n[3]}, row.width), y = side_of({n[2], n[4]}, row.height);
        const auto name = TRY(class_name(n[0], ControlKind::boxes, mends));
        return shapes_.box(name, {x.start, y.start, x.length, y.length, 0}, mends);
    }

    /// Four corners of a rectangle are a turned box for the format of corners, and where the schema
    /// has no polygons.
    Result<std::optional<Region>> outline_region(const std::vector<double>& n,
                                                 const ImportedRow& row, Mends& mends) {
        Ring ring;
        for (std::size_t i = 1; i < n.size(); ++i)
            ring.push_back(n[i] * (i % 2 == 1 ? row.width : row.height));
        const bool polygons = labels_.has(ControlKind::polygons);
        const bool corners = task_ == YoloTask::corners;
        if (corners && ring.size() != 8)
            return Refusal{Code::invalid, "it has " + std::to_string(n.size()) +
                                              " numbers, four corners need nine"};
        if (ring.size() == 8 && (corners || !polygons)) {
            constexpr double slack = 1;  // Pixels: six digits of a large image, and rounding tools.
            Corners four;
            std::copy(ring.begin(), ring.end(), four.begin());
            if (const auto box = box_of_corners(four, slack)) {
                const auto name = TRY(class_name(n[0], ControlKind::boxes, mends));
                return shapes_.box(name, *box, mends);
            }
        }
        const auto kind = polygons ? ControlKind::polygons : ControlKind::boxes;
        const auto name = TRY(class_name(n[0], kind, mends));
        return shapes_.outline(name, {std::move(ring)}, mends);
    }

    Result<std::optional<Region>> pose_region(const std::vector<double>& n, const ImportedRow& row,
                                              Mends& mends) {
        const auto [count, step] = *pose_;
        if (n.size() != 5 + count * step)
            return Refusal{Code::invalid, "it has " + std::to_string(n.size()) +
                                              " numbers where kpt_shape of data.yaml asks for " +
                                              std::to_string(5 + count * step)};
        NamedPoints all;
        for (std::size_t i = 5; i < n.size(); i += step) {
            const bool nowhere = n[i] == 0 && n[i + 1] == 0;
            const double v = step == 3 ? n[i + 2] : nowhere ? 0 : 2;
            if (!(v == 0 || v == 1 || v == 2))
                return Refusal{Code::invalid, "a point's visibility is not 0, 1 or 2"};
            all.points.insert(all.points.end(), {n[i] * row.width, n[i + 1] * row.height});
            all.visible.push_back(static_cast<int>(v));
        }
        const auto name = TRY(class_name(n[0], ControlKind::keypoints, mends));
        if (shapes_.has(ControlKind::keypoints, name)) return shapes_.points(name, all, mends);
        mends.mended("keypoints were left out, for the schema has none of their label");
        return box_region(n, row, mends);
    }

    Result<std::string> class_name(double number, ControlKind kind, Mends& mends) const {
        const auto index = static_cast<std::size_t>(number);
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

    YoloTask task_;
    ShapeTaker shapes_;
    std::vector<std::string> names_;
    std::optional<std::pair<std::size_t, std::size_t>> pose_;  ///< Points, and numbers a point.
    bool confidence_second_ = false;
    std::size_t at_ = 0;
};

/// A zip that Ultralytics trains on: data.yaml, labels/ and, when there are bytes, images/; in a
/// second pass provenance.csv, who signed each label.
class YoloWriter final : public RowWriter {
public:
    YoloWriter(const WriteContext& context, YoloTask task) : context_(context), task_(task) {
        if (!context_.project) return;
        for (const auto& control : context_.project->schema.controls) {
            const bool points = control.kind == ControlKind::keypoints;
            const bool area =
                control.kind == ControlKind::boxes || control.kind == ControlKind::polygons;
            if (task_ == YoloTask::pose ? !points || !pose_.name.empty() : !area) continue;
            if (points) pose_ = control;
            for (const auto& label : control.labels) class_of(label.name);
        }
    }
    std::vector<std::string> left_out() const override { return losses_.lines(); }
    int passes() const override { return 2; }

    Result<> begin_pass(int pass, std::string& out) override {
        pass_ = pass;
        flat_names_.restart();
        if (pass == 0) {
            std::string yaml = "path: .\ntrain: images\nval: images\nnames:\n";
            for (std::size_t i = 0; i < names_.size(); ++i) {
                yaml += "  " + std::to_string(i) + ": ";
                append_json_string(yaml, names_[i]);  // A JSON string is a YAML string.
                yaml += '\n';
            }
            if (task_ == YoloTask::pose)
                yaml += "kpt_shape: [" + std::to_string(point_count()) + ", 3]\n";
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
        const auto name = flat_names_.name(r.image_name);
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
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }

private:
    std::size_t class_of(const std::string& name) {
        const auto at = std::find(names_.begin(), names_.end(), name);
        if (at == names_.end()) names_.push_back(name);
        return static_cast<std::size_t>(at - names_.begin());
    }

    std::size_t point_count() const { return std::max<std::size_t>(1, pose_.points.size()); }

    Result<std::string> lines_of(const ExportRecord& r, const ExportRecord::AnAnnotation& label) {
        std::string text;
        const auto put = [&](double v) {
            text += ' ';
            append_json_number(text, v);
        };
        for (const auto& region : TRY(regions_.parse(label.regions_text))) {
            if (!carries(region)) {
                losses_.add(region);
                continue;
            }
            const auto at = std::find(names_.begin(), names_.end(), region.labels.front());
            if (at == names_.end())
                return Refusal{Code::invalid,
                               "Task " + r.id + " has the label " +
                                   in_quotes(region.labels.front()) +
                                   ", which the schema no longer has: correct the task."};
            text += std::to_string(at - names_.begin());
            for (const double v : shares_of_region(region, r)) put(v);
            text += '\n';
        }
        return text;
    }

    bool carries(const Region& r) const {
        if (r.labels.empty()) return false;
        if (task_ == YoloTask::pose)
            return r.control == pose_.name && r.points.size() == 2 * point_count();
        if (r.kind == ControlKind::boxes) return true;
        if (r.kind != ControlKind::polygons) return false;
        return task_ == YoloTask::detect || (r.points.size() == 8 && r.rings.empty());
    }

    /// What stands behind the class.
    std::vector<double> shares_of_region(const Region& region, const ExportRecord& r) {
        std::vector<double> numbers;
        const auto add_points = [&](const double* points, std::size_t n) {
            for (std::size_t i = 0; i < n; ++i)
                numbers.push_back(points[i] / (i % 2 == 0 ? r.width : r.height));
        };
        if (region.kind == ControlKind::polygons) {
            const auto ring = joined(rings_of(region));
            add_points(ring.data(), ring.size());
            return numbers;
        }
        if (task_ == YoloTask::corners) {
            const auto corners = corners_of(turned_box(region));
            add_points(corners.data(), corners.size());
            return numbers;
        }
        if (region.kind == ControlKind::boxes && region.rotation != 0)
            losses_.add("turn of a box of control \"" + region.control + "\"");
        const auto box = box_around(region);
        const auto x = shares_of({box.x, box.width}, r.width);
        const auto y = shares_of({box.y, box.height}, r.height);
        numbers = {x.center, y.center, x.extent, y.extent};
        if (region.kind != ControlKind::keypoints) return numbers;
        for (std::size_t i = 0; i < region.points.size() / 2; ++i) {
            const int v = i < region.visible.size() ? region.visible[i] : 2;
            add_points(region.points.data() + 2 * i, 2);
            numbers.push_back(v);
        }
        return numbers;
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
    YoloTask task_;
    Control pose_;  ///< The keypoints that are written.
    std::vector<std::string> names_;
    FlatNames flat_names_;
    Losses losses_;
    RegionsParser regions_;
};

Result<std::unique_ptr<RowReader>> open_yolo(std::shared_ptr<const Source> source,
                                             const ReadContext& context, YoloTask task) {
    auto reader = std::make_unique<YoloReader>(std::move(source), context, task);
    TRY(reader->load());
    return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace

Result<std::unique_ptr<RowReader>> read_yolo(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return open_yolo(std::move(source), context, YoloTask::detect);
}
Result<std::unique_ptr<RowReader>> read_yolo_obb(std::shared_ptr<const Source> source,
                                                 const ReadContext& context) {
    return open_yolo(std::move(source), context, YoloTask::corners);
}
Result<std::unique_ptr<RowReader>> read_yolo_pose(std::shared_ptr<const Source> source,
                                                  const ReadContext& context) {
    return open_yolo(std::move(source), context, YoloTask::pose);
}
Result<std::unique_ptr<RowWriter>> write_yolo(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<YoloWriter>(context, YoloTask::detect));
}
Result<std::unique_ptr<RowWriter>> write_yolo_obb(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<YoloWriter>(context, YoloTask::corners));
}
Result<std::unique_ptr<RowWriter>> write_yolo_pose(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<YoloWriter>(context, YoloTask::pose));
}

}  // namespace countersign
