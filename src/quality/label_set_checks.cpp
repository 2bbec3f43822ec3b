// The labels as a set, and values far from the usual ones: rare and misspelt labels, imbalance,
// boxes of odd size or shape, texts of odd length.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "base/text.h"
#include "quality/dataset_check.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

constexpr std::size_t least_for_median = 30;

struct Spread {
    double median = 0, deviation = 0;  ///< 1.4826 * median absolute deviation.
    /// Robust deviations of `value`, from the median; 0 when there is no spread to speak of.
    double of(double value) const {
        return deviation > 1e-9 ? std::abs(value - median) / deviation : 0;
    }
};

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::optional<Spread> spread_of(std::vector<double> values, double least_deviation) {
    if (values.size() < least_for_median) return {};
    Spread out;
    out.median = median_of(values);
    for (auto& v : values) v = std::abs(v - out.median);
    out.deviation = std::max(1.4826 * median_of(values), least_deviation);
    return out;
}

double score_of(double z) {
    return z / (z + 4);
}

std::string times(double ratio) {
    char text[32];
    std::snprintf(text, sizeof text, ratio < 10 ? "%.1f" : "%.0f", ratio);
    return text;
}

/// Logarithms of a box's area and of its width over height.
struct Shape {
    double area = 0, aspect = 0;
};
std::optional<Shape> shape_of(const Mark& mark) {
    const double w = mark.end - mark.start, h = mark.bottom - mark.top;
    if (mark.kind != ControlKind::boxes || !(w > 0 && h > 0) || !std::isfinite(w * h)) return {};
    return Shape{std::log(w * h), std::log(w / h)};
}

struct ShapesOfLabel {
    std::vector<double> areas, aspects;
    std::optional<Spread> area, aspect;
};

void check_boxes(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    // Boxes of one size, as cells are, have next to no spread: below 10 % nothing is odd.
    constexpr double least_deviation = 0.1;
    std::map<std::pair<std::uint16_t, std::uint32_t>, ShapesOfLabel> shapes;
    for (const auto& mark : corpus.marks())
        if (const auto s = corpus.is_label(mark) ? shape_of(mark) : std::nullopt) {
            auto& of = shapes[{mark.control, mark.label}];
            of.areas.push_back(s->area), of.aspects.push_back(s->aspect);
        }
    for (auto& [_, of] : shapes) {
        of.area = spread_of(std::move(of.areas), least_deviation);
        of.aspect = spread_of(std::move(of.aspects), least_deviation);
    }
    for (const auto& mark : corpus.marks()) {
        const auto s = corpus.is_label(mark) ? shape_of(mark) : std::nullopt;
        if (!s) continue;
        const auto& of = shapes[{mark.control, mark.label}];
        if (!of.area) continue;
        const double z_area = of.area->of(s->area), z_aspect = of.aspect->of(s->aspect);
        const double z = std::max(z_area, z_aspect);
        if (z < options.limits.odd) continue;
        const double ratio = z_area >= z_aspect ? std::exp(s->area - of.area->median)
                                                : std::exp(s->aspect - of.aspect->median);
        Finding f;
        f.check = Check::odd_box;
        f.item = mark.item;
        f.score = score_of(z);
        f.control = corpus.control_name(mark.control);
        f.label = corpus.label_name(mark);
        f.region = mark.region;
        f.place = Place{Place::On::image,      0, 0, mark.start, mark.top, mark.end - mark.start,
                        mark.bottom - mark.top};
        f.sentence = named(f.label) + " is " + times(ratio >= 1 ? ratio : 1 / ratio) + " times " +
                     (z_area >= z_aspect ? (ratio >= 1 ? "as large as" : "smaller than")
                                         : (ratio >= 1 ? "wider for its height than"
                                                       : "taller for its width than")) +
                     " the median one.";
        out.add(std::move(f));
    }
}

void check_lengths(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    constexpr double least_deviation = 0.25;
    std::vector<double> lengths;
    for (const auto& item : corpus.items())
        if (item.is_text && !trim(item.text).empty())
            lengths.push_back(std::log(static_cast<double>(item.text.size())));
    const auto spread = spread_of(std::move(lengths), least_deviation);
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i) {
        const auto& item = corpus.items()[i];
        if (!item.is_text) continue;
        Finding f;
        f.item = i;
        if (trim(item.text).empty()) {
            f.check = Check::empty_item;
            f.score = 1;
            f.sentence = "It has no text.";
            out.add(std::move(f));
            continue;
        }
        if (!spread) continue;
        const double log_length = std::log(static_cast<double>(item.text.size()));
        const double z = spread->of(log_length);
        if (z < options.limits.odd) continue;
        const double ratio = std::exp(log_length - spread->median);
        f.check = Check::odd_length;
        f.score = score_of(z);
        f.sentence = "Its text is " + times(ratio >= 1 ? ratio : 1 / ratio) + " times " +
                     (ratio >= 1 ? "longer" : "shorter") + " than the median one.";
        out.add(std::move(f));
    }
}

/// Letters and digits without case: what is left when a name is typed carelessly.
std::string bare(std::string_view name) {
    std::string out;
    for (const char c : lower_ascii(name))
        if (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)))
            out += c;
    return out;
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Insertions, deletions, changes and swaps of neighbours (Damerau 1964, restricted), up to 3.
int typing_distance(std::string_view a, std::string_view b) {
    constexpr int far = 3;
    if (a.size() > b.size() + 2 || b.size() > a.size() + 2) return far;
    std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int change = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return std::min(d[a.size()][b.size()], far);
}

bool looks_misspelt(std::string_view rare, std::string_view common) {
    const auto a = bare(rare), b = bare(common);
    if (a.empty() || b.empty()) return false;
    if (a == b) return true;
    if (has_digit(a) || has_digit(b)) return false;  // "S1" is not "S2" misspelt.
    const auto length = std::min(a.size(), b.size());
    const int distance = typing_distance(a, b);
    return length >= 4 && a.front() == b.front() &&
           (distance == 1 || (length >= 9 && distance == 2));
}

struct Count {
    std::uint32_t label = 0;
    std::size_t n = 0;
    std::uint32_t item = no_item;  ///< The first that has it.
};

class LabelSet {
public:
    LabelSet(const Corpus& corpus, const CheckOptions& options, std::size_t control,
             std::vector<Count> counts, Findings& out)
        : corpus_(corpus),
          options_(options),
          control_(control),
          counts_(std::move(counts)),
          out_(out) {
        std::stable_sort(counts_.begin(), counts_.end(),
                         [](const Count& a, const Count& b) { return a.n > b.n; });
        for (const auto& c : counts_) all_ += c.n;
    }

    void run() {
        if (counts_.empty()) return;
        for (std::size_t i = 0; i < counts_.size(); ++i)
            if (!misspelt(i)) rare(i);
        imbalance();
        unused();
    }

private:
    std::string name(std::uint32_t label) const {
        return corpus_.control(control_).labels.name(label);
    }
    Finding about(Check check, const Count& count, double score, std::string sentence) const {
        Finding f;
        f.check = check;
        f.item = count.item;
        f.score = score;
        f.control = corpus_.control_name(control_);
        f.label = name(count.label);
        f.sentence = std::move(sentence);
        return f;
    }
    bool misspelt(std::size_t at) {
        constexpr std::size_t fold = 5;
        const auto& rare = counts_[at];
        for (std::size_t i = 0; i < at; ++i) {
            const auto& common = counts_[i];
            if (common.n < fold * rare.n || !looks_misspelt(name(rare.label), name(common.label)))
                continue;
            out_.add(about(Check::misspelt_label, rare,
                           1 - static_cast<double>(rare.n) / static_cast<double>(common.n),
                           named(name(rare.label)) + " (" + std::to_string(rare.n) +
                               " times) looks like " + named(name(common.label)) + " (" +
                               std::to_string(common.n) + " times)."));
            return true;
        }
        return false;
    }
    void rare(std::size_t at) {
        const auto& c = counts_[at];
        const double mean = static_cast<double>(all_) / static_cast<double>(counts_.size());
        const auto n = static_cast<double>(c.n);
        if (counts_.size() < 2 || all_ < 100 || c.n > 3 || n * 20 > mean) return;
        out_.add(about(Check::rare_label, c, 1 - n / mean,
                       named(name(c.label)) + " is used " + std::to_string(c.n) + " of " +
                           std::to_string(all_) + " times."));
    }
    void imbalance() {
        const auto &most = counts_.front(), &least = counts_.back();
        if (counts_.size() < 2 || all_ < 100 || most.n < 20 * least.n) return;
        auto f = about(Check::imbalance, least,
                       1 - static_cast<double>(least.n) / static_cast<double>(most.n),
                       named(name(most.label)) + " has " + std::to_string(most.n) + " of " +
                           std::to_string(all_) + ", " + named(name(least.label)) + " " +
                           std::to_string(least.n) + ".");
        f.item = no_item;
        out_.add(std::move(f));
    }
    void unused() {
        const auto* control =
            options_.schema ? options_.schema->control(corpus_.control_name(control_)) : nullptr;
        if (!control) return;
        for (const auto& label : control->labels) {
            const auto number = corpus_.control(control_).labels.find(label.name);
            if (number && std::any_of(counts_.begin(), counts_.end(),
                                      [&](const Count& c) { return c.label == *number; }))
                continue;
            Finding f;
            f.check = Check::unused_label;
            f.score = 1;
            f.control = control->name;
            f.label = label.name;
            f.sentence = named(label.name) + " is in the schema, and nothing has it.";
            out_.add(std::move(f));
        }
    }

    const Corpus& corpus_;
    const CheckOptions& options_;
    std::size_t control_;
    std::vector<Count> counts_;
    Findings& out_;
    std::size_t all_ = 0;
};

}  // namespace

void check_outliers(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    if (options.wants(Check::odd_box)) check_boxes(corpus, options, out);
    check_lengths(corpus, options, out);
}

void check_label_set(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    std::vector<std::vector<Count>> counts(corpus.controls());
    for (const auto& mark : corpus.marks()) {
        if (mark.label == no_label || corpus.answer_of(mark).is_draft) continue;
        auto& of = counts[mark.control];
        if (of.size() <= mark.label) of.resize(mark.label + 1);
        auto& c = of[mark.label];
        c.label = mark.label;
        if (c.n++ == 0) c.item = mark.item;
    }
    for (std::size_t c = 0; c < counts.size(); ++c) {
        if (corpus.control(c).kind == ControlKind::rating) continue;
        std::erase_if(counts[c], [](const Count& count) { return count.n == 0; });
        LabelSet(corpus, options, c, std::move(counts[c]), out).run();
    }
}

}  // namespace countersign
