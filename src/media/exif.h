// The one thing we read from EXIF: how a camera was held. EXIF 2.32 section 4.6.4, in the TIFF 6.0
// container; every offset in it is hostile.
#pragma once

#include <string_view>

namespace countersign {

/// Orientation 1-8 from the bytes of a TIFF block ("II*\0..." or "MM\0*..."); 1 when it has none or
/// makes no sense.
int exif_orientation(std::string_view bytes);

}  // namespace countersign
