// Tasks whose answers differ, what a specialist decides about them, and whom tasks are meant for.
// Every function is one step of one transaction.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// Disputed tasks in order, and what people said of each, oldest first.
struct Dispute {
    Task task;
    Media media;  ///< id 0 for text.
    std::vector<Annotation> opinions;
};
std::vector<Dispute> list_disputes(Session& s, Id project, Id after, int limit);
/// Nothing when the task is not disputed.
std::optional<Dispute> find_dispute(Session& s, Id task);

/// What several people said of one task, oldest first.
struct SeveralAnswers {
    struct Answer {
        Id annotation = 0, person = 0;
        Regions regions;
    };
    Id task = 0;
    Id verdict = 0;  ///< The annotation that a specialist decided for; 0: nobody decided.
    std::optional<Regions> own;  ///< What the specialist answered, where none of the others held.
    std::vector<Answer> answers;
};
/// Of the tasks that several people answered the last `most`, by rising task: those that they
/// agreed on, those that are disputed, and those that a specialist decided.
std::vector<SeveralAnswers> answered_by_several(Session& s, Id project, int most);

/// A specialist's decision: one of the opinions (`chosen`), or regions of their own (`chosen` 0).
struct Verdict {
    Id task = 0, person = 0;
    Id chosen = 0;
    Regions regions;
    std::string reason;
    std::int64_t active_ms = 0;
};
/// Writes an answer that nobody handed out: `own` without id, which is returned with it. Counts
/// nothing.
Annotation insert_own_answer(Session& s, const Project& project, Annotation own);
/// Withdraws one again. False when it is no such answer.
bool withdraw_own_answer(Session& s, Id task, Id annotation, Millis now);

/// Makes it the task's label and returns its annotation. Refuses with Code::conflict when the task
/// is not disputed (any more), or `chosen` is not one of its opinions.
Result<Annotation> record_verdict(Session& s, const Project& project, const Verdict& verdict,
                                  Millis now);
/// The verdict no longer stands: the task is disputed again. Refuses unless a verdict made its
/// label.
Result<> withdraw_verdict(Session& s, const Project& project, Id task, Millis now);
/// Whether this person decided the task as a dispute.
bool verdict_is_by(Session& s, Id task, Id person);
/// Asks one more person before anybody decides.
Result<> send_back(Session& s, const Project& project, Id task);

/// Ready tasks become the one person's to label (0: anybody's again); those that are leased, done
/// or disputed stay as they are. Returns whose each of those that changed was before.
std::map<Id, std::vector<Id>> assign_tasks(Session& s, Id project, const std::vector<Id>& tasks,
                                           Id person);

}  // namespace countersign
