// The class names of a YOLO data set: data.yaml (Ultralytics), classes.txt, obj.names (Darknet).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/source.h"

namespace countersign {

/// Names by class number; empty when the source has no list.
Result<std::vector<std::string>> yolo_names(const Source& source);

/// The `names` of a data.yaml: a block list, a block mapping by number, or a flow list or mapping.
std::vector<std::string> names_of_yaml(std::string_view yaml);

/// Files of a YOLO data set that are neither images nor labels.
bool is_yolo_side_file(std::string_view name);

}  // namespace countersign
