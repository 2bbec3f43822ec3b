// The job that imports. Every chunk is one transaction with its verdicts, its counts and the job's
// checkpoint, so that an import that was killed goes on with the next row, and one that is repeated
// finds every task as it left it.
#include <algorithm>
#include <filesystem>
#include <map>

#include "app/import_rows.h"
#include "app/job_work.h"
#include "app/prefill.h"
#include "app/upload_source.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/gold_store.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t small_chunk = 200, big_chunk = 20'000;

struct Checkpoint {
    ImportReport report;
    std::int64_t before_ms = 0;  ///< Time that earlier workers spent.
};
template <class V>
void fields(V& v, Checkpoint& c) {
    v("report", c.report);
    v("before_ms", c.before_ms);
}

class ImportWork {
public:
    ImportWork(JobContext& context, std::shared_ptr<const Project> project)
        : context_(context),
          world_(context.world()),
          job_(context.job()),
          project_(std::move(project)),
          began_(world_.clock.now()) {
        if (auto saved = from_json<Checkpoint>(job_.checkpoint)) checkpoint_ = *saved;
    }

    Result<> run() {
        const auto options = TRY(from_json<ImportOptions>(job_.payload["options"]));
        gold_ = options.labels_are_gold;
        std::shared_ptr<const Source> source = TRY(open_source());
        const auto* format = options.format.empty()
                                 ? TRY(recognise_format(*source, project_->schema.modality))
                                 : find_format(options.format);
        checkpoint_.report.format = format->name;
        ImportRows rows(world_, project_, source, *format, options, checkpoint_.report.rows);
        for (bool ended = false; !ended;) {
            auto batch = TRY(rows.take(world_.db.busy_with_people() ? small_chunk : big_chunk));
            ended = batch.ended;
            job_.total = std::max(batch.rows_total, checkpoint_.report.rows);
            if (!batch.rows.empty()) write(batch);
            context_.report();
        }
        finish();
        return Done{};
    }

private:
    Result<std::unique_ptr<Source>> open_source() {
        if (job_.payload.contains("upload")) return open_upload(paths().front());
        if (!job_.payload.contains("s3")) return open_import(paths());
        const auto place = TRY(from_json<S3Place>(job_.payload["s3"]));
        const S3Access access{world_.fetcher, world_.s3_keys, world_.clock,
                              [stop = context_.stop()] { return stop.stop_requested(); }};
        return open_s3(place, access, world_.data_dir + "/uploads");
    }

    std::vector<std::string> paths() const {
        if (job_.payload.contains("upload"))
            return {world_.data_dir + "/uploads/" + job_.payload["upload"].get<std::string>()};
        return job_.payload["paths"].get<std::vector<std::string>>();
    }

    std::int64_t spent() const { return checkpoint_.before_ms + world_.clock.now() - began_; }

    void write(PreparedBatch& batch) {
        for (const auto& prepared : batch.rows)
            for (const auto& draft : prepared.row.drafts) ensure_version(draft.model);
        ImportReport after;
        context_.save([&](Session& s) {
            Chunk chunk(*this, s, batch.rows);
            chunk.write();
            after = chunk.report;
            job_.done = after.rows;
            job_.checkpoint = to_json(Checkpoint{after, spent()});
        });
        const bool first = checkpoint_.report.added == 0 && after.added > 0;
        count(Metric::rows_imported, static_cast<double>(after.rows - checkpoint_.report.rows));
        checkpoint_.report = after;
        if (first && world_.tasks_arrived) world_.tasks_arrived(project_->id);
    }

    void finish() {
        auto& report = checkpoint_.report;
        report.seconds = static_cast<double>(spent()) / 1000;
        job_.done = job_.total = report.rows;
        job_.result = to_json(report);
        context_.save([&](Session& s) {
            Event event;
            event.project = project_->id;
            event.kind = "import.finished";
            event.person = job_.created_by;
            event.body = to_text({{"job", wire_id('j', job_.id)}, {"report", job_.result}});
            event.created = world_.clock.now();
            append_event(s, std::move(event), world_.key);
        });
        if (world_.tasks_arrived) world_.tasks_arrived(project_->id);
        if (job_.payload.contains("upload")) {
            std::error_code ignored;  // What is left behind costs disk, nothing else.
            fs::remove_all(paths()[0], ignored);
        }
    }

    /// The version that drafts of this name get; "model@version" names both.
    void ensure_version(const std::string& name) {
        if (versions_.contains(name)) return;
        const auto at = name.find('@');
        const std::string model_name = name.substr(0, at);
        const std::string version_name = at == std::string::npos ? "imported" : name.substr(at + 1);
        versions_[name] = world_.db.write([&](Session& s) {
            Id model = 0;
            for (const auto& known : list_models(s, project_->id))
                if (known.kind == "imported" && known.name == model_name) model = known.id;
            if (model == 0) {
                Model made;
                made.project = project_->id;
                made.name = model_name;
                made.kind = "imported";
                made.config = Json::object();
                made.created = world_.clock.now();
                model = insert_model(s, made);
            }
            for (const auto& known : list_versions(s, model))
                if (known.name == version_name) return Version{known.id, model};
            ModelVersion made;
            made.model = model;
            made.name = version_name;
            made.quality = Json::object();
            made.created = world_.clock.now();
            return Version{insert_model_version(s, made), model};
        });
    }

    struct Version {
        Id id = 0, model = 0;
    };

    /// One transaction's worth of rows. Made anew when PostgreSQL has the transaction repeated.
    struct Chunk {
        Chunk(ImportWork& w, Session& session, std::vector<PreparedRow>& prepared)
            : report(w.checkpoint_.report), work_(w), s_(session), rows_(prepared) {
            now_ = w.world_.clock.now();
        }

        ImportReport report;

        void write() {
            insert();
            for (std::size_t i = 0; i < rows_.size(); ++i) attach(i);
            // Tasks that are decided, or with somebody, get their drafts too: what was handed out
            // stays as it is, and drafts that came with a file are never left out in silence.
            if (!drafts_.empty())
                report.drafts += insert_drafts(s_, work_.project_->id, drafts_, false);
            for (const auto& [task, label] : labels_) {
                record_imported(s_, *work_.project_, task, work_.job_.created_by, *label, now_);
                ++report.labels;
                if (work_.gold_) vouch(task);
            }
            if (!verdicts_.empty()) insert_verdicts(s_, work_.job_.id, verdicts_);
            if (gold_tasks_.empty()) return;
            Event event;
            event.project = work_.project_->id;
            event.kind = "gold.marked";
            event.person = work_.job_.created_by;
            event.body = to_text({{"tasks", gold_tasks_}});
            event.created = now_;
            append_event(s_, std::move(event), work_.world_.key);
        }

    private:
        void insert() {
            std::vector<NewTask> tasks;
            tasks.reserve(rows_.size());
            std::vector<std::size_t> place;
            for (std::size_t i = 0; i < rows_.size(); ++i) {
                const auto& row = rows_[i].row;
                if (row.outcome == RowOutcome::rejected || refers_only(row)) continue;
                NewTask task;
                task.key = row.key;
                task.data = row.data;
                task.meta = row.meta;
                if (!rows_[i].media.sha256.empty()) task.media = insert_media(s_, rows_[i].media);
                task.import = work_.job_.id;
                task.row = row.row;
                place.push_back(i);
                tasks.push_back(task);
            }
            outcomes_.assign(rows_.size(), {Inserted::differs, 0});
            const auto inserted = insert_tasks(s_, work_.project_->id, tasks, now_);
            for (std::size_t k = 0; k < place.size(); ++k) outcomes_[place[k]] = inserted[k];
        }

        /// An annotation file's row about an image that came, or comes, by itself.
        static bool refers_only(const ImportedRow& row) {
            return row.media.empty() && !row.media_ref.empty();
        }

        void attach(std::size_t i) {
            auto& row = rows_[i].row;
            RowOutcome outcome = row.outcome;
            std::string reason = row.reason;
            if (outcome != RowOutcome::rejected) {
                if (refers_only(row))
                    find_referred(i, outcome, reason);
                else if (outcomes_[i].outcome == Inserted::differs) {
                    outcome = RowOutcome::rejected;
                    reason =
                        "The key \"" + row.key +
                        "\" is a task with other content already: give this row a key of its own.";
                }
            }
            if (outcome != RowOutcome::rejected) {
                const bool added = outcomes_[i].outcome == Inserted::added;
                ++(added ? report.added : report.unchanged);
                add_drafts(i, added);
                add_label(i, added, outcome, reason);
            }
            tell(row, outcome, std::move(reason));
        }

        void find_referred(std::size_t i, RowOutcome& outcome, std::string& reason) {
            const auto& name = rows_[i].row.media_ref;
            const auto found = tasks_called(s_, *work_.project_, name);
            const std::string_view what =
                work_.project_->schema.modality == Modality::audio ? "recording" : "image";
            if (found.size() == 1) {
                outcomes_[i] = {Inserted::same, found[0].id};
                return;
            }
            outcome = RowOutcome::rejected;
            const bool by_url = found.empty() && !rows_[i].row.media_url.empty();
            reason = by_url ? "No image \"" + name +
                                  "\" is in the project, and the file names it by a URL: import it "
                                  "with fetch_media (--fetch-media; at the desk: \"Fetch images "
                                  "from their URLs\")."
                     : found.empty()
                         ? "No " + std::string(what) + " \"" + name +
                               "\" is in the project or these files: import the " +
                               std::string(what) + "s first, or together with this file."
                         : "Several tasks have " + std::string(what == "image" ? "an " : "a ") +
                               std::string(what) + " called \"" + name +
                               "\": name it with its folder.";
        }

        void add_drafts(std::size_t i, bool added) {
            const Id task = outcomes_[i].task;
            for (std::size_t k = 0; k < rows_[i].drafts.size(); ++k) {
                const auto version = work_.versions_.at(rows_[i].row.drafts[k].model);
                Draft draft = rows_[i].drafts[k];
                draft.task = task;
                draft.model_version = version.id;
                if (draft.created == 0) draft.created = now_;
                if (added || !has_draft(task, draft)) drafts_.push_back(std::move(draft));
            }
        }
        bool has_draft(Id task, const Draft& draft) {
            const auto text = regions_text(draft.regions);
            for (const auto& known : drafts_of(s_, task))
                if (known.current && known.model_version == draft.model_version &&
                    regions_text(known.regions) == text)
                    return true;
            return false;
        }

        void add_label(std::size_t i, bool added, RowOutcome& outcome, std::string& reason) {
            const auto& label = rows_[i].label;
            if (!label) return;
            const Id task = outcomes_[i].task;
            const auto keep = [&](std::string_view why) {
                outcome = RowOutcome::repaired;
                reason += (reason.empty() ? "" : " ") + std::string(why);
            };
            if (!added) {
                for (const auto& known : annotations_of(s_, task)) {
                    if (known.withdrawn != 0 || known.action == Action::skipped) continue;
                    if (same_label(known.regions, *label)) {
                        if (work_.gold_) vouch(task);
                        return;
                    }
                    return keep("Its label was left out: the task has one already.");
                }
                if (holding_assignment(s_, task))
                    return keep("Its label was left out: somebody is working on the task.");
            }
            if (!labelled_.emplace(task, true).second)
                return keep("Its label was left out: an earlier row labels the task.");
            labels_.emplace_back(task, &*label);
        }
        /// A label that is not the task's (any more) stays what it is.
        void vouch(Id task) {
            const auto marked = mark_gold(s_, *work_.project_, task, work_.job_.created_by, now_);
            if (marked && *marked) gold_tasks_.push_back(wire_id('t', task));
        }
        /// The same answer, but for what the rounding of a file format may move.
        static bool same_label(const Regions& a, const Regions& b) {
            return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Region& x) {
                       return std::any_of(b.begin(), b.end(),
                                          [&](const Region& y) { return same_region(x, y); });
                   });
        }
        static bool same_region(const Region& a, const Region& b) {
            constexpr double rounding = 0.95;
            if (a.kind != ControlKind::boxes || b.kind != ControlKind::boxes)
                return same_content(a, b);
            return a.control == b.control && a.labels == b.labels && iou(a, b) >= rounding;
        }

        void tell(const ImportedRow& row, RowOutcome outcome, std::string reason) {
            ++report.rows;
            switch (outcome) {
                case RowOutcome::accepted:
                    ++report.accepted;
                    return;
                case RowOutcome::repaired:
                    ++report.repaired;
                    break;
                case RowOutcome::rejected:
                    ++report.rejected;
                    break;
            }
            verdicts_.push_back({row.row, row.where,
                                 outcome == RowOutcome::repaired ? "repaired" : "rejected",
                                 std::move(reason)});
        }

        ImportWork& work_;
        Session& s_;
        std::vector<PreparedRow>& rows_;
        Millis now_ = 0;
        std::vector<InsertOutcome> outcomes_;
        std::vector<Draft> drafts_;
        std::vector<std::pair<Id, const Regions*>> labels_;
        std::map<Id, bool> labelled_;
        std::vector<RowVerdict> verdicts_;
        Json gold_tasks_ = Json::array();
    };

    JobContext& context_;
    World& world_;
    Job& job_;
    std::shared_ptr<const Project> project_;
    Millis began_;
    Checkpoint checkpoint_;
    std::map<std::string, Version> versions_;
    bool gold_ = false;  ///< Labels are trusted answers.
};

}  // namespace

Result<> run_import(JobContext& context) {
    auto& world = context.world();
    auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project of this import is gone."};
    return ImportWork(context, std::move(project)).run();
}

}  // namespace countersign
