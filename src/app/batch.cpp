#include "app/batch.h"

#include <algorithm>
#include <map>

#include "app/batch_kit.h"
#include "app/gold.h"
#include "base/metrics.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

/// Tasks that one call takes back.
constexpr int most_undone = 500;

struct Found {
    ClassTotal total;
    std::vector<Candidate> least_certain;
};

Found find_least_certain(Session& s, const Project& project, Id person, const ItemClass& what,
                         int limit) {
    Found out;
    out.total.what = what;
    std::vector<Candidate> all;
    each_routine(s, project, person, what, [&](const Candidate& one, std::string_view) {
        add_to(out.total, one);
        all.push_back(one);
    });
    const auto wanted = std::min(all.size(), static_cast<std::size_t>(limit));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                      [](const Candidate& a, const Candidate& b) {
                          return std::pair(a.probability, a.task) <
                                 std::pair(b.probability, b.task);
                      });
    all.resize(wanted);
    out.least_certain = std::move(all);
    return out;
}

/// The stand of the batch that an earlier request with this key made.
Result<std::optional<BatchStand>> earlier(Session& s, const Caller& caller, Id project,
                                          const std::string& key) {
    if (key.empty()) return std::optional<BatchStand>{};
    const auto kept = find_idempotent(s, caller.person, key);
    if (!kept) return std::optional<BatchStand>{};
    const auto batch = find_batch(s, parse_id('b', *kept).value_or(0));
    if (!batch || batch->project != project)
        return Refusal{Code::conflict,
                       "The idempotency key was used for another answer: send a new key with each "
                       "answer."};
    return std::optional(stand_of(s, *batch, 0, 0));
}

std::optional<BatchStand> unfinished_sample(Session& s, Id project, Id person,
                                            const ItemClass& what) {
    const auto batch = open_sample(s, project, person, what);
    if (!batch) return std::nullopt;
    auto stand = batch->errors < 0 ? stand_of(s, *batch, 0, batch->sample)
                                   : stand_of(s, *batch, batch->sample, batch->population);
    const bool stuck = batch->errors >= 0 && !good_enough(*batch);
    return stuck || stand.remaining == 0 ? std::nullopt : std::optional(std::move(stand));
}

struct Accepted {
    BatchStand stand;
    std::vector<Annotation> annotations;
};

/// Accepts or releases each, and notes it as a task of the batch.
std::vector<Annotation> write_items(Session& s, const Project& project, const Batch& batch,
                                    const std::vector<Judged>& items, std::int64_t active_ms,
                                    Millis now) {
    std::vector<Annotation> out;
    std::vector<BatchTask> rows;
    const auto share =
        active_ms / static_cast<std::int64_t>(std::max<std::size_t>(1, items.size()));
    for (const auto& one : items) {
        BatchTask row;
        row.place = static_cast<std::int64_t>(rows.size());
        row.task = one.held.task;
        row.draft = one.held.draft;
        if (one.marked) {
            row.state = BatchState::marked;
            release_one(s, project.id, one.held);
        } else if (auto written = accept_one(s, project, one, share, now)) {
            row.state = BatchState::accepted;
            row.annotation = written->id;
            out.push_back(*std::move(written));
        } else {
            row.state = BatchState::lost;
        }
        rows.push_back(row);
    }
    insert_batch_tasks(s, batch.id, rows);
    return out;
}

}  // namespace

Result<std::vector<ClassTotal>> Batches::classes(const Caller& caller, Id project_id) {
    const auto project = TRY(batch_project(world_, project_id));
    std::map<std::string, ClassTotal, std::less<>> by_class;
    world_.db.read([&](Session& s) {
        by_class.clear();
        each_routine(s, *project, caller.person, {},
                     [&](const Candidate& one, std::string_view text) {
                         auto at = by_class.find(text);
                         if (at == by_class.end())
                             at = by_class.emplace(text, ClassTotal{class_from(text)}).first;
                         add_to(at->second, one);
                     });
    });
    std::vector<ClassTotal> out;
    for (auto& [text, total] : by_class)
        if (check_class(*project, total.what)) out.push_back(std::move(total));
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    return out;
}

Result<BatchPage> Batches::open(const Caller& caller, Id project_id, const ItemClass& what,
                                int limit) {
    const auto project = TRY(batch_project(world_, project_id));
    TRY(check_class(*project, what));
    if (project->policy.onboarding > 0 && world_.db.write([&](Session& s) {
            return onboarding_before_work(s, *project, caller).has_value();
        }))
        return Refusal{Code::forbidden,
                       "Your first tasks in this project come one by one: go to the desk."};
    // Found in a read, which may take a while on a million tasks; the short write takes those that
    // still wait.
    auto found = world_.db.read([&](Session& s) {
        return find_least_certain(s, *project, caller.person, what,
                                  std::clamp(limit, 1, most_items));
    });
    std::vector<BatchTask> wanted;
    for (const auto& one : found.least_certain) {
        BatchTask row;
        row.task = one.task;
        row.draft = one.draft;
        wanted.push_back(row);
    }
    const Millis now = world_.clock.now();
    world_.db.note_person();
    auto held = world_.db.write(
        [&](Session& s) { return lease_drafted(s, *project, caller.person, wanted, now); });
    if (!held.empty()) count(Metric::tasks_leased, static_cast<double>(held.size()));
    return world_.db.read([&](Session& s) {
        BatchPage page;
        page.total = found.total;
        page.items = load_items(s, *project, held);
        set_chances(s, *project, page.items);
        page.sample = unfinished_sample(s, project_id, caller.person, what);
        return page;
    });
}

Result<BatchStand> Batches::accept(const Caller& caller, Id project_id, const ItemClass& what,
                                   const BatchAnswer& answer) {
    const auto project = TRY(batch_project(world_, project_id));
    TRY(check_class(*project, what));
    const auto items = TRY(judge_items(world_, *project, caller, answer));
    const Millis now = world_.clock.now();
    world_.db.note_person();
    auto written = TRY(world_.db.write([&](Session& s) -> Result<Accepted> {
        Accepted out;
        if (auto before = TRY(earlier(s, caller, project_id, answer.idempotency_key))) {
            out.stand = std::move(*before);
            return out;
        }
        Batch batch;
        batch.project = project_id;
        batch.person = caller.person;
        batch.what = what;
        batch.created = now;
        batch.id = insert_batch(s, batch);
        out.annotations = write_items(s, *project, batch, items, answer.active_ms, now);
        if (!answer.idempotency_key.empty())
            save_idempotent(s, caller.person, answer.idempotency_key, wire_id('b', batch.id), now);
        out.stand = stand_of(s, batch, 0, 0);
        // Last, because other answers to the project wait from here to the commit.
        for (const auto& a : out.annotations)
            append_event(s, acceptance_event(*project, a, batch), world_.key);
        append_event(
            s,
            batch_event(batch, "batch.accepted",
                        {{"accepted", out.stand.accepted}, {"marked", out.stand.marked}}, now),
            world_.key);
        return out;
    }));
    for (const auto& a : written.annotations) {
        count(Metric::decisions);
        if (world_.decided) world_.decided(*project, a);
    }
    return std::move(written.stand);
}

Result<BatchStand> Batches::undo(const Caller& caller, Id id) {
    const Batch known = TRY(world_.db.read([&](Session& s) { return own_batch(s, caller, id); }));
    const auto project = TRY(batch_project(world_, known.project));
    const Millis now = world_.clock.now();
    std::vector<Annotation> taken_back;
    auto written = world_.db.write([&](Session& s) -> Result<BatchStand> {
        taken_back.clear();
        auto batch = TRY(own_batch(s, caller, id));
        constexpr std::int64_t all = std::int64_t{1} << 40;
        if (batch_moved_on(s, id))
            return Refusal{Code::conflict,
                           "This batch can no longer be undone: somebody decided on one of its "
                           "tasks since. Find what is wrong in the list of tasks."};
        std::vector<Event> events;
        for (const auto state : {BatchState::accepted, BatchState::unseen}) {
            const int left = most_undone - static_cast<int>(events.size());
            for (const auto& row : batch_tasks(s, id, state, 0, all, left)) {
                const auto held = TRY(undo_answer(s, *project, row.annotation, caller.person, now));
                release_one(s, project->id, held.assignment);
                note_batch_task(s, id, row.place, BatchState::undone, row.annotation);
                taken_back.emplace_back().id = row.annotation;
                taken_back.back().task = row.task;
                Event event;
                event.project = project->id;
                event.kind = "annotation.withdrawn";
                event.person = caller.person;
                event.task = row.task;
                event.body = to_text(Json{{"annotation", wire_id('a', row.annotation)},
                                          {"batch", wire_id('b', id)}});
                event.created = now;
                events.push_back(std::move(event));
            }
        }
        // What was marked is back in the batch too.
        for (const auto& row : batch_tasks(s, id, BatchState::marked, 0, all, most_undone))
            note_batch_task(s, id, row.place, BatchState::undone, 0);
        auto out = stand_of(s, batch, 0, 0);
        out.remaining = out.accepted;
        if (out.accepted == 0 && batch.undone == 0) {
            note_undone(s, id, now);
            out.batch.undone = now;
            events.push_back(batch_event(batch, "batch.undone", Json::object(), now));
        }
        for (auto& event : events) append_event(s, std::move(event), world_.key);
        return out;
    });
    if (written && world_.withdrawn)
        for (const auto& annotation : taken_back) world_.withdrawn(*project, annotation);
    return written;
}

}  // namespace countersign
