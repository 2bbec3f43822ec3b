// A file that the build put into the program (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace countersign {

struct EmbeddedFile {
    std::string_view path;  ///< Relative to the embedded folder: "assets/app.js".
    std::string_view etag;  ///< The first 16 hex digits of the bytes' SHA-256.
    std::string_view data;
};

}  // namespace countersign
