// ResNet34 up to its classifier, 227 x 227, trained on the thousand kinds of ImageNet: 512 numbers
// that tell kinds of pictures apart which it was not trained on. Optional: the weights are made by
// `models/fetch resnet34`. The network runs in OpenCV's DNN module, named in resnet34.cpp only. One
// ResNet34 is used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"

namespace countersign {

class ResNet34 {
public:
    static constexpr std::size_t size = 512;

    /// Refuses with Code::unavailable when `path` (resnet34.onnx) is not there or is not this
    /// network.
    static Result<ResNet34> load(const std::string& path);
    ResNet34(ResNet34&&) noexcept;
    ResNet34& operator=(ResNet34&&) noexcept;
    ~ResNet34();

    /// The whole picture, stretched to the network's square. About 0.12 s.
    std::vector<float> embed(const Image& image);

private:
    struct Network;
    explicit ResNet34(std::unique_ptr<Network> network);
    std::unique_ptr<Network> network_;
};

}  // namespace countersign
