// Answers packed with gzip (RFC 1952) for clients that take it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace countersign {

/// Whether bytes of this media type get smaller; images, archives and audio do not.
bool packs_well(std::string_view media_type);

/// Level 1: on answers of a few kilobytes it costs about as much as sending them does. Nothing when
/// zlib has no memory.
std::optional<std::string> gzip(std::string_view text);

/// The stream, packed piece by piece; each piece can be unpacked as soon as it has arrived. A
/// stream that breaks ends without gzip's last bytes, so that nobody takes it for whole.
Pull gzip(Pull pull);

}  // namespace countersign
