// Starting points for projects about recordings.
#pragma once

#include "app/projects.h"

namespace countersign {

std::vector<ProjectTemplate> audio_templates();

}  // namespace countersign
