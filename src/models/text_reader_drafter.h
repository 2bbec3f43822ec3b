// Drafts of text in pictures: a box or an outline around each line, and what it says as the answer
// of a text control that is asked about each region, in reading order.
//
// PP-OCRv4 (text_reader.h) finds and reads; where tesseract (page_reader.h) can read too, it gives
// a second opinion on each line, and the confidence falls with what the two disagree on:
//
//   confidence = c (1 - d),  d = edit distance of the two readings / the longer one's length
//
// c: geometric mean of the characters' probabilities; the distance counts code points and leaves
// white space out. Tesseract reads alone where PP-OCR's weights are missing, or a language is
// neither English nor Chinese.
//
// Config: {"regions": "areas", "label": "Text", "text": "transcription", "languages": ["eng"],
// "second": "auto", "side": 1280, "threshold": 0.6, "calibration": [[score, probability], ...]}.
// "second": "auto", "on" (refused where tesseract cannot) or "off"; "side" how many pixels of the
// longer side are searched; "threshold" the least score of a place. Without "calibration" a line
// has a confidence and no probability: how often a confidence is right depends on the print, and is
// learned from what people do with the drafts.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "text-reader" of model_kinds().
ModelKind text_reader_kind();

/// What two readings disagree on, 0 to 1, as above; 0 when both are empty.
double reading_distance(std::string_view a, std::string_view b);

/// What is left of a reader's confidence `c` (0 to 1) in `text` after a second one read `other` and
/// is `sure` of it (0 to 1): `c (1 - d sure^16)`, with their distance `d`. A second reader that can
/// make nothing of a line says nothing against it.
double doubted(double c, std::string_view text, std::string_view other, double sure);

}  // namespace countersign
