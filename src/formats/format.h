// File formats as a table: bytes <-> core values, streaming both ways. A reader yields one row at a
// time with a verdict; a writer is fed one record at a time and gives bytes.
//
// Readers are pure: they do not know a database. What they need of the world (the size of an image
// that an annotation file names, whether a task is known already) comes in through ReadContext.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/project.h"
#include "core/task.h"
#include "formats/source.h"

namespace countersign {

/// Drafts and labels that came with a row, and who is said to have made them.
struct ImportedDraft {
    std::string model;  ///< "qwen-2.5-7b@2026-09"; "imported" when the file does not say.
    Regions regions;
    std::optional<double> confidence;
    Millis created = 0;  ///< 0: the file does not say.
};
struct ImportedAnnotation {
    std::string person;  ///< As the file names it, or empty.
    Regions regions;
    bool skipped = false;
    Millis created = 0;
    std::string comment;
    bool flagged = false;
    std::int64_t active_ms = 0;
};

enum class RowOutcome { accepted, repaired, rejected };

struct ImportedRow {
    std::int64_t row = 0;  ///< From 1 over the whole source.
    std::string where;     ///< "tasks.jsonl:17", "annotations.json#42"
    RowOutcome outcome = RowOutcome::accepted;
    std::string reason;  ///< repaired: what was mended; rejected: why, and what to do.

    std::string key;  ///< External id or file name; empty: the caller derives one from the content.
    std::string data;   ///< JSON object text; for images {"image": "<file name>"} plus what the row
                        ///< had, for recordings {"audio": ...}.
    std::string meta;   ///< JSON object text or empty.
    std::string media;  ///< Entry of the source that is the image or recording, or empty (text, or
                        ///< known already).
    std::string media_ref;  ///< File name by which an annotation file refers to an image or
                            ///< recording that may be a task already. Recordings are often named
                            ///< without their extension: sound_extensions().
    std::string media_url;  ///< http or https URL of the image, when the row names it by one and it
                            ///< is not in the source. Without ReadContext::fetch_media beside a
                            ///< media_ref.
    int width = 0, height = 0;  ///< When the file states the image's size.
    double seconds = 0;         ///< When the file states the recording's length, or it is known.
    std::vector<ImportedDraft> drafts;
    std::vector<ImportedAnnotation> annotations;
};

struct ImageSize {
    int width = 0, height = 0;  ///< Upright.
};

struct ReadContext {
    const Schema* schema = nullptr;
    /// Size of an image by its name in the file; by the source's entry first, then by known tasks.
    std::function<std::optional<ImageSize>(std::string_view name)> image_size;
    /// Length of a recording in seconds, looked for in the same way; the name may lack its
    /// extension.
    std::function<std::optional<double>(std::string_view name)> sound_seconds;
    bool fetch_media = false;        ///< Images named by a URL come from there.
    bool labels_are_drafts = false;  ///< Ground truth of the file becomes drafts instead of labels.
    bool as_written = false;  ///< Regions come with the faults they have: nothing is cut to its
                              ///< image or left out for lack of area. For checks, not for imports.
    std::string text_column, id_column, label_column;  ///< CSV/TSV; empty: guessed from the header.
};

class RowReader {
public:
    virtual ~RowReader() = default;
    /// The next row, or nothing at the end. A refusal ends the import: the file as a whole cannot
    /// be read.
    virtual Result<std::optional<ImportedRow>> next() = 0;
    /// Rows in all when it is known, else 0; bytes read so far and in all, for progress.
    virtual std::int64_t rows_total() const { return 0; }
    virtual std::int64_t bytes_done() const { return 0; }
    virtual std::int64_t bytes_total() const { return 0; }
};

/// What an export writes of one task.
struct ExportRecord {
    std::string id;  ///< Wire id of the task.
    std::string_view key, data, meta;
    std::string_view image_name;  ///< Images and recordings: the file name in the export, unique;
                                  ///< empty for text.
    std::string_view sha256;
    int width = 0, height = 0;
    double seconds = 0;  ///< Recordings; 0: not known.
    struct ADraft {
        std::string id;
        std::string_view model, version, regions_text, grounding;
        std::optional<double> confidence, probability;
        Millis created = 0;
    };
    struct AnAnnotation {
        std::string id, draft;
        std::string_view person, regions_text, action, arm, comment;
        int edits = 0;
        std::int64_t active_ms = 0;
        bool flagged = false, current = false;
        Millis created = 0;
        int schema_version = 1, guideline_version = 1;
    };
    std::vector<ADraft> drafts;
    std::vector<AnAnnotation> annotations;
    const AnAnnotation* label() const {
        for (const auto& a : annotations)
            if (a.current) return &a;
        return nullptr;
    }
};

struct WriteContext {
    const Project* project = nullptr;
    bool with_drafts = true;
    /// Bytes of an image or recording by sha256, for formats that carry the images in a zip; null:
    /// labels only.
    std::function<Result<std::string>(std::string_view sha256)> image_bytes;
};

/// Usage: for each pass in 0..passes()-1: begin_pass, then write() every record, in the same order;
/// then finish(). Each call appends to `out`, which the caller drains.
class RowWriter {
public:
    virtual ~RowWriter() = default;
    virtual int passes() const { return 1; }
    virtual Result<> begin_pass(int pass, std::string& out) = 0;
    virtual Result<> write(const ExportRecord& record, std::string& out) = 0;
    virtual Result<> finish(std::string& out) = 0;
    /// What the records had that the format cannot carry, with counts: "3 x rating of control
    /// \"clarity\"". Whole after the last write().
    virtual std::vector<std::string> left_out() const { return {}; }
};

struct Format {
    std::string_view name;       ///< "label-studio"
    std::string_view title;      ///< "Label Studio JSON"
    std::string_view extension;  ///< Of an exported file: "json", "zip"
    std::string_view media_type;
    std::vector<Modality> modalities;
    std::vector<ControlKind> controls;  ///< What it can carry; others are named when left out.
    bool lossless;
    /// How sure the format is that the source is its own, 0..1, from names and the first bytes.
    double (*recognise)(const Source& source);
    /// Null: cannot be imported / exported.
    Result<std::unique_ptr<RowReader>> (*read)(std::shared_ptr<const Source> source,
                                               const ReadContext& context);
    Result<std::unique_ptr<RowWriter>> (*write)(const WriteContext& context);
};

std::span<const Format> formats();
const Format* find_format(std::string_view name);
/// The format that recognises the source best, or a refusal that says what was seen and what is
/// understood.
Result<const Format*> recognise_format(const Source& source, Modality modality);

}  // namespace countersign
