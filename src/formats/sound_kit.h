// What the formats for recordings share: turns (who spoke from when to when, and what) become
// segments, texts and words of the schema, and back; and files that are about one recording each.
//
// Times are seconds from the decoded start.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/reader.h"
#include "formats/zip_writer.h"

namespace countersign {

/// A stretch of a recording as a file says it.
struct SpokenTurn {
    double start = 0, end = 0;
    std::string label;  ///< Speaker or event; empty: the file does not say.
    std::string text;   ///< What was said; empty: the file does not say.
    std::vector<Word> words;
    std::optional<double> confidence;
    Json meta;
    std::string id;       ///< The file's, or empty.
    std::string control;  ///< When written: of the segment.
};

/// Turns of one recording on their way to regions. What cannot be taken is named in `mends`.
class SoundLabels {
public:
    SoundLabels(LabelFinder& finder, const Schema* schema, Mends& mends)
        : finder_(finder), schema_(schema), mends_(mends) {}

    /// A turn becomes a segment of the control that has its label, its text a text about that
    /// segment. Without a label it is the only label that the schema has. Where the schema asks for
    /// one text of the whole recording, the texts are joined to it in order of time.
    void turn(SpokenTurn turn);
    void whole(std::string text, std::vector<Word> words, std::string_view control = {});
    /// Whether the schema draws segments with that label; without a schema nobody knows.
    bool is_label(std::string_view name);
    const Schema* schema() const { return schema_; }
    Mends& mends() { return mends_; }
    bool empty() const { return segments_.empty() && texts_.empty(); }
    /// What was collected, in order of time. `seconds`: the recording's length, 0 when it is not
    /// known; what runs past it is cut or left out, unless the file is wanted `as_written`.
    Regions take(double seconds, bool as_written);

private:
    const Control* text_control(bool per_region) const;
    LabelFinder::Found control_of(const SpokenTurn& turn);
    bool fits(SpokenTurn& turn, double seconds, bool as_written);
    void join(const SpokenTurn& turn);

    LabelFinder& finder_;
    const Schema* schema_;
    Mends& mends_;
    std::vector<SpokenTurn> segments_;
    std::vector<SpokenTurn> joined_;  ///< Texts of the one text that the schema asks for.
    Regions texts_;
};

/// What stands between white space.
std::vector<std::string_view> fields_of_line(std::string_view line);
/// A number of seconds, or nothing when it is none; at most 10^8.
std::optional<double> seconds_in(std::string_view text);
/// The nearest whole microsecond: what a sum or difference of decimal times means.
double to_microsecond(double seconds);
/// At least three decimals, at most six: "1.500", "0.000125".
void append_seconds(std::string& out, double seconds);
/// "01:02:03.456" with the given mark before the milliseconds; tells `losses` of finer times.
void append_clock(std::string& out, double seconds, char mark, Losses& losses);
/// "[[hh:]mm:]ss[.,]mmm" to seconds.
std::optional<double> clock_in(std::string_view text);
/// The name of a recording without the extension of a sound: "a.Mix-Headset.wav" is
/// "a.Mix-Headset".
std::string_view recording_stem(std::string_view name);
/// UTF-8 of a text file in UTF-8, or in UTF-16 with a byte order mark; without the mark, and with
/// "\n" for every end of line. `mended`: bytes that are no text were replaced.
std::string utf8_of_file(std::string_view bytes, bool& mended);

/// For regions that were read before anybody knew how long their recording is (it comes with them):
/// segments behind its end go, with what is said about them; those across it end there; words
/// behind it lose their times. `seconds` > 0.
void hold_to_end(Regions& regions, double seconds, Mends& mends);

/// A file with something in fields on each line (comments begin with ";;") about the recording that
/// its field `name_field` names: one `Recording` {name, first line} each, in the order they are
/// met; `take(fields, recording)` for every line.
template <class Recording, class Take>
std::vector<Recording> recordings_of_lines(std::string_view bytes, std::size_t name_field,
                                           const Take& take) {
    bool mended = false;
    const auto text = utf8_of_file(bytes, mended);
    std::vector<Recording> out;
    std::map<std::string_view, std::size_t> place;
    std::int64_t number = 0;
    for (const auto line : split(text, '\n')) {
        ++number;
        const auto f = fields_of_line(line);
        if (f.empty() || f[0].starts_with(";;")) continue;
        const auto name = f.size() > name_field ? f[name_field] : std::string_view();
        const auto [at, fresh] = place.emplace(name, out.size());
        if (fresh) {
            out.emplace_back();
            out.back().name = name;
            out.back().line = number;
        }
        take(f, out[at->second]);
    }
    if (mended)
        for (auto& r : out) r.mends.mended("bytes that are no text were replaced");
    return out;
}
/// The speaker before a colon ("Ada: Hello"), when it is one; `text` then loses it.
std::string take_speaker(std::string& text, SoundLabels& labels, bool guess);

/// Rows from files of one recording each.
class SoundFilesReader : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

protected:
    virtual bool is_mine(std::string_view name) const = 0;
    /// Reads one file; sets `recording` when the file names it (else it is the file's own name),
    /// and row.seconds when it says its length. A refusal rejects the file.
    virtual Result<> take(std::string_view text, SoundLabels& labels, ImportedRow& row,
                          std::string& recording) = 0;

private:
    Result<std::optional<ImportedRow>> read() final;
    std::size_t at_ = 0;
};

/// A text of the whole recording.
struct WholeText {
    std::string control, text;
    std::vector<Word> words;
};

/// Goes through the labels of recordings for a writer.
class SoundWriter : public RowWriter {
public:
    explicit SoundWriter(const WriteContext& context) : context_(context) {}
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> write(const ExportRecord& record, std::string& out) final;
    Result<> finish(std::string&) override { return Done{}; }
    std::vector<std::string> left_out() const final { return losses_.lines(); }

protected:
    struct Recording {
        const ExportRecord& record;
        std::string name;               ///< File name, unique in the export.
        std::string stem;               ///< The same without the extension of a sound.
        double seconds;                 ///< 0: not known.
        std::vector<SpokenTurn> turns;  ///< In order of time.
        std::vector<WholeText> texts;
    };
    virtual Result<> write_one(const Recording& one, std::string& out) = 0;
    void lose(std::string what) { losses_.add(std::move(what)); }
    /// `text` where white space parts fields: it becomes "_". `what` it is, in words.
    std::string one_field(std::string_view text, const std::string& what);
    void lose_words(const std::vector<Word>& words) {
        if (!words.empty()) losses_.add("times of the words of a text");
    }
    Losses& losses() { return losses_; }
    WriteContext context_;

private:
    std::string name_of(const ExportRecord& record);
    RegionsParser regions_;
    Losses losses_;
    std::unordered_set<std::string> used_;
};

/// A zip with a file a recording, and the recording beside it when its bytes are asked for.
class SoundZipWriter : public SoundWriter {
public:
    using SoundWriter::SoundWriter;
    Result<> finish(std::string& out) final;

protected:
    virtual std::string_view file_extension() const = 0;
    virtual Result<std::string> file_of(const Recording& one) = 0;

private:
    Result<> write_one(const Recording& one, std::string& out) final;
    ZipWriter zip_;
};

}  // namespace countersign
