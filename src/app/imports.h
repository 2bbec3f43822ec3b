// Imports: files that were uploaded (or lie on this machine) become tasks, drafts and labels, with
// a verdict for each row, in a job that can be watched, cancelled and resumed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/people.h"
#include "formats/s3_source.h"
#include "store/job_store.h"

namespace countersign {

struct ImportOptions {
    std::string format;  ///< Empty: recognised.
    bool labels_are_drafts = false;
    bool labels_are_gold = false;
    std::string text_column, id_column, label_column;
    bool fetch_media = false;  ///< Images that rows name by URL are fetched.
};
template <class V>
void fields(V& v, ImportOptions& o) {
    v("format", o.format, "a name from /formats; empty: recognised from the files");
    v("labels_are_drafts", o.labels_are_drafts, "labels in the files become drafts to review");
    v("labels_are_gold", o.labels_are_gold,
      "labels in the files are trusted: their tasks are gold");
    v("text_column", o.text_column, "CSV: the column with the text; empty: guessed");
    v("id_column", o.id_column, "CSV: the column with a unique id; empty: guessed or derived");
    v("label_column", o.label_column, "CSV: the column with the label; empty: guessed");
    v("fetch_media", o.fetch_media, "images that rows name by an http(s) URL are fetched");
}

/// In job.result of an import that ended.
struct ImportReport {
    std::string format;
    std::int64_t rows = 0, accepted = 0, repaired = 0, rejected = 0;
    std::int64_t added = 0,
                 unchanged = 0;  ///< Of the accepted: new tasks, and ones that were there.
    std::int64_t drafts = 0, labels = 0;
    double seconds = 0;
};
template <class V>
void fields(V& v, ImportReport& r) {
    v("format", r.format, "what the files were read as");
    v("rows", r.rows, "rows with a verdict: accepted + repaired + rejected");
    v("accepted", r.accepted, "rows taken as they stood");
    v("repaired", r.repaired, "rows taken after a repair");
    v("rejected", r.rejected, "rows not taken");
    v("added", r.added, "new tasks");
    v("unchanged", r.unchanged, "rows whose task was there already");
    v("drafts", r.drafts, "drafts that came with the rows");
    v("labels", r.labels, "labels that came with the rows");
    v("seconds", r.seconds, "time it took");
}

class Imports {
public:
    explicit Imports(World& world) : world_(world) {}

    /// An upload is a folder below data_dir that files are put into, then started. Names are
    /// checked.
    Result<std::string> new_upload(const Caller& caller, Id project);
    Result<std::int64_t> put_file(const Caller& caller, Id project, const std::string& upload,
                                  const std::string& name,
                                  const std::function<std::size_t(char*, std::size_t)>& read);
    Result<Job> start(const Caller& caller, Id project, const std::string& upload,
                      const ImportOptions& options);
    /// Files on this machine (the command line): read where they lie.
    Result<Job> start_local(const Caller& caller, Id project, const std::vector<std::string>& paths,
                            const ImportOptions& options);
    /// Objects of a bucket, with the keys of the process that runs the job (the command line).
    Result<Job> start_s3(const Caller& caller, Id project, const S3Place& place,
                         const ImportOptions& options);
    Result<std::vector<RowVerdict>> verdicts(Id job, std::int64_t after_row, int limit);

private:
    World& world_;
};

}  // namespace countersign
