// NanoDet-g, 416 x 416: boxes of 80 kinds of everyday objects in a photo, on one thread of a
// processor. The weights are made by models/fetch; the network runs in OpenCV's DNN module, named
// in nanodet.cpp only. One NanoDet is used by one thread at a time: workers load their own (15 MB,
// some 50 ms).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"
#include "models/nanodet_decode.h"

namespace countersign {

class NanoDet {
public:
    /// Refuses with Code::unavailable when `path` (nanodet.onnx) is not there or is not this
    /// network.
    static Result<NanoDet> load(const std::string& path);

    NanoDet(NanoDet&&) noexcept;
    NanoDet& operator=(NanoDet&&) noexcept;
    ~NanoDet();

    /// "nanodet-g-416 " and the first eight hex digits of the weights' sha256.
    const std::string& version() const;

    /// Boxes in pixels of `image`, by falling score. About 0.1 s.
    std::vector<Detection> detect(const Image& image, const DetectOptions& options = {});

    /// What the middle of the network makes of the picture, as one list of numbers: mean and
    /// largest value of each channel of its third and fourth stage (256 and 512 channels) over the
    /// picture. A look at "what kind of picture is this" for nearly the price of detect().
    static constexpr std::size_t embedding_size = 2 * (256 + 512);
    std::vector<float> embed(const Image& image);

private:
    struct Network;
    explicit NanoDet(std::unique_ptr<Network> network);
    std::unique_ptr<Network> network_;
};

}  // namespace countersign
