// Migrations: numbered SQL files in the program, forward only, one text for both engines. The table
// `migration` holds a row for each that was applied.
#pragma once

#include <vector>

#include "store/sqlite_session.h"

namespace countersign {

struct Migration {
    int version = 0;  ///< 1, 2, 3, ... without gaps.
    std::string_view name, sql;
};
const std::vector<Migration>& migrations();
int newest_version();

/// Runs one script and says how the database did: the caller owns transaction and lock.
using RunScript = std::function<void(const std::string& sql)>;

/// The version a database is at (0: fresh), inside the caller's transaction.
int version_of(Session& s, const RunScript& script);
/// Applies what is missing up to `to`; refuses a database that is newer than this program.
Result<> migrate(Session& s, const RunScript& script, int to);

/// Exclusive; copies an existing database to FILE.before-N first.
Result<> migrate_sqlite(SqliteSession& s, const std::string& path, int to);

/// A consistent copy of a database file, also while it is in use. Refuses when `to` exists.
Result<> copy_sqlite(const std::string& from, const std::string& to);

}  // namespace countersign
