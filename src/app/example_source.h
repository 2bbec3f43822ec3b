// Reviewed items that models are shown before they are asked about one.
#pragma once

#include "app/world.h"
#include "core/project.h"
#include "models/drafter.h"

namespace countersign {

/// Of a project of texts: the newest 2,000 labels that people gave without seeing a draft, or by
/// changing it; with `accepted_too` also those that were merely accepted, which descend from a
/// model (TRUST.md section 10). Gold is never shown. Read when it is first needed, and anew after a
/// minute. `world` must outlive it; it may be called by several threads.
ExampleSource examples_of(World& world, const Project& project, bool accepted_too);

}  // namespace countersign
