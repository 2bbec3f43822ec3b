// CVAT for images 1.1 as a zip: annotations.xml, then in a second pass images/ when there are
// bytes. Only tasks with a countersigned label are written. Polygons with holes or several parts
// become masks, which are whole pixels; where that is not exactly the same it is counted.
#include <algorithm>
#include <cmath>

#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/losses.h"
#include "formats/shapes.h"
#include "formats/xml.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

std::string points_text(const std::vector<double>& points) {
    std::string text;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i) text += i % 2 == 0 ? ';' : ',';
        append_json_number(text, points[i]);
    }
    return text;
}

class CvatWriter final : public RowWriter {
public:
    explicit CvatWriter(const WriteContext& context) : context_(context) {
        if (context_.project) schema_ = context_.project->schema;
    }
    int passes() const override { return context_.image_bytes ? 2 : 1; }
    std::vector<std::string> left_out() const override { return losses_.lines(); }

    Result<> begin_pass(int pass, std::string& out) override {
        pass_ = pass;
        names_.restart();
        if (pass == 1) {
            end_annotations(out);
            return Done{};
        }
        zip_.begin("annotations.xml", out);
        zip_.write(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  "
            "<version>1.1</version>\n" +
                meta(),
            out);
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = names_.name(r.image_name);
        if (pass_ == 1) {
            zip_.add("images/" + name, TRY(context_.image_bytes(r.sha256)), out);
            return Done{};
        }
        std::string xml = "  <image";
        append_attribute(xml, "id", std::to_string(image_++));
        append_attribute(xml, "name", name);
        append_attribute(xml, "width", std::to_string(r.width));
        append_attribute(xml, "height", std::to_string(r.height));
        xml += ">\n";
        const auto regions = TRY(regions_.parse(label->regions_text));
        for (const auto& region : regions) shape(region, regions, r, xml);
        zip_.write(xml + "  </image>\n", out);
        return Done{};
    }

    Result<> finish(std::string& out) override {
        if (pass_ == 0) end_annotations(out);
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }

private:
    void end_annotations(std::string& out) { zip_.write("</annotations>\n", out); }

    static void element(std::string& out, std::string_view name, std::string_view text) {
        out.append("<").append(name).append(">");
        append_xml(out, text);
        out.append("</").append(name).append(">");
    }

    /// The labels CVAT would make a task with; per-region controls are their attributes.
    std::string meta() const {
        std::string attributes;
        for (const auto& c : schema_.controls) {
            if (!c.per_region) continue;
            attributes += "<attribute>";
            element(attributes, "name", c.name);
            attributes += "<mutable>False</mutable>";
            const bool text = c.kind == ControlKind::text;
            element(attributes, "input_type", text ? "text" : "select");
            std::string values;
            for (const auto& l : c.labels) values += (values.empty() ? "" : "\n") + l.name;
            element(attributes, "default_value", "");
            element(attributes, "values", values);
            attributes += "</attribute>";
        }
        std::string out = "  <meta>\n    <task>\n      <labels>\n";
        for (const auto& c : schema_.controls) {
            const auto& facts = facts_of(c.kind);
            if (!facts.drawn && !(c.kind == ControlKind::choices && !c.per_region)) continue;
            for (const auto& l : c.labels) label(l, c, facts.drawn ? attributes : "", out);
        }
        return out + "      </labels>\n    </task>\n  </meta>\n";
    }
    static void label(const Label& l, const Control& c, const std::string& attributes,
                      std::string& out) {
        const bool skeleton = c.kind == ControlKind::keypoints && !c.points.empty();
        out += "        <label>";
        element(out, "name", l.name);
        if (!l.color.empty()) element(out, "color", l.color);
        element(out, "type",
                skeleton                         ? "skeleton"
                : c.kind == ControlKind::choices ? "tag"
                                                 : "any");
        out += "<attributes>" + attributes + "</attributes></label>\n";
        if (!skeleton) return;
        for (const auto& point : c.points) {
            out += "        <label>";
            element(out, "name", point);
            out += "<type>points</type><attributes></attributes>";
            element(out, "parent", l.name);
            out += "</label>\n";
        }
    }

    void shape(const Region& r, const Regions& all, const ExportRecord& record, std::string& out) {
        if (r.kind == ControlKind::choices && r.parent.empty()) {
            for (const auto& l : r.labels) {
                out += "    <tag";
                append_attribute(out, "label", l);
                out += " source=\"manual\"></tag>\n";
            }
            return;
        }
        if (!r.parent.empty() && facts_of(r.kind).answers) return;  // Written with its region.
        if (!facts_of(r.kind).drawn || r.labels.empty()) return losses_.add(r);
        std::string body, name;
        switch (r.kind) {
            case ControlKind::boxes:
                name = "box";
                box(r, body);
                break;
            case ControlKind::polygons:
                name = polygon(r, record, body);
                break;
            case ControlKind::keypoints:
                name = keypoints(r, body);
                break;
            default:
                return losses_.add(r);
        }
        open(name, r, out);
        out += body;
        for (const auto& answer : all) {
            if (answer.parent != r.id || r.id.empty()) continue;
            out += "<attribute";
            append_attribute(out, "name", answer.control);
            out += '>';
            append_xml(out, answer.labels.empty() ? answer.text : answer.labels.front());
            out += "</attribute>";
            for (std::size_t i = 1; i < answer.labels.size(); ++i)
                losses_.add("second answer of control \"" + answer.control + "\"");
        }
        out += "</" + name + ">\n";
    }

    static void open(std::string_view name, const Region& r, std::string& out) {
        out.append("    <").append(name);
        append_attribute(out, "label", r.labels.front());
        append_attribute(out, "source",
                         std::string_view(r.origin == Origin::model ? "auto" : "manual"));
        for (const char* key : {"occluded", "z_order", "group_id"}) {
            const bool said = r.meta.is_object() && r.meta.contains(key) && r.meta[key].is_string();
            if (said || std::string_view(key) != "group_id")
                append_attribute(out, key, said ? r.meta[key].get<std::string>() : "0");
        }
    }
    static void box(const Region& r, std::string& out) {
        const auto ours = turned_box(r), box = turned_about_centre(ours);
        const double right = box.x + box.width, bottom = box.y + box.height;
        append_attribute(out, "xtl", box.x);
        append_attribute(out, "ytl", box.y);
        append_attribute(out, "xbr", right);
        append_attribute(out, "ybr", bottom);
        if (box.rotation != 0) append_attribute(out, "rotation", box.rotation);
        const auto back =
            turned_about_top_left({box.x, box.y, right - box.x, bottom - box.y, box.rotation});
        if (!alike(back, ours, 0))
            append_attribute(out, "countersign",
                             points_text({r.x, r.y, r.width, r.height, r.rotation}));
        out += '>';
    }
    std::string polygon(const Region& r, const ExportRecord& record, std::string& out) {
        if (r.rings.empty()) {
            append_attribute(out, "points", points_text(r.points));
            out += '>';
            return "polygon";
        }
        mask(r, record, out);
        return "mask";
    }
    void mask(const Region& r, const ExportRecord& record, std::string& out) {
        const auto around = box_around(r);
        const auto between = [](double v, int limit) {
            return static_cast<int>(std::clamp(v, 0.0, static_cast<double>(limit)));
        };
        const int left = between(std::floor(around.x), record.width);
        const int top = between(std::floor(around.y), record.height);
        const int right = between(std::ceil(around.x + around.width), record.width);
        const int bottom = between(std::ceil(around.y + around.height), record.height);
        auto rings = rings_of(r);
        const double exact = area_of_rings(rings);
        for (auto& ring : rings)
            for (std::size_t i = 0; i + 1 < ring.size(); i += 2) {
                const double x = ring[i] - left, y = ring[i + 1] - top;
                ring[i] = y, ring[i + 1] = x;
            }
        const auto runs = mask_of(rings, bottom - top, right - left);
        std::string rle;
        for (const auto n : runs ? runs->counts : std::vector<std::uint32_t>())
            rle += (rle.empty() ? "" : ", ") + std::to_string(n);
        if (!runs || static_cast<double>(area(*runs)) != exact)
            losses_.add("polygon with holes or parts, rounded to whole pixels");
        append_attribute(out, "rle", rle);
        append_attribute(out, "left", std::to_string(left));
        append_attribute(out, "top", std::to_string(top));
        append_attribute(out, "width", std::to_string(std::max(0, right - left)));
        append_attribute(out, "height", std::to_string(std::max(0, bottom - top)));
        out += '>';
    }
    std::string keypoints(const Region& r, std::string& out) {
        const auto* control = schema_.control(r.control);
        if (!control || control->points.size() * 2 != r.points.size()) {
            append_attribute(out, "points", points_text(r.points));
            out += '>';
            return "points";
        }
        out += ">\n";
        for (std::size_t i = 0; i < control->points.size(); ++i) {
            const int v = i < r.visible.size() ? r.visible[i] : 2;
            out += "      <points";
            append_attribute(out, "label", control->points[i]);
            append_attribute(out, "outside", std::string_view(v == 0 ? "1" : "0"));
            append_attribute(out, "occluded", std::string_view(v == 1 ? "1" : "0"));
            append_attribute(out, "points", points_text({r.points[2 * i], r.points[2 * i + 1]}));
            out += "></points>\n";
        }
        out += "    ";
        return "skeleton";
    }

    WriteContext context_;
    Schema schema_;
    ZipWriter zip_;
    FlatNames names_;
    Losses losses_;
    RegionsParser regions_;
    int pass_ = 0;
    std::int64_t image_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> write_cvat(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CvatWriter>(context));
}

}  // namespace countersign
