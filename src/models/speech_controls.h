// Which controls of a schema drafts of speech answer, and what they call the speakers.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/region.h"
#include "core/schema.h"
#include "models/speakers.h"

namespace countersign {

/// The control of segments called config["control"] or config["segments"], else the first. Refuses
/// a schema that has none, or whose items are no recordings.
Result<const Control*> segments_control(const Schema& schema, const Json& config,
                                        const char* key = "control");

/// The control of texts called config["control"]; else the first asked about each region when there
/// are segments, else the first about the whole recording.
Result<const Control*> transcript_control(const Schema& schema, const Json& config);

/// The labels that name speakers ("Speaker 1", "A", "agent", "interviewer"...), in order: not those
/// of sounds ("siren"). config["labels"] names them where the guess is wrong; refuses one that the
/// control does not have.
Result<std::vector<std::string>> speaker_labels(const Control& control, const Json& config);

/// A drafted segment: id "d" and the number.
Region drafted_segment(const Control& control, const SpeakerTurn& turn, const std::string& label,
                       std::size_t number);

/// Neighbours of one speaker with at most `pause` seconds between them become one, while that is no
/// longer than `most` seconds.
std::vector<SpeakerTurn> joined_turns(const std::vector<SpeakerTurn>& turns, double pause,
                                      double most);

}  // namespace countersign
