#include "store/sqlite_session.h"

#include <sqlite3.h>

#include <algorithm>

#include "store/dialect.h"

namespace countersign {

namespace {

class SqliteRow final : public RowView {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    std::int64_t integer(int column) const override {
        return sqlite3_column_int64(statement_, column);
    }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    std::string_view text(int column) const override {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        return {bytes ? bytes : "",
                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

private:
    sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int place, const Arg& arg) {
    struct Binder {
        sqlite3_stmt* to;
        int place;
        int operator()(std::nullptr_t) const { return sqlite3_bind_null(to, place); }
        int operator()(std::int64_t v) const { return sqlite3_bind_int64(to, place, v); }
        int operator()(double v) const { return sqlite3_bind_double(to, place, v); }
        int operator()(std::string_view v) const {
            return sqlite3_bind_text64(to, place, v.data() ? v.data() : "", v.size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
        }
        int operator()(Bytes v) const {
            return sqlite3_bind_blob64(to, place, v.view.data() ? v.view.data() : "", v.view.size(),
                                       SQLITE_STATIC);
        }
    };
    return std::visit(Binder{statement, place}, arg);
}

int open_flags(bool writes) {
    static const int once = [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    }();
    static_cast<void>(once);
    return (writes ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY) |
           SQLite::OPEN_NOMUTEX;
}

}  // namespace

void SqliteSession::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

SqliteSession::SqliteSession(const std::string& path, bool writes, Hints& hints)
    : db_(path, open_flags(writes), 10'000), hints_(hints) {
    if (writes) {
        execute("PRAGMA page_size = 8192");
        execute("PRAGMA journal_mode = WAL");
        execute("PRAGMA synchronous = FULL");
        execute("PRAGMA cache_size = -57344");
        sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    } else {
        execute("PRAGMA cache_size = -2048");
    }
    execute("PRAGMA temp_store = MEMORY");
    execute("PRAGMA wal_autocheckpoint = 0");
}

SqliteSession::~SqliteSession() = default;

bool SqliteSession::in_transaction() const {
    return sqlite3_get_autocommit(handle()) == 0;
}

void SqliteSession::fail(std::string_view sql) const {
    throw Breakdown("SQLite: " + std::string(sqlite3_errmsg(handle())) +
                    " (in: " + std::string(sql.substr(0, 120)) + ")");
}

std::unique_ptr<SqliteSession::Kept> SqliteSession::prepare(std::string_view sql) const {
    auto fresh = std::make_unique<Kept>();
    fresh->sql = sql;
    const auto text = in_dialect(Engine::sqlite, sql);
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        fail(sql);
    fresh->statement.reset(statement);
    for (int n = 1, place;
         (place = sqlite3_bind_parameter_index(statement, ("$" + std::to_string(n)).c_str())) != 0;
         ++n)
        fresh->places.push_back(place);
    return fresh;
}

SqliteSession::Kept& SqliteSession::kept(std::string_view sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return *found->second;
    auto fresh = prepare(sql);
    const std::string_view key = fresh->sql;
    return *statements_.emplace(key, std::move(fresh)).first->second;
}

std::int64_t SqliteSession::step(Kept& kept, const Arg* args, std::size_t count,
                                 const std::function<void(const RowView&)>& each) {
    auto* statement = kept.statement.get();
    if (count != kept.places.size())
        throw Breakdown("A statement takes " + std::to_string(kept.places.size()) +
                        " values and was given " + std::to_string(count) + ": " + kept.sql);
    struct Reset {
        Kept& kept;
        ~Reset() {
            sqlite3_reset(kept.statement.get());
            kept.busy = false;
        }
    } reset{kept};
    kept.busy = true;
    for (std::size_t i = 0; i < count; ++i)
        if (bind(statement, kept.places[i], args[i]) != SQLITE_OK) fail(kept.sql);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) each(SqliteRow(statement));
    if (code != SQLITE_DONE) fail(kept.sql);
    return sqlite3_stmt_readonly(statement) ? 0 : sqlite3_changes64(handle());
}

std::int64_t SqliteSession::run(std::string_view sql, const std::vector<Arg>& args,
                                const std::function<void(const RowView&)>& each) {
    auto& known = kept(sql);
    if (!known.busy) return step(known, args.data(), args.size(), each);
    return step(*prepare(sql), args.data(), args.size(), each);
}

std::int64_t SqliteSession::run_once(std::string_view sql, const std::vector<Arg>& args,
                                     const std::function<void(const RowView&)>& each) {
    return step(*prepare(sql), args.data(), args.size(), each);
}

void SqliteSession::bulk(std::string_view into, const std::vector<Arg>& values) {
    const auto columns = static_cast<std::size_t>(std::count(into.begin(), into.end(), ',')) + 1;
    std::string sql = "INSERT INTO " + std::string(into) + " VALUES (";
    for (std::size_t i = 1; i <= columns; ++i) sql += (i > 1 ? ", $" : "$") + std::to_string(i);
    sql += ")";
    auto& known = kept(sql);
    for (std::size_t i = 0; i + columns <= values.size(); i += columns)
        step(known, values.data() + i, columns, [](const RowView&) {});
}

}  // namespace countersign
