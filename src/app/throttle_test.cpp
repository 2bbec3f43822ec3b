#include "app/throttle.h"

#include <doctest/doctest.h>

namespace countersign {

TEST_CASE("after the free attempts the pause doubles, up to the longest") {
    Throttle throttle({.free = 2, .first_pause = 1000, .longest = 4000, .forget = 100'000});
    Millis now = 1'000'000;
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now) == 0);
    for (const Millis pause : {1000, 2000, 4000, 4000}) {
        CHECK(throttle.attempt("ada", now) == pause);
        CHECK(throttle.attempt("ada", now + pause - 1) == 1);
        CHECK(throttle.left("ada", now + pause - 1) == 1);
        now += pause;
        CHECK(throttle.attempt("ada", now) == 0);
    }
    CHECK(throttle.attempt("bob", now) == 0);
    CHECK(throttle.left("eve", now) == 0);
}

TEST_CASE("success clears a name, and time forgets") {
    Throttle throttle({.free = 1, .first_pause = 1000, .longest = 4000, .forget = 100'000});
    const Millis now = 1'000'000;
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now) > 0);
    throttle.clear("ada");
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now) == 0);
    CHECK(throttle.attempt("ada", now + 200'000) == 0);
    CHECK(throttle.attempt("ada", now + 200'000) == 0);
}

TEST_CASE("an excused attempt does not count") {
    Throttle throttle({.free = 1, .first_pause = 1000, .longest = 4000, .forget = 100'000});
    const Millis now = 1'000'000;
    for (int i = 0; i < 20; ++i) {
        CHECK(throttle.attempt("10.0.0.1", now) == 0);
        throttle.excuse("10.0.0.1");
    }
}

}  // namespace countersign
