#include "models/image_features.h"

#include <filesystem>

#include "models/nanodet.h"
#include "models/resnet34.h"

namespace countersign {

namespace {

constexpr std::string_view nanodet_features = "nanodet", resnet_features = "resnet34";

class NanodetFeatures final : public ImageFeatures {
public:
    explicit NanodetFeatures(NanoDet net) : net_(std::move(net)) {}
    std::string_view name() const override { return nanodet_features; }
    std::vector<float> whole(const Image& image) override { return net_.look(image).whole(); }

private:
    NanoDet net_;
};

class ResnetFeatures final : public ImageFeatures {
public:
    explicit ResnetFeatures(ResNet34 net) : net_(std::move(net)) {}
    std::string_view name() const override { return resnet_features; }
    std::vector<float> whole(const Image& image) override { return net_.embed(image); }

private:
    ResNet34 net_;
};

}  // namespace

Result<std::unique_ptr<ImageFeatures>> open_image_features(const std::string& models_dir,
                                                           std::string_view name) {
    const auto weights = models_dir + "/resnet34.onnx";
    if (name == resnet_features || (name.empty() && std::filesystem::exists(weights)))
        return std::unique_ptr<ImageFeatures>(
            std::make_unique<ResnetFeatures>(TRY(ResNet34::load(weights))));
    if (!name.empty() && name != nanodet_features)
        return Refusal{Code::unavailable, "There are no image features called \"" +
                                              std::string(name) + "\" here: learn again."};
    return std::unique_ptr<ImageFeatures>(
        std::make_unique<NanodetFeatures>(TRY(NanoDet::load(models_dir + "/nanodet.onnx"))));
}

}  // namespace countersign
