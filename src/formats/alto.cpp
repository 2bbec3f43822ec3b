// ALTO 4 (Library of Congress): an XML file an image; <TextLine> has the place, <String CONTENT>
// the words, <Shape><Polygon POINTS> an outline. A line is a region, its words joined by spaces,
// a hyphen of a <HYP> behind them; where the schema has a label "word", each <String> is one. The
// label is a tag (<OtherTag LABEL>). Only pixels are understood as the unit.
#include <charconv>
#include <cmath>
#include <map>
#include <pugixml.hpp>

#include "base/text.h"
#include "formats/image_text.h"
#include "formats/xml.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_alto = 64 << 20;

std::optional<double> number_in(const pugi::xml_node& node, const char* name) {
    const std::string_view text = trim(node.attribute(name).value());
    double n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() ||
        !std::isfinite(n))
        return std::nullopt;
    return n;
}

/// "10,20 30,20 ..." or "10 20 30 20 ...".
Ring points_in(std::string_view text) {
    Ring ring;
    for (std::size_t at = 0;;) {
        at = text.find_first_not_of(" ,\t\r\n", at);
        if (at == std::string_view::npos) return ring;
        double n = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), n);
        if (error != std::errc() || !std::isfinite(n)) return {};
        ring.push_back(n);
        at = static_cast<std::size_t>(end - text.data());
    }
}

/// Elements may be under a prefix ("alto:TextLine").
std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
pugi::xml_node inside(const pugi::xml_node& node, std::string_view name) {
    for (const auto child : node.children())
        if (local_name(child) == name) return child;
    return {};
}

class AltoReader final : public EntriesReader {
public:
    AltoReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (; at_ < entries.size() && extension(entries[at_].name) != "xml"; ++at_)
            if (base_name(entries[at_].name) == left_out_file) book_.use(entries[at_]);
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        const auto bytes = source_->read_all(entry.name, longest_alto);
        entry_done(entry);
        if (!bytes) return std::optional(rejected(entry.name, bytes.refusal().message));
        return std::optional(row_of(entry.name, *bytes));
    }

    ImportedRow row_of(const std::string& name, std::string_view text) {
        const auto refuse = [&](const std::string& why) {
            return rejected(name, name + ": " + why + ". Mend the file and import it again.");
        };
        if (xml_depth(text) > deepest_xml) return refuse("its elements are nested deeper than 64");
        pugi::xml_document document;
        const auto parsed = document.load_buffer(text.data(), text.size());
        if (!parsed)
            return refuse("it is not valid XML (" + std::string(parsed.description()) +
                          " at byte " + std::to_string(parsed.offset) + ")");
        const auto root = inside(document, "alto");
        if (!root) return refuse("it has no <alto>");
        const auto description = inside(root, "Description");
        const std::string_view unit = trim(inside(description, "MeasurementUnit").child_value());
        if (!unit.empty() && unit != "pixel")
            return refuse("its MeasurementUnit is " + in_quotes(unit) + ", and only pixel is read");
        const auto pages = inside(root, "Layout");
        const auto page = inside(pages, "Page");
        if (!page) return refuse("it has no <Page>");
        Mends mends;
        ImportedRow row;
        row.where = name;
        tie(row, name, description);
        const double w = number_in(page, "WIDTH").value_or(0),
                     h = number_in(page, "HEIGHT").value_or(0);
        know_size(row);
        if (row.width == 0 && w >= 1 && h >= 1 && w <= 1e6 && h <= 1e6)
            row.width = static_cast<int>(w), row.height = static_cast<int>(h);
        tags_.clear();
        for (const auto tag : inside(root, "Tags").children())
            tags_[tag.attribute("ID").value()] = repair_utf8(tag.attribute("LABEL").value());
        int count = 0;
        for (const auto other : pages.children()) count += local_name(other) == "Page";
        if (count > 1) mends.left_out("only the first of several pages is taken");
        WrittenTexts texts(shapes_, context_.schema, mends);
        const bool words = context_.schema && texts.has_label("word") && !texts.has_label("line") &&
                           !texts.has_label("text");
        walk(page, words, texts);
        auto regions = texts.take();
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    void tie(ImportedRow& row, const std::string& name, const pugi::xml_node& description) {
        const auto file = inside(inside(description, "sourceImageInformation"), "fileName");
        const auto said = repair_utf8(base_name(trim(file.child_value())));
        if (!said.empty() && book_.image(said)) return tie_image(row, said);
        if (const auto* entry = book_.image_by_stem(name, name)) return tie_entry(row, *entry);
        tie_image(row, said.empty() ? std::string(stem(name)) + ".jpg" : said);
    }

    void walk(const pugi::xml_node& from, bool words, WrittenTexts& texts) {
        for (const auto node : from.children()) {
            const auto name = local_name(node);
            if (name == (words ? "String" : "TextLine"))
                take(node, words, texts);
            else
                walk(node, words, texts);
        }
    }

    void take(const pugi::xml_node& node, bool word, WrittenTexts& texts) {
        Ring ring = points_in(inside(inside(node, "Shape"), "Polygon").attribute("POINTS").value());
        const auto x = number_in(node, "HPOS"), y = number_in(node, "VPOS"),
                   w = number_in(node, "WIDTH"), h = number_in(node, "HEIGHT");
        if (ring.size() < 6 && x && y && w && h)
            ring = {*x, *y, *x + *w, *y, *x + *w, *y + *h, *x, *y + *h};
        std::string text;
        double sum = 0;
        int strings = 0, sure = 0;
        const auto take_string = [&](const pugi::xml_node& s) {
            if (const auto wc = number_in(s, "WC")) sum += *wc, ++sure;
            ++strings;
            if (!text.empty() && text.back() != ' ') text += ' ';
            text += s.attribute("CONTENT").value();
        };
        if (word) take_string(node);
        for (const auto part : node.children()) {
            if (word) break;
            const auto name = local_name(part);
            if (name == "String") take_string(part);
            if (name == "HYP") text += part.attribute("CONTENT").value();
        }
        std::string label;
        for (const auto id : split(std::string_view(node.attribute("TAGREFS").value()), ' '))
            if (const auto tag = tags_.find(std::string(id)); tag != tags_.end())
                if (label.empty() && texts.has_label(tag->second)) label = tag->second;
        if (label.empty() && texts.has_label(word ? "word" : "line"))
            label = context_.schema ? (word ? "word" : "line") : "";
        std::optional<double> confidence;
        if (sure > 0 && sure == strings) confidence = sum / sure;
        texts.add(ring, label, repair_utf8(text), confidence);
    }

    ShapeTaker shapes_;
    std::map<std::string, std::string> tags_;
    std::size_t at_ = 0;
};

class AltoWriter final : public WrittenTextWriter {
public:
    using WrittenTextWriter::WrittenTextWriter;

private:
    Result<> write_one(const ExportRecord& record, const std::string& name,
                       const std::vector<WrittenText>& texts, std::string& out) override {
        std::string xml =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto "
            "xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\">\n  <Description>\n    "
            "<MeasurementUnit>pixel</MeasurementUnit>\n    <sourceImageInformation>\n      "
            "<fileName>";
        append_xml(xml, name);
        xml += "</fileName>\n    </sourceImageInformation>\n  </Description>\n";
        std::map<std::string_view, std::string> tags;
        for (const auto& t : texts) tags.emplace(t.label, "");
        if (!tags.empty()) xml += "  <Tags>\n";
        for (auto& [label, id] : tags) {
            id = "label" + std::to_string(std::distance(tags.begin(), tags.find(label)) + 1);
            xml += "    <OtherTag";
            append_attribute(xml, "ID", id);
            append_attribute(xml, "LABEL", label);
            xml += "/>\n";
        }
        if (!tags.empty()) xml += "  </Tags>\n";
        const auto width = std::to_string(record.width), height = std::to_string(record.height);
        xml += "  <Layout>\n    <Page ID=\"page1\" PHYSICAL_IMG_NR=\"1\" WIDTH=\"" + width +
               "\" HEIGHT=\"" + height + "\">\n      <PrintSpace HPOS=\"0\" VPOS=\"0\" WIDTH=\"" +
               width + "\" HEIGHT=\"" + height + "\">\n";
        int n = 0;
        for (const auto& t : texts) line(xml, t, ++n, tags[t.label]);
        zip().add(std::string(stem(name)) + ".xml",
                  xml + "      </PrintSpace>\n    </Page>\n  </Layout>\n</alto>\n", out);
        return Done{};
    }

    void line(std::string& xml, const WrittenText& t, int n, const std::string& tag) {
        const auto box = box_around(*t.region);
        const auto place = [&](std::string& into) {
            append_attribute(into, "HPOS", box.x);
            append_attribute(into, "VPOS", box.y);
            append_attribute(into, "WIDTH", box.width);
            append_attribute(into, "HEIGHT", box.height);
        };
        xml += "        <TextBlock ID=\"block" + std::to_string(n) + "\"";
        place(xml);
        xml += ">\n          <TextLine ID=\"line" + std::to_string(n) + "\"";
        place(xml);
        append_attribute(xml, "TAGREFS", tag);
        xml += ">\n";
        const bool exact = t.region->kind == ControlKind::boxes && t.region->rotation == 0 &&
                           box.x + box.width - box.x == box.width &&
                           box.y + box.height - box.y == box.height;
        if (!exact) {
            std::string points;
            for (std::size_t i = 0; i + 1 < t.ring.size(); i += 2) {
                if (i) points += ' ';
                append_json_number(points, t.ring[i]);
                points += ',';
                append_json_number(points, t.ring[i + 1]);
            }
            xml += "            <Shape><Polygon";
            append_attribute(xml, "POINTS", points);
            xml += "/></Shape>\n";
        }
        std::string joined;
        const auto text = one_line(t.text);
        for (const auto word : split(text, ' ')) {
            if (word.empty()) continue;
            if (!joined.empty()) xml += "            <SP/>\n";
            joined += (joined.empty() ? "" : " ") + std::string(word);
            xml += "            <String";
            append_attribute(xml, "CONTENT", word);
            if (t.region->confidence) append_attribute(xml, "WC", *t.region->confidence);
            xml += "/>\n";
        }
        if (joined != text) losses().add("several spaces in a row in a text");
        xml += "          </TextLine>\n        </TextBlock>\n";
    }
};

}  // namespace

double recognise_alto(const Source& source) {
    for (const auto& e : source.entries()) {
        if (extension(e.name) != "xml") continue;
        const auto read = source.open(e.name);
        if (!read) return 0;
        char head[4096];
        const auto n = (*read)(head, sizeof head);
        const auto text = n ? std::string_view(head, *n) : std::string_view();
        return text.find("<alto") != std::string_view::npos ||
                       text.find(":alto") != std::string_view::npos
                   ? 0.95
                   : 0;
    }
    return 0;
}

Result<std::unique_ptr<RowReader>> read_alto(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<AltoReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_alto(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<AltoWriter>(context));
}

}  // namespace countersign
