// The program as commands see it: main.cpp builds the objects, a command asks for them when it
// needs a database, and works through the same use cases as the HTTP routes do.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/services.h"

namespace countersign {

struct Settings {
    std::string data_dir;    ///< Database, blobs and uploads.
    std::string db_url;      ///< Empty: SQLite in data_dir.
    std::string models_dir;  ///< Converted weights; empty: none.
    S3Keys s3_keys;
    std::vector<std::string> reach;  ///< Places that are not public and may be asked all the same.
};

class Program {
public:
    virtual ~Program() = default;
    virtual Services& services() = 0;
};
using OpenProgram = std::function<Result<std::unique_ptr<Program>>(const Settings&)>;

/// Runs one command; returns the exit code. Refusals and breakdowns end as one line on standard
/// error.
int run_command_line(int argc, const char* const* argv, const OpenProgram& open);

}  // namespace countersign
