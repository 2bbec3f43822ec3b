#include "store/postgres_db.h"

#include <chrono>
#include <thread>

#include "base/log.h"
#include "store/migrations.h"
#include "store/postgres_copy.h"

namespace countersign {

namespace {

/// "countersign" as a number: nobody else's advisory lock.
constexpr auto migration_lock = "734287130954";
constexpr int most_tries = 8;

std::int64_t steady_millis() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Result<> migrate_postgres(PostgresSession& s, int to) {
    s.execute(std::string("SELECT pg_advisory_lock(") + migration_lock + ")");
    s.begin("");
    auto done = migrate(
        s, [&](const std::string& sql) { s.execute(sql); }, to);
    s.execute(done ? "COMMIT" : "ROLLBACK");
    s.execute(std::string("SELECT pg_advisory_unlock(") + migration_lock + ")");
    return done;
}

}  // namespace

Result<std::unique_ptr<Db>> PostgresDb::open(const std::string& url, int version) {
    try {
        Hints none;
        PostgresSession first(url, none);
        TRY(migrate_postgres(first, version));
        return std::unique_ptr<Db>(new PostgresDb(url));
    } catch (const PostgresFailure& failure) {
        if (!failure.state.empty()) throw;
        return Refusal{Code::unavailable, failure.what()};
    }
}

PostgresDb::PostgresDb(const std::string& url)
    : connections_([this, url] { return std::make_unique<PostgresSession>(url, hints_); }, 4, 16) {}

void PostgresDb::with_retries(const std::function<void(PostgresSession&)>& transaction) {
    connections_.with([&](PostgresSession& session) {
        for (int tries = 1;; ++tries) {
            try {
                return transaction(session);
            } catch (const PostgresFailure& failure) {
                session.roll_back();
                if (!failure.worth_retrying() || tries == most_tries) throw;
                log_debug("store.retry", {{"state", failure.state}, {"tries", tries}});
            } catch (...) {
                session.roll_back();
                throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(tries * tries));
        }
    });
}

void PostgresDb::run_read(const std::function<void(Session&)>& use) {
    with_retries([&](PostgresSession& session) {
        session.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY");
        use(session);
        session.execute("COMMIT");
    });
}

void PostgresDb::run_write(const std::function<bool(Session&)>& use, Haste) {
    with_retries([&](PostgresSession& session) {
        session.begin_write();
        if (use(session))
            session.commit();
        else
            session.roll_back();
    });
}

Result<> PostgresDb::copy_to(const std::string& path) {
    Result<> done = Done{};
    connections_.with([&](PostgresSession& session) { done = copy_postgres(session, path); });
    return done;
}

bool PostgresDb::busy_with_people() const {
    return steady_millis() - last_person_ < 1000;
}
void PostgresDb::note_person() {
    last_person_ = steady_millis();
}

}  // namespace countersign
