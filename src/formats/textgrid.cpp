// Praat's TextGrid, long and short, in UTF-8 or UTF-16: tiers of intervals that tile the recording.
// Both forms are the same sequence of texts in quotes and numbers; what else stands in a long file
// ("xmin =", "intervals [1]:") says nothing more.
//
// Read: a tier called like a label (a speaker) has what that speaker said, or the label itself
// where nothing is written down; a tier of labels has the speaker of each interval; a tier called
// like the text of the whole recording is that text. "NAME - words" has the words of NAME. A tier
// of points is named as not carried. Written: a tier a label; segments of one label that overlap go
// to a second tier of the same name.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/text.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"

namespace countersign {

namespace {

constexpr std::string_view words_mark = " - words";
constexpr std::size_t most_tiers = 10'000;

/// The texts, numbers and flags of a TextGrid in turn.
class Tokens {
public:
    explicit Tokens(std::string_view text) : text_(text) {}
    Result<double> number() {
        const auto token = next();
        const auto n = seconds_in(token);
        if (!n || quoted_) return fault("a number", token);
        return *n;
    }
    Result<std::string> text() {
        const auto token = next();
        if (!quoted_) return fault("a text in quotes", token);
        std::string out;
        for (std::size_t i = 0; i < token.size(); ++i) {
            out += token[i];
            if (token[i] == '"') ++i;  // Doubled.
        }
        return out;
    }
    /// "<exists>" or "<absent>".
    Result<bool> flag() {
        const auto token = next();
        if (token != "<exists>") return fault("<exists>", token);
        return true;
    }

private:
    Refusal fault(std::string_view wanted, std::string_view token) const {
        return {Code::invalid,
                "line " + std::to_string(line_) + ": " + std::string(wanted) + " is due, and " +
                    (token.empty() ? "the file ends" : in_quotes(token) + " stands there")};
    }
    /// The next text (without its quotes), number or flag; passes over names, "=" and "[1]:".
    std::string_view next() {
        quoted_ = false;
        for (;;) {
            while (at_ < text_.size() && is_space(text_[at_])) line_ += text_[at_++] == '\n';
            if (at_ == text_.size()) return {};
            const char c = text_[at_];
            if (c == '"') return quoted();
            const auto begin = at_;
            while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '"') ++at_;
            const auto token = text_.substr(begin, at_ - begin);
            if (c == '!') {  // A comment.
                at_ = std::min(text_.find('\n', at_), text_.size());
                continue;
            }
            if (c == '<' || c == '-' || c == '+' || (c >= '0' && c <= '9')) return token;
        }
    }
    std::string_view quoted() {
        quoted_ = true;
        const auto begin = ++at_;
        for (; at_ < text_.size(); ++at_) {
            line_ += text_[at_] == '\n';
            if (text_[at_] != '"') continue;
            if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                ++at_;
                continue;
            }
            return text_.substr(begin, at_++ - begin);
        }
        quoted_ = false;
        return text_.substr(begin, 0);
    }
    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    std::string_view text_;
    std::size_t at_ = 0;
    std::int64_t line_ = 1;
    bool quoted_ = false;
};

struct Interval {
    double start, end;
    std::string text;
};
struct Tier {
    std::string name;
    bool points = false;
    std::vector<Interval> intervals;  ///< Those that say something.
};

class TextGridReader final : public SoundFilesReader {
public:
    using SoundFilesReader::SoundFilesReader;

private:
    bool is_mine(std::string_view name) const override { return extension(name) == "textgrid"; }

    Result<> take(std::string_view text, SoundLabels& labels, ImportedRow& row,
                  std::string&) override {
        Tokens tokens(text);
        const auto type = TRY(tokens.text());
        const auto object = TRY(tokens.text());
        if (type != "ooTextFile" || object != "TextGrid")
            return Refusal{Code::invalid,
                           "it is a " + in_quotes(object) + " of Praat, not a TextGrid"};
        TRY(tokens.number());
        const double seconds = TRY(tokens.number());
        if (row.seconds <= 0 && seconds > 0) row.seconds = seconds;
        TRY(tokens.flag());
        const double count = TRY(tokens.number());
        if (count < 0 || count > static_cast<double>(most_tiers))
            return Refusal{Code::invalid, "it has no possible number of tiers"};
        std::vector<Tier> tiers;
        for (int i = 0; i < static_cast<int>(count); ++i) tiers.push_back(TRY(tier(tokens)));
        use(tiers, labels);
        return Done{};
    }

    static Result<Tier> tier(Tokens& tokens) {
        Tier tier;
        const auto kind = TRY(tokens.text());
        tier.points = kind == "TextTier";
        if (!tier.points && kind != "IntervalTier")
            return Refusal{Code::invalid, in_quotes(kind) + " is no kind of tier"};
        tier.name = std::string(trim(TRY(tokens.text())));
        TRY(tokens.number());
        TRY(tokens.number());
        const double count = TRY(tokens.number());
        for (double i = 0; i < count; ++i) {
            Interval interval;
            interval.start = TRY(tokens.number());
            interval.end = tier.points ? interval.start : TRY(tokens.number());
            interval.text = std::string(trim(TRY(tokens.text())));
            if (!interval.text.empty()) tier.intervals.push_back(std::move(interval));
        }
        return tier;
    }

    static const Control* control_of(const SoundLabels& labels, std::string_view name) {
        return labels.schema() ? labels.schema()->control(name) : nullptr;
    }

    static void use(std::vector<Tier>& tiers, SoundLabels& labels) {
        std::map<std::string, std::vector<const Tier*>, std::less<>> words;
        for (const auto& t : tiers)
            if (t.name.ends_with(words_mark) && t.name.size() > words_mark.size())
                words[t.name.substr(0, t.name.size() - words_mark.size())].push_back(&t);
        for (auto& t : tiers) {
            if (t.name.ends_with(words_mark) &&
                std::any_of(tiers.begin(), tiers.end(), [&](const Tier& other) {
                    return t.name == other.name + std::string(words_mark);
                }))
                continue;
            if (t.points) {
                if (!t.intervals.empty())
                    labels.mends().left_out("the tier of points " + in_quotes(t.name) +
                                            " is not carried");
                continue;
            }
            const auto found = words.find(t.name);
            use(t, found == words.end() ? std::vector<const Tier*>() : found->second, labels);
        }
    }

    static void use(Tier& tier, const std::vector<const Tier*>& words, SoundLabels& labels) {
        const auto* control = control_of(labels, tier.name);
        const bool whole = labels.schema()
                               ? control && control->kind == ControlKind::text
                               : tier.name == "transcript" && tier.intervals.size() == 1;
        if (whole) {
            std::string text;
            for (const auto& i : tier.intervals) text += (text.empty() ? "" : " ") + i.text;
            return labels.whole(std::move(text), words_in(words, 0, 1e9), tier.name);
        }
        const bool of_labels = names_labels(tier, labels, control);
        for (auto& i : tier.intervals) {
            SpokenTurn t;
            t.start = i.start, t.end = i.end;
            t.label = of_labels ? i.text : tier.name;
            if (of_labels && control) t.control = control->name;
            if (!of_labels && i.text != tier.name) {
                t.text = std::move(i.text);
                t.words = words_in(words, t.start, t.end);
            }
            labels.turn(std::move(t));
        }
    }

    /// Whether the intervals hold labels rather than texts. Without a schema: when the tier is not
    /// called like what it holds, and few different short texts come again and again.
    static bool names_labels(const Tier& tier, SoundLabels& labels, const Control* control) {
        if (labels.is_label(tier.name)) return false;
        if (control && control->kind == ControlKind::segments) return true;
        if (labels.schema())
            return std::all_of(tier.intervals.begin(), tier.intervals.end(),
                               [&](const Interval& i) { return labels.is_label(i.text); });
        std::set<std::string_view> different;
        for (const auto& i : tier.intervals) {
            if (i.text == tier.name || i.text.size() > 40) return false;
            different.insert(i.text);
        }
        return !different.empty() &&
               (different.size() * 3 <= tier.intervals.size() || tier.name == "speaker");
    }

    static std::vector<Word> words_in(const std::vector<const Tier*>& tiers, double start,
                                      double end) {
        constexpr double slack = 1e-3;
        std::vector<Word> words;
        for (const auto* tier : tiers)
            for (const auto& i : tier->intervals)
                if (i.start >= start - slack && i.end <= end + slack)
                    words.push_back({i.text, i.start, i.end, std::nullopt});
        return words;
    }
};

/// In the long form, as Praat writes it itself.
class TextGridWriter final : public SoundZipWriter {
public:
    using SoundZipWriter::SoundZipWriter;

private:
    std::string_view file_extension() const override { return "TextGrid"; }

    Result<std::string> file_of(const Recording& one) override {
        std::vector<Tier> tiers;
        double end = one.seconds;
        for (const auto& t : one.turns) {
            if (t.text == t.label) lose("text that is the name of its label");
            put(tiers, t.label, {t.start, t.end, t.text.empty() ? t.label : t.text});
            put_words(tiers, t.label, t.words);
            if (t.confidence) lose("confidence of a segment");
            end = std::max(end, t.end);
        }
        for (const auto& text : one.texts) {
            double last = std::max(end, 1.0);
            for (const auto& w : text.words) last = std::max(last, w.end);
            end = last;
        }
        for (const auto& text : one.texts) {
            put(tiers, text.control, {0, end, text.text});
            put_words(tiers, text.control, text.words);
        }
        return text_of(tiers, end);
    }

    /// Into the first tier of that name that is free there.
    static void put(std::vector<Tier>& tiers, const std::string& name, Interval interval) {
        for (auto& t : tiers)
            if (t.name == name &&
                (t.intervals.empty() || t.intervals.back().end <= interval.start)) {
                t.intervals.push_back(std::move(interval));
                return;
            }
        tiers.push_back({name, false, {std::move(interval)}});
    }
    void put_words(std::vector<Tier>& tiers, const std::string& name,
                   const std::vector<Word>& words) {
        for (const auto& w : words) {
            if (!(w.end > w.start)) {
                lose("word without length");
                continue;
            }
            if (w.confidence) lose("confidence of a word");
            put(tiers, name + std::string(words_mark), {w.start, w.end, w.text});
        }
    }

    static void number(std::string& out, std::string_view key, double value) {
        out += key;
        out += " = ";
        append_json_number(out, value);
        out += '\n';
    }
    static void quoted(std::string& out, std::string_view key, std::string_view text) {
        out.append(key).append(" = \"");
        for (const char c : text) {
            if (c == '"') out += '"';
            out += c;
        }
        out += "\"\n";
    }
    static void interval(std::string& out, int n, double start, double end, std::string_view text) {
        out += "        intervals [" + std::to_string(n) + "]:\n";
        number(out, "            xmin", start);
        number(out, "            xmax", end);
        quoted(out, "            text", text);
    }

    static std::string text_of(const std::vector<Tier>& tiers, double end) {
        std::string out = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n";
        number(out, "xmin", 0);
        number(out, "xmax", end);
        out += "tiers? <exists>\nsize = " + std::to_string(tiers.size()) + "\nitem []:\n";
        int n = 0;
        for (const auto& tier : tiers) {
            out += "    item [" + std::to_string(++n) + "]:\n";
            quoted(out, "        class", "IntervalTier");
            quoted(out, "        name", tier.name);
            number(out, "        xmin", 0);
            number(out, "        xmax", end);
            std::string body;
            double at = 0;
            int count = 0;
            for (const auto& i : tier.intervals) {
                if (i.start > at) interval(body, ++count, at, i.start, {});
                interval(body, ++count, i.start, i.end, i.text);
                at = i.end;
            }
            if (end > at) interval(body, ++count, at, end, {});
            out += "        intervals: size = " + std::to_string(count) + "\n" + body;
        }
        return out;
    }
};

}  // namespace

double recognise_textgrid(const Source& source) {
    for (const auto& e : source.entries())
        if (extension(e.name) == "textgrid") return 0.95;
    return 0;
}

Result<std::unique_ptr<RowReader>> read_textgrid(std::shared_ptr<const Source> source,
                                                 const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<TextGridReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_textgrid(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<TextGridWriter>(context));
}

}  // namespace countersign
