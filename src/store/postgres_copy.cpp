#include "store/postgres_copy.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "store/migrations.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr std::string_view first_line = "-- Countersign database, version ";
constexpr std::string_view copy_end = " FROM stdin;", rows_end = "\\.";
constexpr std::size_t piece = 1 << 18;

constexpr Sql tables_with_columns =
    "SELECT c.table_name, string_agg(c.column_name, ', ' ORDER BY c.ordinal_position) "
    "FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, "
    "table_name) WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
    "AND c.table_name <> 'migration' GROUP BY c.table_name ORDER BY c.table_name";
constexpr Sql own_tables =
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
constexpr Sql numbered_columns =
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND is_identity = 'YES'";
constexpr Sql version_sql = "SELECT COALESCE(MAX(version), 0) FROM migration";

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, Close>;

Breakdown disk_fault(const std::string& path) {
    return Breakdown("\"" + path + "\": " + std::strerror(errno) + ".");
}
Refusal unreadable() {
    return {Code::invalid, "The copy of the database does not read back. Nothing was restored."};
}

/// The lines of the text, without their ends.
class Lines {
public:
    explicit Lines(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {
        if (!file_) throw disk_fault(path);
    }
    ~Lines() { std::free(line_); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    std::optional<std::string_view> next() {
        const auto n = ::getline(&line_, &room_, file_.get());
        if (n <= 0 || line_[n - 1] != '\n') return std::nullopt;
        return std::string_view(line_, static_cast<std::size_t>(n - 1));
    }

private:
    FilePtr file_;
    char* line_ = nullptr;
    std::size_t room_ = 0;
};

/// "COPY task (id, key) FROM stdin;" without its ends.
std::optional<std::string> table_of(std::string_view line) {
    if (!line.starts_with("COPY ") || !line.ends_with(copy_end)) return std::nullopt;
    line.remove_prefix(5);
    line.remove_suffix(copy_end.size());
    for (const char c : line)
        if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("_ (),", c))
            return std::nullopt;
    return std::string(line);
}

Result<> load_tables(PostgresSession& s, Lines& lines) {
    while (const auto line = lines.next()) {
        const auto table = table_of(*line);
        if (!table) return unreadable();
        bool ended = false;
        s.copy_in(*table, [&](std::string& rows) {
            rows.clear();
            while (!ended && rows.size() < piece) {
                const auto row = lines.next();
                if (!row) throw Breakdown(unreadable().message);
                ended = *row == rows_end;
                if (!ended) rows.append(*row).append("\n");
            }
        });
    }
    return Done{};
}

/// The next number of each table follows the highest that was copied.
void set_numbers(PostgresSession& s) {
    std::vector<std::pair<std::string, std::string>> columns;
    s.run(numbered_columns, {},
          [&](const RowView& row) { columns.emplace_back(row.string(0), row.string(1)); });
    for (const auto& [table, column] : columns)
        s.execute("SELECT setval(pg_get_serial_sequence('" + table + "', '" + column + "'), MAX(" +
                  column + ")) FROM " + table);
}

Result<> load_into(PostgresSession& s, Lines& lines, int version) {
    const auto tables = s.one(own_tables, {}, [](const RowView& row) { return row.integer(0); });
    if (*tables != 0)
        return Refusal{Code::conflict,
                       "The database is not empty: make a new one (createdb) to restore into."};
    TRY(migrate(
        s, [&](const std::string& sql) { s.execute(sql); }, version));
    TRY(load_tables(s, lines));
    set_numbers(s);
    return Done{};
}

}  // namespace

Result<> copy_postgres(PostgresSession& s, const std::string& path) {
    if (std::filesystem::exists(path))
        return Refusal{Code::conflict, path + " exists. Name a file that does not."};
    const FilePtr file(std::fopen(path.c_str(), "wbx"));
    if (!file) throw disk_fault(path);
    const auto write = [&](std::string_view text) {
        if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size())
            throw disk_fault(path);
    };
    s.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const auto version = *s.one(version_sql, {}, [](const RowView& row) { return row.integer(0); });
    write(std::string(first_line) + std::to_string(version) + "\n");
    std::vector<std::string> tables;
    s.run(tables_with_columns, {}, [&](const RowView& row) {
        tables.push_back(row.string(0) + " (" + row.string(1) + ")");
    });
    for (const auto& table : tables) {
        write("COPY " + table + std::string(copy_end) + "\n");
        s.copy_out(table, write);
        write(std::string(rows_end) + "\n");
    }
    s.execute("COMMIT");
    if (std::fflush(file.get()) != 0) throw disk_fault(path);
    return Done{};
}

Result<> load_postgres(const std::string& url, const std::string& path) {
    Lines lines(path);
    const auto first = lines.next();
    if (!first || !first->starts_with(first_line)) return unreadable();
    int version = 0;
    const auto digits = first->substr(first_line.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (version < 1) return unreadable();
    if (version > newest_version())
        return Refusal{Code::unsupported,
                       "The backup was written by a newer Countersign: restore it with that one."};
    Hints none;
    PostgresSession s(url, none);
    s.begin("");
    try {
        auto done = load_into(s, lines, version);
        s.execute(done ? "COMMIT" : "ROLLBACK");
        return done;
    } catch (...) {
        s.roll_back();
        throw;
    }
}

}  // namespace countersign
