#include "models/label_studio_answer.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace countersign {

namespace {

/// A number that stands as one or as a text; whole numbers without a fraction.
std::optional<Json> number_of(const Json& value) {
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    } else {
        return std::nullopt;
    }
    if (!std::isfinite(number)) return std::nullopt;
    constexpr double exact = 9e15;
    if (number == std::floor(number) && std::abs(number) < exact)
        return Json(static_cast<std::int64_t>(number));
    return Json(number);
}

/// One result as the format's reader wants it.
void tidy(Json& item) {
    if (!item.is_object()) return;
    if (const auto id = item.find("id"); id != item.end() && !id->is_string()) item.erase("id");
    const auto value = item.find("value");
    if (value == item.end() || !value->is_object()) return;
    if (!item.contains("score") && value->contains("score")) item["score"] = (*value)["score"];
    const auto type = item.find("type");
    const std::string kind =
        type != item.end() && type->is_string() ? type->get<std::string>() : "";
    auto& inside = item["value"];
    for (const char* name : {"start", "end", "x", "y", "width", "height", "rotation", "rating"})
        if (const auto found = inside.find(name); found != inside.end())
            if (auto number = number_of(*found)) *found = *std::move(number);
    if (const auto labels = inside.find(kind);
        labels != inside.end() && labels->is_string() && kind != "textarea")
        *labels = Json::array({*labels});
    // Backends that answer under "labels" whatever the control is called.
    if (!kind.empty() && !inside.contains(kind) && inside.contains("labels") && kind != "relation")
        inside[kind] =
            inside["labels"].is_string() ? Json::array({inside["labels"]}) : inside["labels"];
}

Json result_of(const Json& prediction) {
    if (prediction.is_array()) return prediction;
    if (!prediction.is_object()) return Json();
    const auto result = prediction.find("result");
    if (result == prediction.end() || result->is_null()) return Json::array();
    return *result;
}

}  // namespace

Result<TakenAnswer> label_studio_answer(const Json& prediction, const Schema& schema,
                                        const ItemFacts& item, const LabelStudioWords& words,
                                        const Regions& known) {
    Json result = result_of(prediction);
    if (!result.is_array())
        return Refusal{Code::invalid, "A prediction must be a list of results under \"result\"."};
    for (auto& one : result) tidy(one);
    std::vector<std::string> remarks;
    auto regions = TRY(words.regions(to_text(result), schema, item, known, remarks));
    const Json score = prediction.is_object() ? prediction.value("score", Json()) : Json();
    const std::size_t given = regions.size();
    auto taken =
        take_regions(schema, item, std::move(regions), score.is_number() ? score : Json(), known);
    if (given == 0 && !result.empty())
        taken.left_out.insert(taken.left_out.end(), remarks.begin(), remarks.end());
    return taken;
}

}  // namespace countersign
