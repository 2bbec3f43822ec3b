// The bytes of a blob for as long as this lives: mapped where the blob is a file on this machine,
// so that hours of sound cost no memory, else read.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/blobs.h"

namespace countersign {

class BlobBytes {
public:
    /// Refuses what is not stored.
    static Result<BlobBytes> open(const Blobs& blobs, std::string_view sha256);
    std::string_view view() const;

private:
    struct Mapped;
    std::shared_ptr<const Mapped> mapped_;
    std::shared_ptr<const std::string> read_;
};

}  // namespace countersign
