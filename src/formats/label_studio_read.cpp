// Label Studio tasks. Percent of the image becomes pixels, UTF-16 offsets become code points, and
// each region that cannot be taken is named with its reason: nothing is lost or hidden in silence.
#include <cmath>

#include "base/text.h"
#include "formats/json_row.h"
#include "formats/percent.h"
#include "formats/pieces.h"

namespace countersign {

namespace {

/// The region type and the key of its labels in `value`, for each kind of control.
struct TypeRow {
    ControlKind kind;
    std::string_view type;
};
constexpr TypeRow types[] = {
    {ControlKind::choices, "choices"}, {ControlKind::boxes, "rectanglelabels"},
    {ControlKind::spans, "labels"},    {ControlKind::polygons, "polygonlabels"},
    {ControlKind::text, "textarea"},   {ControlKind::segments, "labels"}};

bool is_type(ControlKind kind, std::string_view type) {
    for (const auto& row : types)
        if (row.kind == kind && row.type == type) return true;
    return false;
}

/// The file name at the end of "/data/upload/3/1a2b3c4d-cat.jpg" or
/// "/data/local-files/?d=photos/cat.jpg".
std::string file_of_url(std::string_view url) {
    if (const auto d = url.find("?d="); d != std::string_view::npos)
        url = url.substr(d + 3);
    else
        url = url.substr(0, url.find_first_of("?#"));
    std::string name;
    const auto last = base_name(url);
    for (std::size_t i = 0; i < last.size(); ++i) {
        const auto byte = last[i] == '%' ? from_hex_pair(last.substr(i + 1, 2)) : -1;
        name += byte >= 0 ? static_cast<char>(byte) : last[i];
        if (byte >= 0) i += 2;
    }
    return std::string(base_name(name));
}

/// "1a2b3c4d-cat.jpg" -> "cat.jpg": the prefix that an upload to Label Studio gets.
std::string_view without_upload_prefix(std::string_view name) {
    if (name.size() < 10 || name[8] != '-') return name;
    for (const char c : name.substr(0, 8))
        if (from_hex_pair(std::string{c, '0'}) < 0) return name;
    return name.substr(9);
}

/// Turns one `result` list into regions.
class ResultReader {
public:
    ResultReader(const Schema* schema, std::string_view source_key, const ImportedRow& row,
                 std::string_view text, Mends& mends)
        : schema_(schema), source_key_(source_key), row_(row), text_(text), mends_(mends) {}

    Regions regions(Dom result) {
        Regions all;
        simdjson::dom::array list;
        if (result.get(list)) return mends_.left_out("\"result\" is not a list"), all;
        for (const Dom item : list) {
            auto region = one(item);
            if (region)
                all.push_back(*std::move(region));
            else
                mends_.left_out(region.refusal().message);
        }
        fit_regions(all, nullptr, row_.width, row_.height, mends_);
        settle_ids(all);
        return all;
    }

private:
    static Refusal fault(std::string why) { return {Code::invalid, std::move(why)}; }

    Result<Region> one(Dom item) {
        const auto type = text_of(item, "type").value_or("");
        const auto value = member(item, "value");
        if (type == "relation") return fault("relations are not taken");
        if (!value || !value->is_object()) return fault("a region has no \"value\"");
        Region r;
        r.id = text_of(item, "id").value_or("");
        r.origin = Origin::imported;
        if (const auto score = number_of(item, "score")) {
            if (*score >= 0 && *score <= 1)
                r.confidence = score;
            else
                mends_.mended("a score outside 0 to 1 was dropped");
        }
        TRY(find_control(item, type, *value, r));
        check_target(item);
        if (r.kind != ControlKind::text) TRY(take_labels(*value, type, r));
        switch (r.kind) {
            case ControlKind::boxes:
                TRY(take_box(item, *value, r));
                break;
            case ControlKind::polygons:
                TRY(take_polygon(item, *value, r));
                break;
            case ControlKind::spans:
                TRY(take_span(*value, r));
                break;
            case ControlKind::segments:
                TRY(take_segment(*value, r));
                break;
            case ControlKind::text:
                TRY(take_text(*value, r));
                break;
            case ControlKind::choices:
                break;
        }
        return r;
    }

    /// The control is the one called `from_name`; failing that, the only one that takes this type.
    Result<> find_control(Dom item, std::string_view type, Dom value, Region& r) {
        const auto from = text_of(item, "from_name").value_or("");
        if (!schema_) {
            for (const auto& row : types)
                if (row.type == type) {
                    const bool seconds =
                        type == "labels" && !text_of(value, "text") && text_.empty();
                    r.kind = seconds ? ControlKind::segments : row.kind;
                    r.control = from;
                    return Done{};
                }
            return fault("regions of type " + in_quotes(type) + " are not taken");
        }
        const auto* control = schema_->control(from);
        if (control && !is_type(control->kind, type))
            return fault("from_name " + in_quotes(from) + " is a control for " +
                         std::string(name_of(control->kind)) + ", and the region's type is " +
                         in_quotes(type));
        if (!control) {
            for (const auto& c : schema_->controls)
                if (is_type(c.kind, type)) control = control ? nullptr : &c;
            if (!control)
                return fault("from_name " + in_quotes(from) + " of type " + in_quotes(type) +
                             " is not a control of the schema, which has " +
                             control_names(*schema_));
            mends_.mended("from_name " + in_quotes(from) + " was read as control " +
                          in_quotes(control->name));
        }
        r.control = control->name;
        r.kind = control->kind;
        return Done{};
    }

    void check_target(Dom item) {
        const auto to = text_of(item, "to_name").value_or("");
        if (to != source_key_)
            mends_.mended("to_name " + in_quotes(to) + " was read as " + in_quotes(source_key_));
    }

    Result<> take_labels(Dom value, std::string_view type, Region& r) {
        simdjson::dom::array list;
        if (value.at_key(type).get(list))
            return fault("a region has no labels under " + in_quotes(type));
        const auto* control = schema_ ? schema_->control(r.control) : nullptr;
        for (const Dom item : list) {
            std::string_view name;
            if (item.get(name)) return fault("a label under " + in_quotes(type) + " is not a text");
            const auto* label = control ? Schema::find_label(*control, name) : nullptr;
            if (control && !label)
                return fault(in_quotes(name) + " is not a label of control " +
                             in_quotes(r.control) + " (add it, or make it an alias)");
            r.labels.push_back(label ? label->name : std::string(name));
        }
        if (r.labels.empty())
            return fault("a region of control " + in_quotes(r.control) + " has no label");
        if (r.labels.size() > 1 && control &&
            !(control->kind == ControlKind::choices && control->multiple))
            return fault("control " + in_quotes(r.control) +
                         " takes one label, and a region has several");
        return Done{};
    }

    Result<std::pair<double, double>> image_size(Dom item) const {
        if (number_of(item, "image_rotation").value_or(0) != 0)
            return fault(
                "a region belongs to a turned image (image_rotation): turn the image itself");
        double w = row_.width, h = row_.height;
        if (w <= 0 || h <= 0) {
            w = number_of(item, "original_width").value_or(0);
            h = number_of(item, "original_height").value_or(0);
        }
        if (!(w > 0 && h > 0))
            return fault("the size of the image is not known: import the image with it");
        return std::pair(w, h);
    }

    Result<> take_box(Dom item, Dom value, Region& r) const {
        const auto [w, h] = TRY(image_size(item));
        const auto x = number_of(value, "x"), y = number_of(value, "y");
        const auto width = number_of(value, "width"), height = number_of(value, "height");
        if (!x || !y || !width || !height) return fault("a box lacks x, y, width or height");
        const double percents[] = {*x, *y, *width, *height};
        double pixels[4];
        for (int i = 0; i < 4; ++i) pixels[i] = pixels_of(percents[i], i % 2 == 0 ? w : h);
        restore_pixels(item, pixels, 4);
        r.x = pixels[0], r.y = pixels[1], r.width = pixels[2], r.height = pixels[3];
        r.rotation = number_of(value, "rotation").value_or(0);
        return Done{};
    }

    Result<> take_polygon(Dom item, Dom value, Region& r) const {
        const auto [w, h] = TRY(image_size(item));
        simdjson::dom::array points;
        if (value.at_key("points").get(points)) return fault("a polygon has no \"points\"");
        for (const Dom point : points) {
            simdjson::dom::array pair;
            double x, y;
            if (point.get(pair) || pair.size() != 2 || pair.at(0).get(x) || pair.at(1).get(y))
                return fault("a point of a polygon is not a pair of numbers");
            r.points.push_back(pixels_of(x, w));
            r.points.push_back(pixels_of(y, h));
        }
        if (r.points.size() < 6) return fault("a polygon has fewer than three points");
        restore_pixels(item, r.points.data(), r.points.size());
        return Done{};
    }

    /// Our own export says pixels too where no percent reads back as exactly the same pixels. They
    /// count unless the region was moved since.
    static void restore_pixels(Dom item, double* pixels, std::size_t n) {
        simdjson::dom::array exact;
        if (item["meta"]["pixels"].get(exact) || exact.size() != n) return;
        std::vector<double> values;
        for (const Dom v : exact) {
            double value;
            if (v.get(value) || std::abs(value - pixels[values.size()]) > 1e-6) return;
            values.push_back(value);
        }
        std::copy(values.begin(), values.end(), pixels);
    }

    Result<> take_span(Dom value, Region& r) const {
        const auto start = integer_of(value, "start"), end = integer_of(value, "end");
        if (!start || !end)
            return fault(
                "a span has no whole numbers for start and end (HTML spans are not taken)");
        const auto from = from_utf16(text_, *start), to = from_utf16(text_, *end);
        if (!from || !to || *from >= *to)
            return fault("a span from " + std::to_string(*start) + " to " + std::to_string(*end) +
                         " does not lie inside the text");
        r.start = static_cast<double>(*from);
        r.end = static_cast<double>(*to);
        r.text = slice(text_, *from, *to).value_or("");
        if (const auto said = text_of(value, "text"); said && *said != r.text)
            mends_.mended("the text of a span was not what stands there, and was cut again");
        return Done{};
    }

    static Result<> take_segment(Dom value, Region& r) {
        const auto start = number_of(value, "start"), end = number_of(value, "end");
        if (!start || !end || *start < 0 || *start >= *end)
            return fault("a segment lacks start and end in seconds");
        r.start = *start;
        r.end = *end;
        return Done{};
    }

    static Result<> take_text(Dom value, Region& r) {
        const auto text = member(value, "text");
        if (!text) return fault("a text area has no \"text\"");
        simdjson::dom::array lines;
        if (text->get(lines)) {
            r.text = as_text(*text);
            return Done{};
        }
        for (const Dom line : lines) r.text += (r.text.empty() ? "" : "\n") + as_text(line);
        return Done{};
    }

    const Schema* schema_;
    std::string_view source_key_;
    const ImportedRow& row_;
    std::string_view text_;
    Mends& mends_;
};

class LabelStudioReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!cutter_) {
                const auto& entries = source_->entries();
                while (at_ < entries.size() && extension(entries[at_].name) != "json" &&
                       entries.size() > 1)
                    ++at_;
                if (at_ == entries.size()) return std::optional<ImportedRow>();
                entry_ = &entries[at_++];
                book_.use(*entry_);
                cutter_ = std::make_unique<JsonCutter>(TRY(source_->open(entry_->name)), true);
                number_ = 0;
            }
            const auto piece = cutter_->next();
            if (!piece)
                return Refusal{piece.refusal().code,
                               entry_->name + ": " + piece.refusal().message +
                                   " Rows before it were read; mend the file and import it again."};
            if (*piece) return std::optional(row_of((*piece)->text));
            cutter_.reset();
            entry_done(*entry_);
        }
    }
    std::int64_t bytes_here() const override { return cutter_ ? cutter_->bytes_read() : 0; }

    ImportedRow row_of(std::string_view text) {
        const auto where = entry_->name + "#" + std::to_string(++number_);
        const auto refuse = [&](std::string_view why) {
            return rejected(where, where + ": " + std::string(why) +
                                       ". Mend the task and import the file again.");
        };
        const auto task = parser_.parse(text);
        if (!task) return refuse(task.refusal().message);
        if (!task->is_object()) return refuse("the task is not an object");
        if (has_lone_surrogate(text))
            return refuse("the task holds half of a surrogate pair (\\ud800-\\udfff)");
        ImportedRow row;
        row.where = where;
        Mends mends;
        std::string_view data = text;
        if (const auto inner = member(*task, "data"))
            each_member(text, [&](std::string_view key, std::string_view value) {
                if (key == "data") data = value;
                if (key == "meta" && value.size() > 2 && value.front() == '{') row.meta = value;
            });
        const auto object = member(*task, "data").value_or(*task);
        if (!object.is_object()) return refuse("\"data\" is not an object");
        const auto item = take_item(object, data, *task, row, mends);
        if (!item) return refuse(item.refusal().message);
        take_sizes(*task, row);
        if (member(*task, "data")) take_work(*task, *item, row, mends);
        mends.apply(row);
        return row;
    }

    /// Fills key, data and media; gives the text that spans count in.
    Result<std::string_view> take_item(Dom object, std::string_view raw, Dom task, ImportedRow& row,
                                       Mends& mends) {
        const bool looks_like_image =
            member(object, "image").has_value() && !member(object, "text");
        const auto kind = modality(looks_like_image ? Modality::image : Modality::text);
        const auto key = source_key(kind);
        ReadContext plain = context_;
        if (member(task, "data")) plain.label_column = "";
        const auto found = TRY(plain_row(object, key, kind, plain));
        if (const auto ours = member(task, "countersign"))
            row.key = text_of(*ours, "key").value_or("");
        if (kind == Modality::image) {
            const auto name = image_name(found.item);
            row.data = object_with(raw, key, base_name(name));
            tie_image(row, name);
            return std::string_view();
        }
        row.data = trim(raw);
        if (found.item_key != key) {
            row.data = object_with(raw, key, found.item);
            mends.mended("\"" + std::string(found.item_key) + "\" was read as the item");
        }
        if (row.key.empty())
            if (const auto id = member(task, "id")) row.key = as_text(*id);
        if (!member(task, "data")) take_plain_labels(found, raw, row, mends);
        return found.item;
    }

    void take_plain_labels(const PlainRow& found, std::string_view raw, ImportedRow& row,
                           Mends& mends) {
        std::vector<std::string_view> taken;
        Regions regions;
        for (const auto& answer : found.answers) {
            auto some = choices_for(answer.labels, answer.control, labels_, context_.schema, mends);
            if (!some.empty()) taken.push_back(answer.key);
            std::move(some.begin(), some.end(), std::back_inserter(regions));
        }
        if (regions.empty()) return;
        row.data = object_without(raw, taken);
        add_labels(row, std::move(regions));
    }

    /// With the upload prefix when the image is known so, else without it.
    std::string image_name(std::string_view url) const {
        const auto name = file_of_url(url);
        const auto shorter = without_upload_prefix(name);
        if (shorter.size() == name.size() || book_.image(name)) return name;
        const bool known_so =
            !book_.image(shorter) && context_.image_size && context_.image_size(name);
        return known_so ? name : std::string(shorter);
    }

    void take_sizes(Dom task, ImportedRow& row) const {
        if (row.media.empty() && row.media_ref.empty()) return;
        if (context_.image_size)
            if (const auto size =
                    context_.image_size(row.media.empty() ? row.media_ref : row.media)) {
                row.width = size->width;
                row.height = size->height;
                return;
            }
        const auto ours = member(task, "countersign");
        if (!ours) return;
        const auto w = integer_of(*ours, "width").value_or(0),
                   h = integer_of(*ours, "height").value_or(0);
        if (w > 0 && h > 0 && w <= 1'000'000 && h <= 1'000'000)
            row.width = static_cast<int>(w), row.height = static_cast<int>(h);
    }

    void take_work(Dom task, std::string_view text, ImportedRow& row, Mends& mends) {
        const auto kind =
            row.media.empty() && row.media_ref.empty() ? Modality::text : Modality::image;
        ResultReader reader(context_.schema, source_key(kind), row, text, mends);
        simdjson::dom::array list;
        if (!task.at_key("predictions").get(list))
            for (const Dom p : list) take_prediction(p, reader, row, mends);
        if (!task.at_key("annotations").get(list) || !task.at_key("completions").get(list))
            for (const Dom a : list) take_annotation(a, reader, row);
    }

    static void take_prediction(Dom p, ResultReader& reader, ImportedRow& row, Mends& mends) {
        const auto result = member(p, "result");
        if (!result) return mends.mended("a prediction without \"result\" was left out");
        ImportedDraft draft;
        draft.model = text_of(p, "model_version").value_or("");
        if (draft.model.empty()) draft.model = "imported";
        draft.regions = reader.regions(*result);
        for (auto& r : draft.regions) r.origin = Origin::model;
        draft.confidence = number_of(p, "score");
        if (draft.confidence && !(*draft.confidence >= 0 && *draft.confidence <= 1)) {
            draft.confidence.reset();
            mends.mended("a score outside 0 to 1 was dropped");
        }
        draft.created = parse_time(text_of(p, "created_at").value_or(""));
        row.drafts.push_back(std::move(draft));
    }

    void take_annotation(Dom a, ResultReader& reader, ImportedRow& row) const {
        const auto result = member(a, "result");
        if (!result && !true_of(a, "was_cancelled")) return;
        ImportedAnnotation annotation;
        if (result) annotation.regions = reader.regions(*result);
        annotation.person = person_of(a);
        annotation.skipped = true_of(a, "was_cancelled");
        annotation.created = parse_time(text_of(a, "created_at").value_or(""));
        annotation.comment = text_of(a, "comment").value_or("");
        annotation.flagged = true_of(a, "flagged");
        const double seconds = number_of(a, "lead_time").value_or(0);
        if (seconds > 0 && seconds < 1e9) annotation.active_ms = std::llround(seconds * 1000);
        if (!context_.labels_are_drafts) return row.annotations.push_back(std::move(annotation));
        if (annotation.skipped) return;
        for (auto& r : annotation.regions) r.origin = Origin::model;
        row.drafts.push_back(
            {"imported", std::move(annotation.regions), std::nullopt, annotation.created});
    }

    /// `completed_by` is an id, or an object with an email; 3 becomes "3".
    static std::string person_of(Dom a) {
        const auto by = member(a, "completed_by");
        if (!by) return {};
        if (!by->is_object()) return as_text(*by);
        if (const auto email = text_of(*by, "email")) return std::string(*email);
        const auto id = member(*by, "id");
        return id ? as_text(*id) : std::string();
    }

    std::size_t at_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<JsonCutter> cutter_;
    std::int64_t number_ = 0;
    JsonParser parser_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_label_studio(std::shared_ptr<const Source> source,
                                                     const ReadContext& context) {
    return std::unique_ptr<RowReader>(
        std::make_unique<LabelStudioReader>(std::move(source), context));
}

}  // namespace countersign
