// Signing in, people, roles, tokens. Passwords are hashed on a small pool of their own (64 MiB
// each); failed sign-ins are throttled per name and per address.
//
// Who holds a session or token is kept in memory for a few seconds, so that asking costs nothing;
// a change made by this process is seen at once, one by another node within that time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "store/people_store.h"

namespace countersign {

struct SignedIn {
    Person person;
    std::string secret;  ///< The session cookie's value; shown once.
    std::string csrf;
    Millis expires = 0;
};
struct NewToken {
    Token token;
    std::string secret;  ///< Shown once.
};

class People {
public:
    /// `password_kib`: memory of one password hash; tests ask for less.
    explicit People(World& world, std::size_t password_kib = 65536);
    ~People();

    /// Refuses with too_many when this name or address failed too often lately (doubling delay).
    Result<SignedIn> sign_in(const std::string& name, const std::string& password,
                             const std::string& address);
    /// Seconds until an attempt with this name from this address is heard; 0: now.
    int sign_in_pause(const std::string& name, const std::string& address);
    /// A one-time link's secret; works once, within its hour.
    Result<SignedIn> sign_in_by_link(const std::string& secret, const std::string& address);
    void sign_out(const std::string& session_secret);

    /// Who holds this session cookie / API token. `csrf` is filled for sessions.
    struct Known {
        Caller caller;
        std::string csrf;
        Millis expires = 0;  ///< Of the session or token; 0: never.
    };
    Result<Known> by_session(const std::string& secret);
    Result<Known> by_token(const std::string& secret);

    Result<Person> add(const Caller& caller, const std::string& name, const std::string& display,
                       Role role, const std::string& password);
    struct Change {
        std::optional<std::string> display = {}, password = {};
        std::optional<Role> role = {};
        std::optional<bool> active = {};
    };
    /// People may change their own display name and password; the last active admin cannot be
    /// demoted.
    Result<Person> change(const Caller& caller, Id person, const Change& change);
    Result<std::vector<Person>> list(const Caller& caller, Id after, int limit);
    Result<Person> find(Id person);

    /// The secret of a one-time sign-in link for `person`.
    Result<std::string> make_link(const Caller& caller, Id person);
    Result<NewToken> make_token(const Caller& caller, const std::string& name, int days);
    std::vector<Token> tokens(const Caller& caller);
    Result<> delete_token(const Caller& caller, Id token);

    /// First start: an admin without a password and the secret of a one-time link for it. Later
    /// calls give a fresh link for the first active admin.
    std::string first_link();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace countersign
