// What the tests of formats share: schemas, reading all rows of a few files, writing records.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "formats/format.h"
#include "formats/reader.h"

namespace countersign::test {

using Files = std::vector<std::pair<std::string, std::string>>;

inline Schema schema_of(Modality modality, std::vector<Control> controls) {
    auto schema = check_schema(Schema{modality, "", std::move(controls)});
    REQUIRE(schema);
    return *schema;
}
inline Control control(std::string name, ControlKind kind, const std::vector<std::string>& labels,
                       bool multiple = false) {
    Control c;
    c.name = std::move(name);
    c.kind = kind;
    c.multiple = multiple;
    for (const auto& l : labels) c.labels.push_back({l, "", "", "", {}});
    return c;
}

/// All rows, or a refusal of the whole. Every row must have its number, a place and, unless
/// accepted, a reason.
inline Result<std::vector<ImportedRow>> rows_of(std::string_view format,
                                                std::shared_ptr<const Source> source,
                                                const ReadContext& context) {
    auto reader = TRY(find_format(format)->read(std::move(source), context));
    std::vector<ImportedRow> rows;
    for (;;) {
        auto row = TRY(reader->next());
        if (!row) return rows;
        CHECK(row->row == static_cast<std::int64_t>(rows.size()) + 1);
        CHECK_FALSE(row->where.empty());
        CHECK((row->outcome == RowOutcome::accepted) == row->reason.empty());
        rows.push_back(std::move(*row));
    }
}
inline std::vector<ImportedRow> read(std::string_view format, Files files, const Schema* schema,
                                     ReadContext context = {}) {
    context.schema = schema;
    auto rows = rows_of(format, open_bytes(std::move(files)), context);
    if (!rows) FAIL(rows.refusal().message);
    return *std::move(rows);
}
inline std::string refusal_of(std::string_view format, Files files, const Schema* schema,
                              ReadContext context = {}) {
    context.schema = schema;
    const auto rows = rows_of(format, open_bytes(std::move(files)), context);
    return rows ? std::string() : rows.refusal().message;
}

/// A task as an export sees it; keeps the texts that the record points at.
struct Kept {
    std::string key, data, meta, image, sha = std::string(64, 'a');
    std::string label_text, draft_text;
    ExportRecord record;
};
inline std::unique_ptr<Kept> record_of(std::string key, std::string data, std::string image,
                                       int width, int height, const Regions& label) {
    auto kept = std::make_unique<Kept>();
    kept->key = std::move(key);
    kept->data = std::move(data);
    kept->image = std::move(image);
    kept->label_text = regions_text(label);
    auto& r = kept->record;
    r.id = "t0000000001";
    r.key = kept->key;
    r.data = kept->data;
    r.image_name = kept->image;
    if (!kept->image.empty()) r.sha256 = kept->sha;
    r.width = width;
    r.height = height;
    ExportRecord::AnAnnotation a;
    a.id = "a0000000001";
    a.person = "ada@example.org";
    a.regions_text = kept->label_text;
    a.action = "edited";
    a.arm = "blind";
    a.current = true;
    a.edits = 2;
    a.active_ms = 3210;
    a.comment = "a \"hard\" one";
    a.created = 1'700'000'000'123;
    r.annotations.push_back(a);
    return kept;
}

inline std::string written(std::string_view format, const Project& project,
                           const std::vector<const ExportRecord*>& records,
                           WriteContext context = {}) {
    context.project = &project;
    auto writer = find_format(format)->write(context);
    REQUIRE(writer);
    std::string out;
    for (int pass = 0; pass < (*writer)->passes(); ++pass) {
        REQUIRE((*writer)->begin_pass(pass, out));
        for (const auto* r : records) {
            const auto done = (*writer)->write(*r, out);
            if (!done) FAIL(done.refusal().message);
        }
    }
    REQUIRE((*writer)->finish(out));
    return out;
}

/// A file that is gone when the test is.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view bytes, std::string_view extension = ".zip") {
        static int n = 0;
        path_ = (std::filesystem::temp_directory_path() /
                 ("countersign-formats-" + std::to_string(::getpid()) + "-" + std::to_string(++n)))
                    .string() +
                std::string(extension);
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// The folder of real data sets, or empty when there is none on this machine.
inline std::string data_folder(const std::string& name) {
    std::string root;
    if (const char* said = std::getenv("COUNTERSIGN_DATA")) root = said;
    if (const char* source = std::getenv("COUNTERSIGN_SOURCE"); root.empty() && source)
        root = std::string(source) + "/../shared/data";
    const auto folder = root + "/" + name;
    return !root.empty() && std::filesystem::is_directory(folder) ? folder : std::string();
}

}  // namespace countersign::test
