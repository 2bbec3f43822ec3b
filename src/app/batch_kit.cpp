#include "app/batch_kit.h"

#include <algorithm>
#include <set>

#include "app/prefill.h"
#include "core/label_names.h"
#include "store/desk_store.h"
#include "store/project_store.h"

namespace countersign {

Result<std::shared_ptr<const Project>> batch_project(World& world, Id id) {
    auto project = world.cache->project(world.db, world.clock, id);
    if (!project) return Refusal{Code::not_found, "There is no project " + wire_id('p', id) + "."};
    if (project->archived)
        return Refusal{Code::conflict, "The project \"" + project->name +
                                           "\" is archived: restore it to go on labelling."};
    return project;
}

Result<> check_class(const Project& project, const ItemClass& what) {
    const Control* control = project.schema.control(what.control);
    if (!control || !Schema::find_label(*control, what.label))
        return Refusal{Code::not_found, "The schema has no label \"" + what.label +
                                            "\" in the control \"" + what.control + "\"."};
    if (!answers_all(project.schema, what.control))
        return Refusal{Code::invalid,
                       "Other controls must be answered too, which a grid cannot: review these "
                       "tasks at the desk."};
    return Done{};
}

Refusal no_batch(Id batch) {
    return {Code::not_found, "You have no batch " + wire_id('b', batch) + "."};
}

Result<Batch> own_batch(Session& s, const Caller& caller, Id batch) {
    auto found = find_batch(s, batch);
    if (!found || found->person != caller.person) return no_batch(batch);
    return *std::move(found);
}

KeptChances::KeptChances(Session& s, const Project& project)
    : routine_from_(project.policy.routine_from) {
    struct Seen {
        std::vector<double> claimed;
        std::vector<std::uint8_t> kept;
    };
    std::map<Id, Seen> seen;
    for (const auto& one : kept_lately(s, project)) {
        auto& of_model = seen[one.model];
        of_model.claimed.push_back(one.claimed);
        of_model.kept.push_back(one.kept ? 1 : 0);
    }
    for (const auto& [model, of_model] : seen)
        by_model_[model] = {fit_platt(of_model.claimed, of_model.kept), of_model.kept.size()};
}

Candidate KeptChances::mapped(Candidate one) const {
    if (one.calibrated) return one;
    // Claims of which little is known are doubted: log-odds are taken off until enough answers are
    // there.
    constexpr std::size_t enough = 50;
    constexpr double doubt = 3;
    const auto known = by_model_.find(one.model);
    const Map map = known == by_model_.end() ? Map{} : known->second;
    const double missing =
        static_cast<double>(enough - std::min(enough, map.answers)) / static_cast<double>(enough);
    one.probability = Platt{1, -doubt * missing}(map.platt(one.probability));
    one.calibrated = map.answers >= enough;
    return one;
}

void each_routine(Session& s, const Project& project, Id person,
                  const std::optional<ItemClass>& one,
                  const std::function<void(const Candidate&, std::string_view class_text)>& each) {
    const KeptChances chances(s, project);
    each_candidate(s, project, person, one, [&](const Candidate& found, std::string_view text) {
        const auto mapped = chances.mapped(found);
        if (chances.is_routine(mapped)) each(mapped, text);
    });
}

void set_chances(Session& s, const Project& project, std::vector<BatchItem>& items) {
    if (items.empty()) return;
    const KeptChances chances(s, project);
    for (auto& item : items) {
        const auto found = find_candidate(s, item.task.id, item.assignment.draft);
        if (!found) continue;
        const auto mapped = chances.mapped(*found);
        item.probability = mapped.probability;
        item.calibrated = mapped.calibrated;
    }
}

void add_to(ClassTotal& total, const Candidate& one) {
    ++total.count;
    total.calibrated += one.calibrated ? 1 : 0;
    total.expected_wrong += 1 - one.probability;
}

std::vector<BatchItem> load_items(Session& s, const Project& project,
                                  const std::vector<Assignment>& held) {
    std::vector<BatchItem> out;
    const LabelNames names(project.schema);
    for (const auto& assignment : held) {
        auto leased = load_leased(s, assignment);
        if (!leased.draft) continue;
        leased.draft->regions = names.now(std::move(leased.draft->regions));
        auto filled = prefill(*leased.draft, project.policy);
        if (filled.regions.empty() || !filled.maybes.empty()) continue;
        BatchItem item;
        item.task = std::move(leased.task);
        item.media = std::move(leased.media);
        item.assignment = assignment;
        item.regions = std::move(filled.regions);
        out.push_back(std::move(item));
    }
    return out;
}

Result<std::vector<Judged>> judge_items(World& world, const Project& project, const Caller& caller,
                                        const BatchAnswer& answer) {
    if (answer.tasks.empty() || answer.tasks.size() > Batches::most_items)
        return Refusal{Code::invalid, "Send from 1 to 200 tasks."};
    const std::set<Id> marked(answer.marked.begin(), answer.marked.end());
    return world.db.read([&](Session& s) -> Result<std::vector<Judged>> {
        std::vector<Judged> out;
        for (const auto& [task, assignment] : answer.tasks) {
            auto held = find_assignment(s, assignment);
            if (!held || held->person != caller.person || held->task != task ||
                held->arm != Arm::assisted || held->draft == 0)
                return Refusal{Code::not_found, "There is no assignment " +
                                                    wire_id('s', assignment) + " of task " +
                                                    wire_id('t', task) +
                                                    " to you in a batch: open the batch again."};
            auto items = load_items(s, project, {*held});
            if (items.empty()) continue;
            const auto& item = items.front();
            const auto text = item_text(item.task, project.schema.source);
            auto regions = TRY(check_regions(
                project.schema, std::move(items.front().regions),
                {item.media.width, item.media.height, text, item.media.seconds}, true));
            out.push_back({*held, std::move(regions), marked.contains(task)});
        }
        return out;
    });
}

std::optional<Annotation> accept_one(Session& s, const Project& project, const Judged& one,
                                     std::int64_t active_ms, Millis now) {
    Answer answer;
    answer.task = one.held.task;
    answer.person = one.held.person;
    answer.assignment = one.held.id;
    answer.regions = one.regions;
    for (auto& region : answer.regions) region.origin = Origin::model;
    answer.action = Action::accepted;
    answer.active_ms = active_ms;
    auto written = record_answer(s, project, answer, now);
    if (!written) return std::nullopt;
    return *std::move(written);
}

Event batch_event(const Batch& batch, std::string kind, const Json& more, Millis now) {
    Json body = {{"batch", wire_id('b', batch.id)},
                 {"control", batch.what.control},
                 {"label", batch.what.label}};
    body.update(more);
    Event event;
    event.project = batch.project;
    event.kind = std::move(kind);
    event.person = batch.person;
    event.body = to_text(body);
    event.created = now;
    return event;
}

Event acceptance_event(const Project& project, const Annotation& a, const Batch& batch) {
    Json body = {{"annotation", wire_id('a', a.id)},
                 {"action", std::string(name_of(a.action))},
                 {"arm", std::string(name_of(a.arm))},
                 {"draft", wire_id('d', a.draft)},
                 {"regions_sha256", hex(sha256(regions_text(a.regions)))},
                 {"batch", wire_id('b', batch.id)}};
    if (batch.most_wrong >= 0) {
        body["most_wrong"] = batch.most_wrong;
        body["population"] = batch.population;
        body["confidence"] = 1 - batch.delta;
    }
    Event event;
    event.project = project.id;
    event.kind = "annotation.submitted";
    event.person = a.person;
    event.task = a.task;
    event.body = to_text(body);
    event.created = a.created;
    return event;
}

bool good_enough(const Batch& batch) {
    return batch.most_wrong >= 0 && static_cast<double>(batch.most_wrong) <=
                                        batch.alpha * static_cast<double>(batch.population) + 1e-9;
}

BatchStand stand_of(Session& s, const Batch& batch, std::int64_t from, std::int64_t below) {
    BatchStand out;
    out.batch = batch;
    constexpr std::int64_t all = std::int64_t{1} << 40;
    const auto count = [&](BatchState state) {
        return count_batch_tasks(s, batch.id, state, 0, all);
    };
    out.accepted = count(BatchState::accepted) + count(BatchState::unseen);
    out.marked = count(BatchState::marked);
    out.lost = count(BatchState::lost);
    out.remaining = count_batch_tasks(s, batch.id, BatchState::waits, from, below);
    out.progress = find_progress(s, batch.project);
    return out;
}

}  // namespace countersign
