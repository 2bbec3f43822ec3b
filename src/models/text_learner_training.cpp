#include "models/text_learner_training.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/rng.h"
#include "models/liblinear.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr int feature_bits = 18;
constexpr std::size_t least_unassisted = 50;

/// A candidate: its features, and how much of each learner's logits it takes. A support vector
/// machine's margins are about -1 to 1; four times that is near the logits whose softmax fits, so
/// that the temperature's prior and bounds, around 1, suit both learners. The sum of two learners'
/// logits is a logarithmic opinion pool (Genest and Zidek 1986), and still one linear model.
struct MethodRow {
    std::string_view name;
    double adagrad, svc;
    TextMethod method;
    TextGrams grams;
};
constexpr MethodRow methods[] = {
    {"adagrad w12", 1, 0, TextMethod::adagrad_words, TextGrams::words},
    {"svc w12", 0, 4, TextMethod::svc_words, TextGrams::words},
    {"svc + adagrad w12", 0.5, 4, TextMethod::pool_words, TextGrams::words},
    {"adagrad wc", 1, 0, TextMethod::adagrad_characters, TextGrams::words_and_characters},
    {"svc wc", 0, 4, TextMethod::svc_characters, TextGrams::words_and_characters},
    {"svc + adagrad wc", 0.5, 4, TextMethod::pool_characters, TextGrams::words_and_characters},
};

/// The labels that count, and their folds.
struct Lessons {
    std::vector<const LabelledText*> examples;
    std::vector<int> classes;  ///< Of each example.
    std::vector<std::uint32_t> counts;
    std::vector<int> folds;
    std::vector<std::uint8_t> scored;  ///< Whether the example counts for temperature and scores.
    bool unassisted_only = false;
    int class_count() const { return static_cast<int>(counts.size()); }
};

/// Out-of-fold logits of the scored examples by each learner on one kind of features; `known` when
/// their class was among the fold's lessons.
struct OutOfFold {
    std::vector<double> adagrad, svc;
    std::vector<int> truth;
    std::vector<std::uint8_t> known;
};

Result<Lessons> gather(std::span<const LabelledText> labels, const Control& control,
                       std::uint64_t seed) {
    if (control.kind != ControlKind::choices || control.multiple)
        return Refusal{Code::unsupported, "Control \"" + control.name +
                                              "\" is not a single choice; the text learner gives "
                                              "one label a text."};
    Lessons lessons;
    lessons.counts.resize(control.labels.size());
    std::vector<std::string_view> texts;
    for (const auto& label : labels) {
        const auto* found = Schema::find_label(control, label.label);
        if (!found || !(label.weight > 0)) continue;
        const auto k = static_cast<int>(found - control.labels.data());
        lessons.examples.push_back(&label);
        lessons.classes.push_back(k);
        ++lessons.counts[static_cast<std::size_t>(k)];
        texts.push_back(label.text);
    }
    const auto ready = std::count_if(lessons.counts.begin(), lessons.counts.end(),
                                     [](auto n) { return n >= least_per_class; });
    if (texts.size() < least_labels || static_cast<std::size_t>(ready) < least_classes)
        return too_few_labels(texts.size());
    lessons.folds = stratified_folds(texts, lessons.classes, learner_folds, seed);
    const auto unassisted = std::count_if(lessons.examples.begin(), lessons.examples.end(),
                                          [](const auto* e) { return !e->assisted; });
    lessons.unassisted_only = static_cast<std::size_t>(unassisted) >= least_unassisted;
    for (const auto* e : lessons.examples)
        lessons.scored.push_back(!lessons.unassisted_only || !e->assisted);
    return lessons;
}

/// Texts cut into n-grams once for each kind; the folds differ only in their weights.
std::vector<FeatureCounts> count_all(const Lessons& lessons, TextGrams grams, std::uint32_t seed) {
    std::vector<FeatureCounts> counts;
    for (const auto* e : lessons.examples)
        counts.push_back(count_features(e->text, grams, feature_bits, seed));
    return counts;
}

/// Every example but those of `held_out` (-1: all of them), as vectors to learn from.
struct Prepared {
    TextFeatures features;
    std::vector<TextVector> vectors;
    std::vector<TextExample> examples;
};

Prepared prepare(TextGrams grams, const Lessons& lessons, std::span<const FeatureCounts> counts,
                 int held_out, std::uint64_t seed) {
    Prepared out{TextFeatures(grams, feature_bits, static_cast<std::uint32_t>(seed)), {}, {}};
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (lessons.folds[i] != held_out) out.features.add_document(counts[i]);
    out.vectors.reserve(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (lessons.folds[i] == held_out) continue;
        out.vectors.push_back(out.features.weigh(counts[i]));
        out.examples.push_back(
            {&out.vectors.back(), lessons.classes[i], lessons.examples[i]->weight});
    }
    return out;
}

OutOfFold cross_validate(TextGrams grams, const Lessons& lessons,
                         std::span<const FeatureCounts> counts, std::uint64_t seed,
                         const std::stop_token& stop) {
    OutOfFold out;
    const int classes = lessons.class_count();
    std::vector<double> z(lessons.counts.size());
    for (int fold = 0; fold < learner_folds && !stop.stop_requested(); ++fold) {
        const auto lesson = prepare(grams, lessons, counts, fold, seed);
        const auto adagrad = train_adagrad(lesson.examples, classes, feature_bits, seed, stop);
        const auto svc = train_svc(lesson.examples, classes, feature_bits, seed, stop);
        std::vector<std::uint8_t> met(z.size());
        for (const auto& e : lesson.examples) met[static_cast<std::size_t>(e.label)] = 1;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (lessons.folds[i] != fold || !lessons.scored[i]) continue;
            const auto x = lesson.features.weigh(counts[i]);
            adagrad.logits(x, z);
            out.adagrad.insert(out.adagrad.end(), z.begin(), z.end());
            svc.logits(x, z);
            out.svc.insert(out.svc.end(), z.begin(), z.end());
            out.truth.push_back(lessons.classes[i]);
            out.known.push_back(met[static_cast<std::size_t>(lessons.classes[i])]);
        }
    }
    return out;
}

/// The candidate's model of all the examples.
LinearModel train_method(const MethodRow& row, std::span<const TextExample> examples, int classes,
                         std::uint64_t seed, const std::stop_token& stop) {
    LinearModel model(classes, feature_bits);
    if (row.adagrad > 0)
        model.add(train_adagrad(examples, classes, feature_bits, seed, stop), row.adagrad);
    if (row.svc > 0) model.add(train_svc(examples, classes, feature_bits, seed, stop), row.svc);
    return model;
}

/// What cross-validation says of a candidate.
struct Verdict {
    const MethodRow* row = nullptr;
    double temperature = 1;
    double log_loss = 0;  ///< Of the scored items whose class their fold had met.
    Scored scored;
};

Verdict judge(const MethodRow& row, const OutOfFold& out, std::size_t classes) {
    Verdict verdict{&row, 1, 0, {classes, {}, {}}};
    std::vector<double> logits(out.svc.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        logits[i] = row.adagrad * out.adagrad[i] + row.svc * out.svc[i];
    const auto of = [&](std::size_t i) { return std::span(logits).subspan(i * classes, classes); };
    LogitTable table{classes, {}, {}};
    for (std::size_t i = 0; i < out.truth.size(); ++i) {
        if (!out.known[i]) continue;
        table.logits.insert(table.logits.end(), of(i).begin(), of(i).end());
        table.truth.push_back(out.truth[i]);
    }
    verdict.temperature = fit_temperature(table);
    Scored known{classes, {}, {}};
    std::vector<double> p(classes);
    for (std::size_t i = 0; i < out.truth.size(); ++i) {
        softmax(of(i), verdict.temperature, p);
        verdict.scored.add(p, out.truth[i]);
        if (out.known[i]) known.add(p, out.truth[i]);
    }
    verdict.log_loss = log_loss(known);
    return verdict;
}

Json quality_of(const Verdict& best, std::span<const Verdict> all, const Lessons& lessons,
                const Control& control, const Platt& top, std::uint64_t seed) {
    const auto n = best.scored.size();
    const double right = accuracy(best.scored);
    const auto share =
        wilson(static_cast<std::size_t>(std::lround(right * static_cast<double>(n))), n);
    auto tops = top_labels(best.scored);
    for (auto& c : tops.confidence) c = top(c);
    const auto error = calibration_error_interval(tops.confidence, tops.correct, seed);
    Json quality = {{"method", std::string(best.row->name)},
                    {"n", n},
                    {"learned_from", lessons.examples.size()},
                    {"classes", control.labels.size()},
                    {"accuracy", right},
                    {"accuracy_low", share.low},
                    {"accuracy_high", share.high},
                    {"log_loss", log_loss(best.scored)},
                    {"brier", brier(best.scored)},
                    {"ece", expected_calibration_error(tops.confidence, tops.correct)},
                    {"ece_low", error.low},
                    {"ece_high", error.high},
                    {"macro_f1", macro_f1(best.scored)},
                    {"temperature", best.temperature},
                    {"folds", learner_folds},
                    {"scored_on", lessons.unassisted_only ? "unassisted" : "all"}};
    for (std::size_t k = 0; k < control.labels.size(); ++k)
        quality["labels"][control.labels[k].name] = lessons.counts[k];
    for (const auto& v : all)
        quality["candidates"].push_back({{"method", std::string(v.row->name)},
                                         {"log_loss", v.log_loss},
                                         {"accuracy", accuracy(v.scored)}});
    return quality;
}

/// Trains the chosen candidate on everything and puts the version together.
TrainedLearner finish(const Verdict& best, std::span<const Verdict> all, const Lessons& lessons,
                      std::span<const FeatureCounts> counts, const Control& control,
                      std::uint64_t seed, const std::stop_token& stop) {
    auto lesson = prepare(best.row->grams, lessons, counts, -1, seed);
    auto model = train_method(*best.row, lesson.examples, lessons.class_count(), seed, stop);
    model.scale(1 / best.temperature);
    const auto tops = top_labels(best.scored);
    LearnerState state;
    state.control = control.name;
    state.method = best.row->method;
    state.features = std::move(lesson.features);
    state.model = std::move(model);
    state.temperature = best.temperature;
    state.top = fit_platt(tops.confidence, tops.correct);
    for (const auto& label : control.labels) state.labels.push_back(label.name);
    state.counts = lessons.counts;
    return {learner_state_bytes(state), quality_of(best, all, lessons, control, state.top, seed),
            lessons.examples.size()};
}

}  // namespace

Result<TrainedLearner> train_text_learner(std::span<const LabelledText> labels,
                                          const Control& control, std::uint64_t seed,
                                          const std::stop_token& stop) {
    const auto stopped = Refusal{Code::cancelled, "Learning was stopped before it ended."};
    const auto lessons = TRY(gather(labels, control, seed));
    std::map<TextGrams, std::vector<FeatureCounts>> counts;
    std::map<TextGrams, OutOfFold> folds;
    std::vector<Verdict> verdicts;
    for (const auto& row : methods) {
        if (!folds.contains(row.grams)) {
            counts[row.grams] = count_all(lessons, row.grams, static_cast<std::uint32_t>(seed));
            folds[row.grams] = cross_validate(row.grams, lessons, counts[row.grams], seed, stop);
        }
        if (stop.stop_requested()) return stopped;
        verdicts.push_back(judge(row, folds[row.grams], lessons.counts.size()));
    }
    const auto best = std::min_element(
        verdicts.begin(), verdicts.end(),
        [](const Verdict& a, const Verdict& b) { return a.log_loss < b.log_loss; });
    auto trained = finish(*best, verdicts, lessons, counts[best->row->grams], control, seed, stop);
    if (stop.stop_requested()) return stopped;
    return trained;
}

Result<std::vector<double>> out_of_fold_probabilities(std::span<const LabelledText> labels,
                                                      const Control& control, std::uint64_t seed,
                                                      const std::stop_token& stop) {
    constexpr double svc_weight = 4;  // As the candidates above take it.
    const auto lessons = TRY(gather(labels, control, seed));
    if (lessons.examples.size() != labels.size())
        return Refusal{Code::invalid,
                       "A text has a label that control \"" + control.name + "\" does not have."};
    const auto counts = count_all(lessons, TextGrams::words, static_cast<std::uint32_t>(seed));
    const auto classes = lessons.counts.size();
    std::vector<double> rows(labels.size() * classes);
    const auto row = [&](std::size_t i) { return std::span(rows).subspan(i * classes, classes); };
    LogitTable table{classes, {}, {}};
    for (int fold = 0; fold < learner_folds; ++fold) {
        if (stop.stop_requested())
            return Refusal{Code::cancelled, "Learning was stopped before it ended."};
        const auto lesson = prepare(TextGrams::words, lessons, counts, fold, seed);
        const auto svc =
            train_svc(lesson.examples, lessons.class_count(), feature_bits, seed, stop);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (lessons.folds[i] != fold) continue;
            svc.logits(lesson.features.weigh(counts[i]), row(i));
            for (auto& z : row(i)) z *= svc_weight;
        }
    }
    table.logits = rows;
    table.truth = lessons.classes;
    const double temperature = fit_temperature(table);
    for (std::size_t i = 0; i < labels.size(); ++i) softmax(row(i), temperature, row(i));
    return rows;
}

std::string_view text_method_name(TextMethod method) {
    for (const auto& row : methods)
        if (row.method == method) return row.name;
    return "?";
}

Refusal too_few_labels(std::size_t usable) {
    return {Code::unavailable, "The text learner needs at least " + std::to_string(least_labels) +
                                   " reviewed labels, of which two classes have " +
                                   std::to_string(least_per_class) + " each; it has " +
                                   std::to_string(usable) + ". Review more texts first."};
}

std::vector<int> stratified_folds(std::span<const std::string_view> texts,
                                  std::span<const int> classes, int folds, std::uint64_t seed) {
    std::map<std::string_view, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < texts.size(); ++i) groups[texts[i]].push_back(i);
    std::map<int, std::vector<const std::vector<std::size_t>*>> by_class;
    for (const auto& [text, items] : groups) by_class[classes[items.front()]].push_back(&items);
    std::vector<int> fold_of(texts.size());
    Rng rng(seed);
    int next = 0;  // Goes on from class to class, so that many small classes fill the folds evenly.
    for (auto& [label, members] : by_class) {
        for (std::size_t i = members.size(); i > 1; --i)
            std::swap(members[i - 1], members[rng.below(static_cast<std::uint32_t>(i))]);
        for (const auto* items : members) {
            for (const auto i : *items) fold_of[i] = next;
            next = (next + 1) % folds;
        }
    }
    return fold_of;
}

}  // namespace countersign
