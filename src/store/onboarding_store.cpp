#include "store/onboarding_store.h"

#include "store/gold_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

#define ONBOARDING_COLUMNS \
    "project_id, person_id, state, round, wanted, least, score, decided, decided_by"
constexpr Sql onboarding_row =
    "SELECT " ONBOARDING_COLUMNS " FROM onboarding WHERE project_id = $1 AND person_id = $2";
constexpr Sql lock_row = "SELECT " ONBOARDING_COLUMNS
                         " FROM onboarding WHERE project_id = $1 AND person_id = $2 {for_update}";
constexpr Sql rows_of_project =
    "SELECT " ONBOARDING_COLUMNS " FROM onboarding WHERE project_id = $1 ORDER BY person_id";
constexpr Sql begin_row =
    "INSERT INTO onboarding (project_id, person_id, state, round, wanted, least, score, decided, "
    "decided_by) VALUES ($1, $2, 0, 1, $3, $4, NULL, 0, 0) ON CONFLICT DO NOTHING";
constexpr Sql worked_before =
    "SELECT 1 FROM annotation WHERE project_id = $1 AND person_id = $2 AND action <> 5 LIMIT 1";
constexpr Sql settle_row =
    "UPDATE onboarding SET state = $1, score = $2, decided = $3, decided_by = $4 "
    "WHERE project_id = $5 AND person_id = $6";
constexpr Sql next_round =
    "UPDATE onboarding SET state = 0, round = round + 1, wanted = $1, least = $2, score = NULL, "
    "decided = 0, decided_by = 0 WHERE project_id = $3 AND person_id = $4";

constexpr Sql round_counts =
    "SELECT COUNT(*), COALESCE(SUM(score), 0), COALESCE(SUM(CASE WHEN shown = 0 THEN 1 ELSE 0 END)"
    ", 0) FROM trial WHERE project_id = $1 AND person_id = $2 AND state = 1 AND purpose = 0 "
    "AND round = $3";
constexpr Sql open_or_skipped =
    "SELECT r.task_id, q.draft_id, r.state FROM trial r JOIN gold g ON g.project_id = r.project_id "
    "AND g.task_id = r.task_id AND g.state = 0 "
    "JOIN queue q ON q.project_id = r.project_id AND q.task_id = r.task_id "
    "WHERE r.project_id = $1 AND r.person_id = $2 AND r.state IN (0, 2) ORDER BY r.task_id";
constexpr Sql assignments_unshown =
    "SELECT assignment_id FROM trial WHERE project_id = $1 AND person_id = $2 AND state = 1 "
    "AND purpose = 0 AND round = $3 AND shown = 0 ORDER BY annotation_id";
constexpr Sql note_shown =
    "UPDATE trial SET shown = $1 WHERE project_id = $2 AND person_id = $3 AND task_id = $4 "
    "AND shown = 0";

Onboarding onboarding_from(const RowView& row) {
    Onboarding out;
    out.project = row.integer(0);
    out.person = row.integer(1);
    out.state = static_cast<OnboardingState>(row.integer(2));
    out.round = static_cast<int>(row.integer(3));
    out.wanted = static_cast<int>(row.integer(4));
    out.least = row.real(5);
    out.score = real_or_none(row, 6);
    out.decided = row.integer(7);
    out.decided_by = row.integer(8);
    return out;
}

void settle(Session& s, const Onboarding& about, OnboardingState state,
            const std::optional<double>& score, Id by, Millis now) {
    s.run(settle_row, {static_cast<std::int64_t>(state), real_or_null(score), now, by,
                       about.project, about.person});
}

/// Gold the person skipped, or holds.
std::vector<GoldTask> set_aside(Session& s, const Onboarding& about, TrialState state) {
    std::vector<GoldTask> out;
    s.run(open_or_skipped, {about.project, about.person}, [&](const RowView& row) {
        if (static_cast<TrialState>(row.integer(2)) == state)
            out.push_back({row.integer(0), row.integer(1)});
    });
    return out;
}

}  // namespace

std::optional<Onboarding> onboarding_of(Session& s, const Project& project, Id person) {
    if (auto known = find_onboarding(s, project.id, person)) return known;
    if (project.policy.onboarding == 0) return std::nullopt;
    if (s.one(worked_before, {project.id, person}, [](const RowView&) { return true; }))
        return std::nullopt;
    s.run(begin_row, {project.id, person, std::int64_t{project.policy.onboarding},
                      project.policy.onboarding_least});
    return find_onboarding(s, project.id, person);
}

std::optional<Onboarding> find_onboarding(Session& s, Id project, Id person) {
    return s.one(onboarding_row, {project, person}, onboarding_from);
}

std::vector<Onboarding> list_onboarding(Session& s, Id project) {
    std::vector<Onboarding> out;
    s.run(rows_of_project, {project},
          [&](const RowView& row) { out.push_back(onboarding_from(row)); });
    return out;
}

std::vector<Leased> lease_onboarding(Session& s, const Project& project, const Onboarding& about,
                                     int count, Millis now) {
    // Two requests of one person: the second waits here, or both would start the round.
    s.one(lock_row, {about.project, about.person}, onboarding_from);
    auto given = held_trials(s, project, about.person, now);
    if (static_cast<int>(given.size()) > count) given.resize(static_cast<std::size_t>(count));
    auto missing = std::min(count, about.wanted - count_round(s, about).answered) -
                   static_cast<int>(given.size());
    auto had = own_trials(s, project, about.person).all;
    auto fresh = missing > 0 ? gold_for(s, project.id, about.person) : std::vector<GoldTask>();
    auto skipped = missing > 0 ? set_aside(s, about, TrialState::skipped) : fresh;
    for (; missing > 0 && !(fresh.empty() && skipped.empty()); --missing) {
        auto& from = fresh.empty() ? skipped : fresh;
        const auto at = from.begin() + static_cast<std::ptrdiff_t>(draw_first_gold(
                                           project.seed, about.person, had++, from.size()));
        if (auto started = start_trial(s, project, about.person, at->task, at->draft,
                                       TrialPurpose::onboarding, about.round, now))
            given.push_back(*started);
        from.erase(at);
    }
    std::vector<Leased> out;
    for (const auto& assignment : given) out.push_back(load_trial(s, assignment));
    return out;
}

RoundCount count_round(Session& s, const Onboarding& about) {
    auto out = *s.one(round_counts, {about.project, about.person, std::int64_t{about.round}},
                      [](const RowView& row) {
                          RoundCount c;
                          c.answered = static_cast<int>(row.integer(0));
                          c.score = c.answered > 0 ? row.real(1) / c.answered : 0;
                          c.unshown = static_cast<int>(row.integer(2));
                          return c;
                      });
    out.left = static_cast<int>(gold_for(s, about.project, about.person).size() +
                                set_aside(s, about, TrialState::held).size() +
                                set_aside(s, about, TrialState::skipped).size());
    return out;
}

std::vector<Trial> unshown_trials(Session& s, const Onboarding& about) {
    std::vector<Id> ids;
    s.run(assignments_unshown, {about.project, about.person, std::int64_t{about.round}},
          [&](const RowView& row) { ids.push_back(row.integer(0)); });
    std::vector<Trial> out;
    for (const Id id : ids) out.push_back(find_trial(s, id).value());
    return out;
}

std::optional<OnboardingState> show_trial(Session& s, const Onboarding& about, Id task,
                                          Millis now) {
    const auto locked = s.one(lock_row, {about.project, about.person}, onboarding_from);
    s.run(note_shown, {now, about.project, about.person, task});
    if (!locked || locked->state != OnboardingState::underway) return std::nullopt;
    const auto stands = count_round(s, *locked);
    if (stands.answered < locked->wanted || stands.unshown > 0) return std::nullopt;
    constexpr double rounding = 1e-9;
    const auto state = stands.score + rounding >= locked->least ? OnboardingState::passed
                                                                : OnboardingState::failed;
    settle(s, *locked, state, stands.score, 0, now);
    return state;
}

Result<> let_pass(Session& s, Id project, Id person, Id by, Millis now) {
    const auto about = s.one(lock_row, {project, person}, onboarding_from);
    if (!about || about->state == OnboardingState::passed)
        return Refusal{Code::conflict, wire_id('u', person) +
                                           " is not being onboarded here: the "
                                           "person works in the project, or "
                                           "has not opened it yet."};
    const auto stands = count_round(s, *about);
    settle(s, *about, OnboardingState::passed,
           stands.answered > 0 ? std::optional(stands.score) : std::nullopt, by, now);
    return Done{};
}

Result<Onboarding> begin_again(Session& s, const Project& project, Id person) {
    const auto about = s.one(lock_row, {project.id, person}, onboarding_from);
    if (!about || about->state != OnboardingState::failed)
        return Refusal{Code::conflict, wire_id('u', person) +
                                           " has not failed an onboarding round here, so there is "
                                           "none to give again."};
    const int wanted = project.policy.onboarding > 0 ? project.policy.onboarding : about->wanted;
    const int left = count_round(s, *about).left;
    if (left < wanted)
        return Refusal{Code::conflict, "Another round needs " + std::to_string(wanted) +
                                           " gold tasks that " + wire_id('u', person) +
                                           " has not had, and there are " + std::to_string(left) +
                                           ": mark " + std::to_string(wanted - left) + " more."};
    s.run(next_round, {std::int64_t{wanted}, project.policy.onboarding_least, project.id, person});
    return *find_onboarding(s, project.id, person);
}

}  // namespace countersign
