#include "app/import_rows.h"

#include <algorithm>
#include <filesystem>

#include "app/fetch_ahead.h"
#include "app/upload_source.h"
#include "base/text.h"
#include "formats/joined_source.h"
#include "formats/reader.h"
#include "formats/sound_kit.h"
#include "media/image.h"
#include "models/grounding.h"
#include "store/task_store.h"

namespace countersign {

namespace fs = std::filesystem;

namespace {

using NamedFiles = std::vector<std::pair<std::string, std::string>>;

/// Files by name and path, and what is in the archives among them.
Result<std::unique_ptr<Source>> open_unpacked(NamedFiles files) {
    const auto archives = std::stable_partition(
        files.begin(), files.end(), [](const auto& file) { return !is_archive(file.second); });
    if (archives == files.end()) return open_files(std::move(files));
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(open_files({files.begin(), archives}));
    for (auto at = archives; at != files.end(); ++at) {
        auto unpacked = TRY(open_archive(at->second));
        sources.push_back(std::move(unpacked));
    }
    return join_sources(std::move(sources));
}

/// The files below a folder, called from `above` on.
void add_files_below(const fs::path& folder, const fs::path& above, NamedFiles& files) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name =
            entry.path().lexically_normal().lexically_relative(above).generic_string();
        if (entry.is_regular_file() && !is_system_file(name))
            files.emplace_back(name, entry.path().string());
    }
}

}  // namespace

Result<std::unique_ptr<Source>> open_upload(const std::string& folder) {
    NamedFiles files;
    const auto root = fs::path(folder).lexically_normal();
    add_files_below(root, root, files);
    if (files.size() == 1) return open_file(files[0].second, files[0].first);
    return open_unpacked(std::move(files));
}

Result<std::unique_ptr<Source>> open_import(const std::vector<std::string>& paths) {
    if (paths.empty())
        return Refusal{Code::invalid, "There is nothing to import: name a file or folder."};
    std::error_code error;
    for (const auto& path : paths)
        if (!fs::exists(path, error))
            return Refusal{Code::not_found, "There is no file or folder \"" + path + "\"."};
    if (paths.size() == 1 && fs::is_directory(paths[0])) {
        // A folder that holds one file, as an upload of one file does, is that file.
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(paths[0])) {
            inside.push_back(entry.path());
            if (inside.size() > 1) break;
        }
        if (inside.size() == 1 && fs::is_regular_file(inside[0]))
            return open_file(inside[0].string());
        return open_folder(paths[0]);
    }
    if (paths.size() == 1) return open_file(paths[0]);
    NamedFiles files;
    for (const auto& path : paths) {
        if (!fs::is_directory(path)) {
            files.emplace_back(fs::path(path).filename().string(), path);
            continue;
        }
        const fs::path base = fs::path(path).lexically_normal();
        const fs::path above = (base.has_filename() ? base : base.parent_path()).parent_path();
        add_files_below(path, above, files);
    }
    return open_unpacked(std::move(files));
}

namespace {
std::size_t bytes_of(const PreparedRow& prepared) {
    constexpr std::size_t a_region = 200;
    std::size_t regions = prepared.label ? prepared.label->size() : 0;
    for (const auto& draft : prepared.drafts) regions += draft.regions.size();
    return sizeof prepared + prepared.row.data.size() + prepared.row.meta.size() +
           regions * a_region;
}
}  // namespace

ImportRows::ImportRows(World& world, std::shared_ptr<const Project> project,
                       std::shared_ptr<const Source> source, const Format& format,
                       const ImportOptions& options, std::int64_t skip)
    : world_(world),
      project_(std::move(project)),
      source_(std::move(source)),
      format_(format),
      options_(options),
      skip_(skip),
      thread_([this](const std::stop_token& stop) { read(stop); }) {}

ImportRows::~ImportRows() {
    thread_.request_stop();
    thread_.join();
}

Result<PreparedBatch> ImportRows::take(std::size_t wanted) {
    PreparedBatch batch;
    std::unique_lock hold(mutex_);
    changed_.wait_for(hold, std::chrono::milliseconds(250), [&] {
        return ended_ || waiting_.size() >= std::min(wanted, batch_rows) ||
               waiting_bytes_ >= most_bytes;
    });
    std::size_t taken = 0;
    while (!waiting_.empty() && batch.rows.size() < wanted && taken < most_bytes) {
        taken += bytes_of(waiting_.front());
        batch.rows.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    waiting_bytes_ -= taken;
    batch.rows_total = rows_total_;
    const bool broken = refusal_ || breakdown_;
    batch.ended = ended_ && waiting_.empty() && !(broken && !batch.rows.empty());
    if (batch.ended) {
        if (breakdown_) std::rethrow_exception(breakdown_);
        if (refusal_) return *refusal_;
    }
    hold.unlock();
    changed_.notify_all();
    return batch;
}

void ImportRows::push(PreparedBatch&& batch, const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, stop,
                  [&] { return waiting_.size() < most_waiting && waiting_bytes_ < most_bytes; });
    for (const auto& row : batch.rows) waiting_bytes_ += bytes_of(row);
    std::move(batch.rows.begin(), batch.rows.end(), std::back_inserter(waiting_));
    rows_total_ = batch.rows_total;
    batch.rows.clear();
    hold.unlock();
    changed_.notify_all();
}

void ImportRows::read(const std::stop_token& stop) {
    std::optional<Refusal> refusal;
    std::exception_ptr breakdown;
    try {
        if (auto done = read_all(stop); !done) refusal = done.refusal();
    } catch (...) {
        breakdown = std::current_exception();
    }
    {
        std::scoped_lock hold(mutex_);
        ended_ = true;
        refusal_ = std::move(refusal);
        breakdown_ = breakdown;
    }
    changed_.notify_all();
}

namespace {

std::int64_t rows_in_all(const RowReader& reader, std::int64_t rows) {
    if (reader.rows_total() > 0) return reader.rows_total();
    const auto done = reader.bytes_done(), total = reader.bytes_total();
    if (done <= 0 || total <= 0) return 0;
    return static_cast<std::int64_t>(static_cast<double>(rows) * static_cast<double>(total) /
                                     static_cast<double>(std::min(done, total)));
}

}  // namespace

Result<> ImportRows::read_all(const std::stop_token& stop) {
    ReadContext context;
    context.schema = &project_->schema;
    context.image_size = [this](std::string_view name) { return image_size(name); };
    context.sound_seconds = [this](std::string_view name) { return sound_seconds(name); };
    context.labels_are_drafts = options_.labels_are_drafts;
    context.text_column = options_.text_column;
    context.id_column = options_.id_column;
    context.label_column = options_.label_column;
    context.fetch_media = options_.fetch_media && project_->schema.modality != Modality::text;
    const auto reader = TRY(format_.read(source_, context));
    return read_rows(*reader, stop);
}

Result<> ImportRows::read_rows(RowReader& reader, const std::stop_token& stop) {
    // People see images and recordings come in one by one; a batch of them would take a while.
    const std::size_t enough = project_->schema.modality == Modality::text ? batch_rows : 16;
    PreparedBatch batch;
    std::int64_t rows = 0;
    std::size_t bytes = 0;
    const auto flush = [&] {
        bytes = 0;
        batch.rows_total = rows_in_all(reader, rows);
        push(std::move(batch), stop);
    };
    const auto add = [&](PreparedRow&& prepared) {
        bytes += bytes_of(prepared);
        batch.rows.push_back(std::move(prepared));
        if (batch.rows.size() >= enough || bytes >= most_bytes / 8) flush();
    };
    const auto finish = [&](PreparedRow&& prepared) {
        if (prepared.row.outcome != RowOutcome::rejected) prepare(prepared, stop);
        add(std::move(prepared));
    };
    std::optional<FetchAhead> fetching;
    if (options_.fetch_media || source_->remote())
        fetching.emplace(world_, *project_, *source_, stop);
    const auto take_one = [&](bool wait) {
        auto prepared = fetching ? fetching->take(wait) : std::nullopt;
        if (!prepared) return false;
        finish(*std::move(prepared));
        return true;
    };
    // Takes the row that is due when it is not there yet; what came before it is written meanwhile.
    const auto wait_for_one = [&] {
        if (fetching && !batch.rows.empty()) flush();
        return take_one(true);
    };
    std::optional<Refusal> fault;  // What was read before it is taken.
    while (!stop.stop_requested()) {
        auto row = reader.next();
        if (!row) fault = row.refusal();
        if (!row || !*row) break;
        if (++rows <= skip_) continue;
        PreparedRow prepared;
        prepared.row = *std::move(*row);
        prepared.row.row = rows;
        if (!fetching) {
            finish(std::move(prepared));
            continue;
        }
        fetching->give(std::move(prepared));
        while (take_one(false)) {
        }
        if (fetching->full()) wait_for_one();
    }
    while (take_one(false) || wait_for_one()) {
    }
    batch.rows_total = rows;
    push(std::move(batch), stop);
    if (fault) return *fault;
    return Done{};
}

bool ImportRows::has_entry(std::string_view name) const {
    const auto& entries = source_->entries();
    const auto at =
        std::lower_bound(entries.begin(), entries.end(), name,
                         [](const SourceEntry& e, std::string_view n) { return e.name < n; });
    return at != entries.end() && at->name == name;
}

std::optional<ImageSize> ImportRows::image_size(std::string_view name) {
    if (size_ && name == size_name_) return size_;
    size_.reset();
    size_name_ = name;
    if (has_entry(name)) {
        const auto bytes = source_->read_all(name);
        const auto info = bytes ? image_info(*bytes) : Result<ImageInfo>(bytes.refusal());
        if (info) size_ = {info->width, info->height};
    } else {
        world_.db.read([&](Session& s) {
            const auto tasks = tasks_called(s, *project_, name);
            if (tasks.size() != 1 || tasks[0].media == 0) return;
            if (const auto media = find_media(s, tasks[0].media))
                size_ = {media->width, media->height};
        });
    }
    return size_;
}

std::vector<Task> tasks_called(Session& s, const Project& project, std::string_view name) {
    auto tasks = find_tasks_by_file(s, project.id, name);
    if (!tasks.empty() || project.schema.modality != Modality::audio) return tasks;
    for (const auto extension : sound_extensions()) {
        for (auto& task :
             find_tasks_by_file(s, project.id, std::string(name) + "." + std::string(extension)))
            tasks.push_back(std::move(task));
        if (tasks.size() > 1) break;
    }
    return tasks;
}

/// Of a task that is known; what lies in the source is measured when its row brings it.
std::optional<double> ImportRows::sound_seconds(std::string_view name) {
    if (has_entry(name)) return std::nullopt;
    return world_.db.read([&](Session& s) -> std::optional<double> {
        const auto tasks = tasks_called(s, *project_, name);
        if (tasks.size() != 1 || tasks[0].media == 0) return std::nullopt;
        const auto media = find_media(s, tasks[0].media);
        return media && media->seconds > 0 ? std::optional(media->seconds) : std::nullopt;
    });
}

namespace {

void reject(ImportedRow& row, std::string why) {
    row.outcome = RowOutcome::rejected;
    row.reason = std::move(why);
}

void repair(ImportedRow& row, const std::string& what) {
    row.outcome = RowOutcome::repaired;
    row.reason += (row.reason.empty() ? "" : " ") + what;
}

/// The same content always gets the same key, so that a second import finds it again.
std::string derived_key(const PreparedRow& prepared) {
    if (!prepared.row.media.empty()) return prepared.row.media;
    return "sha256-" + hex(sha256(prepared.row.data)).substr(0, 32);
}

/// The latest answer in the row; what else there was is told.
const ImportedAnnotation* latest(ImportedRow& row) {
    const ImportedAnnotation* found = nullptr;
    int answers = 0;
    for (const auto& annotation : row.annotations) {
        if (annotation.skipped) continue;
        ++answers;
        if (!found || annotation.created >= found->created) found = &annotation;
    }
    if (answers > 1)
        repair(row, "It has " + std::to_string(answers) + " annotations; the latest was taken.");
    return found;
}

}  // namespace

void ImportRows::bring_medium(PreparedRow& prepared, const std::stop_token& stop) {
    auto& row = prepared.row;
    const auto read = source_->open(row.media);
    if (!read) return reject(row, read.refusal().message);
    const auto& kind = media_kind(project_->schema.modality);
    take_medium(prepared, row.media, kind.keep(world_, *read, stop));
}

void ImportRows::prepare(PreparedRow& prepared, const std::stop_token& stop) {
    auto& row = prepared.row;
    if (!row.media.empty() && prepared.media.sha256.empty()) bring_medium(prepared, stop);
    if (!prepared.media.sha256.empty()) {
        row.width = prepared.media.width;
        row.height = prepared.media.height;
        if (prepared.media.seconds > 0) row.seconds = prepared.media.seconds;
    }
    if (row.outcome == RowOutcome::rejected) return;
    if (row.seconds > 0) {
        Mends mends;
        for (auto& annotation : row.annotations)
            hold_to_end(annotation.regions, row.seconds, mends);
        mends.apply(row);
    }
    if (row.key.empty() && row.media_ref.empty()) row.key = derived_key(prepared);
    if (row.drafts.empty() && row.annotations.empty()) return;

    const auto& schema = project_->schema;
    std::string text;
    if (schema.modality == Modality::text) {
        Task task;
        task.data = row.data;
        text = item_text(task, schema.source);
    }
    if (const auto* annotation = latest(row)) {
        auto regions = check_regions(schema, annotation->regions,
                                     {row.width, row.height, text, row.seconds}, true);
        if (regions) {
            prepared.label = *std::move(regions);
        } else {
            repair(row, "Its label was left out: " + regions.refusal().message);
        }
    }
    const GroundItem item{text, row.width, row.height, nullptr, {row.seconds, nullptr}};
    for (auto& imported : row.drafts) {
        auto grounded =
            ground(schema, item, {std::move(imported.regions), imported.confidence, {}});
        Draft draft;
        draft.grounding = worst_grounding(grounded.regions);
        draft.regions = std::move(grounded.regions);
        draft.confidence = imported.confidence;
        draft.created = imported.created;
        prepared.drafts.push_back(std::move(draft));
    }
}

}  // namespace countersign
