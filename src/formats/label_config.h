// Label Studio's XML labelling configuration <-> our schema.
//
// What a project means by its configuration is kept: what is labelled, with which labels, keys,
// colours, aliases and hints, what is required and what is asked about each region. How a page
// looks is passed over. Everything else is named, tag and attribute, so that a person can decide.
// A skeleton's points and a rating's own names, for which Label Studio has no attribute, stand in
// attributes that it ignores (`points`, `lines`, `labels`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/schema.h"

namespace countersign {

struct ConfigImport {
    Schema schema;
    std::vector<std::string> not_understood;  ///< "<Brush name=\"b\">: ..." , in document order.
};

/// Refuses what is not XML, what is larger than 1 MiB or nested deeper than 60, and a
/// configuration that leaves no schema to work with.
Result<ConfigImport> schema_from_label_config(std::string_view xml);

/// A configuration that Label Studio takes and that reads back as the same schema, but for what XML
/// has no room for: aliases with commas, and keys and colours of a rating's steps.
std::string label_config_of(const Schema& schema);

/// The same with what interactive backends look for: controls to point with (`cue-box`,
/// `cue-point`, smart) and, for each control of polygons, one that paints (brush_suffix).
std::string label_config_with_cues(const Schema& schema);

}  // namespace countersign
