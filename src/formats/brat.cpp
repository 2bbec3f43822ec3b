// brat standoff: NAME.txt and beside it NAME.ann. "T1\tPER 0 5\tText" is a span (several pieces
// are taken from the first to the last, and kept in meta), "R1\tbirth Arg1:T1 Arg2:T2" a relation.
// Events, attributes, notes and the like are named. Offsets are code points.
#include <charconv>
#include <set>

#include "base/text.h"
#include "formats/text_labels.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_text = 16 << 20;

bool ends_so(std::string_view name, std::string_view ext) {
    return extension(name) == ext;
}
std::string with_extension(std::string_view name, std::string_view ext) {
    return std::string(name.substr(0, name.rfind('.') + 1)) + std::string(ext);
}
std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return n;
}

class BratReader final : public EntriesReader {
public:
    BratReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context) {
        for (const auto& e : source_->entries()) names_.insert(e.name);
    }

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (; at_ < entries.size(); ++at_) {
            const auto& entry = entries[at_];
            if (ends_so(entry.name, "conf")) book_.use(entry);
            if (ends_so(entry.name, "txt")) break;
            if (!ends_so(entry.name, "ann") || names_.count(with_extension(entry.name, "txt")))
                continue;
            book_.use(entry);
            ++at_;
            return std::optional(
                rejected(entry.name, in_quotes(entry.name) + " has no text: put " +
                                         in_quotes(with_extension(base_name(entry.name), "txt")) +
                                         " beside it."));
        }
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        auto text = source_->read_all(entry.name, longest_text);
        entry_done(entry);
        if (!text) return std::optional(rejected(entry.name, text.refusal().message));
        if (trim(*text).empty())
            return std::optional(rejected(entry.name, entry.name + ": the text is empty."));
        return std::optional(row_of(entry.name, *std::move(text)));
    }

    ImportedRow row_of(const std::string& name, std::string text) {
        ImportedRow row;
        row.where = name;
        row.key = repair_utf8(name);
        Mends mends;
        if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
        if (!is_utf8(text)) {
            text = repair_utf8(text);
            mends.mended("bytes that are not UTF-8 were replaced");
        }
        row.data = "{";
        append_json_string(row.data, source_key(Modality::text));
        row.data += ':';
        append_json_string(row.data, text);
        row.data += '}';
        if (const auto ann = names_.find(with_extension(name, "ann")); ann != names_.end()) {
            mark_used(*ann);
            const auto lines = source_->read_all(*ann, longest_text);
            if (!lines) return rejected(name, lines.refusal().message);
            TextLabels labels(text, labels_, context_.schema, mends);
            fragments_.clear();
            for (const auto line : split(*lines, '\n')) take_line(trim(line), labels);
            auto regions = labels.take();
            for (auto& r : regions)
                if (const auto f = fragments_.find(r.id); f != fragments_.end())
                    r.meta = {{"fragments", f->second}};
            add_labels(row, std::move(regions));
        }
        mends.apply(row);
        return row;
    }

    void mark_used(const std::string& name) {
        for (const auto& e : source_->entries())
            if (e.name == name) book_.use(e), entry_done(e);
    }

    void take_line(std::string_view line, TextLabels& labels) {
        if (line.empty()) return;
        const std::string copy = repair_utf8(line);
        const auto columns = split(copy, '\t');
        const std::string_view id = columns[0], body = columns.size() > 1 ? columns[1] : "";
        if (id.starts_with('T')) return take_span(id, body, labels);
        if (id.starts_with('R')) return take_relation(id, body, labels);
        struct Other {
            char first;
            std::string_view what;
        };
        static constexpr Other others[] = {{'E', "events"},       {'A', "attributes"},
                                           {'M', "attributes"},   {'N', "normalizations"},
                                           {'*', "equivalences"}, {'#', "notes"}};
        for (const auto& other : others)
            if (id.starts_with(other.first))
                return labels.mends().left_out(std::string(other.what) + " are not taken");
        labels.mends().left_out("the line " + in_quotes(line) + " is not understood");
    }

    /// "PER 0 5" or "PER 0 5;8 12".
    void take_span(std::string_view id, std::string_view body, TextLabels& labels) {
        const auto space = body.find(' ');
        const auto places = space == std::string_view::npos ? "" : body.substr(space + 1);
        std::optional<std::int64_t> start, end;
        const auto pieces = split(places, ';');
        for (const auto piece : pieces) {
            const auto numbers = split(piece, ' ');
            const auto from = numbers.size() == 2 ? whole(numbers[0]) : std::nullopt;
            const auto to = numbers.size() == 2 ? whole(numbers[1]) : std::nullopt;
            if (!from || !to)
                return labels.mends().left_out("span " + in_quotes(id) + " has no start and end");
            start = std::min(*from, start.value_or(*from));
            end = std::max(*to, end.value_or(*to));
        }
        if (pieces.size() > 1) {
            fragments_[std::string(id)] = std::string(places);
            labels.mends().mended("a span of several pieces was taken from its first to its last");
        }
        labels.span(id, *start, *end, body.substr(0, space));
    }

    static void take_relation(std::string_view id, std::string_view body, TextLabels& labels) {
        const auto words = split(body, ' ');
        std::string_view ends[2];
        for (std::size_t i = 1; i < words.size() && i < 3; ++i)
            if (const auto colon = words[i].find(':'); colon != std::string_view::npos)
                ends[i - 1] = words[i].substr(colon + 1);
        labels.relation(id, ends[0], ends[1], words[0]);
    }

    std::size_t at_ = 0;
    std::set<std::string, std::less<>> names_;
    std::map<std::string, std::string, std::less<>> fragments_;
};

class BratWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;
    Result<> finish(std::string& out) override {
        zip_.finish(out);
        return Done{};
    }

private:
    Result<> write_one(const Labelled& one, std::string& out) override {
        const auto name = name_of_record(one.record);
        zip_.add(name + ".txt", one.text, out);
        if (one.label) zip_.add(name + ".ann", annotations(one), out);
        return Done{};
    }

    std::string annotations(const Labelled& one) {
        std::string ann;
        std::map<std::string_view, std::string> ids;
        for (const auto& r : one.regions) {
            if (r.kind != ControlKind::spans) continue;
            const auto id = "T" + std::to_string(ids.size() + 1);
            if (!ids.emplace(r.id, id).second) continue;
            std::string place = std::to_string(static_cast<std::int64_t>(r.start)) + " " +
                                std::to_string(static_cast<std::int64_t>(r.end));
            if (r.meta.is_object() && r.meta.contains("fragments") &&
                r.meta["fragments"].is_string())
                place = r.meta["fragments"].get<std::string>();
            std::string said = r.text;
            for (char& c : said)
                if (c == '\n' || c == '\r' || c == '\t') c = ' ';
            ann += id + "\t" + type_of_label(r) + " " + place + "\t" + said + "\n";
        }
        int relations = 0;
        for (const auto& r : one.regions) {
            if (r.kind == ControlKind::spans) continue;
            const auto from = ids.find(r.from), to = ids.find(r.to);
            if (r.kind != ControlKind::relations || r.labels.empty() || from == ids.end() ||
                to == ids.end()) {
                lose(r);
                continue;
            }
            ann += "R" + std::to_string(++relations) + "\t" + type_of_label(r) +
                   " Arg1:" + from->second + " Arg2:" + to->second + "\n";
        }
        return ann;
    }

    /// One word there.
    std::string type_of_label(const Region& r) {
        std::string type = r.labels.empty() ? "none" : r.labels.front();
        bool changed = false;
        for (char& c : type)
            if (c == ' ' || c == '\t' || c == '\n') c = '_', changed = true;
        if (changed) lose("white space in names of labels");
        return type;
    }

    std::string name_of_record(const ExportRecord& record) {
        std::string name(record.key);
        if (ends_so(name, "txt")) name.resize(name.size() - 4);
        for (char& c : name)
            if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':') c = '_';
        if (name.empty() || !fault_of_name(name + ".txt").empty()) name = record.id;
        if (!used_.insert(name).second) name += "-" + record.id, used_.insert(name);
        return name;
    }

    ZipWriter zip_;
    std::set<std::string> used_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_brat(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<BratReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_brat(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<BratWriter>(context));
}

}  // namespace countersign
