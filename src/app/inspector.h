// What looks wrong in a project, as a supervisor works it off: the list, what is done about each
// finding, and how often each kind was right. A job (check_work.cpp) looks at a project as a whole;
// Watch (app/watch.h) at every answer as it comes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/people.h"
#include "quality/finding.h"
#include "quality/repair.h"
#include "store/finding_store.h"

namespace countersign {

/// What a finding says, as it is stored.
struct FindingEvidence {
    Id task = 0;  ///< 0: none in particular.
    std::string name, sentence;
};
struct FindingBody {
    std::string control, label, region, sentence;
    std::optional<Place> place;
    std::vector<FindingEvidence> evidence;
};
std::string body_text(const FindingBody& body);
FindingBody read_body(std::string_view text);

struct FindingView {
    StoredFinding stored;
    FindingBody body;
    const CheckRow* row = nullptr;  ///< Null: a check of a newer program.
};

struct FindingList {
    std::vector<FindingView> findings;
    std::string next;  ///< Empty: that was all.
};

/// How often people found that findings of a kind were right.
struct KindTally {
    FindingKind kind = FindingKind::geometry;
    std::int64_t open = 0, waiting = 0, fixed = 0, dismissed = 0;
    std::int64_t judged() const { return fixed + dismissed; }
    /// Share of those judged that were right, with its 95 % interval; nothing below five of them.
    struct Precision {
        double share = 0, low = 0, high = 0;
    };
    std::optional<Precision> precision() const;
    /// People dismissed so many that more than half are sure to be false alarms: its findings come
    /// behind all others.
    bool is_shown_less() const;
};

struct FindingSummary {
    std::vector<KindTally> kinds;  ///< All that a project can have, in the order of the list.
    Millis checked = 0;            ///< 0: never.
    /// What the last check did not look for, and why: sentences.
    std::vector<std::string> not_done;
    std::optional<Job> job;  ///< The check that waits or works.
};

enum class FindingVerdict { relabel, fixed, dismissed };
inline std::span<const EnumName<FindingVerdict>> enum_names(FindingVerdict) {
    static constexpr EnumName<FindingVerdict> rows[] = {{FindingVerdict::relabel, "relabel"},
                                                        {FindingVerdict::fixed, "fixed"},
                                                        {FindingVerdict::dismissed, "dismissed"}};
    return rows;
}

class Watch;

class Inspector {
public:
    static constexpr std::size_t most_at_once = 1'000;
    explicit Inspector(World& world);

    /// From here on every answer is looked at as it comes, and projects are checked again when they
    /// have changed (app/watch.h). Call once, after whoever else is told of answers.
    void start();
    void stop();
    /// Waits until every answer that was told of has been looked at.
    void settle();

    struct Filter {
        std::optional<FindingKind> kind;
        std::string check;
        std::optional<FindingState> state = FindingState::open;  ///< Nothing: all.
        Id task = 0;
    };
    /// Worst first; kinds that people mostly dismiss come behind all others.
    Result<FindingList> list(Id project, const Filter& filter, std::string_view after, int limit);
    Result<FindingSummary> summary(Id project);
    /// How many wait for somebody; only supervisors see any.
    std::int64_t open_seen(const Caller& caller, Id project);
    /// Queues the job that looks at the whole project; the open one if there is one.
    Result<Job> check(const Caller& caller, Id project);

    struct Refused {
        Id finding = 0;
        std::string reason;
    };
    struct Outcome {
        std::int64_t done = 0;
        std::vector<Refused> refused;
    };
    /// relabel: the task goes back to people, who are told; dismissed needs a reason. Refuses over
    /// 1,000 findings.
    Result<Outcome> decide(const Caller& caller, Id project, const std::vector<Id>& findings,
                           FindingVerdict verdict, const std::string& reason);
    /// Mends the labels that they were found in (quality/repair.h), in the caller's name. Refuses
    /// those that cannot be mended so, one by one.
    Result<Outcome> mend(const Caller& caller, Id project, const std::vector<Id>& findings);
    /// Regions as an answer to the task, without what can be mended safely; nothing is written.
    /// Refuses more than 5,000.
    struct Mended {
        Regions regions;
        std::vector<Repair> repairs;
    };
    Result<Mended> mended(Id task, Regions regions);
    /// They are open again, and a task that nobody took up since, or that was mended, has its
    /// label back.
    Result<Outcome> undo(const Caller& caller, Id project, const std::vector<Id>& findings);

private:
    World& world_;
    std::shared_ptr<Watch> watch_;
};

/// One tally a kind, from the counts of the store.
std::vector<KindTally> tallies(const std::vector<FindingCount>& counts);

}  // namespace countersign
