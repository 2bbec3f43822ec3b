// Bytes by content hash. On disk: <dir>/ab/cd/<sha256>, written to a temporary name, synced and
// renamed, so that a name that exists is whole. The door for S3 is this interface.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace countersign {

struct BlobInfo {
    std::string sha256;  ///< Hex.
    std::int64_t bytes = 0;
};

class Blobs {
public:
    virtual ~Blobs() = default;
    virtual BlobInfo put(std::string_view bytes) = 0;
    /// Streams: `read` fills a buffer and returns bytes read, 0 at the end. Refuses past `limit`.
    virtual Result<BlobInfo> put_stream(const std::function<std::size_t(char*, std::size_t)>& read,
                                        std::int64_t limit) = 0;
    virtual bool has(std::string_view sha256) const = 0;
    virtual Result<std::string> get(std::string_view sha256) const = 0;
    /// Bytes [from, from + n) (fewer at the end).
    virtual Result<std::string> get_range(std::string_view sha256, std::int64_t from,
                                          std::int64_t n) const = 0;
    virtual std::optional<std::int64_t> size(std::string_view sha256) const = 0;
    /// Calls `each` for every blob (backup).
    virtual void list(const std::function<void(const BlobInfo&)>& each) const = 0;
    /// What was made of a blob and can be made again ("peaks"): kept with it under a short name of
    /// lower-case letters, neither listed nor backed up.
    virtual void put_beside(std::string_view sha256, std::string_view name,
                            std::string_view bytes) = 0;
    virtual std::optional<std::int64_t> size_beside(std::string_view sha256,
                                                    std::string_view name) const = 0;
    /// Bytes [from, from + n) of it (fewer at the end).
    virtual Result<std::string> get_beside(std::string_view sha256, std::string_view name,
                                           std::int64_t from, std::int64_t n) const = 0;
    /// The path of a blob on local disk, for decoders that map files; empty when it has none.
    virtual std::string path(std::string_view sha256) const = 0;
};

std::unique_ptr<Blobs> disk_blobs(const std::string& dir);

}  // namespace countersign
