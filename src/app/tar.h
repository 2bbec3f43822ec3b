// POSIX ustar, as much of it as a backup needs: plain files, one after the other. Sizes over 8 GiB
// are written in base 256, as GNU tar does. Any tar program reads it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace countersign {

struct FileClose {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, FileClose>;

class TarWriter {
public:
    TarWriter(std::FILE* out, Millis now) : out_(out), now_(now) {}
    /// `read` fills a buffer and returns bytes read; it must give exactly `bytes`. Throws when the
    /// disk is full.
    void add(const std::string& name, std::int64_t bytes,
             const std::function<std::size_t(char*, std::size_t)>& read);
    void finish();

private:
    void write(const char* data, std::size_t n);
    std::FILE* out_;
    Millis now_;
};

class TarReader {
public:
    explicit TarReader(std::FILE* in) : in_(in) {}
    struct Entry {
        std::string name;
        std::int64_t bytes = 0;
    };
    /// The next file's name and size, passing over what was left unread of the one before; nothing
    /// at the end. Refuses (invalid) what is not a tar of plain files, or is cut short.
    Result<std::optional<Entry>> next();
    /// Bytes of the current file; 0 at its end, or where the archive is cut short.
    std::size_t read(char* into, std::size_t room);

private:
    std::FILE* in_;
    std::int64_t left_ = 0, padding_ = 0;
};

}  // namespace countersign
