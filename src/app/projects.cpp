#include "app/projects.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/gold_view.h"
#include "base/text.h"
#include "core/label_names.h"
#include "store/event_store.h"
#include "store/gold_store.h"
#include "store/label_store.h"
#include "store/notification_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr std::size_t longest_name = 200, longest_description = 10'000, longest_guideline = 200'000;
constexpr std::int64_t count_up_to = 10'000;  ///< Labels in use are counted this far.

Refusal no_project(Id id) {
    return {Code::not_found, "There is no project " + wire_id('p', id) + "."};
}

Result<> check_words(std::string_view name, std::string_view description,
                     std::string_view guideline) {
    const auto invalid = [](const char* why) { return Refusal{Code::invalid, why}; };
    if (trim(name).empty()) return invalid("Give the project a name.");
    if (name.size() > longest_name) return invalid("A project's name has at most 200 bytes.");
    if (description.size() > longest_description)
        return invalid("A project's description has at most 10,000 bytes.");
    if (guideline.size() > longest_guideline)
        return invalid("A guideline has at most 200,000 bytes.");
    return Done{};
}

void note(Session& s, World& world, std::string_view kind, const Caller& by, Id project,
          const Json& body) {
    Event event;
    event.project = project;
    event.kind = kind;
    event.person = by.person;
    event.body = to_text(body);
    event.created = world.clock.now();
    append_event(s, event, world.key);
}

/// Names of controls whose answers `after` could not hold: gone, of another kind, about something
/// else, or with another number of points.
std::vector<std::string> broken_controls(const Schema& before, const Schema& after) {
    std::vector<std::string> broken;
    for (const auto& control : before.controls) {
        const auto* kept = after.control(control.name);
        if (!kept || kept->kind != control.kind || kept->per_region != control.per_region ||
            kept->points.size() != control.points.size())
            broken.push_back(control.name);
    }
    return broken;
}

/// Tasks whose current answer has a region of each of these controls, counted up to a bound.
std::map<std::string, std::int64_t> tasks_answered(Session& s, Id project,
                                                   const std::vector<std::string>& controls) {
    std::map<std::string, std::int64_t> counts;
    const auto count = [&](const ExportRow& row) {
        for (const auto& control : controls) {
            const auto wanted = "\"control\":" + to_text(Json(control));
            for (const auto& answer : row.annotations)
                if (answer.current && answer.regions.find(wanted) != std::string_view::npos) {
                    ++counts[control];
                    break;
                }
        }
    };
    const auto enough = [&] {
        return std::all_of(controls.begin(), controls.end(),
                           [&](const auto& control) { return counts[control] >= count_up_to; });
    };
    for (Id after = 0; !enough();) {
        after = export_page(s, project, after, 1000, true, count);
        if (after == 0) break;
    }
    return counts;
}

std::string counted(const std::string& name, std::int64_t count) {
    return "\"" + name + "\" (" +
           (count >= count_up_to ? "10,000 or more" : std::to_string(count)) +
           (count == 1 ? " task)" : " tasks)");
}

Result<> check_controls_kept(Session& s, const Project& project, const Schema& after) {
    const auto broken = broken_controls(project.schema, after);
    if (broken.empty()) return Done{};
    std::string in_use;
    for (const auto& [control, count] : tasks_answered(s, project.id, broken))
        if (count > 0) in_use += (in_use.empty() ? "" : ", ") + counted(control, count);
    if (in_use.empty()) return Done{};
    return Refusal{Code::conflict,
                   "These controls have answers: " + in_use +
                       ". Keep them with their kind, what they are asked about and their number "
                       "of points, and add a new control beside them."};
}

Result<> check_nothing_orphaned(Session& s, const Project& project, const Schema& after) {
    const auto& before = project.schema;
    if ((before.modality != after.modality || before.source != after.source) &&
        find_progress(s, project.id).total > 0)
        return Refusal{Code::conflict,
                       "The project has tasks, so what an item is (\"" + before.source +
                           "\") cannot change: make a new project for other items."};
    std::string in_use;
    std::set<std::string> met;
    for (const auto& change : name_changes(before, after)) {
        if (!change.to.empty() || !met.insert(change.name).second) continue;
        const auto count = count_named(s, project.id, change.name, count_up_to);
        if (count == 0) continue;
        in_use += (in_use.empty() ? "" : ", ") + counted(change.name, count);
    }
    if (in_use.empty()) return check_controls_kept(s, project, after);
    return Refusal{Code::conflict,
                   "These labels are in use: " + in_use +
                       ". Keep them, or keep their names as aliases of the labels that replace "
                       "them."};
}

void tell_of_guideline(Session& s, const Caller& caller, const Project& project, Millis now) {
    Notification what;
    what.kind = NotificationKind::guideline_changed;
    what.project = project.id;
    what.by = caller.person;
    what.number = project.guideline_version;
    what.created = now;
    tell_all(s, what, people_at_work(s, project.id));
}

Refusal too_little_gold(int wanted, std::int64_t have) {
    return {Code::conflict, "policy.onboarding asks for " + std::to_string(wanted) +
                                " gold tasks, and the project has " + std::to_string(have) +
                                ": mark " + std::to_string(wanted - have) +
                                " more, or ask for fewer."};
}

Result<> check_onboarding(Session& s, Id project, const Policy& policy) {
    const auto have = policy.onboarding > 0 ? count_gold(s, project) : 0;
    if (have < policy.onboarding) return too_little_gold(policy.onboarding, have);
    return Done{};
}

bool same_schema(const Schema& a, const Schema& b) {
    return to_json(a) == to_json(b);
}

}  // namespace

Result<Project> Projects::create(const Caller& caller, Project project) {
    TRY(check_words(project.name, project.description, project.guideline));
    project.name = trim(project.name);
    project.schema = TRY(check_schema(std::move(project.schema)));
    project.policy = TRY(check_policy(project.policy));
    if (project.policy.onboarding > 0) return too_little_gold(project.policy.onboarding, 0);
    project.created = world_.clock.now();
    project.schema_version = project.guideline_version = 1;
    project.archived = false;
    // 63 random bits, for both engines keep it as a signed integer.
    for (const char byte : random_bytes(8))
        project.seed = project.seed << 8 | static_cast<unsigned char>(byte);
    project.seed &= ~(std::uint64_t{1} << 63);
    return world_.db.write([&](Session& s) {
        project.id = insert_project(s, project);
        note(s, world_, "project.created", caller, project.id,
             {{"name", project.name}, {"schema", to_json(project.schema)}});
        return project;
    });
}

Result<Project> Projects::find(Id id) {
    auto project = world_.cache->project(world_.db, world_.clock, id);
    if (!project) return no_project(id);
    return *project;
}

std::vector<Projects::Listed> Projects::list(Id after, int limit, bool archived) {
    return world_.db.read([&](Session& s) {
        std::vector<Listed> listed;
        constexpr int page_size = 200;
        for (Id from = after; static_cast<int>(listed.size()) < limit;) {
            auto page = list_projects(s, from, page_size);
            for (auto& project : page) {
                from = project.id;
                if (project.archived != archived) continue;
                if (static_cast<int>(listed.size()) >= limit) break;
                const auto progress = find_progress(s, project.id);
                listed.push_back({std::move(project), progress});
            }
            if (page.size() < page_size) break;
        }
        return listed;
    });
}

Result<Project> Projects::change(const Caller& caller, Id id, const Change& change) {
    auto changed = world_.db.write([&](Session& s) -> Result<Project> {
        auto found = find_project(s, id);
        if (!found) return no_project(id);
        auto project = *std::move(found);
        const auto now = world_.clock.now();
        Json body = Json::object();
        if (change.name || change.description) {
            if (change.name) project.name = trim(*change.name);
            if (change.description) project.description = *change.description;
            body["name"] = project.name;
        }
        const bool new_guideline = change.guideline && *change.guideline != project.guideline;
        if (new_guideline) project.guideline = *change.guideline;
        TRY(check_words(project.name, project.description, project.guideline));
        if (change.name || change.description)
            rename_project(s, id, project.name, project.description);
        if (new_guideline) {
            project.guideline_version =
                save_guideline(s, id, project.guideline, caller.person, now);
            body["guideline_version"] = project.guideline_version;
        }
        if (change.policy) {
            project.policy = TRY(check_policy(*change.policy));
            TRY(check_onboarding(s, id, project.policy));
            save_policy(s, id, project.policy);
            body["policy"] = to_json(project.policy);
        }
        if (change.schema) {
            auto schema = TRY(check_schema(*change.schema));
            TRY(check_nothing_orphaned(s, project, schema));
            if (!same_schema(schema, project.schema)) {
                project.schema = std::move(schema);
                project.schema_version = save_schema(s, id, project.schema, caller.person, now);
                body["schema_version"] = project.schema_version;
                body["schema"] = to_json(project.schema);
            }
        }
        if (change.archived) {
            project.archived = *change.archived;
            archive_project(s, id, project.archived);
            body["archived"] = project.archived;
        }
        if (new_guideline) tell_of_guideline(s, caller, project, now);
        if (!body.empty()) note(s, world_, "project.changed", caller, id, body);
        return project;
    });
    world_.cache->forget_project(id);
    return changed;
}

Result<std::vector<Projects::Renaming>> Projects::renamings(Id id, const Schema& wanted) {
    const auto after = TRY(check_schema(wanted));
    return world_.db.read([&](Session& s) -> Result<std::vector<Renaming>> {
        const auto project = find_project(s, id);
        if (!project) return no_project(id);
        TRY(check_nothing_orphaned(s, *project, after));
        std::vector<Renaming> out;
        for (auto& change : name_changes(project->schema, after)) {
            const auto count = count_named(s, id, change.name, count_up_to);
            if (count > 0 && !change.to.empty())
                out.push_back({std::move(change), count, count >= count_up_to});
        }
        return out;
    });
}

Result<Progress> Projects::progress(const Caller& caller, Id id) {
    const auto project = world_.cache->project(world_.db, world_.clock, id);
    if (!project) return no_project(id);
    return progress_seen(caller, *project);
}

bool Projects::hides_lists(const Caller& caller, const Project& project) {
    return world_.db.read([&](Session& s) { return gold_is_hidden(s, caller, project); });
}

Progress Projects::progress_seen(const Caller& caller, const Project& project) {
    return world_.db.read([&](Session& s) { return progress_for(s, caller, project); });
}

}  // namespace countersign
