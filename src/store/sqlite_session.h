// One SQLite connection with its prepared statements; used by one thread at a time.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/db.h"

struct sqlite3_stmt;

namespace countersign {

class SqliteSession final : public Session {
public:
    /// `writes`: creates the file, WAL, synchronous=FULL. Otherwise opens it read-only. No
    /// connection ever checkpoints by itself.
    SqliteSession(const std::string& path, bool writes, Hints& hints);
    ~SqliteSession() override;

    Engine engine() const override { return Engine::sqlite; }
    Hints& hints() override { return hints_; }
    std::int64_t run(std::string_view sql, const std::vector<Arg>& args,
                     const std::function<void(const RowView&)>& each) override;
    using Session::run;
    std::int64_t run_once(std::string_view sql, const std::vector<Arg>& args,
                          const std::function<void(const RowView&)>& each) override;
    void bulk(std::string_view into, const std::vector<Arg>& values) override;

    /// Runs a script or a pragma, not kept.
    void execute(const std::string& sql) { db_.exec(sql); }
    bool in_transaction() const;
    sqlite3* handle() const { return db_.getHandle(); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct Kept {
        std::string sql;  ///< As it was asked for; the map's key points here.
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        std::vector<int> places;  ///< SQLite's number of $1, $2, ...
        bool busy = false;
    };
    std::unique_ptr<Kept> prepare(std::string_view sql) const;
    Kept& kept(std::string_view sql);
    std::int64_t step(Kept& kept, const Arg* args, std::size_t count,
                      const std::function<void(const RowView&)>& each);
    [[noreturn]] void fail(std::string_view sql) const;

    SQLite::Database db_;
    Hints& hints_;
    std::unordered_map<std::string_view, std::unique_ptr<Kept>> statements_;
};

}  // namespace countersign
