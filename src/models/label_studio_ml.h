// Drafts by a machine learning backend made for Label Studio (label-studio-ml-backend: GLiNER,
// YOLO, SAM, NeMo, LLM examples and everybody's own), through a line (connector.h).
//
// POST /setup once with the project's configuration, then POST /predict, a task at a time. Items
// that came by a URL are sent as that URL; others as data URLs, which need nothing from the backend
// but to open them. HTTP Basic by "user" and the secret "password".
//
// With "cues" it answers people too: what they point at goes along as the context of /predict, and
// the configuration has the controls that interactive backends look for.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "label-studio-ml" of model_kinds().
ModelKind label_studio_ml_kind();

}  // namespace countersign
