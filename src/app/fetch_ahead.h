// The images and recordings that rows name by URL, or by an entry of a source on another machine,
// fetched a few at a time ahead of the row that is due.
//
// Strategy: a handful of threads take rows in order; the reader hands rows in, and takes them back
// in the same order, so that an import's checkpoint stays one number. What cannot be had makes its
// row a rejected one; what may be otherwise a moment later is tried three times.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/import_rows.h"
#include "app/media_kinds.h"
#include "app/world.h"

namespace countersign {

class FetchAhead {
public:
    /// Ends what it does when `stop` is requested.
    FetchAhead(World& world, const Project& project, const Source& source, std::stop_token stop);
    ~FetchAhead();

    /// Takes a row; one whose medium is elsewhere is fetched. Others wait their turn behind it.
    void give(PreparedRow&& row);
    bool full();
    /// The next row in order, or nothing while it is being fetched (`wait`: waits for it) and when
    /// there is none. Rethrows what broke while it was fetched.
    std::optional<PreparedRow> take(bool wait);

private:
    struct Waiting {
        PreparedRow row;
        bool taken = false, ready = false;
        std::exception_ptr breakdown = {};
    };
    static constexpr std::size_t threads = 8, most_ahead = 64;
    void work();
    void fetch(PreparedRow& prepared);
    bool known_already(PreparedRow& prepared);
    Result<std::string> bytes_at(const std::string& url);
    bool pause(int attempt);

    World& world_;
    Id project_;
    const MediaKind& kind_;
    const Source& source_;
    std::stop_token stop_;
    std::atomic<bool> ending_ = false;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::unique_ptr<Waiting>> rows_;
    std::vector<std::jthread> threads_;  ///< Last: they end before what they use.
};

/// Brings the medium that is an entry of the source, or that was fetched, into the row.
void take_medium(PreparedRow& prepared, const std::string& name, Result<KeptMedium> kept);

}  // namespace countersign
