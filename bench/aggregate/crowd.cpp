// How often is each aggregation's label the true one on real crowds, and how fast is it?
//
// Usage: bench_aggregate_crowd [FOLDER...] (default: crowd_* under COUNTERSIGN_DATA), each with
// labels.csv (task,worker,label) and truth.csv (task,label).
// Room: quality
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "../figure_line.h"
#include "quality/aggregation.h"
#include "quality/agreement.h"

namespace {

using namespace countersign;

struct Numbers {
    std::map<std::string, std::uint32_t> of;
    std::uint32_t operator()(const std::string& name) {
        return of.try_emplace(name, static_cast<std::uint32_t>(of.size())).first->second;
    }
};

/// The cells of a line from the right, so that a task's name may hold commas.
std::vector<std::string> cells(std::string line, std::size_t n) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> out(n);
    for (std::size_t i = n; i-- > 1;) {
        const auto cut = line.rfind(',');
        if (cut == std::string::npos) return {};
        out[i] = line.substr(cut + 1);
        line.resize(cut);
    }
    out[0] = line;
    return out;
}

/// REFERENCE.md section 2.1: the best of nine open methods on the set, and the method that is best
/// over all of these sets (crowd-kit's one-coin) on it.
struct Known {
    std::string_view set;
    double best, best_method;
};
constexpr Known known_figures[] = {{"crowd_weather_cf_amt", 0.8667, 0.8600},
                                   {"crowd_music_genre", 0.8000, 0.7929},
                                   {"crowd_sentence_polarity_amt", 0.9460, 0.9460},
                                   {"crowd_zencrowd_us", 0.9025, 0.9025}};
constexpr double four_places = 0.00005;

Scored scored(const Aggregated& found, const std::map<std::uint32_t, std::uint32_t>& truth) {
    Scored out;
    out.classes = found.values;
    for (const auto& [task, label] : truth)
        if (task < found.label.size() && label < found.values)
            out.add(found.row(task), static_cast<int>(label));
    return out;
}

struct Mean {
    double ours = 0, known = 0;
    int sets = 0;
} mean;

void measure(const std::filesystem::path& folder) {
    Numbers tasks, workers, labels;
    std::vector<Rating> rows;
    std::string line;
    std::ifstream in(folder / "labels.csv");
    std::getline(in, line);
    while (std::getline(in, line))
        if (const auto c = cells(line, 3); !c.empty())
            rows.push_back({tasks(c[0]), workers(c[1]), labels(c[2])});
    std::map<std::uint32_t, std::uint32_t> truth;
    std::ifstream gold(folder / "truth.csv");
    std::getline(gold, line);
    while (std::getline(gold, line))
        if (const auto c = cells(line, 2); !c.empty()) truth[tasks(c[0])] = labels(c[1]);
    const Ratings ratings(rows, tasks.of.size(), workers.of.size(), labels.of.size());
    const auto name = folder.filename().string();
    const auto alpha = krippendorff_alpha(ratings, Distance::nominal());
    bench::line(name + ".labels", double(ratings.size()), "n");
    if (alpha) bench::line(name + ".alpha", alpha->alpha, "-");
    // Four implementations agree on it: REFERENCE.md section 3.
    if (alpha && name == "crowd_music_genre")
        bench::line(name + ".alpha_from_known", std::abs(alpha->alpha - 0.301031), "-", 5e-7, true);
    const auto report = [&](const std::string& method, const AggregationOptions& options) {
        const auto from = std::chrono::steady_clock::now();
        const auto found = aggregate(ratings, options);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - from;
        double right = 0, loss = 0;
        for (const auto& [task, label] : truth) {
            right += found.label[task] == label;
            loss -= std::log(std::max(found.row(task)[label], 1e-9));
        }
        std::printf("%s.%s accuracy %.4f nll %.3f rounds %d seconds %.3f against_mv %.3f\n",
                    name.c_str(), method.c_str(), right / double(truth.size()),
                    loss / double(truth.size()), found.rounds, spent.count(),
                    share_against_majority(ratings, found));
    };
    for (const auto method :
         {Aggregation::majority, Aggregation::weighted_vote, Aggregation::one_coin,
          Aggregation::shared_errors, Aggregation::dawid_skene, Aggregation::shrunk,
          Aggregation::glad, Aggregation::mace}) {
        AggregationOptions options;
        options.method = method;
        report(std::string(name_of(method)), options);
    }
    const auto choice = choose_by_held_out(ratings, 1);
    AggregationOptions options;
    options.method = choice.method;
    std::printf("%s.choice %s temper %.2f log_score %.4f p %.4f\n", name.c_str(),
                std::string(name_of(choice.method)).c_str(), choice.temper, choice.log_score,
                choice.p);
    report("chosen_raw", options);
    const auto raw = scored(aggregate(ratings, options), truth);
    options.temper = choice.temper;
    report("chosen", options);
    const auto chosen = scored(aggregate(ratings, options), truth);
    for (const auto& known : known_figures) {
        if (known.set != name) continue;
        bench::line(name + ".chosen_accuracy", accuracy(chosen), "share", known.best - four_places);
        mean.ours += accuracy(chosen), mean.known += known.best_method, ++mean.sets;
    }
    bench::line(name + ".chosen_log_loss_below_raw", log_loss(raw) - log_loss(chosen), "nats", 0);
    const auto top = top_labels(chosen);
    const auto error = calibration_error_interval(top.confidence, top.correct, 1);
    bench::line(name + ".chosen_ece", expected_calibration_error(top.confidence, top.correct),
                "share");
    bench::line(name + ".chosen_ece_low", error.low, "share");
    bench::line(name + ".chosen_ece_high", error.high, "share");
    const auto raw_top = top_labels(raw);
    bench::line(name + ".raw_ece", expected_calibration_error(raw_top.confidence, raw_top.correct),
                "share");
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> folders(argv + 1, argv + argc);
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const std::filesystem::path data = root ? root : "../shared/data";
    if (folders.empty() && std::filesystem::exists(data))
        for (const auto& entry : std::filesystem::directory_iterator(data))
            if (entry.path().filename().string().starts_with("crowd_"))
                folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    if (folders.empty())
        std::printf("# no crowd_* folder under %s: nothing measured\n", data.c_str());
    for (const auto& folder : folders) measure(folder);
    if (mean.sets > 0)
        bench::line("aggregate.mean_chosen_accuracy", mean.ours / mean.sets, "share",
                    mean.known / mean.sets - four_places);
}
