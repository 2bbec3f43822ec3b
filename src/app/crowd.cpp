#include "app/crowd.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "app/import_rows.h"
#include "app/item_of_row.h"
#include "base/text.h"
#include "formats/csv_rows.h"
#include "quality/word_alignment.h"

namespace countersign {

namespace {

constexpr std::size_t most_faults = 20;

/// Names, numbered in the order they were met.
class Numbered {
public:
    std::uint32_t operator()(const std::string& name) {
        const auto [it, is_new] = of_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
        if (is_new) names_.push_back(name);
        return it->second;
    }
    std::vector<std::string> take() { return std::move(names_); }

private:
    std::unordered_map<std::string, std::uint32_t> of_;
    std::vector<std::string> names_;
};

struct ColumnWords {
    std::string_view role;
    std::vector<std::string_view> words;
};
const std::vector<ColumnWords>& column_words() {
    static const std::vector<ColumnWords> rows = {
        {"item",
         {"task", "item", "unit", "question", "object", "example", "id", "task_id", "audio"}},
        {"person", {"worker", "person", "annotator", "rater", "user", "coder", "worker_id"}},
        {"label", {"label", "answer", "response", "judgment", "judgement", "annotation", "value"}}};
    return rows;
}
constexpr std::string_view transcript_words[] = {"transcription", "transcript"};

/// A header's name without what crowd platforms put before it ("INPUT:audio").
std::string bare_column(const std::string& cell) {
    auto name = lower_ascii(trim(cell));
    for (const std::string_view before : {"input:", "output:", "assignment:"})
        if (name.starts_with(before)) name.erase(0, before.size());
    return name;
}

struct TableColumns {
    std::size_t item = 0, person = 0, label = 0;
    bool is_transcript = false;
};

std::optional<std::size_t> column_of(const std::vector<std::string>& names,
                                     std::span<const std::string_view> words) {
    for (const auto word : words)
        if (const auto it = std::find(names.begin(), names.end(), word); it != names.end())
            return static_cast<std::size_t>(it - names.begin());
    return {};
}

std::optional<TableColumns> crowd_columns(const std::vector<std::string>& header,
                                          bool transcripts) {
    std::vector<std::string> names;
    for (const auto& cell : header) names.push_back(bare_column(cell));
    const auto item = column_of(names, column_words()[0].words);
    const auto person = column_of(names, column_words()[1].words);
    if (!item || !person) return {};
    if (transcripts)
        if (const auto text = column_of(names, transcript_words))
            return TableColumns{*item, *person, *text, true};
    const auto label = column_of(names, column_words()[2].words);
    if (!label) return {};
    return TableColumns{*item, *person, *label, false};
}

/// One question while its values are still being met.
struct Gathering {
    CrowdQuestion question;
    Numbered values, labels;
    bool sets = false;
    std::map<std::vector<std::uint32_t>, std::uint32_t> set_of;
};

bool is_answer(const Region& region) {
    return region.parent.empty() &&
           (region.kind == ControlKind::choices || region.kind == ControlKind::rating);
}

class Gatherer {
public:
    void answer(const std::string& item, const std::string& person, const Region& region) {
        answer(items_(item), people_(person), region);
    }
    void transcript(const std::string& item, const std::string& person, const std::string& control,
                    const std::string& text) {
        pieces_.transcript(items_(item), people_(person), control, text);
    }
    /// All that one person said of the item of the row that was begun.
    void answers(const std::string& person, const Regions& regions) {
        const auto number = people_(person.empty() ? path_person_ : person);
        pieces_.add(item_, number, regions, text_);
        for (const auto& region : regions)
            if (is_answer(region)) answer(item_, number, region);
    }
    /// The rows that follow are of this file or folder; empty: of all there is.
    void path(const std::string& person) {
        path_person_ = person;
        ++paths_, rows_of_path_ = 0;
        times_seen_.clear(), answered_.clear();
    }
    void begin(const ImportedRow& row) {
        const auto item = item_of(row);
        text_ = item.text;
        item_ = number_of(item.name, row.where);
        if (paths_ == 1) first_path_.push_back(item_);
        ++rows_of_path_;
    }
    void fault(const std::string& where, const std::string& why) {
        ++out_.rejected;
        if (out_.faults.size() < most_faults) out_.faults.push_back(where + ": " + why);
    }
    void row() { ++out_.rows; }

    Result<Crowd> finish() {
        for (auto& [name, one] : questions_) {
            auto& q = one.question;
            if (q.answers.empty()) continue;
            one.sets ? name_sets(one) : void(q.values = one.values.take());
            if (q.kind == ControlKind::rating) order_rating(q);
            out_.questions.push_back(std::move(q));
        }
        out_.pieces = pieces_.finish();
        out_.texts = std::move(pieces_);
        out_.items = items_.take();
        out_.people = people_.take();
        if (out_.questions.empty() && out_.pieces.empty())
            return Refusal{Code::invalid,
                           "Nobody answers a question in these files: agreement needs choices or "
                           "ratings, spans, shapes, texts or segments, with the name of who gave "
                           "them."};
        return std::move(out_);
    }
    void from(std::string_view format) { out_.from = format; }

private:
    void answer(std::uint32_t item, std::uint32_t person, const Region& region) {
        auto& to = at(region.control, region.kind);
        const auto value = value_of(to, region);
        to.question.answers.push_back({item, person, value});
    }
    /// An item with a name by it; one without by its text, and how often that came before; else by
    /// its place in the file where as many words stand there.
    std::uint32_t number_of(const std::string& name, const std::string& where) {
        if (!name.empty() && name != where) return items_(name);
        if (text_.empty()) return items_(where);
        const auto key = text_ + '\x1f' + std::to_string(times_seen_[text_]++);
        if (const auto it = by_text_.find(key); it != by_text_.end()) return claim(it->second);
        if (paths_ > 1 && rows_of_path_ < first_path_.size()) {
            const auto there = first_path_[rows_of_path_];
            if (!answered_.contains(there) &&
                words_of(pieces_.text(there)).size() == words_of(text_).size())
                return claim(there);
        }
        return claim(by_text_[key] = items_(where));
    }
    std::uint32_t claim(std::uint32_t item) {
        answered_.insert(item);
        return item;
    }
    Gathering& at(const std::string& name, ControlKind question_kind) {
        auto& one = questions_[name];
        if (one.question.name.empty()) one.question.name = name, one.question.kind = question_kind;
        return one;
    }
    /// A question is about sets from its first answer with several labels or none on.
    static std::uint32_t value_of(Gathering& to, const Region& region) {
        if (region.labels.size() == 1 && !to.sets) return to.values(region.labels.front());
        if (!to.sets) become_sets(to);
        std::vector<std::uint32_t> set;
        for (const auto& label : region.labels) set.push_back(to.labels(label));
        std::sort(set.begin(), set.end());
        set.erase(std::unique(set.begin(), set.end()), set.end());
        return to.set_of.try_emplace(set, static_cast<std::uint32_t>(to.set_of.size()))
            .first->second;
    }
    static void become_sets(Gathering& to) {
        to.sets = true;
        std::uint32_t value = 0;
        for (const auto& name : to.values.take()) to.set_of[{to.labels(name)}] = value++;
    }
    static void name_sets(Gathering& one) {
        auto& q = one.question;
        q.labels = one.labels.take();
        q.values.resize(one.set_of.size());
        q.sets.resize(one.set_of.size());
        for (const auto& [set, value] : one.set_of) {
            std::string name;
            for (const auto label : set) name += (name.empty() ? "" : " + ") + q.labels[label];
            q.values[value] = name.empty() ? "(none)" : name;
            q.sets[value] = set;
        }
    }
    /// Numbers by size, other names as they came.
    static void order_rating(CrowdQuestion& q) {
        std::vector<std::uint32_t> order(q.values.size()), place(q.values.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
            return std::atof(q.values[a].c_str()) < std::atof(q.values[b].c_str());
        });
        std::vector<std::string> names;
        for (std::uint32_t i = 0; i < order.size(); ++i)
            place[order[i]] = i, names.push_back(q.values[order[i]]);
        for (auto& answer : q.answers) answer.value = place[answer.value];
        q.values = std::move(names);
    }

    Crowd out_;
    Numbered items_, people_;
    PieceGatherer pieces_;
    std::string path_person_, text_;
    std::uint32_t item_ = 0;
    std::size_t paths_ = 0, rows_of_path_ = 0;
    std::vector<std::uint32_t> first_path_;
    std::unordered_map<std::string, std::uint32_t> by_text_;
    std::unordered_map<std::string, std::uint32_t> times_seen_;
    std::unordered_set<std::uint32_t> answered_;
    std::map<std::string, Gathering> questions_;
};

/// True when the entry was a crowd table and has been read.
Result<bool> read_table(const Source& source, const SourceEntry& entry, bool transcripts,
                        Gatherer& to) {
    CsvRows rows(TRY(source.open(entry.name)), 0);
    const auto header = TRY(rows.next());
    if (!header) return false;
    const auto columns = crowd_columns(header->cells, transcripts);
    if (!columns) return false;
    const auto last = std::max({columns->item, columns->person, columns->label});
    for (;;) {
        auto record = TRY(rows.next());
        if (!record) return true;
        to.row();
        const auto where = entry.name + ":" + std::to_string(record->line);
        if (!record->fault.empty()) {
            to.fault(where, std::string(record->fault));
        } else if (record->cells.size() <= last) {
            to.fault(where, "it has " + std::to_string(record->cells.size()) + " cells of " +
                                std::to_string(header->cells.size()));
        } else if (record->cells[columns->label].empty()) {
            to.fault(where, "it has no label");
        } else if (columns->is_transcript) {
            to.transcript(record->cells[columns->item], record->cells[columns->person],
                          bare_column(header->cells[columns->label]),
                          record->cells[columns->label]);
        } else {
            Region region;
            region.control = header->cells[columns->label];
            region.labels = {record->cells[columns->label]};
            to.answer(record->cells[columns->item], record->cells[columns->person], region);
        }
    }
}

Result<> read_format(const Format& format, std::shared_ptr<const Source> source, Gatherer& to) {
    if (!format.read)
        return Refusal{Code::unsupported, std::string(format.title) + " cannot be read."};
    to.from(format.name);
    ReadContext context;
    const auto reader = TRY(format.read(std::move(source), context));
    for (;;) {
        const auto row = TRY(reader->next());
        if (!row) return Done{};
        to.row();
        if (row->outcome == RowOutcome::rejected) {
            to.fault(row->where, row->reason);
            continue;
        }
        to.begin(*row);
        for (const auto& annotation : row->annotations)
            if (!annotation.skipped) to.answers(annotation.person, annotation.regions);
        if (row->annotations.empty())
            for (const auto& draft : row->drafts)
                to.answers(draft.model == "imported" ? "" : draft.model, draft.regions);
    }
}

/// Several files of one kind, or several folders: each is somebody's.
bool is_by_person(const std::vector<std::string>& paths) {
    namespace fs = std::filesystem;
    std::error_code none;
    const auto kind = [&](const std::string& path) {
        return fs::is_directory(path, none) ? "/"
                                            : lower_ascii(fs::path(path).extension().string());
    };
    return paths.size() > 1 && std::all_of(paths.begin(), paths.end(), [&](const auto& path) {
               return fs::exists(path, none) && kind(path) == kind(paths.front());
           });
}

}  // namespace

Distance CrowdQuestion::distance() const {
    if (!sets.empty()) return Distance::masi(sets);
    return kind == ControlKind::rating ? Distance::ordinal() : Distance::nominal();
}
std::string_view CrowdQuestion::distance_name() const {
    if (!sets.empty()) return "MASI";
    return kind == ControlKind::rating ? "ordinal" : "nominal";
}

Result<std::optional<Crowd>> read_crowd_tables(const Source& source, bool transcripts) {
    Gatherer to;
    bool is_table = false;
    for (const auto& entry : source.entries()) {
        const auto name = lower_ascii(entry.name);
        if (name.ends_with(".csv") || name.ends_with(".tsv"))
            is_table = TRY(read_table(source, entry, transcripts, to)) || is_table;
    }
    if (!is_table) return std::optional<Crowd>();
    to.from("crowd table");
    return std::optional(TRY(to.finish()));
}

Result<Crowd> read_crowd(const std::vector<std::string>& paths, const std::string& format) {
    std::shared_ptr<const Source> source = TRY(open_import(paths));
    Gatherer to;
    if (format.empty())
        if (auto tables = TRY(read_crowd_tables(*source, true))) return *std::move(tables);
    if (!is_by_person(paths)) {
        const auto* found = TRY(format_to_read(*source, format));
        to.path("");
        TRY(read_format(*found, std::move(source), to));
        return to.finish();
    }
    for (const auto& path : paths) {
        std::shared_ptr<const Source> one = TRY(open_import({path}));
        const auto* found = TRY(format_to_read(*one, format));
        const auto stem = std::filesystem::path(path).lexically_normal();
        to.path((stem.has_filename() ? stem : stem.parent_path()).stem().string());
        TRY(read_format(*found, std::move(one), to));
    }
    return to.finish();
}

}  // namespace countersign
