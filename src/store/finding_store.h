// What looks wrong in a project, kept: each finding once, under its fingerprint, with what people
// did about it. Every function is one step of one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.h"
#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// open: waits for somebody; fixed: what it spoke of was changed; dismissed: it is right as it is,
/// and is not found again; gone: a later check does not find it, though nobody changed the label;
/// waiting: its task is with people again.
enum class FindingState { open, fixed, dismissed, gone, waiting };
inline std::span<const EnumName<FindingState>> enum_names(FindingState) {
    static constexpr EnumName<FindingState> rows[] = {{FindingState::open, "open"},
                                                      {FindingState::fixed, "fixed"},
                                                      {FindingState::dismissed, "dismissed"},
                                                      {FindingState::gone, "gone"},
                                                      {FindingState::waiting, "waiting"}};
    return rows;
}

struct StoredFinding {
    Id id = 0, project = 0;
    std::string fingerprint;  ///< Unique in the project.
    int kind = 0;             ///< Its place in the list of kinds, [0, 64).
    std::string check;
    Id task = 0;        ///< 0: it is about no one task.
    Id annotation = 0;  ///< The label it was found in; 0: none.
    Id person = 0;      ///< 0: it is about nobody.
    int level = 0;      ///< 0 note, 1 warning, 2 error.
    double score = 0;   ///< In [0, 1].
    std::string body;   ///< JSON object: sentence, place, evidence.
    FindingState state = FindingState::open;
    std::string reason;
    Millis found = 0;
    Id decided_by = 0;  ///< 0: nobody, or a check.
    Millis decided = 0;
    std::string task_key, person_name, decided_by_name;  ///< Read only.
};

/// Those whose fingerprint is there already are left out. Returns how many were new.
std::int64_t insert_findings(Session& s, const std::vector<StoredFinding>& findings);
/// What a later check says of a finding that is there: level, score, annotation and body.
void refresh_finding(Session& s, const StoredFinding& finding);
/// A check moves those that are in one of `from`. Who decided stays known, except of those that are
/// open again. Returns how many moved.
std::int64_t move_findings(Session& s, const std::vector<Id>& ids,
                           const std::vector<FindingState>& from, FindingState to, Millis now);
/// A person's decision: state, reason, by whom, when; `before`: what put_label_back() needs.
void decide_finding(Session& s, Id finding, FindingState state, std::string_view reason, Id person,
                    Millis now, std::string_view before = "");
/// What was kept as `before`; empty: nothing.
std::string kept_before(Session& s, Id finding);

/// All of a project in the order of ids, page by page, for a check to compare with.
struct KnownFinding {
    Id id = 0;
    std::string fingerprint, check;
    int kind = 0;
    Id task = 0, annotation = 0;
    FindingState state = FindingState::open;
    double score = 0;
    std::size_t body_hash = 0;  ///< std::hash of the body's text.
};
std::vector<KnownFinding> known_findings(Session& s, Id project, Id after, int limit);
/// The same of some tasks, in any order.
std::vector<KnownFinding> known_of_tasks(Session& s, Id project, const std::vector<Id>& tasks);

/// Which findings, worst first: those of `shown_less` kinds behind all others.
struct FindingAsk {
    Id project = 0;
    std::optional<int> kind;
    std::string check;                                       ///< Empty: all.
    std::optional<FindingState> state = FindingState::open;  ///< Nothing: all.
    Id task = 0;                                             ///< 0: all.
    std::uint64_t shown_less = 0;                            ///< Kinds as bits.
    int limit = 50;
};
struct FindingPage {
    std::vector<StoredFinding> findings;
    std::string next;  ///< Empty: that was all.
};
/// `after`: the `next` of the page before. Refuses one that it did not give out.
Result<FindingPage> list_findings(Session& s, const FindingAsk& ask, std::string_view after);
std::optional<StoredFinding> find_finding(Session& s, Id project, Id finding);

struct FindingCount {
    int kind = 0;
    FindingState state = FindingState::open;
    std::int64_t n = 0;
};
std::vector<FindingCount> count_findings(Session& s, Id project);

/// Of a project those that wait for somebody; reads the index of open ones only.
std::int64_t count_open_findings(Session& s, Id project);

struct CheckedAt {
    Millis checked = 0;
    std::int64_t took_ms = 0;
};
std::optional<CheckedAt> last_check(Session& s, Id project);
void save_check(Session& s, Id project, const CheckedAt& check);

/// A decided task is asked of people again, before fresh ones; its label no longer stands. Where a
/// task needs one answer the new one is its label; where it needs several, one more person is asked
/// and all answers count. Returns what put_label_back() needs. Refuses a task that is not decided,
/// and gold.
Result<std::string> ask_again(Session& s, const Project& project, Id task);
/// A decided task gets other regions as its label at once, in the name of `correction.person`.
/// Refuses as ask_again() does.
struct Corrected {
    Annotation annotation;
    std::string before;  ///< What put_label_back() needs.
};
Result<Corrected> correct_label(Session& s, const Project& project, Annotation correction);

/// The label that ask_again() or correct_label() took away. Refuses once somebody has taken the
/// task, or it has got another label.
Result<> put_label_back(Session& s, const Project& project, Id task, std::string_view before,
                        Millis now);

}  // namespace countersign
