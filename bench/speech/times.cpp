// Room: models
// How far from the truth are the times of words that a person wrote? Sound whose word times are
// known, aligned on the right words: of every word whose start or end is known the distance in
// seconds.
//
//     bench_speech_times FOLDER       from bench/speech/times.py
#include <cmath>
#include <map>
#include <sstream>

#include "../figure_line.h"
#include "models/recogniser.h"
#include "models/word_times.h"
#include "sound_file.h"

namespace {

using namespace countersign;
using namespace countersign::bench;

struct TrueWord {
    std::string text;
    std::optional<double> start, end;
};
using Sentences = std::map<std::string, std::vector<TrueWord>>;  ///< By file.

std::map<std::string, Sentences> sets_in(const std::string& folder) {
    std::map<std::string, Sentences> out;
    std::ifstream file(folder + "/times.tsv");
    for (std::string set, wav, word, start, end; file >> set >> wav >> word >> start >> end;) {
        const auto known = [](const std::string& time) {
            return time == "-" ? std::nullopt : std::optional(std::strtod(time.c_str(), nullptr));
        };
        out[set][wav].push_back({word, known(start), known(end)});
    }
    return out;
}

struct Distances {
    std::vector<double> starts, ends;
    double words = 0, untimed = 0;
};

void measure(Recogniser& ear, const Sound& sound, const std::vector<TrueWord>& truth,
             Distances& out) {
    std::vector<std::string> written;
    for (const auto& word : truth) written.push_back(word.text);
    const auto found = time_words(ear, sound, {0, sound.seconds()}, written);
    if (!found) std::printf("# %s\n", found.refusal().message.c_str());
    std::size_t at = 0;
    for (const auto& word : truth) {
        ++out.words;
        if (!found || at == found->size() || (*found)[at].text != word.text) {
            ++out.untimed;
            continue;
        }
        if (word.start) out.starts.push_back(std::abs((*found)[at].start - *word.start));
        if (word.end) out.ends.push_back(std::abs((*found)[at].end - *word.end));
        ++at;
    }
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return std::nan("");
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

/// Seconds: what nobody hears or sees as playback follows the words.
constexpr double wanted_median = .05, wanted_p90 = .1;

void print(const std::string& name, const Distances& d) {
    line("times_" + name + "_start_median", quantile(d.starts, .5), "s", wanted_median, true);
    line("times_" + name + "_start_p90", quantile(d.starts, .9), "s", wanted_p90, true);
    line("times_" + name + "_end_median", quantile(d.ends, .5), "s", wanted_median, true);
    line("times_" + name + "_end_p90", quantile(d.ends, .9), "s", wanted_p90, true);
    line("times_" + name + "_untimed", d.untimed / d.words, "share");
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::puts("usage: bench_speech_times FOLDER"), 2;
    const std::string folder = words[1];
    if (const auto missing = missing_for_speech(); !missing.empty())
        return std::printf("# %s\n", missing.c_str()), 3;
    const auto sets = sets_in(folder);
    if (sets.empty())
        return std::printf("# no word times in %s: bench/speech/times.py\n", folder.c_str()), 3;
    Distances synthesized;
    for (const auto& [set, sentences] : sets) {
        Distances own;
        Recogniser ear(speech_worker_command(), {}, {});
        for (const auto& [wav, truth] : sentences)
            if (const auto sound = wav_file(folder + "/" + set + "/" + wav))
                measure(ear, *sound, truth, own);
        std::printf("# %s: %.0f words\n", set.c_str(), own.words);
        print(set, own);
        if (set == "prompts") continue;
        synthesized.words += own.words, synthesized.untimed += own.untimed;
        synthesized.starts.insert(synthesized.starts.end(), own.starts.begin(), own.starts.end());
        synthesized.ends.insert(synthesized.ends.end(), own.ends.begin(), own.ends.end());
    }
    print("synthesized", synthesized);
    return short_of > 0;
}
