#include <atomic>
#include <fstream>
#include <thread>

#include "store/dialect.h"
#include "store/event_store.h"
#include "store/migrations.h"
#include "store/postgres_db.h"
#include "store/sql.h"
#include "store/sqlite_db.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {
Result<> refuse_after_writing(Session& s, const std::string& name) {
    save_setting(s, name, "written");
    return Refusal{Code::conflict, "no"};
}
std::optional<std::string> setting(Db& db, const std::string& name) {
    return db.read([&](Session& s) { return find_setting(s, name); });
}
}  // namespace

TEST_CASE("placeholders out of order are noticed") {
    CHECK(placeholders_in_order("SELECT 1"));
    CHECK(placeholders_in_order("a = $1 AND b = $2 AND c = $1 AND d = $3"));
    CHECK_FALSE(placeholders_in_order("a = $2 AND b = $1"));
    CHECK_FALSE(placeholders_in_order("a = $1 AND b = $3"));
    CHECK_FALSE(placeholders_in_order("a = $"));
}

TEST_CASE("a fragment has a text for each engine, and an unknown one breaks") {
    CHECK(in_dialect(Engine::sqlite, "a {bytes} b {clustered}") == "a BLOB b WITHOUT ROWID");
    CHECK(in_dialect(Engine::postgres, "a {bytes} b") == "a BYTEA b");
    CHECK_THROWS_AS(in_dialect(Engine::sqlite, "{nothing}"), Breakdown);
}

TEST_CASE("values of every type come back as they went in") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            s.run("CREATE TABLE odd (n BIGINT, r DOUBLE PRECISION, t TEXT, b {bytes}, e TEXT)");
            const std::string bytes("\0\xff\\x'", 5);
            s.run("INSERT INTO odd (n, r, t, b, e) VALUES ($1, $2, $3, $4, $5)",
                  {INT64_MIN, 0.1, std::string_view("é\t\\'\n"), Bytes{bytes}, nullptr});
            s.bulk("odd (n, r, t, b, e)",
                   {INT64_MAX, 1e-300, std::string_view("é\t\\N\n\r"), Bytes{bytes}, nullptr});
            std::string seen;
            s.run("SELECT n, r, t, b, e FROM odd ORDER BY n", {}, [&](const RowView& row) {
                const bool first = row.integer(0) == INT64_MIN;
                CHECK((first || row.integer(0) == INT64_MAX));
                CHECK(row.real(1) == (first ? 0.1 : 1e-300));
                CHECK(row.text(2) == (first ? "é\t\\'\n" : "é\t\\N\n\r"));
                CHECK(row.text(3) == bytes);
                CHECK(row.is_null(4));
                CHECK_FALSE(row.is_null(3));
                seen += first ? "1" : "2";
            });
            CHECK(seen == "12");
            CHECK(s.run("UPDATE odd SET n = $1", {std::int64_t{5}}) == 2);
            CHECK(s.run("SELECT n FROM odd") == 0);
        });
    });
}

TEST_CASE("a statement may run inside the rows of itself") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            save_setting(s, "a", "1");
            save_setting(s, "b", "2");
            int rows = 0;
            constexpr std::string_view all = "SELECT name FROM setting";
            s.run(all, {},
                  [&](const RowView&) { s.run(all, {}, [&](const RowView&) { ++rows; }); });
            CHECK(rows == 4);
        });
    });
}

TEST_CASE("a refused or broken write leaves nothing behind") {
    each_engine([](Place& at) {
        const auto refused =
            at.db->write([](Session& s) { return refuse_after_writing(s, "refused"); });
        CHECK_FALSE(refused);
        CHECK_THROWS_AS(at.db->write([](Session& s) {
            save_setting(s, "broken", "written");
            throw Breakdown("a bug");
        }),
                        Breakdown);
        CHECK_THROWS_AS(at.db->write([](Session& s) {
            save_setting(s, "wrong", "written");
            s.run("SELECT no_such_column FROM setting");
        }),
                        Breakdown);
        at.db->write([](Session& s) { save_setting(s, "kept", "written"); });
        CHECK_FALSE(setting(*at.db, "refused"));
        CHECK_FALSE(setting(*at.db, "broken"));
        CHECK_FALSE(setting(*at.db, "wrong"));
        CHECK(setting(*at.db, "kept") == "written");
    });
}

TEST_CASE("writes that share a commit do not disturb each other") {
    each_engine([](Place& at) {
        constexpr int people = 12, rounds = 25;
        std::atomic<int> refused = 0, broken = 0;
        std::vector<std::thread> threads;
        for (int person = 0; person < people; ++person)
            threads.emplace_back([&, person] {
                for (int round = 0; round < rounds; ++round) {
                    const auto name = std::to_string(person) + "/" + std::to_string(round);
                    if (person % 3 == 0) {
                        at.db->write([&](Session& s) { save_setting(s, name, "kept"); });
                    } else if (person % 3 == 1) {
                        if (!at.db->write(
                                [&](Session& s) { return refuse_after_writing(s, name); }))
                            ++refused;
                    } else {
                        try {
                            at.db->write_bulk([&](Session& s) {
                                save_setting(s, name, "broken");
                                throw Breakdown("a bug");
                            });
                        } catch (const Breakdown&) {
                            ++broken;
                        }
                    }
                }
            });
        for (auto& thread : threads) thread.join();
        CHECK(refused == people / 3 * rounds);
        CHECK(broken == people / 3 * rounds);
        const auto kept = at.db->read([](Session& s) {
            return *s.one("SELECT COUNT(*) FROM setting WHERE value = 'kept'", {},
                          [](const RowView& row) { return row.integer(0); });
        });
        const auto all = at.db->read([](Session& s) {
            return *s.one("SELECT COUNT(*) FROM setting", {},
                          [](const RowView& row) { return row.integer(0); });
        });
        CHECK(kept == people / 3 * rounds);
        CHECK(all == kept);
    });
}

TEST_CASE("a read sees one moment, whatever is written meanwhile") {
    each_engine([](Place& at) {
        at.db->read([&](Session& s) {
            CHECK_FALSE(find_setting(s, "a"));
            std::thread([&] {
                at.db->write([](Session& w) { save_setting(w, "a", "1"); });
            }).join();
            CHECK_FALSE(find_setting(s, "a"));
        });
        CHECK(setting(*at.db, "a") == "1");
    });
}

TEST_CASE("what was written is there when the database is opened again") {
    const Folder folder;
    const auto url = "sqlite:" + folder.path + "/deep/er/test.db";
    {
        auto db = *open_db(url);
        db->write([](Session& s) { save_setting(s, "a", "1"); });
    }
    auto db = *open_db(url);
    CHECK(setting(*db, "a") == "1");
}

TEST_CASE("a second server on the same SQLite file is refused by name") {
    const Folder folder;
    const auto url = "sqlite:" + folder.path + "/test.db";
    auto db = *open_db(url);
    const auto second = open_db(url);
    REQUIRE_FALSE(second);
    CHECK(second.refusal().code == Code::conflict);
    CHECK(second.refusal().message.find("process " + std::to_string(::getpid())) !=
          std::string::npos);
    db.reset();
    CHECK(open_db(url));
}

TEST_CASE("a database can be copied while it is in use, but never over a file") {
    const Folder folder;
    const auto url = "sqlite:" + folder.path + "/test.db";
    auto db = *open_db(url);
    db->write([](Session& s) { save_setting(s, "a", "1"); });
    REQUIRE(db->copy_to(folder.path + "/one.db"));
    REQUIRE(copy_db(url, folder.path + "/two.db"));
    CHECK_FALSE(copy_db(url, folder.path + "/two.db"));
    CHECK_FALSE(copy_db("sqlite:" + folder.path + "/none.db", folder.path + "/three.db"));
    for (const char* name : {"/one.db", "/two.db"})
        CHECK(setting(**open_db("sqlite:" + folder.path + name), "a") == "1");
}

TEST_CASE("an address of no known database is refused") {
    const auto refused = open_db("mysql://root@localhost/x");
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().code == Code::invalid);
    const auto away = open_db("postgresql://nobody@%2Fnowhere/none");
    REQUIRE_FALSE(away);
    CHECK(away.refusal().code == Code::unavailable);
}

TEST_CASE("migrations are numbered without gaps") {
    int expected = 0;
    for (const auto& m : migrations()) CHECK(m.version == ++expected);
    CHECK(newest_version() == expected);
}

namespace {
void write_old_row(Session& s) {
    save_setting(s, "from", "the past");
}
std::int64_t version(Db& db) {
    return db.read([](Session& s) {
        return *s.one("SELECT MAX(version) FROM migration", {},
                      [](const RowView& row) { return row.integer(0); });
    });
}
}  // namespace

TEST_CASE("a database of each past version is brought up to date, after a backup") {
    for (int old = 1; old < newest_version(); ++old) {
        const Folder folder;
        const auto path = folder.path + "/test.db";
        { (*SqliteDb::open(path, old))->write(write_old_row); }
        auto db = *open_db("sqlite:" + path);
        CHECK(version(*db) == newest_version());
        CHECK(setting(*db, "from") == "the past");
        const auto backup = path + ".before-" + std::to_string(newest_version());
        REQUIRE(std::filesystem::exists(backup));
        auto before = *SqliteDb::open(backup, old);
        CHECK(version(*before) == old);
        CHECK(setting(*before, "from") == "the past");

        if (postgres_url().empty()) continue;
        const auto url = fresh_postgres();
        { (*PostgresDb::open(url, old))->write(write_old_row); }
        auto moved = *open_db(url);
        CHECK(version(*moved) == newest_version());
        CHECK(setting(*moved, "from") == "the past");
    }
}

TEST_CASE("a database that is newer than the program is refused and left alone") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            s.run("INSERT INTO migration (version, name) VALUES (99, 'later')");
        });
        at.db.reset();
        const auto refused = open_db(at.url);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code == Code::unsupported);
        CHECK(refused.refusal().message.find("version 99") != std::string::npos);
    });
}

TEST_CASE("servers that start together migrate once") {
    if (postgres_url().empty()) return;
    const auto url = fresh_postgres();
    std::atomic<int> opened = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            if (open_db(url)) ++opened;
        });
    for (auto& thread : threads) thread.join();
    CHECK(opened == 4);
}

TEST_CASE("an idle connection that the server closed is opened again") {
    if (postgres_url().empty()) return;
    on_engine(Engine::postgres, fresh_postgres(), [](Place& at) {
        const auto own = [](Session& s) {
            return *s.one("SELECT pg_backend_pid()", {},
                          [](const RowView& row) { return row.integer(0); });
        };
        const auto writer = at.db->write(own);
        const auto reader = at.db->read(own);
        at.another()->write([&](Session& s) {
            s.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN ($1, $2)",
                  {writer, reader});
        });
        at.db->write([](Session& s) { save_setting(s, "a", "1"); });
        CHECK(setting(*at.db, "a") == "1");
    });
}

}  // namespace countersign
