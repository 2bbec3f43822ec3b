// One small door to SQLite and PostgreSQL. One SQL text serves both: $1, $2, ... in order of first
// appearance, RETURNING, ON CONFLICT, partial indexes. Where the engines must differ the fragment
// has a name (store/dialect.h).
//
// Strategy. SQLite: WAL, synchronous=FULL, ONE writer thread that runs every write and every
// checkpoint on its one connection (two checkpointing connections can corrupt SQLite < 3.51.3) and
// commits waiting writes together; readers are a pool of read-only connections. PostgreSQL: a pool
// of connections; a write is one transaction and is retried on serialization failure or deadlock.
// Its locks are let go when it commits, before its log is on disk: the next answer in a project's
// chain does not wait for the disk, but its own write() does, which makes all before it durable
// too. On both engines write() returns after the commit is durable.
//
// A write that returns a refused Result, or throws, leaves nothing behind (its savepoint is rolled
// back) and does not disturb the writes it shares a commit with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/hints.h"

namespace countersign {

enum class Engine { sqlite, postgres };

/// Bytes that are not text (BLOB / bytea).
struct Bytes {
    std::string_view view;
};

/// What a statement is given. Views must outlive the call.
using Arg = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Bytes>;

/// One row of an answer; valid only inside the callback it is given to.
class RowView {
public:
    virtual ~RowView() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;   ///< null: 0
    virtual double real(int column) const = 0;            ///< null: 0
    virtual std::string_view text(int column) const = 0;  ///< null: empty; also for Bytes.
    std::string string(int column) const { return std::string(text(column)); }
};

/// A transaction's view of the database, used by one thread.
class Session {
public:
    virtual ~Session() = default;
    virtual Engine engine() const = 0;
    /// What this process remembers about where to start searching; never trusted for exactness.
    virtual Hints& hints() = 0;
    /// Runs one statement; calls `each` for every row it returns, in order. Returns rows changed.
    /// Throws Breakdown when the database cannot. Statements are prepared once and kept.
    virtual std::int64_t run(std::string_view sql, const std::vector<Arg>& args,
                             const std::function<void(const RowView&)>& each) = 0;
    std::int64_t run(std::string_view sql, const std::vector<Arg>& args = {}) {
        return run(sql, args, [](const RowView&) {});
    }
    /// The same for a statement of a shape of its own, which is not kept.
    virtual std::int64_t run_once(std::string_view sql, const std::vector<Arg>& args,
                                  const std::function<void(const RowView&)>& each) = 0;
    /// Runs one statement whose answer nobody needs. On PostgreSQL it goes out together with the
    /// next one that somebody waits for, which costs no round trip of its own; what goes wrong with
    /// it is thrown from there, at the latest from the commit.
    virtual void post(std::string_view sql, const std::vector<Arg>& args) { run(sql, args); }
    /// Inserts many rows: `into` is "table (column, column)", `values` are theirs row by row. COPY
    /// on PostgreSQL, one kept statement on SQLite.
    virtual void bulk(std::string_view into, const std::vector<Arg>& values) = 0;
    /// The first row through `read`, or nothing.
    template <class F>
    auto one(std::string_view sql, const std::vector<Arg>& args, F read)
        -> std::optional<std::invoke_result_t<F, const RowView&>> {
        std::optional<std::invoke_result_t<F, const RowView&>> found;
        run(sql, args, [&](const RowView& row) {
            if (!found) found = read(row);
        });
        return found;
    }
};

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<Result<T>> : std::true_type {};

class Db {
public:
    virtual ~Db() = default;
    virtual Engine engine() const = 0;

    /// Runs `use` on a consistent snapshot; may be called from any number of threads.
    template <class F>
    auto read(F use) {
        using R = std::invoke_result_t<F, Session&>;
        if constexpr (std::is_void_v<R>) {
            run_read([&](Session& s) { use(s); });
        } else {
            std::optional<R> out;
            run_read([&](Session& s) { out.emplace(use(s)); });
            return std::move(*out);
        }
    }

    /// Runs `use` in a transaction and returns once it is durable. Keep it short: on SQLite all
    /// writes of the program wait for it. `use` may run more than once (PostgreSQL retries).
    template <class F>
    auto write(F use) {
        return written(std::move(use), Haste::person);
    }
    /// The same for background work that writes much at once (a chunk of an import, a page of
    /// drafts): it goes behind the writes that people wait for and has a commit of its own.
    template <class F>
    auto write_bulk(F use) {
        return written(std::move(use), Haste::bulk);
    }

    /// A consistent copy of the whole database into a new file, also while people work: an SQLite
    /// file, or the text that load_db() reads.
    virtual Result<> copy_to(const std::string& path) = 0;
    /// Whether anybody leased a task within the last second: imports then write small chunks.
    virtual bool busy_with_people() const = 0;
    virtual void note_person() = 0;

protected:
    enum class Haste { person, bulk };
    virtual void run_read(const std::function<void(Session&)>& use) = 0;
    /// `use` returns whether to keep what it wrote.
    virtual void run_write(const std::function<bool(Session&)>& use, Haste haste) = 0;

private:
    template <class F>
    auto written(F use, Haste haste) {
        using R = std::invoke_result_t<F, Session&>;
        if constexpr (std::is_void_v<R>) {
            run_write(
                [&](Session& s) {
                    use(s);
                    return true;
                },
                haste);
        } else {
            std::optional<R> out;
            run_write(
                [&](Session& s) {
                    out.emplace(use(s));
                    if constexpr (is_result<R>::value) return static_cast<bool>(*out);
                    return true;
                },
                haste);
            return std::move(*out);
        }
    }
};

/// "sqlite:/path/to/countersign.db" or "postgresql://user@host/db". Migrates to this program's
/// version first (backup beside the file before a migration; advisory lock on PostgreSQL). Refuses
/// a database that is newer than the program, and an SQLite file that another server has open.
Result<std::unique_ptr<Db>> open_db(const std::string& url);

/// Whether `url` names a PostgreSQL database.
bool is_postgres(std::string_view url);

/// A consistent copy of the database at `url` into a new file, also while a server runs on it.
Result<> copy_db(const std::string& url, const std::string& path);

/// Fills the PostgreSQL database at `url`, which must be empty, from such a copy: all of it or
/// nothing.
Result<> load_db(const std::string& url, const std::string& path);

}  // namespace countersign
