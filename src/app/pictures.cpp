#include "app/pictures.h"

#include "media/shrink.h"
#include "quality/hashing.h"

namespace countersign {

namespace {

std::optional<PictureHash> hash_of_picture(std::string_view bytes) {
    const auto image = decode_image(bytes, 32);
    if (!image || image->width < 9 || image->height < 9) return {};
    const auto small = shrink(*image, 9, 9);
    std::array<std::uint8_t, 81> grey{};
    for (std::size_t i = 0; i < grey.size(); ++i)
        grey[i] = static_cast<std::uint8_t>(
            (29 * small.bgr[3 * i] + 150 * small.bgr[3 * i + 1] + 77 * small.bgr[3 * i + 2]) >> 8);
    return picture_hash(grey);
}

}  // namespace

PictureLook picture_look(std::string_view bytes) {
    PictureLook out;
    out.bytes = hash_bytes(bytes) | 1;
    out.hash = hash_of_picture(bytes);
    if (const auto info = image_info(bytes)) out.width = info->width, out.height = info->height;
    return out;
}

PictureFiles::PictureFiles(std::shared_ptr<const Source> files,
                           std::shared_ptr<const Source> images)
    : files_(std::move(files)), images_(std::move(images)), book_(*files_) {
    if (images_) image_book_.emplace(*images_);
}

Result<std::string> PictureFiles::bytes(std::string_view name) const {
    if (const auto* entry = book_.image(name)) return files_->read_all(entry->name);
    if (image_book_)
        if (const auto* entry = image_book_->image(name)) return images_->read_all(entry->name);
    return Refusal{Code::not_found, "There is no image \"" + std::string(name) +
                                        "\": say where the images are with --images."};
}

std::optional<ImageSize> PictureFiles::size(std::string_view name) {
    const auto [at, is_new] = sizes_.try_emplace(std::string(name));
    if (is_new)
        if (const auto got = bytes(name))
            if (const auto info = image_info(*got)) at->second = {info->width, info->height};
    return at->second;
}

PictureLook PictureFiles::look_at(std::string_view name) const {
    const auto got = bytes(name);
    return got ? picture_look(*got) : PictureLook{};
}

}  // namespace countersign
