// The files of an upload as one source.
#pragma once

#include <memory>
#include <string>

#include "formats/source.h"

namespace countersign {

/// Archives among them are unpacked in place.
Result<std::unique_ptr<Source>> open_upload(const std::string& folder);

}  // namespace countersign
