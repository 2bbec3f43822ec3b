// Archives. An archive is unpacked once, entry after entry, into one nameless temporary file, and
// its entries are ranges of that file: reading by name is a seek, nothing in the archive can name a
// path on this machine, and the bytes are gone when the source is.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unordered_set>

#include "base/text.h"
#include "formats/source.h"
#include "formats/utf8_locale.h"

namespace countersign {

namespace {

/// A temporary file without a name.
class Spool {
public:
    Spool() {
        auto path = (std::filesystem::temp_directory_path() / "countersign-XXXXXX").string();
        fd_ = mkstemp(path.data());
        if (fd_ < 0)
            throw Breakdown("cannot make a temporary file " + path + ": " + std::strerror(errno));
        unlink(path.c_str());
    }
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    ~Spool() { close(fd_); }
    void append(const char* bytes, std::size_t n) {
        while (n > 0) {
            const auto wrote = write(fd_, bytes, n);
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote < 0)
                throw Breakdown(std::string("cannot unpack an archive: ") + std::strerror(errno));
            bytes += wrote;
            n -= static_cast<std::size_t>(wrote);
            size_ += wrote;
        }
    }
    std::int64_t size() const { return size_; }
    std::size_t read_at(std::int64_t offset, char* into, std::size_t room) const {
        const auto n = pread(fd_, into, room, offset);
        if (n < 0)
            throw Breakdown(std::string("cannot read back an archive: ") + std::strerror(errno));
        return static_cast<std::size_t>(n);
    }

private:
    int fd_ = -1;
    std::int64_t size_ = 0;
};

struct FreeArchive {
    void operator()(archive* a) const { archive_read_free(a); }
};
using Reading = std::unique_ptr<archive, FreeArchive>;

class ArchiveSource final : public Source {
public:
    ArchiveSource(std::string path, const SourceLimits& limits)
        : path_(std::move(path)), limits_(limits), spool_(std::make_shared<Spool>()) {}

    Result<> unpack() {
        const Utf8Locale utf8;
        struct stat about {};
        packed_ = stat(path_.c_str(), &about) == 0 ? about.st_size : 0;
        Reading in(archive_read_new());
        archive_read_support_filter_gzip(in.get());
        archive_read_support_filter_bzip2(in.get());
        archive_read_support_filter_xz(in.get());
        archive_read_support_filter_zstd(in.get());
        archive_read_support_format_zip(in.get());
        archive_read_support_format_tar(in.get());
        archive_read_support_format_raw(in.get());
        if (archive_read_open_filename(in.get(), path_.c_str(), 1 << 16) != ARCHIVE_OK)
            return broken(in.get());
        for (;;) {
            archive_entry* entry = nullptr;
            const int got = archive_read_next_header(in.get(), &entry);
            if (got == ARCHIVE_EOF) break;
            if (got == ARCHIVE_RETRY) continue;
            if (got < ARCHIVE_WARN) return broken(in.get());
            if (++seen_ > limits_.max_entries)
                return Refusal{Code::too_large, shown() + " holds more than " +
                                                    std::to_string(limits_.max_entries) +
                                                    " entries: split it."};
            TRY(take(in.get(), entry));
        }
        std::sort(entries_.begin(), entries_.end(),
                  [](const Packed& a, const Packed& b) { return a.name < b.name; });
        for (const auto& e : entries_) listed_.push_back({e.name, e.bytes});
        return Done{};
    }

    const std::vector<SourceEntry>& entries() const override { return listed_; }
    Result<ReadBytes> open(std::string_view name) const override {
        const auto at =
            std::lower_bound(entries_.begin(), entries_.end(), name,
                             [](const Packed& e, std::string_view n) { return e.name < n; });
        if (at == entries_.end() || at->name != name)
            return Refusal{Code::not_found,
                           "There is no file \"" + std::string(name) + "\" in the archive."};
        return ReadBytes([spool = spool_, offset = at->offset, left = at->bytes](
                             char* into, std::size_t room) mutable -> Result<std::size_t> {
            const auto n =
                spool->read_at(offset, into, std::min(room, static_cast<std::size_t>(left)));
            offset += static_cast<std::int64_t>(n);
            left -= static_cast<std::int64_t>(n);
            return n;
        });
    }

private:
    struct Packed {
        std::string name;
        std::int64_t offset, bytes;
    };

    std::string shown() const {
        return "The archive \"" + std::filesystem::path(path_).filename().string() + "\"";
    }
    Result<> broken(archive* in) const {
        const char* why = archive_error_string(in);
        return Refusal{Code::invalid, shown() + " cannot be unpacked (" +
                                          repair_utf8(why ? why : "unknown format") +
                                          "): pack it again as a plain zip."};
    }
    void leave_out(const std::string& name, std::string reason) {
        if (left_out_.size() < 1000) left_out_.push_back({repair_utf8(name), std::move(reason)});
    }
    /// A compressed single file has no entry name: "a.jsonl.gz" is "a.jsonl".
    std::string name_of_entry(archive* in, archive_entry* entry) const {
        if (archive_format(in) == ARCHIVE_FORMAT_RAW)
            return std::filesystem::path(path_).stem().string();
        const char* name = archive_entry_pathname_utf8(entry);
        if (!name) name = archive_entry_pathname(entry);
        std::string text = name ? name : "";
        while (text.starts_with("./")) text.erase(0, 2);
        return text;
    }

    Result<> take(archive* in, archive_entry* entry) {
        const auto name = name_of_entry(in, entry);
        const bool folder = archive_entry_filetype(entry) == AE_IFDIR;
        if (folder || name.empty() || is_system_file(name)) return Done{};
        if (archive_entry_symlink(entry) || archive_entry_hardlink(entry))
            return leave_out(name, "it is a link: pack the file itself"), Done{};
        if (archive_entry_filetype(entry) != AE_IFREG)
            return leave_out(name, "it is not a file"), Done{};
        if (const auto fault = fault_of_name(name); !fault.empty())
            return leave_out(name, std::string(fault)), Done{};
        if (archive_entry_is_data_encrypted(entry) > 0)
            return leave_out(name, "it is encrypted: pack it without a password"), Done{};
        if (!names_.insert(name).second)
            return leave_out(name, "a second entry of the same name"), Done{};
        const auto from = spool_->size();
        TRY(copy(in));
        entries_.push_back({name, from, spool_->size() - from});
        return Done{};
    }

    Result<> copy(archive* in) {
        for (;;) {
            const auto n = archive_read_data(in, buffer_, sizeof buffer_);
            if (n == 0) return Done{};
            if (n == ARCHIVE_RETRY) continue;
            if (n < 0) return broken(in);
            spool_->append(buffer_, static_cast<std::size_t>(n));
            const auto total = spool_->size();
            if (total > limits_.max_total)
                return Refusal{Code::too_large, shown() + " unpacks to more than " +
                                                    std::to_string(limits_.max_total >> 20) +
                                                    " MiB: split it."};
            if (total > (std::int64_t{64} << 20) &&
                static_cast<double>(total) >
                    limits_.max_ratio * static_cast<double>(std::max<std::int64_t>(packed_, 1)))
                return Refusal{Code::too_large,
                               shown() + " unpacks to more than " +
                                   std::to_string(static_cast<int>(limits_.max_ratio)) +
                                   " times its size, as archives made to fill a disk do."};
        }
    }

    std::string path_;
    SourceLimits limits_;
    std::shared_ptr<Spool> spool_;
    std::int64_t packed_ = 0, seen_ = 0;
    std::vector<Packed> entries_;
    std::vector<SourceEntry> listed_;
    std::unordered_set<std::string> names_;
    char buffer_[1 << 16];
};

}  // namespace

Result<std::unique_ptr<Source>> open_archive(const std::string& path, const SourceLimits& limits) {
    auto source = std::make_unique<ArchiveSource>(path, limits);
    TRY(source->unpack());
    return std::unique_ptr<Source>(std::move(source));
}

}  // namespace countersign
