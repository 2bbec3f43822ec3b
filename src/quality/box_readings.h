// What a picture shows by models that have not seen its labels: boxes with probabilities, for the
// checks of boxes where no model's drafts are there.
//
// A label speaks for itself: only where these boxes agree with the boxes people drew of it, on this
// very set, is anything said of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quality/corpus.h"

namespace countersign {

struct BoxReadings {
    struct Read {
        double left = 0, top = 0, right = 0, bottom = 0;  ///< Pixels of the upright picture.
        std::uint32_t label = 0;                          ///< Of the control.
        double probability = 0;  ///< That people drew a box of this label here (IoU >= 0.5).
    };
    std::uint32_t control = 0;         ///< Of the corpus.
    std::vector<std::uint32_t> items;  ///< Pictures that somebody labelled.
    std::vector<std::vector<Read>> reads;
    std::string by;  ///< "NanoDet"
};

/// How far the boxes read of one label can be told by, on the boxes people drew of it. The limits
/// were chosen on other sets than are reported (docs/why/0049).
struct BoxStanding {
    std::uint32_t label = 0;
    std::size_t boxes = 0;   ///< That people drew.
    double sure = 2;         ///< Boxes read as probable as this are mostly right; above 1: none is.
    double confirmed = 0;    ///< Share of people's boxes that a box of the label covers.
    double well_placed = 0;  ///< Share of the confirmed ones that lie well (IoU >= 0.6).
    bool speaks() const { return sure <= 1; }
    bool tells_nothing_there() const { return speaks() && confirmed >= 0.65; }
    bool tells_places() const { return speaks() && well_placed >= 0.8; }
};
/// Of every label of the control, by number.
std::vector<BoxStanding> standing_of_boxes(const Corpus& corpus, const BoxReadings& readings);

}  // namespace countersign
