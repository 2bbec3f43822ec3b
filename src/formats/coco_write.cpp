// COCO in two passes: images, then annotations. Only tasks with a countersigned label are written;
// an image without boxes says "labelled": true, so that it is not taken for one nobody looked at.
//
// COCO's polygons are filled together, so that they cannot have holes: what has some, and crowds,
// are written as masks. What a mask or an upright bbox cannot say (the rings, a turned box) stands
// in "attributes" too, and our reader goes by that.
#include <algorithm>
#include <cmath>
#include <set>

#include "formats/json_dom.h"
#include "formats/json_out.h"
#include "formats/losses.h"
#include "formats/shapes.h"

namespace countersign {

namespace {

class CocoWriter final : public RowWriter {
public:
    explicit CocoWriter(const WriteContext& context) {
        if (!context.project) return;
        for (const auto& control : context.project->schema.controls)
            if (facts_of(control.kind).drawn && facts_of(control.kind).on_image)
                for (const auto& label : control.labels) {
                    auto& c = category(label.name);
                    if (c.skeleton || control.points.empty()) continue;
                    c.skeleton = control;
                }
    }
    int passes() const override { return 2; }
    std::vector<std::string> left_out() const override { return losses_.lines(); }

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
        return pass_ == 0 ? write_image(r, *label, out) : write_annotations(r, *label, out);
    }

    Result<> finish(std::string& out) override {
        out += "\n],\n\"categories\":[";
        for (std::size_t i = 0; i < categories_.size(); ++i) {
            out += i ? ",\n{" : "\n{";
            write_category(categories_[i], out);
            out += '}';
        }
        out += "\n]";
        if (!losses_.empty()) {
            out += ",\n\"left_out\":[";
            for (const auto& line : losses_.lines()) {
                if (out.back() != '[') out += ',';
                append_json_string(out, line);
            }
            out += ']';
        }
        out += "}\n";
        return Done{};
    }

private:
    struct Category {
        std::string name;
        std::int64_t id = 0;              ///< 0: the next free one.
        std::optional<Control> skeleton;  ///< Keypoints with names.
    };

    Category& category(const std::string& name) {
        const auto [at, fresh] = place_.emplace(name, categories_.size());
        if (fresh) categories_.push_back({name, 0, std::nullopt});
        return categories_[at->second];
    }
    /// Ids that came with an import are kept, unless two labels claim one.
    void keep_ids(const Regions& regions) {
        for (const auto& r : regions) {
            if (r.labels.empty() || !r.meta.is_object()) continue;
            const auto id = r.meta.find("category_id");
            if (id == r.meta.end() || !id->is_number_integer()) continue;
            auto& c = category(r.labels.front());
            if (c.id == 0 && *id > 0 && taken_.insert(id->get<std::int64_t>()).second) c.id = *id;
        }
    }
    /// The id of a category; categories without one get the next numbers from 1 that are free.
    std::int64_t id_of(const std::string& name) {
        category(name);
        for (auto& c : categories_) {
            if (c.id != 0) continue;
            while (!taken_.insert(next_id_).second) ++next_id_;
            c.id = next_id_;
        }
        return category(name).id;
    }

    void write_category(const Category& c, std::string& out) {
        Members m(out);
        m.number("id", id_of(c.name));
        m.text("name", c.name);
        m.raw("supercategory", "\"\"");
        if (!c.skeleton) return;
        m.raw("keypoints", "[");
        for (const auto& point : c.skeleton->points) {
            if (out.back() != '[') out += ',';
            append_json_string(out, point);
        }
        out += "],\"skeleton\":[";
        for (std::size_t i = 0; i + 1 < c.skeleton->lines.size(); i += 2)
            out += (i ? ",[" : "[") + std::to_string(c.skeleton->lines[i] + 1) + "," +
                   std::to_string(c.skeleton->lines[i + 1] + 1) + "]";
        out += ']';
    }

    void open(std::string& out) {
        out += first_ ? "\n{" : ",\n{";
        first_ = false;
    }

    Result<> write_image(const ExportRecord& r, const ExportRecord::AnAnnotation& label,
                         std::string& out) {
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
        if (label.regions_text.find("\"category_id\"") != std::string_view::npos)
            keep_ids(TRY(regions_.parse(label.regions_text)));
        return Done{};
    }

    Result<> write_annotations(const ExportRecord& record, const ExportRecord::AnAnnotation& label,
                               std::string& out) {
        for (const auto& region : TRY(regions_.parse(label.regions_text))) {
            if (facts_of(region.kind).drawn && !region.labels.empty())
                write_region(region, record, label, out);
            else
                losses_.add(region);
        }
        return Done{};
    }

    static void list(const std::vector<double>& numbers, std::string& out) {
        out += '[';
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (i) out += ',';
            append_json_number(out, numbers[i]);
        }
        out += ']';
    }
    static void lists(const std::vector<Ring>& rings, std::string& out) {
        out += '[';
        for (const auto& ring : rings) {
            if (out.back() != '[') out += ',';
            list(ring, out);
        }
        out += ']';
    }

    void write_region(const Region& region, const ExportRecord& record,
                      const ExportRecord::AnAnnotation& label, std::string& out) {
        open(out);
        Members m(out);
        m.number("id", ++annotation_);
        m.number("image_id", image_);
        m.number("category_id", id_of(region.labels.front()));
        const auto around = box_around(region);
        out += ",\"bbox\":";
        list({around.x, around.y, around.width, around.height}, out);
        const bool crowd = region.meta.is_object() && region.meta.contains("iscrowd");
        const auto rings =
            region.kind == ControlKind::polygons ? rings_of(region) : std::vector<Ring>();
        m.number("area", std::optional(rings.empty() ? area_of(region) : area_of_rings(rings)));
        m.number("iscrowd", std::int64_t{crowd});
        const bool whole = write_segmentation(region, rings, crowd, record, out);
        if (region.kind == ControlKind::keypoints) write_keypoints(region, out);
        m.raw("attributes", "{");
        Members a(out);
        a.text("person", label.person);
        a.text("action", label.action);
        a.text("arm", label.arm);
        a.text("origin", name_of(region.origin));
        a.text("kind", name_of(region.kind));
        if (region.kind == ControlKind::boxes && region.rotation != 0) {
            a.raw("turned_box", " ");
            list({region.x, region.y, region.width, region.height, region.rotation}, out);
        }
        if (!whole) {
            a.raw("rings", " ");
            lists(rings, out);
        }
        out += "}}";
    }

    static double area_of(const Region& r) {
        const auto b = box_around(r);
        return r.kind == ControlKind::boxes ? r.width * r.height : b.width * b.height;
    }
    /// False when the segmentation alone does not give the rings back.
    static bool write_segmentation(const Region& region, const std::vector<Ring>& rings, bool crowd,
                                   const ExportRecord& record, std::string& out) {
        out += ",\"segmentation\":";
        bool holes = false;
        for (std::size_t i = 0; i < rings.size() && rings.size() > 1; ++i)
            holes = holes || is_hole(rings, i);
        if (crowd || holes)
            if (const auto mask = mask_of(rings, record.width, record.height)) {
                write_mask(*mask, crowd, out);
                return rings_of(*mask) == rings;
            }
        if (region.kind == ControlKind::boxes && region.rotation != 0) {
            const auto corners = corners_of(turned_box(region));
            lists({Ring(corners.begin(), corners.end())}, out);
        } else {
            lists(rings, out);
        }
        return !holes;
    }
    /// Crowds as COCO's own files have them, with plain counts; other masks with the string form.
    static void write_mask(const Mask& mask, bool crowd, std::string& out) {
        out += "{\"size\":[" + std::to_string(mask.height) + "," + std::to_string(mask.width) +
               "],\"counts\":";
        if (crowd)
            list({mask.counts.begin(), mask.counts.end()}, out);
        else
            append_json_string(out, encode_mask(mask));
        out += '}';
    }
    static void write_keypoints(const Region& region, std::string& out) {
        std::int64_t labelled = 0;
        out += ",\"keypoints\":[";
        for (std::size_t i = 0; 2 * i + 1 < region.points.size(); ++i) {
            const int v = i < region.visible.size() ? region.visible[i] : 2;
            labelled += v > 0;
            if (i) out += ',';
            append_json_number(out, region.points[2 * i]);
            out += ',';
            append_json_number(out, region.points[2 * i + 1]);
            out += "," + std::to_string(v);
        }
        out += "],\"num_keypoints\":" + std::to_string(labelled);
    }

    int pass_ = 0;
    std::int64_t image_ = 0, annotation_ = 0, next_id_ = 1;
    bool first_ = true;
    std::vector<Category> categories_;
    std::unordered_map<std::string, std::size_t> place_;
    std::set<std::int64_t> taken_;
    Losses losses_;
    RegionsParser regions_;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> write_coco(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CocoWriter>(context));
}

}  // namespace countersign
