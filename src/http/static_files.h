// The desk's pages: put into the program by the build, or read from a folder while developing.
// A file that has a `.br` or `.gz` sibling is sent in that coding to a browser that takes it.
// Unknown paths give index.html, for the desk finds its own way from there.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/message.h"

namespace countersign {

class StaticFiles {
public:
    /// `dir` empty: the embedded files.
    explicit StaticFiles(std::string dir);
    Result<Response> serve(const Request& request) const;

private:
    struct File {
        std::string etag;  ///< With quotes.
        std::string_view data;
    };
    Result<Response> serve_from_dir(const Request& request, std::string_view path) const;
    std::string dir_;
    std::map<std::string, File, std::less<>> files_;
};

/// "image/svg+xml" for "a/b.svg"; "application/octet-stream" when unknown.
std::string_view media_type_of(std::string_view path);

}  // namespace countersign
