// COCO in two passes: images, then annotations. Only tasks with a countersigned label are written;
// an image without boxes says "labelled": true, so that it is not taken for one nobody looked at.
#include <cmath>

#include "formats/json_dom.h"
#include "formats/json_out.h"
#include "formats/reader.h"

namespace countersign {

namespace {

class CocoWriter final : public RowWriter {
public:
    explicit CocoWriter(const WriteContext& context) {
        if (!context.project) return;
        for (const auto& control : context.project->schema.controls)
            if (control.kind == ControlKind::boxes || control.kind == ControlKind::polygons)
                for (const auto& label : control.labels) category(label.name);
    }
    int passes() const override { return 2; }

    Result<> begin_pass(int pass, std::string& out) override {
        pass_ = pass;
        image_ = 0;
        first_ = true;
        if (pass == 0) {
            out +=
                "{\"info\":{\"description\":\"labels countersigned by "
                "people\"},\"licenses\":[],\n\"images\":[";
        } else {
            out += "\n],\n\"annotations\":[";
        }
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        ++image_;
        return pass_ == 0 ? write_image(r, out) : write_annotations(*label, out);
    }

    Result<> finish(std::string& out) override {
        out += "\n],\n\"categories\":[";
        for (std::size_t i = 0; i < categories_.size(); ++i) {
            out += i ? ",\n{" : "\n{";
            Members m(out);
            m.number("id", static_cast<std::int64_t>(i) + 1);
            m.text("name", categories_[i]);
            m.raw("supercategory", "\"\"");
            out += '}';
        }
        out += "\n]}\n";
        return Done{};
    }

private:
    std::int64_t category(const std::string& name) {
        const auto [at, fresh] =
            ids_.emplace(name, static_cast<std::int64_t>(categories_.size()) + 1);
        if (fresh) categories_.push_back(name);
        return at->second;
    }

    void open(std::string& out) {
        out += first_ ? "\n{" : ",\n{";
        first_ = false;
    }

    Result<> write_image(const ExportRecord& r, std::string& out) {
        open(out);
        Members m(out);
        m.number("id", image_);
        m.text("file_name", r.image_name);
        m.number("width", std::int64_t{r.width});
        m.number("height", std::int64_t{r.height});
        m.truth("labelled", true);
        m.text("task", r.id);
        m.text("sha256", r.sha256);
        out += '}';
        return Done{};
    }

    Result<> write_annotations(const ExportRecord::AnAnnotation& label, std::string& out) {
        for (const auto& region : TRY(regions_.parse(label.regions_text))) {
            if (region.labels.empty()) continue;
            if (region.kind == ControlKind::boxes)
                write_region(region, {region.x, region.y, region.width, region.height}, label, out);
            else if (region.kind == ControlKind::polygons && region.points.size() >= 6)
                write_region(region, bounds(region.points), label, out);
        }
        return Done{};
    }

    struct Box {
        double x, y, width, height;
    };
    static Box bounds(const std::vector<double>& points) {
        double left = points[0], right = points[0], top = points[1], bottom = points[1];
        for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
            left = std::min(left, points[i]), right = std::max(right, points[i]);
            top = std::min(top, points[i + 1]), bottom = std::max(bottom, points[i + 1]);
        }
        return {left, top, right - left, bottom - top};
    }
    /// Of a polygon by the shoelace formula, of a box by its sides.
    static double area(const Region& r) {
        if (r.kind == ControlKind::boxes) return r.width * r.height;
        double twice = 0;
        const auto n = r.points.size() / 2;
        for (std::size_t i = 0; i < n; ++i) {
            const auto k = (i + 1) % n;
            twice += r.points[2 * i] * r.points[2 * k + 1] - r.points[2 * k] * r.points[2 * i + 1];
        }
        return std::abs(twice) / 2;
    }
    static void numbers(const double* from, std::size_t n, std::string& out) {
        out += '[';
        for (std::size_t i = 0; i < n; ++i) {
            if (i) out += ',';
            append_json_number(out, from[i]);
        }
        out += ']';
    }

    void write_region(const Region& region, const Box& box, const ExportRecord::AnAnnotation& label,
                      std::string& out) {
        open(out);
        Members m(out);
        m.number("id", ++annotation_);
        m.number("image_id", image_);
        m.number("category_id", category(region.labels.front()));
        const double sides[] = {box.x, box.y, box.width, box.height};
        out += ",\"bbox\":";
        numbers(sides, 4, out);
        m.number("area", std::optional(area(region)));
        const bool crowd = region.meta.is_object() && region.meta.contains("iscrowd");
        m.number("iscrowd", std::int64_t{crowd});
        m.raw("segmentation", "[");
        if (region.kind == ControlKind::polygons)
            numbers(region.points.data(), region.points.size(), out);
        out += ']';
        m.raw("attributes", "{");
        Members a(out);
        a.text("person", label.person);
        a.text("action", label.action);
        a.text("arm", label.arm);
        a.text("origin", name_of(region.origin));
        if (region.rotation != 0) a.number("rotation", std::optional(region.rotation));
        out += "}}";
    }

    int pass_ = 0;
    std::int64_t image_ = 0, annotation_ = 0;
    bool first_ = true;
    std::vector<std::string> categories_;
    std::unordered_map<std::string, std::int64_t> ids_;
    RegionsParser regions_;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> write_coco(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CocoWriter>(context));
}

}  // namespace countersign
