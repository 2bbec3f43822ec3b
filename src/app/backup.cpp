#include "app/backup.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "app/tar.h"
#include "base/fields.h"

namespace countersign {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view database_name = "countersign.db", copy_name = "countersign.copy",
                           manifest_name = "manifest.json", blob_prefix = "blobs/";
constexpr std::string_view kind = "countersign-backup";
constexpr int manifest_version = 1;
constexpr std::int64_t largest_manifest = 1 << 20;

struct Manifest {
    std::string kind_of_file;
    int version = 0;
    std::string created, database_sha256;
    std::int64_t database_bytes = 0, blobs = 0, blob_bytes = 0;
};
template <class V>
void fields(V& v, Manifest& m) {
    v("kind", m.kind_of_file);
    v("version", m.version);
    v("created", m.created);
    v("database_sha256", m.database_sha256);
    v("database_bytes", m.database_bytes);
    v("blobs", m.blobs);
    v("blob_bytes", m.blob_bytes);
}

FilePtr open_file_at(const std::string& path, const char* mode) {
    FilePtr file(std::fopen(path.c_str(), mode));
    if (!file) throw Breakdown("Cannot open \"" + path + "\": " + std::strerror(errno) + ".");
    return file;
}

void sync(std::FILE* file) {
    if (std::fflush(file) != 0 || fsync(fileno(file)) != 0)
        throw Breakdown(std::string("The disk cannot keep the file: ") + std::strerror(errno) +
                        ".");
}

/// Removed again unless kept.
class Scratch {
public:
    explicit Scratch(fs::path path) : path_(std::move(path)) {}
    ~Scratch() {
        std::error_code ignored;
        if (!kept_) fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }
    void keep() { kept_ = true; }

private:
    fs::path path_;
    bool kept_ = false;
};

void add_file(TarWriter& tar, const std::string& name, const fs::path& path, Manifest& manifest) {
    const auto file = open_file_at(path.string(), "rb");
    Sha256 hash;
    manifest.database_bytes = static_cast<std::int64_t>(fs::file_size(path));
    tar.add(name, manifest.database_bytes, [&](char* into, std::size_t room) {
        const auto n = std::fread(into, 1, room, file.get());
        hash.add({into, n});
        return n;
    });
    manifest.database_sha256 = hex(hash.finish());
}

void add_blobs(TarWriter& tar, const Blobs& blobs, Manifest& manifest) {
    blobs.list([&](const BlobInfo& blob) {
        std::int64_t at = 0;
        tar.add(std::string(blob_prefix) + blob.sha256, blob.bytes,
                [&](char* into, std::size_t room) {
                    const auto piece =
                        blobs.get_range(blob.sha256, at, static_cast<std::int64_t>(room));
                    if (!piece) throw Breakdown(piece.refusal().message);
                    std::copy(piece->begin(), piece->end(), into);
                    at += static_cast<std::int64_t>(piece->size());
                    return piece->size();
                });
        ++manifest.blobs;
        manifest.blob_bytes += blob.bytes;
    });
}

}  // namespace

Result<BackupReport> write_backup(World& world, const std::string& file) {
    if (fs::exists(file))
        return Refusal{Code::conflict, "\"" + file + "\" exists: name a new file for the backup."};
    Scratch partial(file + ".partial"), copy(file + ".database");
    // Database first: a blob that it names is there by then, and none is ever removed.
    TRY(world.db.copy_to(copy.path().string()));
    Manifest manifest{std::string(kind), manifest_version, iso8601(world.clock.now()), {}, 0, 0, 0};
    {
        const auto out = open_file_at(partial.path().string(), "wb");
        TarWriter tar(out.get(), world.clock.now());
        const bool sqlite = world.db.engine() == Engine::sqlite;
        add_file(tar, std::string(sqlite ? database_name : copy_name), copy.path(), manifest);
        add_blobs(tar, world.blobs, manifest);
        const std::string text = to_text(to_json(manifest));
        std::size_t at = 0;
        tar.add(std::string(manifest_name), static_cast<std::int64_t>(text.size()),
                [&](char* into, std::size_t room) {
                    const auto n = text.copy(into, room, at);
                    at += n;
                    return n;
                });
        tar.finish();
        sync(out.get());
    }
    fs::rename(partial.path(), file);
    partial.keep();
    return BackupReport{manifest.blobs, manifest.database_bytes + manifest.blob_bytes};
}

namespace {

Refusal damaged(const std::string& what) {
    return {Code::invalid, "The backup is damaged: " + what + " Nothing was restored."};
}

class Restoring {
public:
    Restoring(std::FILE* in, const fs::path& into, bool to_postgres)
        : tar_(in),
          dir_(into),
          to_postgres_(to_postgres),
          blobs_(disk_blobs((into / "blobs").string())) {}

    Result<BackupReport> run() {
        while (auto entry = TRY(tar_.next())) {
            if (entry->name == database_name || entry->name == copy_name)
                TRY(take_database(entry->name));
            else if (entry->name.starts_with(blob_prefix))
                TRY(take_blob(*entry));
            else if (entry->name == manifest_name)
                TRY(take_manifest(*entry));
            else
                return damaged("it holds \"" + entry->name + "\", which no backup does.");
        }
        if (!manifest_) return damaged("its list of contents is missing.");
        const auto& m = *manifest_;
        if (m.database_bytes != found_.database_bytes ||
            m.database_sha256 != found_.database_sha256)
            return damaged("the database is not the one that was backed up.");
        if (m.blobs != found_.blobs || m.blob_bytes != found_.blob_bytes)
            return damaged("it should hold " + std::to_string(m.blobs) + " images and holds " +
                           std::to_string(found_.blobs) + ".");
        return BackupReport{m.blobs, m.database_bytes + m.blob_bytes};
    }

private:
    Result<> take_database(const std::string& name) {
        if (to_postgres_ != (name == copy_name))
            return Refusal{Code::unsupported,
                           to_postgres_ ? "The backup is of an SQLite database: restore it without "
                                          "--db."
                                        : "The backup is of a PostgreSQL database: name an empty "
                                          "one with --db postgresql://user@host/database."};
        if (found_.database_bytes > 0) return damaged("it holds two databases.");
        const auto out = open_file_at((dir_ / name).string(), "wb");
        Sha256 hash;
        std::vector<char> buffer(1 << 18);
        while (const auto n = tar_.read(buffer.data(), buffer.size())) {
            hash.add({buffer.data(), n});
            if (std::fwrite(buffer.data(), 1, n, out.get()) != n)
                throw Breakdown("The disk took no more bytes of the database.");
            found_.database_bytes += static_cast<std::int64_t>(n);
        }
        found_.database_sha256 = hex(hash.finish());
        sync(out.get());
        return Done{};
    }

    Result<> take_blob(const TarReader::Entry& entry) {
        const auto wanted = entry.name.substr(blob_prefix.size());
        const auto blob = TRY(blobs_->put_stream(
            [&](char* into, std::size_t room) { return tar_.read(into, room); }, entry.bytes));
        if (blob.sha256 != wanted) return damaged("image " + wanted + " has other content.");
        ++found_.blobs;
        found_.blob_bytes += blob.bytes;
        return Done{};
    }

    Result<> take_manifest(const TarReader::Entry& entry) {
        if (entry.bytes > largest_manifest) return damaged("its list of contents is too long.");
        std::string text(static_cast<std::size_t>(entry.bytes), '\0');
        if (tar_.read(text.data(), text.size()) != text.size()) return damaged("it is cut short.");
        manifest_ = TRY(from_text<Manifest>(text));
        if (manifest_->kind_of_file != kind || manifest_->version != manifest_version)
            return Refusal{Code::unsupported,
                           "The backup was written by another version of Countersign: "
                           "restore it with that one."};
        return Done{};
    }

    TarReader tar_;
    fs::path dir_;
    bool to_postgres_;
    std::unique_ptr<Blobs> blobs_;
    Manifest found_;
    std::optional<Manifest> manifest_;
};

}  // namespace

Result<BackupReport> restore_backup(const std::string& file, const std::string& data_dir,
                                    const std::string& db_url) {
    if (!fs::is_regular_file(file))
        return Refusal{Code::not_found, "There is no backup \"" + file + "\"."};
    fs::path target = fs::path(data_dir).lexically_normal();
    if (!target.has_filename()) target = target.parent_path();
    if (fs::exists(target) && !(fs::is_directory(target) && fs::is_empty(target)))
        return Refusal{Code::conflict, "\"" + data_dir +
                                           "\" is not empty: restore into a new data "
                                           "directory, such as --data " +
                                           data_dir + "-restored."};
    Scratch scratch(target.string() + ".restoring");
    fs::remove_all(scratch.path());
    fs::create_directories(scratch.path());
    fs::permissions(scratch.path(), fs::perms::owner_all);
    const auto in = open_file_at(file, "rb");
    const bool to_postgres = is_postgres(db_url);
    const auto report = TRY(Restoring(in.get(), scratch.path(), to_postgres).run());
    if (to_postgres) {
        const auto copy = scratch.path() / copy_name;
        TRY(load_db(db_url, copy.string()));
        fs::remove(copy);
    }
    if (fs::exists(target)) fs::remove(target);
    fs::rename(scratch.path(), target);
    scratch.keep();
    return report;
}

}  // namespace countersign
