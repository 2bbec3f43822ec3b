#include "store/people_store.h"

#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql insert_person_sql =
    "INSERT INTO person (name, display, role, password, active, created) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
constexpr Sql update_person_sql =
    "UPDATE person SET name = $1, display = $2, role = $3, password = $4, active = $5 WHERE id = "
    "$6";
constexpr Sql person_by_id =
    "SELECT id, name, display, role, password, active, created FROM person WHERE id = $1";
constexpr Sql person_by_name =
    "SELECT id, name, display, role, password, active, created FROM person WHERE name = $1";
constexpr Sql people_after =
    "SELECT id, name, display, role, password, active, created FROM person WHERE id > $1 "
    "ORDER BY id LIMIT $2";
constexpr Sql people_called_sql =
    "SELECT id, name, display, role, password, active, created FROM person p WHERE active = 1 AND "
    "(name {like} $1 ESCAPE '\\' OR display {like} $1 ESCAPE '\\' OR display {like} $2 ESCAPE "
    "'\\') ORDER BY CASE WHEN role >= $3 OR EXISTS (SELECT 1 FROM annotation a WHERE a.project_id "
    "= "
    "$4 AND a.person_id = p.id AND a.action <> 5) THEN 0 ELSE 1 END, display, id LIMIT $5";
constexpr Sql count_people_sql = "SELECT COUNT(*) FROM person";

constexpr Sql insert_token_sql =
    "INSERT INTO token (person_id, kind, digest, name, csrf, created, expires, last_used) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
constexpr Sql token_by_digest =
    "SELECT id, person_id, kind, digest, name, csrf, created, expires, last_used FROM token "
    "WHERE digest = $1";
constexpr Sql tokens_of_person =
    "SELECT id, person_id, kind, digest, name, csrf, created, expires, last_used FROM token "
    "WHERE person_id = $1 AND kind = $2 ORDER BY id";
constexpr Sql touch_token_sql = "UPDATE token SET last_used = $1 WHERE id = $2";
constexpr Sql delete_token_sql = "DELETE FROM token WHERE id = $1";
constexpr Sql delete_tokens_of = "DELETE FROM token WHERE person_id = $1 AND kind = $2";
constexpr Sql delete_expired = "DELETE FROM token WHERE expires > 0 AND expires <= $1";

std::int64_t integer(bool yes) {
    return yes ? 1 : 0;
}

Person person_from(const RowView& row) {
    Person p;
    p.id = row.integer(0);
    p.name = row.text(1);
    p.display = row.text(2);
    p.role = static_cast<Role>(row.integer(3));
    p.password = row.text(4);
    p.active = row.integer(5) != 0;
    p.created = row.integer(6);
    return p;
}

Token token_from(const RowView& row) {
    Token t;
    t.id = row.integer(0);
    t.person = row.integer(1);
    t.kind = static_cast<TokenKind>(row.integer(2));
    t.digest = row.text(3);
    t.name = row.text(4);
    t.csrf = row.text(5);
    t.created = row.integer(6);
    t.expires = row.integer(7);
    t.last_used = row.integer(8);
    return t;
}

}  // namespace

Id insert_person(Session& s, const Person& p) {
    return *s.one(insert_person_sql,
                  {p.name, p.display, static_cast<std::int64_t>(p.role), p.password,
                   integer(p.active), p.created},
                  [](const RowView& row) { return row.integer(0); });
}

void update_person(Session& s, const Person& p) {
    s.run(update_person_sql, {p.name, p.display, static_cast<std::int64_t>(p.role), p.password,
                              integer(p.active), p.id});
}

std::optional<Person> find_person(Session& s, Id id) {
    return s.one(person_by_id, {id}, person_from);
}
std::optional<Person> find_person_by_name(Session& s, std::string_view name) {
    return s.one(person_by_name, {name}, person_from);
}

std::vector<Person> list_people(Session& s, Id after, int limit) {
    std::vector<Person> out;
    s.run(people_after, {after, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(person_from(row)); });
    return out;
}

std::vector<Person> people_called(Session& s, Id project, std::string_view start, int limit) {
    std::string pattern;
    for (const char c : start) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    pattern += '%';
    const auto later_word = "% " + pattern;
    std::vector<Person> out;
    s.run(people_called_sql,
          {pattern, later_word, static_cast<std::int64_t>(least_role(Permission::manage_project)),
           project, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(person_from(row)); });
    return out;
}

std::int64_t count_people(Session& s) {
    return *s.one(count_people_sql, {}, [](const RowView& row) { return row.integer(0); });
}

Id insert_token(Session& s, const Token& t) {
    return *s.one(insert_token_sql,
                  {t.person, static_cast<std::int64_t>(t.kind), t.digest, t.name, t.csrf, t.created,
                   t.expires, t.last_used},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Token> find_token(Session& s, std::string_view digest) {
    return s.one(token_by_digest, {digest}, token_from);
}

std::vector<Token> list_tokens(Session& s, Id person, TokenKind kind) {
    std::vector<Token> out;
    s.run(tokens_of_person, {person, static_cast<std::int64_t>(kind)},
          [&](const RowView& row) { out.push_back(token_from(row)); });
    return out;
}

void touch_token(Session& s, Id id, Millis now) {
    s.run(touch_token_sql, {now, id});
}
bool delete_token(Session& s, Id id) {
    return s.run(delete_token_sql, {id}) > 0;
}
void delete_sessions_of(Session& s, Id person) {
    s.run(delete_tokens_of, {person, static_cast<std::int64_t>(TokenKind::session)});
}
void delete_expired_tokens(Session& s, Millis now) {
    s.run(delete_expired, {now});
}

}  // namespace countersign
