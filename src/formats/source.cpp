#include "formats/source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/joined_source.h"

namespace countersign {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_left_out = 1000;

/// Entries whose bytes are files on this machine.
class FilesSource final : public Source {
public:
    void add(std::string name, std::string path, std::int64_t bytes) {
        if (is_system_file(name)) return;
        if (const auto fault = fault_of_name(name); !fault.empty())
            return leave_out(name, std::string(fault));
        found_.emplace_back(std::move(name), Place{std::move(path), bytes});
    }
    void leave_out(const std::string& name, std::string reason) {
        if (left_out_.size() < most_left_out)
            left_out_.push_back({repair_utf8(name), std::move(reason)});
    }
    void seal() {
        std::sort(found_.begin(), found_.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<std::pair<std::string, Place>> kept;
        for (auto& f : found_) {
            if (!kept.empty() && kept.back().first == f.first)
                leave_out(f.first, "a second file of the same name");
            else
                kept.push_back(std::move(f));
        }
        found_.clear();
        for (auto& [name, place] : kept) {
            entries_.push_back({std::move(name), place.bytes});
            paths_.push_back(std::move(place.path));
        }
    }
    std::size_t size() const { return found_.size(); }
    const std::vector<SourceEntry>& entries() const override { return entries_; }

    Result<ReadBytes> open(std::string_view name) const override {
        const auto at =
            std::lower_bound(entries_.begin(), entries_.end(), name,
                             [](const SourceEntry& e, std::string_view n) { return e.name < n; });
        if (at == entries_.end() || at->name != name)
            return Refusal{Code::not_found,
                           "There is no file \"" + std::string(name) + "\" in the import."};
        auto file = std::make_shared<std::ifstream>(
            paths_[static_cast<std::size_t>(at - entries_.begin())], std::ios::binary);
        if (!*file) return Refusal{Code::not_found, "\"" + at->name + "\" cannot be opened."};
        return ReadBytes(
            [file, shown = at->name](char* into, std::size_t room) -> Result<std::size_t> {
                file->read(into, static_cast<std::streamsize>(room));
                if (file->bad())
                    return Refusal{Code::invalid, "\"" + shown + "\" cannot be read to its end."};
                return static_cast<std::size_t>(file->gcount());
            });
    }

private:
    struct Place {
        std::string path;
        std::int64_t bytes;
    };
    std::vector<std::pair<std::string, Place>> found_;
    std::vector<SourceEntry> entries_;
    std::vector<std::string> paths_;
};

class BytesSource final : public Source {
public:
    // NOLINTNEXTLINE(performance-unnecessary-value-param): its pieces are moved from.
    explicit BytesSource(std::vector<std::pair<std::string, std::string>> files) {
        for (auto& [name, bytes] : files) {
            if (is_system_file(name)) continue;
            if (const auto fault = fault_of_name(name); !fault.empty())
                left_out_.push_back({repair_utf8(name), std::string(fault)});
            else
                files_.emplace(std::move(name), std::make_shared<std::string>(std::move(bytes)));
        }
        for (const auto& [name, bytes] : files_)
            entries_.push_back({name, static_cast<std::int64_t>(bytes->size())});
    }
    const std::vector<SourceEntry>& entries() const override { return entries_; }
    Result<ReadBytes> open(std::string_view name) const override {
        const auto found = files_.find(name);
        if (found == files_.end())
            return Refusal{Code::not_found,
                           "There is no file \"" + std::string(name) + "\" in the import."};
        return ReadBytes([bytes = found->second, at = std::size_t{0}](
                             char* into, std::size_t room) mutable -> Result<std::size_t> {
            const auto n = bytes->copy(into, room, at);
            at += n;
            return n;
        });
    }

private:
    std::map<std::string, std::shared_ptr<std::string>, std::less<>> files_;
    std::vector<SourceEntry> entries_;
};

/// Whether the first bytes are those of an archive or of a compressed file.
bool looks_packed(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    char head[512] = {};
    file.read(head, sizeof head);
    const std::string_view seen(head, static_cast<std::size_t>(file.gcount()));
    using namespace std::string_view_literals;
    for (const auto magic : {"PK\x03\x04"sv, "PK\x05\x06"sv, "\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv,
                             "\xfd"
                             "7zXZ"sv,
                             "BZh"sv})
        if (seen.starts_with(magic)) return true;
    return seen.size() >= 262 && seen.substr(257, 5) == "ustar";
}

class JoinedSource final : public Source {
public:
    explicit JoinedSource(std::vector<std::unique_ptr<Source>> sources)
        : sources_(std::move(sources)) {
        std::map<std::string, std::pair<const Source*, std::int64_t>> by_name;
        for (const auto& source : sources_) {
            for (const auto& entry : source->entries())
                if (!by_name.emplace(entry.name, std::pair(source.get(), entry.bytes)).second)
                    leave_out({entry.name, "a second file of the same name"});
            for (const auto& left : source->left_out()) leave_out(left);
        }
        for (const auto& [name, place] : by_name) {
            entries_.push_back({name, place.second});
            from_.push_back(place.first);
        }
    }
    const std::vector<SourceEntry>& entries() const override { return entries_; }
    Result<ReadBytes> open(std::string_view name) const override {
        const auto at =
            std::lower_bound(entries_.begin(), entries_.end(), name,
                             [](const SourceEntry& e, std::string_view n) { return e.name < n; });
        if (at == entries_.end() || at->name != name)
            return Refusal{Code::not_found,
                           "There is no file \"" + std::string(name) + "\" in the import."};
        return from_[static_cast<std::size_t>(at - entries_.begin())]->open(name);
    }
    bool remote() const override {
        return std::any_of(sources_.begin(), sources_.end(),
                           [](const auto& source) { return source->remote(); });
    }

private:
    void leave_out(LeftOut left) {
        if (left_out_.size() < most_left_out) left_out_.push_back(std::move(left));
    }
    std::vector<std::unique_ptr<Source>> sources_;
    std::vector<SourceEntry> entries_;
    std::vector<const Source*> from_;  ///< Of each entry.
};

}  // namespace

Result<std::string> Source::read_all(std::string_view name, std::int64_t limit) const {
    auto read = TRY(open(name));
    std::string all;
    for (;;) {
        const auto before = all.size();
        all.resize(before + (std::size_t{1} << 16));
        const auto n = TRY(read(all.data() + before, all.size() - before));
        all.resize(before + n);
        if (n == 0) return all;
        if (static_cast<std::int64_t>(all.size()) > limit)
            return Refusal{Code::too_large, "\"" + std::string(name) + "\" is larger than " +
                                                std::to_string(limit >> 20) + " MiB: split it."};
    }
}

std::string_view fault_of_name(std::string_view name) {
    if (name.empty()) return "it has no name";
    if (name.size() > 1024) return "its name is longer than 1,024 bytes";
    if (!is_utf8(name)) return "its name is not UTF-8";
    if (name.front() == '/' || (name.size() > 1 && name[1] == ':'))
        return "its name is an absolute path";
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return "its name has control characters";
        if (c == '\\') return "its name has a backslash";
    }
    for (const auto part : split(name, '/'))
        if (part.empty() || part == "." || part == "..")
            return "its name leaves the folder or has an empty part";
    return {};
}

bool is_system_file(std::string_view name) {
    const auto parts = split(name, '/');
    for (const auto part : parts)
        if (part == "__MACOSX" || (part.size() > 1 && part[0] == '.' && part != "..")) return true;
    const auto last = lower_ascii(parts.back());
    return last == "thumbs.db" || last == "desktop.ini";
}

Result<std::unique_ptr<Source>> open_folder(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error))
        return Refusal{Code::not_found, "\"" + path + "\" is not a folder that can be read."};
    auto source = std::make_unique<FilesSource>();
    const fs::path root(path);
    fs::recursive_directory_iterator walk(root, fs::directory_options::skip_permission_denied,
                                          error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        const auto name = walk->path().lexically_relative(root).generic_string();
        std::error_code ignored;
        if (walk->is_symlink(ignored)) {
            source->leave_out(name, "it is a symbolic link: put the file itself into the folder");
        } else if (walk->is_regular_file(ignored)) {
            source->add(name, walk->path().string(),
                        static_cast<std::int64_t>(walk->file_size(ignored)));
        }
        if (static_cast<std::int64_t>(source->size()) > SourceLimits{}.max_entries)
            return Refusal{Code::too_large,
                           "\"" + path + "\" holds more than 2,000,000 files: split it."};
    }
    if (error)
        return Refusal{Code::invalid,
                       "\"" + path + "\" cannot be listed: " + error.message() + "."};
    source->seal();
    return std::unique_ptr<Source>(std::move(source));
}

Result<std::unique_ptr<Source>> open_file(const std::string& path, std::string name) {
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return Refusal{Code::not_found, "\"" + path + "\" is not a file that can be read."};
    if (looks_packed(path)) return open_archive(path);
    if (name.empty()) name = fs::path(path).filename().string();
    auto source = std::make_unique<FilesSource>();
    source->add(std::move(name), path, static_cast<std::int64_t>(fs::file_size(path, error)));
    source->seal();
    return std::unique_ptr<Source>(std::move(source));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): its pieces are moved from.
std::unique_ptr<Source> open_files(std::vector<std::pair<std::string, std::string>> files) {
    auto source = std::make_unique<FilesSource>();
    for (auto& [name, path] : files) {
        std::error_code error;
        const auto bytes = fs::file_size(path, error);
        source->add(std::move(name), std::move(path),
                    error ? -1 : static_cast<std::int64_t>(bytes));
    }
    source->seal();
    return source;
}

std::unique_ptr<Source> join_sources(std::vector<std::unique_ptr<Source>> sources) {
    return std::make_unique<JoinedSource>(std::move(sources));
}

bool is_archive(const std::string& path) {
    const auto name = lower_ascii(path);
    for (const std::string_view end : {".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst"})
        if (name.ends_with(end)) return looks_packed(path);
    return false;
}

std::unique_ptr<Source> open_bytes(std::vector<std::pair<std::string, std::string>> files) {
    return std::make_unique<BytesSource>(std::move(files));
}

}  // namespace countersign
