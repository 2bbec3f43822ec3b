// Items that are like no other, and spans that a learner of the other texts contradicts.
//
// Distances: that to the nearest neighbour ranked out-of-scope texts best (REFERENCE.md section 5);
// how far is too far follows from the distances themselves, by median and median deviation.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "quality/dataset_check.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

constexpr std::size_t least_items = 30;
constexpr double least_spread = 0.02;  // Of a distance.

double middle_value(std::vector<double> values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

std::string two_places(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

bool overlap(const SpanReadings::Read& read, const Mark& mark) {
    return read.start < mark.end && mark.start < read.end;
}

class GivenSpans {
public:
    GivenSpans(const Corpus& corpus, const SpanReadings& readings, Findings& out)
        : corpus_(corpus), readings_(readings), out_(out) {}

    void run() {
        for (std::size_t i = 0; i < readings_.items.size(); ++i) {
            const auto& item = corpus_.items()[readings_.items[i]];
            std::vector<const Mark*> marks;
            for (const auto& mark : corpus_.marks_of(item))
                if (mark.control == readings_.control && corpus_.is_label(mark) &&
                    mark.kind == ControlKind::spans && mark.label != no_label)
                    marks.push_back(&mark);
            for (const auto* mark : marks) given(readings_.items[i], *mark, readings_.reads[i]);
            for (const auto& read : readings_.reads[i])
                missing(readings_.items[i], item, read, marks);
        }
    }

private:
    static constexpr double sure = 0.5, very_sure = 0.8;

    std::string label_of(std::uint32_t label) const {
        return corpus_.control(readings_.control).labels.name(label);
    }

    void given(std::uint32_t item, const Mark& mark, const std::vector<SpanReadings::Read>& reads) {
        double own = 0;
        const SpanReadings::Read* other = nullptr;
        for (const auto& read : reads) {
            if (!overlap(read, mark)) continue;
            const bool same_place = read.start == mark.start && read.end == mark.end;
            if (same_place && read.label == mark.label)
                own = read.probability;
            else if (!other || read.probability > other->probability)
                other = &read;
        }
        if (other && other->probability >= sure && other->probability > own) {
            const bool same_place = other->start == mark.start && other->end == mark.end;
            const bool swapped = other->label != mark.label;
            auto f = about(swapped ? Check::swapped_label : Check::misplaced_region, item, mark,
                           other->probability);
            f.sentence = named(f.label) + " (" + two_places(own) + " by " + readings_.by +
                         ", which has not seen it) looks like " + named(label_of(other->label)) +
                         (same_place ? std::string(" (") : " on " + words(item, *other) + " (") +
                         two_places(other->probability) + ").";
            out_.add(std::move(f));
        } else if (!other && own == 0) {
            auto f = about(Check::spurious_region, item, mark, 1 - readings_.least);
            f.sentence = readings_.by + ", which has not seen it, reads nothing here; it is " +
                         named(f.label) + ".";
            out_.add(std::move(f));
        }
    }

    void missing(std::uint32_t number, const CorpusItem&, const SpanReadings::Read& read,
                 const std::vector<const Mark*>& marks) {
        if (read.probability < very_sure) return;
        if (std::any_of(marks.begin(), marks.end(),
                        [&](const Mark* mark) { return overlap(read, *mark); }))
            return;
        Finding f;
        f.check = Check::missing_region;
        f.item = number;
        f.score = read.probability;
        f.control = corpus_.control_name(readings_.control);
        f.label = label_of(read.label);
        f.place = Place{Place::On::text, read.start, read.end};
        f.sentence = words(number, read) + " has no label, and looks like " + named(f.label) +
                     " (" + two_places(read.probability) + " by " + readings_.by +
                     ", which has not seen it).";
        out_.add(std::move(f));
    }

    std::string words(std::uint32_t number, const SpanReadings::Read& read) const {
        const TextIndex text(corpus_.items()[number].text);
        const auto end = std::min<std::size_t>(static_cast<std::size_t>(read.end), text.size());
        const auto start = std::min<std::size_t>(static_cast<std::size_t>(read.start), end);
        return named(text.slice(start, end), 40);
    }

    Finding about(Check check, std::uint32_t item, const Mark& mark, double score) const {
        Finding f;
        f.check = check;
        f.item = item;
        f.score = score;
        f.control = corpus_.control_name(mark.control);
        f.label = corpus_.label_name(mark);
        f.region = mark.region;
        f.place = Place{Place::On::text, mark.start, mark.end};
        return f;
    }

    const Corpus& corpus_;
    const SpanReadings& readings_;
    Findings& out_;
};

}  // namespace

void check_far_items(const Corpus& corpus, const CheckOptions& options,
                     const ItemDistances& distances, Findings& out) {
    if (!options.wants(Check::far_item) || distances.rows.size() < least_items) return;
    std::vector<double> all;
    for (const auto& row : distances.rows) all.push_back(row.distance);
    const double usual = middle_value(all);
    for (auto& d : all) d = std::abs(d - usual);
    const double spread = std::max(1.4826 * middle_value(std::move(all)), least_spread);
    for (const auto& row : distances.rows) {
        const double z = (row.distance - usual) / spread;
        if (z < options.limits.far) continue;
        const auto& nearest = corpus.items()[row.nearest];
        Finding f;
        f.check = Check::far_item;
        f.item = row.item;
        f.score = z / (z + 4);
        f.sentence = "By " + distances.by + " the nearest item is " + two_places(row.distance) +
                     " away (1 - cosine); the median is " + two_places(usual) + ".";
        f.evidence.push_back({row.nearest, nearest.is_text ? named(nearest.text, 80)
                                                           : std::string("the nearest item")});
        out.add(std::move(f));
    }
}

void check_given_spans(const Corpus& corpus, const CheckOptions& options,
                       const SpanReadings& readings, Findings& out) {
    if (!options.wants(Check::swapped_label) && !options.wants(Check::misplaced_region) &&
        !options.wants(Check::spurious_region) && !options.wants(Check::missing_region))
        return;
    GivenSpans(corpus, readings, out).run();
}

}  // namespace countersign
