// What a network makes of a whole picture: a list of numbers by which learners tell kinds apart.
// NanoDet's own middle is always there with NanoDet; ResNet34 tells more and is there when its
// weights were fetched (docs/why/0015).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/image.h"

namespace countersign {

class ImageFeatures {
public:
    virtual ~ImageFeatures() = default;
    /// "nanodet" or "resnet34". What was learned on one kind of features is no good on another.
    virtual std::string_view name() const = 0;
    /// Always of one length.
    virtual std::vector<float> whole(const Image& image) = 0;
};

/// Those called `name`; of an empty name the best whose weights are there. Refuses
/// (Code::unavailable), naming what is missing.
Result<std::unique_ptr<ImageFeatures>> open_image_features(const std::string& models_dir,
                                                           std::string_view name);

}  // namespace countersign
