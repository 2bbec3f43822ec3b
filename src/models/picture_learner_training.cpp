#include <algorithm>
#include <cmath>

#include "models/logistic.h"
#include "models/picture_learner.h"
#include "models/state_bytes.h"
#include "models/text_learner_training.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr std::string_view picture_magic = "CSPL\x02\n";
constexpr int picture_bits = 11;  ///< 2,048 places; an embedding has 1,536.
constexpr std::size_t most_numbers = std::size_t{1} << picture_bits;
constexpr double picture_cost = 10;

TextVector standardised(const PictureLearnerState& state, std::span<const float> seen) {
    TextVector x;
    double length = 0;
    for (std::size_t i = 0; i < std::min(seen.size(), state.centre.size()); ++i) {
        const float v = (seen[i] - state.centre[i]) * state.scale[i];
        length += static_cast<double>(v) * static_cast<double>(v);
        x.push_back({static_cast<std::uint32_t>(i), v});
    }
    const double by = length > 0 ? 1 / std::sqrt(length) : 0;
    for (auto& f : x) f.weight = static_cast<float>(static_cast<double>(f.weight) * by);
    return x;
}

struct PictureLessons {
    std::vector<const LabelledPicture*> pictures;
    std::vector<int> classes, folds;
    std::vector<std::uint32_t> counts;
    bool unassisted_only = false;
    bool scored(std::size_t i) const { return !unassisted_only || !pictures[i]->assisted; }
};

Result<PictureLessons> sort_out(std::span<const LabelledPicture> pictures, const Control& control,
                                std::uint64_t seed) {
    PictureLessons out;
    out.counts.resize(control.labels.size());
    std::vector<std::string_view> bytes;
    for (const auto& picture : pictures) {
        const auto* label = Schema::find_label(control, picture.label);
        if (!label || picture.seen.empty() || picture.seen.size() > most_numbers ||
            picture.seen.size() != pictures.front().seen.size() || !(picture.weight > 0))
            continue;
        out.pictures.push_back(&picture);
        out.classes.push_back(static_cast<int>(label - control.labels.data()));
        ++out.counts[static_cast<std::size_t>(out.classes.back())];
        // Equal pictures share a fold: a copy cannot vouch for itself.
        bytes.emplace_back(reinterpret_cast<const char*>(picture.seen.data()),
                           picture.seen.size() * sizeof(float));
    }
    const auto ready = std::count_if(out.counts.begin(), out.counts.end(),
                                     [](auto n) { return n >= least_per_class; });
    if (out.pictures.size() < least_labels || static_cast<std::size_t>(ready) < least_classes)
        return Refusal{Code::unavailable,
                       "The picture learner needs at least " + std::to_string(least_labels) +
                           " reviewed pictures, of which two labels have " +
                           std::to_string(least_per_class) + " each; it has " +
                           std::to_string(out.pictures.size()) + ". Review more first."};
    out.folds = stratified_folds(bytes, out.classes, learner_folds, seed);
    constexpr std::ptrdiff_t enough = 50;
    out.unassisted_only = std::count_if(out.pictures.begin(), out.pictures.end(),
                                        [](const auto* p) { return !p->assisted; }) >= enough;
    return out;
}

/// Centre and scale of each number in the pictures that are not held out in `fold`. ResNet34's are
/// compared as they are: with a few pictures what they vary by is chance.
void fit_scale(const PictureLessons& lessons, int fold, PictureLearnerState& state) {
    const auto size = lessons.pictures.front()->seen.size();
    state.centre.assign(size, 0.0f);
    state.scale.assign(size, 1.0f);
    if (state.features != "nanodet") return;
    std::vector<double> sum(size), squares(size), variance(size);
    double n = 0, usual = 0;
    for (std::size_t i = 0; i < lessons.pictures.size(); ++i) {
        if (lessons.folds[i] == fold) continue;
        ++n;
        for (std::size_t k = 0; k < size; ++k) {
            const auto v = static_cast<double>(lessons.pictures[i]->seen[k]);
            sum[k] += v;
            squares[k] += v * v;
        }
    }
    n = std::max(1.0, n);
    for (std::size_t k = 0; k < size; ++k) {
        const double mean = sum[k] / n;
        variance[k] = std::max(0.0, squares[k] / n - mean * mean);
        usual += variance[k] / static_cast<double>(size);
        state.centre[k] = static_cast<float>(mean);
    }
    for (std::size_t k = 0; k < size; ++k)
        state.scale[k] = static_cast<float>(1 / std::sqrt(variance[k] + usual / 100 + 1e-9));
}

/// Of everything but what is held out in `fold` (-1: nothing is): each label against the rest.
PictureLearnerState train_on(const PictureLessons& lessons, std::string_view features, int fold,
                             const std::stop_token& stop) {
    PictureLearnerState state;
    state.features = features;
    fit_scale(lessons, fold, state);
    const auto size = state.centre.size();
    std::vector<float> numbers;
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < lessons.pictures.size(); ++i) {
        if (lessons.folds[i] == fold) continue;
        used.push_back(i);
        for (const auto& f : standardised(state, lessons.pictures[i]->seen))
            numbers.push_back(f.weight);
    }
    state.model = LinearModel(static_cast<int>(lessons.counts.size()), picture_bits);
    for (std::size_t i = 0; i < size; ++i) state.model.row_for(static_cast<std::uint32_t>(i));
    for (std::size_t k = 0; k < lessons.counts.size() && !stop.stop_requested(); ++k) {
        std::vector<LogisticExample> rows;
        double positives = 0;
        for (std::size_t i = 0; i < used.size(); ++i) {
            const bool positive = lessons.classes[used[i]] == static_cast<int>(k);
            positives += positive;
            rows.push_back({&numbers[i * size], positive, lessons.pictures[used[i]]->weight, 0});
        }
        const auto all = static_cast<double>(rows.size());
        for (auto& row : rows)
            row.weight *= all / 2 / std::max(1.0, row.positive ? positives : all - positives);
        const auto fit = fit_logistic(rows, size, picture_cost, stop);
        for (std::size_t i = 0; i < size; ++i)
            state.model.row(static_cast<std::uint32_t>(i))[k] = fit.weights[i];
        state.model.bias()[k] = static_cast<float>(fit.bias);
    }
    return state;
}

struct HeldPictures {
    LogitTable table;
    Scored scored;
    double temperature = 1;
};

HeldPictures hold_out(const PictureLessons& lessons, std::string_view features,
                      const std::stop_token& stop) {
    const auto classes = lessons.counts.size();
    HeldPictures out{{classes, {}, {}}, {classes, {}, {}}, 1};
    std::vector<double> z(classes);
    for (int fold = 0; fold < learner_folds && !stop.stop_requested(); ++fold) {
        const auto state = train_on(lessons, features, fold, stop);
        for (std::size_t i = 0; i < lessons.pictures.size(); ++i) {
            if (lessons.folds[i] != fold || !lessons.scored(i)) continue;
            state.model.logits(standardised(state, lessons.pictures[i]->seen), z);
            out.table.logits.insert(out.table.logits.end(), z.begin(), z.end());
            out.table.truth.push_back(lessons.classes[i]);
        }
    }
    out.temperature = fit_temperature(out.table);
    std::vector<double> p(classes);
    for (std::size_t i = 0; i < out.table.truth.size(); ++i) {
        softmax(std::span(out.table.logits).subspan(i * classes, classes), out.temperature, p);
        out.scored.add(p, out.table.truth[i]);
    }
    return out;
}

Json quality_of_pictures(const HeldPictures& held, const PictureLessons& lessons,
                         const Control& control, const PictureLearnerState& state) {
    const auto n = held.scored.size();
    const double right = accuracy(held.scored);
    const auto share =
        wilson(static_cast<std::size_t>(std::lround(right * static_cast<double>(n))), n);
    auto tops = top_labels(held.scored);
    for (auto& c : tops.confidence) c = state.top(c);
    Json out = {{"method", "logistic regression on " + state.features},
                {"n", n},
                {"learned_from", lessons.pictures.size()},
                {"accuracy", right},
                {"accuracy_low", share.low},
                {"accuracy_high", share.high},
                {"log_loss", log_loss(held.scored)},
                {"ece", expected_calibration_error(tops.confidence, tops.correct)},
                {"macro_f1", macro_f1(held.scored)},
                {"temperature", held.temperature},
                {"folds", learner_folds},
                {"scored_on", lessons.unassisted_only ? "unassisted" : "all"}};
    for (std::size_t k = 0; k < control.labels.size(); ++k)
        out["labels"][control.labels[k].name] = lessons.counts[k];
    return out;
}

}  // namespace

Result<TrainedPictures> train_picture_learner(std::span<const LabelledPicture> pictures,
                                              const Control& control, std::string_view features,
                                              std::uint64_t seed, const std::stop_token& stop) {
    const auto lessons = TRY(sort_out(pictures, control, seed));
    const auto held = hold_out(lessons, features, stop);
    auto state = train_on(lessons, features, -1, stop);
    if (stop.stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    state.model.scale(1 / held.temperature);
    const auto tops = top_labels(held.scored);
    state.top = fit_platt(tops.confidence, tops.correct);
    state.control = control.name;
    state.pictures = static_cast<std::uint32_t>(lessons.pictures.size());
    for (const auto& label : control.labels) state.labels.push_back(label.name);
    return TrainedPictures{picture_learner_bytes(state),
                           quality_of_pictures(held, lessons, control, state)};
}

PictureGuess guess_picture(const PictureLearnerState& state, std::span<const float> seen) {
    std::vector<double> p(state.labels.size());
    state.model.logits(standardised(state, seen), p);
    softmax(p, 1, p);
    const auto k = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    return {state.labels[k], p[k], state.top(p[k])};
}

std::string picture_learner_bytes(const PictureLearnerState& state) {
    StateWriter out(picture_magic);
    out.text(state.control);
    out.text(state.features);
    out.varint(state.pictures);
    out.number(static_cast<float>(state.top.slope));
    out.number(static_cast<float>(state.top.shift));
    out.varint(state.labels.size());
    for (const auto& label : state.labels) out.text(label);
    out.varint(state.centre.size());
    for (std::size_t i = 0; i < state.centre.size(); ++i) {
        out.number(state.centre[i]);
        out.number(state.scale[i]);
        const auto row = state.model.find(static_cast<std::uint32_t>(i));
        const std::vector<float> none(state.labels.size());
        out.row(row == LinearModel::none ? std::span<const float>(none) : state.model.row(row));
    }
    out.row(state.model.bias());
    return std::move(out).sealed();
}

Result<PictureLearnerState> picture_learner_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, picture_magic)));
    PictureLearnerState state;
    state.control = in.text();
    state.features = in.text();
    state.pictures = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
    state.top.slope = static_cast<double>(in.number(1e3f));
    state.top.shift = static_cast<double>(in.number(1e3f));
    const auto labels = in.varint(10'000);
    if (!in.require(state.top.slope > 0 && labels >= 2 && labels <= in.left()))
        return damaged_state("has values out of range");
    for (std::uint64_t k = 0; k < labels; ++k) state.labels.push_back(in.text());
    const auto numbers = in.varint(most_numbers);
    if (!in.require(numbers <= in.left() / (labels + 12)))
        return damaged_state("has values out of range");
    state.model = LinearModel(static_cast<int>(labels), picture_bits);
    for (std::uint64_t i = 0; i < numbers; ++i) {
        state.centre.push_back(in.number(1e6f));
        state.scale.push_back(in.number(1e6f));
        in.row(state.model.row(state.model.row_for(static_cast<std::uint32_t>(i))));
    }
    in.row(state.model.bias());
    if (!in.require(in.left() == 0)) return damaged_state("has values out of range");
    return state;
}

}  // namespace countersign
