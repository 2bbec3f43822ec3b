// WebVTT (W3C): cues with times, a speaker as a voice tag (<v Ada>), text with & < > escaped.
// Notes, styles and regions of the screen are passed over; where on the screen a cue stands and how
// its text looks is named as not carried. A word with a time before it (<00:01.000>) gets that
// start, and ends where the next one begins.
//
// SRT (SubRip) is the same in another dress: numbered cues, a comma in the times, no speakers. The
// name before a colon is the speaker when the schema has such a label, or, without a schema, when
// at least half of the cues have one.
#include <array>
#include <charconv>

#include "base/text.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"

namespace countersign {

namespace {

struct Cue {
    double start = 0, end = 0;
    std::string text;  ///< As written, its lines joined by "\n".
    bool settings = false;
};

/// "00:01.000 --> 00:02.000 align:start"; false when the line is none.
bool take_times(std::string_view line, Cue& cue) {
    const auto arrow = line.find("-->");
    if (arrow == std::string_view::npos) return false;
    const auto rest = trim(line.substr(arrow + 3));
    const auto end = rest.find_first_of(" \t");
    const auto from = clock_in(line.substr(0, arrow)), to = clock_in(rest.substr(0, end));
    if (!from || !to) return false;
    cue.start = *from, cue.end = *to;
    cue.settings = end != std::string_view::npos;
    return true;
}

/// The cues of a file: blocks with a line of times. What is none of the format's blocks is told.
std::vector<Cue> cues_of(std::string_view text, Mends& mends) {
    std::vector<Cue> cues;
    const auto lines = split(text, '\n');
    for (std::size_t i = 0; i < lines.size();) {
        if (trim(lines[i]).empty()) {
            ++i;
            continue;
        }
        const auto begin = i;
        while (i < lines.size() && !trim(lines[i]).empty()) ++i;
        const auto first = trim(lines[begin]);
        Cue cue;
        std::size_t at = begin;
        if (!take_times(lines[at], cue) && (++at >= i || !take_times(lines[at], cue))) {
            const bool known = first.starts_with("WEBVTT") || first.starts_with("NOTE") ||
                               first.starts_with("STYLE") || first.starts_with("REGION") ||
                               first.starts_with("X-TIMESTAMP-MAP");
            if (!known) mends.left_out("a block has no times: " + in_quotes(first));
            continue;
        }
        for (++at; at < i; ++at) {
            if (lines[at].find("-->") !=
                std::string_view::npos) {  // A cue without a blank line before it.
                i = at;
                break;
            }
            cue.text += (cue.text.empty() ? "" : "\n") + std::string(trim(lines[at]));
        }
        if (cue.settings) mends.mended("where cues stand on the screen is not kept");
        cues.push_back(std::move(cue));
    }
    return cues;
}

struct Escape {
    std::string_view written, meant;
};
constexpr Escape escapes[] = {{"&amp;", "&"},       {"&lt;", "<"},       {"&gt;", ">"},
                              {"&nbsp;", "\u00A0"}, {"&lrm;", "\u200E"}, {"&rlm;", "\u200F"},
                              {"&quot;", "\""},     {"&apos;", "'"},     {"&#39;", "'"}};

/// Cue text to turns: voices part it, other tags are dropped, times begin words.
class CueText {
public:
    CueText(const Cue& cue, SoundLabels& labels) : cue_(cue), labels_(labels) {}

    void take() {
        const std::string_view text = cue_.text;
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == '<') {
                const auto end = text.find('>', i);
                if (end == std::string_view::npos) {
                    labels_.mends().mended("a tag does not end");
                    break;
                }
                tag(text.substr(i + 1, end - i - 1));
                i = end + 1;
            } else if (text[i] == '&') {
                i += escape(text.substr(i));
            } else {
                said_ += text[i++];
            }
        }
        finish();
    }

private:
    std::size_t escape(std::string_view rest) {
        for (const auto& e : escapes)
            if (rest.starts_with(e.written)) {
                said_ += e.meant;
                return e.written.size();
            }
        said_ += '&';
        return 1;
    }
    void tag(std::string_view tag) {
        if (tag == "v" || tag.starts_with("v ") || tag.starts_with("v.") ||
            tag.starts_with("v\t")) {
            finish();
            const auto space = tag.find_first_of(" \t");
            CueText name(cue_, labels_);
            if (space != std::string_view::npos) {
                const auto said = trim(tag.substr(space));
                for (std::size_t i = 0; i < said.size();)
                    if (said[i] == '&')
                        i += name.escape(said.substr(i));
                    else
                        name.said_ += said[i++];
            }
            speaker_ = std::move(name.said_);
            return;
        }
        if (tag == "/v") return;
        if (const auto time = clock_in(tag); time && tag.find(':') != std::string_view::npos) {
            words_.push_back({{}, *time, cue_.end, std::nullopt});
            places_.push_back(said_.size());
            return;
        }
        labels_.mends().mended("how the text looks (bold, classes, language, ruby) is not kept");
    }
    void finish() {
        const std::string text(trim(said_));
        SpokenTurn t;
        t.start = cue_.start, t.end = cue_.end;
        t.label = std::move(speaker_);
        if (!text.empty()) t.words = timed_words();
        t.text = text;
        if (!text.empty() || !t.label.empty()) labels_.turn(std::move(t));
        said_.clear(), words_.clear(), places_.clear(), speaker_.clear();
    }
    /// Only when each word has a time of its own.
    std::vector<Word> timed_words() {
        std::vector<Word> words = std::move(words_);
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto end = i + 1 < words.size() ? places_[i + 1] : said_.size();
            words[i].text = trim(std::string_view(said_).substr(places_[i], end - places_[i]));
            if (i + 1 < words.size()) words[i].end = words[i + 1].start;
        }
        std::erase_if(words, [](const Word& w) { return w.text.empty() || !(w.end >= w.start); });
        return words;
    }

    const Cue& cue_;
    SoundLabels& labels_;
    std::string said_, speaker_;
    std::vector<Word> words_;
    std::vector<std::size_t> places_;
};

class WebVttReader final : public SoundFilesReader {
public:
    using SoundFilesReader::SoundFilesReader;

private:
    bool is_mine(std::string_view name) const override { return extension(name) == "vtt"; }
    Result<> take(std::string_view text, SoundLabels& labels, ImportedRow&, std::string&) override {
        if (!text.starts_with("WEBVTT"))
            return Refusal{Code::invalid, "its first line is not WEBVTT"};
        for (const auto& cue : cues_of(text, labels.mends())) CueText(cue, labels).take();
        return Done{};
    }
};

class SrtReader final : public SoundFilesReader {
public:
    using SoundFilesReader::SoundFilesReader;

private:
    bool is_mine(std::string_view name) const override { return extension(name) == "srt"; }
    Result<> take(std::string_view text, SoundLabels& labels, ImportedRow&, std::string&) override {
        auto cues = cues_of(text, labels.mends());
        if (cues.empty() && !trim(text).empty())
            return Refusal{Code::invalid, "it has no cue (\"00:00:01,000 --> 00:00:02,000\")"};
        std::size_t with_name = 0;
        for (auto& cue : cues) {
            cue.text = plain(cue.text, labels.mends());
            auto copy = cue.text;
            with_name += !take_speaker(copy, labels, true).empty();
        }
        for (auto& cue : cues) {
            SpokenTurn t;
            t.start = cue.start, t.end = cue.end;
            t.text = std::move(cue.text);
            t.label = take_speaker(t.text, labels, with_name * 2 >= cues.size());
            if (!t.text.empty() || !t.label.empty()) labels.turn(std::move(t));
        }
        return Done{};
    }

    /// Without <i> and {\an8}.
    static std::string plain(std::string_view text, Mends& mends) {
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const char close = text[i] == '<'                      ? '>'
                               : text.substr(i).starts_with("{\\") ? '}'
                                                                   : '\0';
            const auto end = close == '\0' ? std::string_view::npos : text.find(close, i);
            const bool tag =
                end != std::string_view::npos &&
                (close == '}' || (i + 1 < end && (text[i + 1] == '/' ||
                                                  (text[i + 1] >= 'a' && text[i + 1] <= 'z'))));
            if (!tag) {
                out += text[i++];
                continue;
            }
            mends.mended("how the text looks (italics, colours, places) is not kept");
            i = end + 1;
        }
        return std::string(trim(out));
    }
};

/// A cue a segment; a text of the whole recording is one cue.
class CueWriter : public SoundZipWriter {
public:
    using SoundZipWriter::SoundZipWriter;

protected:
    virtual void cue(int number, const SpokenTurn& turn, std::string& out) = 0;
    std::string file_of_cues(const Recording& one, std::string out) {
        int n = 0;
        double end = one.seconds;
        for (const auto& t : one.turns) {
            if (t.confidence) lose("confidence of a segment");
            cue(++n, t, out);
            end = std::max(end, t.end);
        }
        for (const auto& text : one.texts) {
            SpokenTurn t;
            t.end = end;
            for (const auto& w : text.words) t.end = std::max(t.end, w.end);
            if (!one.turns.empty() || t.end <= 0) {
                lose("text of control \"" + text.control + "\"");
                continue;
            }
            t.text = text.text;
            t.words = text.words;
            cue(++n, t, out);
        }
        return out;
    }
    /// Blank lines end a cue.
    std::string without_blank_lines(std::string_view text) {
        std::string out;
        bool changed = false;
        for (const auto line : split(text, '\n')) {
            if (trim(line).empty()) {
                changed = true;
                continue;
            }
            out += (out.empty() ? "" : "\n") + std::string(line);
        }
        if (changed && !out.empty()) lose("blank line in a text");
        return out;
    }
};

class WebVttWriter final : public CueWriter {
public:
    using CueWriter::CueWriter;

private:
    std::string_view file_extension() const override { return "vtt"; }
    Result<std::string> file_of(const Recording& one) override {
        return file_of_cues(one, "WEBVTT\n");
    }
    static void escaped(std::string& out, std::string_view text) {
        for (const char c : text)
            if (c == '&')
                out += "&amp;";
            else if (c == '<')
                out += "&lt;";
            else if (c == '>')
                out += "&gt;";
            else
                out += c;
    }
    void cue(int, const SpokenTurn& t, std::string& out) override {
        lose_words(t.words);
        out += '\n';
        append_clock(out, t.start, '.', losses());
        out += " --> ";
        append_clock(out, t.end, '.', losses());
        out += '\n';
        if (!t.label.empty()) {
            std::string name = t.label;
            for (char& c : name)
                if (c == '\n' || c == '\t') c = ' ';
            out += "<v ";
            escaped(out, name);
            out += '>';
        }
        escaped(out, without_blank_lines(t.text));
        out += '\n';
    }
};

class SrtWriter final : public CueWriter {
public:
    using CueWriter::CueWriter;

private:
    std::string_view file_extension() const override { return "srt"; }
    Result<std::string> file_of(const Recording& one) override { return file_of_cues(one, {}); }
    void cue(int number, const SpokenTurn& t, std::string& out) override {
        lose_words(t.words);
        if (number > 1) out += '\n';
        out += std::to_string(number) + "\n";
        append_clock(out, t.start, ',', losses());
        out += " --> ";
        append_clock(out, t.end, ',', losses());
        out += "\n" + t.label + (t.label.empty() || t.text.empty() ? "" : ": ") +
               without_blank_lines(t.text) + "\n";
    }
};

double by_extension(const Source& source, std::string_view wanted) {
    for (const auto& e : source.entries())
        if (extension(e.name) == wanted) return 0.95;
    return 0;
}

}  // namespace

double recognise_webvtt(const Source& source) {
    return by_extension(source, "vtt");
}
double recognise_srt(const Source& source) {
    return by_extension(source, "srt");
}

Result<std::unique_ptr<RowReader>> read_webvtt(std::shared_ptr<const Source> source,
                                               const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<WebVttReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_webvtt(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<WebVttWriter>(context));
}
Result<std::unique_ptr<RowReader>> read_srt(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<SrtReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_srt(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<SrtWriter>(context));
}

}  // namespace countersign
