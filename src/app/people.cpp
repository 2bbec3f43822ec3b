#include "app/people.h"

#include <algorithm>
#include <unordered_map>

#include "app/hash_gate.h"
#include "app/throttle.h"
#include "base/json.h"
#include "base/text.h"
#include "store/event_store.h"

namespace countersign {

namespace {

constexpr Millis second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr Millis session_life = 14 * day, link_life = hour, kept_for = 5 * second;
constexpr std::size_t shortest_password = 10, longest_password = 1000;

std::string digest_of(std::string_view secret) {
    return hex(sha256(secret));
}

Refusal no_person(Id id) {
    return {Code::not_found, "There is no person " + wire_id('u', id) + "."};
}

Result<> check_name(std::string_view name) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    if (name.size() >= 2 && name.size() <= 40 && std::all_of(name.begin(), name.end(), good))
        return Done{};
    return Refusal{Code::invalid,
                   "A sign-in name has 2 to 40 of the characters a-z, 0-9, dot, dash and _."};
}

Result<> check_password(std::string_view password) {
    if (password.size() < shortest_password)
        return Refusal{Code::invalid, "A password needs at least 10 characters."};
    if (password.size() > longest_password)
        return Refusal{Code::invalid, "A password has at most 1000 bytes."};
    return Done{};
}

Result<std::string> check_display(std::string_view display, std::string_view otherwise) {
    auto shown = std::string(trim(display));
    if (shown.empty()) shown = otherwise;
    if (shown.size() > 200) return Refusal{Code::invalid, "A shown name has at most 200 bytes."};
    return shown;
}

void note(Session& s, World& world, std::string_view kind, Id by, const Json& body) {
    Event event;
    event.kind = kind;
    event.person = by;
    event.body = to_text(body);
    event.created = world.clock.now();
    append_event(s, event, world.key);
}

struct KnownCache {
    struct Entry {
        People::Known known;
        Millis until = 0;
    };
    std::unordered_map<std::string, Entry> entries;
    std::uint64_t changes = 0;  ///< What was read before a change is not kept.
    void forget(Id person) {
        ++changes;
        std::erase_if(entries,
                      [&](const auto& e) { return e.second.known.caller.person == person; });
    }
};

}  // namespace

struct People::Impl {
    Impl(World& w, std::size_t kib) : world(w), password_kib(kib) {}
    World& world;
    std::size_t password_kib;
    HashGate gate{};
    Throttle by_name{{}};
    Throttle by_address{
        {.free = 20, .first_pause = second, .longest = 15 * minute, .forget = hour}};
    Guarded<KnownCache> cache{};
    std::string nobody = {};  ///< A hash to compare with when there is no such name: same time.

    Result<std::string> hash(const std::string& password) {
        return gate.through([&] { return hash_password(password, password_kib); });
    }

    Token new_token(Id person, TokenKind kind, std::string_view secret, std::string_view name,
                    Millis expires) const {
        Token token;
        token.person = person;
        token.kind = kind;
        token.digest = digest_of(secret);
        token.name = name;
        token.created = world.clock.now();
        token.expires = expires;
        return token;
    }

    /// Opens a session in the transaction of `s`.
    SignedIn open_session(countersign::Session& s, const Person& person) {
        const auto now = world.clock.now();
        SignedIn out{person, random_token(), random_token(), now + session_life};
        delete_expired_tokens(s, now);
        auto token = new_token(person.id, TokenKind::session, out.secret, "", out.expires);
        token.csrf = out.csrf;
        insert_token(s, token);
        note(s, world, "person.signed_in", person.id, Json::object());
        return out;
    }

    Result<Known> known(const std::string& secret, TokenKind kind) {
        const auto now = world.clock.now();
        const auto digest = digest_of(secret);
        std::optional<Known> kept;
        const auto changes = cache.with([&](KnownCache& c) {
            const auto found = c.entries.find(digest);
            if (found != c.entries.end() && found->second.until > now &&
                found->second.known.caller.by_token == (kind == TokenKind::api))
                kept = found->second.known;
            return c.changes;
        });
        if (kept) return *kept;
        return read_known(digest, kind, now, changes);
    }

    Result<Known> read_known(const std::string& digest, TokenKind kind, Millis now,
                             std::uint64_t changes) {
        std::optional<Token> token;
        std::optional<Person> person;
        world.db.read([&](Session& s) {
            token = find_token(s, digest);
            if (token) person = find_person(s, token->person);
        });
        const bool session = kind == TokenKind::session;
        if (!token || token->kind != kind || (token->expires != 0 && token->expires <= now))
            return Refusal{Code::unauthenticated,
                           session ? "Your session has ended: sign in again."
                                   : "This API token is not known or has expired: make a new one."};
        if (!person || !person->active)
            return Refusal{Code::unauthenticated, "This person's account is switched off."};
        Known known{
            {person->id, person->role, person->name, !session}, token->csrf, token->expires};
        if (now - token->last_used > 10 * minute)
            world.db.write([&](Session& s) { touch_token(s, token->id, now); });
        cache.with([&](KnownCache& c) {
            if (c.changes != changes) return;
            if (c.entries.size() > 20'000) c.entries.clear();
            auto until = now + kept_for;
            if (token->expires != 0) until = std::min(until, token->expires);
            c.entries[digest] = {known, until};
        });
        return known;
    }

    void forget(Id person) {
        cache.with([&](KnownCache& c) { c.forget(person); });
    }

    std::string new_link(Session& s, Id person) {
        const auto now = world.clock.now();
        auto secret = random_token();
        insert_token(
            s, new_token(person, TokenKind::sign_in, secret, "sign-in link", now + link_life));
        return secret;
    }

    Result<> throttled(const std::string& name, const std::string& address, Millis now) {
        const auto wait = std::max(by_address.attempt(address, now), by_name.attempt(name, now));
        if (wait == 0) return Done{};
        return Refusal{Code::too_many, "Too many failed sign-ins: try again in " +
                                           std::to_string((wait + 999) / 1000) + " s."};
    }
};

People::People(World& world, std::size_t password_kib)
    : impl_(std::make_unique<Impl>(world, password_kib)) {}
People::~People() = default;

Result<SignedIn> People::sign_in(const std::string& name, const std::string& password,
                                 const std::string& address) {
    auto& my = *impl_;
    TRY(my.throttled(name, address, my.world.clock.now()));
    const auto person = my.world.db.read([&](Session& s) { return find_person_by_name(s, name); });
    const bool can = person && person->active && !person->password.empty();
    const bool right = TRY(my.gate.through([&] {
        return verify_password(password.substr(0, longest_password),
                               can ? person->password : my.nobody);
    }));
    if (!can || !right) return Refusal{Code::unauthenticated, "The name or the password is wrong."};
    my.by_name.clear(name);
    my.by_address.excuse(address);
    return my.world.db.write([&](Session& s) { return my.open_session(s, *person); });
}

int People::sign_in_pause(const std::string& name, const std::string& address) {
    const auto now = impl_->world.clock.now();
    const auto left =
        std::max(impl_->by_address.left(address, now), impl_->by_name.left(name, now));
    return static_cast<int>((left + 999) / 1000);
}

Result<SignedIn> People::sign_in_by_link(const std::string& secret, const std::string& address) {
    auto& my = *impl_;
    const auto now = my.world.clock.now();
    if (const auto wait = my.by_address.attempt(address, now))
        return Refusal{Code::too_many, "Too many failed sign-ins: try again in " +
                                           std::to_string((wait + 999) / 1000) + " s."};
    auto signed_in = my.world.db.write([&](Session& s) -> Result<SignedIn> {
        const auto token = find_token(s, digest_of(secret));
        const Refusal spent{Code::unauthenticated,
                            "This sign-in link was used or has expired: ask for a new one."};
        if (!token || token->kind != TokenKind::sign_in || token->expires <= now) return spent;
        if (!countersign::delete_token(s, token->id)) return spent;
        const auto person = find_person(s, token->person);
        if (!person || !person->active)
            return Refusal{Code::unauthenticated, "This person's account is switched off."};
        return my.open_session(s, *person);
    });
    if (signed_in) my.by_address.excuse(address);
    return signed_in;
}

void People::sign_out(const std::string& session_secret) {
    auto& my = *impl_;
    const auto digest = digest_of(session_secret);
    my.world.db.write([&](Session& s) {
        if (const auto token = find_token(s, digest)) countersign::delete_token(s, token->id);
    });
    my.cache.with([&](KnownCache& c) {
        ++c.changes;
        c.entries.erase(digest);
    });
}

Result<People::Known> People::by_session(const std::string& secret) {
    return impl_->known(secret, TokenKind::session);
}
Result<People::Known> People::by_token(const std::string& secret) {
    return impl_->known(secret, TokenKind::api);
}

Result<Person> People::add(const Caller& caller, const std::string& name,
                           const std::string& display, Role role, const std::string& password) {
    auto& my = *impl_;
    TRY(check_name(name));
    Person person;
    person.name = name;
    person.display = TRY(check_display(display, name));
    person.role = role;
    if (!password.empty()) {
        TRY(check_password(password));
        person.password = TRY(my.hash(password));
    }
    person.created = my.world.clock.now();
    return my.world.db.write([&](Session& s) -> Result<Person> {
        if (find_person_by_name(s, name))
            return Refusal{Code::conflict, "There is a person called \"" + name +
                                               "\" already: choose another name."};
        person.id = insert_person(s, person);
        note(s, my.world, "person.added", caller.person,
             {{"person", wire_id('u', person.id)},
              {"name", name},
              {"role", std::string(name_of(role))}});
        return person;
    });
}

namespace {

int active_admins(Session& s) {
    int count = 0;
    Id after = 0;
    for (;;) {
        const auto page = list_people(s, after, 200);
        for (const auto& p : page) count += p.active && p.role == Role::admin;
        if (page.size() < 200) return count;
        after = page.back().id;
    }
}

}  // namespace

Result<Person> People::change(const Caller& caller, Id id, const Change& change) {
    auto& my = *impl_;
    const bool manages = may(caller.role, Permission::manage_people);
    if (!manages && (caller.person != id || change.role || change.active))
        return Refusal{Code::forbidden, "Only an admin may change other people, roles and access."};
    std::string password;
    if (change.password) {
        TRY(check_password(*change.password));
        password = TRY(my.hash(*change.password));
    }
    auto changed = my.world.db.write([&](Session& s) -> Result<Person> {
        auto person = find_person(s, id);
        if (!person) return no_person(id);
        const bool was_admin = person->active && person->role == Role::admin;
        if (change.display) person->display = TRY(check_display(*change.display, person->name));
        if (change.role) person->role = *change.role;
        if (change.active) person->active = *change.active;
        if (change.password) person->password = password;
        if (was_admin && !(person->active && person->role == Role::admin) && active_admins(s) <= 1)
            return Refusal{Code::conflict,
                           person->name + " is the last active admin: make another one first."};
        update_person(s, *person);
        if (change.password || !person->active) delete_sessions_of(s, id);
        note(s, my.world, "person.changed", caller.person,
             {{"person", wire_id('u', id)},
              {"role", std::string(name_of(person->role))},
              {"active", person->active},
              {"password", change.password.has_value()}});
        return *std::move(person);
    });
    my.forget(id);
    return changed;
}

Result<std::vector<Person>> People::list(const Caller&, Id after, int limit) {
    return impl_->world.db.read([&](Session& s) { return list_people(s, after, limit); });
}

Result<Person> People::find(Id id) {
    auto person = impl_->world.db.read([&](Session& s) { return find_person(s, id); });
    if (!person) return no_person(id);
    return *std::move(person);
}

Result<std::string> People::make_link(const Caller& caller, Id id) {
    auto& my = *impl_;
    return my.world.db.write([&](Session& s) -> Result<std::string> {
        const auto person = find_person(s, id);
        if (!person) return no_person(id);
        if (!person->active)
            return Refusal{Code::conflict, person->name + " is switched off: switch on first."};
        note(s, my.world, "person.link_made", caller.person, {{"person", wire_id('u', id)}});
        return my.new_link(s, id);
    });
}

Result<NewToken> People::make_token(const Caller& caller, const std::string& name, int days) {
    auto& my = *impl_;
    const auto label = std::string(trim(name));
    if (label.empty() || label.size() > 100)
        return Refusal{Code::invalid, "Give the token a name of 1 to 100 bytes: what it is for."};
    if (days < 1 || days > 3650) return Refusal{Code::invalid, "days must be from 1 to 3650."};
    const auto now = my.world.clock.now();
    NewToken made;
    made.secret = "cs_" + random_token();
    made.token = my.new_token(caller.person, TokenKind::api, made.secret, label, now + days * day);
    my.world.db.write([&](Session& s) {
        made.token.id = insert_token(s, made.token);
        note(s, my.world, "token.made", caller.person, {{"token", wire_id('q', made.token.id)}});
    });
    return made;
}

std::vector<Token> People::tokens(const Caller& caller) {
    return impl_->world.db.read(
        [&](Session& s) { return list_tokens(s, caller.person, TokenKind::api); });
}

Result<> People::delete_token(const Caller& caller, Id id) {
    auto& my = *impl_;
    auto deleted = my.world.db.write([&](Session& s) -> Result<> {
        const auto mine = list_tokens(s, caller.person, TokenKind::api);
        const bool found =
            std::any_of(mine.begin(), mine.end(), [&](const Token& t) { return t.id == id; });
        if (!found || !countersign::delete_token(s, id))
            return Refusal{Code::not_found, "You have no token " + wire_id('q', id) + "."};
        note(s, my.world, "token.deleted", caller.person, {{"token", wire_id('q', id)}});
        return Done{};
    });
    my.forget(caller.person);
    return deleted;
}

std::string People::first_link() {
    auto& my = *impl_;
    return my.world.db.write([&](Session& s) {
        Id admin = 0, after = 0;
        for (;;) {
            const auto page = list_people(s, after, 200);
            for (const auto& p : page)
                if (admin == 0 && p.active && p.role == Role::admin) admin = p.id;
            if (admin != 0 || page.size() < 200) break;
            after = page.back().id;
        }
        if (admin == 0) {
            Person person;
            person.name = "admin";
            person.display = "Admin";
            person.role = Role::admin;
            person.created = my.world.clock.now();
            admin = insert_person(s, person);
            note(s, my.world, "person.added", 0,
                 {{"person", wire_id('u', admin)}, {"name", "admin"}, {"role", "admin"}});
        }
        return my.new_link(s, admin);
    });
}

}  // namespace countersign
