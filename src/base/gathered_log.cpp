#include "base/gathered_log.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace countersign {

namespace {

constexpr auto longest_wait = std::chrono::milliseconds(200);
constexpr std::size_t much = 64 << 10;

/// The process has one standard error, and this is it.
struct Sink {
    std::mutex mutex;
    std::condition_variable_any filled;
    bool gathers = false;
    std::string lines;

    void flush() {
        for (std::string_view rest = lines; !rest.empty();) {
            const auto n = ::write(STDERR_FILENO, rest.data(), rest.size());
            if (n <= 0) break;
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        lines.clear();
    }
};
Sink& sink() {
    static Sink one;
    return one;
}

void flush_now_and_then(const std::stop_token& stop) {
    auto& to = sink();
    std::unique_lock hold(to.mutex);
    while (to.filled.wait(hold, stop, [&] { return !to.lines.empty(); })) {
        to.filled.wait_for(hold, stop, longest_wait, [] { return false; });
        to.flush();
    }
}

}  // namespace

void write_log_line(std::string_view line, bool urgent) {
    auto& to = sink();
    std::scoped_lock hold(to.mutex);
    const bool first = to.lines.empty();
    to.lines += line;
    if (urgent || !to.gathers || to.lines.size() > much)
        to.flush();
    else if (first)
        to.filled.notify_one();
}

GatheredLog::GatheredLog() {
    {
        std::scoped_lock hold(sink().mutex);
        sink().gathers = true;
    }
    thread_ = std::jthread(flush_now_and_then);
}

GatheredLog::~GatheredLog() {
    thread_ = {};
    std::scoped_lock hold(sink().mutex);
    sink().gathers = false;
    sink().flush();
}

}  // namespace countersign
