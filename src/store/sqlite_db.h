// SQLite: one writer thread with group commit, readers in a pool.
//
// The writer takes every waiting write, runs each inside one transaction (a savepoint apart),
// commits once, and only then tells the callers: N people share one fsync. It stops gathering after
// a few milliseconds so that nobody waits for a long queue. Checkpoints run on the same connection,
// when the write-ahead log has grown to about 4 MB and nobody waits.
#pragma once

#include <atomic>
#include <thread>

#include "store/commit_queue.h"
#include "store/pool.h"
#include "store/sqlite_session.h"

namespace countersign {

/// The right to be the one program that writes a database file: an flock on FILE.lock, which the
/// system gives back however the program ends.
class FileClaim {
public:
    static Result<std::unique_ptr<FileClaim>> take(const std::string& path);
    ~FileClaim();
    FileClaim(const FileClaim&) = delete;
    FileClaim& operator=(const FileClaim&) = delete;

private:
    explicit FileClaim(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

class SqliteDb final : public Db {
public:
    /// Opens, migrates to `version`, and starts the writer.
    static Result<std::unique_ptr<Db>> open(const std::string& path, int version);
    ~SqliteDb() override;

    Engine engine() const override { return Engine::sqlite; }
    Result<> copy_to(const std::string& path) override;
    bool busy_with_people() const override;
    void note_person() override;

protected:
    void run_read(const std::function<void(Session&)>& use) override;
    void run_write(const std::function<bool(Session&)>& use, Haste haste) override;

private:
    SqliteDb(const std::string& path, std::unique_ptr<FileClaim> claim,
             std::unique_ptr<SqliteSession> writer, std::unique_ptr<Hints> hints);
    void write_loop();
    void write_group(const CommitQueue::Next& first);
    bool write_one(const WaitingWritePtr& write, std::vector<WaitingWritePtr>& kept);
    void checkpoint_when_due();

    const std::string path_;
    std::unique_ptr<FileClaim> claim_;
    std::unique_ptr<Hints> hints_;
    std::unique_ptr<SqliteSession> writer_;  ///< Only the writer thread's.
    int log_pages_ = 0;                      ///< Of the write-ahead log; only the writer thread's.
    std::atomic<std::int64_t> last_person_{-10'000};  ///< Steady milliseconds.
    CommitQueue queue_;
    std::unique_ptr<Pool<SqliteSession>> readers_;
    std::thread thread_;
};

}  // namespace countersign
