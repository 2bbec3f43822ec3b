// fastText: "__label__positive __label__short what was said", a line an item. A label cannot hold
// white space and a text cannot hold line ends: underscores and spaces stand for them.
#include <algorithm>

#include "base/text.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

constexpr std::string_view prefix = "__label__";

class FastTextReader final : public LinesReader {
public:
    using LinesReader::LinesReader;

private:
    bool is_mine(std::string_view name) const override {
        const auto ext = extension(name);
        return ext == "txt" || ext == "fasttext" || ext == "ft" || ext == "train" ||
               ext == "valid" || ext == "test";
    }

    std::optional<ImportedRow> take(const Line* line) override {
        if (!line || (!line->too_long && trim(line->text).empty())) return std::nullopt;
        if (line->too_long) return refuse("the line is longer than 16 MiB");
        std::string copy(line->text);
        Mends mends;
        if (!is_utf8(copy)) {
            copy = repair_utf8(copy);
            mends.mended("bytes that are not UTF-8 were replaced");
        }
        std::string_view rest = trim(copy);
        std::vector<std::string_view> names;
        while (rest.starts_with(prefix)) {
            const auto end = std::min(rest.find_first_of(" \t"), rest.size());
            names.push_back(rest.substr(prefix.size(), end - prefix.size()));
            rest = trim(rest.substr(end));
        }
        if (rest.empty()) return refuse("the line has labels and no text");
        ImportedRow row;
        row.where = where();
        std::string text(rest);
        set_text(row, text, mends);
        TextLabels labels(text, labels_, context_.schema, mends);
        std::vector<std::string> spelled;
        for (const auto name : names) spelled.push_back(spelled_as_known(name));
        labels.choices({spelled.begin(), spelled.end()}, nullptr);
        auto regions = labels.take();
        if (!regions.empty()) add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    std::string spelled_as_known(std::string_view name) {
        std::string out(name);
        if (!context_.schema || !labels_.find(ControlKind::choices, name).control.empty())
            return out;
        std::replace(out.begin(), out.end(), '_', ' ');
        return labels_.find(ControlKind::choices, out).control.empty() ? std::string(name) : out;
    }
};

class FastTextWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;

private:
    Result<> write_one(const Labelled& one, std::string& out) override {
        for (const auto& r : one.regions) {
            if (r.kind != ControlKind::choices || !r.parent.empty()) {
                lose(r);
                continue;
            }
            for (std::string label : r.labels) {
                std::replace_if(
                    label.begin(), label.end(),
                    [](char c) { return c == ' ' || c == '\t' || c == '\n'; }, '_');
                out.append(prefix).append(label) += ' ';
            }
        }
        std::string text(trim(one.text));
        if (text.find_first_of("\r\n") != std::string::npos) lose("line ends inside texts");
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        out += text + "\n";
        return Done{};
    }
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_fasttext(std::shared_ptr<const Source> source,
                                                 const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<FastTextReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_fasttext(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<FastTextWriter>(context));
}

}  // namespace countersign
