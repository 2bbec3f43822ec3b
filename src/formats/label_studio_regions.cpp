#include "formats/label_studio_regions.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "formats/json_row.h"
#include "formats/label_studio_value.h"

namespace countersign {

namespace {

struct TypeRow {
    ControlKind kind;
    std::string_view type;
};
constexpr TypeRow types[] = {{ControlKind::choices, "choices"},
                             {ControlKind::boxes, "rectanglelabels"},
                             {ControlKind::spans, "labels"},
                             {ControlKind::polygons, "polygonlabels"},
                             {ControlKind::text, "textarea"},
                             {ControlKind::segments, "labels"},
                             {ControlKind::keypoints, "keypointlabels"},
                             {ControlKind::relations, "relation"},
                             {ControlKind::rating, "rating"},
                             // Read only: what is painted is kept by its outline.
                             {ControlKind::polygons, brush_type}};

bool is_type(ControlKind kind, std::string_view type) {
    return std::any_of(std::begin(types), std::end(types),
                       [&](const TypeRow& row) { return row.kind == kind && row.type == type; });
}

/// Turns one `result` list into regions.
class ResultReader {
public:
    explicit ResultReader(const ResultContext& c) : c_(c), values_(c) {}

    Regions regions(Dom result) {
        simdjson::dom::array list;
        if (result.get(list)) return c_.mends.left_out("\"result\" is not a list"), Regions();
        for (const Dom item : list) note_drawn(item);
        for (const auto& known : c_.known) drawn_.insert(known.id);
        for (const Dom item : list)
            if (auto taken = take(item); !taken) c_.mends.left_out(taken.refusal().message);
        if (!c_.as_written) fit_regions(all_, nullptr, c_.row.width, c_.row.height, c_.mends);
        keep_company();
        settle_ids(all_);
        return std::move(all_);
    }

private:
    static Refusal fault(std::string why) { return {Code::invalid, std::move(why)}; }

    /// Ids of what is drawn, wherever in the list it stands.
    void note_drawn(Dom item) {
        const auto type = text_of(item, "type").value_or("");
        for (const auto& row : types)
            if (row.type == type && facts_of(row.kind).drawn)
                drawn_.emplace(text_of(item, "id").value_or(""));
    }

    Result<> take(Dom item) {
        const auto type = text_of(item, "type").value_or("");
        if (type == "relation") return take_relation(item);
        const auto value = member(item, "value");
        if (!value || !value->is_object()) return fault("a region has no \"value\"");
        Region r;
        r.id = text_of(item, "id").value_or("");
        r.origin = Origin::imported;
        r.confidence = score_of(item);
        TRY(find_control(item, type, *value, r));
        check_target(item);
        TRY(values_.take(item, *value, r));
        const auto* control = c_.schema ? c_.schema->control(r.control) : nullptr;
        if (r.kind == ControlKind::keypoints && join_skeleton(item, r, control)) return Done{};
        if (r.kind != ControlKind::keypoints || !control || control->points.empty())
            TRY(values_.take_labels(*value, type, r));
        if (r.kind == ControlKind::keypoints && control && !control->points.empty())
            TRY(begin_skeleton(item, *value, r, *control));
        if (facts_of(r.kind).answers) TRY(tie_answer(item, control, r));
        r.meta = meta_of(item);
        if (r.kind == ControlKind::segments)
            if (const auto channel = integer_of(*value, "channel");
                channel && *channel > 0 && *channel < 9)
                r.meta["channel"] = std::to_string(*channel + 1);
        if (r.kind == ControlKind::text) take_words(item, r);
        if (r.kind == ControlKind::text && control && control->multiple)
            return take_texts(*value, std::move(r));
        all_.push_back(std::move(r));
        return Done{};
    }

    std::optional<double> score_of(Dom item) {
        const auto score = number_of(item, "score");
        if (!score || (*score >= 0 && *score <= 1)) return score;
        c_.mends.mended("a score outside 0 to 1 was dropped");
        return std::nullopt;
    }

    /// The control is the one called `from_name`; failing that, the only one that takes this type.
    Result<> find_control(Dom item, std::string_view type, Dom value, Region& r) {
        auto from = text_of(item, "from_name").value_or("");
        if (type == brush_type && from.ends_with(brush_suffix))
            from.remove_suffix(brush_suffix.size());
        if (!c_.schema) {
            for (const auto& row : types)
                if (row.type == type) {
                    const bool seconds =
                        type == "labels" && !text_of(value, "text") && c_.text.empty();
                    r.kind = seconds ? ControlKind::segments : row.kind;
                    r.control = from.empty() ? name_of(r.kind) : from;
                    return Done{};
                }
            return fault("regions of type " + in_quotes(type) + " are not taken");
        }
        const auto* control = c_.schema->control(from);
        if (control && !is_type(control->kind, type))
            return fault("from_name " + in_quotes(from) + " is a control for " +
                         std::string(name_of(control->kind)) + ", and the region's type is " +
                         in_quotes(type));
        if (!control) {
            control = only_control(type);
            if (!control)
                return fault("from_name " + in_quotes(from) + " of type " + in_quotes(type) +
                             " is not a control of the schema, which has " +
                             control_names(*c_.schema));
            c_.mends.mended("from_name " + in_quotes(from) + " was read as control " +
                            in_quotes(control->name));
        }
        r.control = control->name;
        r.kind = control->kind;
        return Done{};
    }
    const Control* only_control(std::string_view type) const {
        const Control* found = nullptr;
        for (const auto& c : c_.schema->controls) {
            if (!is_type(c.kind, type)) continue;
            if (found) return nullptr;
            found = &c;
        }
        return found;
    }

    void check_target(Dom item) {
        const auto to = text_of(item, "to_name").value_or("");
        if (to != c_.source_key)
            c_.mends.mended("to_name " + in_quotes(to) + " was read as " +
                            in_quotes(c_.source_key));
    }

    /// Members of `meta` that are not ours.
    static Json meta_of(Dom item) {
        Json kept;
        simdjson::dom::object meta;
        if (item.at_key("meta").get(meta)) return kept;
        for (const auto field : meta)
            if (field.key != "pixels" && field.key != "rings" && field.key != "point")
                if (auto value = parse_json(compact(field.value)))
                    kept[std::string(field.key)] = std::move(*value);
        return kept;
    }

    static void take_words(Dom item, Region& r) {
        const auto ours = member(item, "countersign");
        simdjson::dom::array list;
        if (!ours || ours->at_key("words").get(list)) return;
        for (const Dom one : list) {
            const auto text = text_of(one, "text");
            const auto start = number_of(one, "start"), end = number_of(one, "end");
            if (!text || text->empty() || !start || !end || *start < 0 || *end < *start) continue;
            r.words.push_back({std::string(*text), *start, *end, number_of(one, "confidence")});
        }
    }

    Result<> take_texts(Dom value, Region r) {
        simdjson::dom::array lines;
        if (value.at_key("text").get(lines) || lines.size() < 2)
            return all_.push_back(std::move(r)), Done{};
        for (const Dom line : lines) {
            r.text = as_text(line);
            all_.push_back(r);
        }
        return Done{};
    }

    /// An answer about a region has that region's id; ours stands under "countersign".
    Result<> tie_answer(Dom item, const Control* control, Region& r) {
        const bool about_region = !r.id.empty() && drawn_.count(r.id) > 0;
        if (control && control->per_region && !about_region)
            return fault("control " + in_quotes(r.control) +
                         " is asked about each region, and an answer names none that is there");
        if (control && !control->per_region && about_region)
            return fault("control " + in_quotes(r.control) +
                         " is asked about the whole item, and an answer is about a region");
        if (!about_region) return Done{};
        r.parent = std::move(r.id);
        r.id = r.parent + "." + r.control;
        if (const auto ours = member(item, "countersign"))
            if (const auto id = text_of(*ours, "id")) r.id = *id;
        return Done{};
    }

    /// A point that belongs to a skeleton begun before it; by our own mark, or by its parent.
    bool join_skeleton(Dom item, const Region& point, const Control* control) {
        if (!control || control->points.empty()) return false;
        const auto place = place_of(item, *control);
        const auto found = skeletons_.find(skeleton_of(item, point));
        if (!place || found == skeletons_.end()) return false;
        auto& whole = all_[found->second];
        if (whole.control != point.control || whole.visible[*place] != unset) return false;
        set_point(item, whole, *place, point);
        alias_.emplace(point.id, whole.id);
        return true;
    }

    Result<> begin_skeleton(Dom item, Dom value, Region& r, const Control& control) {
        const auto place = place_of(item, control);
        if (!place)
            return fault("a point of control " + in_quotes(r.control) +
                         " is none of the points of its skeleton");
        // The label is the skeleton's, or the point's name when the file is another program's.
        if (const auto labels = values_.take_labels(value, "keypointlabels", r); !labels) {
            if (control.labels.size() != 1) return labels.refusal();
            r.labels = {control.labels.front().name};
        }
        const Region point = r;
        r.points.assign(2 * control.points.size(), 0);
        r.visible.assign(control.points.size(), unset);
        set_point(item, r, *place, point);
        skeletons_[skeleton_of(item, point)] = all_.size();
        return Done{};
    }

    static std::string skeleton_of(Dom item, const Region& point) {
        if (const auto mark = member(item, "meta"))
            if (const auto ours = member(*mark, "point"))
                return std::string(text_of(*ours, "of").value_or(""));
        return point.control + "/" + std::string(text_of(item, "parentID").value_or(""));
    }
    static std::optional<std::size_t> place_of(Dom item, const Control& control) {
        if (const auto mark = member(item, "meta"))
            if (const auto ours = member(*mark, "point")) {
                const auto place = integer_of(*ours, "place").value_or(-1);
                if (place < 0 || place >= static_cast<std::int64_t>(control.points.size()))
                    return std::nullopt;
                return static_cast<std::size_t>(place);
            }
        simdjson::dom::array labels;
        std::string_view name;
        if (item["value"]["keypointlabels"].get(labels)) return std::nullopt;
        for (const Dom label : labels)
            for (std::size_t i = 0; !label.get(name) && i < control.points.size(); ++i)
                if (lower_ascii(control.points[i]) == lower_ascii(name)) return i;
        return std::nullopt;
    }
    void set_point(Dom item, Region& whole, std::size_t place, const Region& point) {
        whole.points[2 * place] = point.points[0];
        whole.points[2 * place + 1] = point.points[1];
        whole.visible[place] = 2;
        if (const auto meta = member(item, "meta"))
            if (const auto ours = member(*meta, "point"))
                if (const auto said = integer_of(*ours, "visible");
                    said && *said >= 0 && *said < 3) {
                    whole.visible[place] = static_cast<int>(*said);
                    says_visible_.insert(whole.id);
                }
    }

    Result<> take_relation(Dom item) {
        Region r;
        r.kind = ControlKind::relations;
        r.origin = Origin::imported;
        r.from = text_of(item, "from_id").value_or("");
        r.to = text_of(item, "to_id").value_or("");
        if (r.from.empty() || r.to.empty()) return fault("a relation lacks from_id or to_id");
        const auto direction = text_of(item, "direction").value_or("right");
        if (direction == "left") std::swap(r.from, r.to);
        if (direction == "bi") r.meta["direction"] = "bi";
        const auto ours = member(item, "countersign");
        std::string_view control;
        if (ours) {
            r.id = text_of(*ours, "id").value_or("");
            control = text_of(*ours, "control").value_or("");
            r.confidence = score_of(*ours);
        }
        simdjson::dom::array labels;
        std::string_view name;
        if (!item.at_key("labels").get(labels))
            for (const Dom label : labels)
                if (!label.get(name)) r.labels.emplace_back(name);
        TRY(relation_control(control, r));
        all_.push_back(std::move(r));
        return Done{};
    }

    Result<> relation_control(std::string_view said, Region& r) {
        r.control = said.empty() ? name_of(ControlKind::relations) : said;
        if (!c_.schema) return Done{};
        const Control* control = c_.schema->control(said);
        if (!control || control->kind != ControlKind::relations) control = nullptr;
        for (const auto& c : c_.schema->controls)
            if (!control && c.kind == ControlKind::relations &&
                (r.labels.empty() || Schema::find_label(c, r.labels.front())))
                control = &c;
        if (!control)
            return fault(r.labels.empty() ? "the schema has no control for relations"
                                          : in_quotes(r.labels.front()) +
                                                " is not a relation of the schema (add it, or make "
                                                "it an alias)");
        r.control = control->name;
        if (r.labels.size() > 1)
            return fault("a relation has several labels; control " + in_quotes(control->name) +
                         " takes one");
        for (auto& label : r.labels) {
            const auto* found = Schema::find_label(*control, label);
            if (!found) return fault(in_quotes(label) + " is not a relation of the schema");
            label = found->name;
        }
        return Done{};
    }

    /// Points that nobody set are not labelled; answers and relations without their regions go.
    void keep_company() {
        std::set<std::string> there;
        for (const auto& known : c_.known) there.insert(known.id);
        for (auto& r : all_) {
            if (facts_of(r.kind).drawn) there.insert(r.id);
            if (std::all_of(r.visible.begin(), r.visible.end(), [](int v) { return v == 2; }) &&
                !says_visible_.count(r.id))
                r.visible.clear();
            std::replace(r.visible.begin(), r.visible.end(), unset, 0);
        }
        std::erase_if(all_, [&](Region& r) {
            for (auto* id : {&r.parent, &r.from, &r.to}) {
                if (const auto other = alias_.find(*id); other != alias_.end()) *id = other->second;
                if (id->empty() || there.count(*id)) continue;
                c_.mends.left_out((r.kind == ControlKind::relations ? "a relation" : "an answer") +
                                  std::string(" is about a region that is not there"));
                return true;
            }
            return false;
        });
    }

    static constexpr int unset = -1;
    const ResultContext& c_;
    LabelStudioValues values_;
    Regions all_;
    std::set<std::string, std::less<>> drawn_;
    std::map<std::string, std::size_t> skeletons_;  ///< Place in `all_`.
    std::map<std::string, std::string> alias_;      ///< A point's id to its skeleton's.
    std::set<std::string> says_visible_;
};

}  // namespace

std::string_view label_studio_type(ControlKind kind) {
    for (const auto& row : types)
        if (row.kind == kind) return row.type;
    return {};
}

Regions label_studio_regions(Dom result, const ResultContext& context) {
    return ResultReader(context).regions(result);
}

}  // namespace countersign
