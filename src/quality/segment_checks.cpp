// Segments of recordings against what models hear there: segments in which nobody speaks, segments
// that begin or end beside the speech, and turns that sound like another speaker.
//
// What is usual follows from the labels themselves: only labels whose segments mostly hold speech
// are held to it, and only those that mostly begin and end with it are held to where it does.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "quality/dataset_check.h"
#include "quality/item_checks.h"
#include "quality/label_errors.h"

namespace countersign {

namespace {

using HeardStretch = GivenItem::Stretch;
constexpr std::size_t least_of_control = 20, least_of_label = 5;

std::string seconds_words(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

std::string share_digits(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

double shared_seconds(double a_start, double a_end, double b_start, double b_end) {
    return std::max(0.0, std::min(a_end, b_end) - std::max(a_start, b_start));
}

double covered_by(const std::vector<HeardStretch>& stretches, const Mark& mark) {
    double sum = 0;
    for (const auto& s : stretches) sum += shared_seconds(s.start, s.end, mark.start, mark.end);
    return sum / (mark.end - mark.start);
}

double median_overlap(std::vector<double> values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

class VoicedSegments {
public:
    VoicedSegments(const Corpus& corpus, const CheckOptions& options, Findings& out)
        : corpus_(corpus), options_(options), out_(out), controls_(corpus.controls()) {}

    void run() {
        for (std::uint32_t i = 0; i < corpus_.items().size(); ++i) look_at(i);
        for (const auto& seen : seen_) {
            const auto& control = controls_[seen.mark->control];
            if (control.segments < least_of_control) continue;
            const auto& label = control.labels[seen.mark->label];
            if (label.segments < least_of_label) continue;
            const double spoken =
                static_cast<double>(label.spoken.size()) / static_cast<double>(label.segments);
            if (spoken < options_.limits.elsewhere) continue;
            if (seen.voiced < nobody)
                spurious(seen, spoken);
            else if (seen.voiced >= 0.5)
                misplaced(seen, median_overlap(label.spoken));
        }
    }

private:
    static constexpr double nobody = 0.1, silent = 0.98;
    static constexpr double well_placed = 0.6, usually_placed = 0.8, least_off = 0.5;

    struct Seen {
        const Mark* mark;
        double voiced;               ///< Share of it in which somebody speaks.
        double start, end, overlap;  ///< Where the speech in it begins and ends.
        bool is_silent;
    };
    struct OfLabel {
        std::size_t segments = 0;
        std::vector<double> spoken;  ///< The overlaps of those in which somebody speaks.
    };
    struct OfControl {
        std::size_t segments = 0;
        std::vector<OfLabel> labels;
    };

    void look_at(std::uint32_t number) {
        const auto& item = corpus_.items()[number];
        if (!item.voiced) return;
        std::vector<const Mark*> marks;
        for (const auto& mark : corpus_.marks_of(item))
            if (mark.kind == ControlKind::segments && corpus_.is_label(mark) &&
                mark.label != no_label && mark.end > mark.start)
                marks.push_back(&mark);
        for (const auto* mark : marks) {
            Seen seen{mark, covered_by(*item.voiced, *mark), mark->start, mark->end, 0, false};
            seen.is_silent = covered_by(item.silences, *mark) >= silent;
            place(seen, *item.voiced, marks);
            auto& control = controls_[mark->control];
            control.labels.resize(corpus_.control(mark->control).labels.size());
            ++control.segments;
            auto& label = control.labels[mark->label];
            ++label.segments;
            if (seen.voiced >= 0.5) label.spoken.push_back(seen.overlap);
            seen_.push_back(seen);
        }
    }

    /// Where the speech that lies in the segment begins and ends, as far as no other segment holds
    /// it.
    static void place(Seen& seen, const std::vector<HeardStretch>& voiced,
                      const std::vector<const Mark*>& marks) {
        constexpr double hardly = 0.05;
        const Mark& mark = *seen.mark;
        const HeardStretch *first = nullptr, *last = nullptr;
        for (const auto& s : voiced) {
            if (shared_seconds(s.start, s.end, mark.start, mark.end) < hardly) continue;
            if (!first) first = &s;
            last = &s;
        }
        if (!first) return;
        double from = 0, to = last->end;
        for (const auto* other : marks) {
            if (other == &mark) continue;
            if (other->start < mark.start) from = std::max(from, std::min(other->end, mark.start));
            if (other->end > mark.end) to = std::min(to, std::max(other->start, mark.end));
        }
        seen.start = std::max(first->start, from);
        seen.end = to;
        const double both = shared_seconds(seen.start, seen.end, mark.start, mark.end);
        const double all = std::max(seen.end, mark.end) - std::min(seen.start, mark.start);
        seen.overlap = both / all;
    }

    void spurious(const Seen& seen, double spoken) {
        if (seen.is_silent) return;  // That is said already.
        auto f = about(Check::spurious_region, *seen.mark, spoken);
        f.sentence = "Nobody is heard to speak here; in " + share_digits(spoken) +
                     " of the segments " + named(f.label) + " somebody does.";
        out_.add(std::move(f));
    }

    void misplaced(const Seen& seen, double usual) {
        const auto& mark = *seen.mark;
        const double off = std::abs(mark.start - seen.start) + std::abs(mark.end - seen.end);
        if (usual < usually_placed || seen.overlap >= well_placed || off < least_off) return;
        auto f = about(Check::misplaced_region, mark, 1 - seen.overlap);
        f.sentence = "It goes from " + seconds_words(mark.start) + " to " +
                     seconds_words(mark.end) + " s; the speech here goes from " +
                     seconds_words(seen.start) + " to " + seconds_words(seen.end) + " s (overlap " +
                     share_digits(seen.overlap) + ").";
        out_.add(std::move(f));
    }

    Finding about(Check check, const Mark& mark, double score) const {
        Finding f;
        f.check = check;
        f.item = mark.item;
        f.score = score;
        f.control = corpus_.control_name(mark.control);
        f.label = corpus_.label_name(mark);
        f.region = mark.region;
        f.place = Place{Place::On::audio, mark.start, mark.end};
        return f;
    }

    const Corpus& corpus_;
    const CheckOptions& options_;
    Findings& out_;
    std::vector<OfControl> controls_;
    std::vector<Seen> seen_;
};

}  // namespace

void check_voiced_segments(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    if (!options.wants(Check::spurious_region) && !options.wants(Check::misplaced_region)) return;
    VoicedSegments(corpus, options, out).run();
}

void check_heard_voices(const Corpus& corpus, const CheckOptions& options, VoiceReadings readings,
                        Findings& out) {
    if (!options.wants(Check::swapped_label)) return;
    const auto& names = corpus.control(readings.control).labels;
    const auto classes = names.size();
    normalise_rows(readings.rows, classes);
    std::vector<std::uint32_t> given;
    for (const auto mark : readings.marks) given.push_back(corpus.marks()[mark].label);
    const GivenLabels labels{classes, readings.rows, given};
    const auto scores = label_scores(labels);
    for (const auto i : suspects(labels)) {
        const auto& mark = corpus.marks()[readings.marks[i]];
        const auto row = labels.row(i);
        const auto best =
            static_cast<std::uint32_t>(std::max_element(row.begin(), row.end()) - row.begin());
        Finding f;
        f.check = Check::swapped_label;
        f.item = mark.item;
        f.score = 1 - scores[i];
        f.control = corpus.control_name(readings.control);
        f.label = names.name(given[i]);
        f.region = mark.region;
        f.place = Place{Place::On::audio, mark.start, mark.end};
        f.sentence = "It is labelled " + named(f.label) + " (" + share_digits(row[given[i]]) +
                     " by " + readings.by + "), and sounds like " + named(names.name(best)) + " (" +
                     share_digits(row[best]) + ").";
        out.add(std::move(f));
    }
}

}  // namespace countersign
