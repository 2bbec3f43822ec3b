// Regions as a `result` list of Label Studio.
#include <map>

#include "base/text.h"
#include "formats/json_out.h"
#include "formats/label_studio_regions.h"
#include "formats/percent.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

std::string_view origin_of(Origin origin) {
    return origin == Origin::model    ? "prediction"
           : origin == Origin::edited ? "prediction-changed"
                                      : "manual";
}

bool is_on_image(ControlKind kind) {
    const auto& facts = facts_of(kind);
    return facts.drawn && facts.on_image;
}

void append_numbers(std::string& out, const std::vector<double>& numbers) {
    out += '[';
    for (const double n : numbers) {
        if (out.back() != '[') out += ',';
        append_json_number(out, n);
    }
    out += ']';
}

class ResultWriter {
public:
    ResultWriter(std::string& out, const Regions& regions, const ResultTarget& target)
        : out_(out), regions_(regions), target_(target) {
        for (const auto& r : regions) by_id_.emplace(r.id, &r);
    }

    Result<> write() {
        out_ += '[';
        for (const auto& r : regions_) {
            const auto* control = target_.schema ? target_.schema->control(r.control) : nullptr;
            if (r.kind == ControlKind::relations)
                relation(r);
            else if (r.kind == ControlKind::keypoints && control && !control->points.empty())
                TRY(skeleton(r, *control));
            else
                TRY(write_one(r, r, Mark{}));
        }
        out_ += ']';
        return Done{};
    }

private:
    /// Which point of a skeleton a region is.
    struct Mark {
        std::size_t place = none, of = none;
        std::string_view name;
        std::optional<int> visible;
        static constexpr std::size_t none = static_cast<std::size_t>(-1);
    };

    void open() { out_ += out_.back() == '[' ? "{" : ",{"; }

    Result<> write_one(const Region& r, const Region& whole, const Mark& mark) {
        exact_.clear();
        exact_needed_ = !r.rings.empty();
        open();
        Members m(out_);
        const auto parent = by_id_.find(r.parent);
        const Region* about = r.parent.empty() || parent == by_id_.end() ? nullptr : parent->second;
        m.text("id", about ? about->id : r.id);
        m.text("from_name", r.control);
        m.text("to_name", target_.to_name);
        m.text("type", label_studio_type(r.kind));
        m.text("origin", origin_of(r.origin));
        m.number("score", r.confidence);
        if (mark.place != Mark::none && r.id != whole.id) m.text("parentID", whole.id);
        if (mark.visible == 0) m.truth("hidden", true);
        if (is_on_image(about ? about->kind : r.kind)) TRY(image_size(m, r));
        if ((about ? about->kind : r.kind) == ControlKind::segments && target_.record.seconds > 0)
            m.number("original_length", std::optional(target_.record.seconds));
        m.raw("value", "{");
        if (about) {
            TRY(place(*about, true));
            exact_needed_ = false;  // The region itself says its pixels.
        }
        TRY(place(r, false));
        labels(r);
        out_ += '}';
        meta(m, r, whole, mark);
        if (about || !r.words.empty()) {
            m.raw("countersign", "{");
            Members ours(out_);
            if (about) ours.text("id", r.id);
            words(ours, r);
            out_ += '}';
        }
        out_ += '}';
        return Done{};
    }

    void words(Members& ours, const Region& r) {
        if (r.words.empty()) return;
        ours.raw("words", "[");
        for (const auto& w : r.words) {
            out_ += out_.back() == '[' ? "{" : ",{";
            Members word(out_);
            word.text("text", w.text);
            word.number("start", std::optional(w.start));
            word.number("end", std::optional(w.end));
            word.number("confidence", w.confidence);
            out_ += '}';
        }
        out_ += ']';
    }

    Result<> image_size(Members& m, const Region& r) const {
        if (target_.record.width <= 0 || target_.record.height <= 0)
            return Refusal{Code::invalid,
                           "Task " + target_.record.id + " has a " + std::string(name_of(r.kind)) +
                               " region and no image size, which Label Studio's percentages need."};
        m.number("original_width", std::int64_t{target_.record.width});
        m.number("original_height", std::int64_t{target_.record.height});
        m.number("image_rotation", std::int64_t{0});
        return Done{};
    }

    /// Where the region lies, or what was written; `for_answer`: the place that an answer is about.
    Result<> place(const Region& r, bool for_answer) {
        Members v(out_);
        switch (r.kind) {
            case ControlKind::boxes:
                v.number("x", percent(r.x, target_.record.width));
                v.number("y", percent(r.y, target_.record.height));
                v.number("width", percent(r.width, target_.record.width));
                v.number("height", percent(r.height, target_.record.height));
                v.number("rotation", std::optional(r.rotation));
                break;
            case ControlKind::polygons:
                polygon(v, r);
                break;
            case ControlKind::keypoints:
                v.number("x", percent(r.points.at(0), target_.record.width));
                v.number("y", percent(r.points.at(1), target_.record.height));
                v.number("width", std::optional(point_size));
                break;
            case ControlKind::spans:
                TRY(span(v, r, for_answer));
                break;
            case ControlKind::segments:
                v.number("start", std::optional(r.start));
                v.number("end", std::optional(r.end));
                v.number("channel", channel_of(r));
                break;
            case ControlKind::text:
                v.raw("text", "[");
                append_json_string(out_, r.text);
                out_ += ']';
                break;
            case ControlKind::rating:
                v.number("rating", stars(r));
                break;
            case ControlKind::choices:
            case ControlKind::relations:
                break;
        }
        return Done{};
    }

    /// Counted from 0 there; ours from 1, as RTTM does.
    static std::int64_t channel_of(const Region& r) {
        if (!r.meta.is_object() || !r.meta.contains("channel") || !r.meta["channel"].is_string())
            return 0;
        const auto text = r.meta["channel"].get<std::string>();
        return text.size() == 1 && text[0] >= '1' && text[0] <= '9' ? text[0] - '1' : 0;
    }

    void labels(const Region& r) {
        if (r.kind == ControlKind::text || r.kind == ControlKind::rating) return;
        std::string names;
        append_texts(names, r.labels);
        Members(out_).raw(label_studio_type(r.kind), names);
    }

    /// The place of the label in the control, from 1.
    std::int64_t stars(const Region& r) const {
        const auto* control = target_.schema ? target_.schema->control(r.control) : nullptr;
        if (control)
            for (std::size_t i = 0; i < control->labels.size(); ++i)
                if (!r.labels.empty() && control->labels[i].name == r.labels.front())
                    return static_cast<std::int64_t>(i) + 1;
        return 0;
    }

    std::optional<double> percent(double pixels, int size) {
        bool exact = false;
        const double p = percent_of(pixels, size, exact);
        exact_.push_back(pixels);
        exact_needed_ = exact_needed_ || !exact;
        return p;
    }

    void polygon(Members& v, const Region& r) {
        v.raw("points", "[");
        for (std::size_t i = 0; i + 1 < r.points.size(); i += 2) {
            out_ += out_.back() == '[' ? "[" : ",[";
            append_json_number(out_, *percent(r.points[i], target_.record.width));
            out_ += ',';
            append_json_number(out_, *percent(r.points[i + 1], target_.record.height));
            out_ += ']';
        }
        out_ += ']';
        v.truth("closed", true);
    }

    Result<> span(Members& v, const Region& r, bool for_answer) {
        const auto start = to_utf16(target_.text, static_cast<std::int64_t>(r.start));
        const auto end = to_utf16(target_.text, static_cast<std::int64_t>(r.end));
        if (!start || !end)
            return Refusal{Code::invalid, "Task " + target_.record.id + " has the span \"" + r.id +
                                              "\", which does not lie inside its text."};
        v.number("start", *start);
        v.number("end", *end);
        if (!for_answer) v.text("text", r.text);
        return Done{};
    }

    /// A region a point; points that are not labelled and lie nowhere are left out.
    Result<> skeleton(const Region& r, const Control& control) {
        Region point = r;
        bool first = true;
        for (std::size_t i = 0; 2 * i + 1 < r.points.size() && i < control.points.size(); ++i) {
            Mark mark{i, r.points.size() / 2, control.points[i], std::nullopt};
            if (i < r.visible.size()) mark.visible = r.visible[i];
            point.points = {r.points[2 * i], r.points[2 * i + 1]};
            if (mark.visible == 0 && point.points == std::vector<double>{0, 0}) continue;
            point.visible.clear();
            point.id = first ? r.id : r.id + "." + std::to_string(i);
            TRY(write_one(point, r, mark));
            point.meta = nullptr;
            first = false;
        }
        return Done{};
    }

    void meta(Members& m, const Region& r, const Region& whole, const Mark& mark) {
        const bool kept = r.meta.is_object() && !r.meta.empty();
        if (!exact_needed_ && mark.place == Mark::none && !kept) return;
        m.raw("meta", kept ? to_text(r.meta) : "{}");
        out_.pop_back();
        Members inside(out_);
        if (exact_needed_) {
            std::string pixels;
            append_numbers(pixels, exact_);
            inside.raw("pixels", pixels);
        }
        if (!r.rings.empty()) {
            std::string rings = "[";
            for (const auto& ring : r.rings) {
                if (rings.size() > 1) rings += ',';
                append_numbers(rings, ring);
            }
            inside.raw("rings", rings + "]");
        }
        if (mark.place != Mark::none) {
            inside.raw("point", "{");
            Members point(out_);
            point.text("of", whole.id);
            point.number("place", static_cast<std::int64_t>(mark.place));
            point.text("name", mark.name);
            if (mark.visible) point.number("visible", std::int64_t{*mark.visible});
            out_ += '}';
        }
        out_ += '}';
    }

    void relation(const Region& r) {
        open();
        Members m(out_);
        m.text("type", "relation");
        m.text("from_id", r.from);
        m.text("to_id", r.to);
        const bool both = r.meta.is_object() && r.meta.value("direction", Json()) == "bi";
        m.text("direction", both ? "bi" : "right");
        std::string names;
        append_texts(names, r.labels);
        m.raw("labels", names);
        m.raw("countersign", "{");
        Members ours(out_);
        ours.text("id", r.id);
        ours.text("control", r.control);
        ours.number("score", r.confidence);
        out_ += "}}";
    }

    static constexpr double point_size = 0.5;  // Percent of the image's width, as drawn there.
    std::string& out_;
    const Regions& regions_;
    const ResultTarget& target_;
    std::map<std::string_view, const Region*> by_id_;
    std::vector<double> exact_;
    bool exact_needed_ = false;
};

}  // namespace

Result<> append_label_studio(std::string& out, const Regions& regions, const ResultTarget& target) {
    return ResultWriter(out, regions, target).write();
}

}  // namespace countersign
