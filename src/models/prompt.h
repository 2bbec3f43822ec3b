// What a language or vision-language model is told about a project and one item, and what its
// answer means. Pure functions: the same values give the same messages, whoever the model is.
//
// Instructions, the schema in words, the guideline and how to answer are the system's message; then
// reviewed examples, each as a question and its right answer; then the item. An item stands between
// two marks that it does not contain itself, and the model is told that what is between them is
// data, whatever it says. Spans are quoted, never counted; boxes are told in thousandths of the
// picture's sides, or in its pixels.
//
// The answer is one JSON object with a property for each control (answer_schema()). A model's
// labels are taken as they come: grounding (models/grounding.h) judges them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/schema.h"
#include "models/drafter.h"

namespace countersign {

enum class Coordinates { thousandths, pixels };
inline std::span<const EnumName<Coordinates>> enum_names(Coordinates) {
    static constexpr EnumName<Coordinates> rows[] = {{Coordinates::thousandths, "thousandths"},
                                                     {Coordinates::pixels, "pixels"}};
    return rows;
}

/// What a model is told of an item: the item; the item and what another model drafted for it; or
/// that draft alone, of an item that it cannot hear or is not to see.
enum class Told { item, item_and_draft, draft };

/// A control that the model answers, and the name of its property in the answer.
struct AskedControl {
    Control control;
    std::string property;  ///< [A-Za-z0-9_], unique.
};

struct PromptSettings {
    Modality modality = Modality::text;
    std::vector<AskedControl> controls;
    std::string guideline;     ///< The project's, Markdown.
    std::string instructions;  ///< The model's own, behind the guideline.
    Coordinates coordinates = Coordinates::thousandths;
    bool claims = false;  ///< The model says how sure it is.
    Told told = Told::item;
};

/// The controls of `schema` that a prompt can ask for: choices, rating, text and spans of texts;
/// choices, rating, text and boxes of pictures; none of them about each region. Of an item of which
/// only a draft is told: choices, rating and text, the text only where it is named. `only`: names
/// to keep; empty: all. Refuses a name that is no control or cannot be asked for, and none at all.
Result<std::vector<AskedControl>> asked_controls(const Schema& schema,
                                                 const std::vector<std::string>& only,
                                                 Told told = Told::item);

struct PromptMessage {
    enum class Role { system, user, assistant } role = Role::user;
    std::string text;
    bool picture = false;  ///< The item's picture belongs to it, before the text.
};

struct Prompt {
    std::vector<PromptMessage> messages;
    Json answer_schema;
};

/// Of what a picture's boxes are told in: its size as it is sent.
struct PromptItem {
    std::string_view text = {};
    int width = 0, height = 0;
    std::string_view draft =
        {};  ///< Another model's, in words; where PromptSettings::told says so.
};

Prompt make_prompt(const PromptSettings& settings, const std::vector<LabelledItem>& examples,
                   const PromptItem& item);

/// JSON Schema of the answer: every property required and no other allowed, as strict modes want.
Json answer_schema(const PromptSettings& settings);

/// "prompt-1 3f9a0c2b": the wording's number, and a hash of what is asked, except item and
/// examples.
std::string prompt_version(const PromptSettings& settings);

/// A person's answer as the model should have given it; the other way round than read_answer().
Json answer_of(const PromptSettings& settings, const Regions& regions, const PromptItem& item);

/// A model's answer as regions "d1", "d2"... JSON may stand in a code fence or between words.
/// Refuses (invalid), saying what is wrong, an answer that is no such object. Where the model was
/// to say how sure it is, `confidence` holds that and meta {"confidence": "claimed"}.
struct ReadAnswer {
    Regions regions;
    std::vector<std::string> pointers;  ///< For each region, where its label stands in the JSON.
    std::string json;                   ///< The part of the answer that is JSON.
};
Result<ReadAnswer> read_answer(const PromptSettings& settings, const PromptItem& item,
                               std::string_view answer);

/// Tokens that a prompt takes, roughly: a quarter of its bytes, and 1,100 for a picture.
std::int64_t prompt_tokens(const Prompt& prompt);

}  // namespace countersign
