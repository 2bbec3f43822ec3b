// One `result` list of Label Studio as regions, and regions as a `result` list.
//
// Where the two differ: an answer about a region has that region's id there and its own here; the
// points of a skeleton are a region each there and tied by `meta.point`; a polygon's further rings
// and pixels that no percent gives exactly stand under `meta` too; what was painted with a brush
// becomes polygons. What cannot be taken is named in `mends`.
#pragma once

#include <span>
#include <string_view>

#include "formats/json_dom.h"
#include "formats/reader.h"

namespace countersign {

constexpr std::string_view brush_type = "brushlabels";
/// Behind the name of a control for polygons: the control that paints for it.
constexpr std::string_view brush_suffix = "-brush";

/// A region's type there, which is also the key of its labels in `value`.
std::string_view label_studio_type(ControlKind kind);

/// What a result list is read against. `row` has the size of the image, `text` is what spans count
/// in.
struct ResultContext {
    const Schema* schema;
    std::string_view source_key;
    const ImportedRow& row;
    std::string_view text;
    Mends& mends;
    bool as_written = false;  ///< ReadContext::as_written
    /// Regions that are there already, which answers in the list may be about.
    std::span<const Region> known = {};
};

Regions label_studio_regions(Dom result, const ResultContext& context);

/// What a result list is written for. `text` is what spans count in.
struct ResultTarget {
    const Schema* schema;
    std::string_view to_name;
    const ExportRecord& record;
    std::string_view text;
};

/// Appends the list; refuses regions on an image of unknown size, and spans outside the text.
Result<> append_label_studio(std::string& out, const Regions& regions, const ResultTarget& target);

}  // namespace countersign
