// What the formats for text on images share: a shape, what stands written there, and the regions of
// the schema that hold both; and a writer that goes through them.
//
// Pixels of the upright image.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/reader.h"
#include "formats/shapes.h"
#include "formats/zip_writer.h"

namespace countersign {

/// Shapes with texts of one image, on their way to regions.
class WrittenTexts {
public:
    WrittenTexts(ShapeTaker& shapes, const Schema* schema, Mends& mends)
        : shapes_(shapes), schema_(schema), mends_(mends) {}
    /// A ring of three corners or more. Four that are a rectangle become a box, where the schema
    /// has such. `label` empty: the file does not say; then it is "text", or the only one there is.
    /// `text` empty: it cannot be read.
    void add(const Ring& ring, std::string_view label, std::string text,
             std::optional<double> confidence = std::nullopt);
    Regions take() { return std::move(regions_); }
    bool has_label(std::string_view label);
    Mends& mends() { return mends_; }

private:
    std::string label_of(std::string_view said);
    std::optional<Region> shape(const Ring& ring, const std::string& label);
    ShapeTaker& shapes_;
    const Schema* schema_;
    Mends& mends_;
    Regions regions_;
};

/// The corners of a text's region, in turn from the top left one, for a writer.
struct WrittenText {
    const Region* region;
    std::string label, text;  ///< Empty text: it was not written down.
    Ring ring;
};

/// Goes through the labels of images for a writer of a zip.
class WrittenTextWriter : public RowWriter {
public:
    explicit WrittenTextWriter(const WriteContext& context) : context_(context) {}
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> write(const ExportRecord& record, std::string& out) final;
    Result<> finish(std::string& out) override;
    std::vector<std::string> left_out() const final { return losses_.lines(); }

protected:
    virtual Result<> write_one(const ExportRecord& record, const std::string& name,
                               const std::vector<WrittenText>& texts, std::string& out) = 0;
    virtual std::string_view image_folder() const { return {}; }
    /// Whether the schema tells regions apart by more than one label.
    bool labels_differ() const;
    std::string one_line(std::string_view text);  ///< Counted when it was several.
    Losses& losses() { return losses_; }
    ZipWriter& zip() { return zip_; }
    WriteContext context_;

private:
    ZipWriter zip_;
    FlatNames names_;
    Losses losses_;
    RegionsParser regions_;
};

Ring ring_around(const TurnedBox& box);  ///< Its four corners.

Read read_icdar, read_ppocr, read_hocr, read_alto;
Write write_icdar, write_ppocr, write_hocr, write_alto;
double recognise_icdar(const Source& source);
double recognise_ppocr(const Source& source);
double recognise_hocr(const Source& source);
double recognise_alto(const Source& source);

}  // namespace countersign
