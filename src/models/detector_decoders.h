// From the numbers of object detectors to boxes: one row a family, pure and testable.
//
// A family is how its pictures are prepared and what its outputs mean. Nothing here trusts an
// output: shapes are held against the family's, numbers that are not finite are no boxes, and no
// index leaves its tensor.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/nanodet_decode.h"
#include "models/picture_input.h"
#include "models/tensor.h"

namespace countersign {

struct DecodeAsk {
    Placing placing;
    std::size_t names = 0;           ///< How many names the model has; 0: not known.
    std::optional<int> first_label;  ///< The number of the first name; none: as the family does.
    DetectOptions options;
};

struct DetectorFamily {
    std::string_view name;     ///< "yolov8"
    std::string_view title;    ///< "YOLOv8, YOLO11"
    std::string_view outputs;  ///< What it gives: "1 x (4 + labels) x cells"
    PictureInput input;
    int first_label;      ///< The number of the first name; below it is the background.
    bool needs_one_each;  ///< Its boxes overlap: one_each() is still to be done.
    bool (*fits)(std::span<const Tensor> outputs, const DecodeAsk& ask);
    /// Appends boxes in pixels of the image, clipped to it. Only for outputs that fit.
    void (*decode)(std::span<const Tensor> outputs, const DecodeAsk& ask,
                   std::vector<Detection>& found);
};

std::span<const DetectorFamily> detector_families();
const DetectorFamily* find_detector_family(std::string_view name);

/// The first family that the shapes fit; null: none.
const DetectorFamily* guess_detector_family(std::span<const Tensor> outputs, const DecodeAsk& ask);

/// Boxes by falling score, not more than options.most; Detection::object counts names from 0.
/// Refuses with Code::unsupported, naming what came and what the family gives, when they differ.
Result<std::vector<Detection>> decode_detector(const DetectorFamily& family,
                                               std::span<const Tensor> outputs,
                                               const DecodeAsk& ask);

}  // namespace countersign
