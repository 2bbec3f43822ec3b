// libjpeg and libpng report an error by longjmp out of the call. Nothing between that call and
// survives() may own anything: `step` works on objects that its caller owns.
#pragma once

#include <csetjmp>

namespace countersign {

/// Runs `step`; false when it jumped to `out`.
template <class Step>
bool survives(std::jmp_buf& out, const Step& step) {
    if (setjmp(out)) return false;
    step();
    return true;
}

}  // namespace countersign
