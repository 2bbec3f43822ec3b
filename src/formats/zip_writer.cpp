#include "formats/zip_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <ctime>

#include "base/result.h"
#include "formats/utf8_locale.h"

namespace countersign {

struct ZipWriter::State {
    archive* zip = archive_write_new();
    archive_entry* entry = archive_entry_new();
    std::string pending;

    static la_ssize_t take(archive*, void* self, const void* bytes, std::size_t n) {
        static_cast<State*>(self)->pending.append(static_cast<const char*>(bytes), n);
        return static_cast<la_ssize_t>(n);
    }
    void check(int code) const {
        if (code < ARCHIVE_WARN)
            throw Breakdown(std::string("cannot write a zip: ") + archive_error_string(zip));
    }
    void drain(std::string& out) {
        out += pending;
        pending.clear();
    }
    void header(std::string_view name, std::int64_t size) {
        const Utf8Locale utf8;
        constexpr std::time_t first_of_1980 = 315'532'800;
        archive_entry_clear(entry);
        archive_entry_set_pathname_utf8(entry, std::string(name).c_str());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, first_of_1980, 0);
        if (size >= 0) archive_entry_set_size(entry, size);
        check(archive_write_header(zip, entry));
    }
    void data(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = archive_write_data(zip, bytes.data(), bytes.size());
            if (n < 0) check(static_cast<int>(n));
            if (n <= 0) throw Breakdown("cannot write a zip: an entry takes no more bytes");
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
};

ZipWriter::ZipWriter() : state_(std::make_unique<State>()) {
    auto* zip = state_->zip;
    state_->check(archive_write_set_format_zip(zip));
    state_->check(archive_write_zip_set_compression_store(zip));
    archive_write_set_bytes_per_block(zip, 0);
    state_->check(archive_write_open(zip, state_.get(), nullptr, &State::take, nullptr));
}

ZipWriter::~ZipWriter() {
    archive_entry_free(state_->entry);
    archive_write_free(state_->zip);
}

void ZipWriter::add(std::string_view name, std::string_view bytes, std::string& out) {
    state_->header(name, static_cast<std::int64_t>(bytes.size()));
    state_->data(bytes);
    state_->drain(out);
}
void ZipWriter::begin(std::string_view name, std::string& out) {
    state_->header(name, -1);
    state_->drain(out);
}
void ZipWriter::write(std::string_view bytes, std::string& out) {
    state_->data(bytes);
    state_->drain(out);
}
void ZipWriter::finish(std::string& out) {
    state_->check(archive_write_close(state_->zip));
    state_->drain(out);
}

}  // namespace countersign
