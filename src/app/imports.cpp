#include "app/imports.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "app/jobs.h"
#include "base/crypto.h"
#include "formats/format.h"
#include "store/event_store.h"
#include "store/project_store.h"

namespace countersign {

namespace fs = std::filesystem;

namespace {

std::string uploads_dir(const World& world) {
    return world.data_dir + "/uploads";
}

/// An upload's name holds its project: "p000000001k-0a1b2c3d4e5f6071".
Result<std::string> upload_dir(const World& world, Id project, const std::string& upload) {
    const auto prefix = wire_id('p', project) + "-";
    const bool ours =
        upload.starts_with(prefix) && upload.size() == prefix.size() + 16 &&
        upload.find_first_not_of("0123456789abcdef", prefix.size()) == std::string::npos;
    const auto dir = uploads_dir(world) + "/" + upload;
    std::error_code error;
    if (!ours || !fs::is_directory(dir, error))
        return Refusal{Code::not_found,
                       "There is no such upload to this project: start a new one."};
    return dir;
}

struct File {
    int fd = -1;
    ~File() {
        if (fd >= 0) close(fd);
    }
};

/// Writes the stream to `path` and syncs it; throws when the disk cannot.
std::int64_t write_stream(const std::string& path,
                          const std::function<std::size_t(char*, std::size_t)>& read) {
    File file{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.fd < 0) throw Breakdown("Cannot write the uploaded file below the data directory.");
    std::vector<char> buffer(1 << 18);
    std::int64_t bytes = 0;
    while (const auto n = read(buffer.data(), buffer.size())) {
        for (std::size_t done = 0; done < n;) {
            const auto step = write(file.fd, buffer.data() + done, n - done);
            if (step <= 0) throw Breakdown("The disk of the data directory took no more bytes.");
            done += static_cast<std::size_t>(step);
        }
        bytes += static_cast<std::int64_t>(n);
    }
    if (fsync(file.fd) != 0)
        throw Breakdown("The disk of the data directory cannot keep the upload.");
    return bytes;
}

Result<> check_options(World& world, Id project, const ImportOptions& options) {
    if (!world.cache->project(world.db, world.clock, project))
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
    if (options.labels_are_drafts && options.labels_are_gold)
        return Refusal{Code::invalid,
                       "Labels are drafts to review or trusted answers, not both: drop "
                       "labels_are_drafts or labels_are_gold."};
    if (options.format.empty()) return Done{};
    const auto* format = find_format(options.format);
    if (format && format->read) return Done{};
    std::string names;
    for (const auto& row : formats())
        if (row.read) names += (names.empty() ? "" : ", ") + std::string(row.name);
    return Refusal{Code::invalid, "Files cannot be imported as \"" + options.format +
                                      "\": choose one of " + names + ", or leave it out."};
}

Job queue_import(World& world, const Caller& caller, Id project, Json payload) {
    const Millis now = world.clock.now();
    auto job = queue_job(world, project, "import", std::move(payload), caller.person);
    world.db.write([&](Session& s) {
        Event event;
        event.project = project;
        event.kind = "import.started";
        event.person = caller.person;
        event.body = "{\"job\":\"" + wire_id('j', job.id) + "\"}";
        event.created = now;
        append_event(s, std::move(event), world.key);
    });
    return job;
}

}  // namespace

Result<std::string> Imports::new_upload(const Caller&, Id project) {
    if (!world_.cache->project(world_.db, world_.clock, project))
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
    auto upload = wire_id('p', project) + "-" + hex(random_bytes(8));
    fs::create_directories(uploads_dir(world_) + "/" + upload);
    return upload;
}

Result<std::int64_t> Imports::put_file(const Caller&, Id project, const std::string& upload,
                                       const std::string& name,
                                       const std::function<std::size_t(char*, std::size_t)>& read) {
    const auto dir = TRY(upload_dir(world_, project, upload));
    if (const auto fault = fault_of_name(name); !fault.empty())
        return Refusal{Code::invalid,
                       "The file cannot be called \"" + name + "\": " + std::string(fault)};
    const fs::path path = fs::path(dir) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error || fs::is_directory(path, error))
        return Refusal{Code::conflict, "\"" + name + "\" is a file and a folder in this upload."};
    const auto partial = uploads_dir(world_) + "/." + hex(random_bytes(8));
    try {
        const auto bytes = write_stream(partial, read);
        fs::rename(partial, path);
        return bytes;
    } catch (...) {
        fs::remove(partial, error);
        throw;
    }
}

Result<Job> Imports::start(const Caller& caller, Id project, const std::string& upload,
                           const ImportOptions& options) {
    TRY(check_options(world_, project, options));
    const auto dir = TRY(upload_dir(world_, project, upload));
    if (fs::is_empty(dir))
        return Refusal{Code::invalid, "The upload holds no file: put one into it first."};
    return queue_import(world_, caller, project,
                        {{"upload", upload}, {"options", to_json(options)}});
}

Result<Job> Imports::start_local(const Caller& caller, Id project,
                                 const std::vector<std::string>& paths,
                                 const ImportOptions& options) {
    TRY(check_options(world_, project, options));
    Json list = Json::array();
    for (const auto& path : paths) {
        std::error_code error;
        if (!fs::exists(path, error))
            return Refusal{Code::not_found, "There is no file or folder \"" + path + "\"."};
        list.push_back(fs::absolute(path).lexically_normal().string());
    }
    return queue_import(world_, caller, project,
                        {{"paths", std::move(list)}, {"options", to_json(options)}});
}

Result<Job> Imports::start_s3(const Caller& caller, Id project, const S3Place& place,
                              const ImportOptions& options) {
    TRY(check_options(world_, project, options));
    return queue_import(world_, caller, project,
                        {{"s3", to_json(place)}, {"options", to_json(options)}});
}

Result<std::vector<RowVerdict>> Imports::verdicts(Id job, std::int64_t after_row, int limit) {
    return world_.db.read([&](Session& s) -> Result<std::vector<RowVerdict>> {
        if (!find_job(s, job))
            return Refusal{Code::not_found, "There is no job " + wire_id('j', job) + "."};
        return list_verdicts(s, job, after_row, std::clamp(limit, 1, 10'000));
    });
}

}  // namespace countersign
