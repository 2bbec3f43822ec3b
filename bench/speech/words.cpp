// Room: models
// How many words of real prompts are wrong in a draft: with the general language model, and after
// the project's model learned from the transcripts of other prompts.
//
//     bench_speech_words FOLDER [TESTED [PART]]     from bench/speech/prompts.py; TESTED: prompts,
//     130;
//                                                   PART: one of the six, "general"...
//
// Split: prompts in the order of a fixed generator's numbers; the first TESTED are tested, the
// others are the reviewed ones. Two more splits hold out whole families, so that no sibling of a
// tested prompt was reviewed: those the target was measured on, whose sentences are like those of
// other families, and TESTED prompts of families drawn at random, most of them letters, digits or
// names said alone, of which no sentence tells anything.
#include <sys/resource.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "../figure_line.h"
#include "base/rng.h"
#include "models/recogniser.h"
#include "models/word_model.h"
#include "sound_file.h"

namespace {

using namespace countersign;
using namespace countersign::bench;

struct Prompt {
    std::string wav, family;
    std::vector<std::string> said;
    std::string text;
};

std::vector<Prompt> prompts_in(const std::string& folder) {
    std::vector<Prompt> out;
    std::ifstream file(folder + "/prompts.tsv");
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        Prompt prompt;
        if (std::getline(fields, prompt.wav, '\t') && std::getline(fields, prompt.family, '\t') &&
            std::getline(fields, prompt.text)) {
            prompt.said = spoken_words(prompt.text);
            out.push_back(std::move(prompt));
        }
    }
    return out;
}

double children_cpu() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

struct Score {
    double errors = 0, said = 0, right = 0, sentences = 0, seconds = 0, cpu = 0;
    std::vector<std::pair<double, bool>> words;  ///< Posterior; right.
};

Score score(const std::string& folder, const std::vector<const Prompt*>& tested,
            SpeechAdaptation adaptation) {
    Score out;
    const double before = children_cpu();
    {
        Recogniser ear(speech_worker_command(), std::move(adaptation), {});
        for (const auto* prompt : tested) {
            const auto sound = wav_file(folder + "/" + prompt->wav);
            if (!sound) continue;
            const auto heard = ear.hear(sound->samples);
            if (!heard)
                std::printf("# %s: %s\n", prompt->wav.c_str(), heard.refusal().message.c_str());
            std::vector<std::string> words;
            if (heard)
                for (const auto& word : *heard) words.push_back(word.text);
            const auto wrong = word_errors(prompt->said, words);
            out.errors += static_cast<double>(wrong.errors);
            out.said += static_cast<double>(wrong.said);
            out.right += wrong.errors == 0;
            ++out.sentences;
            out.seconds += sound->seconds();
            for (std::size_t i = 0; i < words.size(); ++i)
                out.words.emplace_back((*heard)[i].confidence.value_or(0), wrong.right[i] != 0);
        }
    }
    out.cpu = children_cpu() - before;
    return out;
}

void print(const std::string& name, const Score& s, std::optional<double> target) {
    line("words_" + name + "_wer", 100 * s.errors / s.said, "%", target, true);
    line("words_" + name + "_sentences_right", 100 * s.right / s.sentences, "%");
    line("words_" + name + "_rtf", s.cpu / s.seconds, "cpu_s/s", 1.0, true);
}

/// That a right word's posterior is above a wrong one's.
double area_under_curve(std::vector<std::pair<double, bool>> words) {
    std::sort(words.begin(), words.end());
    double ranks = 0, right = 0, wrong = 0;
    for (std::size_t i = 0; i < words.size();) {
        std::size_t j = i;
        while (j < words.size() && words[j].first == words[i].first) ++j;
        for (std::size_t k = i; k < j; ++k) {
            if (words[k].second)
                ranks += static_cast<double>(i + j + 1) / 2, ++right;
            else
                ++wrong;
        }
        i = j;
    }
    return (ranks - right * (right + 1) / 2) / (right * wrong);
}

struct Split {
    std::vector<const Prompt*> tested, reviewed;
};

const std::set<std::string> held_out{"confbridge", "demo", "queue"};

SpeechAdaptation lesson_of(const std::vector<const Prompt*>& reviewed) {
    SpeechAdaptation out;
    for (const auto* prompt : reviewed) out.sentences.push_back(prompt->text);
    return out;
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::puts("usage: bench_speech_words FOLDER [TESTED]"), 2;
    const std::string folder = words[1];
    const auto tested_size = static_cast<std::size_t>(count > 2 ? std::atoi(words[2]) : 130);
    const auto prompts = prompts_in(folder);
    if (prompts.size() <= tested_size)
        return std::printf("# no prompts in %s: bench/speech/prompts.py\n", folder.c_str()), 3;
    std::vector<std::size_t> order(prompts.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [](std::size_t a, std::size_t b) {
        return counter_uniform(7, 0, a) < counter_uniform(7, 0, b);
    });
    Split random, held, drawn;
    for (std::size_t i = 0; i < order.size(); ++i)
        (i < tested_size ? random.tested : random.reviewed).push_back(&prompts[order[i]]);
    std::map<std::string, std::vector<const Prompt*>> families;
    for (const auto& prompt : prompts) families[prompt.family].push_back(&prompt);
    std::vector<std::pair<double, std::string>> names;
    for (const auto& [name, members] : families)
        names.emplace_back(counter_uniform(11, 0, names.size()), name);
    std::sort(names.begin(), names.end());
    for (const auto& numbered : names)
        for (const auto* prompt : families[numbered.second]) {
            const bool is_held = held_out.contains(prompt->family);
            (is_held ? held.tested : held.reviewed).push_back(prompt);
            const bool is_drawn = drawn.tested.size() < tested_size;
            (is_drawn ? drawn.tested : drawn.reviewed).push_back(prompt);
        }
    std::printf("# %zu prompts, tested: %zu at random, %zu of families held out, %zu of drawn\n",
                prompts.size(), random.tested.size(), held.tested.size(), drawn.tested.size());
    const std::string part = count > 3 ? words[3] : "";
    const auto measure = [&](const std::string& name, const std::vector<const Prompt*>& heard,
                             SpeechAdaptation adaptation, std::optional<double> target) {
        if (!part.empty() && part != name) return;
        const auto s = score(folder, heard, std::move(adaptation));
        print(name, s, target);
        line("words_" + name + "_posterior_auc", area_under_curve(s.words), "share",
             name == "general" ? std::optional(0.75) : std::nullopt);
    };
    const auto both = [&](const std::string& which, const Split& split,
                          std::optional<double> target) {
        measure("general" + which, split.tested, {}, std::nullopt);
        measure("adapted" + which, split.tested, lesson_of(split.reviewed), target);
    };
    both("", random, 18.8);
    both("_held_families", held, 23.3);
    both("_drawn_families", drawn, std::nullopt);
    return short_of > 0;
}
