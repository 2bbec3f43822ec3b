// People's boxes against those of models that have not seen them: what is left out, has another
// label, lies elsewhere, or shows nothing.
//
// Of each label only what the set itself vouches for is said: from the probability on at which
// three of four boxes read are people's too, of places only where most lie well, and of boxes
// around nothing only where few of people's boxes are overlooked.
#include <algorithm>
#include <cstdio>

#include "quality/box_readings.h"
#include "quality/dataset_check.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

using Read = BoxReadings::Read;

constexpr double near_nothing = 0.1, apart = 0.3, same_box = 0.5, lies_well = 0.6;
constexpr double mostly = 0.75, lent = 5, least_right = 3;

double shared_area(const Read& read, const Mark& mark) {
    const double w = std::min(read.right, mark.end) - std::max(read.left, mark.start);
    const double h = std::min(read.bottom, mark.bottom) - std::max(read.top, mark.top);
    if (w <= 0 || h <= 0) return 0;
    return w * h /
           ((read.right - read.left) * (read.bottom - read.top) +
            (mark.end - mark.start) * (mark.bottom - mark.top) - w * h);
}

std::vector<const Mark*> boxes_of_people(const Corpus& corpus, const CorpusItem& item,
                                         std::uint32_t control) {
    std::vector<const Mark*> out;
    for (const auto& mark : corpus.marks_of(item))
        if (mark.control == control && corpus.is_label(mark) && mark.kind == ControlKind::boxes &&
            mark.label != no_label)
            out.push_back(&mark);
    return out;
}

std::string in_hundredths(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", share);
    return text;
}

/// The boxes read, right where one of the same label that people drew is there.
struct Verdicts {
    struct Verdict {
        double probability;
        bool right;
    };
    std::vector<BoxStanding> standing;  ///< Counts, no shares.
    std::vector<Verdict> all;           ///< By falling probability.
    std::vector<std::vector<Verdict>> of_label;

    Verdicts(const Corpus& corpus, const BoxReadings& readings)
        : standing(corpus.control(readings.control).labels.size()), of_label(standing.size()) {
        for (std::size_t i = 0; i < readings.items.size(); ++i)
            judge(boxes_of_people(corpus, corpus.items()[readings.items[i]], readings.control),
                  readings.reads[i]);
        const auto more_probable = [](const Verdict& a, const Verdict& b) {
            return a.probability > b.probability;
        };
        std::stable_sort(all.begin(), all.end(), more_probable);
        for (auto& of : of_label) std::stable_sort(of.begin(), of.end(), more_probable);
    }

    void judge(const std::vector<const Mark*>& marks, const std::vector<Read>& reads) {
        for (const auto* mark : marks) {
            double most = 0;
            for (const auto& read : reads)
                if (read.label == mark->label) most = std::max(most, shared_area(read, *mark));
            auto& of = standing[mark->label];
            ++of.boxes;
            of.confirmed += most >= same_box ? 1 : 0;
            of.well_placed += most >= lies_well ? 1 : 0;
        }
        for (const auto& read : reads) {
            const bool right = std::any_of(marks.begin(), marks.end(), [&](const Mark* mark) {
                return mark->label == read.label && shared_area(read, *mark) >= same_box;
            });
            all.push_back({read.probability, right});
            of_label[read.label].push_back(all.back());
        }
    }

    /// The lowest probability from which on enough of the label's are right. Those of all labels
    /// stand in for `lent` of its own: of few it is not known how many are right.
    double sure_from(std::uint32_t label) const {
        double out = 2, right = 0, n = 0, all_right = 0;
        std::size_t at = 0;
        const auto& own = of_label[label];
        for (std::size_t i = 0; i < own.size(); ++i) {
            right += own[i].right ? 1 : 0;
            ++n;
            if (i + 1 < own.size() && own[i + 1].probability == own[i].probability) continue;
            for (; at < all.size() && all[at].probability >= own[i].probability; ++at)
                all_right += all[at].right ? 1 : 0;
            const double usual = all_right / static_cast<double>(at);
            if (right >= least_right && (right + lent * usual) / (n + lent) >= mostly)
                out = own[i].probability;
        }
        return out;
    }
};

class GivenBoxes {
public:
    GivenBoxes(const Corpus& corpus, const BoxReadings& readings, Findings& out)
        : corpus_(corpus),
          readings_(readings),
          out_(out),
          standing_(standing_of_boxes(corpus, readings)) {}

    void run() {
        for (std::size_t i = 0; i < readings_.items.size(); ++i) {
            item_ = readings_.items[i];
            marks_ = boxes_of_people(corpus_, corpus_.items()[item_], readings_.control);
            reads_ = &readings_.reads[i];
            for (const auto& read : *reads_) missing_or_swapped(read);
            for (const auto* mark : marks_) misplaced_or_spurious(*mark);
        }
    }

private:
    bool is_sure(const Read& read) const { return read.probability >= standing_[read.label].sure; }

    void missing_or_swapped(const Read& read) {
        if (!is_sure(read)) return;
        const Mark* other = nullptr;
        double most = 0, same = 0;
        for (const auto* mark : marks_) {
            const double shared = shared_area(read, *mark);
            if (mark->label == read.label) same = std::max(same, shared);
            if (shared > most) most = shared, other = mark;
        }
        if (most < apart) {
            auto f = about(Check::missing_region, read.probability);
            f.label = name_of(read.label);
            f.place =
                Place{Place::On::image,      0, 0, read.left, read.top, read.right - read.left,
                      read.bottom - read.top};
            f.sentence = "Nothing is labelled here, and it looks like " + named(f.label) + " (" +
                         in_hundredths(read.probability) + by();
            out_.add(std::move(f));
        } else if (most >= same_box && same < same_box) {
            auto f = about(Check::swapped_label, *other, read.probability * most);
            f.sentence = "It is labelled " + named(f.label) + ", and looks like " +
                         named(name_of(read.label)) + " (" + in_hundredths(read.probability) + by();
            out_.add(std::move(f));
        }
    }

    void misplaced_or_spurious(const Mark& mark) {
        const auto& standing = standing_[mark.label];
        if (!standing.speaks()) return;
        const Read* same = nullptr;
        double most = 0, any = 0;
        for (const auto& read : *reads_) {
            const double shared = shared_area(read, mark);
            any = std::max(any, shared);
            if (read.label == mark.label && shared > most) most = shared, same = &read;
        }
        if (same && most > near_nothing && most < same_box && is_sure(*same) &&
            standing.tells_places() && !fits_another(*same, mark, most)) {
            auto f = about(Check::misplaced_region, mark, (1 - most) * same->probability);
            f.sentence = named(f.label) + " overlaps by " + in_hundredths(most) +
                         " (IoU) only what looks like it (" + in_hundredths(same->probability) +
                         by();
            out_.add(std::move(f));
        } else if (any < near_nothing && standing.tells_nothing_there()) {
            auto f = about(Check::spurious_region, mark, standing.confirmed);
            f.sentence = "Nothing is seen here by " + readings_.by +
                         ", which has not seen its labels; it confirms " +
                         in_hundredths(standing.confirmed) + " of the labels " + named(f.label) +
                         ".";
            out_.add(std::move(f));
        }
    }

    /// Whether the box read belongs to another label better than to this one.
    bool fits_another(const Read& read, const Mark& mark, double here) const {
        return std::any_of(marks_.begin(), marks_.end(), [&](const Mark* other) {
            return other != &mark && shared_area(read, *other) > here;
        });
    }

    std::string by() const { return " by " + readings_.by + ", which has not seen its labels)."; }
    const std::string& name_of(std::uint32_t label) const {
        return corpus_.control(readings_.control).labels.name(label);
    }

    Finding about(Check check, double score) const {
        Finding f;
        f.check = check;
        f.item = item_;
        f.score = score;
        f.control = corpus_.control_name(readings_.control);
        return f;
    }

    Finding about(Check check, const Mark& mark, double score) const {
        auto f = about(check, score);
        f.label = name_of(mark.label);
        f.region = mark.region;
        f.place = Place{Place::On::image,      0, 0, mark.start, mark.top, mark.end - mark.start,
                        mark.bottom - mark.top};
        return f;
    }

    const Corpus& corpus_;
    const BoxReadings& readings_;
    Findings& out_;
    std::vector<BoxStanding> standing_;
    std::uint32_t item_ = 0;
    std::vector<const Mark*> marks_;
    const std::vector<Read>* reads_ = nullptr;
};

}  // namespace

std::vector<BoxStanding> standing_of_boxes(const Corpus& corpus, const BoxReadings& readings) {
    const Verdicts verdicts(corpus, readings);
    std::vector<BoxStanding> out = verdicts.standing;
    for (std::uint32_t label = 0; label < out.size(); ++label) {
        auto& of = out[label];
        of.label = label;
        of.well_placed /= std::max(1.0, of.confirmed);
        of.confirmed /= static_cast<double>(std::max<std::size_t>(of.boxes, 1));
        of.sure = verdicts.sure_from(label);
    }
    return out;
}

void check_given_boxes(const Corpus& corpus, const CheckOptions& options,
                       const BoxReadings& readings, Findings& out) {
    if (!options.wants(Check::swapped_label) && !options.wants(Check::misplaced_region) &&
        !options.wants(Check::spurious_region) && !options.wants(Check::missing_region))
        return;
    GivenBoxes(corpus, readings, out).run();
}

}  // namespace countersign
