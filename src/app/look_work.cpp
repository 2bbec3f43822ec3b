// The job that looks at every picture or recording of a project once, for what checks compare
// (app/media_looks.h), and at those of the tasks in its payload's "places" for what boxes are
// checked against. What was made is kept, so that a job that was cancelled or taken over goes
// on where it was; when it made something, the project is checked anew.
#include "app/job_work.h"
#include "app/media_looks.h"
#include "base/log.h"
#include "store/embedding_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr int looked_at_page = 500;

/// One a task; those of tasks without one are left out.
std::vector<Media> media_of(World& world, Id project, const std::vector<Id>& tasks) {
    return world.db.read([&](Session& s) {
        std::vector<Media> out;
        for (const auto& task : tasks_by_id(s, project, tasks)) {
            if (task.media == 0) continue;
            if (auto media = find_media(s, task.media)) out.push_back(*std::move(media));
        }
        return out;
    });
}

/// The media of the next tasks.
std::vector<Media> next_media(World& world, Id project, Id& after) {
    const auto ids = world.db.read(
        [&](Session& s) { return task_ids_after(s, project, after, looked_at_page); });
    after = ids.empty() ? 0 : ids.back();
    return media_of(world, project, ids);
}

}  // namespace

Result<> run_look(JobContext& context) {
    auto& world = context.world();
    auto& job = context.job();
    const Id project = job.project;
    const auto loaded = VoiceActivity::load(world.models_dir + "/silero.onnx");
    const VoiceActivity* voice = loaded ? &*loaded : nullptr;
    std::int64_t made = 0, missing = 0;
    const auto take = [&](const Media& media, const Result<>& looked) {
        ++(looked ? made : missing);
        if (!looked)
            log_warn("look.medium", {{"medium", media.sha256}, {"why", looked.refusal().message}});
    };
    job.done = 0;
    job.total = world.db.read([&](Session& s) { return find_progress(s, project).total; });
    for (Id after = 0;;) {
        const auto page = next_media(world, project, after);
        for (const auto& media : page) {
            context.report();
            ++job.done;
            if (kept_look(world, media)) continue;
            const auto look = look_at_medium(world, media, voice, context.stop());
            if (!look && look.refusal().code == Code::cancelled) return look.refusal();
            take(media, look ? Result<>(Done{}) : look.refusal());
        }
        if (after == 0) break;
    }
    const auto places = job.payload.value("places", std::vector<Id>());
    std::optional<NanoDet> net;
    if (!places.empty()) net = TRY(NanoDet::load(world.models_dir + "/nanodet.onnx"));
    job.total += static_cast<std::int64_t>(places.size());
    for (const auto& media : media_of(world, project, places)) {
        context.report();
        if (context.stop().stop_requested())
            return Refusal{Code::cancelled, "Looking was stopped before it ended."};
        ++job.done;
        if (!kept_places(world, media.sha256)) take(media, look_for_places(world, media, *net));
    }
    job.total = job.done;
    job.result = {{"made", made}, {"missing", missing}};
    if (made > 0) check_anew(world, project);
    return Done{};
}

}  // namespace countersign
