// The job that looks at a project as a whole: every task with its label, its drafts and what people
// said goes through the checks, and what they find is compared with what was found before. Only
// differences are written, so that a job that was taken over does the same again and changes
// nothing.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "app/check_learned.h"
#include "app/checked_item.h"
#include "app/finding_writer.h"
#include "app/job_work.h"
#include "app/learned_probabilities.h"
#include "store/finding_store.h"
#include "store/people_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr int task_page = 1'000, known_page = 5'000;
constexpr std::size_t written_at_once = 500;
/// Texts that the learner is asked of: minutes of work beyond. Of more an even sample.
constexpr std::size_t most_learned = 20'000;
/// Texts that are compared with all others.
constexpr std::size_t most_embedded = 20'000;

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
                                       const CheckedItem item(row, project_->schema, names);
                                       check.add(item.given());
                                       items_.tasks.push_back(item.task());
                                       items_.annotations.push_back(item.annotation());
                                       items_.names.push_back(row.task->key);
                                   });
            });
            if (after == 0) break;
            job_.done = static_cast<std::int64_t>(items_.tasks.size());
            context_.report();
        }
        const auto& people = check.corpus().people();
        world_.db.read([&](Session& s) {
            for (std::uint32_t i = 0; i < people.size(); ++i)
                if (const auto person = find_person_by_name(s, people.name(i)))
                    items_.people[people.name(i)] = person->id;
        });
        for (std::size_t i = 0; i < items_.tasks.size(); ++i)
            annotation_of_[items_.tasks[i]] = items_.annotations[i];
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

    /// Texts that are like no other.
    Result<> measure(DatasetCheck& check) {
        const auto items = check.corpus().items();
        const auto texts = static_cast<std::size_t>(std::count_if(
            items.begin(), items.end(), [](const CorpusItem& item) { return item.is_text; }));
        if (texts < least_compared) return Done{};
        const auto leave_out = [&](const std::string& why) {
            not_done_.push_back("Texts that are like no other were not looked for" + why);
            not_sure_.insert(std::string(row_of(Check::far_item).name));
            return Done{};
        };
        if (texts > most_embedded) return leave_out(" among " + std::to_string(texts) + ".");
        auto distances = text_distances(check.corpus(), context_.stop());
        if (!distances && distances.refusal().code == Code::cancelled) return distances.refusal();
        if (!distances) return leave_out(": " + distances.refusal().message);
        check.add_distances(*std::move(distances));
        context_.report();
        return Done{};
    }

    /// `most_learned` of them: those that a label error is known of, and an even sample of the
    /// rest.
    std::vector<std::uint32_t> sample(const std::vector<std::uint32_t>& items) {
        std::set<Id> watched;
        for (const auto& [print, known] : known_)
            if (known.check == label_error_ && is_unsettled(known)) watched.insert(known.task);
        std::vector<std::uint32_t> chosen, rest;
        for (const auto i : items)
            (watched.contains(items_.tasks[i]) && chosen.size() < most_learned ? chosen : rest)
                .push_back(i);
        const auto more = most_learned - chosen.size();
        std::size_t taken = 0;
        for (std::size_t i = 0; i < rest.size(); ++i) {
            if (taken * rest.size() <= i * more && taken < more) {
                chosen.push_back(rest[i]);
                ++taken;
            } else {
                unlearned_.insert(items_.tasks[rest[i]]);
            }
        }
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
    std::unordered_map<Id, Id> annotation_of_;
    std::set<std::string, std::less<>> not_sure_;  ///< Checks that may have left something out.
    std::set<Id> unlearned_;                       ///< Tasks that the learner was not asked of.
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
