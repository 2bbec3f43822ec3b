// Exports: a project's tasks in a format, streamed page by page in short transactions.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/world.h"
#include "core/people.h"
#include "core/project.h"
#include "core/task_filter.h"
#include "formats/format.h"

namespace countersign {

struct ExportOptions {
    std::string format = "jsonl";
    bool decided_only = true;  ///< Only tasks with a label.
    bool with_drafts = true;
    bool with_images = false;  ///< Formats that carry images in their zip.
    TaskFilter filter = {};    ///< Only tasks that match.
};

/// A stream: each call appends the next piece to `out`; false when it has ended.
class ExportStream {
public:
    virtual ~ExportStream() = default;
    virtual Result<bool> next(std::string& out) = 0;
    std::string file_name;  ///< "street-scenes.coco.json"
    std::string media_type;
};

class Exports {
public:
    explicit Exports(World& world) : world_(world) {}
    Result<std::unique_ptr<ExportStream>> open(const Caller& caller, Id project,
                                               const ExportOptions& options);

private:
    World& world_;
};

}  // namespace countersign
