#include "store/migrations.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/embedded.h"
#include "base/log.h"
#include "store/dialect.h"
#include "store/sql.h"

namespace countersign {

std::span<const EmbeddedFile> migration_files();

namespace {

constexpr Sql make_table =
    "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL)";
constexpr Sql read_version = "SELECT COALESCE(MAX(version), 0) FROM migration";
constexpr Sql note_version = "INSERT INTO migration (version, name) VALUES ($1, $2)";

Refusal newer(int version) {
    return {Code::unsupported, "The database has version " + std::to_string(version) +
                                   "; this program knows versions up to " +
                                   std::to_string(newest_version()) +
                                   ". Use a newer program, or restore a backup made before."};
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const auto all = [] {
        std::vector<Migration> out;
        for (const auto& file : migration_files()) {
            Migration m;
            std::from_chars(file.path.data(), file.path.data() + 4, m.version);
            m.name = file.path;
            m.sql = file.data;
            out.push_back(m);
        }
        return out;
    }();
    return all;
}

int newest_version() {
    return migrations().back().version;
}

int version_of(Session& s, const RunScript& script) {
    script(std::string(make_table.text));
    return static_cast<int>(
        *s.one(read_version, {}, [](const RowView& row) { return row.integer(0); }));
}

Result<> migrate(Session& s, const RunScript& script, int to) {
    const int have = version_of(s, script);
    if (have > newest_version()) return newer(have);
    for (const auto& m : migrations()) {
        if (m.version <= have || m.version > to) continue;
        script(in_dialect(s.engine(), m.sql));
        s.run(note_version, {std::int64_t{m.version}, m.name});
        log_info("store.migrated", {{"to", m.version}, {"name", m.name}});
    }
    return Done{};
}

Result<> migrate_sqlite(SqliteSession& s, const std::string& path, int to) {
    const RunScript script = [&](const std::string& sql) { s.execute(sql); };
    const int have = version_of(s, script);
    if (have > newest_version()) return newer(have);
    if (have >= to) return Done{};
    if (have > 0) {
        const auto backup = path + ".before-" + std::to_string(to);
        if (!std::filesystem::exists(backup)) TRY(copy_sqlite(path, backup));
        log_info("store.backup", {{"file", backup}});
    }
    s.execute("BEGIN EXCLUSIVE");
    try {
        auto done = migrate(s, script, to);
        s.execute(done ? "COMMIT" : "ROLLBACK");
        return done;
    } catch (...) {
        s.execute("ROLLBACK");
        throw;
    }
}

Result<> copy_sqlite(const std::string& from, const std::string& to) {
    if (!std::filesystem::exists(from))
        return Refusal{Code::not_found, "There is no database " + from + "."};
    if (std::filesystem::exists(to))
        return Refusal{Code::conflict, to + " exists. Name a file that does not."};
    Hints none;
    SqliteSession session(from, false, none);
    session.run("VACUUM INTO $1", {std::string_view(to)});
    return Done{};
}

}  // namespace countersign
