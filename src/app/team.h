// Several people on one project: who labels what, what they disagree about, and who decides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/dispute_odds.h"
#include "app/world.h"
#include "core/opinions.h"
#include "core/people.h"
#include "core/task_filter.h"
#include "store/dispute_store.h"
#include "store/task_store.h"

namespace countersign {

/// A dispute as the specialist sees it: each opinion with what it says differently from the draft
/// (`against_draft`) and which opinions share it.
struct DisputeView {
    Dispute dispute;
    std::optional<Draft> draft;                       ///< The one that people saw, if any.
    std::map<Id, std::string> authors;                ///< Shown names of who answered.
    std::vector<std::vector<Difference>> from_first;  ///< Of each opinion, against the first.
    std::vector<std::vector<Difference>> from_draft;  ///< Of each opinion; empty: no draft.
    std::size_t suggested = 0;                        ///< The opinion that most share.
    int in_favour = 0;
    /// That each opinion is right, and what that was held against; empty: not known yet.
    std::vector<double> odds;
    double none_right = 0;
    OddsGround ground = OddsGround::few;
    std::size_t several = 0, verdicts = 0;  ///< Tasks that several answered; decided by somebody.
};

/// The guideline as a person last followed it, and as it is now.
struct GuidelineChange {
    int from = 0, to = 0;
    std::string before, after;  ///< Markdown.
};

class Team {
public:
    explicit Team(World& world) : world_(world) {}

    /// Disputed tasks in order, from after task `after`.
    Result<std::vector<DisputeView>> disputes(Id project, Id after, int limit);
    Result<DisputeView> dispute(Id task);
    /// One of the opinions (`chosen`), or regions of one's own. Refuses: conflict when somebody
    /// else decided; invalid regions; an opinion of one's own.
    Result<Annotation> decide(const Caller& caller, Verdict verdict);
    Result<> take_back(const Caller& caller, Id task);
    /// One more person is asked first; the comment stands under the task.
    Result<> send_back(const Caller& caller, Id task, const std::string& comment);

    /// Whose the tasks that changed were before (0: anybody's): assigning them back undoes it.
    struct Assigned {
        std::int64_t changed = 0;
        std::map<Id, std::vector<Id>> before;
        std::string next;  ///< Of assign_matching: where to go on; empty: all were looked at.
    };
    /// Makes ready tasks those of `person` (0: anybody's). Refuses an unknown or inactive person,
    /// and over 10,000 tasks.
    Result<Assigned> assign(const Caller& caller, Id project, const std::vector<Id>& tasks,
                            Id person);
    /// The same for tasks that match, up to 10,000 of them from `cursor` on.
    Result<Assigned> assign_matching(const Caller& caller, Id project, const TaskFilter& filter,
                                     std::string_view cursor, Id person);

    /// How the guideline changed since the caller's last decision in the project; nothing when it
    /// did not, or when they never decided there.
    Result<std::optional<GuidelineChange>> guideline_change(const Caller& caller, Id project);

    /// Active people whose name starts like `search` (sign-in name, or a word of the shown name),
    /// those who work on the project first. Whoever may see the project can be mentioned in it.
    Result<std::vector<Person>> people(Id project, const std::string& search, int limit);

private:
    void add_odds(const Project& project, std::vector<DisputeView>& views);
    World& world_;
    DisputeOdds odds_{world_};
};

}  // namespace countersign
