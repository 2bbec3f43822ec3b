// Speech to words through the speech worker (speech_worker.h): starts it, asks it, and starts
// another when it dies or does not answer; the clip in its hands is tried once more, then given up,
// and the next one goes on. Used by one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/result.h"
#include "core/region.h"
#include "models/speech_worker.h"

namespace countersign {

/// How to start the worker: this program's own "speech-worker", or the program that
/// COUNTERSIGN_SPEECH_WORKER names. Empty when neither is there.
std::vector<std::string> speech_worker_command();

/// What the language model learns of a project. Weight 0: nothing.
struct SpeechAdaptation {
    std::vector<std::string> sentences;  ///< Spoken words, separated by spaces.
    std::vector<std::string> words;      ///< That may come up, whether or not a sentence has them.
    double weight = 0.5;
    bool empty() const { return sentences.empty() && words.empty(); }
};

class Recogniser {
public:
    /// By the clock, so that a busy machine must not look like a stuck worker.
    struct Patience {
        std::chrono::milliseconds start{180'000};  ///< Of loading and of adapting.
        std::chrono::milliseconds clip{120'000};   ///< Of a clip, and as much again
        double times_clip = 30;                    ///< for each second of it times this.
    };
    Recogniser(std::vector<std::string> command, SpeechAdaptation adaptation, Patience patience);

    /// Words of one clip, at most 60 s, times from its first sample, posteriors as confidence.
    /// Refuses: no worker can be had (Code::unavailable), a stop (Code::cancelled), this clip was
    /// too much for two workers (Code::invalid).
    Result<std::vector<Word>> hear(std::span<const std::int16_t> samples,
                                   const std::stop_token& stop = {});

    /// When the words of `text` (spoken_words() of it) are said in the clip (forced alignment), in
    /// order; those that the dictionary lacks are said by rule. Clips of minutes will do. Refuses
    /// as hear() does, and (Code::invalid) a text that the clip cannot be.
    Result<std::vector<Word>> align(std::span<const std::int16_t> samples, std::string_view text,
                                    const std::stop_token& stop = {});

    int process() const { return worker_ ? worker_->id() : -1; }  ///< -1: none runs.

private:
    using Until = ChildProcess::Clock::time_point;
    Result<Json> ask(const SpeechMessage& message, Until until, const std::stop_token& stop);
    Result<> start(const std::stop_token& stop);
    Result<> teach(const std::stop_token& stop);
    /// How they sound, of those of which that can be said.
    Json sounds_of(const Json& words, const std::stop_token& stop);
    Result<std::vector<Word>> words_of(Json head, std::span<const std::int16_t> samples,
                                       const std::stop_token& stop);

    std::vector<std::string> command_;
    SpeechAdaptation adaptation_;
    Patience patience_;
    std::unique_ptr<ChildProcess> worker_;
    std::map<std::string, std::string> sounds_;  ///< Found once, however many workers die.
};

/// The words of an answer, checked: a worker is outside too.
Result<std::vector<Word>> words_from(const Json& answer, double seconds);

}  // namespace countersign
