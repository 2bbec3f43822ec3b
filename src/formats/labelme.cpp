// LabelMe: a JSON file an image. Rectangles, polygons and points are taken; shapes of a group are
// the parts of one polygon or the points of one figure; flags are choices. imageData is passed
// over: the image is the file.
#include <algorithm>
#include <cmath>
#include <map>

#include "formats/flat_names.h"
#include "formats/json_dom.h"
#include "formats/json_out.h"
#include "formats/losses.h"
#include "formats/shapes.h"
#include "formats/zip_writer.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_labelme = std::int64_t{256} << 20;  // With imageData.

std::optional<std::vector<double>> points_in(Dom shape) {
    simdjson::dom::array list, pair;
    std::vector<double> points;
    if (shape.at_key("points").get(list)) return std::nullopt;
    for (const Dom point : list) {
        double x, y;
        if (point.get(pair) || pair.size() != 2 || pair.at(0).get(x) || pair.at(1).get(y))
            return std::nullopt;
        points.insert(points.end(), {x, y});
    }
    return points;
}

class LabelmeReader final : public EntriesReader {
public:
    LabelmeReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        const auto& entries = source_->entries();
        while (at_ < entries.size() && extension(entries[at_].name) != "json") {
            if (base_name(entries[at_].name) == left_out_file) book_.use(entries[at_]);
            ++at_;
        }
        if (at_ == entries.size()) return std::optional<ImportedRow>();
        const auto& entry = entries[at_++];
        book_.use(entry);
        auto text = source_->read_all(entry.name, longest_labelme);
        entry_done(entry);
        if (!text) return std::optional(rejected(entry.name, text.refusal().message));
        const auto value = parser_.parse_copy(*text);
        if (!value)
            return std::optional(rejected(entry.name, entry.name + ": " + value.refusal().message +
                                                          ". Mend the file and import it again."));
        return std::optional(row_of(entry.name, *value));
    }

    ImportedRow row_of(const std::string& name, Dom value) {
        simdjson::dom::array list;
        if (!value.is_object() || value.at_key("shapes").get(list))
            return rejected(name, name + ": it has no \"shapes\", as a LabelMe file has.");
        ImportedRow row;
        row.where = name;
        tie(row, text_of(value, "imagePath").value_or(""), name);
        const auto side = [&](const char* key) {
            const auto n = integer_of(value, key).value_or(0);
            return n > 0 && n <= 1'000'000 ? static_cast<int>(n) : 0;
        };
        row.width = side("imageWidth"), row.height = side("imageHeight");
        know_size(row);
        Mends mends;
        Regions regions;
        groups_.clear();
        figures_.clear();
        for (const Dom shape : list) take(shape, regions, mends);
        for (auto& [key, figure] : figures_) {
            figure.points.visible.resize(figure.points.names.size(), 2);
            if (auto r = shapes_.points(figure.label, figure.points, mends))
                regions.push_back(*std::move(r));
        }
        simdjson::dom::object flags;
        if (!value.at_key("flags").get(flags))
            for (const auto flag : flags)
                if (bool on = false; !flag.value.get(on) && on)
                    if (!shapes_.choose(flag.key, regions))
                        mends.left_out("the flag " + in_quotes(flag.key) +
                                       " is no choice of the schema that is still free");
        fit(regions, row, mends);
        add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    void tie(ImportedRow& row, std::string_view said, const std::string& name) {
        if (!said.empty() && book_.image(said)) return tie_image(row, said);
        if (const auto* entry = book_.image_by_stem(name, name)) return tie_entry(row, *entry);
        tie_image(row,
                  base_name(said).empty() ? std::string(stem(name)) + ".jpg" : std::string(said));
    }

    void take(Dom shape, Regions& regions, Mends& mends) {
        const auto label = shape.is_object() ? text_of(shape, "label") : std::nullopt;
        if (!label) return mends.left_out("a shape has no label");
        const auto type = text_of(shape, "shape_type").value_or("polygon");
        auto points = points_in(shape);
        if (!points) return mends.left_out("a shape has points that are not pairs of numbers");
        const auto before = regions.size();
        if (type == "rectangle" && (points->size() == 4 || points->size() == 8))
            rectangle(shape, *label, *points, regions, mends);
        else if (type == "polygon")
            polygon(shape, *label, *std::move(points), regions, mends);
        else if (type == "point" && points->size() == 2)
            point(shape, *label, *points);
        else
            return mends.left_out("a shape of type " + in_quotes(type) +
                                  " is of no kind that can be drawn here");
        if (regions.size() == before) return;
        regions.back().id = "r" + std::to_string(regions.size());
        flags_of(shape, regions.size() - 1, regions, mends);
    }

    void rectangle(Dom shape, std::string_view label, const std::vector<double>& p,
                   Regions& regions, Mends& mends) {
        Region drawn;
        drawn.points = p;
        auto box = box_around(drawn);
        simdjson::dom::array ours;
        if (!shape.at_key("countersign").get(ours) && ours.size() == 4) {
            double n[4] = {};
            for (std::size_t i = 0; i < 4; ++i)
                if (ours.at(i).get(n[i]))
                    return mends.left_out("a shape's exact box has no numbers");
            const TurnedBox exact{n[0], n[1], n[2], n[3], 0};
            if (alike(exact, box, 1e-6)) box = exact;
        }
        if (auto r = shapes_.box(label, box, mends)) regions.push_back(*std::move(r));
    }

    /// Our own export says a turned box as its corners with the box beside them.
    void polygon(Dom shape, std::string_view label, Ring ring, Regions& regions, Mends& mends) {
        simdjson::dom::array ours;
        if (!shape.at_key("countersign").get(ours) && ours.size() == 5 && ring.size() == 8) {
            double n[5] = {};
            for (std::size_t i = 0; i < 5; ++i)
                if (ours.at(i).get(n[i]))
                    return mends.left_out("a shape's exact box has no numbers");
            const TurnedBox box{n[0], n[1], n[2], n[3], n[4]};
            const auto corners = corners_of(box);
            bool same = true;
            for (std::size_t i = 0; i < 8; ++i) same &= std::abs(corners[i] - ring[i]) < 1e-6;
            if (same) {
                if (auto r = shapes_.box(label, box, mends)) regions.push_back(*std::move(r));
                return;
            }
        }
        if (const auto group = integer_of(shape, "group_id")) {
            const auto [at, fresh] =
                groups_.emplace(std::pair(*group, std::string(label)), regions.size());
            if (!fresh && regions[at->second].kind == ControlKind::polygons) {
                regions[at->second].rings.push_back(std::move(ring));
                return;
            }
        }
        if (auto r = shapes_.outline(label, {std::move(ring)}, mends))
            regions.push_back(*std::move(r));
    }

    /// A point of a figure is called as the control's point and says its figure by group_id.
    void point(Dom shape, std::string_view label, const std::vector<double>& p) {
        const auto group = integer_of(shape, "group_id");
        const auto whole = std::string(text_of(shape, "description").value_or(""));
        const bool part = group && shapes_.has(ControlKind::keypoints, whole);
        auto& figure = figures_[part ? std::pair(*group, whole)
                                     : std::pair(std::int64_t(figures_.size()), std::string())];
        figure.label = part ? whole : std::string(label);
        figure.points.names.emplace_back(label);
        figure.points.points.insert(figure.points.points.end(), p.begin(), p.end());
        const auto v = integer_of(shape, "visible").value_or(2);
        figure.points.visible.push_back(v == 0 || v == 1 ? static_cast<int>(v) : 2);
    }

    void flags_of(Dom shape, std::size_t which, Regions& regions, Mends& mends) {
        simdjson::dom::object flags;
        if (shape.at_key("flags").get(flags)) return;
        for (const auto flag : flags) {
            bool on = false;
            if (flag.value.get(on) || !on) continue;
            std::optional<Region> answer;
            if (context_.schema)
                for (const auto& c : context_.schema->controls)
                    if (c.per_region && !answer && c.kind != ControlKind::text)
                        answer = shapes_.answer(c.name, flag.key, regions[which].id);
            if (!answer) {
                mends.left_out("the flag " + in_quotes(flag.key) + " of a shape is no answer");
                continue;
            }
            answer->id = "r" + std::to_string(regions.size() + 1);
            regions.push_back(*std::move(answer));
        }
    }

    struct Figure {
        std::string label;
        NamedPoints points;
    };
    using Group = std::pair<std::int64_t, std::string>;
    JsonParser parser_;
    ShapeTaker shapes_;
    std::map<Group, std::size_t> groups_;
    std::map<Group, Figure> figures_;
    std::size_t at_ = 0;
};

/// A zip of NAME.json and, when there are bytes, the image beside it.
class LabelmeWriter final : public RowWriter {
public:
    explicit LabelmeWriter(const WriteContext& context) : context_(context) {}
    std::vector<std::string> left_out() const override { return losses_.lines(); }
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> finish(std::string& out) override {
        if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
        zip_.finish(out);
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        const auto* label = r.label();
        if (!label || label->action == "skipped" || r.image_name.empty()) return Done{};
        const auto name = names_.name(r.image_name);
        const auto regions = TRY(regions_.parse(label->regions_text));
        std::string json = "{\"version\":\"5.0.1\",\"flags\":{";
        for (const auto& region : regions)
            if (region.kind == ControlKind::choices && region.parent.empty())
                for (const auto& l : region.labels) flag(l, json);
        json += "},\"shapes\":[";
        group_ = 0;
        for (const auto& region : regions) shape(region, regions, json);
        json += "\n],\"imagePath\":";
        append_json_string(json, name);
        json += ",\"imageData\":null,\"imageHeight\":" + std::to_string(r.height) +
                ",\"imageWidth\":" + std::to_string(r.width) + "}\n";
        zip_.add(std::string(stem(name)) + ".json", json, out);
        if (context_.image_bytes) zip_.add(name, TRY(context_.image_bytes(r.sha256)), out);
        return Done{};
    }

private:
    static void flag(const std::string& name, std::string& out) {
        if (out.back() != '{') out += ',';
        append_json_string(out, name);
        out += ":true";
    }
    static void numbers(const std::vector<double>& list, std::string& out) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i) out += ',';
            append_json_number(out, list[i]);
        }
    }
    /// One shape; `of` is the region whose answers are its flags.
    void one(std::string_view label, std::string_view type, const std::vector<double>& points,
             int group, const std::string& more, const Region* of, const Regions& all,
             std::string& out) {
        out += out.back() == '[' ? "\n{" : ",\n{";
        Members m(out);
        m.text("label", label);
        m.text("shape_type", type);
        m.raw("points", "[");
        for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
            out += i ? ",[" : "[";
            numbers({points[i], points[i + 1]}, out);
            out += ']';
        }
        out += ']';
        m.raw("group_id", group ? std::to_string(group) : "null");
        m.raw("flags", "{");
        for (const auto& answer : all)
            if (of && !of->id.empty() && answer.parent == of->id)
                for (const auto& l : answer.labels) flag(l, out);
        out += '}';
        out += more + "}";
    }
    void shape(const Region& r, const Regions& all, std::string& out) {
        const bool answer = r.kind == ControlKind::choices || r.kind == ControlKind::rating;
        if (answer && (r.kind == ControlKind::choices || !r.parent.empty())) return;
        if (r.labels.empty() || !facts_of(r.kind).on_image || !facts_of(r.kind).drawn)
            return losses_.add(r);
        const auto& label = r.labels.front();
        std::string ours = ",\"countersign\":[";
        if (r.kind == ControlKind::boxes && r.rotation == 0) {
            numbers({r.x, r.y, r.width, r.height}, ours);
            return one(label, "rectangle", {r.x, r.y, r.x + r.width, r.y + r.height}, 0, ours + "]",
                       &r, all, out);
        }
        if (r.kind == ControlKind::boxes) {
            numbers({r.x, r.y, r.width, r.height, r.rotation}, ours);
            const auto corners = corners_of(turned_box(r));
            return one(label, "polygon", {corners.begin(), corners.end()}, 0, ours + "]", &r, all,
                       out);
        }
        if (r.kind == ControlKind::keypoints) return points(r, all, out);
        const auto rings = rings_of(r);
        const int group = rings.size() > 1 ? ++group_ : 0;
        for (std::size_t i = 0; i < rings.size(); ++i) {
            if (is_hole(rings, i)) losses_.add("hole of a polygon, written as a part of its group");
            one(label, "polygon", rings[i], group, {}, i ? nullptr : &r, all, out);
        }
    }
    void points(const Region& r, const Regions& all, std::string& out) {
        const auto* control =
            context_.project ? context_.project->schema.control(r.control) : nullptr;
        const auto n = r.points.size() / 2;
        if (!control || control->points.size() != n)
            return one(r.labels.front(), "point", r.points, 0, {}, &r, all, out);
        ++group_;
        for (std::size_t i = 0; i < n; ++i) {
            std::string more = ",\"description\":";
            append_json_string(more, r.labels.front());
            more += ",\"visible\":" + std::to_string(i < r.visible.size() ? r.visible[i] : 2);
            one(control->points[i], "point", {r.points[2 * i], r.points[2 * i + 1]}, group_, more,
                i ? nullptr : &r, all, out);
        }
    }

    WriteContext context_;
    ZipWriter zip_;
    FlatNames names_;
    Losses losses_;
    RegionsParser regions_;
    int group_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_labelme(std::shared_ptr<const Source> source,
                                                const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<LabelmeReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_labelme(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<LabelmeWriter>(context));
}

}  // namespace countersign
