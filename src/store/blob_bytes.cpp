#include "store/blob_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace countersign {

struct BlobBytes::Mapped {
    Mapped(const std::string& path, std::int64_t size) {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        bytes = static_cast<std::size_t>(size);
        if (bytes > 0) at = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file, 0);
        ::close(file);
    }
    ~Mapped() {
        if (is_there()) ::munmap(at, bytes);
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;
    bool is_there() const { return at != MAP_FAILED; }

    void* at = MAP_FAILED;
    std::size_t bytes = 0;
};

Result<BlobBytes> BlobBytes::open(const Blobs& blobs, std::string_view sha256) {
    BlobBytes out;
    const auto path = blobs.path(sha256);
    const auto size = path.empty() ? std::nullopt : blobs.size(sha256);
    if (size) out.mapped_ = std::make_shared<const Mapped>(path, *size);
    if (!out.mapped_ || !out.mapped_->is_there()) {
        out.mapped_.reset();
        out.read_ = std::make_shared<const std::string>(TRY(blobs.get(sha256)));
    }
    return out;
}

std::string_view BlobBytes::view() const {
    if (!mapped_) return read_ ? std::string_view(*read_) : std::string_view();
    return {static_cast<const char*>(mapped_->at), mapped_->bytes};
}

}  // namespace countersign
