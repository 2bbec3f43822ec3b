// Items that are like no other, and spans that a learner of the other texts contradicts.
//
// Distances: to the nearest neighbours, and of texts how rare their words are, as the directions in
// which words differ most say little of words that nobody else uses. How far is too far follows
// from the set itself, by medians and median deviations (docs/why/0048).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "quality/dataset_check.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

constexpr std::size_t least_items = 30;
/// Spreads are not taken to be less: among all but equal items every difference would be large.
constexpr double least_spread = 0.02, least_rarity_spread = 0.15, least_sum_spread = 0.5;

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

/// Values as robust deviations from their median (Iglewicz and Hoaglin 1993).
struct Deviations {
    Deviations(std::vector<double> values, double least) : of(std::move(values)) {
        median = middle_value(of);
        auto off = of;
        for (auto& v : off) v = std::abs(v - median);
        const double spread = std::max(1.4826 * middle_value(std::move(off)), least);
        for (auto& v : of) v = (v - median) / spread;
    }
    double median = 0;
    std::vector<double> of;
};

/// The words of a text, each once, and signs; ASCII in lower case. Of scripts that set no words
/// apart (from U+3000 on) each character is one.
std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    const auto close = [&] {
        if (!word.empty()) out.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0xe3) {
            const std::size_t bytes = c >= 0xf0 ? 4 : 3;
            close();
            out.emplace_back(text.substr(i, bytes));
            i += bytes - 1;
        } else if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
            word += text[i];
        } else if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else {
            close();
            if (c > ' ') out.emplace_back(1, text[i]);
        }
    }
    close();
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// How rare the words of each text are among all: the mean logarithm of how many items there are to
/// one that has the word. Empty where an item is no text.
std::vector<double> rarity_of_words(const Corpus& corpus, const ItemDistances& distances) {
    /// As many words of usual rarity are added to each: one strange word is not a strange text.
    constexpr double usual_words = 3;
    std::unordered_map<std::string, std::uint32_t> items_with;
    for (const auto& row : distances.rows) {
        if (!corpus.items()[row.item].is_text) return {};
        for (auto& word : words_in(corpus.items()[row.item].text)) ++items_with[std::move(word)];
    }
    const double all = static_cast<double>(distances.rows.size()) + 1;
    std::vector<double> sums, counts, means;
    for (const auto& row : distances.rows) {
        double sum = 0, count = 0;
        for (const auto& word : words_in(corpus.items()[row.item].text)) {
            sum += std::log(all / (static_cast<double>(items_with[word]) - 0.5));
            ++count;
        }
        sums.push_back(sum);
        counts.push_back(count);
        if (count > 0) means.push_back(sum / count);
    }
    if (means.empty()) return {};
    const double usual = middle_value(std::move(means));
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = (sums[i] + usual_words * usual) / (counts[i] + usual_words);
    return sums;
}

std::string one_in(double rarity) {
    return std::to_string(std::max(1L, std::lround(std::exp(rarity))));
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
    std::vector<double> near;
    for (const auto& row : distances.rows) near.push_back(row.distance);
    const Deviations of_near(std::move(near), least_spread);
    const auto rarity = rarity_of_words(corpus, distances);
    auto far = of_near;
    std::optional<Deviations> of_words;
    if (!rarity.empty()) {
        of_words.emplace(rarity, least_rarity_spread);
        for (std::size_t i = 0; i < far.of.size(); ++i) far.of[i] += of_words->of[i];
        far = Deviations(std::move(far.of), least_sum_spread);
    }
    for (std::size_t i = 0; i < distances.rows.size(); ++i) {
        const auto& row = distances.rows[i];
        const double z = far.of[i];
        if (z < options.limits.far) continue;
        const auto& nearest = corpus.items()[row.nearest];
        Finding f;
        f.check = Check::far_item;
        f.item = row.item;
        f.score = z / (z + 4);
        f.sentence = "By " + distances.by + " the nearest items are " + two_places(row.distance) +
                     " away (1 - cosine; the median is " + two_places(of_near.median) + ")";
        if (of_words)
            f.sentence += ", and a word of it stands in one of " + one_in(rarity[i]) +
                          " items (the median is one of " + one_in(of_words->median) + ")";
        f.sentence += ".";
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
