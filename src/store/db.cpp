#include "store/db.h"

#include "store/migrations.h"
#include "store/postgres_copy.h"
#include "store/postgres_db.h"
#include "store/sqlite_db.h"

namespace countersign {

namespace {
constexpr std::string_view sqlite_scheme = "sqlite:";
Refusal unknown(const std::string& url) {
    return {Code::invalid,
            "\"" + url.substr(0, url.find(':')) +
                "\" is no database this program knows. Use sqlite:/path/to/file.db or "
                "postgresql://user@host/database."};
}
}  // namespace

bool is_postgres(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

Result<std::unique_ptr<Db>> open_db(const std::string& url) {
    if (url.starts_with(sqlite_scheme))
        return SqliteDb::open(url.substr(sqlite_scheme.size()), newest_version());
    if (is_postgres(url)) return PostgresDb::open(url, newest_version());
    return unknown(url);
}

Result<> copy_db(const std::string& url, const std::string& path) {
    if (url.starts_with(sqlite_scheme)) return copy_sqlite(url.substr(sqlite_scheme.size()), path);
    if (!is_postgres(url)) return unknown(url);
    Hints none;
    PostgresSession session(url, none);
    return copy_postgres(session, path);
}

Result<> load_db(const std::string& url, const std::string& path) {
    return load_postgres(url, path);
}

}  // namespace countersign
