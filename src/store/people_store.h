// People, their sessions and API tokens. Secrets are stored as SHA-256 of the token, never as it
// is.
#pragma once

#include <optional>
#include <vector>

#include "core/people.h"
#include "store/db.h"

namespace countersign {

Id insert_person(Session& s, const Person& person);  ///< Throws when the name is taken: look first.
void update_person(Session& s, const Person& person);
std::optional<Person> find_person(Session& s, Id id);
std::optional<Person> find_person_by_name(Session& s, std::string_view name);
std::vector<Person> list_people(Session& s, Id after, int limit);
std::int64_t count_people(Session& s);
/// Active people whose sign-in name, or a word of whose shown name, starts with `start` (ASCII
/// case-insensitive); those who decided in the project or may manage it first, then by name.
std::vector<Person> people_called(Session& s, Id project, std::string_view start, int limit);

/// A browser's session, an API token or a one-time sign-in link.
enum class TokenKind { session, api, sign_in };
struct Token {
    Id id = 0;
    Id person = 0;
    TokenKind kind = TokenKind::api;
    std::string digest;  ///< Hex SHA-256 of the secret.
    std::string name;    ///< API tokens: what for.
    std::string csrf;    ///< Sessions: the value that unsafe requests must echo.
    Millis created = 0, expires = 0, last_used = 0;  ///< expires 0: never.
};
Id insert_token(Session& s, const Token& token);
std::optional<Token> find_token(Session& s, std::string_view digest);
std::vector<Token> list_tokens(Session& s, Id person, TokenKind kind);
void touch_token(Session& s, Id id, Millis now);
bool delete_token(Session& s,
                  Id id);  ///< False when it was gone already (a one-time link used twice).
void delete_sessions_of(Session& s, Id person);
void delete_expired_tokens(Session& s, Millis now);

}  // namespace countersign
