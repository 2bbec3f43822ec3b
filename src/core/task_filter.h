// Which tasks of a project somebody asks for, in one text form: in the address of the list, in a
// saved view, at the command line, in an export, and when many tasks are changed at once.
//
//   filter = [ term *( SPACE term ) ]              every term must hold
//   term   = [ "-" ] field ":" value *( "," value ) any of the values; "-": none of them
//   value  = word | word "=" word | range           which of them: the table of fields says
//   range  = low ".." high | low ".." | ".." high   both ends included
//   word   = plain | '"' *( char | '\"' | '\\' ) '"' plain: without space , = " \ and ".."
//
//   state:ready -label:animal=cat,dog probability:..0.6 text:"late parcel" decided:7d..
//
// Times are a day (2026-11-29, UTC), a minute (2026-11-29T14:05) or an age (30m, 12h, 7d: that long
// before now); a day or minute at the upper end is included whole.
//
// What a filter may be about. Nobody learns from a list, by filtering or sorting, what the list and
// the task itself do not show them. Drafts, arms and whom a task is meant for are the supervisors'
// (a person may ask for what is meant for themselves); labels and what decided them count only of
// tasks that are done, where everybody sees them; and the draft of a task that the caller holds
// blind counts for nobody as little as it is shown: the task is listed as one without a draft.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/fields.h"
#include "core/people.h"

namespace countersign {

enum class FilterField {
    state,
    lane,
    arm,
    action,
    label,
    by,
    assigned,
    flagged,
    commented,
    drafted,
    probability,
    confidence,
    model,
    key,
    text,
    file,
    import_job,
    created,
    decided
};

/// How the values of a field are written.
enum class FilterKind { choice, yes_no, label, word, number, time };
inline std::span<const EnumName<FilterKind>> enum_names(FilterKind) {
    static constexpr EnumName<FilterKind> rows[] = {
        {FilterKind::choice, "choice"}, {FilterKind::yes_no, "yes_no"},
        {FilterKind::label, "label"},   {FilterKind::word, "word"},
        {FilterKind::number, "number"}, {FilterKind::time, "time"}};
    return rows;
}

struct FilterFieldRow {
    FilterField field;
    std::string_view name;
    FilterKind kind;
    bool for_all;  ///< False: only who may manage projects asks by it.
    std::string_view meaning;
    std::vector<std::string_view> choices = {};  ///< Of a choice, all there are.
};
std::span<const FilterFieldRow> filter_fields();
const FilterFieldRow& row_of(FilterField field);

struct FilterValue {
    std::string control;    ///< label: of this control; empty: of any.
    std::string text;       ///< choice, yes_no, label, word.
    std::string low, high;  ///< number and time, as written; empty: open.
    bool operator==(const FilterValue&) const = default;
};
struct FilterTerm {
    FilterField field = FilterField::state;
    bool none_of = false;
    std::vector<FilterValue> values;
    bool operator==(const FilterTerm&) const = default;
};
struct TaskFilter {
    std::vector<FilterTerm> terms;
    bool operator==(const TaskFilter&) const = default;
};

/// Refuses with the part at fault and what may stand there. At most 2,000 bytes, 32 terms and 50
/// values a term.
Result<TaskFilter> parse_task_filter(std::string_view text);
/// The one text of a filter: reads back as exactly the same.
std::string filter_text(const TaskFilter& filter);

/// Ends of a range that parse_task_filter() took. Numbers lie in [0, 1]; times are half-open.
struct NumberRange {
    double low = 0, high = 1;
};
NumberRange number_range(const FilterValue& value);
struct TimeRange {
    std::optional<Millis> from, before;
};
TimeRange time_range(const FilterValue& value, Millis now);

/// imported: as they came; the others have tasks without a value at the end, whichever way.
enum class TaskOrder { imported, key, probability, decided };
inline std::span<const EnumName<TaskOrder>> enum_names(TaskOrder) {
    static constexpr EnumName<TaskOrder> rows[] = {{TaskOrder::imported, "imported"},
                                                   {TaskOrder::key, "key"},
                                                   {TaskOrder::probability, "probability"},
                                                   {TaskOrder::decided, "decided"}};
    return rows;
}
struct TaskSort {
    TaskOrder order = TaskOrder::imported;
    bool down = false;
    bool operator==(const TaskSort&) const = default;
};
/// "decided", or "-decided" for the latest first; empty: as imported.
Result<TaskSort> parse_task_sort(std::string_view text);
std::string sort_text(const TaskSort& sort);

/// The rule above: refuses a field or order that is not the caller's to ask by, and names it.
Result<> check_may_ask(const Caller& caller, const TaskFilter& filter, const TaskSort& sort);

}  // namespace countersign
