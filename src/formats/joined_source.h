// Several sources as one, and which files are archives.
#pragma once

#include "formats/source.h"

namespace countersign {

/// Of two entries of one name the first source's stays.
std::unique_ptr<Source> join_sources(std::vector<std::unique_ptr<Source>> sources);
/// Whether the file is a zip, a tar or a compressed file, by its name and its first bytes.
bool is_archive(const std::string& path);

}  // namespace countersign
