#include "store/people_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {
Person somebody(const std::string& name) {
    Person p;
    p.name = name;
    p.display = "Somebody";
    p.role = Role::specialist;
    p.password = "$argon2id$...";
    p.created = noon;
    return p;
}
}  // namespace

TEST_CASE("a person reads back by id and by name, and changes") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            CHECK(count_people(s) == 0);
            auto p = somebody("ada");
            p.id = insert_person(s, p);
            CHECK(find_person(s, p.id)->role == Role::specialist);
            CHECK(find_person_by_name(s, "ada")->id == p.id);
            CHECK_FALSE(find_person_by_name(s, "Ada"));
            p.active = false;
            p.role = Role::admin;
            update_person(s, p);
            CHECK_FALSE(find_person(s, p.id)->active);
            CHECK(find_person(s, p.id)->role == Role::admin);
            const Id second = insert_person(s, somebody("ben"));
            CHECK(list_people(s, 0, 10).size() == 2);
            CHECK(list_people(s, p.id, 10).at(0).id == second);
            CHECK(count_people(s) == 2);
        });
    });
}

TEST_CASE("a name that is taken breaks the write") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) { insert_person(s, somebody("ada")); });
        CHECK_THROWS_AS(at.db->write([](Session& s) { insert_person(s, somebody("ada")); }),
                        Breakdown);
        CHECK(at.db->read([](Session& s) { return count_people(s); }) == 1);
    });
}

TEST_CASE("tokens are found by digest, listed by kind, and end") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const auto token = [&](TokenKind kind, const std::string& digest, Millis expires) {
                Token t;
                t.person = 7;
                t.kind = kind;
                t.digest = digest;
                t.name = "script";
                t.csrf = "c";
                t.created = noon;
                t.expires = expires;
                return insert_token(s, t);
            };
            const Id session = token(TokenKind::session, "d1", noon + 10);
            const Id forever = token(TokenKind::api, "d2", 0);
            token(TokenKind::sign_in, "d3", noon + 20);
            CHECK(find_token(s, "d1")->id == session);
            CHECK(find_token(s, "d1")->csrf == "c");
            CHECK_FALSE(find_token(s, "d9"));
            touch_token(s, forever, noon + 5);
            CHECK(find_token(s, "d2")->last_used == noon + 5);
            CHECK(list_tokens(s, 7, TokenKind::api).size() == 1);
            delete_expired_tokens(s, noon + 15);
            CHECK_FALSE(find_token(s, "d1"));
            CHECK(find_token(s, "d3"));
            CHECK(delete_token(s, forever));
            CHECK_FALSE(delete_token(s, forever));
            token(TokenKind::session, "d4", 0);
            delete_sessions_of(s, 7);
            CHECK_FALSE(find_token(s, "d4"));
            CHECK(find_token(s, "d3"));
        });
    });
}

}  // namespace countersign
