// Help that a person asks for in the middle of a task: box -> polygon. Answers are suggestions that
// the desk shows; nothing is stored.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "app/world.h"
#include "base/guarded.h"
#include "core/people.h"
#include "media/image.h"
#include "models/outline.h"

namespace countersign {

class Assist {
public:
    explicit Assist(World& world) : world_(world) {}

    /// The outline of the thing in a box on the task's image, refined by the clicks in `ask`.
    /// Refuses: not_found; conflict when the caller does not hold the task; unsupported when it has
    /// no image; invalid, see find_outline().
    Result<OutlineRings> outline(const Caller& caller, Id task, const OutlineAsk& ask);

private:
    /// The next click is on the same photo: the last ones stay decoded.
    struct Decoded {
        std::string sha256;
        double scale = 1;  ///< Pixels of the medium for one of `image`.
        std::shared_ptr<const Image> image;
    };
    Result<Decoded> decoded(const Media& media);

    World& world_;
    Guarded<std::list<Decoded>> recent_;  ///< Newest first.
};

}  // namespace countersign
