// What the formats for text share: a reader of lines over all entries, labels collected for one
// text, and the label of a record that a writer goes through.
#pragma once

#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/pieces.h"
#include "formats/reader.h"

namespace countersign {

/// Labels of one text as a file says them; what cannot be taken is named in `mends`.
class TextLabels {
public:
    TextLabels(std::string_view text, LabelFinder& finder, const Schema* schema, Mends& mends)
        : text_(text), length_(-1), finder_(finder), schema_(schema), mends_(mends) {}

    /// Code points, half-open. `control`: the one that is meant, or empty: whichever has the label.
    void span(std::string_view id, std::int64_t start, std::int64_t end, std::string_view label,
              std::string_view control = {}, std::optional<double> confidence = std::nullopt);
    void choice(std::string_view label, std::string_view control = {});
    void choices(const std::vector<std::string_view>& labels, const Control* control);
    void rating(std::string_view label, std::string_view control);
    void written(std::string_view text, std::string_view control);
    void relation(std::string_view id, std::string_view from, std::string_view to,
                  std::string_view label);
    /// What was collected, with relations whose spans are there.
    Regions take();
    bool empty() const { return regions_.empty(); }
    Mends& mends() { return mends_; }

private:
    /// The control called so when it is of that kind and has the label, else whichever has it.
    LabelFinder::Found find(ControlKind kind, std::string_view label, std::string_view control);
    Region begin(ControlKind kind, std::string_view id, const LabelFinder::Found& found) const;

    std::string_view text_;
    std::int64_t length_;
    LabelFinder& finder_;
    const Schema* schema_;
    Mends& mends_;
    Regions regions_;
};

/// Rows from lines: which entries are read, and what a line (or several) says.
class LinesReader : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

protected:
    using Line = TextLine;
    virtual bool is_mine(std::string_view name) const = 0;
    /// A row, or nothing when the line is no row of its own. `line` is null once behind each entry.
    virtual std::optional<ImportedRow> take(const Line* line) = 0;
    std::string where(std::int64_t line = 0) const {
        return entry_->name + ":" + std::to_string(line ? line : line_);
    }
    const SourceEntry& entry() const { return *entry_; }
    std::int64_t line_number() const { return line_; }
    ImportedRow refuse(std::string_view why, std::int64_t line = 0) const;
    /// The row of a text; its bytes that are not UTF-8 are replaced.
    void set_text(ImportedRow& row, std::string& text, Mends& mends) const;

private:
    Result<std::optional<ImportedRow>> read() final;
    std::int64_t bytes_here() const final { return lines_ ? lines_->bytes_read() : 0; }
    std::size_t at_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<LineReader> lines_;
    std::int64_t line_ = 0;
};

/// Rows from lines that are JSON objects.
class JsonLinesReader : public LinesReader {
public:
    using LinesReader::LinesReader;

protected:
    bool is_mine(std::string_view name) const override;
    std::optional<ImportedRow> take(const Line* line) final;
    /// Fills the row from an object with a "text"; `used` gets the members it took, the others
    /// become the row's meta.
    virtual Result<> take_object(Dom object, std::string_view text, TextLabels& labels,
                                 ImportedRow& row, std::vector<std::string_view>& used) = 0;
    /// The text of an object, or nothing.
    virtual std::optional<std::string> text_of_object(Dom object) const;
    void add(ImportedRow& row, TextLabels& labels, bool even_if_empty) const;

private:
    JsonParser parser_;
    std::string mended_;
};

/// The text and the label of a record, and what the format has no place for.
class TextWriter : public RowWriter {
public:
    explicit TextWriter(const WriteContext& context);
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> write(const ExportRecord& record, std::string& out) final;
    Result<> finish(std::string&) override { return Done{}; }
    std::vector<std::string> left_out() const final { return losses_.lines(); }

protected:
    struct Labelled {
        const ExportRecord& record;
        std::string_view text;
        const ExportRecord::AnAnnotation* label;  ///< Null: nobody answered.
        const Regions& regions;                   ///< In order of the text where they lie on it.
    };
    virtual Result<> write_one(const Labelled& one, std::string& out) = 0;
    const Schema& schema() const { return schema_; }
    RegionsParser& parser() { return regions_; }
    void lose(const Region& region) { losses_.add(region); }
    void lose(std::string what) { losses_.add(std::move(what)); }
    /// Spans that do not overlap, earlier ones first; the others are lost by name.
    std::vector<const Region*> flat_spans(const Regions& regions);

    WriteContext context_;

private:
    Schema schema_;
    JsonParser json_;
    RegionsParser regions_;
    Losses losses_;
};

void append_texts(std::string& out, const std::vector<std::string>& texts);

}  // namespace countersign
