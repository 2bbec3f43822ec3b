// Where log lines go: standard error, a write a line. While a GatheredLog lives, lines that are not
// urgent are gathered and written together, at most 200 ms late, so that a busy server does not pay
// a system call for each request. A warning or an error is written at once, behind what was
// gathered before it: lines keep their order.
#pragma once

#include <string_view>
#include <thread>

namespace countersign {

/// `line` ends with a line break. Lines of several threads stay whole.
void write_log_line(std::string_view line, bool urgent);

class GatheredLog {
public:
    GatheredLog();
    ~GatheredLog();  ///< Writes what was gathered.
    GatheredLog(const GatheredLog&) = delete;
    GatheredLog& operator=(const GatheredLog&) = delete;

private:
    std::jthread thread_;
};

}  // namespace countersign
