#include "app/people.h"

#include <doctest/doctest.h>

#include <thread>

#include "app/people_place.h"

namespace countersign {

namespace {

constexpr Millis hour = 3'600'000;

}  // namespace

TEST_CASE("a session is known until it is signed out, expires, or its person is switched off") {
    PeoplePlace at;
    const auto ada = at.add("ada", Role::supervisor);
    const auto session = *at.people->sign_in("ada", "long enough 1", "10.0.0.1");
    const auto known = at.people->by_session(session.secret);
    REQUIRE(known);
    CHECK(known->caller.person == ada.id);
    CHECK(known->caller.role == Role::supervisor);
    CHECK_FALSE(known->caller.by_token);
    CHECK(known->csrf == session.csrf);
    CHECK_FALSE(at.people->by_token(session.secret));
    CHECK_FALSE(at.people->by_session("guess"));

    REQUIRE(at.people->change(at.admin, ada.id, {.role = Role::annotator}));
    CHECK(at.people->by_session(session.secret)->caller.role == Role::annotator);
    at.people->sign_out(session.secret);
    CHECK_FALSE(at.people->by_session(session.secret));

    const auto second = *at.people->sign_in("ada", "long enough 1", "10.0.0.1");
    REQUIRE(at.people->by_session(second.secret));
    at.clock.advance(15 * 24 * hour);
    CHECK_FALSE(at.people->by_session(second.secret));

    const auto third = *at.people->sign_in("ada", "long enough 1", "10.0.0.1");
    REQUIRE(at.people->by_session(third.secret));
    REQUIRE(at.people->change(at.admin, ada.id, {.active = false}));
    CHECK_FALSE(at.people->by_session(third.secret));
    CHECK_FALSE(at.people->sign_in("ada", "long enough 1", "10.0.0.2"));
}

TEST_CASE("a new password ends the sessions of the old one") {
    PeoplePlace at;
    const auto ada = at.add("ada", Role::annotator);
    const auto session = *at.people->sign_in("ada", "long enough 1", "a");
    const Caller self{ada.id, Role::annotator, "ada", false};
    REQUIRE(at.people->change(self, ada.id, {.password = "another one 2"}));
    CHECK_FALSE(at.people->by_session(session.secret));
    CHECK_FALSE(at.people->sign_in("ada", "long enough 1", "a"));
    CHECK(at.people->sign_in("ada", "another one 2", "a"));
}

TEST_CASE("a one-time link works once and within its hour, however many try at once") {
    PeoplePlace at;
    const auto secret = at.people->first_link();
    int opened = 0;
    std::vector<std::thread> threads;
    Guarded<int> count{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            if (at.people->sign_in_by_link(secret, "a")) count.with([](int& n) { ++n; });
        });
    for (auto& thread : threads) thread.join();
    count.with([&](int& n) { opened = n; });
    CHECK(opened == 1);

    const auto late = at.people->first_link();
    at.clock.advance(hour + 1);
    CHECK_FALSE(at.people->sign_in_by_link(late, "a"));
}

TEST_CASE("guessing a name is slowed down from every address, and time opens it again") {
    PeoplePlace at;
    at.add("ada", Role::annotator);
    for (int i = 0; i < 6; ++i) {
        const auto refused = at.people->sign_in("ada", "wrong", std::to_string(i));
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code == Code::unauthenticated);
    }
    const auto throttled = at.people->sign_in("ada", "long enough 1", "elsewhere");
    REQUIRE_FALSE(throttled);
    CHECK(throttled.refusal().code == Code::too_many);
    at.clock.advance(1001);
    CHECK(at.people->sign_in("ada", "long enough 1", "elsewhere"));
    CHECK(at.people->sign_in("ada", "long enough 1", "elsewhere"));
}

TEST_CASE("a token is its owner's, and secrets are not in the database as they are") {
    PeoplePlace at;
    const auto ada = at.add("ada", Role::supervisor);
    const auto bob = at.add("bob", Role::supervisor);
    const Caller self{ada.id, Role::supervisor, "ada", false};
    const Caller other{bob.id, Role::supervisor, "bob", false};
    const auto made = *at.people->make_token(self, "script", 30);
    CHECK(made.token.digest.find(made.secret) == std::string::npos);
    const auto known = at.people->by_token(made.secret);
    REQUIRE(known);
    CHECK(known->caller.by_token);
    CHECK(at.people->tokens(self).size() == 1);
    CHECK(at.people->tokens(self)[0].last_used == at.clock.now());
    CHECK_FALSE(at.people->delete_token(other, made.token.id));
    CHECK(at.people->delete_token(self, made.token.id));
    CHECK_FALSE(at.people->by_token(made.secret));
}

TEST_CASE("the last active admin can neither be demoted nor switched off") {
    PeoplePlace at;
    const auto one = at.add("one", Role::admin);
    CHECK_FALSE(at.people->change(at.admin, one.id, {.role = Role::annotator}));
    CHECK_FALSE(at.people->change(at.admin, one.id, {.active = false}));
    at.add("two", Role::admin);
    CHECK(at.people->change(at.admin, one.id, {.role = Role::annotator}));
}

}  // namespace countersign
