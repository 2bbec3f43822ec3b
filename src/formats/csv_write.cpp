// Tables out: a row a task, a column a control, then who signed it and how.
#include "formats/csv_rows.h"
#include "formats/json_row.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

class CsvWriter final : public RowWriter {
public:
    CsvWriter(const WriteContext& context, char separator)
        : context_(context), separator_(separator) {
        if (!context_.project) return;
        const auto& schema = context_.project->schema;
        source_ = schema.source;
        for (const auto& c : schema.controls)
            if (facts_of(c.kind).answers && !c.per_region) controls_.push_back(&c);
    }

    Result<> begin_pass(int, std::string& out) override {
        cell(out, "key", true);
        cell(out, source_);
        for (const auto* c : controls_) cell(out, c->name);
        for (const auto name : {"task", "person", "action", "arm", "edits", "active_ms", "flagged",
                                "comment", "created", "model", "confidence", "probability", "meta"})
            cell(out, name);
        out += "\r\n";
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        cell(out, r.key, true);
        cell(out, r.image_name.empty() ? item_of(r.data) : std::string(r.image_name));
        const auto* label = r.label();
        auto regions = TRY(parser_.parse(label ? label->regions_text : std::string_view()));
        for (const auto* c : controls_) cell(out, answer(*c, regions));
        for (const auto& region : regions)
            if (!facts_of(region.kind).answers || !region.parent.empty()) losses_.add(region);
        cell(out, r.id);
        cell(out, label ? label->person : "");
        cell(out, label ? label->action : "");
        cell(out, label ? label->arm : "");
        cell(out, label ? std::to_string(label->edits) : "");
        cell(out, label ? std::to_string(label->active_ms) : "");
        cell(out, label ? (label->flagged ? "yes" : "no") : "");
        cell(out, label ? label->comment : "");
        cell(out, label && label->created ? iso8601(label->created) : "");
        const auto* draft = draft_of(r, label);
        cell(out, draft ? std::string(draft->model) + (draft->version.empty() ? "" : "@") +
                              std::string(draft->version)
                        : "");
        cell(out, draft ? number(draft->confidence) : "");
        cell(out, draft ? number(draft->probability) : "");
        cell(out, r.meta);
        out += "\r\n";
        return Done{};
    }
    Result<> finish(std::string&) override { return Done{}; }
    std::vector<std::string> left_out() const override { return losses_.lines(); }

private:
    void cell(std::string& out, std::string_view text, bool first = false) const {
        if (!first) out += separator_;
        append_csv(out, text, separator_);
    }
    static std::string number(const std::optional<double>& value) {
        std::string out;
        if (value) append_json_number(out, *value);
        return out;
    }
    std::string item_of(std::string_view data) {
        const auto object = json_.parse_copy(data);
        if (!object) return {};
        const auto item = member(*object, source_);
        return item ? as_text(*item) : std::string();
    }
    const ExportRecord::ADraft* draft_of(const ExportRecord& r,
                                         const ExportRecord::AnAnnotation* label) const {
        if (!context_.with_drafts || r.drafts.empty()) return nullptr;
        if (label)
            for (const auto& d : r.drafts)
                if (d.id == label->draft) return &d;
        return label ? nullptr : &r.drafts.back();
    }
    /// One answer as it stands; of a control that takes several, a JSON list.
    static std::string answer(const Control& control, const Regions& regions) {
        std::vector<std::string> said;
        for (const auto& r : regions) {
            if (r.control != control.name) continue;
            if (r.kind == ControlKind::text)
                said.push_back(r.text);
            else
                said.insert(said.end(), r.labels.begin(), r.labels.end());
        }
        if (said.empty()) return {};
        if (!control.multiple) return said.front();
        std::string list;
        append_texts(list, said);
        return list;
    }

    WriteContext context_;
    char separator_;
    std::string source_ = "item";
    std::vector<const Control*> controls_;
    RegionsParser parser_;
    Losses losses_;
    JsonParser json_;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> write_csv(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CsvWriter>(context, ','));
}
Result<std::unique_ptr<RowWriter>> write_tsv(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CsvWriter>(context, '\t'));
}

}  // namespace countersign
