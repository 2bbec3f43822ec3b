// What all readers share: numbering and verdicts of rows, finding the image a file talks about,
// finding the control and label a file means, and collecting what had to be left out of a row.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "formats/format.h"

namespace countersign {

std::string_view base_name(std::string_view path);  ///< Behind the last slash.
std::string_view stem(std::string_view path);       ///< The base name without its extension.
std::string extension(std::string_view path);       ///< Lower case, without the dot.
bool is_image_name(std::string_view path);          ///< jpg, jpeg, png, webp.
bool is_sound_name(std::string_view path);          ///< One of sound_extensions().
/// Extensions of files whose sound can be heard, films among them, the likeliest first.
std::span<const std::string_view> sound_extensions();
std::string in_quotes(std::string_view text);  ///< In quotes, cut to 80 bytes, made printable.

/// The entries of a source by name, and which of them a reader has used.
class EntryBook {
public:
    explicit EntryBook(const Source& source);
    /// The image entry that `name` means: that path, a path that ends in it, or else the only one
    /// with its base name. Nothing when there is none or it is not clear which.
    const SourceEntry* image(std::string_view name) const;
    /// The image entry with that stem; of several the one whose folder is like `near`.
    const SourceEntry* image_by_stem(std::string_view name, std::string_view near) const;
    /// The recording that `name` means: as image() finds one, or a name without its extension.
    const SourceEntry* sound(std::string_view name) const;
    /// The name a task gets for this entry: the base name, or the path when two share a base name.
    std::string key_of(const SourceEntry& entry) const;
    void use(const SourceEntry& entry);
    const SourceEntry* next_unused();  ///< Each entry that was not used, once.

private:
    using Index = std::unordered_map<std::string_view, std::vector<std::uint32_t>>;
    const std::vector<SourceEntry>& entries_;
    const SourceEntry* named(const Index& by_base, std::string_view name) const;
    Index by_base_, by_stem_, sound_by_base_, sound_by_stem_;
    std::vector<bool> used_;
    std::size_t next_ = 0;
};

/// Finds the control and label that a file means by a name; remembers. Without a schema every label
/// is known and the control is called after its kind.
class LabelFinder {
public:
    explicit LabelFinder(const Schema* schema) : schema_(schema) {}
    struct Found {
        std::string_view control,
            label;  ///< Empty: no control of that kind has it. Live as the finder does.
    };
    Found find(ControlKind kind, std::string_view name);
    bool has(ControlKind kind) const;

private:
    struct Memo {
        std::string name, control, label;
    };
    const Schema* schema_;
    std::map<ControlKind, std::unordered_map<std::string, std::unique_ptr<Memo>>> memo_;
};

/// What was mended in a row, in words, each said once.
class Mends {
public:
    void left_out(std::string why) {
        ++left_out_, say(std::move(why));
    }  ///< A region that is not taken.
    void mended(std::string how) { say(std::move(how)); }
    void apply(ImportedRow& row) const;  ///< Makes the row `repaired` when anything was said.

private:
    void say(std::string text);
    int left_out_ = 0, more_ = 0;
    std::vector<std::string> said_;
};

/// Gives each region an id of its own: the file's when it is free, else a numbered one. What is
/// drawn chooses first, and answers and relations follow it to its new id.
void settle_ids(Regions& regions);

/// Leaves out regions that the schema or the image cannot hold, and cuts boxes that stick out of
/// the image to it. `width` and `height` 0: unknown. Without a schema only geometry is looked at.
void fit_regions(Regions& regions, const Schema* schema, int width, int height, Mends& mends);

class EntriesReader : public RowReader {
public:
    EntriesReader(std::shared_ptr<const Source> source, const ReadContext& context);
    /// Rows of read(), then a row for each entry that no row used, then one for each that the
    /// source left out.
    Result<std::optional<ImportedRow>> next() final;
    std::int64_t bytes_done() const final { return bytes_before_ + bytes_here(); }
    std::int64_t bytes_total() const final { return bytes_total_; }

protected:
    virtual Result<std::optional<ImportedRow>> read() = 0;
    virtual std::int64_t bytes_here() const { return 0; }  ///< Of the entry that is open.
    void entry_done(const SourceEntry& entry) {
        bytes_before_ += std::max<std::int64_t>(entry.bytes, 0);
    }

    Modality modality(Modality guess) const {
        return context_.schema ? context_.schema->modality : guess;
    }
    std::string_view source_key(Modality guess) const;  ///< The key of the item in `data`.
    /// Ties the row to the image called `name` in the file: an entry, a URL that is fetched
    /// (media_url), or a task that is known already (media_ref). Sets key and data.
    void tie_image(ImportedRow& row, std::string_view name);
    /// The name of an image of which a file says no extension: that of the task that has it, else
    /// with the `usual` one (".jpg").
    std::string known_image(std::string_view bare, std::string_view usual) const;
    /// Sets width and height, where they are not known yet, to those of the image that it is tied
    /// to. False: they are still unknown.
    bool know_size(ImportedRow& row) const;
    void tie_entry(ImportedRow& row, const SourceEntry& entry);
    /// The same for a recording, which may be named without its extension; sets `seconds` when they
    /// are still unknown.
    void tie_sound(ImportedRow& row, std::string_view name);
    /// Whether the image is to be fetched from `name`: a URL of no image in the source.
    bool is_fetched(std::string_view name) const;
    static ImportedRow rejected(std::string where, std::string reason);
    /// fit_regions to the row's image, unless the file is wanted as it is written.
    void fit(Regions& regions, const ImportedRow& row, Mends& mends,
             const Schema* schema = nullptr) const {
        if (!context_.as_written) fit_regions(regions, schema, row.width, row.height, mends);
    }
    /// Puts labels where they belong: an annotation, or a draft when labels are drafts.
    void add_labels(ImportedRow& row, Regions regions) const;
    /// Both fitted: labels, and as a draft what came with scores, as sure as its least sure region.
    /// Not `is_labelled`: there are no labels, which is not the same as an empty answer.
    void add_scored(ImportedRow& row, Regions labels, Regions draft, bool is_labelled,
                    Mends& mends) const;

    std::shared_ptr<const Source> source_;
    ReadContext context_;
    EntryBook book_;
    LabelFinder labels_;

private:
    /// Ties the row to what no entry holds.
    void tie_name(ImportedRow& row, std::string_view name, Modality kind) const;
    std::optional<ImportedRow> leftover();
    std::int64_t row_ = 0, bytes_before_ = 0, bytes_total_ = 0;
    std::size_t left_out_ = 0;
    bool read_all_ = false;
};

/// The readers and writers that the table of formats names.
using Read = Result<std::unique_ptr<RowReader>>(std::shared_ptr<const Source>, const ReadContext&);
using Write = Result<std::unique_ptr<RowWriter>>(const WriteContext&);
Read read_jsonl, read_csv, read_text, read_images, read_label_studio, read_coco, read_yolo,
    read_voc, read_cvat, read_urls, read_yolo_obb, read_yolo_pose, read_labelme, read_kitti,
    read_open_images;
Write write_jsonl, write_csv, write_tsv, write_label_studio, write_coco, write_yolo, write_voc,
    write_cvat, write_yolo_obb, write_yolo_pose, write_labelme, write_kitti, write_open_images;

}  // namespace countersign
