// A JSON object of somebody else as a row: which member is the item, which is its id, which its
// label. JSON Lines and lists of plain objects read the same way.
#pragma once

#include "formats/json_dom.h"
#include "formats/reader.h"

namespace countersign {

/// Labels that a member holds.
struct PlainAnswer {
    std::string_view key;
    const Control* control =
        nullptr;  ///< The control called so, or null: whichever has the labels.
    std::vector<std::string_view> labels;
};

/// What a plain object says.
struct PlainRow {
    std::string_view item;      ///< The text, or the file name of the image.
    std::string_view item_key;  ///< The member it stood in.
    std::vector<PlainAnswer> answers;
    std::string id;
};

/// Finds item, id and labels; refuses when there is no item.
Result<PlainRow> plain_row(Dom object, std::string_view source_key, Modality modality,
                           const ReadContext& context);

/// The object's text less some members, or with one member set to a text; raw otherwise.
std::string object_without(std::string_view raw, const std::vector<std::string_view>& left_out);
std::string object_with(std::string_view raw, std::string_view key, std::string_view text);

/// Choices for `names`, in `control` or else in the controls that have them; what no control has is
/// named in `mends`.
Regions choices_for(const std::vector<std::string_view>& names, const Control* control,
                    LabelFinder& finder, const Schema* schema, Mends& mends);

/// "a, b, c": the controls of a schema, for messages.
std::string control_names(const Schema& schema);

}  // namespace countersign
