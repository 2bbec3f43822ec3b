// Audacity's label track: "start<TAB>end<TAB>text" a line, in seconds; a line that begins with "\"
// after it says the band of a spectral selection ("\<TAB>low<TAB>high", Hz), which is kept in meta.
// The text is a label, "label: text", or the text of the only label that there is. Points (start
// and end are the same) are named as not carried.
#include <algorithm>

#include "base/text.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"

namespace countersign {

namespace {

class AudacityReader final : public SoundFilesReader {
public:
    using SoundFilesReader::SoundFilesReader;

private:
    bool is_mine(std::string_view name) const override { return extension(name) == "txt"; }

    Result<> take(std::string_view text, SoundLabels& labels, ImportedRow&, std::string&) override {
        std::vector<SpokenTurn> turns;
        std::size_t broken = 0;
        for (const auto line : split(text, '\n')) {
            if (trim(line).empty()) continue;
            const auto columns = split(line, '\t');
            const bool band = columns[0] == "\\";
            const auto a = columns.size() > 1 ? seconds_in(columns[band ? 1 : 0]) : std::nullopt;
            const auto b = columns.size() > (band ? 2U : 1U) ? seconds_in(columns[band ? 2 : 1])
                                                             : std::nullopt;
            if (!a || !b) {
                ++broken;
                labels.mends().left_out("a line has no two numbers: " + in_quotes(line));
                continue;
            }
            if (band) {
                if (!turns.empty()) turns.back().meta["audacity"] = {{"low", *a}, {"high", *b}};
                continue;
            }
            SpokenTurn t;
            t.start = *a, t.end = *b;
            if (columns.size() > 2) {
                const auto at = static_cast<std::size_t>(columns[2].data() - line.data());
                t.text = trim(line.substr(at));
            }
            turns.push_back(std::move(t));
        }
        if (turns.empty() && broken > 0)
            return Refusal{Code::invalid,
                           "it is no label track (start, end and text between tabs)"};
        for (auto& t : turns) add(std::move(t), labels);
        return Done{};
    }

    static void add(SpokenTurn t, SoundLabels& labels) {
        if (t.start == t.end)
            return labels.mends().left_out("labels of a moment, without length, are not carried");
        t.label = take_speaker(t.text, labels, true);
        if (t.label.empty() && !labels.schema()) t.label = std::exchange(t.text, std::string());
        if (t.label.empty() && t.text.empty() && labels.schema() == nullptr) t.label = "speech";
        labels.turn(std::move(t));
    }
};

class AudacityWriter final : public SoundZipWriter {
public:
    using SoundZipWriter::SoundZipWriter;

private:
    std::string_view file_extension() const override { return "txt"; }

    Result<std::string> file_of(const Recording& one) override {
        std::string out;
        for (const auto& t : one.turns) {
            lose_words(t.words);
            if (t.confidence) lose("confidence of a segment");
            line(out, t.start, t.end, t.label + (t.text.empty() ? "" : ": ") + t.text);
            if (!t.meta.is_object() || !t.meta.contains("audacity")) continue;
            const auto& band = t.meta["audacity"];
            if (!band.is_object() || !band.value("low", Json()).is_number() ||
                !band.value("high", Json()).is_number())
                continue;
            out += "\\\t";
            append_seconds(out, band["low"].get<double>());
            out += '\t';
            append_seconds(out, band["high"].get<double>());
            out += '\n';
        }
        for (const auto& text : one.texts) lose("text of control \"" + text.control + "\"");
        return out;
    }
    void line(std::string& out, double start, double end, std::string text) {
        const auto before = text;
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
        if (text != before) lose("line break in a text");
        append_seconds(out, start);
        out += '\t';
        append_seconds(out, end);
        out += '\t' + text + '\n';
    }
};

}  // namespace

/// A text file whose first line is two numbers with a tab between them and one behind.
double recognise_audacity(const Source& source) {
    int looked = 0;
    for (const auto& e : source.entries()) {
        if (extension(e.name) != "txt" || base_name(e.name) == left_out_file || ++looked > 5)
            continue;
        const auto text = source.read_all(e.name, 16 << 20);
        if (!text) return 0;
        const auto first = std::string_view(*text).substr(0, text->find('\n'));
        const auto columns = split(first, '\t');
        const bool times = columns.size() >= 3 && seconds_in(columns[0]) &&
                           seconds_in(columns[1]) &&
                           *seconds_in(columns[0]) <= *seconds_in(columns[1]);
        return times ? 0.93 : 0;
    }
    return 0;
}

Result<std::unique_ptr<RowReader>> read_audacity(std::shared_ptr<const Source> source,
                                                 const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<AudacityReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_audacity(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<AudacityWriter>(context));
}

}  // namespace countersign
