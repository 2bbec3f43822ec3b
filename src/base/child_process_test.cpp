#include "base/child_process.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

namespace countersign {
namespace {

std::unique_ptr<ChildProcess> shell(const std::string& script) {
    auto child = ChildProcess::start({"/bin/sh", "-c", script});
    REQUIRE(child);
    return *std::move(child);
}

bool any(std::string_view) {
    return true;
}

TEST_CASE("a program answers line after line") {
    const auto child = shell("while read -r line; do echo \"<$line>\"; done");
    for (const char* line : {"one", "two $(three) `four`", ""}) {
        const auto answer = child->exchange(line, {}, any, {});
        REQUIRE(answer);
        CHECK(*answer == "<" + std::string(line) + ">");
    }
    CHECK(child->usable());
}

TEST_CASE("lines that are no answer are passed over") {
    const auto child =
        shell("echo starting; while read -r line; do echo log; echo \"=$line\"; done");
    const auto is_answer = [](std::string_view line) { return line.starts_with("="); };
    CHECK(*child->exchange("1", {}, is_answer, {}) == "=1");
    CHECK(*child->exchange("2", {}, is_answer, {}) == "=2");
}

TEST_CASE("a long line goes in while a long one comes out") {
    const auto child = shell("exec cat");
    const std::string line(3 << 20, 'x');
    const auto answer = child->exchange(line, {}, any, {});
    REQUIRE(answer);
    CHECK(*answer == line);
}

TEST_CASE("a program that ends is refused with what it said") {
    const auto child = shell("read -r line; echo 'no \033[1mmodel\033[0m file' >&2; exit 3");
    const auto answer = child->exchange("task", {}, any, {});
    REQUIRE_FALSE(answer);
    CHECK(answer.refusal().code == Code::unavailable);
    CHECK(answer.refusal().message.find("model") != std::string::npos);
    CHECK(answer.refusal().message.find('\033') == std::string::npos);
    CHECK_FALSE(child->usable());
    CHECK_FALSE(child->exchange("again", {}, any, {}));
}

TEST_CASE("a program that is late, or writes without end, is given up") {
    const auto slow = shell("sleep 600");
    const auto late = slow->exchange("task", {.timeout = 50}, any, {});
    REQUIRE_FALSE(late);
    CHECK(late.refusal().code == Code::unavailable);
    const auto loud = shell("yes");
    const auto none = [](std::string_view) { return false; };
    const auto flooded = loud->exchange("task", {.most_bytes = 100'000}, none, {});
    REQUIRE_FALSE(flooded);
    CHECK(flooded.refusal().message.find("100000") != std::string::npos);
}

TEST_CASE("a program is stopped when drafting is") {
    const auto child = shell("sleep 600");
    std::stop_source source;
    source.request_stop();
    const auto answer = child->exchange("task", {}, any, source.get_token());
    REQUIRE_FALSE(answer);
    CHECK(answer.refusal().code == Code::cancelled);
}

TEST_CASE("a program sees nothing of ours: no secrets, no open files") {
    ::setenv("COUNTERSIGN_TEST_SECRET", "hush", 1);
    const auto child = shell("read -r line; echo \"[$COUNTERSIGN_TEST_SECRET]\" /proc/self/fd/*");
    const auto answer = child->exchange("task", {}, any, {});
    REQUIRE(answer);
    CHECK(answer->starts_with("[] "));
    // Its standard three, and what the shell itself opens to list them.
    CHECK(std::count(answer->begin(), answer->end(), '/') <= 4 * 4);
    ::unsetenv("COUNTERSIGN_TEST_SECRET");
}

TEST_CASE("what is no program is refused by name") {
    const auto missing = ChildProcess::start({"/no/such/program"});
    REQUIRE_FALSE(missing);
    CHECK(missing.refusal().code == Code::unavailable);
    CHECK(missing.refusal().message.find("/no/such/program") != std::string::npos);
    CHECK(ChildProcess::start({"sh"}).refusal().code == Code::invalid);
    CHECK(ChildProcess::start({}).refusal().code == Code::invalid);
}

TEST_CASE("bytes go in, and come out by number and to the end") {
    const auto child = shell("head -c 5; printf 'and more'; echo 'so long' >&2");
    const auto until = ChildProcess::Clock::now() + std::chrono::minutes(1);
    REQUIRE(child->send("hello", until));
    CHECK(*child->receive(5, until) == "hello");
    CHECK(*child->receive(3, until) == "and");
    CHECK(*child->receive_all(100, until) == " more");
    const auto beyond = child->receive(1, until);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.refusal().code == Code::unavailable);
    CHECK_FALSE(child->usable());
}

TEST_CASE("a program that says nothing is late, and a stop is heard while it is waited for") {
    const auto child = shell("exec sleep 600");
    const auto late = child->receive(1, ChildProcess::Clock::now());
    REQUIRE_FALSE(late);
    CHECK(late.refusal().code == Code::unavailable);
    std::stop_source stop;
    stop.request_stop();
    const auto other = shell("exec sleep 600");
    const auto stopped =
        other->receive(1, ChildProcess::Clock::now() + std::chrono::hours(1), stop.get_token());
    REQUIRE_FALSE(stopped);
    CHECK(stopped.refusal().code == Code::cancelled);
}

}  // namespace
}  // namespace countersign
