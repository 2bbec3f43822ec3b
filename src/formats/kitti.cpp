// KITTI's label_2: a text file an image, a line an object of 15 words, or 16 with a score, which
// makes it a draft. The box counts here; the other numbers (truncation, angle, size and place in
// space) are kept in the region's meta and written back.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/shapes.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::string_view no_space = "-1 -1 -1 -1000 -1000 -1000 -10";

std::optional<double> kitti_number(std::string_view word) {
    double value;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string words_joined(const std::vector<std::string_view>& words, std::size_t from,
                         std::size_t to) {
    std::string text;
    for (auto i = from; i < to; ++i) text += (text.empty() ? "" : " ") + std::string(words[i]);
    return text;
}

class KittiReader final : public EntriesReader {
public:
    KittiReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (; at_ < entries.size() && extension(entries[at_].name) != "txt"; ++at_) {
        }
        if (at_ < entries.size() && base_name(entries[at_].name) == left_out_file) {
            book_.use(entries[at_++]);
            return read();
        }
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        auto text = source_->read_all(entry.name, 16 << 20);
        entry_done(entry);
        if (!text) return std::optional(rejected(entry.name, text.refusal().message));
        return std::optional(row_of(entry.name, *text));
    }

    ImportedRow row_of(const std::string& name, std::string_view text) {
        ImportedRow row;
        row.where = name;
        if (const auto* entry = book_.image_by_stem(name, name))
            tie_entry(row, *entry);
        else
            tie_image(row, known_image(stem(name), ".png"));
        know_size(row);
        Mends mends;
        Regions labels, draft;
        std::int64_t line_number = 0;
        for (const auto line : split(text, '\n')) {
            ++line_number;
            if (trim(line).empty()) continue;
            auto r = region_of(line, line_number, mends);
            if (!r) continue;
            (r->confidence ? draft : labels).push_back(*std::move(r));
        }
        const bool is_labelled = draft.empty() || !labels.empty();
        add_scored(row, std::move(labels), std::move(draft), is_labelled, mends);
        mends.apply(row);
        return row;
    }

    std::optional<Region> region_of(std::string_view line, std::int64_t number, Mends& mends) {
        std::vector<std::string_view> words;
        for (const auto word : split(line, ' '))
            if (!trim(word).empty()) words.push_back(trim(word));
        const auto fault = [&](const std::string& why) {
            mends.left_out("line " + std::to_string(number) + ": " + why);
            return std::nullopt;
        };
        if (words.size() != 15 && words.size() != 16)
            return fault("it has " + std::to_string(words.size()) +
                         " words, an object has 15, or 16 with a score");
        if (!is_utf8(line)) return fault("it is not UTF-8");
        std::vector<double> n;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const auto value = kitti_number(words[i]);
            if (!value) return fault("word " + std::to_string(i + 1) + " is not a number");
            n.push_back(*value);
        }
        std::string name(words[0]);
        if (!shapes_.has(ControlKind::boxes, name))
            std::replace(name.begin(), name.end(), '_', ' ');
        if (name == "DontCare" && !shapes_.has(ControlKind::boxes, name))
            return fault("a DontCare area is no object");
        auto r = shapes_.box(name, {n[3], n[4], n[5] - n[3], n[6] - n[4], 0}, mends);
        if (!r) return std::nullopt;
        if (words.size() == 16) {
            if (n[14] >= 0 && n[14] <= 1)
                r->confidence = n[14];
            else
                mends.mended("a score outside 0 to 1 was dropped");
        }
        r->meta["kitti"] =
            Json{{"state", words_joined(words, 1, 4)}, {"space", words_joined(words, 8, 15)}};
        return r;
    }

    ShapeTaker shapes_;
    std::size_t at_ = 0;
};

/// A zip of label_2/ and, when there are bytes, image_2/.
class KittiWriter final : public RowWriter {
public:
    explicit KittiWriter(const WriteContext& context) : context_(context) {}
    std::vector<std::string> left_out() const override { return losses_.lines(); }
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> finish(std::string& out) override {
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }
    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = names_.name(r.image_name);
        std::string text;
        for (const auto& region : TRY(regions_.parse(label->regions_text))) {
            if (region.kind != ControlKind::boxes || region.labels.empty()) {
                losses_.add(region);
                continue;
            }
            if (region.rotation != 0)
                losses_.add("turn of a box of control \"" + region.control + "\"");
            line(region, text);
        }
        zip_.add("label_2/" + std::string(stem(name)) + ".txt", text, out);
        if (context_.image_bytes)
            zip_.add("image_2/" + name, TRY(context_.image_bytes(r.sha256)), out);
        return Done{};
    }

private:
    static void line(const Region& r, std::string& text) {
        auto label = r.labels.front();
        std::replace(label.begin(), label.end(), ' ', '_');
        const auto kept = [&](const char* key, std::string_view otherwise) {
            const Json* all =
                r.meta.is_object() && r.meta.contains("kitti") ? &r.meta["kitti"] : nullptr;
            const bool said =
                all && all->is_object() && all->contains(key) && (*all)[key].is_string();
            const auto words = said ? (*all)[key].get<std::string>() : std::string(otherwise);
            return words.find('\n') == std::string::npos ? words : std::string(otherwise);
        };
        text += label + " " + kept("state", "-1 -1 -10");
        const auto box = box_around(r);
        for (const double v : {box.x, box.y, box.x + box.width, box.y + box.height}) {
            text += ' ';
            append_json_number(text, v);
        }
        text += " " + kept("space", no_space) + "\n";
    }

    WriteContext context_;
    ZipWriter zip_;
    FlatNames names_;
    Losses losses_;
    RegionsParser regions_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_kitti(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<KittiReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_kitti(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<KittiWriter>(context));
}

}  // namespace countersign
