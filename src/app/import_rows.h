// The reading half of an import: a thread that reads rows, brings their images and recordings into
// the blob store, checks labels against the schema and grounds drafts, while the job's own thread
// writes what was read before. A bounded queue of batches lies between them.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/imports.h"
#include "core/project.h"
#include "formats/format.h"

namespace countersign {

/// A row that is ready to be written.
struct PreparedRow {
    ImportedRow row;               ///< Key filled, labels checked.
    Media media;                   ///< sha256 empty: none came with it.
    std::vector<Draft> drafts;     ///< Grounded; one for each of row.drafts.
    std::optional<Regions> label;  ///< The one label that is taken of row.annotations.
};

struct PreparedBatch {
    std::vector<PreparedRow> rows;
    std::int64_t rows_total = 0;  ///< In the whole source: known or estimated; 0: no idea.
    bool ended = false;           ///< Nothing comes behind these rows.
};

class ImportRows {
public:
    /// Starts reading behind the first `skip` rows.
    ImportRows(World& world, std::shared_ptr<const Project> project,
               std::shared_ptr<const Source> source, const Format& format,
               const ImportOptions& options, std::int64_t skip);
    ~ImportRows();

    /// Up to `wanted` rows; waits a moment for the reader, and gives what there is, perhaps none. A
    /// refusal: the files cannot be read (on).
    Result<PreparedBatch> take(std::size_t wanted);

private:
    static constexpr std::size_t batch_rows = 1000, most_waiting = 24'000;
    static constexpr std::size_t most_bytes = 48 << 20;  ///< Waiting, and in one take().
    void read(const std::stop_token& stop);
    Result<> read_all(const std::stop_token& stop);
    void prepare(PreparedRow& row, const std::stop_token& stop);
    void bring_medium(PreparedRow& row, const std::stop_token& stop);
    Result<> read_rows(RowReader& reader, const std::stop_token& stop);
    std::optional<ImageSize> image_size(std::string_view name);
    std::optional<double> sound_seconds(std::string_view name);
    bool has_entry(std::string_view name) const;
    void push(PreparedBatch&& batch, const std::stop_token& stop);

    World& world_;
    std::shared_ptr<const Project> project_;
    std::shared_ptr<const Source> source_;
    const Format& format_;
    ImportOptions options_;
    std::int64_t skip_;
    std::string
        size_name_;  ///< The last image that was measured: readers ask, then the row brings it.
    std::optional<ImageSize> size_;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<PreparedRow> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::int64_t rows_total_ = 0;
    bool ended_ = false;
    std::optional<Refusal> refusal_;
    std::exception_ptr breakdown_;
    std::jthread thread_;
};

/// The tasks that a row means by the name of its image or recording; a recording may be named
/// without its extension. At most two: more than one is not clear.
std::vector<Task> tasks_called(Session& s, const Project& project, std::string_view name);

/// The file or files to read: a folder, a zip or tar, or single files.
Result<std::unique_ptr<Source>> open_import(const std::vector<std::string>& paths);

}  // namespace countersign
