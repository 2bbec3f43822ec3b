// `import` and `export`.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "cli/commands.h"

namespace countersign {

namespace {

struct Closing {
    void operator()(std::FILE* file) const {
        if (file != stdout) std::fclose(file);
    }
};
using OutFile = std::unique_ptr<std::FILE, Closing>;

OutFile open_out(const std::string& path) {
    if (path.empty() || path == "-") return OutFile(stdout);
    OutFile file(std::fopen(path.c_str(), "wb"));
    if (!file) throw Breakdown("Cannot write \"" + path + "\".");
    return file;
}

void put(std::FILE* out, const std::string& bytes) {
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), out) != bytes.size())
        throw Breakdown("The disk took no more bytes of the file.");
}

void show_progress(const Job& job) {
    if (!isatty(STDERR_FILENO)) return;
    std::fprintf(stderr, "\r%lld", static_cast<long long>(job.done));
    if (job.total > 0) std::fprintf(stderr, " of %lld", static_cast<long long>(job.total));
    std::fprintf(stderr, " rows, %.0f a second    ", job.rate);
    std::fflush(stderr);
}

/// Follows the job until it has ended.
Result<Job> follow(Services& services, Id id) {
    for (;;) {
        auto job = TRY(services.jobs.find(id));
        if (job.state != JobState::queued && job.state != JobState::running) {
            if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
            return job;
        }
        show_progress(job);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

/// Every repaired and rejected row as a JSON line into `path`; the first few onto the terminal.
Result<> show_verdicts(Services& services, Id job, const std::string& path) {
    constexpr int page = 1'000, shown = 5;
    const auto out = path.empty() ? OutFile() : open_out(path);
    int on_screen = 0;
    for (std::int64_t after = 0;;) {
        const auto rows = TRY(services.imports.verdicts(job, after, page));
        for (const auto& row : rows) {
            after = row.row;
            if (out)
                put(out.get(), to_text({{"row", row.row},
                                        {"source", row.source},
                                        {"verdict", row.verdict},
                                        {"reason", row.reason}}) +
                                   "\n");
            else if (on_screen++ < shown)
                std::fprintf(stderr, "  %s %s: %s\n", row.source.c_str(), row.verdict.c_str(),
                             row.reason.c_str());
        }
        if (rows.empty() || (!out && on_screen > shown)) break;
    }
    if (on_screen > shown) std::fprintf(stderr, "  ... see all of them with --verdicts FILE\n");
    return Done{};
}

Result<Job> start(Services& services, const Caller& caller, Id project,
                  const Invocation& invocation, const ImportOptions& options) {
    const auto paths = invocation.list("PATH");
    const bool s3 = std::any_of(paths.begin(), paths.end(), looks_like_s3);
    if (!s3) return services.imports.start_local(caller, project, paths, options);
    if (paths.size() > 1)
        return Refusal{Code::invalid, "One place in S3 is imported at a time: name it alone."};
    auto place = TRY(parse_s3(paths.front()));
    place.endpoint = invocation.text("--s3-endpoint");
    const char* region = std::getenv("AWS_REGION");
    place.region = invocation.text("--region", region && *region ? region : place.region);
    return services.imports.start_s3(caller, project, place, options);
}

}  // namespace

Result<> run_import(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    const auto caller = TRY(operator_of(services));
    const auto project = TRY(named_project(services, invocation.text("PROJECT")));
    ImportOptions options;
    options.format = invocation.text("--format");
    options.labels_are_drafts = invocation.has("--labels-are-drafts");
    options.labels_are_gold = invocation.has("--labels-are-gold");
    options.text_column = invocation.text("--text-column");
    options.id_column = invocation.text("--id-column");
    options.label_column = invocation.text("--label-column");
    options.fetch_media = invocation.has("--fetch-media");
    const auto queued = TRY(start(services, caller, project.id, invocation, options));
    services.jobs.start(1);
    const auto job = TRY(follow(services, queued.id));
    services.jobs.stop();
    if (job.state == JobState::dead) return Refusal{Code::invalid, job.error};
    if (job.state == JobState::cancelled)
        return Refusal{Code::cancelled, "The import was cancelled; what came in until then stays."};
    const auto report = TRY(from_json<ImportReport>(job.result));
    std::printf("%s: %lld rows read as %s in %.1f s: %lld accepted, %lld repaired, %lld rejected\n",
                project.name.c_str(), static_cast<long long>(report.rows), report.format.c_str(),
                report.seconds, static_cast<long long>(report.accepted),
                static_cast<long long>(report.repaired), static_cast<long long>(report.rejected));
    std::printf("%lld new tasks, %lld unchanged, %lld drafts, %lld labels\n",
                static_cast<long long>(report.added), static_cast<long long>(report.unchanged),
                static_cast<long long>(report.drafts), static_cast<long long>(report.labels));
    TRY(show_verdicts(services, job.id, invocation.text("--verdicts")));
    if (report.rows > 0 && report.rejected == report.rows)
        return Refusal{Code::invalid, "Every row was rejected: nothing was imported."};
    return Done{};
}

Result<> run_export(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    const auto caller = TRY(operator_of(services));
    const auto project = TRY(named_project(services, invocation.text("PROJECT")));
    ExportOptions options;
    options.format = invocation.text("--format", "jsonl");
    options.decided_only = !invocation.has("--all");
    options.with_drafts = !invocation.has("--without-drafts");
    options.with_images = invocation.has("--with-images");
    options.filter = TRY(parse_task_filter(invocation.text("--filter")));
    const auto stream = TRY(services.exports.open(caller, project.id, options));
    const auto path = invocation.text("--output");
    // A file that exists under its name is whole.
    const bool to_file = !path.empty() && path != "-";
    const auto partial = to_file ? path + ".partial" : path;
    {
        const auto out = open_out(partial);
        for (std::string piece; TRY(stream->next(piece)); piece.clear()) put(out.get(), piece);
        if (std::fflush(out.get()) != 0)
            throw Breakdown("The disk took no more bytes of the file.");
    }
    if (to_file) std::filesystem::rename(partial, path);
    return Done{};
}

}  // namespace countersign
