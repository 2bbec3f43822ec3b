#include "http/pool.h"

#include "base/result.h"

namespace countersign {

HandlerThreads::HandlerThreads(int threads) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    for (int i = 0; i < threads; ++i) {
        pthread_t thread{};
        if (pthread_create(&thread, &attributes, &HandlerThreads::run, this) != 0) break;
        threads_.push_back(thread);
    }
    pthread_attr_destroy(&attributes);
    if (threads_.empty()) throw Breakdown("the system gives no threads");
}

void HandlerThreads::stop() {
    {
        std::scoped_lock hold(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (const auto thread : threads_) pthread_join(thread, nullptr);
    threads_.clear();
}

void HandlerThreads::post(std::function<void()> work) {
    {
        std::scoped_lock hold(mutex_);
        queue_.push_back(std::move(work));
    }
    wake_.notify_one();
}

void* HandlerThreads::run(void* self) {
    auto& pool = *static_cast<HandlerThreads*>(self);
    for (;;) {
        std::function<void()> work;
        {
            std::unique_lock hold(pool.mutex_);
            pool.wake_.wait(hold, [&] { return pool.stopping_ || !pool.queue_.empty(); });
            if (pool.queue_.empty()) return nullptr;
            work = std::move(pool.queue_.front());
            pool.queue_.pop_front();
        }
        work();
    }
}

}  // namespace countersign
