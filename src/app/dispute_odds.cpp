#include "app/dispute_odds.h"

#include <algorithm>
#include <set>

#include "base/rng.h"
#include "core/label_names.h"
#include "core/opinions.h"

namespace countersign {

namespace {

constexpr Millis kept_for = 300'000;
constexpr Millis rests_for = 10;  // Times as long as fitting took.
constexpr int most_tasks = 20'000;

/// The one question of the schema, when a label of it is a whole answer; null: answers are more.
const Control* only_choice(const Schema& schema) {
    if (schema.controls.size() != 1) return nullptr;
    const auto& control = schema.controls.front();
    const bool is_choice = control.kind == ControlKind::choices && !control.multiple;
    return is_choice || control.kind == ControlKind::rating ? &control : nullptr;
}

/// Answers as values: of a choice its labels, the last of which is "nothing"; else numbers that
/// tell the answers to one task apart, in an order that means nothing, one of them nobody's.
class AnswerValues {
public:
    AnswerValues(const Schema& schema, std::uint64_t seed)
        : choice_(only_choice(schema)), seed_(seed) {}

    bool same_classes() const { return choice_ != nullptr; }

    /// Of each answer, and of the specialist's own behind them.
    std::vector<std::uint32_t> of(const SeveralAnswers& task) {
        std::vector<const Regions*> answers, kinds;
        for (const auto& answer : task.answers) answers.push_back(&answer.regions);
        if (task.own) answers.push_back(&*task.own);
        std::vector<std::uint32_t> out;
        for (const auto* answer : answers) {
            if (choice_) {
                out.push_back(label_of(*answer));
                continue;
            }
            std::uint32_t k = 0;
            while (k < kinds.size() && !differences(*kinds[k], *answer).empty()) ++k;
            if (k == kinds.size()) kinds.push_back(answer);
            out.push_back(k);
        }
        most_ = std::max(most_, static_cast<std::uint32_t>(kinds.size()));
        return out;
    }

    std::uint32_t size() const {
        return choice_ ? static_cast<std::uint32_t>(labels_.size()) + 1 : std::max(most_ + 1, 3u);
    }

    /// Which number stands for the value: what was said first must not stand for one class.
    std::uint32_t shown(Id task, std::uint32_t value) const {
        if (choice_) return value == nothing ? size() - 1 : value;
        const double turn = counter_uniform(seed_, static_cast<std::uint64_t>(task), 0);
        return (value + static_cast<std::uint32_t>(turn * size())) % size();
    }

private:
    static constexpr std::uint32_t nothing = 0xffffffffu;

    std::uint32_t label_of(const Regions& regions) {
        if (regions.empty() || regions.front().labels.empty()) return nothing;
        const auto& label = regions.front().labels.front();
        const auto at = std::find(labels_.begin(), labels_.end(), label);
        if (at != labels_.end()) return static_cast<std::uint32_t>(at - labels_.begin());
        labels_.push_back(label);
        return static_cast<std::uint32_t>(labels_.size() - 1);
    }

    const Control* choice_;
    std::uint64_t seed_;
    std::vector<std::string> labels_;
    std::uint32_t most_ = 0;
};

}  // namespace

const DisputeFit::TaskOdds* DisputeFit::of(const Dispute& dispute) const {
    const auto at = of_task.find(dispute.task.id);
    if (at == of_task.end()) return nullptr;
    const bool is_same = std::equal(
        dispute.opinions.begin(), dispute.opinions.end(), at->second.opinions.begin(),
        at->second.opinions.end(),
        [](const Annotation& opinion, const Odds& odds) { return opinion.id == odds.annotation; });
    return is_same ? &at->second : nullptr;
}

DisputeFit fit_disputes(const Schema& schema, std::span<const SeveralAnswers> answers,
                        std::uint64_t seed) {
    AnswerValues values(schema, seed);
    std::vector<std::vector<std::uint32_t>> said;
    for (const auto& task : answers) said.push_back(values.of(task));
    std::map<Id, std::uint32_t> raters;
    std::vector<Rating> rows;
    std::vector<std::uint32_t> known(answers.size(), AggregationOptions::no_gold);
    for (std::uint32_t u = 0; u < answers.size(); ++u) {
        const auto& task = answers[u];
        for (auto& value : said[u]) value = values.shown(task.task, value);
        if (task.own) known[u] = said[u].back();
        for (std::size_t i = 0; i < task.answers.size(); ++i) {
            const auto value = said[u][i];
            const auto next = static_cast<std::uint32_t>(raters.size());
            rows.push_back(
                {u, raters.try_emplace(task.answers[i].person, next).first->second, value});
            if (task.verdict != 0 && task.answers[i].annotation == task.verdict) known[u] = value;
        }
    }
    DisputeFit out;
    out.tasks = answers.size();
    if (answers.empty()) return out;
    const auto odds = opinion_odds(Ratings(rows, answers.size(), raters.size(), values.size()),
                                   known, values.same_classes(), seed);
    out.ground = odds.ground;
    out.verdicts = odds.verdicts;
    for (std::uint32_t u = 0; u < answers.size(); ++u) {
        auto& of_task = out.of_task[answers[u].task];
        const auto row = odds.found.row(u);
        std::set<std::uint32_t> given;
        for (std::size_t i = 0; i < answers[u].answers.size(); ++i) {
            of_task.opinions.push_back({answers[u].answers[i].annotation, row[said[u][i]]});
            given.insert(said[u][i]);
        }
        of_task.none = 1;
        for (const auto value : given) of_task.none -= row[value];
        of_task.none = std::max(0.0, of_task.none);
    }
    return out;
}

std::shared_ptr<const DisputeFit> DisputeOdds::fit(const Project& project,
                                                   std::span<const Dispute* const> disputes) {
    const Millis now = world_.clock.now();
    const auto last = fits_.with([&](auto& fits) { return fits[project.id]; });
    if (last) {
        const bool knows_all = std::all_of(disputes.begin(), disputes.end(), [&](const Dispute* d) {
            return last->of(*d) != nullptr;
        });
        const Millis age = now - last->made;
        if (age < rests_for * last->took || (knows_all && age < kept_for)) return last;
    }
    const LabelNames names(project.schema);
    auto answers =
        world_.db.read([&](Session& s) { return answered_by_several(s, project.id, most_tasks); });
    for (auto& task : answers) {
        for (auto& answer : task.answers) answer.regions = names.now(std::move(answer.regions));
        if (task.own) task.own = names.now(*std::move(task.own));
    }
    auto made = std::make_shared<DisputeFit>(fit_disputes(project.schema, answers, project.seed));
    made->made = world_.clock.now();
    made->took = made->made - now;
    fits_.with([&](auto& fits) { fits[project.id] = made; });
    return made;
}

}  // namespace countersign
