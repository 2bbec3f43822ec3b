#include "store/notification_store.h"

#include <thread>

#include "core/people.h"
#include "store/job_store.h"
#include "store/people_store.h"
#include "test_engines.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

Id make_person(Db& db, const std::string& name, Role role = Role::annotator) {
    Person p;
    p.name = p.display = name;
    p.role = role;
    p.created = noon;
    return db.write([&](Session& s) { return insert_person(s, p); });
}

Notification news(Id person, Id project, NotificationKind kind = NotificationKind::assigned) {
    Notification n;
    n.person = person;
    n.kind = kind;
    n.project = project;
    n.number = 3;
    n.created = noon;
    return n;
}

std::vector<NotificationRow> all_of(Db& db, Id person) {
    return db.read([&](Session& s) { return notifications_after(s, person, 0, 1000); });
}
std::int64_t unread_of(Db& db, Id person) {
    return db.read([&](Session& s) { return count_unread(s, person, 1000); });
}

}  // namespace

TEST_CASE("a person is told, reads by cursor both ways, and marks one or all up to one") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id ada = make_person(*at.db, "ada"), bob = make_person(*at.db, "bob");
        at.db->write([&](Session& s) {
            for (int i = 0; i < 5; ++i) tell(s, news(ada, project.id));
            tell(s, news(bob, project.id));
        });
        const auto rows = all_of(*at.db, ada);
        REQUIRE(rows.size() == 5);
        CHECK(rows[0].project == "animals");
        CHECK(rows[0].what.number == 3);
        CHECK(rows[0].what.seq < rows[4].what.seq);
        CHECK(unread_of(*at.db, ada) == 5);
        at.db->read([&](Session& s) {
            const auto newest = newest_notifications(s, ada, INT64_MAX, 2);
            REQUIRE(newest.size() == 2);
            CHECK(newest[0].what.seq == rows[4].what.seq);
            CHECK(newest_notifications(s, ada, newest[1].what.seq, 9).size() == 3);
            CHECK(notifications_after(s, ada, rows[3].what.seq, 9).size() == 1);
            CHECK(count_unread(s, ada, 2) == 2);
        });

        const auto version = [&] {
            return at.db->read([&](Session& s) { return notification_version(s, ada); });
        };
        const Id before = version();
        at.db->write([&](Session& s) { mark_read(s, ada, rows[2].what.seq, true); });
        CHECK(unread_of(*at.db, ada) == 4);
        CHECK(version() > before);
        at.db->write([&](Session& s) { mark_read(s, ada, rows[3].what.seq, false); });
        CHECK(unread_of(*at.db, ada) == 1);
        CHECK(unread_of(*at.db, bob) == 1);
        CHECK(all_of(*at.db, ada)[2].what.read);
        CHECK_FALSE(all_of(*at.db, ada)[4].what.read);
    });
}

TEST_CASE("nobody is told of their own doing, of what they switched off, or when they are gone") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id ada = make_person(*at.db, "ada"), bob = make_person(*at.db, "bob");
        auto own = news(ada, project.id);
        own.by = ada;
        at.db->write([&](Session& s) {
            tell(s, own);
            save_kinds_off(s, ada, {NotificationKind::replied, NotificationKind::assigned});
            tell(s, news(ada, project.id));
            tell(s, news(ada, project.id, NotificationKind::mentioned));
            auto gone = *find_person(s, bob);
            gone.active = false;
            update_person(s, gone);
            tell(s, news(bob, project.id));
        });
        const auto rows = all_of(*at.db, ada);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].what.kind == NotificationKind::mentioned);
        CHECK(all_of(*at.db, bob).empty());
        at.db->write([&](Session& s) {
            save_kinds_off(s, ada, {});
            tell(s, news(ada, project.id));
        });
        CHECK(all_of(*at.db, ada).size() == 2);
    });
}

TEST_CASE("what says it all stands once until it is read") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db), other = make_project(*at.db, "others");
        const Id ada = make_person(*at.db, "ada");
        const auto changed = [&](const Project& p) {
            at.db->write(
                [&](Session& s) { tell(s, news(ada, p.id, NotificationKind::guideline_changed)); });
        };
        changed(project);
        changed(project);
        changed(other);
        REQUIRE(all_of(*at.db, ada).size() == 2);
        at.db->write([&](Session& s) { mark_read(s, ada, 1000, false); });
        changed(project);
        CHECK(all_of(*at.db, ada).size() == 3);
    });
}

TEST_CASE("who writes at once is told of in the order of the commits, and nothing is lost") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id ada = make_person(*at.db, "ada"), bob = make_person(*at.db, "bob");
        constexpr int writers = 6, rounds = 20;
        std::vector<std::thread> threads;
        for (int w = 0; w < writers; ++w)
            threads.emplace_back([&] {
                for (int i = 0; i < rounds; ++i)
                    at.db->write([&](Session& s) {
                        tell_all(s, news(0, project.id), {ada, bob});
                        tell_all(s, news(0, project.id, NotificationKind::dispute_waits),
                                 {ada, bob});
                    });
            });
        // A cursor that follows along sees each once.
        Id cursor = 0;
        int seen = 0;
        const auto follow = [&] {
            for (const auto& row :
                 at.db->read([&](Session& s) { return notifications_after(s, ada, cursor, 50); })) {
                CHECK(row.what.seq > cursor);
                cursor = row.what.seq;
                ++seen;
            }
        };
        while (seen < writers * rounds / 2) follow();
        for (auto& thread : threads) thread.join();
        for (int before = -1; before != seen;) {
            before = seen;
            follow();
        }
        CHECK(seen == writers * rounds + 1);
        CHECK(unread_of(*at.db, bob) == writers * rounds + 1);
    });
}

TEST_CASE("whoever started a job is told of its end once, also when its worker stopped silently") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id boss = make_person(*at.db, "boss", Role::supervisor);
        Job job;
        job.project = project.id;
        job.kind = "import";
        job.created_by = boss;
        job.max_attempts = 1;
        at.db->write([&](Session& s) {
            insert_job(s, job);
            insert_job(s, job);
        });
        auto taken = *at.db->write([&](Session& s) { return take_job(s, "w", noon, noon + 10); });
        taken.state = JobState::dead;
        taken.error = "The file is no picture.";
        at.db->write([&](Session& s) { finish_job(s, taken, noon); });
        at.db->write([&](Session& s) { finish_job(s, taken, noon); });
        REQUIRE(all_of(*at.db, boss).size() == 1);
        CHECK(all_of(*at.db, boss)[0].said == "The file is no picture.");
        CHECK(all_of(*at.db, boss)[0].job_state == JobState::dead);
        CHECK(all_of(*at.db, boss)[0].job_kind == "import");

        at.db->write([&](Session& s) { return take_job(s, "w", noon, noon + 10); });
        CHECK_FALSE(
            at.db->write([&](Session& s) { return take_job(s, "v", noon + 20, noon + 30); }));
        CHECK(all_of(*at.db, boss).size() == 2);
    });
}

TEST_CASE("old notifications go: read ones soon, the others late") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id ada = make_person(*at.db, "ada");
        at.db->write([&](Session& s) {
            for (int day = 0; day < 4; ++day) {
                auto one = news(ada, project.id);
                one.created = noon + day;
                tell(s, one);
            }
            mark_read(s, ada, 2, false);
            prune_notifications(s, noon + 2, noon);
        });
        REQUIRE(all_of(*at.db, ada).size() == 2);
        at.db->write([&](Session& s) { prune_notifications(s, noon + 9, noon + 3); });
        REQUIRE(all_of(*at.db, ada).size() == 1);
        CHECK(all_of(*at.db, ada)[0].what.created == noon + 3);
        CHECK(unread_of(*at.db, ada) == 1);
    });
}

TEST_CASE("people are found by how their name or a word of it starts, who works here first") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const Id ada = make_person(*at.db, "ada"),
                 boss = make_person(*at.db, "boss", Role::supervisor);
        at.db->write([&](Session& s) {
            auto person = *find_person(s, ada);
            person.display = "Ada Lovelace";
            update_person(s, person);
        });
        const auto called = [&](std::string_view start) {
            std::string out;
            at.db->read([&](Session& s) {
                for (const auto& person : people_called(s, project.id, start, 8))
                    out += (out.empty() ? "" : " ") + person.name;
            });
            return out;
        };
        CHECK(called("") == "boss ada");
        CHECK(called("LOVE") == "ada");
        CHECK(called("a") == "ada");
        CHECK(called("da") == "");
        CHECK(called("%") == "");
        at.db->write([&](Session& s) {
            auto person = *find_person(s, boss);
            person.active = false;
            update_person(s, person);
        });
        CHECK(called("") == "ada");
    });
}
