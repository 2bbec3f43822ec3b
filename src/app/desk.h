// The desk: who works on which task, and what was countersigned. Every public function is one use
// case and one transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gold.h"
#include "app/world.h"
#include "core/people.h"
#include "core/project.h"
#include "store/desk_store.h"
#include "store/model_store.h"
#include "store/take_store.h"
#include "store/task_store.h"

namespace countersign {

/// The answer that a task had before it was sent back: where the person starts from.
struct FormerAnswer {
    bool own = false;  ///< Theirs; else what was decided.
    Millis created = 0;
    Regions regions;
};

/// What a person sees of a task. A blind task looks like one that has no draft.
struct DeskTask {
    Task task;
    Media media;  ///< id 0: text.
    Assignment assignment;
    std::optional<Draft> draft;  ///< As shown; never of a blind task.
    std::string model, model_version;
    Regions regions;   ///< Pre-filled: the draft's regions that are sure enough and grounded.
    Regions maybes;    ///< The others of the draft, to be called up by a key.
    std::string work;  ///< Autosaved work (opaque JSON), or empty.
    /// Of a task that was sent back; never of a gold task or a blind one (app/measured.h), and not
    /// of others where a task needs several opinions.
    std::optional<FormerAnswer> former = {};
};

struct DeskAnswer {
    Id task = 0, assignment = 0;
    Regions regions;
    bool rejected = false;  ///< The person threw the draft away (regions may be new ones).
    std::int64_t active_ms = 0;
    bool flagged = false;
    std::string comment;
    std::string idempotency_key;  ///< Required by the API: the same key gets the same response.
    int want = 0;                 ///< How many tasks the reply should hold.
};

struct DeskReply {
    Annotation annotation;
    std::vector<DeskTask> next;
    Progress progress;                         ///< As the caller may see it.
    std::optional<OnboardingView> onboarding;  ///< What comes before work; nothing: work does.
};

class Desk {
public:
    explicit Desk(World& world) : world_(world) {}

    struct Next {
        std::vector<DeskTask> tasks;
        Progress progress;                         ///< As the caller may see it.
        std::optional<OnboardingView> onboarding;  ///< What comes before work; nothing: work does.
    };
    /// The tasks this person holds, then fresh ones, `count` (1-10) together; gold ones among them
    /// as the policy says, and nothing else while an onboarding is under way.
    Result<Next> next(const Caller& caller, Id project, int count);
    struct Taken {
        std::vector<DeskTask> tasks;
        std::vector<countersign::Taken::Passed> passed;
        Progress progress;
    };
    /// Those of `tasks` (1-30) that this person may have, in the order given, and why not the
    /// others. Refuses where gold is hidden from the caller: what is passed over would tell it.
    Result<Taken> take(const Caller& caller, Id project, const std::vector<Id>& tasks);
    /// Records an answer. The action (accepted, edited, rejected, created) is found by comparing
    /// with the draft as it was shown. Refuses: conflict when the lease has passed on; invalid
    /// regions.
    Result<DeskReply> submit(const Caller& caller, const DeskAnswer& answer);
    Result<DeskReply> skip(const Caller& caller, const DeskAnswer& answer);
    /// Takes back one's own decision; the task is on the desk again with what was submitted.
    Result<DeskTask> undo(const Caller& caller, Id annotation);
    Result<std::vector<Annotation>> recent(const Caller& caller, Id project, int limit);
    /// Late work of a lease that was answered is let go. Refuses: conflict when the lease has
    /// passed on.
    Result<> save_work(const Caller& caller, Id task, Id assignment, const std::string& work);
    Result<Millis> renew(const Caller& caller, Id assignment);
    Result<> release(const Caller& caller, Id project);
    Result<Comment> comment(const Caller& caller, Id task, const std::string& text);

    struct TaskDetail {
        Task task;
        Media media;
        std::vector<Draft> drafts;
        std::vector<Annotation> annotations;
        std::vector<Comment> comments;
    };
    Result<TaskDetail> detail(const Caller& caller, Id task);
    /// A medium somebody may see: bytes stay in the blob store.
    Result<Media> media(const Caller& caller, Id media);

private:
    World& world_;
};

}  // namespace countersign
