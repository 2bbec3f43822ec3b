#include "store/finding_store.h"

#include <charconv>
#include <cmath>
#include <functional>

#include "base/json.h"
#include "store/desk_store.h"
#include "store/dispute_store.h"
#include "store/label_store.h"
#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"

namespace countersign {

namespace {

constexpr Sql insert_finding =
    "INSERT INTO finding (project_id, fingerprint, kind, check_name, task_id, annotation_id, "
    "person_id, rank, score, body, state, reason, before, found, decided_by, decided) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '', $11, 0, 0) "
    "ON CONFLICT (project_id, fingerprint) DO NOTHING";
constexpr Sql refresh_sql =
    "UPDATE finding SET annotation_id = $1, rank = $2, score = $3, body = $4 WHERE id = $5";
constexpr Sql decide_sql =
    "UPDATE finding SET state = $1, reason = $2, decided_by = $3, decided = $4, before = $5 "
    "WHERE id = $6";
constexpr Sql before_of = "SELECT before FROM finding WHERE id = $1";
#define KNOWN_COLUMNS \
    "id, fingerprint, check_name, kind, task_id, annotation_id, state, score, body"
constexpr Sql known_page =
    "SELECT " KNOWN_COLUMNS " FROM finding WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3";
constexpr std::string_view whole_finding =
    "SELECT f.id, f.project_id, f.fingerprint, f.kind, f.check_name, f.task_id, f.annotation_id, "
    "f.person_id, f.rank, f.score, f.body, f.state, f.reason, f.found, f.decided_by, f.decided, "
    "t.key, w.display, d.display FROM finding f LEFT JOIN task t ON t.id = f.task_id "
    "LEFT JOIN person w ON w.id = f.person_id LEFT JOIN person d ON d.id = f.decided_by ";
constexpr Sql counts_sql =
    "SELECT kind, state, COUNT(*) FROM finding WHERE project_id = $1 GROUP BY kind, state "
    "ORDER BY kind, state";
constexpr Sql count_open_sql = "SELECT COUNT(*) FROM finding WHERE project_id = $1 AND state = 0";
constexpr Sql last_check_sql = "SELECT checked, took_ms FROM finding_check WHERE project_id = $1";
constexpr Sql save_check_sql =
    "INSERT INTO finding_check (project_id, checked, took_ms) VALUES ($1, $2, $3) "
    "ON CONFLICT (project_id) DO UPDATE SET checked = excluded.checked, took_ms = excluded.took_ms";

constexpr Sql label_before =
    "SELECT annotation_id, person_id, origin, posterior FROM label WHERE project_id = $1 AND "
    "task_id = $2";
constexpr Sql opinions_count =
    "SELECT COUNT(*) FROM annotation WHERE task_id = $1 AND withdrawn = 0 AND action < 4";
constexpr Sql open_again =
    "UPDATE queue SET state = 0, rank = $1, answers = $2, for_person = 0, lease_person = NULL, "
    "lease_until = NULL, lease_token = NULL WHERE project_id = $3 AND task_id = $4 AND state = 2";
constexpr Sql close_again =
    "UPDATE queue SET state = 2 WHERE project_id = $1 AND task_id = $2 AND state = 0";

constexpr std::int64_t most_score = 1 << 20;
constexpr int highest_level = 2, highest_priority = 255;

std::int64_t finding_rank(int level, double score) {
    const auto steps = static_cast<std::int64_t>(std::lround(score * most_score));
    return (static_cast<std::int64_t>(highest_level - level) << 40) + most_score - steps;
}

int level_of_rank(std::int64_t rank) {
    return highest_level - static_cast<int>(rank >> 40);
}

KnownFinding known_from(const RowView& row) {
    KnownFinding out;
    out.id = row.integer(0);
    out.fingerprint = row.text(1);
    out.check = row.text(2);
    out.kind = static_cast<int>(row.integer(3));
    out.task = row.integer(4);
    out.annotation = row.integer(5);
    out.state = static_cast<FindingState>(row.integer(6));
    out.score = row.real(7);
    out.body_hash = std::hash<std::string_view>{}(row.text(8));
    return out;
}

struct RankedFinding {
    StoredFinding finding;
    std::int64_t rank = 0;
};
RankedFinding finding_from(const RowView& row) {
    RankedFinding out;
    auto& f = out.finding;
    f.id = row.integer(0);
    f.project = row.integer(1);
    f.fingerprint = row.text(2);
    f.kind = static_cast<int>(row.integer(3));
    f.check = row.text(4);
    f.task = row.integer(5);
    f.annotation = row.integer(6);
    f.person = row.integer(7);
    out.rank = row.integer(8);
    f.level = level_of_rank(out.rank);
    f.score = row.real(9);
    f.body = row.text(10);
    f.state = static_cast<FindingState>(row.integer(11));
    f.reason = row.text(12);
    f.found = row.integer(13);
    f.decided_by = row.integer(14);
    f.decided = row.integer(15);
    f.task_key = row.text(16);
    f.person_name = row.text(17);
    f.decided_by_name = row.text(18);
    return out;
}

/// Where a page ended: in which part of the list, and behind which row.
struct FindingCursor {
    std::int64_t part = 0, rank = -1, id = 0;
};
Result<FindingCursor> read_finding_cursor(std::string_view text) {
    FindingCursor out;
    if (text.empty()) return out;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (auto* number : {&out.part, &out.rank, &out.id}) {
        const auto read = std::from_chars(at, end, *number);
        const bool last = number == &out.id;
        if (read.ec != std::errc() || *number < 0 ||
            (last ? read.ptr != end : read.ptr == end || *read.ptr != '.'))
            return Refusal{Code::invalid, "after must be the next of an earlier page."};
        at = read.ptr + (last ? 0 : 1);
    }
    if (out.part > 1) return Refusal{Code::invalid, "after must be the next of an earlier page."};
    return out;
}

std::vector<std::int64_t> kinds_in(std::uint64_t bits) {
    std::vector<std::int64_t> out;
    for (std::int64_t kind = 0; kind < 64; ++kind)
        if (bits >> kind & 1) out.push_back(kind);
    return out;
}

/// One part of the list: kinds that are shown less, or all others.
std::vector<RankedFinding> list_part(Session& s, const FindingAsk& ask, bool less,
                                     const FindingCursor& from, int limit) {
    Piece sql(whole_finding);
    sql.add("WHERE f.project_id = ?", {ask.project});
    if (ask.state) sql.add(" AND f.state = ?", {static_cast<std::int64_t>(*ask.state)});
    if (ask.kind) sql.add(" AND f.kind = ?", {std::int64_t{*ask.kind}});
    if (!ask.check.empty()) sql.add(" AND f.check_name = ?", {ask.check});
    if (ask.task != 0) sql.add(" AND f.task_id = ?", {ask.task});
    if (ask.shown_less != 0)
        sql.add(less ? " AND f.kind IN (" : " AND f.kind NOT IN (")
            .add(listed(kinds_in(ask.shown_less)))
            .add(")");
    sql.add(" AND (f.rank, f.id) > (?, ?) ORDER BY f.rank, f.id LIMIT ?",
            {from.rank, from.id, std::int64_t{limit}});
    std::vector<RankedFinding> out;
    sql.run(s, [&](const RowView& row) { out.push_back(finding_from(row)); });
    return out;
}

Refusal not_decided(Id task) {
    return {Code::conflict, "Task " + wire_id('t', task) +
                                " has no label now: it is with people already, or disputed."};
}

struct LabelBefore {
    Id annotation = 0, person = 0;
    LabelOrigin origin = LabelOrigin::human;
    std::optional<double> posterior;
    Id instead = 0;  ///< The correction that took its place; 0: none, it was asked again.
};

Json json_of(const LabelBefore& before) {
    Json out = {{"annotation", before.annotation},
                {"person", before.person},
                {"origin", static_cast<int>(before.origin)},
                {"posterior", nullptr},
                {"instead", before.instead}};
    if (before.posterior) out["posterior"] = *before.posterior;
    return out;
}

std::optional<LabelBefore> label_before_of(std::string_view text) {
    const auto json = parse_json(text);
    if (!json || !json->is_object()) return std::nullopt;
    LabelBefore out;
    out.annotation = json->value("annotation", Id{0});
    out.person = json->value("person", Id{0});
    out.origin = static_cast<LabelOrigin>(json->value("origin", 0));
    out.instead = json->value("instead", Id{0});
    if (const auto at = json->find("posterior"); at != json->end() && at->is_number())
        out.posterior = at->get<double>();
    return out;
}

/// The label of a task that may get another one.
Result<LabelBefore> changeable_label(Session& s, const Project& project, Id task) {
    const auto before = s.one(label_before, {project.id, task}, [](const RowView& row) {
        return LabelBefore{row.integer(0), row.integer(1), static_cast<LabelOrigin>(row.integer(2)),
                           real_or_none(row, 3), 0};
    });
    if (!before) return not_decided(task);
    if (before->origin == LabelOrigin::gold)
        return Refusal{Code::conflict, "Task " + wire_id('t', task) +
                                           " is gold: withdraw it as gold first, or dismiss the "
                                           "finding."};
    return *before;
}

}  // namespace

std::int64_t insert_findings(Session& s, const std::vector<StoredFinding>& findings) {
    std::int64_t added = 0;
    for (const auto& f : findings)
        added += s.run(insert_finding, {f.project, f.fingerprint, std::int64_t{f.kind}, f.check,
                                        f.task, f.annotation, f.person,
                                        finding_rank(f.level, f.score), f.score, f.body, f.found});
    return added;
}

void refresh_finding(Session& s, const StoredFinding& f) {
    s.run(refresh_sql, {f.annotation, finding_rank(f.level, f.score), f.score, f.body, f.id});
}

std::int64_t move_findings(Session& s, const std::vector<Id>& ids,
                           const std::vector<FindingState>& from, FindingState to, Millis now) {
    if (ids.empty()) return 0;
    std::vector<std::int64_t> states;
    for (const auto state : from) states.push_back(static_cast<std::int64_t>(state));
    Piece sql = to == FindingState::open
                    ? Piece(
                          "UPDATE finding SET state = ?, reason = '', before = '', "
                          "decided_by = 0, decided = 0 WHERE id",
                          {static_cast<std::int64_t>(to)})
                    : Piece("UPDATE finding SET state = ?, before = '', decided = ? WHERE id",
                            {static_cast<std::int64_t>(to), now});
    sql.add(among(s, ids)).add(" AND state IN (").add(listed(states)).add(") RETURNING id");
    std::int64_t moved = 0;
    sql.run(s, [&](const RowView&) { ++moved; });
    return moved;
}

void decide_finding(Session& s, Id finding, FindingState state, std::string_view reason, Id person,
                    Millis now, std::string_view before) {
    s.run(decide_sql, {static_cast<std::int64_t>(state), reason, person, now, before, finding});
}

std::string kept_before(Session& s, Id finding) {
    return s.one(before_of, {finding}, [](const RowView& row) { return row.string(0); })
        .value_or("");
}

std::vector<KnownFinding> known_findings(Session& s, Id project, Id after, int limit) {
    std::vector<KnownFinding> out;
    s.run(known_page, {project, after, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(known_from(row)); });
    return out;
}

std::vector<KnownFinding> known_of_tasks(Session& s, Id project, const std::vector<Id>& tasks) {
    std::vector<KnownFinding> out;
    if (tasks.empty()) return out;
    Piece sql("SELECT " KNOWN_COLUMNS " FROM finding WHERE task_id <> 0 AND task_id");
    sql.add(among(s, tasks)).add(" AND project_id = ?", {project});
    sql.run(s, [&](const RowView& row) { out.push_back(known_from(row)); });
    return out;
}

Result<FindingPage> list_findings(Session& s, const FindingAsk& ask, std::string_view after) {
    const auto from = TRY(read_finding_cursor(after));
    std::vector<RankedFinding> rows;
    const int wanted = ask.limit + 1;
    std::size_t of_first_part = 0;
    if (from.part == 0) {
        rows = list_part(s, ask, false, from, wanted);
        of_first_part = rows.size();
    }
    if (ask.shown_less != 0 && static_cast<int>(rows.size()) < wanted) {
        auto more = list_part(s, ask, true, from.part == 1 ? from : FindingCursor{},
                              wanted - static_cast<int>(rows.size()));
        rows.insert(rows.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    }
    FindingPage out;
    const bool more = static_cast<int>(rows.size()) > ask.limit;
    if (more) rows.resize(static_cast<std::size_t>(ask.limit));
    if (more)
        out.next = std::string(rows.size() > of_first_part ? "1." : "0.") +
                   std::to_string(rows.back().rank) + "." + std::to_string(rows.back().finding.id);
    for (auto& row : rows) out.findings.push_back(std::move(row.finding));
    return out;
}

std::optional<StoredFinding> find_finding(Session& s, Id project, Id finding) {
    std::optional<StoredFinding> out;
    Piece sql(whole_finding);
    sql.add("WHERE f.id = ? AND f.project_id = ?", {finding, project});
    sql.run(s, [&](const RowView& row) { out = finding_from(row).finding; });
    return out;
}

std::vector<FindingCount> count_findings(Session& s, Id project) {
    std::vector<FindingCount> out;
    s.run(counts_sql, {project}, [&](const RowView& row) {
        out.push_back({static_cast<int>(row.integer(0)), static_cast<FindingState>(row.integer(1)),
                       row.integer(2)});
    });
    return out;
}

std::int64_t count_open_findings(Session& s, Id project) {
    return *s.one(count_open_sql, {project}, [](const RowView& row) { return row.integer(0); });
}

std::optional<CheckedAt> last_check(Session& s, Id project) {
    return s.one(last_check_sql, {project}, [](const RowView& row) {
        return CheckedAt{row.integer(0), row.integer(1)};
    });
}

void save_check(Session& s, Id project, const CheckedAt& check) {
    s.run(save_check_sql, {project, check.checked, check.took_ms});
}

Result<std::string> ask_again(Session& s, const Project& project, Id task) {
    const auto before = TRY(changeable_label(s, project, task));
    const bool several = project.policy.overlap > 1;
    const auto answers =
        several ? *s.one(opinions_count, {task}, [](const RowView& row) { return row.integer(0); })
                : 0;
    const auto rank = queue_rank(highest_priority, task) + (answers > 0 ? opinion_rank : 0);
    if (s.run(open_again, {rank, answers, project.id, task}) != 1) return not_decided(task);
    drop_label(s, project.id, task);
    Progress moved;
    moved.done = -1;
    moved.ready = 1;
    add_progress(s, project.id, moved);
    s.hints().forget(project.id, 0);
    return to_text(json_of(before));
}

Result<Corrected> correct_label(Session& s, const Project& project, Annotation correction) {
    auto before = TRY(changeable_label(s, project, correction.task));
    Corrected out;
    out.annotation = insert_own_answer(s, project, std::move(correction));
    drop_label(s, project.id, out.annotation.task);
    write_label(s, project.id, out.annotation, out.annotation.person, LabelOrigin::adjudicated);
    Progress more;
    more.created = 1;
    add_progress(s, project.id, more);
    before.instead = out.annotation.id;
    out.before = to_text(json_of(before));
    return out;
}

Result<> put_label_back(Session& s, const Project& project, Id task, std::string_view before,
                        Millis now) {
    const Refusal moved_on{Code::conflict, "Task " + wire_id('t', task) +
                                               " has moved on since: somebody has taken it, or "
                                               "it has another label."};
    const auto kept = label_before_of(before);
    if (!kept) return moved_on;
    const auto annotation = find_annotation(s, kept->annotation);
    if (!annotation || annotation->withdrawn != 0) return moved_on;
    const auto label = find_label(s, project.id, task);
    Progress change;
    if (kept->instead != 0) {
        if (!label || label->annotation != kept->instead ||
            label->origin != LabelOrigin::adjudicated)
            return moved_on;
        drop_label(s, project.id, task);
        withdraw_own_answer(s, task, kept->instead, now);
        change.created = -1;
    } else {
        if (label || s.run(close_again, {project.id, task}) != 1) return moved_on;
        change.done = 1;
        change.ready = -1;
    }
    write_label(s, project.id, *annotation, kept->person, kept->origin, kept->posterior);
    add_progress(s, project.id, change);
    return Done{};
}

}  // namespace countersign
