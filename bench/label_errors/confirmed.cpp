// How well are label errors found that five people confirmed, with a model's out-of-sample
// probabilities? And how long does it take on a million rows?
//
// Usage: bench_label_errors_confirmed: every lerr_* folder under COUNTERSIGN_DATA (pred_probs.f64,
// given_labels.csv, mturk.json), then 1,000,000 x 10 drawn rows. A label is wrong when fewer than 3
// of 5 people kept it; rows that nobody looked at count as right.
// Room: quality
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>

#include "../figure_line.h"
#include "base/json.h"
#include "base/rng.h"
#include "quality/label_errors.h"

namespace {

using namespace countersign;
namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
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

/// cleanlab's with the same probabilities: REFERENCE.md section 4.1. -1: not given there.
struct Known {
    std::string_view set, score;
    double auroc, average_precision, precision;
};
constexpr Known known_figures[] = {{"lerr_mnist", "self_confidence", 0.998, 0.504, 0.400},
                                   {"lerr_cifar10", "self_confidence", 0.988, 0.236, 0.278},
                                   {"lerr_20news", "self_confidence", 0.988, 0.426, 0.476},
                                   {"lerr_imdb", "self_confidence", 0.990, 0.648, 0.617},
                                   {"lerr_mnist", "margin", 0.998, 0.507, 0.400},
                                   {"lerr_cifar10", "margin", 0.991, 0.285, 0.259},
                                   {"lerr_20news", "margin", 0.999, 0.898, 0.878},
                                   {"lerr_imdb", "margin", 0.990, 0.648, 0.617},
                                   {"lerr_mnist", "self_confidence_adjusted", 0.998, 0.404, -1},
                                   {"lerr_cifar10", "self_confidence_adjusted", 0.984, 0.187, -1},
                                   {"lerr_20news", "self_confidence_adjusted", 0.984, 0.337, -1},
                                   {"lerr_imdb", "self_confidence_adjusted", 0.990, 0.631, -1},
                                   {"lerr_mnist", "weighted_entropy", 0.770, 0.003, -1},
                                   {"lerr_cifar10", "weighted_entropy", 0.982, 0.148, -1},
                                   {"lerr_20news", "weighted_entropy", 0.937, 0.084, -1},
                                   {"lerr_imdb", "weighted_entropy", 0.990, 0.648, -1}};

void measure(const fs::path& folder) {
    std::vector<std::uint32_t> given;
    std::ifstream csv(folder / "given_labels.csv");
    for (std::string line; std::getline(csv, line);)
        if (!line.empty() && line.find_first_not_of("0123456789\r") == std::string::npos)
            given.push_back(static_cast<std::uint32_t>(std::atoi(line.c_str())));
    const auto bytes = slurp(folder / "pred_probs.f64");
    std::vector<double> probability(bytes.size() / sizeof(double));
    std::copy_n(bytes.data(), probability.size() * sizeof(double),
                reinterpret_cast<char*>(probability.data()));
    const auto classes = probability.size() / given.size();
    normalise_rows(probability, classes);
    std::vector<std::uint8_t> wrong(given.size()), reviewed(given.size());
    const auto people = parse_json(slurp(folder / "mturk.json"));
    if (!people) return;
    for (const auto& item : *people) {
        const auto id = item["id"].get<std::size_t>();
        reviewed[id] = 1;
        wrong[id] = item["mturk"]["given"].get<int>() < 3;
    }
    const GivenLabels labels{classes, probability, given};
    const auto confirmed = std::count(wrong.begin(), wrong.end(), 1);
    const auto name = folder.filename().string();
    bench::line(name + ".rows", double(given.size()), "n");
    bench::line(name + ".confirmed", double(confirmed), "n");
    const auto adjusted = adjusted_rows(labels);
    const GivenLabels of_adjusted{classes, adjusted, given};
    for (const auto& [score, is_adjusted, called] :
         {std::tuple{LabelScore::margin, false, "margin"},
          std::tuple{LabelScore::self_confidence, false, "self_confidence"},
          std::tuple{LabelScore::self_confidence, true, "self_confidence_adjusted"},
          std::tuple{LabelScore::weighted_entropy, false, "weighted_entropy"}}) {
        const auto scores = label_scores(is_adjusted ? of_adjusted : labels, score);
        const auto full = name + "." + called;
        const Known* known = nullptr;
        for (const auto& k : known_figures)
            if (k.set == name && k.score == called) known = &k;
        // Theirs have three places.
        const auto least = [&](double Known::*figure) -> std::optional<double> {
            if (!known || known->*figure < 0) return {};
            return known->*figure - 0.0005;
        };
        bench::line(full + ".auroc", auroc_of_low(scores, wrong), "-", least(&Known::auroc));
        bench::line(full + ".average_precision", average_precision_of_low(scores, wrong), "-",
                    least(&Known::average_precision));
        bench::line(full + ".precision_at_confirmed",
                    precision_at(scores, wrong, static_cast<std::size_t>(confirmed)), "share",
                    least(&Known::precision));
    }
    for (const auto& [filter, called] : {std::pair{ErrorFilter::noise_rate, "noise_rate"},
                                         std::pair{ErrorFilter::confident, "confident"},
                                         std::pair{ErrorFilter::disagreement, "disagreement"}}) {
        const auto found = suspects(labels, filter);
        std::size_t hits = 0, looked = 0;
        for (const auto i : found) hits += wrong[i], looked += reviewed[i];
        std::printf("%s.%s flagged %zu confirmed %zu precision_of_reviewed %.3f\n", name.c_str(),
                    called, found.size(), hits, looked ? double(hits) / double(looked) : 0);
    }
}

void time_a_million() {
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
    const GivenLabels labels{classes, probability, given};
    // Times are against the CPU seconds that REFERENCE.md section 1.1 measured of cleanlab on such
    // rows, on another day and a like machine.
    const auto time = [](const std::string& name, double known, auto work) {
        const double spent = cpu_seconds(work);
        bench::line("label_errors.million." + name + "_cpu_seconds", spent, "s");
        bench::line("label_errors.million." + name + "_times_known_figure", known / spent, "x", 10);
    };
    time("joint", 0.40, [&] { confident_joint(labels); });
    time("self_confidence", 0.21, [&] { label_scores(labels, LabelScore::self_confidence); });
    time("margin", 0.30, [&] { label_scores(labels); });
    time("noise_rate", 2.4, [&] { suspects(labels); });
    time("confident", 0.66, [&] { suspects(labels, ErrorFilter::confident); });
    time("low_margin", 1.7, [&] { suspects(labels, ErrorFilter::count); });
    bench::line("label_errors.million.joint_and_ranking_cpu_seconds", cpu_seconds([&] {
                    confident_joint(labels);
                    label_scores(labels);
                }),
                "s", 0.25, true);
}

}  // namespace

int main() {
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const fs::path data = root ? root : "../shared/data";
    std::vector<fs::path> folders;
    if (fs::exists(data))
        for (const auto& entry : fs::directory_iterator(data))
            if (entry.path().filename().string().starts_with("lerr_"))
                folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    if (folders.empty()) std::printf("# no lerr_* folder under %s\n", data.c_str());
    for (const auto& folder : folders) measure(folder);
    time_a_million();
}
