// Small pictures for lists.
#pragma once

#include "app/world.h"
#include "core/task.h"

namespace countersign {

/// A JPEG no larger than `side` pixels (16 to 1024) on its longer side. Refuses what is no image.
Result<std::string> thumbnail(const World& world, const Media& media, int side);

}  // namespace countersign
