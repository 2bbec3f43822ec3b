#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/rng.h"
#include "models/average_precision.h"
#include "models/logistic.h"
#include "models/object_learner.h"
#include "models/object_learner_parts.h"
#include "models/text_learner_training.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr float covers = 0.6f, apart = 0.3f, found_from = 0.5f;
/// What NanoDet's score is taken to be at a reviewed box it has not proposed.
constexpr float unproposed_score = 0.3f;
constexpr double object_cost = 10;
constexpr std::size_t few_pictures = 8, most_none = 4'000, most_of_kind = 2'000;

struct ObjectLessons {
    std::vector<const BoxedPicture*> pictures;
    std::vector<int> labels;  ///< Indices in the control of what is learned.
    std::vector<int> folds;
    int fold_count = 0;
    std::size_t numbers = 0;
    bool unassisted_only = false;

    /// The index in `labels` of a reviewed box; -1: of another label.
    int kind_of(const Detection& box) const {
        const auto at = std::find(labels.begin(), labels.end(), box.object);
        return at == labels.end() ? -1 : static_cast<int>(at - labels.begin());
    }
    bool scored(std::size_t i) const { return !unassisted_only || !pictures[i]->assisted; }
};

/// In how many pictures each of the control's labels is boxed.
std::vector<std::size_t> pictures_of_labels(std::span<const BoxedPicture> pictures,
                                            const Control& control) {
    std::vector<std::size_t> out(control.labels.size());
    for (const auto& picture : pictures) {
        std::set<int> shown;
        for (const auto& box : picture.reviewed) shown.insert(box.box.object);
        for (const int label : shown)
            if (label >= 0 && static_cast<std::size_t>(label) < out.size())
                ++out[static_cast<std::size_t>(label)];
    }
    return out;
}

Result<ObjectLessons> object_lessons(std::span<const BoxedPicture> pictures,
                                     const std::vector<std::size_t>& shown,
                                     std::span<const int> labels, std::uint64_t seed) {
    ObjectLessons out;
    for (const int label : labels)
        if (shown[static_cast<std::size_t>(label)] >= least_object_pictures)
            out.labels.push_back(label);
    if (out.labels.empty()) return too_few_boxes();
    std::vector<std::string_view> bytes;
    std::vector<int> rarest;
    for (const auto& picture : pictures) {
        const auto& any = picture.proposals.empty() ? picture.reviewed : picture.proposals;
        if (any.empty()) continue;
        const auto& seen = any.front().seen;
        if (seen.empty()) continue;
        out.numbers = seen.size();
        out.pictures.push_back(&picture);
        bytes.emplace_back(picture.alike);
        if (picture.alike.empty())
            bytes.back() = {reinterpret_cast<const char*>(seen.data()),
                            seen.size() * sizeof(float)};
        int least = static_cast<int>(out.labels.size());
        for (const auto& box : picture.reviewed) {
            const int kind = out.kind_of(box.box);
            const auto count = [&](int k) {
                return shown[static_cast<std::size_t>(out.labels[static_cast<std::size_t>(k)])];
            };
            if (kind >= 0 &&
                (least == static_cast<int>(out.labels.size()) || count(kind) < count(least)))
                least = kind;
        }
        rarest.push_back(least);
    }
    out.fold_count =
        out.pictures.size() < few_pictures ? static_cast<int>(out.pictures.size()) : learner_folds;
    out.folds = stratified_folds(bytes, rarest, out.fold_count, seed);
    constexpr std::ptrdiff_t enough = 50;
    out.unassisted_only = std::count_if(out.pictures.begin(), out.pictures.end(),
                                        [](const auto* p) { return !p->assisted; }) >= enough;
    return out;
}

/// A place to learn from: the kind it shows (-1: none that is learned) and NanoDet's score there.
struct Example {
    const SeenBox* box;
    int kind;
    float score;
    double weight;
};

void add_examples(const ObjectLessons& lessons, const BoxedPicture& picture,
                  std::vector<Example>& out) {
    for (const auto& box : picture.reviewed) {
        if (box.seen.empty()) continue;
        float score = unproposed_score, most = found_from;
        for (const auto& proposal : picture.proposals) {
            const float shared = overlap(box.box, proposal.box);
            if (shared < most) continue;
            most = shared;
            score = proposal.box.score;
        }
        out.push_back({&box, lessons.kind_of(box.box), score, picture.weight});
    }
    for (const auto& proposal : picture.proposals) {
        const SeenBox* nearest = nullptr;
        float most = 0;
        for (const auto& box : picture.reviewed) {
            const float shared = overlap(box.box, proposal.box);
            if (shared <= most) continue;
            most = shared;
            nearest = &box;
        }
        if (most < apart)
            out.push_back({&proposal, -1, proposal.box.score, picture.weight});
        else if (most >= covers)
            out.push_back(
                {&proposal, lessons.kind_of(nearest->box), proposal.box.score, picture.weight});
    }
}

/// Not more than `most` examples of a kind, evenly taken.
void thin_out(std::vector<Example>& examples, int kind, std::size_t most) {
    const auto all = static_cast<std::size_t>(std::count_if(
        examples.begin(), examples.end(), [&](const Example& e) { return e.kind == kind; }));
    if (all <= most) return;
    std::size_t met = 0;
    std::erase_if(examples, [&](const Example& e) {
        if (e.kind != kind) return false;
        const auto before = met * most / all;
        return ++met * most / all == before;
    });
}

/// Of everything but what is held out in `fold` (-1: nothing is).
ObjectLearnerState learn_objects(const ObjectLessons& lessons, const Control& control, int fold,
                                 const std::stop_token& stop) {
    std::vector<Example> examples;
    for (std::size_t i = 0; i < lessons.pictures.size(); ++i)
        if (lessons.folds[i] != fold) add_examples(lessons, *lessons.pictures[i], examples);
    thin_out(examples, -1, most_none);
    for (std::size_t k = 0; k < lessons.labels.size(); ++k)
        thin_out(examples, static_cast<int>(k), most_of_kind);

    ObjectLearnerState state;
    const auto size = lessons.numbers;
    std::vector<float> numbers(examples.size() * size);
    std::vector<double> sum(size), squares(size);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const std::span row(&numbers[i * size], size);
        take_roots(examples[i].box->seen, row);
        for (std::size_t k = 0; k < size; ++k) {
            const auto v = static_cast<double>(row[k]);
            sum[k] += v;
            squares[k] += v * v;
        }
    }
    const auto n = static_cast<double>(std::max<std::size_t>(1, examples.size()));
    double usual = 0;
    std::vector<double> variance(size);
    for (std::size_t k = 0; k < size; ++k) {
        const double middle = sum[k] / n;
        variance[k] = std::max(0.0, squares[k] / n - middle * middle);
        usual += variance[k] / static_cast<double>(size);
    }
    for (std::size_t k = 0; k < size; ++k) {
        state.centre.push_back(static_cast<float>(sum[k] / n));
        state.scale.push_back(static_cast<float>(1 / std::sqrt(variance[k] + usual / 100 + 1e-9)));
    }
    for (std::size_t i = 0; i < examples.size(); ++i)
        standardise(state, std::span(&numbers[i * size], size));

    for (std::size_t k = 0; k < lessons.labels.size() && !stop.stop_requested(); ++k) {
        std::vector<LogisticExample> rows;
        double positives = 0;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            const auto& e = examples[i];
            const bool positive = e.kind == static_cast<int>(k);
            positives += positive;
            rows.push_back({&numbers[i * size], positive, e.weight, score_logit(e.score)});
        }
        const double all = static_cast<double>(rows.size());
        for (auto& row : rows)
            row.weight *= all / 2 / std::max(1.0, row.positive ? positives : all - positives);
        auto fit = fit_logistic(rows, size, object_cost, stop);
        const auto label = static_cast<std::size_t>(lessons.labels[k]);
        state.kinds.push_back(
            {control.labels[label].name, std::move(fit.weights), static_cast<float>(fit.bias)});
    }
    return state;
}

/// What was found in pictures whose fold had not seen them.
struct HeldObjects {
    std::vector<const BoxedPicture*> pictures;  ///< One a scene.
    std::vector<Scene> scenes;
    std::size_t boxes = 0, proposed = 0;
    std::vector<double> claimed;
    std::vector<std::uint8_t> right;
};

HeldObjects hold_objects_out(const ObjectLessons& lessons, const Control& control,
                             const std::stop_token& stop) {
    HeldObjects out;
    for (int fold = 0; fold < lessons.fold_count && !stop.stop_requested(); ++fold) {
        const auto state = learn_objects(lessons, control, fold, stop);
        if (state.kinds.size() != lessons.labels.size()) break;
        for (std::size_t i = 0; i < lessons.pictures.size(); ++i) {
            if (lessons.folds[i] != fold || !lessons.scored(i)) continue;
            const auto& picture = *lessons.pictures[i];
            out.pictures.push_back(&picture);
            auto& scene = out.scenes.emplace_back();
            for (const auto& box : picture.reviewed) {
                Detection truth = box.box;
                truth.object = lessons.kind_of(box.box);
                if (truth.object < 0) continue;
                scene.truth.push_back(truth);
                ++out.boxes;
                out.proposed += std::any_of(
                    picture.proposals.begin(), picture.proposals.end(),
                    [&](const SeenBox& p) { return overlap(p.box, truth) >= found_from; });
            }
            for (const auto& found : find_objects(state, picture.proposals))
                scene.found.push_back(found.box);
            for (std::size_t k = 0; k < lessons.labels.size(); ++k)
                for (const auto& verdict : judge(scene, static_cast<int>(k), found_from)) {
                    out.claimed.push_back(static_cast<double>(verdict.score));
                    out.right.push_back(verdict.right);
                }
        }
    }
    return out;
}

/// The wider of a bootstrap over pictures and Wilson's interval over boxes: of a few pictures the
/// first knows too little.
Interval precision_interval(const HeldObjects& held, int kinds, double precision,
                            std::uint64_t seed) {
    constexpr int resamples = 200, outside = 5;
    Rng rng(seed);
    std::vector<double> drawn;
    std::vector<Scene> scenes(held.scenes.size());
    for (int i = 0; i < resamples && !scenes.empty(); ++i) {
        for (auto& scene : scenes)
            scene = held.scenes[rng.below(static_cast<std::uint32_t>(scenes.size()))];
        drawn.push_back(mean_average_precision(scenes, kinds, found_from));
    }
    const auto hits = std::lround(precision * static_cast<double>(held.boxes));
    Interval out = wilson(static_cast<std::size_t>(hits), held.boxes);
    if (drawn.empty()) return out;
    std::sort(drawn.begin(), drawn.end());
    out.low = std::min(out.low, drawn[outside]);
    out.high = std::max(out.high, drawn[drawn.size() - 1 - outside]);
    return out;
}

Json quality_of_objects(const HeldObjects& held, const ObjectLessons& lessons,
                        const Control& control, std::span<const int> asked,
                        const std::vector<std::size_t>& shown, const Platt& top,
                        std::uint64_t seed) {
    const auto kinds = static_cast<int>(lessons.labels.size());
    const double precision = mean_average_precision(held.scenes, kinds, found_from);
    const auto interval = precision_interval(held, kinds, precision, seed);
    auto claimed = held.claimed;
    for (auto& c : claimed) c = top(c);
    Json out = {
        {"method", "logistic regression on nanodet"},
        {"n", held.scenes.size()},
        {"learned_from", lessons.pictures.size()},
        {"ap50", precision},
        {"ap50_low", interval.low},
        {"ap50_high", interval.high},
        {"proposed",
         held.boxes > 0 ? static_cast<double>(held.proposed) / static_cast<double>(held.boxes) : 0},
        {"ece", expected_calibration_error(claimed, held.right)},
        {"folds", lessons.fold_count},
        {"scored_on", lessons.unassisted_only ? "unassisted" : "all"}};
    for (int k = 0; k < kinds; ++k) {
        const auto label = static_cast<std::size_t>(lessons.labels[static_cast<std::size_t>(k)]);
        std::size_t boxes = 0;
        for (const auto& scene : held.scenes)
            boxes += static_cast<std::size_t>(
                std::count_if(scene.truth.begin(), scene.truth.end(),
                              [&](const Detection& d) { return d.object == k; }));
        out["labels"][control.labels[label].name] = {
            {"pictures", shown[label]},
            {"boxes", boxes},
            {"ap50", average_precision(held.scenes, k, found_from).value_or(0)}};
    }
    for (const int label : asked) {
        const auto at = static_cast<std::size_t>(label);
        if (shown[at] < least_object_pictures) out["waiting"][control.labels[at].name] = shown[at];
    }
    return out;
}

}  // namespace

Refusal too_few_boxes() {
    return {Code::unavailable,
            "The object learner needs a label that is boxed in at least " +
                std::to_string(least_object_pictures) +
                " reviewed pictures and that NanoDet does not draft. Review more first."};
}

Result<TrainedObjects> train_object_learner(std::span<const BoxedPicture> pictures,
                                            const Control& control, std::span<const int> labels,
                                            std::uint64_t seed, const std::stop_token& stop) {
    const auto shown = pictures_of_labels(pictures, control);
    const auto lessons = TRY(object_lessons(pictures, shown, labels, seed));
    const auto held = hold_objects_out(lessons, control, stop);
    auto state = learn_objects(lessons, control, -1, stop);
    if (stop.stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    state.top = fit_platt(held.claimed, held.right);
    state.control = control.name;
    state.pictures = static_cast<std::uint32_t>(lessons.pictures.size());
    return TrainedObjects{
        object_learner_bytes(state),
        quality_of_objects(held, lessons, control, labels, shown, state.top, seed)};
}

Result<std::vector<std::vector<FoundObject>>> objects_out_of_fold(
    std::span<const BoxedPicture> pictures, const Control& control, std::span<const int> labels,
    std::uint64_t seed, const std::stop_token& stop) {
    auto lessons =
        TRY(object_lessons(pictures, pictures_of_labels(pictures, control), labels, seed));
    lessons.unassisted_only = false;
    const auto held = hold_objects_out(lessons, control, stop);
    if (stop.stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    const auto top = fit_platt(held.claimed, held.right);
    std::vector<std::vector<FoundObject>> out(pictures.size());
    for (std::size_t i = 0; i < held.scenes.size(); ++i)
        for (auto box : held.scenes[i].found) {
            const double probability = top(static_cast<double>(box.score));
            box.object = lessons.labels[static_cast<std::size_t>(box.object)];
            out[static_cast<std::size_t>(held.pictures[i] - pictures.data())].push_back(
                {box, probability});
        }
    return out;
}

}  // namespace countersign
