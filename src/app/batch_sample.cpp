// Very large batches: a sample is looked at, the bound on the whole is stated, and only a bound
// that is good enough lets the rest be accepted.
#include <algorithm>
#include <map>

#include "app/batch_kit.h"
#include "base/metrics.h"
#include "quality/sampling.h"
#include "store/desk_store.h"
#include "store/event_store.h"

namespace countersign {

namespace {

/// Tasks that a sample answers for; what is beyond waits for the next.
constexpr std::size_t most_population = 100'000;

Result<> check_ask(const SampleAsk& ask) {
    const bool shares = ask.alpha > 0 && ask.alpha <= 0.5 && ask.delta > 0 && ask.delta <= 0.5;
    if (!shares || ask.errors < 0 || ask.errors > 2)
        return Refusal{Code::invalid,
                       "alpha and delta must lie above 0 and at most at 0.5, errors from 0 to 2."};
    return Done{};
}

/// In the order of the task ids, so that a drawing can be repeated.
std::vector<Candidate> population_of(Session& s, const Project& project, Id person,
                                     const ItemClass& what) {
    std::vector<Candidate> all;
    each_routine(s, project, person, what,
                 [&](const Candidate& one, std::string_view) { all.push_back(one); });
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.task < b.task; });
    if (all.size() > most_population) all.resize(most_population);
    return all;
}

Refusal no_size(const SampleAsk& ask, std::int64_t population) {
    return {Code::invalid, "No sample of " + std::to_string(population) + " tasks with " +
                               std::to_string(ask.errors) +
                               " wrong ones can show this bound: allow fewer errors or a "
                               "larger share, or look at each."};
}

/// The sample in the first places, the rest behind it.
std::vector<BatchTask> placed(const std::vector<Candidate>& population,
                              const std::vector<std::int64_t>& sample) {
    std::vector<bool> drawn(population.size(), false);
    std::vector<BatchTask> out;
    const auto put = [&](std::size_t at) {
        BatchTask row;
        row.place = static_cast<std::int64_t>(out.size());
        row.task = population[at].task;
        row.draft = population[at].draft;
        out.push_back(row);
    };
    for (const auto place : sample) {
        const auto at = static_cast<std::size_t>(place);
        drawn[at] = true;
        put(at);
    }
    for (std::size_t i = 0; i < population.size(); ++i)
        if (!drawn[i]) put(i);
    return out;
}

Result<Batch> own_sample(Session& s, const Caller& caller, Id id) {
    auto batch = TRY(own_batch(s, caller, id));
    if (batch.population == 0) return no_batch(id);
    if (batch.undone != 0)
        return Refusal{Code::conflict, "This batch was taken back: draw a new sample."};
    return batch;
}

/// The tasks of the sample that wait become lost when the caller cannot hold them any more.
std::vector<Assignment> hold_sample(Session& s, const Project& project, const Batch& batch,
                                    Millis now) {
    const auto waiting =
        batch_tasks(s, batch.id, BatchState::waits, 0, batch.sample, Batches::most_items);
    auto held = lease_drafted(s, project, batch.person, waiting, now);
    std::map<Id, bool> is_held;
    for (const auto& a : held) is_held[a.task] = true;
    for (const auto& row : waiting)
        if (!is_held.contains(row.task))
            note_batch_task(s, batch.id, row.place, BatchState::lost, 0);
    return held;
}

/// States the bound once nothing of the sample waits.
void conclude(Session& s, Batch& batch) {
    if (batch.errors >= 0 || count_batch_tasks(s, batch.id, BatchState::waits, 0, batch.sample) > 0)
        return;
    batch.errors = count_batch_tasks(s, batch.id, BatchState::marked, 0, batch.sample) +
                   count_batch_tasks(s, batch.id, BatchState::lost, 0, batch.sample);
    batch.most_wrong = most_wrong(batch.population, batch.sample, batch.errors, batch.delta);
    note_bound(s, batch.id, batch.errors, batch.most_wrong);
}

Json bound_facts(const Batch& batch) {
    return {{"population", batch.population}, {"sample", batch.sample},
            {"errors", batch.errors},         {"most_wrong", batch.most_wrong},
            {"alpha", batch.alpha},           {"confidence", 1 - batch.delta}};
}

Refusal not_good_enough(const Batch& batch) {
    if (batch.most_wrong < 0)
        return {Code::conflict, "The sample is not reviewed yet: look at the rest of it first."};
    return {Code::conflict,
            "The sample had " + std::to_string(batch.errors) + " wrong of " +
                std::to_string(batch.sample) + ": up to " + std::to_string(batch.most_wrong) +
                " of the " + std::to_string(batch.population) +
                " may be wrong, more than was asked for. Review them at the desk or in plain "
                "batches."};
}

struct Step {
    BatchStand stand;
    std::vector<Annotation> annotations;
};

}  // namespace

Result<SamplePlan> Batches::plan(const Caller& caller, Id project_id, const SampleAsk& ask) {
    TRY(check_ask(ask));
    const auto project = TRY(batch_project(world_, project_id));
    TRY(check_class(*project, ask.what));
    const auto all = world_.db.read(
        [&](Session& s) { return population_of(s, *project, caller.person, ask.what).size(); });
    SamplePlan out;
    out.population = static_cast<std::int64_t>(all);
    for (int errors = 0; errors <= 2; ++errors)
        out.sizes.push_back(sample_size(out.population, errors, ask.alpha, ask.delta));
    return out;
}

Result<BatchStand> Batches::draw(const Caller& caller, Id project_id, const SampleAsk& ask) {
    TRY(check_ask(ask));
    const auto project = TRY(batch_project(world_, project_id));
    TRY(check_class(*project, ask.what));
    const auto population = world_.db.read(
        [&](Session& s) { return population_of(s, *project, caller.person, ask.what); });
    const auto n = static_cast<std::int64_t>(population.size());
    const auto size = sample_size(n, ask.errors, ask.alpha, ask.delta);
    if (!size) return no_size(ask, n);
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<BatchStand> {
        Batch batch;
        batch.project = project_id;
        batch.person = caller.person;
        batch.what = ask.what;
        batch.population = n;
        batch.sample = *size;
        batch.alpha = ask.alpha;
        batch.delta = ask.delta;
        batch.created = now;
        batch.id = insert_batch(s, batch);
        // Another sample of the same tasks is another drawing: the batch's id counts them.
        const auto seed = project->seed ^ (static_cast<std::uint64_t>(batch.id) << 32);
        insert_batch_tasks(s, batch.id, placed(population, draw_sample(n, *size, seed)));
        append_event(s, batch_event(batch, "batch.sampled", bound_facts(batch), now), world_.key);
        return stand_of(s, batch, 0, batch.sample);
    });
}

Result<Batches::Sampled> Batches::sample(const Caller& caller, Id id) {
    const auto known = TRY(world_.db.read([&](Session& s) { return own_sample(s, caller, id); }));
    const auto project = TRY(batch_project(world_, known.project));
    const Millis now = world_.clock.now();
    world_.db.note_person();
    return world_.db.write([&](Session& s) -> Result<Sampled> {
        auto batch = TRY(own_sample(s, caller, id));
        Sampled out;
        out.items = load_items(s, *project, hold_sample(s, *project, batch, now));
        set_chances(s, *project, out.items);
        const bool open = batch.errors < 0;
        conclude(s, batch);
        out.stand = stand_of(s, batch, 0, batch.sample);
        if (open && batch.errors >= 0)
            append_event(s, batch_event(batch, "batch.bounded", bound_facts(batch), now),
                         world_.key);
        return out;
    });
}

Result<BatchStand> Batches::review(const Caller& caller, Id id, const BatchAnswer& answer) {
    const auto known = TRY(world_.db.read([&](Session& s) { return own_sample(s, caller, id); }));
    const auto project = TRY(batch_project(world_, known.project));
    const auto items = TRY(judge_items(world_, *project, caller, answer));
    const Millis now = world_.clock.now();
    const auto share = answer.active_ms / static_cast<std::int64_t>(answer.tasks.size());
    world_.db.note_person();
    auto step = TRY(world_.db.write([&](Session& s) -> Result<Step> {
        Step out;
        auto batch = TRY(own_sample(s, caller, id));
        std::map<Id, std::int64_t> place;
        for (const auto& row :
             batch_tasks(s, id, BatchState::waits, 0, batch.sample, most_items * 100))
            place[row.task] = row.place;
        for (const auto& one : items) {
            const auto at = place.find(one.held.task);
            if (at == place.end()) continue;  // A repeated request: it is written already.
            if (one.marked) {
                release_one(s, project->id, one.held);
                note_batch_task(s, id, at->second, BatchState::marked, 0);
            } else if (auto a = accept_one(s, *project, one, share, now)) {
                note_batch_task(s, id, at->second, BatchState::accepted, a->id);
                out.annotations.push_back(*std::move(a));
            } else {
                note_batch_task(s, id, at->second, BatchState::lost, 0);
            }
        }
        const bool open = batch.errors < 0;
        conclude(s, batch);
        out.stand = stand_of(s, batch, 0, batch.sample);
        Batch plain = batch;
        plain.most_wrong = -1;  // These were looked at.
        for (const auto& a : out.annotations)
            append_event(s, acceptance_event(*project, a, plain), world_.key);
        if (open && batch.errors >= 0)
            append_event(s, batch_event(batch, "batch.bounded", bound_facts(batch), now),
                         world_.key);
        return out;
    }));
    for (const auto& a : step.annotations) {
        count(Metric::decisions);
        if (world_.decided) world_.decided(*project, a);
    }
    return std::move(step.stand);
}

Result<BatchStand> Batches::rest(const Caller& caller, Id id) {
    const auto known = TRY(world_.db.read([&](Session& s) { return own_sample(s, caller, id); }));
    const auto project = TRY(batch_project(world_, known.project));
    const Millis now = world_.clock.now();
    constexpr std::int64_t all = std::int64_t{1} << 40;
    return world_.db.write([&](Session& s) -> Result<BatchStand> {
        const auto batch = TRY(own_sample(s, caller, id));
        if (!good_enough(batch)) return not_good_enough(batch);
        const auto waiting = batch_tasks(s, id, BatchState::waits, batch.sample, all, most_items);
        std::map<Id, std::int64_t> place;
        for (const auto& row : waiting) place[row.task] = row.place;
        std::vector<Annotation> written;
        for (auto& item :
             load_items(s, *project, lease_drafted(s, *project, caller.person, waiting, now))) {
            const Judged one{item.assignment, std::move(item.regions)};
            if (auto a = accept_one(s, *project, one, 0, now)) {
                note_batch_task(s, id, place[a->task], BatchState::unseen, a->id);
                place.erase(a->task);
                written.push_back(*std::move(a));
            }
        }
        for (const auto& [task, at] : place) note_batch_task(s, id, at, BatchState::lost, 0);
        auto stand = stand_of(s, batch, batch.sample, all);
        for (const auto& a : written)
            append_event(s, acceptance_event(*project, a, batch), world_.key);
        if (stand.remaining == 0 && !waiting.empty())
            append_event(s, batch_event(batch, "batch.accepted", bound_facts(batch), now),
                         world_.key);
        return stand;
    });
}

}  // namespace countersign
