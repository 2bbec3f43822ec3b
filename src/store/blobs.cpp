#include "store/blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/crypto.h"

namespace countersign {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void broken(const std::string& what, const std::string& path) {
    throw Breakdown(what + " " + path + ": " + std::strerror(errno));
}

/// A file that is open for as long as this lives.
class OpenFile {
public:
    OpenFile(const std::string& path, int flags)
        : path_(path), fd_(::open(path.c_str(), flags, 0600)) {}
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    bool is_open() const { return fd_ >= 0; }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::write(fd_, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) broken("Cannot write", path_);
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    std::string read(std::int64_t from, std::int64_t n) {
        std::string out(static_cast<std::size_t>(n), '\0');
        std::size_t have = 0;
        while (have < out.size()) {
            const auto got = ::pread(fd_, out.data() + have, out.size() - have,
                                     from + static_cast<std::int64_t>(have));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) broken("Cannot read", path_);
            if (got == 0) break;
            have += static_cast<std::size_t>(got);
        }
        out.resize(have);
        return out;
    }
    void sync() {
        if (::fsync(fd_) != 0) broken("Cannot make durable", path_);
    }

private:
    std::string path_;
    int fd_;
};

void sync_folder(const std::string& path) {
    OpenFile folder(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!folder.is_open()) broken("Cannot open", path);
    folder.sync();
}

bool is_digest(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class DiskBlobs final : public Blobs {
public:
    explicit DiskBlobs(std::string dir) : dir_(std::move(dir)) {
        fs::create_directories(dir_ + "/part");
        // What a crash left behind; a younger part may be another server's, still growing.
        const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
        for (const auto& left : fs::directory_iterator(dir_ + "/part"))
            if (left.last_write_time() < yesterday) fs::remove(left.path());
    }

    BlobInfo put(std::string_view bytes) override {
        const auto digest = hex(sha256(bytes));
        const BlobInfo info{digest, static_cast<std::int64_t>(bytes.size())};
        if (has(digest)) return info;
        const auto part = part_name();
        {
            OpenFile file(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
            if (!file.is_open()) broken("Cannot create", part);
            file.write(bytes);
            file.sync();
        }
        settle(part, digest);
        return info;
    }

    Result<BlobInfo> put_stream(const std::function<std::size_t(char*, std::size_t)>& read,
                                std::int64_t limit) override {
        const auto part = part_name();
        struct Remove {
            const std::string& path;
            ~Remove() { ::unlink(path.c_str()); }
        } remove{part};
        BlobInfo info;
        Sha256 hash;
        {
            OpenFile file(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
            if (!file.is_open()) broken("Cannot create", part);
            std::array<char, 65536> buffer;
            while (const auto n = read(buffer.data(), buffer.size())) {
                info.bytes += static_cast<std::int64_t>(n);
                if (info.bytes > limit)
                    return Refusal{Code::too_large, "The file is larger than the limit of " +
                                                        std::to_string(limit) + " bytes."};
                hash.add({buffer.data(), n});
                file.write({buffer.data(), n});
            }
            file.sync();
        }
        info.sha256 = hex(hash.finish());
        if (!has(info.sha256)) settle(part, info.sha256);
        return info;
    }

    bool has(std::string_view sha256) const override { return size(sha256).has_value(); }

    Result<std::string> get(std::string_view sha256) const override {
        const auto bytes = size(sha256);
        if (!bytes) return missing(sha256);
        return get_range(sha256, 0, *bytes);
    }

    Result<std::string> get_range(std::string_view sha256, std::int64_t from,
                                  std::int64_t n) const override {
        const auto bytes = size(sha256);
        if (!bytes) return missing(sha256);
        return range(path(sha256), *bytes, from, n);
    }

    std::optional<std::int64_t> size(std::string_view sha256) const override {
        if (!is_digest(sha256)) return std::nullopt;
        return size_of(path(sha256));
    }

    void put_beside(std::string_view sha256, std::string_view name,
                    std::string_view bytes) override {
        if (!is_digest(sha256)) return;
        const auto part = part_name();
        {
            OpenFile file(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
            if (!file.is_open()) broken("Cannot create", part);
            file.write(bytes);
            file.sync();
        }
        fs::create_directories(folder(sha256));
        const auto to = beside(sha256, name);
        if (::rename(part.c_str(), to.c_str()) != 0) broken("Cannot name", to);
    }

    std::optional<std::int64_t> size_beside(std::string_view sha256,
                                            std::string_view name) const override {
        if (!is_digest(sha256)) return std::nullopt;
        return size_of(beside(sha256, name));
    }

    Result<std::string> get_beside(std::string_view sha256, std::string_view name,
                                   std::int64_t from, std::int64_t n) const override {
        const auto bytes = size_beside(sha256, name);
        if (!bytes)
            return Refusal{Code::not_found, "The blob " + std::string(sha256.substr(0, 12)) +
                                                "... has no " + std::string(name) + "."};
        return range(beside(sha256, name), *bytes, from, n);
    }

    void list(const std::function<void(const BlobInfo&)>& each) const override {
        for (const auto& entry : fs::recursive_directory_iterator(dir_))
            if (entry.is_regular_file() && is_digest(entry.path().filename().string()))
                each({entry.path().filename().string(),
                      static_cast<std::int64_t>(entry.file_size())});
    }

    std::string path(std::string_view sha256) const override {
        if (!is_digest(sha256)) return {};
        return folder(sha256) + "/" + std::string(sha256);
    }

private:
    std::string folder(std::string_view sha256) const {
        return dir_ + "/" + std::string(sha256.substr(0, 2)) + "/" +
               std::string(sha256.substr(2, 2));
    }
    std::string beside(std::string_view sha256, std::string_view name) const {
        return path(sha256) + "." + std::string(name);
    }
    static std::optional<std::int64_t> size_of(const std::string& path) {
        struct stat about {};
        if (::stat(path.c_str(), &about) == 0) return about.st_size;
        if (errno != ENOENT && errno != ENOTDIR) broken("Cannot look at", path);
        return std::nullopt;
    }
    static std::string range(const std::string& path, std::int64_t bytes, std::int64_t from,
                             std::int64_t n) {
        from = std::clamp<std::int64_t>(from, 0, bytes);
        OpenFile file(path, O_RDONLY | O_CLOEXEC);
        if (!file.is_open()) broken("Cannot open", path);
        return file.read(from, std::clamp<std::int64_t>(n, 0, bytes - from));
    }
    std::string part_name() const { return dir_ + "/part/" + hex(random_bytes(12)); }

    /// Gives whole and durable bytes their name; the name is durable too.
    void settle(const std::string& part, std::string_view sha256) const {
        const bool fresh = fs::create_directories(folder(sha256));
        if (::rename(part.c_str(), path(sha256).c_str()) != 0) broken("Cannot name", path(sha256));
        sync_folder(folder(sha256));
        if (!fresh) return;
        sync_folder(fs::path(folder(sha256)).parent_path());
        sync_folder(dir_);
    }
    static Refusal missing(std::string_view sha256) {
        return {Code::not_found,
                "The blob " + std::string(sha256.substr(0, 12)) + "... is not stored."};
    }

    const std::string dir_;
};

}  // namespace

std::unique_ptr<Blobs> disk_blobs(const std::string& dir) {
    return std::make_unique<DiskBlobs>(dir);
}

}  // namespace countersign
