// Wire types of imports, formats and jobs, and how they come from core values.
#pragma once

#include <string>
#include <vector>
#include "app/imports.h"
#include "app/jobs.h"
#include "base/fields.h"

namespace countersign {

struct FormatOut {
    std::string name;
    std::string title;
    std::string extension;
    bool import = false;
    bool export_ = false;
    std::vector<Modality> modalities;
    std::vector<ControlKind> controls;
    bool lossless = false;
};
template <class V>
void fields(V& v, FormatOut& o) {
    v("name", o.name, "unique");
    v("title", o.title, "shown name");
    v("extension", o.extension, "of an exported file");
    v("import", o.import, "can be read");
    v("export", o.export_, "can be written");
    v("modalities", o.modalities, "items it can carry");
    v("controls", o.controls, "regions it can carry");
    v("lossless", o.lossless, "what is written reads back the same");
}

struct UploadOut {
    std::string upload;
};
template <class V>
void fields(V& v, UploadOut& o) {
    v("upload", o.upload, "name of the folder that files are put into");
}

struct UploadedFileOut {
    std::string name;
    std::int64_t bytes = 0;
};
template <class V>
void fields(V& v, UploadedFileOut& o) {
    v("name", o.name, "as it was stored");
    v("bytes", o.bytes, "size");
}

struct ImportBody {
    std::string upload;
    ImportOptions options;
};
template <class V>
void fields(V& v, ImportBody& o) {
    v("upload", o.upload, "from POST uploads");
    v("options", o.options, "how to read the files");
}

struct VerdictOut {
    std::int64_t row = 0;
    std::string source;
    std::string verdict;
    std::string reason;
};
template <class V>
void fields(V& v, VerdictOut& o) {
    v("row", o.row, "from 1, in the order of the files");
    v("source", o.source, "file and place");
    v("verdict", o.verdict, "repaired or rejected");
    v("reason", o.reason, "what was mended, or why it was refused and what to do");
}

struct JobOut {
    std::string id;
    std::string project;
    std::string kind;
    std::string title;
    JobState state = JobState::queued;
    std::int64_t done = 0;
    std::int64_t total = 0;
    double rate = 0;
    Nullable<double> seconds_left;
    int attempts = 0;
    std::string error;
    Json result;
    Json payload;
    Millis created = 0;
    Millis started = 0;
    Millis finished = 0;
    bool cancel = false;
};
template <class V>
void fields(V& v, JobOut& o) {
    v("id", o.id, "j...");
    v("project", o.project, "p...");
    v("kind", o.kind, "import, draft, learn, embed, check, compare");
    v("title", o.title, "shown name");
    v("state", o.state, "how far it is");
    v("done", o.done, "units");
    v("total", o.total, "units; 0: unknown");
    v("rate", o.rate, "units a second, lately");
    v("seconds_left", o.seconds_left, "null: unknown");
    v("attempts", o.attempts, "times it was started");
    v("error", o.error, "the last failure");
    v("result", o.result, "what it reports when done");
    v("payload", o.payload, "what it was asked to do");
    v("created", o.created, "ms UTC");
    v("started", o.started, "ms UTC; 0: not yet");
    v("finished", o.finished, "ms UTC; 0: not yet");
    v("cancel", o.cancel, "somebody asked it to stop");
}

JobOut job_out(const Job& job);
std::vector<FormatOut> format_list();

}  // namespace countersign
