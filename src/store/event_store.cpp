#include "store/event_store.h"

#include "base/ids.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql head_sql = "SELECT seq, hash FROM event_head WHERE project_id = $1 {for_update}";
constexpr Sql start_head =
    "INSERT INTO event_head (project_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
constexpr Sql move_head = "UPDATE event_head SET seq = $1, hash = $2 WHERE project_id = $3";
constexpr Sql insert_event =
    "INSERT INTO event (project_id, seq, kind, person_id, task_id, body, created, hash, signature) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
constexpr Sql events_of_project_after =
    "SELECT id, project_id, seq, kind, person_id, task_id, body, created, hash, signature "
    "FROM event WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3";
constexpr Sql find_setting_sql = "SELECT value FROM setting WHERE name = $1";
constexpr Sql save_setting_sql =
    "INSERT INTO setting (name, value) VALUES ($1, $2) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
constexpr Sql start_setting_sql =
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";

constexpr std::string_view public_key_name = "signing.public";
constexpr std::string_view secret_key_name = "signing.secret";

struct Head {
    std::int64_t seq = 0;
    std::string hash;
};

std::optional<Head> find_head(Session& s, Id project) {
    return s.one(head_sql, {project}, [](const RowView& row) {
        return Head{row.integer(0), row.string(1)};
    });
}

Event event_from(const RowView& row) {
    Event e;
    e.id = row.integer(0);
    e.project = row.integer(1);
    e.seq = row.integer(2);
    e.kind = row.text(3);
    e.person = row.integer(4);
    e.task = row.integer(5);
    e.body = row.text(6);
    e.created = row.integer(7);
    e.hash = row.text(8);
    e.signature = row.text(9);
    return e;
}

Refusal fault(const Event& e, std::string_view what) {
    return {Code::conflict, "Event " + wire_id('e', e.id) + " (number " + std::to_string(e.seq) +
                                ", " + e.kind + ") " + std::string(what)};
}

}  // namespace

Event append_event(Session& s, Event event, const SigningKey& key) {
    auto head = find_head(s, event.project);
    if (!head) {
        s.run(start_head, {event.project, Bytes{}});
        head = find_head(s, event.project);
    }
    event.seq = head->seq + 1;
    event.hash = event_hash(head->hash, event);
    event.signature = sign(event.hash, key);
    s.post(insert_event, {event.project, event.seq, event.kind, event.person, event.task,
                          event.body, event.created, Bytes{event.hash}, Bytes{event.signature}});
    s.post(move_head, {event.seq, Bytes{event.hash}, event.project});
    return event;
}

std::vector<Event> list_events(Session& s, Id project, Id after, int limit) {
    std::vector<Event> out;
    const auto take = [&](const RowView& row) { out.push_back(event_from(row)); };
    s.run(events_of_project_after, {project, after, std::int64_t{limit}}, take);
    return out;
}

Result<std::int64_t> verify_events(Session& s, Id project, std::string_view public_key) {
    constexpr std::int64_t page = 1000;
    Head last;
    Id after = 0;
    for (std::size_t got = page; got == page;) {
        std::vector<Event> events;
        s.run(events_of_project_after, {project, after, page},
              [&](const RowView& row) { events.push_back(event_from(row)); });
        for (const auto& e : events) {
            if (e.seq != last.seq + 1)
                return fault(e, "does not follow number " + std::to_string(last.seq) +
                                    ": an event was removed, added or moved.");
            if (event_hash(last.hash, e) != e.hash)
                return fault(e, "does not match its hash: it, or one before it, was changed.");
            if (!verify(e.hash, e.signature, public_key))
                return fault(e, "is not signed by this installation's key.");
            last = {e.seq, e.hash};
            after = e.id;
        }
        got = events.size();
    }
    const auto head = s.one("SELECT seq, hash FROM event_head WHERE project_id = $1", {project},
                            [](const RowView& r) {
                                return Head{r.integer(0), r.string(1)};
                            });
    if (head ? head->seq != last.seq || head->hash != last.hash : last.seq != 0)
        return Refusal{Code::conflict, "The history ends at number " + std::to_string(last.seq) +
                                           ", but " + std::to_string(head ? head->seq : 0) +
                                           " were written: its end was cut off."};
    return last.seq;
}

std::optional<std::string> find_setting(Session& s, std::string_view name) {
    return s.one(find_setting_sql, {name}, [](const RowView& row) { return row.string(0); });
}

void save_setting(Session& s, std::string_view name, std::string_view value) {
    s.run(save_setting_sql, {name, value});
}

SigningKey installation_key(Session& s) {
    if (!find_setting(s, secret_key_name)) {
        const auto fresh = new_signing_key();
        s.run(start_setting_sql, {secret_key_name, hex(fresh.secret_key)});
        s.run(start_setting_sql, {public_key_name, hex(fresh.public_key)});
    }
    const auto secret = from_hex(*find_setting(s, secret_key_name));
    const auto open = from_hex(*find_setting(s, public_key_name));
    if (!secret || !open) throw Breakdown("The stored signing key does not read back.");
    return {*open, *secret};
}

}  // namespace countersign
