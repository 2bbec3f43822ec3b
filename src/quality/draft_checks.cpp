// Drafts against labels: what a model contradicts, misses, sees elsewhere, or is not sure of.
//
// Regions are matched as REFERENCE.md section 4.3 measured best: each label with the draft that
// overlaps it most, scores relative to the confidences that the model reaches where it confirms
// labels, not to a fixed one.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "quality/dataset_check.h"
#include "quality/item_checks.h"
#include "quality/label_errors.h"

namespace countersign {

namespace {

constexpr double little_overlap = 0.3, same_place = 0.5, well_placed = 0.6;
constexpr std::size_t least_confirmed = 20;

double overlap(const Mark& a, const Mark& b) {
    const double w = std::min(a.end, b.end) - std::max(a.start, b.start);
    if (a.kind == ControlKind::spans || a.kind == ControlKind::segments)
        return w <= 0 ? 0 : w / (a.end - a.start + b.end - b.start - w);
    const double h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    if (w <= 0 || h <= 0) return 0;
    const auto area = [](const Mark& m) { return (m.end - m.start) * (m.bottom - m.top); };
    return w * h / (area(a) + area(b) - w * h);
}

bool is_placed(const Mark& mark) {
    return facts_of(mark.kind).drawn && mark.kind != ControlKind::keypoints &&
           mark.label != no_label;
}

double confidence_of(const Mark& mark) {
    return mark.confidence >= 0 ? mark.confidence : 1;
}

std::string share_words(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", share);
    return text;
}

Place place_of_mark(const Mark& mark) {
    if (mark.kind == ControlKind::spans) return Place{Place::On::text, mark.start, mark.end};
    if (mark.kind == ControlKind::segments) return Place{Place::On::audio, mark.start, mark.end};
    return Place{Place::On::image,      0, 0, mark.start, mark.top, mark.end - mark.start,
                 mark.bottom - mark.top};
}

/// Which drafts of an item are compared with its labels: those of the model that came last.
struct Sides {
    std::vector<const Mark*> labels, drafts;
    std::uint32_t model = 0;
};

Sides sides_of(const Corpus& corpus, const CorpusItem& item) {
    Sides out;
    const auto answers = corpus.answers_of(item);
    if (item.labels == 0 || answers.size() == item.labels) return out;
    const auto last = answers.size() - 1;
    out.model = answers[last].by;
    for (const auto& mark : corpus.marks_of(item)) {
        if (corpus.is_label(mark)) out.labels.push_back(&mark);
        if (mark.answer == last) out.drafts.push_back(&mark);
    }
    return out;
}

/// How a model does where labels confirm it: its confidences there, per control.
struct Confirmed {
    std::vector<double> confidences;  ///< Rising, of confirmed drafts.
    std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> of_label;  ///< Confirmed, all.
    /// Which share of the confirmed drafts is less confident.
    double rank(double confidence) const {
        const auto at = std::lower_bound(confidences.begin(), confidences.end(), confidence);
        return static_cast<double>(at - confidences.begin()) /
               static_cast<double>(std::max<std::size_t>(confidences.size(), 1));
    }
    double at(double share) const {
        return confidences[static_cast<std::size_t>(share *
                                                    static_cast<double>(confidences.size() - 1))];
    }
    double share_confirmed(std::uint32_t label) const {
        const auto it = of_label.find(label);
        return it == of_label.end() || it->second.second == 0
                   ? 0
                   : static_cast<double>(it->second.first) / static_cast<double>(it->second.second);
    }
};

class Drafts {
public:
    Drafts(const Corpus& corpus, const CheckOptions& options, Findings& out)
        : corpus_(corpus), options_(options), out_(out), confirmed_(corpus.controls()) {}

    void run() {
        for (const auto& item : corpus_.items()) learn(item);
        for (auto& c : confirmed_) std::sort(c.confidences.begin(), c.confidences.end());
        for (std::uint32_t i = 0; i < corpus_.items().size(); ++i) {
            const auto& item = corpus_.items()[i];
            const auto sides = sides_of(corpus_, item);
            if (item.labels == 0) unsure(i, item);
            if (sides.drafts.empty()) continue;
            answers(i, item, sides);
            regions(i, sides);
        }
    }

private:
    void learn(const CorpusItem& item) {
        const auto sides = sides_of(corpus_, item);
        if (sides.drafts.empty()) return;
        for (const auto* label : sides.labels) {
            if (!is_placed(*label)) continue;
            auto& confirmed = confirmed_[label->control];
            auto& [right, all] = confirmed.of_label[label->label];
            ++all;
            const auto* best = best_of(*label, sides.drafts, true);
            if (!best || overlap(*label, *best) < same_place) continue;
            ++right;
            confirmed.confidences.push_back(confidence_of(*best));
        }
    }

    /// The draft that overlaps the label most; of the same label only, when asked.
    const Mark* best_of(const Mark& label, const std::vector<const Mark*>& drafts,
                        bool same_label) const {
        const Mark* best = nullptr;
        double most = 0;
        for (const auto* d : drafts) {
            if (d->control != label.control || d->kind != label.kind) continue;
            if (same_label && d->label != label.label) continue;
            if (const double o = overlap(label, *d); o > most) most = o, best = d;
        }
        return best;
    }

    void unsure(std::uint32_t i, const CorpusItem& item) {
        for (const auto& mark : corpus_.marks_of(item)) {
            if (mark.confidence < 0 || mark.confidence >= options_.limits.low_confidence) continue;
            auto f = about(Check::low_confidence, i, mark, 1 - mark.confidence,
                           named(corpus_.label_name(mark)) + " was drafted with confidence " +
                               share_words(mark.confidence) + ".");
            out_.add(std::move(f));
        }
    }

    /// Choices: the label against the draft's one answer.
    void answers(std::uint32_t i, const CorpusItem& item, const Sides& sides) {
        for (const auto* d : sides.drafts) {
            if (d->kind != ControlKind::choices || corpus_.control(d->control).is_multiple)
                continue;
            if (confidence_of(*d) < options_.limits.sure_confidence) continue;
            const auto given = corpus_.given(item, d->control);
            if (!given || *given == d->label || d->label == no_label) continue;
            auto f = about(
                Check::draft_differs, i, *d, confidence_of(*d),
                "It is labelled " + named(corpus_.control(d->control).labels.name(*given)) + "; " +
                    corpus_.models().name(sides.model) + " says " + named(corpus_.label_name(*d)) +
                    " with confidence " + share_words(confidence_of(*d)) + ".");
            f.place.reset();
            f.label = corpus_.control(d->control).labels.name(*given);
            out_.add(std::move(f));
        }
    }

    void regions(std::uint32_t i, const Sides& sides) {
        for (const auto* d : sides.drafts)
            if (is_placed(*d)) missing_or_swapped(i, *d, sides);
        for (const auto* label : sides.labels)
            if (is_placed(*label)) misplaced_or_spurious(i, *label, sides);
    }

    bool is_known(const Mark& mark) const {
        return confirmed_[mark.control].confidences.size() >= least_confirmed;
    }

    void missing_or_swapped(std::uint32_t i, const Mark& draft, const Sides& sides) {
        if (!is_known(draft)) return;
        const auto& confirmed = confirmed_[draft.control];
        double best_any = 0, best_same = 0;
        const Mark* other = nullptr;
        for (const auto* label : sides.labels) {
            if (label->control != draft.control || !is_placed(*label)) continue;
            const double o = overlap(draft, *label);
            if (label->label == draft.label) best_same = std::max(best_same, o);
            if (o > best_any) best_any = o, other = label;
        }
        const double confidence = confidence_of(draft);
        const double nearest = draft.kind == ControlKind::spans ? 1e-9 : little_overlap;
        // Half of the drafts that labels confirm are this sure: it is no stray one.
        if (best_any < nearest && confidence >= confirmed.at(0.5)) {
            out_.add(about(Check::missing_region, i, draft,
                           std::max(confirmed.rank(confidence), 0.5),
                           corpus_.models().name(sides.model) + " sees " +
                               named(corpus_.label_name(draft)) + " here with confidence " +
                               share_words(confidence) + ", and nothing is labelled."));
        } else if (other && best_any >= same_place && best_same < same_place &&
                   confidence >= confirmed.at(0.25)) {
            auto f = about(Check::swapped_label, i, *other, confidence * best_any,
                           "It is labelled " + named(corpus_.label_name(*other)) + "; " +
                               corpus_.models().name(sides.model) + " says " +
                               named(corpus_.label_name(draft)) + " with confidence " +
                               share_words(confidence) + ".");
            out_.add(std::move(f));
        }
    }

    void misplaced_or_spurious(std::uint32_t i, const Mark& label, const Sides& sides) {
        if (!is_known(label)) return;
        const auto& confirmed = confirmed_[label.control];
        const auto* any = best_of(label, sides.drafts, false);
        const auto* same = best_of(label, sides.drafts, true);
        const double best = same ? overlap(label, *same) : 0;
        if (same && best > 0.1 && best < well_placed &&
            confidence_of(*same) >= confirmed.at(0.25) && !fits_another(*same, label, sides)) {
            if (label.kind != ControlKind::spans || best < 1)
                out_.add(about(Check::misplaced_region, i, label, (1 - best) * confidence_of(*same),
                               named(corpus_.label_name(label)) + " overlaps what " +
                                   corpus_.models().name(sides.model) + " draws by " +
                                   share_words(best) + " (IoU) only."));
        } else if (!any || overlap(label, *any) < 0.1) {
            const double share = confirmed.share_confirmed(label.label);
            if (share >= options_.limits.elsewhere)
                out_.add(about(Check::spurious_region, i, label, share,
                               corpus_.models().name(sides.model) +
                                   " sees nothing here, and confirms " + share_words(share) +
                                   " of the labels " + named(corpus_.label_name(label)) + "."));
        }
    }

    /// Whether the draft belongs to another label better than to this one.
    static bool fits_another(const Mark& draft, const Mark& label, const Sides& sides) {
        const double here = overlap(draft, label);
        return std::any_of(sides.labels.begin(), sides.labels.end(), [&](const Mark* other) {
            return other != &label && other->control == label.control &&
                   overlap(draft, *other) > here;
        });
    }

    Finding about(Check check, std::uint32_t i, const Mark& mark, double score,
                  std::string sentence) const {
        Finding f;
        f.check = check;
        f.item = i;
        f.score = score;
        f.control = corpus_.control_name(mark.control);
        f.label = corpus_.label_name(mark);
        f.region = mark.region;
        f.sentence = std::move(sentence);
        if (is_placed(mark)) f.place = place_of_mark(mark);
        return f;
    }

    const Corpus& corpus_;
    const CheckOptions& options_;
    Findings& out_;
    std::vector<Confirmed> confirmed_;
};

}  // namespace

void check_drafts(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    Drafts(corpus, options, out).run();
}

void check_given_labels(const Corpus& corpus, const CheckOptions& options,
                        ClassProbabilities probabilities, Findings& out) {
    if (!options.wants(Check::label_error)) return;
    const auto classes = probabilities.classes.size();
    std::vector<std::uint32_t> given, items;
    std::vector<double> rows;
    for (std::size_t r = 0; r < probabilities.items.size(); ++r) {
        const auto& item = corpus.items()[probabilities.items[r]];
        const auto label = corpus.given(item, probabilities.control);
        if (!label) continue;
        const auto at =
            std::find(probabilities.classes.begin(), probabilities.classes.end(), *label);
        if (at == probabilities.classes.end()) continue;
        given.push_back(static_cast<std::uint32_t>(at - probabilities.classes.begin()));
        items.push_back(probabilities.items[r]);
        const auto row = std::span(probabilities.rows).subspan(r * classes, classes);
        rows.insert(rows.end(), row.begin(), row.end());
    }
    normalise_rows(rows, classes);
    const GivenLabels labels{classes, rows, given};
    const auto scores = label_scores(labels);
    for (const auto i : suspects(labels)) {
        const auto row = labels.row(i);
        const auto best =
            static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
        const auto name = [&](std::size_t k) {
            return corpus.control(probabilities.control).labels.name(probabilities.classes[k]);
        };
        Finding f;
        f.check = Check::label_error;
        f.item = items[i];
        f.score = 1 - scores[i];
        f.control = corpus.control_name(probabilities.control);
        f.label = name(given[i]);
        f.sentence = "It is labelled " + named(f.label) + " (" + share_words(row[given[i]]) +
                     " by " + probabilities.by + ", which has not seen it), and looks like " +
                     named(name(best)) + " (" + share_words(row[best]) + ").";
        out.add(std::move(f));
    }
}

}  // namespace countersign
