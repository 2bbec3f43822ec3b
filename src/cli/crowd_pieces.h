// `agree` and `aggregate` of spans, shapes, transcripts and segments.
#pragma once

#include <string>

#include "app/crowd.h"
#include "base/json.h"

namespace countersign {

/// What is said of one control, as JSON; with `print` as text on standard output instead.
Json agreement_of_pieces(const CrowdPieces& pieces, const Crowd& crowd, int resamples, bool print);

/// The result as CSV, and how near each person is to it.
std::string fused_csv(const FusedCrowd& fused, const CrowdPieces& pieces, const Crowd& crowd);
std::string fused_people_csv(const FusedCrowd& fused, const Crowd& crowd);

}  // namespace countersign
