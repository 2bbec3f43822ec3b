// Pictures that files of labels name: in the same source, or in a folder beside it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/reader.h"
#include "quality/near_duplicates.h"

namespace countersign {

struct PictureLook {
    std::uint64_t bytes = 0;  ///< Hash of the file; 0: it cannot be read.
    std::optional<PictureHash> hash;
    int width = 0, height = 0;
};

/// What a file shows, of its bytes.
PictureLook picture_look(std::string_view bytes);

class PictureFiles {
public:
    /// `images` may be null.
    PictureFiles(std::shared_ptr<const Source> files, std::shared_ptr<const Source> images);
    Result<std::string> bytes(std::string_view name) const;
    std::optional<ImageSize> size(std::string_view name);
    PictureLook look_at(std::string_view name) const;

private:
    std::shared_ptr<const Source> files_, images_;
    EntryBook book_;
    std::optional<EntryBook> image_book_;
    std::unordered_map<std::string, std::optional<ImageSize>> sizes_;
};

}  // namespace countersign
