#include "store/event_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

Event about(Id project, const std::string& kind) {
    Event e;
    e.project = project;
    e.kind = kind;
    e.person = 7;
    e.task = 9;
    e.body = R"({"a":1})";
    e.created = noon;
    return e;
}

/// Five events of project 1 with others between.
SigningKey history(Session& s) {
    const auto key = installation_key(s);
    for (int i = 0; i < 5; ++i) {
        append_event(s, about(1, "annotation.submitted"), key);
        append_event(s, about(2, "annotation.submitted"), key);
    }
    append_event(s, about(0, "person.created"), key);
    return key;
}

}  // namespace

TEST_CASE("an untouched history verifies, project by project") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const auto key = history(s);
            for (const Id project : {1, 2}) {
                const auto n = verify_events(s, project, key.public_key);
                REQUIRE(n);
                CHECK(*n == 5);
            }
            CHECK(*verify_events(s, 0, key.public_key) == 1);
            CHECK(*verify_events(s, 99, key.public_key) == 0);
            CHECK_FALSE(verify_events(s, 1, new_signing_key().public_key));
        });
    });
}

TEST_CASE("a changed, removed, moved, added or cut off event shows") {
    const struct {
        const char* what;
        const char* sql;
    } tamperings[] = {
        {"changed", "UPDATE event SET body = '1' WHERE project_id = 1 AND seq = 3"},
        {"changed hash", "UPDATE event SET hash = signature WHERE project_id = 1 AND seq = 3"},
        {"removed", "DELETE FROM event WHERE project_id = 1 AND seq = 3"},
        {"removed first", "DELETE FROM event WHERE project_id = 1 AND seq = 1"},
        {"cut off", "DELETE FROM event WHERE project_id = 1 AND seq = 5"},
        {"all gone", "DELETE FROM event WHERE project_id = 1"},
        {"moved", "UPDATE event SET seq = 9 - seq WHERE project_id = 1 AND seq IN (4, 5)"},
        {"from elsewhere", "UPDATE event SET project_id = 1 WHERE project_id = 2 AND seq = 2"},
        {"head moved too", "UPDATE event_head SET seq = seq - 1 WHERE project_id = 1"},
    };
    each_engine([&](Place& at) {
        for (const auto& tampering : tamperings) {
            CAPTURE(tampering.what);
            auto refused = at.db->write([&](Session& s) -> Result<> {
                const auto key = history(s);
                CHECK(s.run(tampering.sql) >= 1);
                CHECK_FALSE(verify_events(s, 1, key.public_key));
                return Refusal{Code::cancelled, "undo all this"};
            });
            CHECK_FALSE(refused);
        }
    });
}

TEST_CASE("events are listed by cursor, of one project or of all") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            history(s);
            CHECK(list_events(s, 0, 0, 100).size() == 1);
            const auto first = list_events(s, 1, 0, 3);
            REQUIRE(first.size() == 3);
            CHECK(first[2].seq == 3);
            CHECK(first[2].body == R"({"a":1})");
            CHECK(list_events(s, 1, first[2].id, 10).size() == 2);
        });
    });
}

TEST_CASE("an event belongs to the write that it records") {
    each_engine([](Place& at) {
        const auto key = at.db->write([](Session& s) { return history(s); });
        auto refused = at.db->write([&](Session& s) -> Result<> {
            append_event(s, about(1, "never.happened"), key);
            return Refusal{Code::conflict, "no"};
        });
        CHECK_FALSE(refused);
        at.db->write([&](Session& s) {
            CHECK(append_event(s, about(1, "happened"), key).seq == 6);
            CHECK(*verify_events(s, 1, key.public_key) == 6);
        });
    });
}

TEST_CASE("the installation's key is made once, and settings keep their last value") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const auto key = installation_key(s);
            CHECK(installation_key(s).secret_key == key.secret_key);
            save_setting(s, "a", "1");
            save_setting(s, "a", "2");
            CHECK(find_setting(s, "a") == "2");
            CHECK_FALSE(find_setting(s, "b"));
        });
    });
}

}  // namespace countersign
