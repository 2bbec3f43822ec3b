// Trials: gold tasks handed to people as if they were work. A trial has an assignment and an
// annotation with ids of the usual sequences, but it touches neither the gold task's queue row nor
// its label nor the counters, and its answer stands in a table of its own that no export, learner
// or statistic of the work reads. A person gets each gold task once. Every function is one step of
// one transaction.
#pragma once

#include <optional>
#include <vector>

#include "core/gold.h"
#include "store/desk_store.h"

namespace countersign {

/// withdrawn: answered, but the gold was withdrawn since.
enum class TrialState { held, answered, skipped, withdrawn };

struct Trial {
    Id project = 0;
    TrialPurpose purpose = TrialPurpose::hidden;
    int round = 0;
    TrialState state = TrialState::held;
    Annotation annotation;  ///< What the person answered; id 0: nothing yet. Also who and what.
    std::optional<double> score;
    bool agreed = false;
    Millis shown = 0;  ///< When the person was told the trusted answer; 0: not.
};

std::optional<Trial> find_trial(Session& s, Id assignment);
std::optional<Trial> find_trial_of_annotation(Session& s, Id annotation);
std::optional<Trial> find_trial_of_task(Session& s, Id project, Id person, Id task);
/// This person's answers to trials in the project, skips among them, newest first.
std::vector<Annotation> recent_trials(Session& s, Id project, Id person, int limit);

/// What a person's own trials come to: how many there are, and how the counters of the project look
/// to somebody for whom they were work.
struct OwnTrials {
    std::int64_t all = 0, held = 0;
    Progress moved;
};
OwnTrials own_trials(Session& s, const Project& project, Id person);
/// The counters as this person may see them: gold tasks look like ready ones, their own trials like
/// work. `progress` is what find_progress() says.
Progress seen_progress(Session& s, const Project& project, Id person, Progress progress);

/// lease() with gold tasks mixed in, in policy.gold_share of the places.
std::vector<Leased> lease_with_gold(Session& s, const Project& project, Id person, int count,
                                    Millis now);

/// A gold task for this person; nothing when another request of theirs just got it.
std::optional<Assignment> start_trial(Session& s, const Project& project, Id person, Id task,
                                      Id draft, TrialPurpose purpose, int round, Millis now);
/// Assignments of the trials that are with the person, oldest first.
std::vector<Assignment> held_trials(Session& s, const Project& project, Id person, Millis now);
/// load_leased() of a trial: nothing in it tells it from work.
Leased load_trial(Session& s, const Assignment& assignment);

/// The assignment under which this person holds the task, as work or as a trial.
std::optional<Assignment> assignment_held_by(Session& s, Id task, Id person);
/// Whether it is a trial of theirs that is still open.
bool renew_trial(Session& s, Id assignment, Id person);
/// Trials that were not begun may come again, or others in their place.
void release_trials(Session& s, Id project, Id person);

/// record_answer() and record_skip() of a trial (answer.action tells which): scored against the
/// trusted answer. Refuses in the words of those when it is not open.
Result<Trial> record_trial(Session& s, const Project& project, const Answer& answer, Millis now);
/// Also of a skip. Refuses once the person was told the trusted answer.
Result<Leased> undo_trial(Session& s, const Project& project, Id annotation, Id person, Millis now);

/// One line a trial that counts, by person, oldest first: what standings are made of.
struct TrialLine {
    Id person = 0;
    TrialPurpose purpose = TrialPurpose::hidden;
    double score = 0;
    bool agreed = false;
    Millis answered = 0;
};
std::vector<TrialLine> list_trials(Session& s, Id project);

}  // namespace countersign
