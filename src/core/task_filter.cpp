#include "core/task_filter.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/ids.h"
#include "base/text.h"
#include "core/task.h"

namespace countersign {

namespace {

constexpr std::size_t most_bytes = 2000, most_terms = 32, most_values = 50, most_word = 400;

template <class E>
std::vector<std::string_view> names_of() {
    std::vector<std::string_view> out;
    for (const auto& row : enum_names(E{})) out.push_back(row.name);
    return out;
}

std::vector<FilterFieldRow> make_fields() {
    using enum FilterKind;
    using F = FilterField;
    auto actions = names_of<Action>();
    std::erase(actions, name_of(Action::skipped));
    return {
        {F::state, "state", choice, true, "where it stands", names_of<TaskState>()},
        {F::lane, "lane", choice, true, "why it comes to a person", names_of<Lane>()},
        {F::label, "label", label, true, "a label it has: label:cat, or of one control animal=cat"},
        {F::action, "action", choice, true, "how its label came about", actions},
        {F::by, "by", word, true, "who stands for its label: a sign-in name, or me"},
        {F::flagged, "flagged", yes_no, true, "its label has a flag"},
        {F::commented, "commented", yes_no, true, "somebody commented on it"},
        {F::text, "text", word, true, "part of its key or data, capitals or not"},
        {F::key, "key", word, true, "part of its key, capitals or not"},
        {F::file, "file", word, true, "the last part of its key, behind a slash, exactly"},
        {F::import_job, "import", word, true, "the import that brought it: j..."},
        {F::created, "created", time, true, "when it was imported"},
        {F::decided, "decided", time, true, "when its label was decided"},
        {F::assigned, "assigned", word, true, "whom it is meant for: a sign-in name, me or anyone"},
        {F::drafted, "drafted", yes_no, false, "it has a draft"},
        {F::probability, "probability", number, false, "calibrated, of its draft"},
        {F::confidence, "confidence", number, false, "what the model claims of its draft"},
        {F::model, "model", word, false, "the model that wrote its draft"},
        {F::arm, "arm", choice, false, "the arm an answer of it was given in", names_of<Arm>()},
    };
}

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}
std::string list_of_names(const std::vector<std::string_view>& names) {
    std::string out;
    for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}
Refusal at_fault(std::string_view part, std::string_view why) {
    return {Code::invalid, "The filter's part " + quoted(part) + ": " + std::string(why)};
}

bool is_plain(char c) {
    return c != ' ' && c != ',' && c != '=' && c != '"' && c != '\\' &&
           static_cast<unsigned char>(c) > 0x1f && c != 0x7f;
}

/// Reads the text from left to right.
class Scan {
public:
    explicit Scan(std::string_view text) : left_(text) {}
    bool ended() const { return left_.empty(); }
    bool take(char c) {
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    /// Goes past a character, all of its bytes.
    void take_character() {
        do left_.remove_prefix(1);
        while (!left_.empty() && (static_cast<unsigned char>(left_.front()) & 0xc0) == 0x80);
    }
    std::string_view left() const { return left_; }
    /// What plainly stands here, maybe nothing.
    std::string_view plain() {
        std::size_t n = 0;
        while (n < left_.size() && is_plain(left_[n])) ++n;
        const auto out = left_.substr(0, n);
        left_.remove_prefix(n);
        return out;
    }
    /// A plain or quoted word; nothing when a quote is not closed or escapes something else.
    std::optional<std::string> word() {
        if (!take('"')) return std::string(plain());
        std::string out;
        while (!left_.empty()) {
            const char c = left_.front();
            left_.remove_prefix(1);
            if (c == '"') return out;
            if (c != '\\') {
                out += c;
                continue;
            }
            if (left_.empty() || (left_.front() != '"' && left_.front() != '\\')) break;
            out += left_.front();
            left_.remove_prefix(1);
        }
        return std::nullopt;
    }

private:
    std::string_view left_;
};

std::optional<double> number_from(std::string_view text) {
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || !(out >= 0 && out <= 1))
        return std::nullopt;
    return out;
}

/// `n` digits at `at` as a number.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t n) {
    int out = 0;
    if (at + n > text.size()) return std::nullopt;
    for (const char c : text.substr(at, n)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

/// A moment and how much of time it names: a day, a minute, or (an age) no more than itself.
struct Moment {
    Millis at = 0, span = 0;
};
constexpr Millis minute = 60'000, hour = 60 * minute, day = 24 * hour;

std::optional<Moment> age_from(std::string_view text, Millis now) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end + 1 != text.data() + text.size() || count < 0 || count > 99'999)
        return std::nullopt;
    const Millis unit = *end == 'm' ? minute : *end == 'h' ? hour : *end == 'd' ? day : 0;
    if (unit == 0) return std::nullopt;
    return Moment{now - count * unit, 0};
}

bool is_age(std::string_view text) {
    return !text.empty() && (text.back() == 'm' || text.back() == 'h' || text.back() == 'd');
}

std::optional<Moment> moment_from(std::string_view text, Millis now) {
    if (text.size() != 10 && text.size() != 16) return age_from(text, now);
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), of_month = digits(text, 8, 2);
    if (!year || !month || !of_month || text[4] != '-' || text[7] != '-') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*of_month))};
    if (!date.ok()) return std::nullopt;
    const Millis start =
        std::chrono::sys_days(date).time_since_epoch().count() * static_cast<Millis>(day);
    if (text.size() == 10) return Moment{start, day};
    const auto hours = digits(text, 11, 2), minutes = digits(text, 14, 2);
    if (text[10] != 'T' || text[13] != ':' || !hours || !minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return Moment{start + *hours * hour + *minutes * minute, minute};
}

/// "low..high" of a field, its ends still as written. `part`: what was read so far, for a refusal.
template <class Part>
Result<FilterValue> range_from(const FilterFieldRow& field, std::string_view text,
                               const Part& part) {
    const bool number = field.kind == FilterKind::number;
    const auto complaint = [&] {
        return at_fault(part(), number ? "say a range of numbers from 0 to 1, as 0.2..0.6 or ..0.5."
                                       : "say a range of times, as 2026-11-01..2026-11-30, 7d.. or "
                                         "2026-11-01T08:00.. (UTC).");
    };
    FilterValue out;
    const auto dots = text.find("..");
    if (dots == text.npos) {
        out.low = out.high = text;  // One day, or exactly this number.
        if (!number && age_from(text, 0)) return complaint();
    } else {
        out.low = text.substr(0, dots);
        out.high = text.substr(dots + 2);
    }
    if (out.low.empty() && out.high.empty()) return complaint();
    for (const auto& end : {out.low, out.high}) {
        if (end.empty()) continue;
        if (number ? !number_from(end) : !moment_from(end, 0)) return complaint();
    }
    if (number && !out.low.empty() && !out.high.empty() &&
        *number_from(out.low) > *number_from(out.high))
        return at_fault(part(), "the lower end comes first.");
    return out;
}

template <class Part>
Result<FilterValue> word_from(const FilterFieldRow& field, Scan& scan, const Part& part) {
    FilterValue out;
    auto word = scan.word();
    if (!word)
        return at_fault(part(), R"(a quote is not closed, or a backslash stands before something )"
                                R"(other than " or \.)");
    if (field.kind == FilterKind::label && scan.take('=')) {
        if (word->empty()) return at_fault(part(), "no control stands before the =.");
        out.control = *std::move(word);
        word = scan.word();
        if (!word) return at_fault(part(), "a quote is not closed.");
    }
    if (word->empty()) return at_fault(part(), "a value is missing.");
    if (word->size() > most_word) return at_fault(part(), "a value may have at most 400 bytes.");
    out.text = *std::move(word);
    if (field.kind == FilterKind::yes_no && out.text != "yes" && out.text != "no")
        return at_fault(part(), "say yes or no.");
    if (field.kind == FilterKind::choice &&
        std::find(field.choices.begin(), field.choices.end(), out.text) == field.choices.end())
        return at_fault(
            part(), std::string(field.name) + " is one of " + list_of_names(field.choices) + ".");
    if (field.field == FilterField::import_job && !parse_id('j', out.text))
        return at_fault(part(), "name an import by its id, as j0000000012.");
    return out;
}

Result<FilterTerm> term_from(Scan& scan) {
    const auto start = scan.left();
    const auto here = [&] { return start.substr(0, start.size() - scan.left().size()); };
    FilterTerm out;
    out.none_of = scan.take('-');
    const auto before = scan.left();
    const auto colon = before.find_first_of(": ");
    const bool named = colon != before.npos && before[colon] == ':';
    const auto name = before.substr(0, named ? colon : std::min(colon, before.size()));
    const FilterFieldRow* field = nullptr;
    std::vector<std::string_view> names;
    for (const auto& row : filter_fields()) {
        names.push_back(row.name);
        if (named && row.name == name) field = &row;
    }
    if (!field)
        return at_fault(start.substr(0, name.size() + (out.none_of ? 1 : 0)),
                        "write field:value, with one of the fields " + list_of_names(names) + ".");
    for (std::size_t i = 0; i <= colon; ++i) scan.take(scan.left().front());
    do {
        FilterValue value;
        if (field->kind == FilterKind::number || field->kind == FilterKind::time) {
            const auto text = scan.plain();
            value = TRY(range_from(*field, text, here));
        } else {
            value = TRY(word_from(*field, scan, here));
        }
        out.values.push_back(std::move(value));
    } while (scan.take(','));
    out.field = field->field;
    if (out.values.size() > most_values)
        return at_fault(start.substr(0, colon + 1), "at most 50 values.");
    if (!scan.ended() && scan.left().front() != ' ') {
        scan.take_character();
        return at_fault(here(),
                        "this cannot stand here: put values with spaces or signs in quotes "
                        "and a space between the parts.");
    }
    return out;
}

bool needs_quotes(std::string_view word) {
    return !std::all_of(word.begin(), word.end(), is_plain);
}
void append_word(std::string& out, std::string_view word) {
    if (!needs_quotes(word)) {
        out += word;
        return;
    }
    out += '"';
    for (const char c : word) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

}  // namespace

std::span<const FilterFieldRow> filter_fields() {
    static const auto rows = make_fields();
    return rows;
}

const FilterFieldRow& row_of(FilterField field) {
    const auto rows = filter_fields();
    return *std::find_if(rows.begin(), rows.end(),
                         [&](const FilterFieldRow& row) { return row.field == field; });
}

Result<TaskFilter> parse_task_filter(std::string_view text) {
    if (text.size() > most_bytes)
        return Refusal{Code::invalid, "The filter has more than 2,000 bytes: shorten it."};
    if (!is_utf8(text)) return Refusal{Code::invalid, "The filter is not UTF-8."};
    TaskFilter out;
    Scan scan(text);
    while (scan.take(' ')) {
    }
    while (!scan.ended()) {
        auto term = TRY(term_from(scan));
        out.terms.push_back(std::move(term));
        if (out.terms.size() > most_terms)
            return Refusal{Code::invalid, "The filter has more than 32 parts: drop some."};
        while (scan.take(' ')) {
        }
    }
    return out;
}

std::string filter_text(const TaskFilter& filter) {
    std::string out;
    for (const auto& term : filter.terms) {
        const auto& field = row_of(term.field);
        if (!out.empty()) out += ' ';
        if (term.none_of) out += '-';
        out += field.name;
        out += ':';
        for (const auto& value : term.values) {
            if (&value != &term.values.front()) out += ',';
            if (field.kind == FilterKind::number || field.kind == FilterKind::time) {
                out += value.low;
                if (value.low != value.high || is_age(value.low)) out += ".." + value.high;
                continue;
            }
            if (!value.control.empty()) {
                append_word(out, value.control);
                out += '=';
            }
            append_word(out, value.text);
        }
    }
    return out;
}

NumberRange number_range(const FilterValue& value) {
    return {number_from(value.low).value_or(0), number_from(value.high).value_or(1)};
}

TimeRange time_range(const FilterValue& value, Millis now) {
    TimeRange out;
    if (const auto low = moment_from(value.low, now)) out.from = low->at;
    if (const auto high = moment_from(value.high, now)) out.before = high->at + high->span;
    return out;
}

Result<TaskSort> parse_task_sort(std::string_view text) {
    TaskSort out;
    if (text.empty()) return out;
    out.down = text.front() == '-';
    const auto order = from_name<TaskOrder>(text.substr(out.down ? 1 : 0));
    if (!order)
        return Refusal{Code::invalid, "sort must be one of " +
                                          list_of_names(names_of<TaskOrder>()) +
                                          ", with - before it for the last first."};
    out.order = *order;
    return out;
}

std::string sort_text(const TaskSort& sort) {
    return (sort.down ? "-" : "") + std::string(name_of(sort.order));
}

Result<> check_may_ask(const Caller& caller, const TaskFilter& filter, const TaskSort& sort) {
    if (may(caller.role, Permission::manage_project)) return Done{};
    for (const auto& term : filter.terms) {
        const auto& field = row_of(term.field);
        const bool own = std::all_of(term.values.begin(), term.values.end(),
                                     [&](const FilterValue& value) { return value.text == "me"; });
        if (!field.for_all || (term.field == FilterField::assigned && !own))
            return Refusal{Code::forbidden,
                           "Only supervisors list tasks by \"" + std::string(field.name) +
                               (field.for_all ? "\" of others: say assigned:me, or drop it."
                                              : "\": drop it from the filter.")};
    }
    if (sort.order == TaskOrder::probability)
        return Refusal{Code::forbidden,
                       "Only supervisors sort tasks by the probability of their drafts: sort by "
                       "imported, key or decided."};
    return Done{};
}

}  // namespace countersign
