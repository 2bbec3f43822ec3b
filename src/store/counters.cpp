#include "store/counters.h"

#include "store/project_store.h"
#include "store/sql.h"

namespace countersign {

namespace {

/// The four statements of a table of counters.
struct CounterTable {
    Sql sum, change, add, fold;
};

constexpr CounterTable progress_table = {
    "SELECT COALESCE(SUM(total), 0), COALESCE(SUM(ready), 0), COALESCE(SUM(leased), 0), "
    "COALESCE(SUM(done), 0), COALESCE(SUM(drafted), 0), COALESCE(SUM(accepted), 0), "
    "COALESCE(SUM(edited), 0), COALESCE(SUM(rejected), 0), COALESCE(SUM(created), 0), "
    "COALESCE(SUM(skipped), 0), COALESCE(SUM(imported), 0), COALESCE(SUM(flagged), 0), "
    "COALESCE(SUM(disputed), 0), COALESCE(SUM(gold), 0) FROM progress WHERE project_id = $1",
    "UPDATE progress SET total = total + $1, ready = ready + $2, leased = leased + $3, "
    "done = done + $4, drafted = drafted + $5, accepted = accepted + $6, edited = edited + $7, "
    "rejected = rejected + $8, created = created + $9, skipped = skipped + $10, "
    "imported = imported + $11, flagged = flagged + $12, disputed = disputed + $13, "
    "gold = gold + $14 WHERE project_id = $15",
    "INSERT INTO progress (total, ready, leased, done, drafted, accepted, edited, rejected, "
    "created, "
    "skipped, imported, flagged, disputed, gold, project_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    "WITH gone AS (DELETE FROM progress WHERE id IN (SELECT id FROM progress WHERE project_id = $1 "
    "ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED) RETURNING *) "
    "INSERT INTO progress (project_id, total, ready, leased, done, drafted, accepted, edited, "
    "rejected, created, skipped, imported, flagged, disputed, gold) "
    "SELECT project_id, SUM(total), SUM(ready), SUM(leased), SUM(done), SUM(drafted), "
    "SUM(accepted), "
    "SUM(edited), SUM(rejected), SUM(created), SUM(skipped), SUM(imported), SUM(flagged), "
    "SUM(disputed), SUM(gold) "
    "FROM gone GROUP BY project_id"};

constexpr CounterTable model_table = {
    "SELECT COALESCE(SUM(drafted), 0), COALESCE(SUM(decided), 0), COALESCE(SUM(accepted), 0), "
    "COALESCE(SUM(grounded), 0), COALESCE(SUM(repaired), 0), COALESCE(SUM(weak), 0), "
    "COALESCE(SUM(ungrounded), 0) FROM model_count WHERE model_id = $1",
    "UPDATE model_count SET drafted = drafted + $1, decided = decided + $2, "
    "accepted = accepted + $3, grounded = grounded + $4, repaired = repaired + $5, weak = weak + "
    "$6, "
    "ungrounded = ungrounded + $7 WHERE model_id = $8",
    "INSERT INTO model_count (drafted, decided, accepted, grounded, repaired, weak, ungrounded, "
    "model_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    "WITH gone AS (DELETE FROM model_count WHERE id IN (SELECT id FROM model_count "
    "WHERE model_id = $1 ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED) RETURNING *) "
    "INSERT INTO model_count (model_id, drafted, decided, accepted, grounded, repaired, weak, "
    "ungrounded) SELECT model_id, SUM(drafted), SUM(decided), SUM(accepted), SUM(grounded), "
    "SUM(repaired), SUM(weak), SUM(ungrounded) FROM gone GROUP BY model_id"};

/// PostgreSQL folds the rows of each so many-th subject that is counted. A prime, so that no
/// pattern of subjects that take turns leaves one of them out.
constexpr std::uint64_t fold_every = 199;

/// `values` end with the subject's id.
void add(Session& s, const CounterTable& table, const std::vector<Arg>& values) {
    if (s.engine() == Engine::sqlite) {
        if (s.run(table.change, values) == 0) s.run(table.add, values);
        return;
    }
    s.post(table.add, values);
    if (s.hints().next_turn() % fold_every == 0) s.post(table.fold, {values.back()});
}

}  // namespace

Progress find_progress(Session& s, Id project) {
    return *s.one(progress_table.sum, {project}, [](const RowView& r) {
        Progress p;
        std::int64_t* const fields[] = {
            &p.total,    &p.ready,   &p.leased,  &p.done,     &p.drafted, &p.accepted, &p.edited,
            &p.rejected, &p.created, &p.skipped, &p.imported, &p.flagged, &p.disputed, &p.gold};
        for (int i = 0; i < 14; ++i) *fields[i] = r.integer(i);
        return p;
    });
}

void add_progress(Session& s, Id project, const Progress& by) {
    add(s, progress_table,
        {by.total, by.ready, by.leased, by.done, by.drafted, by.accepted, by.edited, by.rejected,
         by.created, by.skipped, by.imported, by.flagged, by.disputed, by.gold, project});
}

ModelStats stats_of(Session& s, Id model) {
    return *s.one(model_table.sum, {model}, [&](const RowView& r) {
        ModelStats m;
        m.model = model;
        std::int64_t* const fields[] = {&m.drafted,  &m.decided, &m.accepted,  &m.grounded,
                                        &m.repaired, &m.weak,    &m.ungrounded};
        for (int i = 0; i < 7; ++i) *fields[i] = r.integer(i);
        return m;
    });
}

void add_model_count(Session& s, const ModelStats& by) {
    add(s, model_table,
        {by.drafted, by.decided, by.accepted, by.grounded, by.repaired, by.weak, by.ungrounded,
         by.model});
}

}  // namespace countersign
