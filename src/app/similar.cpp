#include "app/similar.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "app/jobs.h"
#include "app/lists.h"
#include "app/sight.h"
#include "base/log.h"
#include "models/embedder.h"
#include "models/neighbours.h"
#include "store/embedding_store.h"
#include "store/job_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr int blocks_at_once = 32;
constexpr std::size_t settled_at_once = 500;
constexpr auto worth_waiting = std::chrono::milliseconds(800);
/// An item's ids, links and place in the tables, beside its embedding.
constexpr std::size_t beside_embedding = 260;
constexpr std::string_view embed_job = "embed";

/// The embeddings of one project in memory. Filled by the keeper and, a little at a time, by those
/// who ask.
class SimilarIndex {
public:
    SimilarIndex(World& world, Embedder embedder)
        : near(embedder.dims), world_(world), embedder_(std::move(embedder)) {}

    Neighbours near;
    std::atomic<Millis> used = 0;
    std::atomic<bool> loaded = false;

    const Embedder& embedder() const { return embedder_; }
    /// What makes embeddings of texts; none for pictures.
    const TextEmbedder* texts() const { return texts_.get(); }

    /// Reads some of what was stored since; true when there may be more.
    bool catch_up() {
        std::scoped_lock hold(turn_);
        int blocks = 0;
        world_.db.read([&](Session& s) {
            if (!texts_ && embedder_.features == "text") open_texts(s);
            const Id last =
                embeddings_after(s, embedder_, last_, blocks_at_once,
                                 [&](std::span<const Id> tasks, std::string_view vectors) {
                                     near.add(tasks, vectors);
                                     ++blocks;
                                 });
            last_ = std::max(last_, last);
        });
        if (blocks == blocks_at_once) return true;
        loaded = true;
        return false;
    }

private:
    void open_texts(Session& s) {
        auto opened = TextEmbedder::from(embedder_state(s, embedder_.id));
        if (!opened) throw Breakdown(opened.refusal().message);
        texts_ = std::make_unique<TextEmbedder>(*std::move(opened));
    }

    World& world_;
    Embedder embedder_;
    std::unique_ptr<TextEmbedder> texts_;  ///< Set before `loaded`, never changed.
    std::mutex turn_;
    Id last_ = 0;  ///< Block.
};

using IndexPtr = std::shared_ptr<SimilarIndex>;

Refusal no_such_task(Id id) {
    return {Code::not_found, "There is no task " + wire_id('t', id) + "."};
}

}  // namespace

/// One thread reads embeddings and builds graphs, in turns, so that no project waits for another's.
struct Similar::Impl {
    World& world;
    std::size_t most_bytes;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::map<Id, IndexPtr> indexes;  ///< By project.
    std::deque<IndexPtr> work;
    std::jthread thread;  ///< Last: it ends before what it uses.

    Impl(World& w, std::size_t most) : world(w), most_bytes(most) {
        thread = std::jthread([this](const std::stop_token& stop) { keep(stop); });
    }

    void keep(const std::stop_token& stop) {
        std::unique_lock hold(mutex);
        while (changed.wait(hold, stop, [&] { return !work.empty(); })) {
            const auto index = work.front();
            work.pop_front();
            hold.unlock();
            bool more = false;
            try {
                more = index->catch_up() || index->near.settle(settled_at_once);
            } catch (const std::exception& error) {
                log_error("similar.keep", {{"error", error.what()}});
            }
            hold.lock();
            if (more) work.push_back(index);
        }
    }

    void tend(const IndexPtr& index) {
        {
            std::scoped_lock hold(mutex);
            if (std::find(work.begin(), work.end(), index) != work.end()) return;
            work.push_back(index);
        }
        changed.notify_all();
    }

    /// The index of what serves now; a new one is read in the background.
    Result<IndexPtr> index_of(const Embedder& serving) {
        std::scoped_lock hold(mutex);
        auto& kept = indexes[serving.project];
        if (kept && kept->embedder().id == serving.id) {
            kept->used = world.clock.now();
            return kept;
        }
        kept.reset();
        TRY(make_room(serving));
        auto fresh = std::make_shared<SimilarIndex>(world, serving);
        fresh->used = world.clock.now();
        indexes[serving.project] = fresh;
        work.push_back(fresh);
        changed.notify_all();
        return fresh;
    }

    Result<> make_room(const Embedder& serving) {
        const auto tasks =
            world.db.read([&](Session& s) { return find_progress(s, serving.project).total; });
        const auto needed = static_cast<std::size_t>(tasks) * (serving.dims + beside_embedding);
        if (needed > most_bytes)
            return Refusal{Code::unsupported, "The search for similar items would take " +
                                                  std::to_string(needed >> 20) +
                                                  " MB of memory here, and may take " +
                                                  std::to_string(most_bytes >> 20) + "."};
        std::erase_if(indexes, [](const auto& one) { return !one.second; });
        for (;;) {
            std::size_t taken = needed;
            for (const auto& [project, index] : indexes) taken += index->near.bytes();
            if (taken <= most_bytes || indexes.empty()) return Done{};
            indexes.erase(std::min_element(
                indexes.begin(), indexes.end(),
                [](const auto& a, const auto& b) { return a.second->used < b.second->used; }));
        }
    }

    /// Reads on while it is worth waiting for; the keeper reads the rest.
    static void read_on(SimilarIndex& index) {
        const auto end = std::chrono::steady_clock::now() + worth_waiting;
        while (index.catch_up() && std::chrono::steady_clock::now() < end) {
        }
    }

    /// How the making of embeddings stands, where none serve yet.
    SimilarAnswer progress(Session& s, Id project) {
        SimilarAnswer out;
        out.state = "none";
        out.why = "Nobody has searched for similar items in this project yet.";
        for (auto& job : list_jobs(s, project, 0, 100)) {
            if (job.kind != embed_job) continue;
            if (job.state == JobState::queued || job.state == JobState::running) {
                out.state = "preparing";
                out.why = "Every task is looked at once before similar ones can be found.";
            } else if (job.state == JobState::cancelled) {
                out.why = "The preparation was stopped; it goes on from where it was.";
            } else if (job.state == JobState::dead) {
                out.why = "The preparation gave up: " + job.error;
            }
            out.job = std::move(job);
            break;
        }
        return out;
    }

    /// What to search by: the task's own embedding, or what is made of its text now.
    struct Question {
        Id task = 0;
        std::string text;
        bool picture = false;
    };

    Result<SimilarAnswer> find(const TaskAsk& ask, const Question& question, int most) {
        const auto serving =
            world.db.read([&](Session& s) { return serving_embedder(s, ask.project); });
        if (!serving) return world.db.read([&](Session& s) { return progress(s, ask.project); });
        const auto index = TRY(index_of(*serving));
        read_on(*index);
        if (!index->loaded) return reading();
        auto asked = question.task != 0 ? index->near.embedding(question.task) : std::nullopt;
        if (!asked && index->texts()) asked = (*index->texts())(question.text);
        if (!asked) {
            embed_arrivals(world, ask.project);
            return world.db.read([&](Session& s) { return progress(s, ask.project); });
        }
        tend(index);
        SimilarAnswer out;
        if (std::all_of(asked->begin(), asked->end(), [](char c) { return c == 0; })) {
            out.why = question.picture ? "The picture cannot be read."
                                       : "There is no word in the text to search by.";
            return out;
        }
        const auto found = TRY(world.db.read([&](Session& s) {
            return search(s, ask, *index, *asked, question.task, static_cast<std::size_t>(most));
        }));
        out.tasks = world.db.read([&](Session& s) { return rows(s, ask, found); });
        if (out.tasks.empty())
            out.why = ask.filter.terms.empty() ? "There is no other task like it."
                                               : "No task that matches the filter is like it.";
        return out;
    }

    static SimilarAnswer reading() {
        SimilarAnswer out;
        out.state = "preparing";
        out.why = "What was made is being read into memory.";
        return out;
    }

    /// Asks the index for more and more, and where few tasks match compares them one by one.
    static Result<std::vector<Neighbour>> search(Session& s, const TaskAsk& ask,
                                                 const SimilarIndex& index, std::string_view asked,
                                                 Id self, std::size_t most) {
        const auto nearest_matching = [&](std::size_t looks) -> Result<std::vector<Neighbour>> {
            auto found = index.near.nearest(asked, looks);
            std::erase_if(found, [&](const Neighbour& one) { return one.item == self; });
            if (ask.filter.terms.empty()) return found;
            std::vector<Id> ids;
            for (const auto& one : found) ids.push_back(one.item);
            std::sort(ids.begin(), ids.end());
            const auto matched = TRY(matching(s, ask, ids));
            std::erase_if(found, [&](const Neighbour& one) {
                return !std::binary_search(matched.begin(), matched.end(), one.item);
            });
            return found;
        };
        const bool all = ask.filter.terms.empty();
        auto found = TRY(nearest_matching(all ? most + 1 : most * 5 + 1));
        if (!all && found.size() < most) {
            const auto few = TRY(match_tasks(s, ask, "", static_cast<int>(most_matched)));
            if (few.next.empty()) {
                found = index.near.nearest_among(asked, few.tasks, most + 1);
                std::erase_if(found, [&](const Neighbour& one) { return one.item == self; });
            } else {
                found = TRY(nearest_matching(most_matched));
            }
        }
        if (found.size() > most) found.resize(most);
        return found;
    }

    static std::vector<SimilarTask> rows(Session& s, const TaskAsk& ask,
                                         const std::vector<Neighbour>& found) {
        std::vector<Id> ids;
        for (const auto& one : found) ids.push_back(one.item);
        std::unordered_map<Id, double> scores;
        for (const auto& one : found) scores.emplace(one.item, std::clamp(one.score, 0.f, 1.f));
        std::vector<SimilarTask> out;
        for (auto& row : task_rows(s, ask, ids)) {
            if (!ask.all) veil(row);
            const auto score = scores[row.task.id];
            out.push_back({std::move(row), score});
        }
        return out;
    }
};

Similar::Similar(World& world, std::size_t most_bytes)
    : impl_(std::make_unique<Impl>(world, most_bytes)) {}
Similar::~Similar() = default;

Result<SimilarAnswer> Similar::to_task(const Caller& caller, Id id, const TaskFilter& filter,
                                       int most) {
    auto& world = impl_->world;
    const auto task = world.db.read([&](Session& s) { return find_task(s, id); });
    if (!task) return no_such_task(id);
    TRY(world.db.read([&](Session& s) { return check_may_list(s, caller, task->project); }));
    const auto ask = TRY(ask_for(caller, task->project, filter, {}, world.clock.now()));
    const auto project = world.cache->project(world.db, world.clock, task->project);
    if (!project) return no_such_task(id);
    Impl::Question question{id, {}, project->schema.modality == Modality::image};
    if (!question.picture) question.text = item_text(*task, project->schema.source);
    return impl_->find(ask, question, most);
}

Result<SimilarAnswer> Similar::to_text(const Caller& caller, Id project_id, std::string_view text,
                                       const TaskFilter& filter, int most) {
    auto& world = impl_->world;
    TRY(world.db.read([&](Session& s) { return check_may_list(s, caller, project_id); }));
    const auto ask = TRY(ask_for(caller, project_id, filter, {}, world.clock.now()));
    const auto project = world.cache->project(world.db, world.clock, project_id);
    if (project && project->schema.modality != Modality::text)
        return Refusal{Code::unsupported,
                       "A text is like no picture here: search from one of the tasks instead."};
    return impl_->find(ask, {0, std::string(text), false}, most);
}

Result<Job> Similar::prepare(const Caller& caller, Id project) {
    auto& world = impl_->world;
    TRY(world.db.read([&](Session& s) { return check_may_list(s, caller, project); }));
    if (auto open = world.db.read([&](Session& s) { return find_open_job(s, project, embed_job); }))
        return *std::move(open);
    return queue_job(world, project, embed_job, Json::object(), caller.person, true);
}

void embed_arrivals(World& world, Id project) {
    if (world.db.read([&](Session& s) { return newest_embedder(s, project); }))
        queue_job(world, project, embed_job, Json::object(), 0, true);
}

}  // namespace countersign
