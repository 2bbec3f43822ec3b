// PPOCRLabel: a line an image, "path<TAB>[{\"transcription\", \"points\", \"difficult\"}, ...]",
// in Label.txt. "key_cls" is the label, where there are several. "###" is a text that cannot be
// read: a region without a text.
#include "base/text.h"
#include "formats/image_text.h"
#include "formats/json_out.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

constexpr std::string_view unread_text = "###";

class PpocrReader final : public LinesReader {
public:
    PpocrReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : LinesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    bool is_mine(std::string_view name) const override {
        return extension(name) == "txt" && base_name(name) != left_out_file &&
               base_name(name) != "fileState.txt" && base_name(name) != "rec_gt.txt";
    }

    std::optional<ImportedRow> take(const Line* line) override {
        if (!line || (!line->too_long && trim(line->text).empty())) return std::nullopt;
        if (line->too_long) return refuse("the line is longer than 16 MiB");
        Mends mends;
        std::string text(line->text);
        if (!is_utf8(text)) {
            text = repair_utf8(text);
            mends.mended("bytes that are not UTF-8 were replaced");
        }
        const auto tab = text.find('\t');
        if (tab == std::string::npos || tab == 0)
            return refuse("it has no tab between the image and its texts");
        const auto list = std::string_view(text).substr(tab + 1);
        if (has_lone_surrogate(list))
            return refuse("the line holds half of a surrogate pair (\\ud800-\\udfff)");
        const auto value = parser_.parse_copy(list);
        if (!value) return refuse(value.refusal().message);
        simdjson::dom::array shapes;
        if (value->get(shapes)) return refuse("what stands behind the tab is not a list");
        ImportedRow row;
        row.where = where();
        tie_image(row, trim(std::string_view(text).substr(0, tab)));
        know_size(row);
        WrittenTexts texts(shapes_, context_.schema, mends);
        for (const Dom shape : shapes) take_shape(shape, texts);
        auto regions = texts.take();
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    static void take_shape(Dom shape, WrittenTexts& texts) {
        simdjson::dom::array list, pair;
        Ring ring;
        if (!shape.is_object() || shape.at_key("points").get(list))
            return texts.mends().left_out("a text has no \"points\"");
        for (const Dom point : list) {
            double x, y;
            if (point.get(pair) || pair.size() != 2 || pair.at(0).get(x) || pair.at(1).get(y))
                return texts.mends().left_out("a point is not a pair of numbers");
            ring.insert(ring.end(), {x, y});
        }
        std::string text(text_of(shape, "transcription").value_or(""));
        if (text == unread_text || text == "*") text.clear();
        auto label = text_of(shape, "key_cls").value_or("");
        if (label == "None" && !texts.has_label(label)) label = {};
        texts.add(ring, label, std::move(text), number_of(shape, "score"));
    }

    JsonParser parser_;
    ShapeTaker shapes_;
};

class PpocrWriter final : public WrittenTextWriter {
public:
    using WrittenTextWriter::WrittenTextWriter;
    Result<> finish(std::string& out) override {
        zip().add("Label.txt", lines_, out);
        return WrittenTextWriter::finish(out);
    }

private:
    std::string_view image_folder() const override { return "images/"; }
    /// The lines are small beside the images, and wait for the end.
    Result<> write_one(const ExportRecord&, const std::string& name,
                       const std::vector<WrittenText>& texts, std::string&) override {
        lines_ += "images/" + name + "\t[";
        for (const auto& t : texts) {
            lines_ += lines_.back() == '[' ? "{" : ", {";
            Members m(lines_);
            m.text("transcription", t.text.empty() ? unread_text : std::string_view(t.text));
            m.raw("points", "[");
            for (std::size_t i = 0; i + 1 < t.ring.size(); i += 2) {
                lines_ += i ? ", [" : "[";
                append_json_number(lines_, t.ring[i]);
                lines_ += ", ";
                append_json_number(lines_, t.ring[i + 1]);
                lines_ += ']';
            }
            lines_ += ']';
            m.raw("difficult", t.text.empty() ? "true" : "false");
            if (labels_differ()) m.text("key_cls", t.label);
            m.number("score", t.region->confidence);
            lines_ += '}';
        }
        lines_ += "]\n";
        return Done{};
    }
    std::string lines_;
};

}  // namespace

double recognise_ppocr(const Source& source) {
    for (const auto& e : source.entries()) {
        if (extension(e.name) != "txt" || base_name(e.name) == left_out_file) continue;
        const auto read = source.open(e.name);
        if (!read) return 0;
        char head[16384];
        const auto n = (*read)(head, sizeof head);
        const auto text = n ? std::string_view(head, *n) : std::string_view();
        if (text.find("\t[") != std::string_view::npos &&
            text.find("\"transcription\"") != std::string_view::npos)
            return 0.95;
    }
    return 0;
}

Result<std::unique_ptr<RowReader>> read_ppocr(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<PpocrReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_ppocr(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<PpocrWriter>(context));
}

}  // namespace countersign
