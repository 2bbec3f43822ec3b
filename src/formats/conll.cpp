// CoNLL: a token a line, an empty line behind a sentence, spans as tags. An item is a sentence.
// CoNLL-2003 and its kin have the tag last and nothing about spaces, so tokens are joined by one;
// CoNLL-U has ten columns, the spaces and the tag in the last ("SpaceAfter=No|NER=B-PER").
#include "base/text.h"
#include "formats/tags.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

constexpr std::string_view tag_keys[] = {"NER", "ner", "Entity", "BIO", "NE"};

/// White space as MISC writes it: \s \t \n \r, and \p for |.
std::string spaces_of(std::string_view escaped) {
    std::string out;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        const char next = escaped[i] == '\\' && i + 1 < escaped.size() ? escaped[i + 1] : '\0';
        const char meant = next == 's'   ? ' '
                           : next == 't' ? '\t'
                           : next == 'n' ? '\n'
                           : next == 'r' ? '\r'
                           : next == 'p' ? '|'
                                         : '\0';
        if (meant) ++i;
        out += meant ? meant : escaped[i];
    }
    return out;
}
std::string escaped_spaces(std::string_view spaces) {
    std::string out;
    for (const char c : spaces)
        out += c == ' ' ? "\\s" : c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\s";
    return out;
}

/// Gathers the lines of one sentence.
class ConllReader final : public LinesReader {
public:
    ConllReader(std::shared_ptr<const Source> source, const ReadContext& context, bool universal)
        : LinesReader(std::move(source), context), universal_(universal) {}

private:
    bool is_mine(std::string_view name) const override {
        const auto ext = extension(name);
        return ext == "conll" || ext == "conllu" || ext == "txt" || ext == "bio" || ext == "iob" ||
               ext == "tsv" || ext == "ner" || ext == "annotated";
    }

    std::optional<ImportedRow> take(const Line* line) override {
        if (!line) return finish();
        if (line->too_long) {
            fault_ = "a line is longer than 16 MiB";
            return std::nullopt;
        }
        const auto text = line->text;
        if (trim(text).empty()) return finish();
        if (first_line_ == 0) first_line_ = line_number();
        if (text.starts_with("-DOCSTART-")) return std::nullopt;
        if (universal_)
            take_universal(text);
        else
            take_columns(text);
        return std::nullopt;
    }

    void take_columns(std::string_view line) {
        const char separator = line.find('\t') != std::string_view::npos ? '\t' : ' ';
        std::vector<std::string_view> columns;
        for (const auto part : split(line, separator))
            if (!trim(part).empty()) columns.push_back(trim(part));
        if (columns.size() < 2) {
            if (fault_.empty())
                fault_ = "line " + std::to_string(line_number()) + " has a token and no tag";
            return;
        }
        add_token(columns.front(), columns.back());
        text_ += ' ';
    }

    void take_universal(std::string_view line) {
        if (line.starts_with('#')) {
            const auto equals = line.find('=');
            if (equals != std::string_view::npos && trim(line.substr(1, equals - 1)) == "sent_id")
                key_ = repair_utf8(trim(line.substr(equals + 1)));
            return;
        }
        const auto columns = split(line, '\t');
        if (columns.size() != 10) {
            if (fault_.empty())
                fault_ = "line " + std::to_string(line_number()) + " has " +
                         std::to_string(columns.size()) + " columns where CoNLL-U has ten";
            return;
        }
        if (columns[0].find('.') != std::string_view::npos) return;  // An empty node.
        std::string_view tag = "O";
        std::string after = " ";
        bool said = false;
        for (const auto part : split(columns[9], '|')) {
            const auto equals = part.find('=');
            if (equals == std::string_view::npos) continue;
            const auto key = part.substr(0, equals), value = part.substr(equals + 1);
            if (key == "SpaceAfter" && value == "No") said = true, after.clear();
            if (key == "SpacesAfter") said = true, after = spaces_of(value);
            if (key == "SpacesBefore" && text_.empty()) set_before(spaces_of(value));
            for (const auto known : tag_keys)
                if (key == known) tag = value;
        }
        take_word(columns[0], columns[1], tag, after);
        end_is_said_ = said;
    }

    /// A word of several ("3-4 du") stands for the words it covers; their tags count for it.
    void take_word(std::string_view id, std::string_view form, std::string_view tag,
                   const std::string& after) {
        const auto dash = id.find('-');
        if (dash != std::string_view::npos) {
            covered_until_ = std::string(id.substr(dash + 1));
            covering_ = true;
            add_token(form, tag);
            text_ += after;
            return;
        }
        if (!covering_) {
            add_token(form, tag);
            text_ += after;
            return;
        }
        if (tag != "O" && tags_.back() == "O") tags_.back() = tag;
        covering_ = id != covered_until_;
    }

    void set_before(std::string spaces) {
        text_ = std::move(spaces);
        length_ = code_points(text_);
        counted_ = text_.size();
    }

    void add_token(std::string_view token, std::string_view tag) {
        if (!is_utf8(token) || !is_utf8(tag)) broken_ = true;
        const auto form = repair_utf8(token);
        count_up();
        starts_.push_back(length_);
        text_ += form;
        count_up();
        ends_.push_back(length_);
        tags_.push_back(repair_utf8(tag));
    }
    void count_up() {
        length_ += code_points(std::string_view(text_).substr(counted_));
        counted_ = text_.size();
    }

    std::optional<ImportedRow> finish() {
        std::optional<ImportedRow> row;
        if (!fault_.empty())
            row = refuse(fault_, first_line_);
        else if (!starts_.empty())
            row = sentence();
        text_.clear();
        tags_.clear();
        starts_.clear();
        ends_.clear();
        key_.clear();
        fault_.clear();
        length_ = first_line_ = 0;
        counted_ = 0;
        covering_ = broken_ = end_is_said_ = false;
        return row;
    }

    ImportedRow sentence() {
        ImportedRow row;
        row.where = where(first_line_);
        row.key = key_;
        Mends mends;
        if (broken_) mends.mended("bytes that are not UTF-8 were replaced");
        if (text_.ends_with(' ') && !end_is_said_) text_.pop_back();
        set_text(row, text_, mends);
        TagSpans spans;
        for (std::size_t i = 0; i < tags_.size(); ++i)
            if (!spans.add(tags_[i], starts_[i], ends_[i]))
                mends.mended(in_quotes(tags_[i]) + " is no tag like B-PER, and was read as O");
        TextLabels labels(text_, labels_, context_.schema, mends);
        for (const auto& s : spans.take()) labels.span({}, s.start, s.end, s.label);
        add_labels(row, labels.take());
        mends.apply(row);
        return row;
    }

    bool universal_, covering_ = false, broken_ = false;
    bool end_is_said_ = false;  ///< What stands behind the last token; else one space that is none.
    std::string text_, key_, fault_, covered_until_;
    std::vector<std::string> tags_;
    std::vector<std::int64_t> starts_, ends_;
    std::int64_t length_ = 0, first_line_ = 0;
    std::size_t counted_ = 0;
};

class ConllWriter final : public TextWriter {
public:
    ConllWriter(const WriteContext& context, bool universal)
        : TextWriter(context), universal_(universal) {}

private:
    Result<> begin_pass(int, std::string& out) override {
        if (!universal_) out += "-DOCSTART- -X- O\n\n";
        return Done{};
    }
    Result<> write_one(const Labelled& one, std::string& out) override {
        for (const auto& r : one.regions)
            if (r.kind != ControlKind::spans) lose(r);
        std::string_view before;
        const auto tokens = tagged_tokens(one.text, flat_spans(one.regions), before);
        if (tokens.empty()) return Done{};
        if (universal_)
            universal(one, tokens, before, out);
        else
            for (const auto& t : tokens) {
                out += t.text;
                out += " -X- _ " + tag_word(t.tag) + "\n";
                if (&t != &tokens.back() && t.space_after != " ") lose("spaces between tokens");
            }
        out += '\n';
        return Done{};
    }

    /// A tag is one word there.
    std::string tag_word(std::string tag) {
        if (tag.find_first_of(" \t|=") == std::string::npos) return tag;
        for (char& c : tag)
            if (c == ' ' || c == '\t' || c == '|' || c == '=') c = '_';
        lose("white space, | and = in names of labels");
        return tag;
    }

    void universal(const Labelled& one, const std::vector<TaggedToken>& tokens,
                   std::string_view before, std::string& out) {
        const auto in_a_line = [](std::string_view text) {
            std::string flat(text);
            for (char& c : flat)
                if (c == '\n' || c == '\r') c = ' ';
            return flat;
        };
        if (!one.record.key.empty()) out += "# sent_id = " + in_a_line(one.record.key) + "\n";
        out += "# text = " + in_a_line(one.text) + "\n";
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const auto& t = tokens[i];
            const bool last = i + 1 == tokens.size();
            std::string misc;
            const auto say = [&](const std::string& what) {
                misc += (misc.empty() ? "" : "|") + what;
            };
            if (t.tag != "O") say("NER=" + tag_word(t.tag));
            if (i == 0 && !before.empty()) say("SpacesBefore=" + escaped_spaces(before));
            if (t.space_after.empty() && !last)
                say("SpaceAfter=No");
            else if (t.space_after != " " && !t.space_after.empty())
                say("SpacesAfter=" + escaped_spaces(t.space_after));
            else if (last && t.space_after == " ")
                say("SpacesAfter=\\s");
            out += std::to_string(i + 1) + "\t" + std::string(t.text) + "\t_\t_\t_\t_\t_\t_\t_\t" +
                   (misc.empty() ? "_" : misc) + "\n";
        }
    }

    bool universal_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_conll(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(
        std::make_unique<ConllReader>(std::move(source), context, false));
}
Result<std::unique_ptr<RowReader>> read_conllu(std::shared_ptr<const Source> source,
                                               const ReadContext& context) {
    return std::unique_ptr<RowReader>(
        std::make_unique<ConllReader>(std::move(source), context, true));
}
Result<std::unique_ptr<RowWriter>> write_conll(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<ConllWriter>(context, false));
}
Result<std::unique_ptr<RowWriter>> write_conllu(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<ConllWriter>(context, true));
}

}  // namespace countersign
