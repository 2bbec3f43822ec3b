#include "store/sqlite_db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "base/log.h"
#include "store/migrations.h"

namespace countersign {

namespace {

using Steady = std::chrono::steady_clock;

/// How long the writer gathers writes into one commit.
constexpr auto gather = std::chrono::milliseconds(5);
/// Pages (8 KiB) of write-ahead log at which a checkpoint is due: 4 MB, when nobody is at work 32
/// MB.
constexpr int checkpoint_pages = 512;
constexpr int checkpoint_pages_alone = 4096;

std::int64_t steady_millis() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now().time_since_epoch())
        .count();
}

}  // namespace

Result<std::unique_ptr<FileClaim>> FileClaim::take(const std::string& path) {
    const std::string name = path + ".lock";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Refusal{Code::unavailable,
                       "Cannot create " + name + ": check that the folder exists and is writable."};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        char pid[32] = {};
        const auto n = ::pread(descriptor, pid, sizeof pid - 1, 0);
        ::close(descriptor);
        return Refusal{Code::conflict,
                       "The database " + path + " is open in another countersign program" +
                           (n > 0 ? " (process " + std::string(pid) + ")" : std::string()) +
                           ". Stop that one first, or use PostgreSQL to run several servers."};
    }
    const auto pid = std::to_string(::getpid());
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        log_warn("store.lock_without_pid", {{"file", name}});
    return std::unique_ptr<FileClaim>(new FileClaim(descriptor));
}

FileClaim::~FileClaim() {
    ::close(descriptor_);
}

Result<std::unique_ptr<Db>> SqliteDb::open(const std::string& path, int version) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code failed;
    if (!folder.empty()) std::filesystem::create_directories(folder, failed);
    auto claim = TRY(FileClaim::take(path));
    auto hints = std::make_unique<Hints>();
    auto writer = std::make_unique<SqliteSession>(path, true, *hints);
    TRY(migrate_sqlite(*writer, path, version));
    return std::unique_ptr<Db>(
        new SqliteDb(path, std::move(claim), std::move(writer), std::move(hints)));
}

SqliteDb::SqliteDb(const std::string& path, std::unique_ptr<FileClaim> claim,
                   std::unique_ptr<SqliteSession> writer, std::unique_ptr<Hints> hints)
    : path_(path),
      claim_(std::move(claim)),
      hints_(std::move(hints)),
      writer_(std::move(writer)),
      readers_(std::make_unique<Pool<SqliteSession>>(
          [this] { return std::make_unique<SqliteSession>(path_, false, *hints_); }, 4, 16)) {
    sqlite3_wal_hook(
        writer_->handle(),
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<SqliteDb*>(self)->log_pages_ = pages;
            return SQLITE_OK;
        },
        this);
    thread_ = std::thread([this] { write_loop(); });
}

SqliteDb::~SqliteDb() {
    queue_.stop();
    thread_.join();
    readers_.reset();
}

void SqliteDb::run_read(const std::function<void(Session&)>& use) {
    readers_->with([&](SqliteSession& session) {
        session.run("BEGIN");
        use(session);
        session.run("COMMIT");
    });
}

void SqliteDb::run_write(const std::function<bool(Session&)>& use, Haste haste) {
    queue_.wait_for(use, haste == Haste::bulk);
}

void SqliteDb::write_loop() {
    for (;;) {
        auto next = queue_.wait();
        if (!next.write) break;
        write_group(next);
        checkpoint_when_due();
    }
    sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                              nullptr);
}

void SqliteDb::write_group(const CommitQueue::Next& first) {
    std::vector<WaitingWritePtr> kept;
    try {
        const auto start = Steady::now();
        writer_->run("BEGIN IMMEDIATE");
        bool more = write_one(first.write, kept);
        while (more && !first.bulk && Steady::now() - start < gather) {
            const auto write = queue_.try_person();
            if (!write) break;
            more = write_one(write, kept);
        }
        if (writer_->in_transaction()) writer_->run("COMMIT");
    } catch (...) {
        kept.push_back(first.write);
        for (const auto& write : kept) write->tell(std::current_exception());
        if (writer_->in_transaction()) writer_->run("ROLLBACK");
        return;
    }
    for (const auto& write : kept) write->tell(nullptr);
}

/// Runs one write behind those already `kept` in the open transaction. A refused or failed one is
/// rolled back alone and told at once. False: SQLite gave up the whole transaction (a full disk).
bool SqliteDb::write_one(const WaitingWritePtr& write, std::vector<WaitingWritePtr>& kept) {
    const bool shared = !kept.empty();
    const auto roll_back = [&] {
        writer_->run(shared ? "ROLLBACK TO one" : "ROLLBACK");
        writer_->run(shared ? "RELEASE one" : "BEGIN IMMEDIATE");
    };
    std::exception_ptr failure;
    bool keep = false;
    try {
        if (shared) writer_->run("SAVEPOINT one");
        keep = write->use(*writer_);
        if (keep && shared) writer_->run("RELEASE one");
    } catch (...) {
        failure = std::current_exception();
    }
    if (keep && !failure) {
        kept.push_back(write);
        return true;
    }
    const bool lost = !writer_->in_transaction();
    if (lost) {
        for (const auto& other : kept) other->tell(failure);
        kept.clear();
    } else {
        roll_back();
    }
    write->tell(std::move(failure));
    return !lost;
}

void SqliteDb::checkpoint_when_due() {
    const int due = busy_with_people() ? checkpoint_pages : checkpoint_pages_alone;
    if (log_pages_ < checkpoint_pages) return;
    if (log_pages_ < 4 * due && !queue_.idle()) return;
    int in_log = 0, copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        log_error("store.checkpoint_failed", {{"why", sqlite3_errmsg(writer_->handle())}});
    log_pages_ = 0;
}

Result<> SqliteDb::copy_to(const std::string& path) {
    return copy_sqlite(path_, path);
}

bool SqliteDb::busy_with_people() const {
    return steady_millis() - last_person_ < 1000;
}
void SqliteDb::note_person() {
    last_person_ = steady_millis();
}

}  // namespace countersign
