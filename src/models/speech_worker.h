// The speech recogniser's process. PocketSphinx keeps global state and was seen to die, so it works
// in a process of its own: messages over one socket, in both directions a header of eight bytes,
// the lengths of JSON and of raw bytes behind it, little-endian.
//
//     {"do": "open"}                                       -> {"vocabulary": 19794}
//     {"do": "adapt", "weight": 0.5, "sound": {WORD: PHONES}} + sentences, one a line
//                                                          -> {"sentences": 120}
//     {"do": "unknown"} + words, one a line                -> {"unknown": [WORD...]}
//     {"do": "hear"} + 16-bit samples at 16 kHz            -> {"words": [[TEXT, START, END, P]...]}
//     {"do": "align", "text": WORDS, "sound": {...}} + samples
//                                                          -> the same; without "sound" perhaps
//                                                             {"unknown": [WORD...]}
//
// Every answer may be {"error": SENTENCE}. The process ends when its input does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"

namespace countersign {

struct SpeechMessage {
    Json head;
    std::string bytes;
};
constexpr std::size_t most_head_bytes = 16 << 20, most_raw_bytes = 64 << 20;

std::string wire_form(const SpeechMessage& message);
/// The two lengths in a header; nothing when they are too long.
std::optional<std::pair<std::size_t, std::size_t>> wire_lengths(std::string_view header);

/// What `countersign speech-worker` does; returns the process's exit code.
int run_speech_worker(int input, int output);

/// Empty, or what has to be installed before anything is heard.
std::string missing_for_speech();

}  // namespace countersign
