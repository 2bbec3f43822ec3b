// Drafts by an ONNX file of the user's own, on OpenCV: boxes by the table of detectors, or a
// choice.
//
// Config: "file", below the folder of models; "names_file", a text file there with a name a line,
// or "names"; the rest is NetworkReading's (network_reading.h). Names, size and kind of network
// that the file itself says need not be said again.
#pragma once

#include "models/drafter.h"
#include "models/onnx_facts.h"

namespace countersign {

/// The row "onnx" of model_kinds().
ModelKind onnx_kind();

/// What an ONNX file says of itself, if it is a model for pictures; else a refusal that begins with
/// `called`. Nothing is run.
Result<OnnxFacts> check_onnx(std::string_view bytes, const std::string& called);

/// The path of `file` below `dir`. Refuses names that are absolute or lead out of it, also by a
/// link, and with Code::unavailable a file that is not there.
Result<std::string> path_below(const std::string& dir, const std::string& file);

}  // namespace countersign
