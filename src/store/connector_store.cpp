#include "store/connector_store.h"

#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql put_secret_sql =
    "INSERT INTO model_secret (model_id, name, sealed, tail, changed) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (model_id, name) DO UPDATE SET sealed = excluded.sealed, tail = excluded.tail, "
    "changed = excluded.changed";
constexpr Sql delete_secret_sql = "DELETE FROM model_secret WHERE model_id = $1 AND name = $2";
constexpr Sql secrets_sql =
    "SELECT name, sealed, tail, changed FROM model_secret WHERE model_id = $1 ORDER BY name";
constexpr Sql add_spend_sql =
    "INSERT INTO model_spend (model_id, calls, tokens_in, tokens_out, micros) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (model_id) DO UPDATE SET "
    "calls = model_spend.calls + excluded.calls, "
    "tokens_in = model_spend.tokens_in + excluded.tokens_in, "
    "tokens_out = model_spend.tokens_out + excluded.tokens_out, "
    "micros = model_spend.micros + excluded.micros";
constexpr Sql spend_sql =
    "SELECT calls, tokens_in, tokens_out, micros FROM model_spend WHERE model_id = $1";
constexpr Sql put_answer_sql =
    "INSERT INTO model_answer (model_id, key, status, reply, created) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (model_id, key) DO UPDATE SET status = excluded.status, reply = excluded.reply, "
    "created = excluded.created";
constexpr Sql find_answer_sql =
    "SELECT status, reply FROM model_answer WHERE model_id = $1 AND key = $2";
constexpr Sql prune_answers_sql =
    "DELETE FROM model_answer WHERE (model_id, key) IN (SELECT model_id, key FROM model_answer "
    "WHERE created < $1 ORDER BY created LIMIT 10000)";

}  // namespace

void put_secret(Session& s, Id model, const SealedSecret& secret) {
    s.run(put_secret_sql, {model, secret.name, Bytes{secret.sealed}, secret.tail, secret.changed});
}

bool delete_secret(Session& s, Id model, std::string_view name) {
    return s.run(delete_secret_sql, {model, name}) > 0;
}

std::vector<SealedSecret> secrets_of(Session& s, Id model) {
    std::vector<SealedSecret> out;
    s.run(secrets_sql, {model}, [&](const RowView& row) {
        out.push_back({row.string(0), row.string(1), row.string(2), row.integer(3)});
    });
    return out;
}

void add_spend(Session& s, Id model, const Spend& more) {
    s.run(add_spend_sql, {model, more.calls, more.tokens_in, more.tokens_out, more.micros});
}

Spend spend_of(Session& s, Id model) {
    return s
        .one(spend_sql, {model},
             [](const RowView& row) {
                 return Spend{row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
             })
        .value_or(Spend{});
}

void put_answer(Session& s, Id model, std::string_view key, const StoredAnswer& answer,
                Millis created) {
    s.run(put_answer_sql,
          {model, key, static_cast<std::int64_t>(answer.status), Bytes{answer.reply}, created});
}

std::optional<StoredAnswer> find_answer(Session& s, Id model, std::string_view key) {
    return s.one(find_answer_sql, {model, key}, [](const RowView& row) {
        return StoredAnswer{static_cast<int>(row.integer(0)), row.string(1)};
    });
}

std::int64_t prune_answers(Session& s, Millis before) {
    return s.run(prune_answers_sql, {before});
}

}  // namespace countersign
