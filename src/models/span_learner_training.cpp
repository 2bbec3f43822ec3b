// Training the span learner: marked texts become words with tags, 4-fold cross-validation says how
// good it is and calibrates it, and the version learns from everything.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/rng.h"
#include "models/span_learner.h"
#include "models/text_learner_training.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr std::size_t least_unassisted_texts = 50;

/// What of the reviewed spans could not be learned as it is.
struct LeftOut {
    std::size_t overlapping = 0, unknown = 0, widened = 0;
};

struct TaggedText {
    const MarkedText* source = nullptr;
    std::vector<SpanToken> tokens;
    std::vector<CrfSpan> spans;
    /// As people marked it, code points; what a draft is scored against.
    std::set<std::tuple<std::int64_t, std::int64_t, int>> truth;
    bool scored = true;
};

struct Marked {
    std::int64_t start, end;
    int type;
};

/// The spans of the control, the outermost of those that overlap, by place.
std::vector<Marked> outermost(const MarkedText& text, const Control& control, LeftOut& left) {
    std::vector<Marked> all;
    for (const auto& region : text.spans) {
        if (region.control != control.name || region.kind != ControlKind::spans) continue;
        const auto* label =
            region.labels.size() == 1 ? Schema::find_label(control, region.labels[0]) : nullptr;
        if (!label) {
            ++left.unknown;
            continue;
        }
        all.push_back({static_cast<std::int64_t>(region.start),
                       static_cast<std::int64_t>(region.end),
                       static_cast<int>(label - control.labels.data())});
    }
    std::stable_sort(all.begin(), all.end(), [](const Marked& a, const Marked& b) {
        return a.end - a.start > b.end - b.start;
    });
    std::vector<Marked> kept;
    for (const auto& m : all) {
        const bool taken = std::any_of(kept.begin(), kept.end(), [&](const Marked& k) {
            return m.start < k.end && k.start < m.end;
        });
        if (taken)
            ++left.overlapping;
        else
            kept.push_back(m);
    }
    std::sort(kept.begin(), kept.end(),
              [](const Marked& a, const Marked& b) { return a.start < b.start; });
    return kept;
}

class Workshop {
public:
    Workshop(std::span<const MarkedText> texts, const Control& control, std::uint64_t seed,
             const std::stop_token& stop)
        : control_(control), seed_(seed), stop_(stop) {
        std::vector<std::vector<Marked>> marked;
        for (const auto& text : texts) {
            marked.push_back(outermost(text, control, left_));
            for (const auto& m : marked.back())
                for (const auto c : cut_characters(text.text, m.start, m.end))
                    if (splits_.find(c) == splits_.npos) splits_ += c;
        }
        for (std::size_t i = 0; i < texts.size(); ++i) tag(texts[i], marked[i]);
        const auto unassisted =
            std::count_if(texts.begin(), texts.end(), [](const auto& t) { return !t.assisted; });
        unassisted_only_ = static_cast<std::size_t>(unassisted) >= least_unassisted_texts;
        for (auto& text : texts_) text.scored = !unassisted_only_ || !text.source->assisted;
    }

    std::size_t spans() const { return spans_; }
    std::size_t texts() const { return texts_.size(); }

    /// Of everything but what is held out in `fold` (-1: nothing is).
    SpanLearnerState train(int fold) const {
        SpanLearnerState state;
        state.control = control_.name;
        state.texts = static_cast<std::uint32_t>(texts_.size());
        for (const auto& label : control_.labels) state.labels.push_back(label.name);
        state.features.splits = splits_;
        std::vector<const TaggedText*> learned;
        for (std::size_t i = 0; i < texts_.size(); ++i)
            if (folds_.empty() || fold < 0 || folds_[i] != fold) learned.push_back(&texts_[i]);
        for (const auto* text : learned) state.features.add_phrases(text->tokens, text->spans);
        std::vector<CrfExample> examples(learned.size());
        std::vector<const CrfExample*> pointers;
        for (std::size_t i = 0; i < learned.size(); ++i) {
            examples[i] = {state.features.words(learned[i]->tokens, learned[i]->spans),
                           learned[i]->spans, std::min(learned[i]->source->weight, 4.0)};
            pointers.push_back(&examples[i]);
        }
        state.crf = train_crf(pointers, static_cast<int>(control_.labels.size()), span_feature_bits,
                              seed_, stop_);
        return state;
    }

    void cross_validate() {
        std::vector<std::string_view> texts;
        std::vector<int> classes;
        for (const auto& text : texts_) {
            texts.push_back(text.source->text);
            classes.push_back(text.spans.empty() ? -1 : text.spans.front().type);
        }
        folds_ = stratified_folds(texts, classes, learner_folds, seed_);
        for (int fold = 0; fold < learner_folds && !stop_.stop_requested(); ++fold) {
            const auto state = train(fold);
            for (std::size_t i = 0; i < texts_.size(); ++i)
                if (folds_[i] == fold && texts_[i].scored) score(texts_[i], state);
        }
        choose();
    }

    /// One list a text, in the order they were given.
    std::vector<std::vector<DraftedSpan>> held_out_spans() const {
        std::vector<std::vector<DraftedSpan>> out(texts_.size());
        const auto map = fit_platt(claimed_, right_);
        for (const auto& scored : scored_) {
            auto& of_text = out[static_cast<std::size_t>(scored.text - texts_.data())];
            for (const auto& guess : scored.guesses) {
                DraftedSpan span;
                span.start = scored.text->tokens[guess.span.first].start;
                span.end = scored.text->tokens[guess.span.last - 1].end;
                span.label = control_.labels[static_cast<std::size_t>(guess.span.type)].name;
                span.confidence = guess.probability;
                span.probability = map(guess.probability);
                of_text.push_back(std::move(span));
            }
        }
        return out;
    }

    TrainedSpans finish() const {
        auto state = train(-1);
        state.least = least_;
        state.span = fit_platt(claimed_, right_);
        state.whole = fit_platt(whole_claimed_, whole_right_);
        return {span_learner_bytes(state), quality(state.span)};
    }

private:
    /// Hits, false alarms and misses; of all labels, and of a text.
    struct Tally {
        std::size_t hits = 0, drafted = 0, marked = 0;
        double precision() const { return drafted == 0 ? 0 : share(hits, drafted); }
        double recall() const { return marked == 0 ? 0 : share(hits, marked); }
        double f1() const { return drafted + marked == 0 ? 0 : share(2 * hits, drafted + marked); }
        static double share(std::size_t a, std::size_t b) {
            return static_cast<double>(a) / static_cast<double>(b);
        }
        Tally& operator+=(const Tally& o) {
            hits += o.hits, drafted += o.drafted, marked += o.marked;
            return *this;
        }
    };

    void tag(const MarkedText& text, const std::vector<Marked>& marked) {
        TaggedText out;
        out.source = &text;
        out.tokens = span_tokens(text.text, splits_);
        for (const auto& m : marked) {
            const auto range = tokens_of(out.tokens, m.start, m.end);
            if (range.first == range.last) continue;
            out.truth.insert({m.start, m.end, m.type});
            left_.widened += !range.exact;
            if (!out.spans.empty() && out.spans.back().last > range.first) continue;
            out.spans.push_back({range.first, range.last, m.type});
        }
        spans_ += out.truth.size();
        texts_.push_back(std::move(out));
    }

    /// A span that a fold's field thinks likely; `drafted` is decided when all folds are in.
    struct Guess {
        CrfSpan span;
        double probability;
        bool hit;
    };
    struct Scored {
        const TaggedText* text;
        std::vector<Guess> guesses;
        std::vector<double> whole;  ///< By `thresholds`.
    };
    static constexpr double thresholds[] = {0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2};

    void score(const TaggedText& text, const SpanLearnerState& state) {
        if (text.tokens.empty()) return;
        const CrfReading reading(state.crf, state.features.words(text.tokens));
        Scored out{&text, {}, {}};
        for (const auto& [span, p] : reading.likely(least_maybe))
            out.guesses.push_back(
                {span, p,
                 text.truth.contains(
                     {text.tokens[span.first].start, text.tokens[span.last - 1].end, span.type})});
        for (const double least : thresholds) {
            std::vector<CrfSpan> drafted;
            for (const auto& guess : out.guesses)
                if (guess.probability >= least) drafted.push_back(guess.span);
            std::sort(drafted.begin(), drafted.end());
            out.whole.push_back(reading.whole(drafted));
        }
        scored_.push_back(std::move(out));
    }

    static Tally tally_of(const Scored& scored, double least) {
        Tally out;
        out.marked = scored.text->truth.size();
        for (const auto& guess : scored.guesses) {
            if (guess.probability < least) continue;
            ++out.drafted;
            out.hits += guess.hit;
        }
        return out;
    }

    /// The threshold with the best F1; the first of equals is the highest.
    void choose() {
        double best = -1;
        std::size_t chosen = 0;
        for (std::size_t t = 0; t < std::size(thresholds); ++t) {
            Tally all;
            for (const auto& scored : scored_) all += tally_of(scored, thresholds[t]);
            if (all.f1() <= best) continue;
            best = all.f1();
            chosen = t;
        }
        least_ = thresholds[chosen];
        for (const auto& scored : scored_) {
            const auto here = tally_of(scored, least_);
            tallies_.push_back(here);
            whole_claimed_.push_back(scored.whole[chosen]);
            whole_right_.push_back(here.hits == here.drafted && here.hits == here.marked);
            for (const auto& [start, end, type] : scored.text->truth) ++by_label_[type].marked;
            for (const auto& guess : scored.guesses) {
                claimed_.push_back(guess.probability);
                right_.push_back(guess.hit);
                if (guess.probability < least_) continue;
                ++by_label_[guess.span.type].drafted;
                by_label_[guess.span.type].hits += guess.hit;
            }
        }
    }

    Tally total() const {
        Tally all;
        for (const auto& t : tallies_) all += t;
        return all;
    }

    /// 95 % percentile bootstrap over texts.
    Interval f1_interval() const {
        constexpr int resamples = 400;
        Rng rng(seed_);
        std::vector<double> f1;
        for (int r = 0; r < resamples; ++r) {
            Tally all;
            for (std::size_t i = 0; i < tallies_.size(); ++i)
                all += tallies_[rng.below(static_cast<std::uint32_t>(tallies_.size()))];
            f1.push_back(all.f1());
        }
        std::sort(f1.begin(), f1.end());
        return {f1[resamples / 40], f1[resamples - 1 - resamples / 40]};
    }

    Json quality(const Platt& map) const {
        const auto all = total();
        const auto interval = f1_interval();
        auto calibrated = claimed_;
        for (auto& p : calibrated) p = map(p);
        const auto exact = std::count(whole_right_.begin(), whole_right_.end(), 1);
        Json out = {{"method", "crf"},
                    {"n", tallies_.size()},
                    {"learned_from", texts_.size()},
                    {"spans", spans_},
                    {"f1", all.f1()},
                    {"f1_low", interval.low},
                    {"f1_high", interval.high},
                    {"precision", all.precision()},
                    {"recall", all.recall()},
                    {"ece", expected_calibration_error(calibrated, right_)},
                    {"drafted_from", map(least_)},
                    {"exact", Tally::share(static_cast<std::size_t>(exact), tallies_.size())},
                    {"folds", learner_folds},
                    {"scored_on", unassisted_only_ ? "unassisted" : "all"},
                    {"left_out",
                     {{"overlapping", left_.overlapping},
                      {"unknown", left_.unknown},
                      {"widened", left_.widened}}}};
        for (const auto& [type, tally] : by_label_)
            out["labels"][control_.labels[static_cast<std::size_t>(type)].name] = {
                {"spans", tally.marked}, {"f1", tally.f1()}};
        return out;
    }

    const Control& control_;
    std::uint64_t seed_;
    std::stop_token stop_;
    LeftOut left_;
    std::u32string splits_;
    std::vector<TaggedText> texts_;
    std::vector<int> folds_;
    std::size_t spans_ = 0;
    bool unassisted_only_ = false;
    std::vector<double> claimed_, whole_claimed_;
    std::vector<std::uint8_t> right_, whole_right_;
    std::vector<Scored> scored_;
    double least_ = 0.5;
    std::vector<Tally> tallies_;
    std::map<int, Tally> by_label_;
};

}  // namespace

namespace {

Result<> cross_validated(Workshop& workshop, const std::stop_token& stop) {
    if (workshop.texts() < least_span_texts || workshop.spans() == 0)
        return Refusal{Code::unavailable,
                       "The span learner needs at least " + std::to_string(least_span_texts) +
                           " reviewed texts with spans in some of them; it has " +
                           std::to_string(workshop.texts()) + " with " +
                           std::to_string(workshop.spans()) + " spans. Review more texts first."};
    workshop.cross_validate();
    if (stop.stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    return Done{};
}

}  // namespace

Result<std::vector<std::vector<DraftedSpan>>> out_of_fold_spans(std::span<const MarkedText> texts,
                                                                const Control& control,
                                                                std::uint64_t seed,
                                                                const std::stop_token& stop) {
    Workshop workshop(texts, control, seed, stop);
    TRY(cross_validated(workshop, stop));
    return workshop.held_out_spans();
}

Result<TrainedSpans> train_span_learner(std::span<const MarkedText> texts, const Control& control,
                                        std::uint64_t seed, const std::stop_token& stop) {
    Workshop workshop(texts, control, seed, stop);
    TRY(cross_validated(workshop, stop));
    auto trained = workshop.finish();
    if (stop.stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    return trained;
}

}  // namespace countersign
