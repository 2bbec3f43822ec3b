// Label Studio's words for models that are asked in them: formats' reader and writer, handed to the
// models, which may not ask there themselves.
#pragma once

#include "models/label_studio_words.h"

namespace countersign {

const LabelStudioWords& label_studio_words();

}  // namespace countersign
