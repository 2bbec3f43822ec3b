// PostgreSQL: a pool of connections; a write is one READ COMMITTED transaction, tried again when it
// lost a race; a read is one REPEATABLE READ snapshot.
#pragma once

#include <atomic>

#include "store/pool.h"
#include "store/postgres_session.h"

namespace countersign {

class PostgresDb final : public Db {
public:
    /// Connects and migrates to `version` under an advisory lock.
    static Result<std::unique_ptr<Db>> open(const std::string& url, int version);

    Engine engine() const override { return Engine::postgres; }
    Result<> copy_to(const std::string& path) override;
    bool busy_with_people() const override;
    void note_person() override;

protected:
    void run_read(const std::function<void(Session&)>& use) override;
    void run_write(const std::function<bool(Session&)>& use, Haste haste) override;

private:
    explicit PostgresDb(const std::string& url);
    void with_retries(const std::function<void(PostgresSession&)>& transaction);

    Hints hints_;
    Pool<PostgresSession> connections_;
    std::atomic<std::int64_t> last_person_{-10'000};  ///< Steady milliseconds.
};

}  // namespace countersign
