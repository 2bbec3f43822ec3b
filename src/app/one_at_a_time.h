// Work on things that have names, on each by one thread at a time; the others wait and find it
// done.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace countersign {

class OneAtATime {
public:
    template <class F>
    auto run(const std::string& name, const F& work) {
        {
            std::unique_lock hold(mutex_);
            left_.wait(hold, [&] { return !busy_.contains(name); });
            busy_.insert(name);
        }
        const Leave leave{*this, name};
        return work();
    }

private:
    struct Leave {
        OneAtATime& all;
        const std::string& name;
        ~Leave() {
            {
                const std::scoped_lock hold(all.mutex_);
                all.busy_.erase(name);
            }
            all.left_.notify_all();
        }
    };
    std::mutex mutex_;
    std::condition_variable left_;
    std::set<std::string> busy_;
};

}  // namespace countersign
