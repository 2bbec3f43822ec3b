// BlazeFace, 256 x 256: faces in a photo and six points of each, on one thread of a processor. The
// weights are made by models/fetch; the network runs in OpenCV's DNN module, named in blazeface.cpp
// only. One BlazeFace is used by one thread at a time.
//
// It misses faces under some 16 pixels of its input, so that in large pictures it also looks at
// tiles (tiles.h).
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"
#include "models/blazeface_decode.h"
#include "models/tiles.h"

namespace countersign {

struct FaceOptions {
    float least_score = 0.5f;
    Tiling tiling{.automatic = true};
    float same = 0.3f;       ///< Candidates over this IoU are one face.
    std::size_t most = 500;  ///< Faces a picture.
};

class BlazeFace {
public:
    /// Refuses with Code::unavailable when `path` (blazeface.onnx) is not there or is not this
    /// network.
    static Result<BlazeFace> load(const std::string& path);

    BlazeFace(BlazeFace&&) noexcept;
    BlazeFace& operator=(BlazeFace&&) noexcept;
    ~BlazeFace();

    /// "blazeface-256 " and the first eight hex digits of the weights' sha256.
    const std::string& version() const;

    /// Faces by falling score, in pixels of the image; a box may stick out of it. Stops early with
    /// what it has.
    std::vector<Face> find(const Image& image, const FaceOptions& options = {},
                           const std::stop_token& stop = {});

private:
    struct Network;
    explicit BlazeFace(std::unique_ptr<Network> network);
    std::unique_ptr<Network> network_;
};

}  // namespace countersign
