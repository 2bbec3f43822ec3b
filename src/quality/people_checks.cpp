// Findings about people, phrased as help: far from the others, too fast, drifting. A signal is a
// finding, never a verdict.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "quality/agreement.h"
#include "quality/dataset_check.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

constexpr std::size_t least_in_common = 15, least_people = 3, least_timed = 20;
constexpr double much_less = 0.15;      // Of the share of agreement.
constexpr double fastest_reading = 60;  // Characters a second: three times a fast reader.
constexpr double fastest_answer = 0.4;  // Seconds: below, nobody looked.
constexpr double many_too_fast = 0.2;

std::string percent_words(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
    return text;
}

Finding of_person(const Corpus& corpus, Check check, std::uint32_t person, double score,
                  std::string sentence) {
    Finding f;
    f.check = check;
    f.person = corpus.people().name(person);
    f.score = score;
    f.sentence = std::move(sentence);
    return f;
}

std::vector<Rating> ratings_of(const Corpus& corpus, std::size_t control) {
    std::vector<Rating> out;
    for (const auto& mark : corpus.marks())
        if (mark.control == control && mark.label != no_label && !corpus.answer_of(mark).is_draft)
            out.push_back({mark.item, corpus.answer_of(mark).by, mark.label});
    return out;
}

void check_far(const Corpus& corpus, std::size_t control, const Ratings& ratings, Findings& out) {
    auto all = rater_agreements(ratings, Distance::nominal());
    std::erase_if(all, [](const RaterAgreement& r) { return r.units < least_in_common; });
    if (all.size() < least_people) return;
    std::vector<double> shares;
    for (const auto& r : all) shares.push_back(r.percent);
    std::nth_element(shares.begin(),
                     shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2), shares.end());
    const double median = shares[shares.size() / 2];
    for (const auto& r : all) {
        const auto agreed =
            static_cast<std::size_t>(std::lround(r.percent * static_cast<double>(r.units)));
        if (wilson(agreed, r.units).high > median - much_less) continue;
        auto f =
            of_person(corpus, Check::person_far, r.rater, median - r.percent,
                      corpus.people().name(r.rater) + " agrees with others in " +
                          percent_words(r.percent) + " of " + std::to_string(r.units) +
                          " shared items; the median person in " + percent_words(median) + ".");
        f.control = corpus.control_name(control);
        out.add(std::move(f));
    }
}

/// Whether each answer, in time, is the most common one among the others'.
void check_drift(const Corpus& corpus, std::size_t control, const Ratings& ratings, Findings& out) {
    struct Answered {
        Millis at;
        bool agrees;
    };
    std::map<std::uint32_t, std::vector<Answered>> of;
    for (const auto& mark : corpus.marks()) {
        const auto& answer = corpus.answer_of(mark);
        if (mark.control != control || mark.label == no_label || answer.is_draft ||
            answer.created == 0)
            continue;
        std::size_t same = 0, others = 0;
        for (const auto& entry : ratings.of(mark.item))
            if (entry.rater != answer.by) ++others, same += entry.value == mark.label;
        if (others > 0) of[answer.by].push_back({answer.created, 2 * same >= others});
    }
    for (auto& [person, answers] : of) {
        if (answers.size() < 2 * least_timed) continue;
        std::stable_sort(answers.begin(), answers.end(),
                         [](const Answered& a, const Answered& b) { return a.at < b.at; });
        const auto half = answers.size() / 2;
        std::size_t before = 0, after = 0;
        for (std::size_t i = 0; i < answers.size(); ++i)
            (i < half ? before : after) += answers[i].agrees;
        const auto fell = difference_of_shares(before, half, after, answers.size() - half);
        if (fell.low <= 0.05) continue;
        auto f =
            of_person(corpus, Check::person_drift, person, fell.low,
                      corpus.people().name(person) + " agreed with others in " +
                          percent_words(static_cast<double>(before) / static_cast<double>(half)) +
                          " of the first half of the answers, and in " +
                          percent_words(static_cast<double>(after) /
                                        static_cast<double>(answers.size() - half)) +
                          " of the second.");
        f.control = corpus.control_name(control);
        out.add(std::move(f));
    }
}

void check_speed(const Corpus& corpus, Findings& out) {
    struct Timed {
        std::size_t fast = 0, all = 0;
    };
    std::map<std::uint32_t, Timed> of;
    for (const auto& item : corpus.items())
        for (const auto& answer : corpus.answers_of(item)) {
            if (answer.is_draft || answer.seconds <= 0) continue;
            auto& timed = of[answer.by];
            ++timed.all;
            timed.fast +=
                answer.seconds <
                std::max(fastest_answer, static_cast<double>(item.text.size()) / fastest_reading);
        }
    for (const auto& [person, timed] : of) {
        if (timed.all < least_timed) continue;
        const double low = wilson(timed.fast, timed.all).low;
        if (low < many_too_fast) continue;
        out.add(of_person(corpus, Check::too_fast, person, low,
                          std::to_string(timed.fast) + " of " + std::to_string(timed.all) +
                              " answers of " + corpus.people().name(person) +
                              " came faster than the item can be read."));
    }
}

}  // namespace

void check_people(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    if (corpus.people().size() > 1)
        for (std::size_t c = 0; c < corpus.controls(); ++c) {
            const auto& control = corpus.control(c);
            if (control.kind != ControlKind::choices && control.kind != ControlKind::rating)
                continue;
            if (control.is_multiple || control.labels.size() < 2) continue;
            const auto rows = ratings_of(corpus, c);
            const Ratings ratings(rows, corpus.items().size(), corpus.people().size(),
                                  control.labels.size());
            if (options.wants(Check::person_far)) check_far(corpus, c, ratings, out);
            if (options.wants(Check::person_drift)) check_drift(corpus, c, ratings, out);
        }
    if (options.wants(Check::too_fast)) check_speed(corpus, out);
}

}  // namespace countersign
