// The kinds of media that tasks are about, a row each: how bytes that come in are checked and kept.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "app/world.h"
#include "core/schema.h"
#include "core/task.h"
#include "formats/source.h"

namespace countersign {

struct KeptMedium {
    Media media;
    std::string note;  ///< What is wrong with it and was put up with; empty: nothing.
};

struct MediaKind {
    Modality modality;
    std::string_view accept;  ///< What a request for one asks for: "image/*".
    std::int64_t largest;     ///< Bytes of one that is fetched from a URL, and so is in memory.
    /// Checks the bytes as every medium of the kind is checked that comes in, and keeps them. The
    /// refusal does not name the medium. What turns out to hold no sound behind a good head has
    /// been stored by then, and no medium refers to it.
    Result<KeptMedium> (*keep)(World& world, const ReadBytes& read, const std::stop_token& stop);
};

/// Of the media of a project; of one of texts the kind of images, for whoever finds some there.
const MediaKind& media_kind(Modality modality);

}  // namespace countersign
