// What speech servers answer to /v1/audio/transcriptions (OpenAI API reference, "Create
// transcription": json, verbose_json and diarized_json; whisper servers speak the same), as
// regions. Pure.
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "core/region.h"
#include "models/drafter.h"

namespace countersign {

/// Which controls of a schema a transcript answers.
struct TranscriptPlan {
    std::string whole;       ///< A text about the whole recording; empty: there is none.
    std::string segments;    ///< Empty: there is none.
    std::string of_segment;  ///< A text about each segment; empty: there is none.
    std::string label;       ///< Of a segment whose speaker is not told, or is no label.
    std::map<std::string, std::string> speakers;  ///< The server's name -> a label.
};

/// From the schema and the config's "segment_label" and "map". Refuses a schema that asks for no
/// text and no segments, and labels it does not have.
Result<TranscriptPlan> transcript_plan(const Schema& schema, const Json& config);

/// `seconds` of the recording; what lies behind its end is cut or left out. Words are kept where
/// they have times; a word is as sure as the server says, or as its tokens' log-probabilities make
/// it. Speakers that the plan does not map become labels of their name, or the control's labels in
/// the order in which they are heard first, as far as these go. Refuses with Code::invalid what is
/// no transcript.
Result<DraftAnswer> transcript_answer(const Json& reply, const Schema& schema,
                                      const TranscriptPlan& plan, double seconds);

}  // namespace countersign
