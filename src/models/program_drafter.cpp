#include "models/program_drafter.h"

#include <limits>

#include "base/child_process.h"
#include "base/crypto.h"
#include "base/text.h"
#include "models/connector.h"
#include "models/earlier_draft.h"
#include "models/label_studio_answer.h"

namespace countersign {

namespace {

constexpr std::size_t most_answer = 16 << 20;
constexpr int most_failures = 3;  ///< In a row, before the program counts as broken.

class ProgramDrafter : public Drafter {
public:
    ProgramDrafter(std::string version, std::vector<std::string> argv, Millis timeout,
                   Schema schema, std::string reads, const Outside& outside)
        : version_(std::move(version)),
          argv_(std::move(argv)),
          timeout_(timeout),
          schema_(std::move(schema)),
          schema_json_(to_json(schema_)),
          reads_(std::move(reads)),
          outside_(outside),
          words_(outside.label_studio) {}

    std::string version() const override { return version_; }
    bool wants_medium() const override { return schema_.modality != Modality::text; }
    /// Pixels are those of the file that the program gets.
    int enough_side() const override { return std::numeric_limits<int>::max(); }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        const bool fresh = !child_ || !child_->usable();
        Json earlier;
        if (!reads_.empty()) {
            const auto regions = TRY(earlier_draft(&outside_, reads_, ask.task));
            earlier = Json::array();
            for (const auto& region : regions) earlier.push_back(region_json(region));
        }
        auto answer = exchange(ask, earlier, stop);
        // What answered before gets a fresh start; what fails from the start has failed.
        if (!answer && answer.refusal().code == Code::unavailable && !fresh)
            answer = exchange(ask, earlier, stop);
        if (!answer) {
            const bool stopped = answer.refusal().code == Code::cancelled;
            const bool at_fault = stopped || ++failures_ >= most_failures;
            return Refusal{at_fault ? answer.refusal().code : Code::invalid,
                           answer.refusal().message};
        }
        failures_ = 0;
        if (const auto error = answer->find("error"); error != answer->end())
            return Refusal{Code::invalid,
                           "The program has no answer: " +
                               (error->is_string() ? error->get<std::string>() : to_text(*error))};
        return read(*answer, ask);
    }

private:
    Result<Json> exchange(const DraftAsk& ask, const Json& earlier, const std::stop_token& stop) {
        if (!child_ || !child_->usable()) child_ = TRY(ChildProcess::start(argv_));
        const std::int64_t id = ++asked_;
        const auto line = TRY(child_->exchange(
            request(ask, earlier, id), {.timeout = timeout_, .most_bytes = most_answer},
            [&](std::string_view text) { return answers(text, id); }, stop));
        return parse_json(line);
    }

    static bool answers(std::string_view line, std::int64_t id) {
        const auto answer = parse_json(line);
        return answer && answer->is_object() && answer->value("id", Json()) == Json(id);
    }

    std::string request(const DraftAsk& ask, const Json& earlier, std::int64_t id) const {
        Json out{{"id", id}, {"schema", schema_json_}};
        if (schema_.modality == Modality::text) {
            out["text"] = std::string(ask.text);
        } else {
            Json medium{{"type", std::string(ask.medium_type)}};
            if (ask.image) medium["width"] = ask.image->width, medium["height"] = ask.image->height;
            if (ask.sound) medium["seconds"] = ask.sound->seconds();
            medium["base64"] = base64(ask.medium);
            out["medium"] = std::move(medium);
        }
        if (auto data = parse_json(ask.data)) out["data"] = *std::move(data);
        if (!earlier.is_null()) out["draft"] = earlier;
        return to_text(out);
    }

    Result<DraftAnswer> read(const Json& answer, const DraftAsk& ask) const {
        const auto item = facts_of_ask(ask);
        if (const auto regions = answer.find("regions"); regions != answer.end()) {
            if (!regions->is_array())
                return Refusal{Code::invalid, "The program's \"regions\" are no list."};
            Regions all;
            for (const auto& one : *regions) all.push_back(TRY(region_from(one)));
            const auto confidence = answer.find("confidence");
            return or_refuse(take_regions(schema_, item, std::move(all),
                                          confidence == answer.end() ? Json() : *confidence));
        }
        if (!answer.contains("result"))
            return Refusal{Code::invalid,
                           "The program's answer has neither \"regions\" nor \"result\"."};
        if (!words_) return Refusal{Code::unavailable, "Label Studio's results are not read here."};
        return or_refuse(TRY(label_studio_answer(answer, schema_, item, *words_)));
    }

    std::string version_;
    std::vector<std::string> argv_;
    Millis timeout_;
    Schema schema_;
    Json schema_json_;
    std::string reads_;
    Outside outside_;
    const LabelStudioWords* words_;
    std::unique_ptr<ChildProcess> child_;
    std::int64_t asked_ = 0;
    int failures_ = 0;  ///< One after the other.
};

std::vector<ConfigField> program_fields() {
    return {{"program", FieldKind::text,
             "its name, as the operator lists it (serve --model-program NAME=PATH)", "", true},
            {"arguments", FieldKind::names, "its arguments, as they are", "[]"},
            {"timeout_s", FieldKind::whole, "seconds an item may take", "60"},
            reads_field()};
}

Result<Json> guess_program(const Schema&) {
    return Json{{"program", ""}, {"arguments", Json::array()}};
}

Result<std::unique_ptr<Drafter>> open_program(const OpenAsk& ask) {
    TRY(check_config("subprocess", program_fields(), ask.config));
    const auto name = ask.config["program"].get<std::string>();
    const auto seconds = ask.config.value("timeout_s", std::int64_t{60});
    if (seconds < 1 || seconds > 3'600) return out_of_range("timeout_s", 1, 3'600);
    std::vector<std::string> argv;
    for (const auto& one : ask.config.value("arguments", Json::array())) {
        argv.push_back(one.get<std::string>());
        if (argv.back().find('\0') != std::string::npos || argv.size() > 64)
            return Refusal{Code::invalid, "\"arguments\" are at most 64 texts without NUL."};
    }
    auto reads = TRY(reads_from(ask.config));
    if (!ask.outside) return Refusal{Code::unavailable, "No program can be run from here."};
    const auto listed = ask.outside->programs.find(name);
    if (listed == ask.outside->programs.end())
        return Refusal{Code::unavailable, "The operator lists no program \"" + name +
                                              "\": start the server with --model-program " +
                                              (name.empty() ? "NAME" : name) + "=PATH."};
    argv.insert(argv.begin(), listed->second);
    const std::string version = name + " " + hex(sha256(to_text(Json(argv)))).substr(0, 8);
    return std::unique_ptr<Drafter>(
        std::make_unique<ProgramDrafter>(version, std::move(argv), Millis{seconds} * 1000,
                                         ask.schema, std::move(reads), *ask.outside));
}

}  // namespace

ModelKind subprocess_kind() {
    ModelKind kind{"subprocess",   "A program of your own on the server's machine (JSON lines)",
                   Modality::text, ControlKind::spans,
                   false,          guess_program,
                   open_program};
    kind.also_modalities = {Modality::image, Modality::audio};
    for (const auto& row : enum_names(ControlKind{}))
        if (row.value != ControlKind::spans) kind.also_controls.push_back(row.value);
    kind.config_fields = program_fields();
    return kind;
}

}  // namespace countersign
