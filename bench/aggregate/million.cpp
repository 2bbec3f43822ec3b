// How long does one label from several people's take on a million labels?
//
// Usage: bench_aggregate_million: 200,000 tasks of five labels by 1,000 people in five classes,
// drawn; CPU seconds of one thread. First the answers: those of the formulas written out plainly,
// on 2,000 of the tasks. `..._times_known_figure` is against the CPU seconds that REFERENCE.md
// section 1.1 measured of crowd-kit on such labels, on another day and a like machine.
// Room: quality
#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

#include "../figure_line.h"
#include "base/rng.h"
#include "quality/aggregation.h"
#include "quality/agreement.h"

namespace {

using namespace countersign;

constexpr std::uint32_t people = 1'000, classes = 5;
constexpr int each = 5;

std::vector<Rating> drawn(std::uint32_t tasks) {
    Rng rng(1);
    std::vector<Rating> rows;
    for (std::uint32_t t = 0; t < tasks; ++t) {
        const auto truth = rng.below(classes);
        for (int i = 0; i < each; ++i) {
            const auto who = rng.below(people);
            const bool right = rng.uniform() < 0.5 + 0.45 * who / people;
            rows.push_back({t, who, right ? truth : rng.below(classes)});
        }
    }
    return rows;
}

/// Dawid and Skene 1979, from shares of votes, as the paper writes it.
std::vector<double> plainly(const Ratings& ratings, int rounds) {
    const auto units = ratings.units();
    std::vector<double> q(units * classes);
    for (std::size_t u = 0; u < units; ++u)
        for (const auto& e : ratings.of(u))
            q[u * classes + e.value] += 1.0 / double(ratings.of(u).size());
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> share(classes), confusion(people * classes * classes),
            of_class(people * classes);
        for (std::size_t u = 0; u < units; ++u)
            for (std::uint32_t k = 0; k < classes; ++k) {
                share[k] += q[u * classes + k] / double(units);
                for (const auto& e : ratings.of(u)) {
                    confusion[(e.rater * classes + k) * classes + e.value] += q[u * classes + k];
                    of_class[e.rater * classes + k] += q[u * classes + k];
                }
            }
        for (std::size_t u = 0; u < units; ++u) {
            double sum = 0;
            std::vector<double> p(share);
            for (std::uint32_t k = 0; k < classes; ++k) {
                for (const auto& e : ratings.of(u))
                    p[k] *= std::max(confusion[(e.rater * classes + k) * classes + e.value] /
                                         std::max(of_class[e.rater * classes + k], 1e-10),
                                     1e-10);
                sum += p[k];
            }
            for (std::uint32_t k = 0; k < classes; ++k) q[u * classes + k] = p[k] / sum;
        }
    }
    return q;
}

/// The least of five: what others do on the machine only ever adds.
template <class Work>
double cpu_seconds(Work&& work) {
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto from = std::clock();
        work();
        least = std::min(least, double(std::clock() - from) / CLOCKS_PER_SEC);
    }
    return least;
}

}  // namespace

int main() {
    {
        const Ratings few(drawn(2'000), 2'000, people, classes);
        AggregationOptions options;
        options.method = Aggregation::dawid_skene;
        options.most_rounds = 6;
        options.tolerance = 0;
        const auto found = aggregate(few, options).posterior;
        const auto slow = plainly(few, 6);
        double far = 0;
        for (std::size_t i = 0; i < slow.size(); ++i)
            far = std::max(far, std::abs(slow[i] - found[i]));
        bench::line("aggregate.million.far_from_plain_formulas", far * 1e9, "1e-9", 1, true);
    }
    constexpr std::uint32_t tasks = 200'000;
    const auto rows = drawn(tasks);
    const Ratings ratings(rows, tasks, people, classes);
    const auto time = [&](const char* name, Aggregation method, double known, double most,
                          bool ten_rounds = false) {
        AggregationOptions options;
        options.method = method;
        options.tolerance = ten_rounds ? 0 : 1e-5;
        options.most_rounds = ten_rounds ? 10 : 100;
        int rounds = 0;
        const double spent = cpu_seconds([&] {  // From rows to labels, as it was for crowd-kit.
            rounds = aggregate(Ratings(rows, tasks, people, classes), options).rounds;
        });
        const auto full = std::string("aggregate.million.") + name;
        bench::line(full + "_rounds", rounds, "n");
        bench::line(full + "_cpu_seconds", spent, "s",
                    most > 0 ? std::optional(most) : std::nullopt, true);
        bench::line(full + "_times_known_figure", known / spent, "x", 20);
    };
    time("majority", Aggregation::majority, 2.1, 0);
    time("dawid_skene", Aggregation::dawid_skene, 4.7, 0.5);
    time("dawid_skene_ten_rounds", Aggregation::dawid_skene, 9.0, 0, true);
    time("one_coin", Aggregation::one_coin, 9.2, 0);
    bench::line("aggregate.million.alpha_cpu_seconds",
                cpu_seconds([&] { krippendorff_alpha(ratings, Distance::nominal()); }), "s", 0.1,
                true);
}
