#include "app/exports.h"

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "app/lists.h"
#include "base/metrics.h"
#include "core/label_names.h"
#include "store/event_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

/// Image names that are unique in one export: the last part of the key, told apart by the task's id
/// when it was used already. 8 bytes a name are remembered, so that a million fit anywhere.
class ImageNames {
public:
    void restart() { used_.clear(); }
    std::string name(const Task& task) {
        const auto slash = task.key.rfind('/');
        std::string last = slash == std::string::npos ? task.key : task.key.substr(slash + 1);
        for (char& c : last)
            if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':') c = '_';
        if (last.empty() || last == "." || last == "..") last = wire_id('t', task.id);
        if (fresh(last)) return last;
        const auto dot = last.rfind('.');
        const auto stem = last.substr(0, dot);
        const auto extension = dot == std::string::npos ? "" : last.substr(dot);
        std::string other = stem + "-" + wire_id('t', task.id) + extension;
        used_.insert(std::hash<std::string>{}(other));
        return other;
    }

private:
    bool fresh(const std::string& name) {
        return used_.insert(std::hash<std::string>{}(name)).second;
    }
    std::unordered_set<std::size_t> used_;
};

void fill(ExportRecord& record, const ExportRow& row) {
    const Task& task = *row.task;
    record.id = wire_id('t', task.id);
    record.key = task.key;
    record.data = task.data;
    record.meta = task.meta;
    record.sha256 = {};
    record.width = record.height = 0;
    record.seconds = 0;
    if (row.media) {
        record.sha256 = row.media->sha256;
        record.width = row.media->width;
        record.height = row.media->height;
        record.seconds = row.media->seconds;
    }
    record.drafts.clear();
    for (const auto& from : row.drafts)
        record.drafts.push_back({wire_id('d', from.id), from.model, from.version, from.regions,
                                 from.grounding, from.confidence, from.probability, from.created});
    record.annotations.clear();
    for (const auto& from : row.annotations)
        record.annotations.push_back({wire_id('a', from.id),
                                      from.draft ? wire_id('d', from.draft) : "", from.person,
                                      from.regions, from.action, from.arm, from.comment, from.edits,
                                      from.active_ms, from.flagged, from.current, from.created,
                                      from.schema_version, from.guideline_version});
}

/// Pages of one read transaction each. A format that needs several passes gets the tasks of the
/// first one in each of them, whatever is decided meanwhile.
class PagedExport final : public ExportStream {
public:
    PagedExport(World& world, std::shared_ptr<const Project> project, const ExportOptions& options,
                TaskAsk ask)
        : world_(world),
          project_(std::move(project)),
          options_(options),
          ask_(std::move(ask)),
          labels_(project_->schema) {}

    Result<> open(const Format& format) {
        context_.project = project_.get();
        context_.with_drafts = options_.with_drafts;
        if (options_.with_images)
            context_.image_bytes = [this](std::string_view sha256) {
                return world_.blobs.get(sha256);
            };
        writer_ = TRY(format.write(context_));
        media_ = project_->schema.modality != Modality::text;
        media_type = format.media_type;
        file_name = file_stem(project_->name) + "." + std::string(format.name);
        if (!format.name.ends_with(format.extension))
            file_name += "." + std::string(format.extension);
        return Done{};
    }

    Result<bool> next(std::string& out) override {
        if (ended_) return false;
        if (!in_pass_) {
            TRY(writer_->begin_pass(pass_, out));
            in_pass_ = true;
            names_.restart();
            after_ = 0;
            cursor_.clear();
            page_ = first_page;
            next_seen_ = again_ = 0;
            if (!out.empty()) return true;
        }
        if (TRY(write_page(out))) return true;
        in_pass_ = false;
        if (++pass_ == writer_->passes()) {
            TRY(writer_->finish(out));
            ended_ = true;
        }
        return true;
    }

private:
    /// The first page is small, for the first byte; later ones are worth their transaction.
    static constexpr int first_page = 100, full_page = 2000, image_page = 16;

    Result<bool> write_page(std::string& out) {
        const bool carries = static_cast<bool>(context_.image_bytes);
        const int limit = carries ? image_page : page_;
        page_ = full_page;
        std::optional<Refusal> refused;
        std::int64_t rows = 0;
        const auto each = [&](const ExportRow& row) {
            if (refused || row.gold || !in_this_pass(row.task->id)) return;
            if (auto done = write_row(row, out); !done) refused = done.refusal();
            ++rows;
        };
        const bool more = TRY(world_.db.read([&](Session& s) {
            return ask_.filter.terms.empty() ? read_page(s, limit, each)
                                             : read_matching(s, limit, each);
        }));
        if (refused) return *refused;
        if (pass_ == 0) count(Metric::rows_exported, static_cast<double>(rows));
        return more;
    }

    using Each = std::function<void(const ExportRow&)>;
    Result<bool> read_page(Session& s, int limit, const Each& each) {
        const Id last = export_page(s, project_->id, after_, limit, options_.decided_only, each);
        if (last != 0) after_ = last;
        return last != 0;
    }

    /// The first pass asks the filter, the later ones take the same tasks again.
    Result<bool> read_matching(Session& s, int limit, const Each& each) {
        std::vector<Id> tasks;
        bool more = false;
        if (pass_ == 0) {
            auto found = TRY(match_tasks(s, ask_, cursor_, limit));
            tasks = std::move(found.tasks);
            cursor_ = std::move(found.next);
            more = !cursor_.empty();
        } else {
            const auto end = std::min(seen_.size(), again_ + static_cast<std::size_t>(limit));
            for (; again_ < end; ++again_) tasks.push_back(seen_[again_]);
            more = again_ < seen_.size();
        }
        export_tasks(s, project_->id, tasks, each);
        return more;
    }

    bool in_this_pass(Id task) {
        if (writer_->passes() == 1) return true;
        if (pass_ == 0) {
            seen_.push_back(task);
            return true;
        }
        while (next_seen_ < seen_.size() && seen_[next_seen_] < task) ++next_seen_;
        return next_seen_ < seen_.size() && seen_[next_seen_] == task;
    }

    /// What was said under older names of labels goes out under those of today.
    void read_now() {
        if (labels_.plain()) return;
        rooms_.clear();
        for (auto& draft : record_.drafts)
            draft.regions_text = labels_.now(draft.regions_text, rooms_.emplace_back());
        for (auto& annotation : record_.annotations)
            annotation.regions_text = labels_.now(annotation.regions_text, rooms_.emplace_back());
    }

    Result<> write_row(const ExportRow& row, std::string& out) {
        fill(record_, row);
        read_now();
        std::string image;
        if (media_) image = names_.name(*row.task);
        record_.image_name = image;
        return writer_->write(record_, out);
    }

    static std::string file_stem(std::string_view name) {
        std::string stem;
        for (const char c : name) {
            const bool plain =
                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (plain)
                stem += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            else if (!stem.empty() && stem.back() != '-')
                stem += '-';
        }
        while (!stem.empty() && stem.back() == '-') stem.pop_back();
        return stem.empty() ? "project" : stem;
    }

    World& world_;
    std::shared_ptr<const Project> project_;
    ExportOptions options_;
    WriteContext context_;
    std::unique_ptr<RowWriter> writer_;
    bool media_ = false, in_pass_ = false, ended_ = false;
    int pass_ = 0, page_ = first_page;
    Id after_ = 0;
    TaskAsk ask_;
    LabelNames labels_;
    std::deque<std::string> rooms_;  ///< Texts of the record that were read anew.
    std::string cursor_;
    ImageNames names_;
    std::vector<Id> seen_;
    std::size_t next_seen_ = 0, again_ = 0;
    ExportRecord record_;
};

}  // namespace

Result<std::unique_ptr<ExportStream>> Exports::open(const Caller& caller, Id id,
                                                    const ExportOptions& options) {
    auto project = world_.cache->project(world_.db, world_.clock, id);
    if (!project) return Refusal{Code::not_found, "There is no project " + wire_id('p', id) + "."};
    const auto* format = find_format(options.format);
    const auto modality = project->schema.modality;
    const auto fits = [&](const Format& f) {
        return f.write &&
               std::find(f.modalities.begin(), f.modalities.end(), modality) != f.modalities.end();
    };
    if (!format || !fits(*format)) {
        std::string names;
        for (const auto& row : formats())
            if (fits(row)) names += (names.empty() ? "" : ", ") + std::string(row.name);
        return Refusal{Code::invalid, "\"" + project->name + "\" cannot be exported as \"" +
                                          options.format + "\": choose one of " + names + "."};
    }
    TaskFilter filter = options.filter;
    if (!filter.terms.empty() && options.decided_only)
        filter.terms.push_back({FilterField::decided, false, {{"", "", "1970-01-01", ""}}});
    auto ask = TRY(ask_for(caller, id, filter, {}, world_.clock.now()));
    TRY(world_.db.read([&](Session& s) { return match_tasks(s, ask, "", 1); }));
    auto stream = std::make_unique<PagedExport>(world_, project, options, std::move(ask));
    TRY(stream->open(*format));
    world_.db.write([&](Session& s) {
        Event event;
        event.project = id;
        event.kind = "export.started";
        event.person = caller.person;
        Json body = {{"format", options.format}, {"decided_only", options.decided_only}};
        if (!options.filter.terms.empty()) body["filter"] = filter_text(options.filter);
        event.body = to_text(body);
        event.created = world_.clock.now();
        append_event(s, std::move(event), world_.key);
    });
    return std::unique_ptr<ExportStream>(std::move(stream));
}

}  // namespace countersign
