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
    /// The server had gone away before the transaction began; nothing of it was run.
    static constexpr auto never_began = "08003";
    /// Whether the same transaction may succeed when it is tried again: it never began, a
    /// serialization failure, a deadlock, or a key that another transaction took at the same
    /// moment.
    bool worth_retrying() const {
        return state == never_began || state == "40001" || state == "40P01" || state == "23505";
    }
};

class PostgresSession final : public Session {
public:
    PostgresSession(std::string url, Hints& hints);  ///< Throws PostgresFailure.

    Engine engine() const override { return Engine::postgres; }
    Hints& hints() override { return hints_; }
    std::int64_t run(std::string_view sql, const std::vector<Arg>& args,
                     const std::function<void(const RowView&)>& each) override;
    using Session::run;
    std::int64_t run_once(std::string_view sql, const std::vector<Arg>& args,
                          const std::function<void(const RowView&)>& each) override;
    void post(std::string_view sql, const std::vector<Arg>& args) override;
    void bulk(std::string_view into, const std::vector<Arg>& values) override;

    /// COPY into "table (columns)": `next` fills in rows of COPY's text form, an empty text ends.
    void copy_in(const std::string& into, const std::function<void(std::string& rows)>& next);
    /// COPY of "table (columns)": `take` gets its rows in COPY's text form.
    void copy_out(const std::string& from, const std::function<void(std::string_view)>& take);

    /// Runs a script as it stands, not kept.
    void execute(const std::string& sql);
    /// BEGIN with `mode`, on a new connection if the last one broke. It goes out with the first
    /// statement: that the server went away while the connection was idle shows there, as a failure
    /// that is worth retrying.
    void begin(const std::string& mode);
    /// A transaction that commit() ends: its locks go with the commit, and commit() returns when
    /// the commit is durable.
    void begin_write();
    void commit();
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
    void post_plain(const std::string& sql, std::string_view known_as);
    void enter_pipeline();
    /// Waits for everything that was posted, and for the statement sent last if it is named; throws
    /// the first that failed.
    ResultPtr finish_pipeline(std::string_view last);
    void settle();
    const Kept& kept(std::string_view sql, std::size_t args);
    std::int64_t give(PGresult* result, std::string_view sql,
                      const std::function<void(const RowView&)>& each);
    void check(const PGresult* result, std::string_view sql) const;
    [[noreturn]] void fail(const PGresult* result, std::string_view sql) const;

    const std::string url_;
    Hints& hints_;
    std::unique_ptr<PGconn, Close> connection_;
    std::unordered_map<std::string_view, std::unique_ptr<Kept>> statements_;
    std::vector<std::string_view> posted_;  ///< Sent in pipeline mode, not answered yet.
    bool wrote_ = false;                    ///< Since begin().
};

}  // namespace countersign
