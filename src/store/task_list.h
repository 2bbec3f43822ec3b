// Lists of many tasks: filtered, sorted, page by page.
//
// Strategy. A page never costs more than its bound, whatever is asked of however many tasks:
//
// 1. Every part of the filter that has an index is asked for a few thousand tasks at most. If one
//    has fewer, only those are looked at: rare things are found at once.
// 2. Otherwise the tasks are walked in the order that is asked for, by an index, in windows of
//    ids. What is walked is what the most selective index in that order gives. A page ends when it
//    is full or has looked at its share of tasks; its cursor says how far it looked, so a page may
//    hold fewer rows than asked for, even none, and still have a next one.
//
// Cursors are keysets: they hold the sort value and the id of the last task that was looked at.
// What a caller may not see (core/task_filter.h) is left out of the statements themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/task_filter.h"
#include "store/task_store.h"

namespace countersign {

struct TaskAsk {
    Id project = 0;
    TaskFilter filter;
    TaskSort sort;
    Id caller = 0;    ///< "me", and whose blind tasks are listed as tasks without a draft.
    bool all = true;  ///< False: labels count only of tasks that are done.
    Millis now = 0;
    std::int64_t looks = 0;  ///< Tasks that a page may look at; 0: the usual bound.
};

struct TaskRow {
    Task task;
    std::optional<Action> action;
    std::string person;  ///< Who decided, display name.
    std::string labels;  ///< Label names of the current label, comma separated.
    std::optional<double> probability;
    bool flagged = false;
    Millis decided = 0;
    std::string holder;      ///< Who has it on the desk, display name; empty: nobody.
    Millis lease_until = 0;  ///< Until when; 0: nobody has it.
    std::string for_person;  ///< Whom it is meant for, display name; empty: anybody.
};

struct TaskPage {
    std::vector<TaskRow> rows;
    std::string next;  ///< Cursor of the next page; empty: this was the last.
};
/// Refuses a filter that names a person or model there is not, and a cursor of another sort.
Result<TaskPage> list_tasks(Session& s, const TaskAsk& ask, std::string_view cursor, int limit);

/// The same, without what is in the tasks.
struct TaskIdPage {
    std::vector<Id> tasks;
    std::string next;
};
Result<TaskIdPage> match_tasks(Session& s, const TaskAsk& ask, std::string_view cursor, int limit);

/// Those of `tasks`, of which there are at most 3,000, that match, in the order of their ids.
constexpr std::size_t most_matched = 3'000;
Result<std::vector<Id>> matching(Session& s, const TaskAsk& ask, std::vector<Id> tasks);

/// How many tasks match: exactly when that is cheap, else more than `count`.
struct TaskCount {
    std::int64_t count = 0;
    bool more = false;
};
Result<TaskCount> count_tasks(Session& s, const TaskAsk& ask);

/// The rows of tasks, in the order of their ids given; those of other projects are left out.
std::vector<TaskRow> task_rows(Session& s, const TaskAsk& ask, const std::vector<Id>& tasks);

}  // namespace countersign
