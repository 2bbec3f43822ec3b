#include "models/text_reader_drafter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "models/label_map.h"
#include "models/page_reader.h"
#include "models/score_map.h"
#include "models/text_reader.h"

namespace countersign {

namespace {

constexpr int least_search = 320, most_search = 4096, sharp_enough = 1600;
constexpr std::size_t most_compared = 2'000;  ///< Code points of a reading.

constexpr std::array<ObjectWords, 1> text_words{
    {{"text", "text line,line,word,words,printed,print,text region,transcription", ""}}};

Refusal wrong_reader(const std::string& why) {
    return {Code::invalid, "The text reader's config " + why};
}

bool holds_places(const Control& control) {
    return control.kind == ControlKind::boxes || control.kind == ControlKind::polygons;
}

/// The label that means any text; a control's only one does.
std::string text_label(const Control& control) {
    if (control.labels.size() == 1) return control.labels[0].name;
    const auto labels = guess_labels(control, text_words).labels;
    return labels.empty() ? std::string() : labels.begin()->second;
}

Result<Json> guess_reader(const Schema& schema) {
    if (schema.modality == Modality::image) {
        const auto text = std::find_if(
            schema.controls.begin(), schema.controls.end(), [](const Control& control) {
                return control.kind == ControlKind::text && control.per_region;
            });
        for (const auto& control : schema.controls) {
            const std::string label = holds_places(control) ? text_label(control) : "";
            if (label.empty() || text == schema.controls.end()) continue;
            return Json{{"regions", control.name}, {"label", label},
                        {"text", text->name},      {"languages", Json::array({"eng"})},
                        {"second", "auto"},        {"side", TextReaderOptions{}.side}};
        }
    }
    return Refusal{Code::invalid,
                   "The text reader needs images, a control of boxes or polygons with a label "
                   "\"Text\", and a text control that is asked about each region."};
}

struct ReaderPlan {
    const Control* regions = nullptr;
    std::string label, text;
    std::vector<std::string> languages;
    std::string second;
    TextReaderOptions options;

    bool for_pp_ocr() const {
        return std::all_of(languages.begin(), languages.end(), [](const std::string& language) {
            return language == "eng" || language == "chi_sim";
        });
    }
};

Result<std::vector<std::string>> languages_of(const Json& config) {
    const auto said = config.find("languages");
    if (said == config.end()) return std::vector<std::string>{"eng"};
    std::vector<std::string> out;
    if (said->is_array())
        for (const Json& one : *said)
            if (one.is_string()) out.push_back(one.get<std::string>());
    if (!said->is_array() || out.size() != said->size() || out.empty())
        return wrong_reader("needs \"languages\" as a list like [\"eng\", \"deu\"].");
    return out;
}

Result<ReaderPlan> plan_reader(const Schema& schema, const Json& config) {
    const auto text = [&](const char* key, const char* otherwise) {
        const auto at = config.find(key);
        return at != config.end() && at->is_string() ? at->get<std::string>()
                                                     : std::string(otherwise);
    };
    const auto number = [&](const char* key, double otherwise) {
        const auto at = config.find(key);
        return at == config.end() ? otherwise : at->is_number() ? at->get<double>() : -1;
    };
    ReaderPlan plan;
    plan.regions = schema.control(text("regions", ""));
    if (!plan.regions || !holds_places(*plan.regions))
        return wrong_reader("needs \"regions\" to name a control of boxes or polygons.");
    const Label* label = Schema::find_label(*plan.regions, text("label", ""));
    if (!label)
        return wrong_reader("names the label \"" + text("label", "") + "\", which \"" +
                            plan.regions->name + "\" does not have.");
    plan.label = label->name;
    const Control* written = schema.control(text("text", ""));
    if (!written || written->kind != ControlKind::text || !written->per_region)
        return wrong_reader("needs \"text\" to name a text control asked about each region.");
    plan.text = written->name;
    plan.languages = TRY(languages_of(config));
    plan.second = text("second", "auto");
    if (plan.second != "auto" && plan.second != "on" && plan.second != "off")
        return wrong_reader("needs \"second\" as \"auto\", \"on\" or \"off\".");
    const double side = number("side", plan.options.side);
    if (!(side >= least_search && side <= most_search))
        return wrong_reader("needs \"side\" as a number from 320 to 4096.");
    plan.options.side = static_cast<int>(side);
    const double least = number("threshold", static_cast<double>(least_place_score));
    if (!(least >= 0.1 && least <= 1))
        return wrong_reader("needs \"threshold\" as a number from 0.1 to 1.");
    plan.options.least_score = static_cast<float>(least);
    plan.options.latin_only =
        std::find(plan.languages.begin(), plan.languages.end(), "chi_sim") == plan.languages.end();
    return plan;
}

struct ReadLine {
    TextPlace place;
    std::string text;
    double confidence = 0;
};

class TextReaderDrafter final : public Drafter {
public:
    TextReaderDrafter(ReaderPlan plan, std::optional<TextReader> reader,
                      std::optional<PageReader> second, std::optional<ScoreMap> probability)
        : control_(plan.regions->name),
          kind_(plan.regions->kind),
          label_(std::move(plan.label)),
          text_(std::move(plan.text)),
          reader_(std::move(reader)),
          second_(std::move(second)),
          probability_(std::move(probability)) {}

    std::string version() const override {
        if (!reader_) return second_->version();
        return reader_->version() + (second_ ? " + " + second_->version() : "");
    }
    int enough_side() const override { return sharp_enough; }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid,
                           "The text reader was asked about an item that has no image."};
        const auto lines = reader_ ? by_networks(*ask.image, stop) : by_page(*ask.image);
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        DraftAnswer answer;
        for (const ReadLine& line : lines) add(line, *ask.image, answer.regions);
        return answer;
    }

private:
    std::vector<ReadLine> by_networks(const Image& image, const std::stop_token& stop) {
        std::vector<ReadLine> out;
        const auto places = reader_->find(image);
        for (const std::size_t at : reading_order(places)) {
            if (stop.stop_requested()) break;
            const auto read = reader_->read(image, places[at]);
            ReadLine line{places[at], read.reading.text, read.reading.confidence()};
            if (second_) {
                const auto other =
                    second_->read_line(TextReader::cut_out(image, places[at], read.turned));
                line.confidence = doubted(line.confidence, line.text, other.text, other.confidence);
            }
            if (!line.text.empty()) out.push_back(std::move(line));
        }
        return out;
    }

    std::vector<ReadLine> by_page(const Image& image) {
        std::vector<ReadLine> out;
        for (const PageLine& read : second_->read_page(image)) {
            TextPlace place;
            place.x = static_cast<float>(read.x + read.width / 2);
            place.y = static_cast<float>(read.y + read.height / 2);
            place.width = static_cast<float>(read.width);
            place.height = static_cast<float>(read.height);
            place.score = static_cast<float>(read.confidence);
            out.push_back({place, read.text, read.confidence});
        }
        return out;
    }

    void add(const ReadLine& line, const Image& image, Regions& regions) const {
        Region place;
        place.control = control_;
        place.kind = kind_;
        place.labels = {label_};
        // As sure as the less sure of where it is and what it says: people see the doubtful first.
        place.confidence =
            std::min(std::clamp(static_cast<double>(line.place.score), 0.0, 1.0), line.confidence);
        if (probability_) place.probability = (*probability_)(line.confidence);
        const bool drawn = kind_ == ControlKind::boxes ? draw_box(line.place, image, place)
                                                       : draw_outline(line.place, image, place);
        if (!drawn) return;
        place.id = "d" + std::to_string(regions.size() + 1);
        place.origin = Origin::model;
        Region text;
        text.control = text_;
        text.kind = ControlKind::text;
        text.text = line.text;
        text.parent = place.id;
        text.confidence = line.confidence;
        text.probability = place.probability;
        text.origin = Origin::model;
        regions.push_back(std::move(place));
        text.id = "d" + std::to_string(regions.size() + 1);
        regions.push_back(std::move(text));
    }

    /// Upright where the turn moves no end of the line by more than a quarter of its height.
    static bool draw_box(const TextPlace& place, const Image& image, Region& box) {
        const double width = static_cast<double>(place.width);
        const double height = static_cast<double>(place.height);
        const double turn = static_cast<double>(place.angle) * std::numbers::pi / 180;
        const double drift = std::max(width, height) * std::abs(std::sin(turn));
        const double x = static_cast<double>(place.x), y = static_cast<double>(place.y);
        if (drift > std::min(width, height) / 4) {
            const auto corners = place.corners();
            box.x = static_cast<double>(corners[0]), box.y = static_cast<double>(corners[1]);
            box.width = width, box.height = height;
            box.rotation = static_cast<double>(place.angle);
            return x >= 0 && y >= 0 && x <= image.width && y <= image.height;
        }
        box.x = std::clamp(x - width / 2, 0.0, double(image.width));
        box.y = std::clamp(y - height / 2, 0.0, double(image.height));
        box.width = std::clamp(x + width / 2, 0.0, double(image.width)) - box.x;
        box.height = std::clamp(y + height / 2, 0.0, double(image.height)) - box.y;
        return box.width > 0 && box.height > 0;
    }

    static bool draw_outline(const TextPlace& place, const Image& image, Region& outline) {
        const auto corners = place.corners();
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const double limit = i % 2 == 0 ? image.width : image.height;
            outline.points.push_back(std::clamp(static_cast<double>(corners[i]), 0.0, limit));
        }
        const Extent around = extent(outline);
        return around.right - around.left > 1 && around.bottom - around.top > 1;
    }

    std::string control_;
    ControlKind kind_;
    std::string label_, text_;
    std::optional<TextReader> reader_;
    std::optional<PageReader> second_;
    std::optional<ScoreMap> probability_;
};

Result<std::unique_ptr<Drafter>> open_reader(const OpenAsk& ask) {
    auto plan = TRY(plan_reader(ask.schema, ask.config));
    std::optional<TextReader> reader;
    std::optional<PageReader> second;
    std::string why = "PP-OCR reads English (eng) and Chinese (chi_sim) only.";
    if (plan.for_pp_ocr()) {
        auto loaded = TextReader::load(ask.models_dir, plan.options);
        if (loaded)
            reader = *std::move(loaded);
        else
            why = loaded.refusal().message;
    }
    if (plan.second != "off" || !reader) {
        auto opened = PageReader::open(plan.languages);
        if (opened)
            second = *std::move(opened);
        else if (!reader)
            return Refusal{opened.refusal().code, why + " " + opened.refusal().message};
        else if (plan.second == "on")
            return std::move(opened).refusal();
    }
    const auto points = ask.config.find("calibration");
    std::optional<ScoreMap> probability;
    if (points != ask.config.end()) probability = TRY(score_map_from(*points));
    return std::unique_ptr<Drafter>(std::make_unique<TextReaderDrafter>(
        std::move(plan), std::move(reader), std::move(second), std::move(probability)));
}

std::u32string letters_of(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size() && out.size() < most_compared;) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t c = 0;
        for (const char byte : text.substr(i, length))
            c = c << 8 | static_cast<unsigned char>(byte);
        if (c != ' ' && c != '\t' && c != '\n') out.push_back(c);
        i += length;
    }
    return out;
}

}  // namespace

double reading_distance(std::string_view a, std::string_view b) {
    const auto from = letters_of(a), to = letters_of(b);
    if (from.empty() && to.empty()) return 0;
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t kept = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, kept});
        }
    }
    return static_cast<double>(row.back()) / static_cast<double>(std::max(from.size(), to.size()));
}

double doubted(double c, std::string_view text, std::string_view other, double sure) {
    constexpr double only_the_sure = 16;  // Of poor print tesseract says 0.8 and more, too.
    return c * (1 - reading_distance(text, other) *
                        std::pow(std::clamp(sure, 0.0, 1.0), only_the_sure));
}

ModelKind text_reader_kind() {
    return {.kind = "text-reader",
            .title = "Text in images (PP-OCRv4, tesseract as second reader)",
            .modality = Modality::image,
            .control = ControlKind::boxes,
            .embedded = true,
            .guess = guess_reader,
            .open = open_reader};
}

}  // namespace countersign
