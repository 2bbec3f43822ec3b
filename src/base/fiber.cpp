#include "base/fiber.h"

#include <sys/mman.h>
#include <ucontext.h>

#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace countersign {

namespace {

constexpr std::size_t stack_bytes = 256 << 10, guard_bytes = 4096;
constexpr std::size_t most_idle = 64;

/// A stack whose lower end faults instead of running into what lies below.
class Stack {
public:
    Stack()
        : base_(::mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)) {
        if (base_ == MAP_FAILED) throw Breakdown("the system gives no memory for a stack");
        ::mprotect(base_, guard_bytes, PROT_NONE);
    }
    ~Stack() { ::munmap(base_, guard_bytes + stack_bytes); }
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;
    void* bottom() const { return static_cast<char*>(base_) + guard_bytes; }

private:
    void* base_;
};

/// One side of a switch: the loop or the fiber, and what the sanitizers must be told of it.
struct Side {
    ucontext_t context{};
    const void* bottom = nullptr;
    std::size_t size = 0;
    void* fake_stack = nullptr;  ///< AddressSanitizer's.
    void* shadow = nullptr;      ///< ThreadSanitizer's.
};

/// Called first thing on a side that is entered for the first time, and behind each switch.
void arrived([[maybe_unused]] Side& here, [[maybe_unused]] Side& from) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(here.fake_stack, &from.bottom, &from.size);
#endif
}

void switch_sides(Side& from, Side& to) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&from.fake_stack, to.bottom, to.size);
#endif
#if defined(__SANITIZE_THREAD__)
    from.shadow = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(to.shadow, 0);
#endif
    ::swapcontext(&from.context, &to.context);
    arrived(from, to);
}

}  // namespace

class Fiber {
public:
    Fiber() {
        ::getcontext(&own_.context);
        own_.context.uc_stack.ss_sp = stack_.bottom();
        own_.context.uc_stack.ss_size = stack_bytes;
        own_.bottom = stack_.bottom();
        own_.size = stack_bytes;
        ::makecontext(&own_.context, &Fiber::enter, 0);
#if defined(__SANITIZE_THREAD__)
        own_.shadow = __tsan_create_fiber(0);
#endif
    }
#if defined(__SANITIZE_THREAD__)
    ~Fiber() {
        __tsan_destroy_fiber(own_.shadow);
    }
#endif

    static Fiber*& current() {
        thread_local Fiber* running = nullptr;
        return running;
    }

    static void start(std::function<void()> work, PostToLoop post) {
        auto& idle = idle_ones();
        auto fiber = idle.empty() ? std::make_unique<Fiber>() : std::move(idle.back());
        if (!idle.empty()) idle.pop_back();
        fiber->work_ = std::move(work);
        fiber->post_ = std::move(post);
        fiber.release()->resume();
    }
    /// From the fiber: back to the loop, until resumed.
    void sleep() {
        switch_sides(own_, loop_);
    }
    /// From any thread.
    void wake() {
        post_([this] { resume(); });
    }

private:
    static std::vector<std::unique_ptr<Fiber>>& idle_ones() {
        thread_local std::vector<std::unique_ptr<Fiber>> idle;
        return idle;
    }

    /// The life of a stack: one piece of work after the other.
    static void enter() {
        auto& self = *current();
        arrived(self.own_, self.loop_);
        for (;;) {
            self.work_();
            self.work_ = nullptr;
            self.sleep();
        }
    }

    void resume() {
        current() = this;
        switch_sides(loop_, own_);
        current() = nullptr;
        if (work_) return;
        std::unique_ptr<Fiber> ended(this);
        post_ = nullptr;
        if (idle_ones().size() < most_idle) idle_ones().push_back(std::move(ended));
    }

    Stack stack_;
    Side own_, loop_;
    std::function<void()> work_;
    PostToLoop post_;
};

void run_on_fiber(std::function<void()> work, PostToLoop post) {
    Fiber::start(std::move(work), std::move(post));
}

Signal::Signal() : fiber_(Fiber::current()) {}

void Signal::set() {
    if (fiber_) return fiber_->wake();
    std::scoped_lock hold(mutex_);
    set_ = true;
    changed_.notify_one();
}

void Signal::wait() {
    if (fiber_) return fiber_->sleep();
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [this] { return set_; });
}

}  // namespace countersign
