#include "app/thumbnails.h"

#include "media/image.h"

namespace countersign {

Result<std::string> thumbnail(const World& world, const Media& media, int side) {
    if (side < 16 || side > 1024) return Refusal{Code::invalid, "side must be from 16 to 1024."};
    if (!media.type.starts_with("image/"))
        return Refusal{Code::unsupported, "Only images have thumbnails."};
    return thumbnail_jpeg(TRY(world.blobs.get(media.sha256)), side);
}

}  // namespace countersign
