// How well are label errors found that five people confirmed, with a model's out-of-sample
// probabilities? And how long does it take on a million rows?
//
// Usage: bench_label_errors_confirmed: every lerr_* folder under COUNTERSIGN_DATA (pred_probs.f64,
// given_labels.csv, mturk.json), then 1,000,000 x 10 drawn rows. A label is wrong when fewer than 3
// of 5 people kept it; rows that nobody looked at count as right.
// Room: quality
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

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

template <class Work>
double seconds(Work&& work) {
    const auto from = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

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
    std::printf("%s.rows %zu n\n%s.confirmed %td n\n", name.c_str(), given.size(), name.c_str(),
                confirmed);
    for (const auto& [score, called] :
         {std::pair{LabelScore::margin, "margin"},
          std::pair{LabelScore::self_confidence, "self_confidence"}}) {
        const auto scores = label_scores(labels, score);
        std::printf("%s.%s.auroc %.4f -\n%s.%s.precision_at_confirmed %.4f share\n", name.c_str(),
                    called, auroc_of_low(scores, wrong), name.c_str(), called,
                    precision_at(scores, wrong, static_cast<std::size_t>(confirmed)));
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
    std::printf("million.joint %.3f s\n", seconds([&] { confident_joint(labels); }));
    std::printf("million.score %.3f s\n", seconds([&] { label_scores(labels); }));
    std::printf("million.noise_rate %.3f s\n", seconds([&] { suspects(labels); }));
    std::printf("million.confident %.3f s\n",
                seconds([&] { suspects(labels, ErrorFilter::confident); }));
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
