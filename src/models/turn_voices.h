// Whose voice each labelled turn sounds like, as voices (speakers.h) that have not heard it tell: a
// speaker's voice is learned from the other turns of the same recording.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "models/speakers.h"

namespace countersign {

/// How well a turn fits each speaker's voice.
struct TurnFit {
    /// Mean log-likelihood of a frame, one a speaker; -infinity: no voice without this turn.
    std::vector<double> of_speaker;
    std::size_t frames = 0;  ///< Heard in it of nobody else, 10 ms each.
};

/// A voice needs two seconds of other turns; a turn is judged by half a second of its own.
constexpr std::size_t least_voice_frames = 200, least_turn_frames = 50;

/// One a turn, in their order; those that cannot be judged have no frames. Turns of speakers 0 ..
/// `speakers`-1; where two lie over each other neither is listened to. Each speaker's turns are
/// dealt into three folds; voices are learned without the fold of the turn that they judge.
std::vector<TurnFit> fit_turns(const HeardSpeech& speech, int speakers,
                               std::span<const SpeakerTurn> turns,
                               const std::stop_token& stop = {});

/// The share of each speaker for one turn: softmax of the fits by the root of its frames, times
/// `scale`. Sums to 1.
std::vector<double> turn_probabilities(const TurnFit& fit, double scale);

/// The scale under which the turns' own speakers (`given`, one a fit) are most probable, in
/// [0.001, 10]. Fits that are not judged count for nothing. With `strays` above 0: the most
/// probable where its logarithm is held to be normal around `usual`'s before anything is heard.
double best_scale(std::span<const TurnFit> fits, std::span<const int> given, double usual = 1,
                  double strays = 0);

}  // namespace countersign
