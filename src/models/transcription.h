// Transcripts by a server that speaks OpenAI's POST /audio/transcriptions (OpenAI, Azure,
// whisper.cpp, faster-whisper, vLLM, LocalAI, Groq...), through a line (connector.h).
//
// The recording is sent as it was stored. verbose_json with times of words and segments is asked
// for; a server that refuses it is asked for plain json from then on.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "transcription" of model_kinds().
ModelKind transcription_kind();

/// A RIFF file of 16-bit samples.
std::string wav_of(const Sound& sound);

}  // namespace countersign
