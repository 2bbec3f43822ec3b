#include "app/lists.h"

#include <algorithm>

#include "app/gold_view.h"
#include "app/sight.h"
#include "base/text.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_views = 100, most_name = 80, most_columns = 20, most_column = 40;

Refusal no_view(Id id) {
    return {Code::not_found,
            "There is no view " + wire_id('v', id) + ": it may have been deleted."};
}

Refusal name_taken(const std::string& name) {
    return {Code::conflict, "There is a view \"" + name + "\" already: choose another name."};
}

Result<> check_view(const Caller& caller, const TaskView& view) {
    if (view.name.empty() || view.name.size() > most_name || !is_utf8(view.name) ||
        trim(view.name) != view.name)
        return Refusal{Code::invalid,
                       "name must be UTF-8 of 1 to 80 bytes, without spaces at its ends."};
    if (view.columns.size() > most_columns)
        return Refusal{Code::invalid, "columns may hold at most 20 names."};
    for (const auto& column : view.columns)
        if (column.empty() || column.size() > most_column ||
            !std::all_of(column.begin(), column.end(),
                         [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }))
            return Refusal{Code::invalid, "columns must be names in lower case, as labels."};
    return check_may_ask(caller, view.filter, view.sort);
}

Result<> check_owner(const Caller& caller, Id person) {
    if (person == caller.person || (person == 0 && sees_everything(caller.role))) return Done{};
    return Refusal{Code::forbidden,
                   "Supervisors make and change the views that everybody sees: keep one of your "
                   "own instead."};
}

Refusal project_missing(Id id) {
    return {Code::not_found, "There is no project " + wire_id('p', id) + "."};
}

}  // namespace

Result<> check_may_list(Session& s, const Caller& caller, Id project) {
    const auto about = find_project(s, project);
    if (!about) return project_missing(project);
    if (!gold_is_hidden(s, caller, *about)) return Done{};
    return Refusal{Code::forbidden,
                   "In this project only supervisors list tasks: some have a known answer. What "
                   "you decided yourself is under your recent decisions."};
}

void veil(TaskRow& row) {
    row.probability.reset();
    row.holder.clear();
    row.lease_until = 0;
    row.for_person.clear();
}

Result<TaskAsk> ask_for(const Caller& caller, Id project, const TaskFilter& filter,
                        const TaskSort& sort, Millis now) {
    TRY(check_may_ask(caller, filter, sort));
    TaskAsk out;
    out.project = project;
    out.filter = filter;
    out.sort = sort;
    out.caller = caller.person;
    out.all = sees_everything(caller.role);
    out.now = now;
    return out;
}

Result<TaskPage> Lists::tasks(const Caller& caller, Id project, const TaskFilter& filter,
                              const TaskSort& sort, std::string_view cursor, int limit) {
    const auto ask = TRY(ask_for(caller, project, filter, sort, world_.clock.now()));
    auto page = TRY(world_.db.read([&](Session& s) -> Result<TaskPage> {
        TRY(check_may_list(s, caller, project));
        return list_tasks(s, ask, cursor, std::clamp(limit, 1, 200));
    }));
    if (!ask.all)
        for (auto& row : page.rows) veil(row);
    return page;
}

Result<TaskCount> Lists::count(const Caller& caller, Id project, const TaskFilter& filter) {
    const auto ask = TRY(ask_for(caller, project, filter, {}, world_.clock.now()));
    return world_.db.read([&](Session& s) -> Result<TaskCount> {
        TRY(check_may_list(s, caller, project));
        return count_tasks(s, ask);
    });
}

Result<std::vector<TaskView>> Lists::views(const Caller& caller, Id project) {
    return world_.db.read([&](Session& s) -> Result<std::vector<TaskView>> {
        if (!find_project(s, project)) return project_missing(project);
        auto found = list_views(s, project, caller.person);
        std::erase_if(found, [&](const TaskView& view) {
            return !check_may_ask(caller, view.filter, view.sort);
        });
        return found;
    });
}

Result<TaskView> Lists::find_view(const Caller& caller, Id id) {
    auto found = world_.db.read([&](Session& s) { return countersign::find_view(s, id); });
    if (!found || (found->person != 0 && found->person != caller.person)) return no_view(id);
    return *std::move(found);
}

Result<TaskView> Lists::add_view(const Caller& caller, TaskView view) {
    TRY(check_view(caller, view));
    TRY(check_owner(caller, view.person));
    view.created_by = caller.person;
    view.created = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<TaskView> {
        if (!find_project(s, view.project)) return project_missing(view.project);
        if (list_views(s, view.project, caller.person).size() >= most_views)
            return Refusal{Code::conflict, "There are 100 views already: delete one first."};
        const auto id = insert_view(s, view);
        if (!id) return name_taken(view.name);
        TaskView out = view;
        out.id = *id;
        return out;
    });
}

Result<TaskView> Lists::change_view(const Caller& caller, TaskView view) {
    const auto before = TRY(find_view(caller, view.id));
    TRY(check_owner(caller, before.person));
    TRY(check_owner(caller, view.person));
    TRY(check_view(caller, view));
    return world_.db.write([&](Session& s) -> Result<TaskView> {
        if (!countersign::find_view(s, view.id)) return no_view(view.id);
        if (!update_view(s, view)) return name_taken(view.name);
        return view;
    });
}

Result<> Lists::delete_view(const Caller& caller, Id id) {
    const auto view = TRY(find_view(caller, id));
    TRY(check_owner(caller, view.person));
    world_.db.write([&](Session& s) { countersign::delete_view(s, id); });
    return Done{};
}

}  // namespace countersign
