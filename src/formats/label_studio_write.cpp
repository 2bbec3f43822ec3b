// Label Studio tasks with annotations and predictions. What Label Studio has no member for (our
// ids, arm, action, key, size) stands under "countersign", which it ignores and our reader reads.
#include "base/text.h"
#include "formats/json_dom.h"
#include "formats/json_out.h"
#include "formats/percent.h"
#include "formats/reader.h"

namespace countersign {

namespace {

std::string_view type_of(ControlKind kind) {
    switch (kind) {
        case ControlKind::choices:
            return "choices";
        case ControlKind::boxes:
            return "rectanglelabels";
        case ControlKind::polygons:
            return "polygonlabels";
        case ControlKind::text:
            return "textarea";
        case ControlKind::keypoints:
            return "keypointlabels";
        case ControlKind::relations:
            return "relation";
        case ControlKind::rating:
            return "rating";
        case ControlKind::spans:
        case ControlKind::segments:
            break;
    }
    return "labels";
}

std::string_view origin_of(Origin origin) {
    return origin == Origin::model    ? "prediction"
           : origin == Origin::edited ? "prediction-changed"
                                      : "manual";
}

/// Writes the regions of one task.
class ResultWriter {
public:
    ResultWriter(std::string_view to_name, const ExportRecord& record, std::string_view text,
                 std::string& out)
        : to_name_(to_name), record_(record), text_(text), out_(out) {}

    Result<> write(const Regions& regions) {
        out_ += '[';
        for (const auto& r : regions) TRY(write_one(r));
        out_ += ']';
        return Done{};
    }

private:
    Result<> write_one(const Region& r) {
        exact_.clear();
        exact_needed_ = false;
        out_ += out_.back() == '[' ? "{" : ",{";
        Members m(out_);
        m.text("id", r.id);
        m.text("from_name", r.control);
        m.text("to_name", to_name_);
        m.text("type", type_of(r.kind));
        m.text("origin", origin_of(r.origin));
        m.number("score", r.confidence);
        if (r.kind == ControlKind::boxes || r.kind == ControlKind::polygons) {
            if (record_.width <= 0 || record_.height <= 0)
                return Refusal{
                    Code::invalid,
                    "Task " + record_.id + " has a " + std::string(name_of(r.kind)) +
                        " region and no image size, which Label Studio's percentages need."};
            m.number("original_width", std::int64_t{record_.width});
            m.number("original_height", std::int64_t{record_.height});
            m.number("image_rotation", std::int64_t{0});
        }
        m.raw("value", "{");
        TRY(value(r));
        out_ += '}';
        if (exact_needed_) {
            m.raw("meta", "{\"pixels\":[");
            for (const double p : exact_) {
                if (out_.back() != '[') out_ += ',';
                append_json_number(out_, p);
            }
            out_ += "]}";
        }
        out_ += '}';
        return Done{};
    }

    Result<> value(const Region& r) {
        Members v(out_);
        switch (r.kind) {
            case ControlKind::boxes:
                v.number("x", percent(r.x, record_.width));
                v.number("y", percent(r.y, record_.height));
                v.number("width", percent(r.width, record_.width));
                v.number("height", percent(r.height, record_.height));
                v.number("rotation", std::optional(r.rotation));
                break;
            case ControlKind::polygons:
                polygon(v, r);
                break;
            case ControlKind::spans:
                TRY(span(v, r));
                break;
            case ControlKind::segments:
                v.number("start", std::optional(r.start));
                v.number("end", std::optional(r.end));
                break;
            case ControlKind::text:
                v.raw("text", "[");
                append_json_string(out_, r.text);
                out_ += ']';
                return Done{};
            case ControlKind::keypoints:
            case ControlKind::relations:
            case ControlKind::rating:
                return Refusal{Code::unsupported, "Label Studio JSON is not written for " +
                                                      std::string(name_of(r.kind)) + " yet."};
            case ControlKind::choices:
                break;
        }
        v.raw(type_of(r.kind), "[");
        for (const auto& label : r.labels) {
            if (out_.back() != '[') out_ += ',';
            append_json_string(out_, label);
        }
        out_ += ']';
        return Done{};
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
            append_json_number(out_, *percent(r.points[i], record_.width));
            out_ += ',';
            append_json_number(out_, *percent(r.points[i + 1], record_.height));
            out_ += ']';
        }
        out_ += ']';
        v.truth("closed", true);
    }

    Result<> span(Members& v, const Region& r) {
        const auto start = to_utf16(text_, static_cast<std::int64_t>(r.start));
        const auto end = to_utf16(text_, static_cast<std::int64_t>(r.end));
        if (!start || !end)
            return Refusal{Code::invalid, "Task " + record_.id + " has the span \"" + r.id +
                                              "\", which does not lie inside its text."};
        v.number("start", *start);
        v.number("end", *end);
        v.text("text", r.text);
        return Done{};
    }

    std::string_view to_name_;
    const ExportRecord& record_;
    std::string_view text_;
    std::string& out_;
    std::vector<double> exact_;
    bool exact_needed_ = false;
};

class LabelStudioWriter final : public RowWriter {
public:
    explicit LabelStudioWriter(const WriteContext& context) : context_(context) {
        if (context_.project) source_ = context_.project->schema.source;
    }
    Result<> begin_pass(int, std::string& out) override {
        out += "[";
        return Done{};
    }
    Result<> finish(std::string& out) override {
        out += "\n]\n";
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        std::string text;
        if (r.image_name.empty()) {
            const auto data = json_.parse_copy(r.data);
            if (data && data->is_object()) text = text_of(*data, source_).value_or("");
        }
        out += first_ ? "\n{" : ",\n{";
        first_ = false;
        Members m(out);
        m.raw("data", r.data.empty() ? "{}" : r.data);
        m.raw("meta", r.meta);
        m.raw("countersign", "{");
        Members ours(out);
        ours.text("task", r.id);
        ours.text("key", r.key);
        if (!r.image_name.empty()) {
            ours.text("image", r.image_name);
            ours.text("sha256", r.sha256);
            ours.number("width", std::int64_t{r.width});
            ours.number("height", std::int64_t{r.height});
        }
        out += '}';
        ResultWriter result(source_, r, text, out);
        TRY(annotations(r, result, out, m));
        if (context_.with_drafts) TRY(predictions(r, result, out, m));
        out += '}';
        return Done{};
    }

private:
    Result<> annotations(const ExportRecord& r, ResultWriter& result, std::string& out,
                         Members& m) {
        m.raw("annotations", "[");
        for (const auto& a : r.annotations) {
            out += out.back() == '[' ? "{" : ",{";
            Members one(out);
            if (!a.person.empty()) {
                one.raw("completed_by", "{\"email\":");
                append_json_string(out, a.person);
                out += '}';
            }
            one.raw("was_cancelled", a.action == "skipped" ? "true" : "false");
            if (a.created) one.text("created_at", iso8601(a.created));
            one.number("lead_time", std::optional(static_cast<double>(a.active_ms) / 1000));
            one.text("comment", a.comment);
            one.truth("flagged", a.flagged);
            one.raw("countersign", "{");
            Members ours(out);
            ours.text("annotation", a.id);
            ours.text("draft", a.draft);
            ours.text("action", a.action);
            ours.text("arm", a.arm);
            ours.number("edits", std::int64_t{a.edits});
            ours.truth("current", a.current);
            ours.number("schema_version", std::int64_t{a.schema_version});
            ours.number("guideline_version", std::int64_t{a.guideline_version});
            out += '}';
            one.raw("result", TRY(text_of_regions(a.regions_text, result, out)));
            out += '}';
        }
        out += ']';
        return Done{};
    }

    Result<> predictions(const ExportRecord& r, ResultWriter& result, std::string& out,
                         Members& m) {
        m.raw("predictions", "[");
        for (const auto& d : r.drafts) {
            out += out.back() == '[' ? "{" : ",{";
            Members one(out);
            std::string model(d.model);
            if (!d.version.empty()) model += "@" + std::string(d.version);
            one.text("model_version", model);
            one.number("score", d.confidence);
            if (d.created) one.text("created_at", iso8601(d.created));
            one.raw("countersign", "{");
            Members ours(out);
            ours.text("draft", d.id);
            ours.number("probability", d.probability);
            ours.text("grounding", d.grounding);
            out += '}';
            one.raw("result", TRY(text_of_regions(d.regions_text, result, out)));
            out += '}';
        }
        out += ']';
        return Done{};
    }

    /// Writes behind what is there and takes it off again, so that Members puts the name before it.
    Result<std::string> text_of_regions(std::string_view regions_text, ResultWriter& result,
                                        std::string& out) {
        const auto regions = TRY(regions_.parse(regions_text));
        const auto before = out.size();
        TRY(result.write(regions));
        std::string text = out.substr(before);
        out.resize(before);
        return text;
    }

    WriteContext context_;
    std::string source_ = "text";
    JsonParser json_;
    RegionsParser regions_;
    bool first_ = true;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> write_label_studio(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<LabelStudioWriter>(context));
}

}  // namespace countersign
