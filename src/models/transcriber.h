// Rough transcripts of English speech by PocketSphinx (recogniser.h): words with times and the
// probability that each is right. Recordings of any length are cut at pauses. Where the schema has
// segments and a text of each, the draft is segments of speakers (speakers.h) with their texts;
// else one text of the whole recording.
//
// It learns a project's words: a language model of its reviewed transcripts and of the words that
// the config lists, mixed half and half with the general one. Every version says how many words are
// wrong in transcripts that it had not seen, with and without; the mixture is used only if it
// lowers that. The same words calibrate the probabilities.
//
// Config: {"control" (of the text), "segments" (of the speakers), "labels" (the speakers'), "words"
// (that may come up), "threshold", "least_pause" (of voice activity)}; all may be left out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/drafter.h"
#include "models/recogniser.h"
#include "models/score_map.h"
#include "models/voice_activity.h"
#include "quality/calibration.h"

namespace countersign {

constexpr std::size_t least_transcripts = 20;

/// Share of right words by their posterior, over 3,314 words of prompts (0.29 below 0.2, 0.89 above
/// 0.8): what a new project starts with.
const ScoreMap& posterior_map();

/// Pieces of `speech` to be heard one after the other: speech with pauses up to `pause` seconds in
/// between, at most `most` seconds long (cut where it is quietest), with up to 0.3 s of the silence
/// around it.
std::vector<TimeSpan> utterances(const Sound& sound, std::span<const TimeSpan> speech, double pause,
                                 double most);

/// What a project taught.
struct ProjectSpeech {
    std::vector<std::string> sentences;
    bool used = false;  ///< Whether the sentences lower the share of wrong words.
    Platt words;        ///< From posterior_map() to the project's own shares.
    std::uint32_t transcripts = 0;
};
std::string project_speech_bytes(const ProjectSpeech& speech);
/// Refuses (Code::invalid) what is damaged.
Result<ProjectSpeech> project_speech_from(std::string_view bytes);

/// A reviewed clip: what was said in it.
struct SaidClip {
    std::vector<std::int16_t> samples;  ///< 16 kHz; empty: only its words count.
    std::string text;
};
/// Hears a clip with a language model of `sentences` (empty: the general one).
using HearClips = std::function<Result<std::vector<std::vector<Word>>>(
    std::span<const SaidClip* const> clips, std::span<const std::string> sentences)>;

/// Two folds: the clips that have sound are heard with the general model and with one that has not
/// seen them. Refuses (Code::unavailable) fewer than least_transcripts texts, and what `hear`
/// refuses.
Result<LearnedModel> learn_speech(std::span<const SaidClip> clips, const HearClips& hear);

/// The row "pocketsphinx" of model_kinds().
ModelKind pocketsphinx_kind();

}  // namespace countersign
