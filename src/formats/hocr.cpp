// hOCR 1.2: an HTML page an image; "ocr_page" says its image, "ocr_line" (and its kin) and
// "ocrx_word" say where they are in their title ("bbox x0 y0 x1 y1; poly ...; x_wconf 95").
//
// Read, as XHTML, which is what readers write: words where the schema has a label "word" (or none
// and there is a schema of that label), else lines with the words in them. Written: a region called
// "word" is an ocrx_word, another one an ocr_line; the label is kept beside it.
#include <charconv>
#include <cmath>
#include <pugixml.hpp>

#include "base/text.h"
#include "formats/image_text.h"
#include "formats/xml.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_hocr = 64 << 20;

/// The numbers behind a property of a title: "bbox 0 0 10 10; x_wconf 95".
std::vector<double> property(std::string_view title, std::string_view name) {
    for (const auto part : split(title, ';')) {
        const auto words = split(trim(part), ' ');
        if (words.empty() || words[0] != name) continue;
        std::vector<double> numbers;
        for (std::size_t i = 1; i < words.size(); ++i) {
            double n = 0;
            const auto text = trim(words[i]);
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
            if (text.empty()) continue;
            if (error != std::errc() || !std::isfinite(n)) return {};
            numbers.push_back(n);
        }
        return numbers;
    }
    return {};
}

/// The name in quotes behind "image".
std::string image_of(std::string_view title) {
    const auto at = title.find("image ");
    if (at == std::string_view::npos) return {};
    auto rest = trim(title.substr(at + 6));
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
        const auto end = rest.find(rest.front(), 1);
        return std::string(rest.substr(1, end == std::string_view::npos ? end : end - 1));
    }
    return std::string(rest.substr(0, rest.find(';')));
}

bool has_class(const pugi::xml_node& node, std::string_view name) {
    const std::string_view classes = node.attribute("class").value();
    for (const auto one : split(classes, ' '))
        if (one == name) return true;
    return false;
}
bool is_line(const pugi::xml_node& node) {
    for (const std::string_view name : {"ocr_line", "ocr_textfloat", "ocr_header", "ocr_caption"})
        if (has_class(node, name)) return true;
    return false;
}

/// The text of a node with single spaces.
std::string text_in(const pugi::xml_node& node) {
    struct Walker : pugi::xml_tree_walker {
        std::string text;
        bool for_each(pugi::xml_node& n) override {
            if (n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata) text += n.value();
            return true;
        }
    } walker;
    pugi::xml_node copy = node;
    copy.traverse(walker);
    std::string out;
    for (const char c : walker.text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (space && (out.empty() || out.back() == ' ')) continue;
        out += space ? ' ' : c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

class HocrReader final : public EntriesReader {
public:
    HocrReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (;;) {
            if (page_) {
                const auto page = page_;
                page_ = next_page(page_);
                return std::optional(row_of(page));
            }
            for (; at_ < entries.size(); ++at_) {
                const auto ext = extension(entries[at_].name);
                if (base_name(entries[at_].name) == left_out_file) book_.use(entries[at_]);
                if (ext == "hocr" || ext == "html" || ext == "xhtml" || ext == "htm") break;
            }
            if (at_ == entries.size()) return std::optional<ImportedRow>();
            entry_ = &entries[at_++];
            book_.use(*entry_);
            const auto bytes = source_->read_all(entry_->name, longest_hocr);
            entry_done(*entry_);
            if (!bytes) return std::optional(rejected(entry_->name, bytes.refusal().message));
            if (const auto fault = load(*bytes); !fault.empty())
                return std::optional(
                    rejected(entry_->name,
                             entry_->name + ": " + fault + ". Mend the file and import it again."));
        }
    }

    std::string load(std::string_view text) {
        page_ = {};
        if (xml_depth(text) > deepest_xml) return "its elements are nested deeper than 64";
        const auto parsed =
            document_.load_buffer(text.data(), text.size(),
                                  pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_auto);
        if (!parsed)
            return "it is not XHTML (" + std::string(parsed.description()) + " at byte " +
                   std::to_string(parsed.offset) + ")";
        page_ =
            document_.find_node([](const pugi::xml_node& n) { return has_class(n, "ocr_page"); });
        return page_ ? std::string() : "it has no element of class \"ocr_page\"";
    }
    static pugi::xml_node next_page(pugi::xml_node page) {
        do page = page.next_sibling();
        while (page && !has_class(page, "ocr_page"));
        return page;
    }

    ImportedRow row_of(const pugi::xml_node& page) {
        Mends mends;
        ImportedRow row;
        row.where = entry_->name;
        const std::string_view title = page.attribute("title").value();
        const auto said = repair_utf8(base_name(image_of(title)));
        if (!said.empty() && book_.image(said))
            tie_image(row, said);
        else if (const auto* entry = book_.image_by_stem(entry_->name, entry_->name))
            tie_entry(row, *entry);
        else
            tie_image(row, said.empty() ? std::string(stem(entry_->name)) + ".jpg" : said);
        const auto box = property(title, "bbox");
        know_size(row);
        if (row.width == 0 && box.size() == 4 && box[2] > 0 && box[3] > 0 && box[2] <= 1e6 &&
            box[3] <= 1e6)
            row.width = static_cast<int>(box[2]), row.height = static_cast<int>(box[3]);
        WrittenTexts texts(shapes_, context_.schema, mends);
        const bool lines = !context_.schema || texts.has_label("line") || !texts.has_label("word");
        const bool words = context_.schema && texts.has_label("word");
        walk(page, lines, words, texts);
        auto regions = texts.take();
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    static void walk(const pugi::xml_node& from, bool lines, bool words, WrittenTexts& texts) {
        for (const auto node : from.children()) {
            const bool line = is_line(node), word = has_class(node, "ocrx_word");
            if ((line && lines) || (word && words)) take(node, line ? "line" : "word", texts);
            if (!word) walk(node, lines && !line, words, texts);
        }
    }

    static void take(const pugi::xml_node& node, std::string_view what, WrittenTexts& texts) {
        const std::string_view title = node.attribute("title").value();
        Ring ring = property(title, "poly");
        const auto box = property(title, "bbox");
        if (ring.size() < 6 && box.size() == 4)
            ring = {box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3]};
        std::optional<double> confidence;
        if (const auto c = property(title, "x_wconf"); c.size() == 1) confidence = c[0] / 100;
        const auto text = repair_utf8(text_in(node));
        const std::string_view said = node.attribute("data-label").value();
        std::string_view label = said.empty() ? what : said;
        if (!texts.has_label(label)) label = {};
        texts.add(ring, label, text, confidence);
    }

    pugi::xml_document document_;
    pugi::xml_node page_;
    ShapeTaker shapes_;
    const SourceEntry* entry_ = nullptr;
    std::size_t at_ = 0;
};

class HocrWriter final : public WrittenTextWriter {
public:
    using WrittenTextWriter::WrittenTextWriter;

private:
    Result<> write_one(const ExportRecord& record, const std::string& name,
                       const std::vector<WrittenText>& texts, std::string& out) override {
        std::string page =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html "
            "xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title></title>\n<meta "
            "http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n<meta "
            "name=\"ocr-system\" content=\"countersign\"/>\n<meta name=\"ocr-capabilities\" "
            "content=\"ocr_page ocr_line ocrx_word\"/>\n</head>\n<body>\n<div class=\"ocr_page\"";
        std::string quoted;
        for (const char c : name) quoted += c == '"' ? '\'' : c;
        append_attribute(page, "title",
                         "image \"" + quoted + "\"; bbox 0 0 " + std::to_string(record.width) +
                             " " + std::to_string(record.height) + "; ppageno 0");
        page += ">\n";
        for (const auto& t : texts) {
            const auto box = box_around(*t.region);
            std::string title = "bbox";
            bool rounded = false;
            for (const double n : {std::floor(box.x), std::floor(box.y),
                                   std::ceil(box.x + box.width), std::ceil(box.y + box.height)})
                title += " " + std::to_string(static_cast<std::int64_t>(std::clamp(n, -1e9, 1e9)));
            for (const double n : {box.x, box.y, box.width, box.height})
                rounded = rounded || std::round(n) != n;
            const bool upright = t.region->kind == ControlKind::boxes && t.region->rotation == 0;
            if (!upright || rounded) {  // What no box of whole pixels says.
                title += "; poly";
                for (const double n : t.ring) title += ' ', append_json_number(title, n);
            }
            if (t.region->confidence) {
                title += "; x_wconf ";
                append_json_number(title, std::round(*t.region->confidence * 1e4) / 100);
                if (std::round(*t.region->confidence * 1e4) != *t.region->confidence * 1e4)
                    losses().add("confidence finer than a hundredth of a percent");
            }
            page += "<span class=";
            page += t.label == "word" ? "\"ocrx_word\"" : "\"ocr_line\"";
            append_attribute(page, "title", title);
            append_attribute(page, "data-label", t.label);
            page += '>';
            append_xml(page, one_line(t.text));
            page += "</span>\n";
        }
        zip().add(std::string(stem(name)) + ".hocr", page + "</div>\n</body>\n</html>\n", out);
        return Done{};
    }
};

}  // namespace

double recognise_hocr(const Source& source) {
    for (const auto& e : source.entries()) {
        const auto ext = extension(e.name);
        if (ext == "hocr") return 0.95;
        if (ext != "html" && ext != "xhtml" && ext != "htm") continue;
        const auto text = source.read_all(e.name, longest_hocr);
        return text && text->find("ocr_page") != std::string::npos ? 0.95 : 0;
    }
    return 0;
}

Result<std::unique_ptr<RowReader>> read_hocr(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<HocrReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_hocr(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<HocrWriter>(context));
}

}  // namespace countersign
