#include "app/watch.h"

#include <algorithm>
#include <set>

#include "app/checked_item.h"
#include "app/finding_writer.h"
#include "app/jobs.h"
#include "base/log.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr std::size_t looked_at_once = 500;
constexpr Millis quiet = 60'000, least_between = 60'000;
constexpr std::int64_t many_changes = 200;
/// Larger projects are checked when they are quiet, or when somebody asks.
constexpr std::int64_t most_while_working = 200'000;
/// A check may take this part of the time: the next one waits ten times as long as the last took.
constexpr std::int64_t times_as_long = 10;
constexpr auto poll = std::chrono::seconds(1);

/// Whether an answer to the schema can have anything that one item alone shows to be wrong.
bool has_places(const Schema& schema) {
    return std::any_of(schema.controls.begin(), schema.controls.end(), [](const Control& c) {
        return c.kind != ControlKind::choices && c.kind != ControlKind::rating;
    });
}

/// Whether it is found by looking at one item alone; `heard`: what the item sounds like is known.
bool is_unsettled(const KnownFinding& known, bool heard) {
    const auto* row = check_called(known.check);
    return row && needs_one_item_only(row->check) && (heard || !needs_sound(row->check)) &&
           (known.state == FindingState::open || known.state == FindingState::waiting);
}

/// Only of recordings does a look say what one item is looked at for.
std::optional<MediaLook> look_of(const World& world, const ExportRow& row) {
    const bool is_recording = row.media && row.media->type.starts_with("audio/");
    return is_recording ? kept_look(world, *row.media) : std::nullopt;
}

/// The tasks of one project, looked at alone and compared with what is known of them.
FindingChanges look_at(Session& s, const World& world, const Project& project,
                       std::vector<Id> tasks, Millis now) {
    FindingChanges changes;
    std::map<std::string, KnownFinding, std::less<>> known;
    for (auto& one : known_of_tasks(s, project.id, tasks))
        known.emplace(one.fingerprint, std::move(one));
    if (!has_places(project.schema))
        std::erase_if(tasks, [&](Id task) {
            return std::none_of(known.begin(), known.end(), [&](const auto& row) {
                return row.second.task == task && is_unsettled(row.second, true);
            });
        });
    const auto options = project_checks(project.schema);
    const LabelNames names(project.schema);
    std::set<std::string, std::less<>> seen;
    std::map<Id, Id> annotation_of;
    std::set<Id> heard;
    export_tasks(s, project.id, tasks, [&](const ExportRow& row) {
        const auto look = look_of(world, row);
        const CheckedItem item(row, project.schema, names, look ? &*look : nullptr);
        annotation_of[item.task()] = item.annotation();
        if (look) heard.insert(item.task());
        Findings found;
        check_item(item.given(), 0, options, found);
        const CheckedItems items{{item.task()}, {item.annotation()}, {row.task->key}, {}};
        for (const auto& finding : found.take()) {
            auto stored = stored_finding(finding, items, project.id, now);
            if (!seen.insert(stored.fingerprint).second) continue;
            const auto at = known.find(stored.fingerprint);
            changes.found(std::move(stored), at == known.end() ? nullptr : &at->second);
        }
    });
    for (const auto& [print, one] : known)
        if (is_unsettled(one, heard.contains(one.task)) && !seen.contains(print) &&
            annotation_of.contains(one.task))
            changes.not_found(one, annotation_of[one.task]);
    return changes;
}

}  // namespace

Watch::Watch(World& world)
    : world_(world),
      decided_(std::move(world.decided)),
      withdrawn_(std::move(world.withdrawn)),
      arrived_(std::move(world.tasks_arrived)) {
    world.decided = [this](const Project& project, const Annotation& annotation) {
        if (decided_) decided_(project, annotation);
        tell({project.id, annotation.task});
    };
    world.withdrawn = [this](const Project& project, const Annotation& annotation) {
        if (withdrawn_) withdrawn_(project, annotation);
        tell({project.id, annotation.task});
    };
    world.tasks_arrived = [this](Id project) {
        if (arrived_) arrived_(project);
        tell({project, 0});
    };
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

Watch::~Watch() {
    world_.decided = std::move(decided_);
    world_.withdrawn = std::move(withdrawn_);
    world_.tasks_arrived = std::move(arrived_);
}

void Watch::tell(Notice notice) {
    {
        std::scoped_lock hold(mutex_);
        notices_.push_back(notice);
    }
    waking_.notify_all();
}

void Watch::settle() {
    tell({});
    std::unique_lock hold(mutex_);
    waking_.wait(hold, [&] { return notices_.empty() && !busy_; });
}

void Watch::watch(const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    while (!stop.stop_requested()) {
        waking_.wait_for(hold, stop, poll, [&] { return !notices_.empty(); });
        const auto n = std::min(notices_.size(), looked_at_once);
        const auto end = notices_.begin() + static_cast<std::ptrdiff_t>(n);
        const std::vector<Notice> taken(notices_.begin(), end);
        notices_.erase(notices_.begin(), end);
        busy_ = true;
        hold.unlock();
        try {
            heed(taken);
            recheck();
        } catch (const std::exception& error) {
            log_error("findings.watch", {{"error", error.what()}});
        }
        hold.lock();
        busy_ = false;
        waking_.notify_all();
    }
}

void Watch::heed(const std::vector<Notice>& notices) {
    const Millis now = world_.clock.now();
    std::map<Id, std::vector<Id>> tasks_of;
    for (const auto& notice : notices) {
        if (notice.project == 0) continue;
        auto& changed = changed_[notice.project];
        ++changed.changes;
        changed.last = now;
        if (notice.task != 0) tasks_of[notice.project].push_back(notice.task);
    }
    for (auto& [id, listed] : tasks_of) {
        const auto project = world_.cache->project(world_.db, world_.clock, id);
        if (!project) continue;
        std::vector<Id> tasks = std::move(listed);
        std::sort(tasks.begin(), tasks.end());
        tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
        const auto changes =
            world_.db.read([&](Session& s) { return look_at(s, world_, *project, tasks, now); });
        if (changes.empty()) continue;
        world_.db.write_bulk([&](Session& s) {
            changes.write_by(looked_at_once, [&](const auto& part) { part(s, now); });
            record_findings(s, world_, project->id, 0, changes, now);
        });
    }
}

void Watch::recheck() {
    for (auto at = changed_.begin(); at != changed_.end();) {
        const auto due = how_due(at->first, at->second);
        if (due == Due::now) queue_job(world_, at->first, "check", Json::object(), 0, true);
        at = due == Due::later ? std::next(at) : changed_.erase(at);
    }
}

Watch::Due Watch::how_due(Id project, const Changed& changed) {
    const Millis now = world_.clock.now();
    const bool is_quiet = now - changed.last >= quiet;
    if (!is_quiet && changed.changes < many_changes) return Due::later;
    return world_.db.read([&](Session& s) {
        const auto last = last_check(s, project);
        if (last && now - last->checked < std::max(least_between, times_as_long * last->took_ms))
            return Due::later;
        const auto progress = find_progress(s, project);
        if (is_quiet) return progress.done + progress.disputed > 0 ? Due::now : Due::not_at_all;
        const bool is_small = progress.total <= most_while_working;
        return is_small && changed.changes >= progress.total / 20 ? Due::now : Due::later;
    });
}

}  // namespace countersign
