// One PostgreSQL connection with its prepared statements; used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/db.h"

namespace countersign {

/// A statement that failed, with its SQLSTATE ("" when the connection is gone).
struct PostgresFailure : Breakdown {
    PostgresFailure(const std::string& what, std::string code)
        : Breakdown(what), state(std::move(code)) {}
    std::string state;
    /// Whether the same transaction may succeed when it is tried again: a serialization failure, a
    /// deadlock, or a key that another transaction took at the same moment.
    bool worth_retrying() const { return state == "40001" || state == "40P01" || state == "23505"; }
};

class PostgresSession final : public Session {
public:
    PostgresSession(std::string url, Hints& hints);  ///< Throws PostgresFailure.

    Engine engine() const override { return Engine::postgres; }
    Hints& hints() override { return hints_; }
    std::int64_t run(std::string_view sql, const std::vector<Arg>& args,
                     const std::function<void(const RowView&)>& each) override;
    using Session::run;
    void bulk(std::string_view into, const std::vector<Arg>& values) override;

    /// Runs a script as it stands, not kept.
    void execute(const std::string& sql);
    /// BEGIN with `mode`; connects again when the server went away while the connection was idle.
    void begin(const std::string& mode);
    /// ROLLBACK, never throws.
    void roll_back() noexcept;

private:
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using ResultPtr = std::unique_ptr<PGresult, Close>;
    struct Kept {
        std::string sql, name;
    };
    void connect();
    const std::string& kept(std::string_view sql, std::size_t args);
    void check(const PGresult* result, std::string_view sql) const;
    [[noreturn]] void fail(const PGresult* result, std::string_view sql) const;

    const std::string url_;
    Hints& hints_;
    std::unique_ptr<PGconn, Close> connection_;
    std::unordered_map<std::string_view, std::unique_ptr<Kept>> statements_;
};

}  // namespace countersign
