#include "models/turn_voices.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign {

namespace {

constexpr std::size_t turn_folds = 3, turn_voice_size = 16;
constexpr double no_voice = -std::numeric_limits<double>::infinity();

/// For each frame the turn that alone covers it; -1: none, or several.
std::vector<int> turn_of_frames(const HeardSpeech& speech, std::span<const SpeakerTurn> turns) {
    constexpr int nobody = -1, several = -2;
    std::vector<int> out(speech.frames.size(), nobody);
    for (std::size_t t = 0; t < turns.size(); ++t) {
        const auto first =
            static_cast<std::uint32_t>(std::max(0.0, std::ceil(turns[t].start / cepstra_step)));
        auto i = static_cast<std::size_t>(
            std::lower_bound(speech.at.begin(), speech.at.end(), first) - speech.at.begin());
        for (; i < out.size() && speech.at[i] * cepstra_step < turns[t].end; ++i)
            out[i] = out[i] == nobody ? static_cast<int>(t) : several;
    }
    for (auto& turn : out) turn = std::max(turn, nobody);
    return out;
}

std::vector<std::size_t> folds_of(std::span<const SpeakerTurn> turns, std::size_t speakers) {
    std::vector<std::size_t> dealt(speakers), out;
    for (const auto& turn : turns)
        out.push_back(dealt[static_cast<std::size_t>(turn.speaker)]++ % turn_folds);
    return out;
}

}  // namespace

std::vector<TurnFit> fit_turns(const HeardSpeech& speech, int speakers,
                               std::span<const SpeakerTurn> turns, const std::stop_token& stop) {
    const auto n = static_cast<std::size_t>(std::max(0, speakers));
    std::vector<std::vector<const Cepstra*>> frames(turns.size());
    const auto covered = turn_of_frames(speech, turns);
    for (std::size_t i = 0; i < covered.size(); ++i)
        if (covered[i] >= 0)
            frames[static_cast<std::size_t>(covered[i])].push_back(&speech.frames[i]);
    const auto folds = folds_of(turns, n);
    std::vector<TurnFit> out(turns.size());
    for (std::size_t fold = 0; fold < turn_folds && !stop.stop_requested(); ++fold) {
        std::vector<std::vector<const Cepstra*>> others(n);
        for (std::size_t t = 0; t < turns.size(); ++t) {
            if (folds[t] == fold) continue;
            auto& own = others[static_cast<std::size_t>(turns[t].speaker)];
            own.insert(own.end(), frames[t].begin(), frames[t].end());
        }
        std::vector<Voice> voices;
        for (const auto& own : others)
            voices.push_back(own.size() < least_voice_frames ? Voice()
                                                             : Voice::of(own, turn_voice_size));
        for (std::size_t t = 0; t < turns.size(); ++t) {
            const auto speaker = static_cast<std::size_t>(turns[t].speaker);
            if (folds[t] != fold || frames[t].size() < least_turn_frames ||
                !voices[speaker].known())
                continue;
            out[t].frames = frames[t].size();
            for (const auto& voice : voices) {
                double sum = voice.known() ? 0 : no_voice;
                if (voice.known())
                    for (const auto* frame : frames[t])
                        sum += static_cast<double>(voice.log_likelihood(*frame));
                out[t].of_speaker.push_back(sum / static_cast<double>(frames[t].size()));
            }
        }
    }
    return out;
}

std::vector<double> turn_probabilities(const TurnFit& fit, double scale) {
    std::vector<double> out(fit.of_speaker.size());
    if (out.empty()) return out;
    const double weight = scale * std::sqrt(static_cast<double>(fit.frames));
    const double best = *std::max_element(fit.of_speaker.begin(), fit.of_speaker.end());
    double sum = 0;
    for (std::size_t k = 0; k < out.size(); ++k)
        sum += out[k] = std::exp(weight * (fit.of_speaker[k] - best));
    for (auto& p : out) p /= sum;
    return out;
}

double best_scale(std::span<const TurnFit> fits, std::span<const int> given, double usual,
                  double strays) {
    // Never less probable than this, so that single wrong labels do not make everything unsure.
    constexpr double floor = 0.02;
    const auto likelihood = [&](double log_scale) {
        const double off = strays > 0 ? (log_scale - std::log(usual)) / strays : 0;
        double sum = -off * off / 2;
        for (std::size_t i = 0; i < fits.size(); ++i) {
            if (fits[i].frames == 0) continue;
            const auto p = turn_probabilities(fits[i], std::exp(log_scale));
            sum += std::log(floor + (1 - floor) * p[static_cast<std::size_t>(given[i])]);
        }
        return sum;
    };
    constexpr int steps = 60;
    const double least = std::log(0.001), most = std::log(10.0);
    double best = least, most_likely = likelihood(least);
    for (int step = 1; step <= steps; ++step) {
        const double at = least + (most - least) * step / steps;
        if (const double here = likelihood(at); here > most_likely) best = at, most_likely = here;
    }
    return std::exp(best);
}

}  // namespace countersign
