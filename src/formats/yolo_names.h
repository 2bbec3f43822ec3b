// The class names of a YOLO data set: data.yaml (Ultralytics), classes.txt, obj.names (Darknet).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/source.h"

namespace countersign {

/// Names by class number; empty when the source has no list.
Result<std::vector<std::string>> yolo_names(const Source& source);

/// The `names` of a data.yaml: a block list, a block mapping by number, or a flow list or mapping.
std::vector<std::string> names_of_yaml(std::string_view yaml);

/// Points an object and numbers a point (2 or 3): kpt_shape of a data.yaml that has names, or
/// nothing.
Result<std::optional<std::pair<std::size_t, std::size_t>>> yolo_pose(const Source& source);

/// Files of a YOLO data set that are neither images nor labels.
bool is_yolo_side_file(std::string_view name);

}  // namespace countersign
