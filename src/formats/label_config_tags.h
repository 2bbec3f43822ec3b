// The tags of a Label Studio configuration, for its reader and its writer.
#pragma once

#include <span>
#include <string_view>

#include "core/schema.h"

namespace countersign {

/// A tag that shows the item.
struct ItemTag {
    std::string_view tag;
    Modality modality;
    std::string_view note = {};  ///< What gets lost when it is read.
};
const ItemTag* find_item_tag(std::string_view tag);
std::string_view item_tag(Modality modality);

/// A tag that asks something.
struct ControlTag {
    std::string_view tag;
    ControlKind kind;
    std::string_view child;                        ///< The tag of its labels.
    std::span<const std::string_view> attributes;  ///< Those that are understood.
};
const ControlTag* find_control_tag(std::string_view tag);
const ControlTag& control_tag(ControlKind kind);

/// Why a tag of Label Studio has no counterpart here; empty: it is not one of Label Studio's.
std::string_view find_foreign_tag(std::string_view tag);

}  // namespace countersign
