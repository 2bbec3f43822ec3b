// The item of an imported row, for those who check rows without a project.
#pragma once

#include <string>
#include <string_view>

#include "formats/format.h"

namespace countersign {

struct RowItem {
    std::string name;  ///< The row's key, else its image; empty: it has neither.
    std::string text;  ///< Empty for pictures.
    bool is_text = false;
    std::string split;  ///< As the row says it; empty: it does not.
    std::string image;  ///< Entry or file name of the picture; empty: none.
};
RowItem item_of(const ImportedRow& row);

/// The split that a row names in its columns, or among what came with the item; empty: none.
std::string split_of_texts(std::string_view meta, std::string_view data);

/// The format called `name`; when that is empty the one that is surest of the source, whatever its
/// items are. Refuses one that cannot be read.
Result<const Format*> format_to_read(const Source& source, const std::string& name);

/// The split that a path names by a folder or the beginning of a file's name: "train", "test" or
/// "dev" for all spellings of it; empty: none.
std::string_view split_in_path(std::string_view path);

}  // namespace countersign
