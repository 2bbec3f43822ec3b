#include "models/image_features.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "models/resnet34.h"

using namespace countersign;

namespace {

std::string features_dir() {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return std::string(source ? source : ".") + "/models/cache";
}

}  // namespace

TEST_CASE("features that are not there, or that nobody knows, are refused by name") {
    const auto missing = open_image_features("/nowhere", "resnet34");
    REQUIRE(!missing);
    CHECK(missing.refusal().code == Code::unavailable);
    CHECK(missing.refusal().message.find("models/fetch resnet34") != std::string::npos);
    CHECK(open_image_features("/nowhere", "").refusal().message.find("nanodet.onnx") !=
          std::string::npos);
    CHECK(open_image_features("/nowhere", "dinosaur").refusal().message.find("dinosaur") !=
          std::string::npos);
}

TEST_CASE("a file that is not ResNet34 is refused, not run") {
    const auto dir = std::filesystem::temp_directory_path() / "countersign-resnet-test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "resnet34.onnx") << "not a network";
    CHECK(open_image_features(dir.string(), "").refusal().code == Code::unavailable);
    std::filesystem::remove_all(dir);
}

TEST_CASE("ResNet34, where it was fetched, tells two pictures apart and one not from itself") {
    if (!std::filesystem::exists(features_dir() + "/resnet34.onnx")) {
        MESSAGE("skipped: " << features_dir()
                            << "/resnet34.onnx is not there: ./do image-features makes it");
        return;
    }
    const auto eyes = open_image_features(features_dir(), "");
    REQUIRE(eyes);
    CHECK((*eyes)->name() == "resnet34");
    const Image dark{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 20)};
    const Image light{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 220)};
    const auto one = (*eyes)->whole(dark);
    CHECK(one.size() == ResNet34::size);
    CHECK(one == (*eyes)->whole(dark));
    CHECK(one != (*eyes)->whole(light));
}
