#include "app/crowd.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "app/import_rows.h"
#include "base/text.h"
#include "formats/csv_rows.h"

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
        {"item", {"task", "item", "unit", "question", "object", "example", "id", "task_id"}},
        {"person", {"worker", "person", "annotator", "rater", "user", "coder", "worker_id"}},
        {"label", {"label", "answer", "response", "judgment", "judgement", "annotation", "value"}}};
    return rows;
}

struct TableColumns {
    std::size_t item = 0, person = 0, label = 0;
};

std::optional<TableColumns> crowd_columns(const std::vector<std::string>& header) {
    std::size_t found[3];
    for (std::size_t role = 0; role < 3; ++role) {
        const auto& words = column_words()[role].words;
        const auto at = std::find_if(words.begin(), words.end(), [&](std::string_view word) {
            found[role] =
                static_cast<std::size_t>(std::find_if(header.begin(), header.end(),
                                                      [&](const std::string& cell) {
                                                          return lower_ascii(trim(cell)) == word;
                                                      }) -
                                         header.begin());
            return found[role] < header.size();
        });
        if (at == words.end()) return {};
    }
    return TableColumns{found[0], found[1], found[2]};
}

/// One question while its values are still being met.
struct Gathering {
    CrowdQuestion question;
    Numbered values, labels;
    bool sets = false;
    std::map<std::vector<std::uint32_t>, std::uint32_t> set_of;
};

class Gatherer {
public:
    void answer(const std::string& item, const std::string& person, const Region& region) {
        auto& to = at(region.control, region.kind);
        const auto value = value_of(to, region);
        to.question.answers.push_back({items_(item), people_(person), value});
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
        out_.items = items_.take();
        out_.people = people_.take();
        if (out_.questions.empty())
            return Refusal{Code::invalid,
                           "Nobody answers a question in these files: agreement needs choices or "
                           "ratings, with the name of who gave them."};
        return std::move(out_);
    }
    void from(std::string_view format) { out_.from = format; }

private:
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
    std::map<std::string, Gathering> questions_;
};

/// True when the entry was a crowd table and has been read.
Result<bool> read_table(const Source& source, const SourceEntry& entry, Gatherer& to) {
    CsvRows rows(TRY(source.open(entry.name)), 0);
    const auto header = TRY(rows.next());
    if (!header) return false;
    const auto columns = crowd_columns(header->cells);
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
        } else {
            Region region;
            region.control = header->cells[columns->label];
            region.labels = {record->cells[columns->label]};
            to.answer(record->cells[columns->item], record->cells[columns->person], region);
        }
    }
}

bool is_answer(const Region& region) {
    return region.parent.empty() &&
           (region.kind == ControlKind::choices || region.kind == ControlKind::rating);
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
        const auto item = row->key.empty() ? row->where : row->key;
        for (const auto& annotation : row->annotations)
            for (const auto& region : annotation.regions)
                if (is_answer(region) && !annotation.skipped)
                    to.answer(item, annotation.person, region);
    }
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

Result<std::optional<Crowd>> read_crowd_tables(const Source& source) {
    Gatherer to;
    bool is_table = false;
    for (const auto& entry : source.entries()) {
        const auto name = lower_ascii(entry.name);
        if (name.ends_with(".csv") || name.ends_with(".tsv"))
            is_table = TRY(read_table(source, entry, to)) || is_table;
    }
    if (!is_table) return std::optional<Crowd>();
    to.from("crowd table");
    return std::optional(TRY(to.finish()));
}

Result<Crowd> read_crowd(const std::vector<std::string>& paths, const std::string& format) {
    std::shared_ptr<const Source> source = TRY(open_import(paths));
    Gatherer to;
    if (format.empty())
        if (auto tables = TRY(read_crowd_tables(*source))) return *std::move(tables);
    const auto* found =
        format.empty() ? TRY(recognise_format(*source, Modality::text)) : find_format(format);
    if (!found)
        return Refusal{Code::invalid, "There is no format \"" + format +
                                          "\": see `countersign reference formats`."};
    TRY(read_format(*found, std::move(source), to));
    return to.finish();
}

}  // namespace countersign
