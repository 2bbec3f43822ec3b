// Answers looked at as they come. A thread of its own takes what the desk tells of, some at a time:
// the person who answered waits for none of it. What one item is enough for (where regions lie and
// where spans begin and end) is found or closed at once; the rest is a job that looks at the whole
// project, queued when a twentieth of it has changed or when it has been quiet for a minute, and
// never so often that it would take more than a tenth of the time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/world.h"

namespace countersign {

class Watch {
public:
    /// Takes its place behind whoever is told of decisions already.
    explicit Watch(World& world);
    ~Watch();
    Watch(const Watch&) = delete;
    void settle();

private:
    struct Notice {
        Id project = 0, task = 0;
    };
    /// Changes of a project since a check of it was queued.
    struct Changed {
        std::int64_t changes = 0;
        Millis last = 0;
    };
    using Told = std::function<void(const Project&, const Annotation&)>;

    void tell(Notice notice);
    void watch(const std::stop_token& stop);
    void heed(const std::vector<Notice>& notices);
    void recheck();
    enum class Due { now, later, not_at_all };
    Due how_due(Id project, const Changed& changed);

    World& world_;
    Told decided_, withdrawn_;  ///< Who was told before.
    std::function<void(Id)> arrived_;
    std::mutex mutex_;
    std::condition_variable_any waking_;
    std::deque<Notice> notices_;
    bool busy_ = false;
    std::map<Id, Changed> changed_;  ///< Used by the thread only.
    std::jthread thread_;            ///< Last: it ends before what it uses.
};

}  // namespace countersign
