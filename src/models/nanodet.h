// NanoDet-g, 416 x 416: boxes of 80 kinds of everyday objects in a photo, on one thread of a
// processor. The weights are made by models/fetch; the network runs in OpenCV's DNN module, named
// in nanodet.cpp only. One NanoDet is used by one thread at a time: workers load their own (15 MB,
// some 50 ms).
#pragma once

#include <array>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"
#include "models/nanodet_decode.h"

namespace countersign {

/// What one look at a picture gives: where something is, and what the middle of the network made of
/// it, from which a picture or a part of it is told apart from others without a second look.
class NanodetLook {
public:
    std::vector<Detection> found;  ///< Boxes in pixels of the picture, by falling score.

    /// Mean and largest value of each channel of the third and fourth stage (256 and 512 channels)
    /// over the picture, or over the cells that a box covers.
    static constexpr std::size_t size = 2 * (256 + 512);
    std::vector<float> whole() const;
    std::vector<float> part(const Detection& box) const;

private:
    friend class NanoDet;
    struct Stage {
        int channels = 0, side = 0;
        std::vector<float> values;  ///< channels x side x side
    };
    void pool(const Stage& stage, float left, float top, float right, float bottom,
              std::vector<float>& out) const;
    Letterbox box_{};
    std::array<Stage, 2> stages_;
};

/// "auto" tiles are no smaller than this: a little enlarged, they still show more
/// (bench/draft_quality).
constexpr int nanodet_tile_side = 350, nanodet_tiles_across = 4;

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

    /// detect(), in `across` tiles of the picture too (tiles.h): small objects are found, for the
    /// price of a detect() a tile. One tile across is detect(). Stops early with what it has.
    std::vector<Detection> detect_in_tiles(const Image& image, int across,
                                           const DetectOptions& options = {},
                                           const std::stop_token& stop = {});

    /// detect(), and what kind of picture or part of it that is, for the same price.
    NanodetLook look(const Image& image, const DetectOptions& options = {});

private:
    struct Network;
    explicit NanoDet(std::unique_ptr<Network> network);
    std::unique_ptr<Network> network_;
};

}  // namespace countersign
