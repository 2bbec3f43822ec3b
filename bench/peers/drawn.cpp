// A million drawn labels and a million drawn rows of probabilities, our answers about them, and CPU
// seconds of one thread; for a script that times other implementations on the same rows.
//
// Usage: bench_peers_drawn FOLDER: leaves flat little-endian arrays there, prints `name seconds`.
// Room: quality
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "base/rng.h"
#include "quality/aggregation.h"
#include "quality/label_errors.h"

namespace {

using namespace countersign;

std::string folder;

template <class T>
void leave(const std::string& name, const std::vector<T>& values) {
    std::ofstream out(folder + "/" + name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(T)));
}

/// The least of five: what others do on the machine only ever adds.
template <class Work>
void time(const std::string& name, Work&& work) {
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto from = std::clock();
        work();
        least = std::min(least, double(std::clock() - from) / CLOCKS_PER_SEC);
    }
    std::printf("%s %.17g\n", name.c_str(), least);
}

void crowd() {
    constexpr std::uint32_t tasks = 200'000, people = 1'000, classes = 5;
    Rng rng(1);
    std::vector<Rating> rows;
    for (std::uint32_t t = 0; t < tasks; ++t) {
        const auto truth = rng.below(classes);
        for (int i = 0; i < 5; ++i) {
            const auto who = rng.below(people);
            const bool right = rng.uniform() < 0.5 + 0.45 * who / people;
            // One label a person and task: what peers do with two differs.
            if (std::none_of(rows.rbegin(), rows.rbegin() + std::min<long>(i, long(rows.size())),
                             [&](const Rating& r) { return r.unit == t && r.rater == who; }))
                rows.push_back({t, who, right ? truth : rng.below(classes)});
        }
    }
    std::vector<std::uint32_t> flat;
    for (const auto& r : rows) flat.insert(flat.end(), {r.unit, r.rater, r.value});
    leave("labels.u32", flat);
    const auto run = [&](const std::string& name, Aggregation method, int rounds) {
        AggregationOptions options;
        options.method = method;
        options.most_rounds = rounds;
        options.tolerance = rounds < 100 ? 0 : 1e-5;
        Aggregated found;
        time(name, [&] {  // From rows to labels, as it is for peers.
            found = aggregate(Ratings(rows, tasks, people, classes), options);
        });
        leave(name + ".f64", found.posterior);
    };
    run("majority", Aggregation::majority, 100);
    run("dawid_skene", Aggregation::dawid_skene, 100);
    run("dawid_skene_ten_rounds", Aggregation::dawid_skene, 10);
    run("one_coin", Aggregation::one_coin, 100);
}

void errors() {
    constexpr std::size_t n = 1'000'000, classes = 10;
    Rng rng(1);
    std::vector<double> probability(n * classes);
    std::vector<std::uint32_t> given(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto truth = rng.below(classes);
        double sum = 0;
        for (std::size_t k = 0; k < classes; ++k)
            sum += probability[i * classes + k] = rng.uniform() * (k == truth ? 6 : 1);
        for (std::size_t k = 0; k < classes; ++k) probability[i * classes + k] /= sum;
        given[i] = rng.uniform() < 0.1 ? rng.below(classes) : truth;
    }
    leave("rows.f64", probability);
    leave("given.u32", given);
    const GivenLabels labels{classes, probability, given};
    std::vector<double> found;
    time("joint", [&] { found = confident_joint(labels).counts; });
    leave("joint.f64", found);
    for (const auto& [name, score] :
         {std::pair{"self_confidence", LabelScore::self_confidence},
          std::pair{"margin", LabelScore::margin},
          std::pair{"weighted_entropy", LabelScore::weighted_entropy}}) {
        time(name, [&] { found = label_scores(labels, score); });
        leave(std::string(name) + ".f64", found);
    }
    for (const auto& [name, filter] : {std::pair{"noise_rate", ErrorFilter::noise_rate},
                                       std::pair{"confident", ErrorFilter::confident},
                                       std::pair{"low_margin", ErrorFilter::count}}) {
        std::vector<std::size_t> suspected;
        time(name, [&] { suspected = suspects(labels, filter); });
        leave(std::string(name) + ".u64", suspected);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "bench_peers_drawn FOLDER\n");
        return 2;
    }
    folder = argv[1];
    crowd();
    errors();
}
