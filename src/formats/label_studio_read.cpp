// Label Studio tasks. Percent of the image becomes pixels, UTF-16 offsets become code points, and
// each region that cannot be taken is named with its reason: nothing is lost or hidden in silence.
#include <cmath>

#include "base/text.h"
#include "base/url.h"
#include "formats/json_row.h"
#include "formats/label_studio_regions.h"
#include "formats/percent.h"
#include "formats/pieces.h"

namespace countersign {

namespace {

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
                return true;
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
        const bool looks_like_sound =
            member(object, "audio").has_value() && !member(object, "text");
        const auto kind = modality(looks_like_image   ? Modality::image
                                   : looks_like_sound ? Modality::audio
                                                      : Modality::text);
        const auto key = source_key(kind);
        ReadContext plain = context_;
        if (member(task, "data")) plain.label_column = "";
        const auto found = TRY(plain_row(object, key, kind, plain));
        if (const auto ours = member(task, "countersign"))
            row.key = text_of(*ours, "key").value_or("");
        if (kind == Modality::audio && is_fetched(found.item) &&
            !book_.sound(sound_name(found.item))) {
            row.data = object_with(raw, key, found.item);
            tie_sound(row, found.item);
            return std::string_view();
        }
        if (kind == Modality::audio) {
            const auto name = sound_name(found.item);
            row.data = object_with(raw, key, base_name(name));
            tie_sound(row, name);
            if (looks_like_url(found.item) && row.media.empty()) row.media_url = found.item;
            return std::string_view();
        }
        if (kind == Modality::image && is_fetched(found.item) &&
            !book_.image(image_name(found.item))) {
            row.data = object_with(raw, key, found.item);
            tie_image(row, found.item);
            return std::string_view();
        }
        if (kind == Modality::image) {
            const auto name = image_name(found.item);
            if (looks_like_url(found.item)) row.media_url = found.item;
            row.data = object_with(raw, key, base_name(name));
            tie_image(row, name);
            if (!row.media.empty()) row.media_url.clear();
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

    std::string sound_name(std::string_view url) const {
        const auto name = file_of_url(url);
        const auto shorter = without_upload_prefix(name);
        if (shorter.size() == name.size() || book_.sound(name)) return name;
        const bool known_so =
            !book_.sound(shorter) && context_.sound_seconds && context_.sound_seconds(name);
        return known_so ? name : std::string(shorter);
    }

    /// By our own word, or by the length beside the first segment.
    static void take_seconds(Dom task, ImportedRow& row) {
        std::optional<double> seconds;
        if (const auto ours = member(task, "countersign")) seconds = number_of(*ours, "seconds");
        simdjson::dom::array list, result;
        for (const auto* key : {"annotations", "predictions"})
            if (!seconds && !task.at_key(key).get(list))
                for (const Dom one : list)
                    if (!seconds && !one.at_key("result").get(result))
                        for (const Dom item : result)
                            if (!seconds) seconds = number_of(item, "original_length");
        if (row.seconds <= 0 && seconds && *seconds > 0 && *seconds < 1e8) row.seconds = *seconds;
    }

    void take_sizes(Dom task, ImportedRow& row) const {
        if (is_audio(row)) return take_seconds(task, row);
        if (row.media.empty() && row.media_ref.empty()) return;
        if (know_size(row)) return;
        const auto ours = member(task, "countersign");
        if (!ours) return;
        const auto w = integer_of(*ours, "width").value_or(0),
                   h = integer_of(*ours, "height").value_or(0);
        if (w > 0 && h > 0 && w <= 1'000'000 && h <= 1'000'000)
            row.width = static_cast<int>(w), row.height = static_cast<int>(h);
    }

    /// With a schema by its word; without one by the name of the medium.
    bool is_audio(const ImportedRow& row) const {
        if (context_.schema) return context_.schema->modality == Modality::audio;
        return is_sound_name(row.media.empty() ? row.media_ref : row.media);
    }

    void take_work(Dom task, std::string_view text, ImportedRow& row, Mends& mends) {
        const auto kind = is_audio(row) ? Modality::audio
                          : row.media.empty() && row.media_ref.empty() && row.media_url.empty()
                              ? Modality::text
                              : Modality::image;
        const ResultContext reader{context_.schema, source_key(kind),   row, text,
                                   mends,           context_.as_written};
        simdjson::dom::array list;
        if (!task.at_key("predictions").get(list))
            for (const Dom p : list) take_prediction(p, reader, row, mends);
        if (!task.at_key("annotations").get(list) || !task.at_key("completions").get(list))
            for (const Dom a : list) take_annotation(a, reader, row);
    }

    static void take_prediction(Dom p, const ResultContext& reader, ImportedRow& row,
                                Mends& mends) {
        const auto result = member(p, "result");
        if (!result) return mends.mended("a prediction without \"result\" was left out");
        ImportedDraft draft;
        draft.model = text_of(p, "model_version").value_or("");
        if (draft.model.empty()) draft.model = "imported";
        draft.regions = label_studio_regions(*result, reader);
        for (auto& r : draft.regions) r.origin = Origin::model;
        draft.confidence = number_of(p, "score");
        if (draft.confidence && !(*draft.confidence >= 0 && *draft.confidence <= 1)) {
            draft.confidence.reset();
            mends.mended("a score outside 0 to 1 was dropped");
        }
        draft.created = parse_time(text_of(p, "created_at").value_or(""));
        row.drafts.push_back(std::move(draft));
    }

    void take_annotation(Dom a, const ResultContext& reader, ImportedRow& row) const {
        const auto result = member(a, "result");
        if (!result && !true_of(a, "was_cancelled")) return;
        ImportedAnnotation annotation;
        if (result) annotation.regions = label_studio_regions(*result, reader);
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
