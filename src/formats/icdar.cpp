// ICDAR's robust reading ground truth, a text file an image (gt_img_1.txt beside img_1.jpg).
// 2015: "x1,y1,x2,y2,x3,y3,x4,y4,transcription", clockwise from the top left corner; 2013: "left,
// top, right, bottom, \"transcription\"". "###" is a text that cannot be read: a region without a
// text. Written is 2015's form, in whole pixels, as the scorers of the competition read it.
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "formats/image_text.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_icdar = 16 << 20;
constexpr std::string_view unreadable = "###";

std::optional<double> whole_or_not(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > 20) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

struct IcdarLine {
    Ring ring;
    std::string text;
};

/// As many numbers as there are, eight or four; the rest is the text.
std::optional<IcdarLine> line_of(std::string_view line) {
    std::vector<double> numbers;
    std::size_t at = 0;
    const bool commas = line.find(',') != std::string_view::npos;
    while (numbers.size() < 8) {
        const auto end = std::min(line.find(commas ? ',' : ' ', at), line.size());
        const auto n = whole_or_not(line.substr(at, end - at));
        if (!n) break;
        numbers.push_back(*n);
        at = std::min(end + 1, line.size());
        if (end == line.size()) break;
    }
    IcdarLine out;
    if (numbers.size() == 8) {
        out.ring = numbers;
    } else if (numbers.size() >= 4) {
        // Numbers behind the fourth are the text: "17" is a word, too.
        at = 0;
        for (int i = 0; i < 4; ++i) at = line.find(commas ? ',' : ' ', at) + 1;
        if (at == 0) at = line.size();
        out.ring = {numbers[0], numbers[1], numbers[2], numbers[1],
                    numbers[2], numbers[3], numbers[0], numbers[3]};
    } else {
        return std::nullopt;
    }
    auto text = trim(line.substr(std::min(at, line.size())));
    if (numbers.size() != 8 && text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    out.text = text;
    return out;
}

class IcdarReader final : public EntriesReader {
public:
    IcdarReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (; at_ < entries.size(); ++at_) {
            if (base_name(entries[at_].name) == left_out_file)
                book_.use(entries[at_]);
            else if (extension(entries[at_].name) == "txt")
                break;
        }
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        const auto bytes = source_->read_all(entry.name, longest_icdar);
        entry_done(entry);
        if (!bytes) return std::optional(rejected(entry.name, bytes.refusal().message));
        return std::optional(row_of(entry.name, *bytes));
    }

    ImportedRow row_of(const std::string& name, std::string_view bytes) {
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
        Mends mends;
        std::string text(bytes);
        if (!is_utf8(text)) {
            text = repair_utf8(text);
            mends.mended("bytes that are not UTF-8 were replaced");
        }
        ImportedRow row;
        row.where = name;
        tie(row, name);
        know_size(row);
        WrittenTexts texts(shapes_, context_.schema, mends);
        int lines = 0, taken = 0;
        for (const auto line : split(text, '\n')) {
            if (trim(line).empty()) continue;
            ++lines;
            auto one = line_of(trim(line));
            if (!one) {
                mends.left_out("a line has no four or eight numbers: " + in_quotes(line));
                continue;
            }
            ++taken;
            texts.add(one->ring, {}, one->text == unreadable ? std::string() : one->text);
        }
        if (lines > 0 && taken == 0)
            return rejected(name, name +
                                      ": it has no line of ICDAR (\"x1,y1,...,x4,y4,text\" or "
                                      "\"left, top, right, bottom, \"text\"\"). Mend the file "
                                      "and import it again.");
        auto regions = texts.take();
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    void tie(ImportedRow& row, const std::string& name) {
        std::string_view bare = stem(name);
        for (const std::string_view mark : {"gt_", "res_"})
            if (bare.starts_with(mark)) {
                bare.remove_prefix(mark.size());
                break;
            }
        const auto file = std::string(bare) + ".jpg";
        if (const auto* entry = book_.image_by_stem(file, name)) return tie_entry(row, *entry);
        if (const auto* entry = book_.image_by_stem(name, name)) return tie_entry(row, *entry);
        tie_image(row, known_image(bare, ".jpg"));
    }

    ShapeTaker shapes_;
    std::size_t at_ = 0;
};

class IcdarWriter final : public WrittenTextWriter {
public:
    using WrittenTextWriter::WrittenTextWriter;

private:
    Result<> write_one(const ExportRecord&, const std::string& name,
                       const std::vector<WrittenText>& texts, std::string& out) override {
        std::string file;
        for (const auto& t : texts) {
            Ring ring = t.ring;
            if (ring.size() != 8) {
                losses().add("polygon of more or fewer than four corners, written as its box");
                ring = ring_around(box_around(*t.region));
            }
            if (labels_differ()) losses().add("label of a region");
            if (t.region->confidence) losses().add("confidence of a region");
            bool rounded = false;
            for (const double n : ring) {
                const double whole = std::round(std::clamp(n, -1e9, 1e9));
                rounded = rounded || std::abs(whole - n) > 1e-6;
                file += std::to_string(static_cast<std::int64_t>(whole)) + ",";
            }
            if (rounded) losses().add("shape between pixels, rounded to whole ones");
            file += (t.text.empty() ? std::string(unreadable) : one_line(t.text)) + "\n";
        }
        zip().add("gt_" + std::string(stem(name)) + ".txt", file, out);
        return Done{};
    }
};

}  // namespace

/// Text files that begin with four or eight numbers between commas and a text behind them.
double recognise_icdar(const Source& source) {
    int looked = 0;
    for (const auto& e : source.entries()) {
        if (extension(e.name) != "txt" || base_name(e.name) == left_out_file || ++looked > 20)
            continue;
        auto text = source.read_all(e.name, 1 << 20);
        if (!text || trim(*text).empty()) continue;
        std::string_view body(*text);
        if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
        const auto line = trim(split(trim(body), '\n').front());
        return line.find(',') != std::string_view::npos && line_of(line) ? 0.85 : 0;
    }
    return 0;
}

Result<std::unique_ptr<RowReader>> read_icdar(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<IcdarReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_icdar(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<IcdarWriter>(context));
}

}  // namespace countersign
