// Wire types of people, sessions and tokens, and how they come from core values.
#pragma once

#include <string>
#include "app/people.h"
#include "base/fields.h"

namespace countersign {

struct PersonOut {
    std::string id;
    std::string name;
    std::string display;
    Role role = Role::annotator;
    bool active = true;
    Millis created = 0;
};
template <class V>
void fields(V& v, PersonOut& o) {
    v("id", o.id, "u...");
    v("name", o.name, "sign-in name");
    v("display", o.display, "shown name");
    v("role", o.role, "what this person may do");
    v("active", o.active, "may sign in");
    v("created", o.created, "ms UTC");
}

struct SessionOut {
    PersonOut person;
    std::string csrf;
    Millis expires = 0;
    std::int64_t unread = 0;
};
template <class V>
void fields(V& v, SessionOut& o) {
    v("person", o.person, "who is signed in");
    v("csrf", o.csrf, "send it as X-CSRF-Token with every unsafe request");
    v("expires", o.expires, "ms UTC");
    v("unread", o.unread, "notifications not read yet, counted up to 1000");
}

struct SignInBody {
    std::string name;
    std::string password;
};
template <class V>
void fields(V& v, SignInBody& o) {
    v("name", o.name, "sign-in name");
    v("password", o.password, "at least 10 characters");
}

struct LinkBody {
    std::string token;
};
template <class V>
void fields(V& v, LinkBody& o) {
    v("token", o.token, "the part of the link behind #");
}

struct NewPersonBody {
    std::string name;
    std::string display;
    Role role = Role::annotator;
    std::string password;
};
template <class V>
void fields(V& v, NewPersonBody& o) {
    v("name", o.name, "sign-in name: a-z, 0-9, dot, dash, _");
    v("display", o.display, "shown name; empty: the sign-in name");
    v("role", o.role, "what this person may do");
    v("password", o.password, "empty: the first sign-in is by the link");
}

struct NewPersonOut {
    PersonOut person;
    std::string link;
};
template <class V>
void fields(V& v, NewPersonOut& o) {
    v("person", o.person, "the new person");
    v("link", o.link, "path of a one-time sign-in link, good for an hour");
}

struct PersonChangeBody {
    std::optional<std::string> display;
    std::optional<Role> role;
    std::optional<bool> active;
    std::optional<std::string> password;
};
template <class V>
void fields(V& v, PersonChangeBody& o) {
    v("display", o.display, "shown name");
    v("role", o.role, "admins only");
    v("active", o.active, "admins only; false signs out");
    v("password", o.password, "signs out everywhere");
}

struct LinkOut {
    std::string link;
};
template <class V>
void fields(V& v, LinkOut& o) {
    v("link", o.link, "path of a one-time sign-in link, good for an hour");
}

struct NewTokenBody {
    std::string name;
    int days = 90;
};
template <class V>
void fields(V& v, NewTokenBody& o) {
    v("name", o.name, "what the token is for");
    v("days", o.days, "days until it expires, 1 to 3650");
}

struct TokenOut {
    std::string id;
    std::string name;
    Millis created = 0;
    Millis expires = 0;
    Nullable<Millis> last_used;
};
template <class V>
void fields(V& v, TokenOut& o) {
    v("id", o.id, "q...");
    v("name", o.name, "what it is for");
    v("created", o.created, "ms UTC");
    v("expires", o.expires, "ms UTC");
    v("last_used", o.last_used, "ms UTC; null: never");
}

struct NewTokenOut {
    TokenOut token;
    std::string secret;
};
template <class V>
void fields(V& v, NewTokenOut& o) {
    v("token", o.token, "the new token");
    v("secret", o.secret, "shown this once: Authorization: Bearer <secret>");
}

PersonOut person_out(const Person& person);
TokenOut token_out(const Token& token);

}  // namespace countersign
