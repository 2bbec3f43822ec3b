// The job that looks at a project as a whole: every task with its label, its drafts and what people
// said goes through the checks, and what they find is compared with what was found before. Only
// differences are written, so that a job that was taken over does the same again and changes
// nothing.
#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "app/check_learned.h"
#include "app/check_voices.h"
#include "app/checked_item.h"
#include "app/compare_items.h"
#include "app/finding_writer.h"
#include "app/job_work.h"
#include "app/learned_probabilities.h"
#include "app/media_looks.h"
#include "base/rng.h"
#include "media/audio.h"
#include "store/blob_bytes.h"
#include "store/finding_store.h"
#include "store/people_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr int task_page = 1'000, known_page = 5'000;
constexpr std::size_t written_at_once = 500;
/// Texts that the learner is asked of: minutes of work beyond. Of more a sample.
constexpr std::size_t most_learned = 20'000;
/// Texts whose spans a learner of the others reads: a minute of work.
constexpr std::size_t most_read = 5'000;

class ProjectCheck {
public:
    ProjectCheck(JobContext& context, std::shared_ptr<const Project> project)
        : context_(context),
          world_(context.world()),
          job_(context.job()),
          project_(std::move(project)) {}

    Result<> run() {
        const Millis began = world_.clock.now();
        read_known();
        auto options = project_checks(project_->schema);
        // What was dismissed is found again, and must not take the place of what is new.
        options.limits.most_each += dismissed_;
        DatasetCheck check(options);
        read_tasks(check);
        TRY(learn(check));
        TRY(measure(check));
        TRY(read_spans(check));
        TRY(see_boxes(check));
        TRY(hear_voices(check));
        const auto found = check.finish();
        context_.report();
        for (const auto& row : check_table())
            if (check.count(row.check) > options.limits.most_each)
                not_sure_.insert(std::string(row.name));
        compare(found);
        write();
        const auto took = world_.clock.now() - began;
        context_.save([&](Session& s) {
            save_check(s, project_->id, {began, took});
            if (!changes_.empty())
                record_findings(s, world_, project_->id, job_.created_by, changes_,
                                world_.clock.now());
        });
        job_.total = job_.done;
        job_.result = {{"tasks", job_.done},           {"found", found.size()},
                       {"new", changes_.added.size()}, {"fixed", changes_.fixed.size()},
                       {"gone", changes_.gone.size()}, {"not_done", not_done_}};
        look_further();
        return Done{};
    }

private:
    void read_known() {
        for (Id after = 0;;) {
            auto page = world_.db.read(
                [&](Session& s) { return known_findings(s, project_->id, after, known_page); });
            if (page.empty()) return;
            after = page.back().id;
            for (auto& one : page) {
                dismissed_ += one.state == FindingState::dismissed ? 1 : 0;
                known_.emplace(one.fingerprint, std::move(one));
            }
            context_.report();
        }
    }

    void read_tasks(DatasetCheck& check) {
        const LabelNames names(project_->schema);
        job_.done = 0;
        job_.total =
            world_.db.read([&](Session& s) { return find_progress(s, project_->id).total; });
        for (Id after = 0;;) {
            after = world_.db.read([&](Session& s) {
                return export_page(s, project_->id, after, task_page, false,
                                   [&](const ExportRow& row) {
                                       const auto look = look_of(row);
                                       const CheckedItem item(row, project_->schema, names,
                                                              look ? &*look : nullptr);
                                       check.add(item.given());
                                       items_.tasks.push_back(item.task());
                                       items_.annotations.push_back(item.annotation());
                                       items_.names.push_back(row.task->key);
                                       media_.push_back(row.media ? row.media->sha256 : "");
                                   });
            });
            if (after == 0) break;
            job_.done = static_cast<std::int64_t>(items_.tasks.size());
            context_.report();
        }
        if (unlooked_ > 0) note_unlooked();
        const auto& people = check.corpus().people();
        world_.db.read([&](Session& s) {
            for (std::uint32_t i = 0; i < people.size(); ++i)
                if (const auto person = find_person_by_name(s, people.name(i)))
                    items_.people[people.name(i)] = person->id;
        });
        for (std::size_t i = 0; i < items_.tasks.size(); ++i)
            annotation_of_[items_.tasks[i]] = items_.annotations[i];
    }

    /// Nothing: it is a text, or nobody has looked.
    std::optional<MediaLook> look_of(const ExportRow& row) {
        if (!row.media) return std::nullopt;
        auto look = kept_look(world_, *row.media);
        unlooked_ += look ? 0 : 1;
        return look;
    }

    void note_unlooked() {
        const auto what =
            project_->schema.modality == Modality::image ? " pictures" : " recordings";
        not_done_.push_back(std::to_string(unlooked_) + what +
                            " were not compared yet: they are being looked at, and then the "
                            "project is checked again.");
        for (const auto& row : check_table())
            if (compares_media(row.check) || needs_sound(row.check))
                not_sure_.insert(std::string(row.name));
    }

    /// Queues what is not known yet and takes long; each checks anew when it is done.
    void look_further() {
        Json look = Json::object();
        if (!unplaced_.empty()) look["places"] = unplaced_;
        if (unlooked_ > 0 || !unplaced_.empty())
            queue_job(world_, project_->id, "look", std::move(look), job_.created_by, true);
        else if (wants_embeddings_)
            queue_job(world_, project_->id, "embed", Json::object(), job_.created_by, true);
    }

    Result<> learn(DatasetCheck& check) {
        const auto& corpus = check.corpus();
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            auto items = learnable_items(corpus, c);
            if (items.empty()) continue;
            if (items.size() > most_learned) {
                not_done_.push_back("Label errors of \"" + corpus.control_name(c) +
                                    "\" were looked for in " + std::to_string(most_learned) +
                                    " of " + std::to_string(items.size()) + " texts.");
                items = sample(items);
            }
            auto learned = learned_probabilities(corpus, c, std::move(items), context_.stop());
            if (!learned && learned.refusal().code == Code::cancelled) return learned.refusal();
            if (learned)
                check.add_probabilities(*std::move(learned));
            else
                not_done_.push_back("Label errors of \"" + corpus.control_name(c) +
                                    "\" were not looked for: " + learned.refusal().message);
            context_.report();
        }
        return Done{};
    }

    /// Items that are like no other.
    Result<> measure(DatasetCheck& check) {
        auto compared = TRY(compare_items(context_, *project_, check.corpus(), items_.tasks));
        wants_embeddings_ = compared.wants_embeddings;
        if (!compared.left_out.empty()) left_out(std::move(compared.left_out), {Check::far_item});
        if (compared.distances) check.add_distances(*std::move(compared.distances));
        context_.report();
        return Done{};
    }

    /// Spans that a learner of the other texts contradicts, where no model drafted any.
    Result<> read_spans(DatasetCheck& check) {
        const auto& corpus = check.corpus();
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            if (corpus.control(c).kind != ControlKind::spans || has_drafts(corpus, c)) continue;
            const auto labelled = labelled_texts(corpus);
            if (labelled < least_read) continue;
            const auto leave_out = [&](const std::string& why) {
                left_out(
                    "Wrong spans of \"" + corpus.control_name(c) + "\" were not looked for" + why,
                    {Check::swapped_label, Check::misplaced_region, Check::spurious_region,
                     Check::missing_region});
            };
            if (labelled > most_read) {
                leave_out(" among " + std::to_string(labelled) + " texts.");
                continue;
            }
            auto readings = span_readings(corpus, c, context_.stop());
            if (!readings && readings.refusal().code == Code::cancelled) return readings.refusal();
            if (readings)
                check.add_readings(*std::move(readings));
            else
                leave_out(": " + readings.refusal().message);
            context_.report();
        }
        return Done{};
    }

    /// Boxes that contradict what a model sees that has not seen them, where no model drafted any.
    Result<> see_boxes(DatasetCheck& check) {
        const auto& corpus = check.corpus();
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            const auto boxed = boxed_pictures(corpus, c);
            if (boxed.size() < least_boxed) continue;
            const auto leave_out = [&](const std::string& why) {
                left_out("Wrong boxes of \"" + corpus.control_name(c) + "\" were " + why,
                         {Check::swapped_label, Check::misplaced_region, Check::spurious_region,
                          Check::missing_region});
            };
            if (!std::filesystem::exists(world_.models_dir + "/nanodet.onnx")) {
                leave_out("not looked for: NanoDet is not installed here.");
                continue;
            }
            const auto items = even_sample(boxed, most_boxed);
            if (items.size() < boxed.size())
                leave_out("looked for in " + std::to_string(items.size()) + " of " +
                          std::to_string(boxed.size()) + " pictures.");
            auto places = places_of(items);
            if (places.size() < items.size())
                leave_out("not looked for in " + std::to_string(items.size() - places.size()) +
                          " pictures yet: they are being looked at, and then the project is "
                          "checked again.");
            if (places.size() < least_boxed) continue;
            const auto seen = [&](std::uint32_t item) -> Result<std::vector<SeenBox>> {
                const auto at = places.find(item);
                if (at == places.end())
                    return Refusal{Code::not_found, "Nobody has looked at the picture."};
                return std::move(at->second);
            };
            auto readings = box_readings(corpus, c, items, seen,
                                         check.options().limits.near_picture_bits, context_.stop());
            if (!readings && readings.refusal().code == Code::cancelled) return readings.refusal();
            if (readings) {
                for (auto& silent : boxes_not_told(corpus, *readings))
                    not_done_.push_back(std::move(silent));
                check.add_boxes(*std::move(readings));
            } else {
                leave_out("not looked for: " + readings.refusal().message);
            }
            context_.report();
        }
        return Done{};
    }

    /// What was seen in each; those that nobody has looked at are kept in mind for that.
    std::unordered_map<std::uint32_t, std::vector<SeenBox>> places_of(
        const std::vector<std::uint32_t>& items) {
        std::unordered_map<std::uint32_t, std::vector<SeenBox>> out;
        for (const auto i : items) {
            if (media_[i].empty()) continue;
            if (auto places = kept_places(world_, media_[i]))
                out.emplace(i, *std::move(places));
            else
                unplaced_.push_back(items_.tasks[i]);
        }
        return out;
    }

    /// Segments that sound like another speaker.
    Result<> hear_voices(DatasetCheck& check) {
        const auto& corpus = check.corpus();
        const auto sound = [&](std::uint32_t item) -> Result<Sound> {
            const auto bytes = TRY(BlobBytes::open(world_.blobs, media_[item]));
            return decode_sound(bytes.view(), most_voice_seconds, context_.stop());
        };
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            if (!may_be_speakers(corpus, c)) continue;
            const auto leave_out = [&](const std::string& why) {
                left_out("Segments of \"" + corpus.control_name(c) +
                             "\" that sound like another were not looked for" + why,
                         {Check::swapped_label});
            };
            const double seconds = voiced_recordings_seconds(corpus, c);
            if (seconds > most_voice_seconds) {
                leave_out(" in " + std::to_string(static_cast<int>(seconds / 3600)) +
                          " hours of sound.");
                continue;
            }
            auto voices = voice_readings(corpus, c, sound, context_.stop());
            if (!voices && voices.refusal().code == Code::cancelled) return voices.refusal();
            if (voices)
                check.add_voices(*std::move(voices));
            else
                leave_out(": " + voices.refusal().message);
            context_.report();
        }
        return Done{};
    }

    /// Says what is not looked for; findings of these checks stay as they are.
    void left_out(std::string what, std::initializer_list<Check> checks) {
        not_done_.push_back(std::move(what));
        for (const auto check : checks) not_sure_.insert(std::string(row_of(check).name));
    }

    /// `most_learned` of them: those that a label error is known of, and others by lot. A task's
    /// lot is the same in every check, so that a project that did not change is read as before.
    std::vector<std::uint32_t> sample(const std::vector<std::uint32_t>& items) {
        constexpr std::uint64_t of_checks = 0x636865636bU;
        std::set<Id> watched;
        for (const auto& [print, known] : known_)
            if (known.check == label_error_ && is_unsettled(known)) watched.insert(known.task);
        std::vector<std::pair<double, std::uint32_t>> lots;
        for (const auto i : items) {
            const Id task = items_.tasks[i];
            lots.emplace_back(
                watched.contains(task)
                    ? -1
                    : counter_uniform(project_->seed, of_checks, static_cast<std::uint64_t>(task)),
                i);
        }
        const auto end = lots.begin() + static_cast<std::ptrdiff_t>(most_learned);
        std::nth_element(lots.begin(), end, lots.end());
        std::for_each(end, lots.end(),
                      [&](const auto& one) { unlearned_.insert(items_.tasks[one.second]); });
        std::vector<std::uint32_t> chosen;
        std::for_each(lots.begin(), end, [&](const auto& one) { chosen.push_back(one.second); });
        std::sort(chosen.begin(), chosen.end());
        return chosen;
    }

    static bool is_unsettled(const KnownFinding& known) {
        return known.state == FindingState::open || known.state == FindingState::waiting;
    }

    bool may_have_been_missed(const KnownFinding& known) const {
        return not_sure_.contains(known.check) ||
               (known.check == label_error_ && unlearned_.contains(known.task));
    }

    void compare(const std::vector<Finding>& found) {
        const Millis now = world_.clock.now();
        std::set<std::string, std::less<>> seen;
        for (const auto& finding : found) {
            auto stored = stored_finding(finding, items_, project_->id, now);
            if (!seen.insert(stored.fingerprint).second) continue;
            const auto at = known_.find(stored.fingerprint);
            changes_.found(std::move(stored), at == known_.end() ? nullptr : &at->second);
        }
        for (const auto& [print, known] : known_) {
            if (seen.contains(print) || may_have_been_missed(known)) continue;
            const auto at = annotation_of_.find(known.task);
            changes_.not_found(known, at == annotation_of_.end() ? 0 : at->second);
        }
    }

    void write() {
        changes_.write_by(written_at_once, [&](const auto& part) {
            context_.save([&](Session& s) { part(s, world_.clock.now()); });
            context_.report();
        });
    }

    JobContext& context_;
    World& world_;
    Job& job_;
    std::shared_ptr<const Project> project_;
    std::unordered_map<std::string, KnownFinding> known_;
    std::size_t dismissed_ = 0;
    CheckedItems items_;
    std::vector<std::string> media_;  ///< Hashes, one an item; empty: it has none.
    std::unordered_map<Id, Id> annotation_of_;
    std::set<std::string, std::less<>> not_sure_;  ///< Checks that may have left something out.
    std::size_t unlooked_ = 0;                     ///< Media that nobody has looked at.
    std::vector<Id> unplaced_;                     ///< Tasks whose boxes wait for a look.
    bool wants_embeddings_ = false;
    std::set<Id> unlearned_;  ///< Tasks that the learner was not asked of.
    const std::string_view label_error_ = row_of(Check::label_error).name;
    std::vector<std::string> not_done_;
    FindingChanges changes_;
};

}  // namespace

Result<> run_check(JobContext& context) {
    auto& world = context.world();
    auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project to check is gone."};
    return ProjectCheck(context, std::move(project)).run();
}

}  // namespace countersign
