// Label Studio tasks with annotations and predictions. What Label Studio has no member for (our
// ids, arm, action, key, size) stands under "countersign", which it ignores and our reader reads.
#include "base/text.h"
#include "formats/json_dom.h"
#include "formats/json_out.h"
#include "formats/label_studio_regions.h"
#include "formats/reader.h"

namespace countersign {

namespace {

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
            const bool audio =
                context_.project && context_.project->schema.modality == Modality::audio;
            ours.text(audio ? "audio" : "image", r.image_name);
            ours.text("sha256", r.sha256);
            if (!audio) ours.number("width", std::int64_t{r.width});
            if (!audio) ours.number("height", std::int64_t{r.height});
            if (r.seconds > 0) ours.number("seconds", std::optional(r.seconds));
        }
        out += '}';
        const auto* schema = context_.project ? &context_.project->schema : nullptr;
        const ResultTarget target{schema, source_, r, text};
        TRY(annotations(r, target, out, m));
        if (context_.with_drafts) TRY(predictions(r, target, out, m));
        out += '}';
        return Done{};
    }

private:
    Result<> annotations(const ExportRecord& r, const ResultTarget& target, std::string& out,
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
            one.raw("result", TRY(result_of(a.regions_text, target)));
            out += '}';
        }
        out += ']';
        return Done{};
    }

    Result<> predictions(const ExportRecord& r, const ResultTarget& target, std::string& out,
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
            one.raw("result", TRY(result_of(d.regions_text, target)));
            out += '}';
        }
        out += ']';
        return Done{};
    }

    Result<std::string> result_of(std::string_view regions_text, const ResultTarget& target) {
        std::string text;
        TRY(append_label_studio(text, TRY(regions_.parse(regions_text)), target));
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
