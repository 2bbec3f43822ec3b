#include "store/db.h"

#include "store/migrations.h"
#include "store/postgres_db.h"
#include "store/sqlite_db.h"

namespace countersign {

namespace {
constexpr std::string_view sqlite_scheme = "sqlite:";

bool is_postgres(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}
Refusal unknown(const std::string& url) {
    return {Code::invalid,
            "\"" + url.substr(0, url.find(':')) +
                "\" is no database this program knows. Use sqlite:/path/to/file.db or "
                "postgresql://user@host/database."};
}
}  // namespace

Result<std::unique_ptr<Db>> open_db(const std::string& url) {
    if (url.starts_with(sqlite_scheme))
        return SqliteDb::open(url.substr(sqlite_scheme.size()), newest_version());
    if (is_postgres(url)) return PostgresDb::open(url, newest_version());
    return unknown(url);
}

Result<> copy_db(const std::string& url, const std::string& path) {
    if (url.starts_with(sqlite_scheme)) return copy_sqlite(url.substr(sqlite_scheme.size()), path);
    if (is_postgres(url))
        return Refusal{Code::unsupported, "A PostgreSQL database is copied by pg_dump."};
    return unknown(url);
}

}  // namespace countersign
