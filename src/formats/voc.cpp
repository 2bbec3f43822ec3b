// Pascal VOC: an XML file an image. Coordinates are kept as written: x = xmin, y = ymin, width =
// xmax - xmin, height = ymax - ymin, and back; whether a tool counts pixels from one or from zero
// is not said in the file, so nothing is shifted. What else an object says (pose, truncated,
// difficult, occluded) is kept in the region's meta.
#include <charconv>
#include <cmath>
#include <cstring>
#include <pugixml.hpp>

#include "base/text.h"
#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/reader.h"
#include "formats/shapes.h"
#include "formats/xml.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_file = 4 << 20;
constexpr std::string_view kept[] = {"pose", "truncated", "difficult", "occluded"};

std::optional<double> number(const pugi::xml_node& parent, const char* name) {
    const std::string_view text = trim(parent.child_value(name));
    double value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

int size_of(const pugi::xml_node& size, const char* name) {
    const double n = number(size, name).value_or(0);
    return n > 0 && n <= 1e6 ? static_cast<int>(n) : 0;
}

class VocReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        for (; at_ < entries.size(); ++at_) {
            const auto& name = entries[at_].name;
            if (extension(name) == "xml") break;
            const bool side = base_name(name) == "labelmap.txt" ||
                              base_name(name) == left_out_file ||
                              name.find("ImageSets/") != std::string::npos;
            if (side) book_.use(entries[at_]);
        }
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        auto text = source_->read_all(entry.name, longest_file);
        entry_done(entry);
        if (!text) return std::optional(rejected(entry.name, text.refusal().message));
        return std::optional(row_of(entry.name, *text));
    }

    ImportedRow row_of(const std::string& name, std::string_view xml) {
        const auto refuse = [&](std::string why) {
            return rejected(name,
                            name + ": " + std::move(why) + ". Mend the file and import it again.");
        };
        if (xml_depth(xml) > deepest_xml) return refuse("its elements are nested deeper than 64");
        pugi::xml_document document;
        const auto parsed =
            document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_auto);
        if (!parsed)
            return refuse("it is not valid XML (" + std::string(parsed.description()) +
                          " at byte " + std::to_string(parsed.offset) + ")");
        const auto root = document.child("annotation");
        if (!root) return refuse("it has no <annotation>");
        const auto said = trim(root.child_value("filename"));
        if (!is_utf8(said)) return refuse("its <filename> is not UTF-8");
        ImportedRow row;
        row.where = name;
        tie(row, said, name);
        const auto size = root.child("size");
        row.width = size_of(size, "width");
        row.height = size_of(size, "height");
        know_size(row);
        Mends mends;
        Regions regions;
        for (const auto object : root.children("object")) {
            auto region = region_of(object);
            if (region)
                regions.push_back(*std::move(region));
            else
                mends.left_out(region.refusal().message);
        }
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    /// The image is the one <filename> says, with or without an extension, else the one of the
    /// file's name.
    void tie(ImportedRow& row, std::string_view said, const std::string& name) {
        if (!said.empty() && book_.image(said)) return tie_image(row, said);
        const auto* entry =
            book_.image_by_stem(is_image_name(said) ? said : std::string_view(name), name);
        if (entry) return tie_entry(row, *entry);
        if (!base_name(said).empty()) return tie_image(row, said);
        tie_image(row, std::string(stem(name)) + ".jpg");
    }

    Result<Region> region_of(const pugi::xml_node& object) {
        const auto fault = [](std::string why) { return Refusal{Code::invalid, std::move(why)}; };
        const auto name = trim(object.child_value("name"));
        if (name.empty()) return fault("an <object> has no <name>");
        const auto box = object.child("bndbox");
        if (!box) return fault("object " + in_quotes(name) + " has no <bndbox>");
        const auto left = number(box, "xmin"), top = number(box, "ymin");
        const auto right = number(box, "xmax"), bottom = number(box, "ymax");
        if (!left || !top || !right || !bottom)
            return fault("the <bndbox> of " + in_quotes(name) +
                         " lacks a number for xmin, ymin, xmax or ymax");
        const auto found = labels_.find(ControlKind::boxes, name);
        if (found.control.empty())
            return fault(in_quotes(name) +
                         " is not a label of the schema (add it, or make it an alias)");
        Region r;
        r.kind = ControlKind::boxes;
        r.control = found.control;
        r.labels.emplace_back(found.label);
        r.x = *left, r.y = *top, r.width = *right - *left, r.height = *bottom - *top;
        if (const auto ours = object.child("countersign")) take_exact(ours, r);
        for (const auto key : kept)
            if (const auto value = object.child(std::string(key).c_str()))
                if (const std::string_view text = trim(value.child_value()); is_utf8(text))
                    r.meta[std::string(key)] = std::string(text);
        return r;
    }

    /// Our own export says width and height too where xmax - xmin does not give them back exactly,
    /// and a turned box whole, whose <bndbox> is what lies around it.
    static void take_exact(const pugi::xml_node& ours, Region& r) {
        TurnedBox box{ours.attribute("x").as_double(r.x), ours.attribute("y").as_double(r.y),
                      ours.attribute("width").as_double(r.width),
                      ours.attribute("height").as_double(r.height),
                      ours.attribute("rotation").as_double(0)};
        Region turned = r;
        set_box(turned, box);
        if (alike(box_around(turned), turned_box(r), 1e-6)) set_box(r, box);
    }

    std::size_t at_ = 0;
};

/// A zip as the VOC development kit lays it out: Annotations/ and, when there are bytes,
/// JPEGImages/.
class VocWriter final : public RowWriter {
public:
    explicit VocWriter(const WriteContext& context) : context_(context) {}
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    std::vector<std::string> left_out() const override { return losses_.lines(); }
    Result<> finish(std::string& out) override {
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = names_.name(r.image_name);
        zip_.add("Annotations/" + std::string(stem(name)) + ".xml", TRY(xml_of(r, *label, name)),
                 out);
        if (context_.image_bytes)
            zip_.add("JPEGImages/" + name, TRY(context_.image_bytes(r.sha256)), out);
        return Done{};
    }

private:
    static void element(std::string& out, std::string_view indent, std::string_view name,
                        std::string_view text) {
        out.append(indent).append("<").append(name).append(">");
        append_xml(out, text);
        out.append("</").append(name).append(">\n");
    }
    static void element(std::string& out, std::string_view indent, std::string_view name,
                        double value) {
        std::string text;
        append_json_number(text, value);
        element(out, indent, name, text);
    }
    static void attribute(std::string& out, std::string_view name, std::string_view text) {
        if (!text.empty()) append_attribute(out, name, text);
    }

    Result<std::string> xml_of(const ExportRecord& r, const ExportRecord::AnAnnotation& label,
                               const std::string& name) {
        std::string out = "<annotation>\n";
        element(out, "  ", "folder", "JPEGImages");
        element(out, "  ", "filename", name);
        out += "  <source>\n    <database>countersign</database>\n  </source>\n";
        out += "  <countersign";
        attribute(out, "task", r.id);
        attribute(out, "sha256", r.sha256);
        attribute(out, "person", label.person);
        attribute(out, "action", label.action);
        attribute(out, "arm", label.arm);
        if (label.created) attribute(out, "created", iso8601(label.created));
        out += "/>\n  <size>\n";
        element(out, "    ", "width", std::to_string(r.width));
        element(out, "    ", "height", std::to_string(r.height));
        out += "    <depth>3</depth>\n  </size>\n  <segmented>0</segmented>\n";
        for (const auto& region : TRY(regions_.parse(label.regions_text)))
            if (region.kind == ControlKind::boxes && !region.labels.empty())
                object(out, region);
            else
                losses_.add(region);
        return out + "</annotation>\n";
    }

    static void object(std::string& out, const Region& r) {
        out += "  <object>\n";
        element(out, "    ", "name", r.labels.front());
        const auto said = [&](const char* key, std::string_view otherwise) {
            const auto found = r.meta.is_object() ? r.meta.find(key) : r.meta.end();
            const bool text = r.meta.is_object() && found != r.meta.end() && found->is_string();
            if (text || !otherwise.empty())
                element(out, "    ", key,
                        text ? found->get<std::string>() : std::string(otherwise));
        };
        said("pose", "Unspecified");
        said("truncated", "0");
        said("difficult", "0");
        said("occluded", "");
        const auto box = box_around(r);
        const double right = box.x + box.width, bottom = box.y + box.height;
        out += "    <bndbox>\n";
        element(out, "      ", "xmin", box.x);
        element(out, "      ", "ymin", box.y);
        element(out, "      ", "xmax", right);
        element(out, "      ", "ymax", bottom);
        out += "    </bndbox>\n";
        if (right - r.x != r.width || bottom - r.y != r.height || r.rotation != 0) {
            out += "    <countersign";
            if (r.rotation != 0) {
                append_attribute(out, "x", r.x);
                append_attribute(out, "y", r.y);
                append_attribute(out, "rotation", r.rotation);
            }
            append_attribute(out, "width", r.width);
            append_attribute(out, "height", r.height);
            out += "/>\n";
        }
        out += "  </object>\n";
    }

    WriteContext context_;
    ZipWriter zip_;
    FlatNames names_;
    Losses losses_;
    RegionsParser regions_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_voc(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<VocReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_voc(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<VocWriter>(context));
}

}  // namespace countersign
