// What checks look at pictures and recordings for: made once from the bytes by a job
// (look_work.cpp), kept beside them, and read whenever a project is checked.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.h"
#include "core/task.h"
#include "models/unseen_boxes.h"
#include "models/voice_activity.h"
#include "quality/corpus.h"

namespace countersign {

struct MediaLook {
    std::optional<PictureHash> picture;  ///< Nothing: no picture that can be read.
    SoundPrint sound;
    std::vector<GivenItem::Stretch> silences;
    /// Where somebody speaks; nothing: what hears that was not installed.
    std::optional<std::vector<GivenItem::Stretch>> voiced;
};

std::string look_bytes(const MediaLook& look);
/// Nothing for what is damaged, or of another kind or version: it is made again.
std::optional<MediaLook> look_from(std::string_view bytes);

std::optional<MediaLook> kept_look(const World& world, const Media& media);
/// Makes it and keeps it. What cannot be decoded is looked at once, and shows nothing. `voice` may
/// be null. Refuses what is not stored, and when stopped. A picture takes some milliseconds, an
/// hour of sound some seconds, with `voice` a quarter of a minute.
Result<MediaLook> look_at_medium(World& world, const Media& media, const VoiceActivity* voice,
                                 const std::stop_token& stop);

/// What NanoDet sees in a picture (models/unseen_boxes.h), kept in the same way.
std::optional<std::vector<SeenBox>> kept_places(const World& world, std::string_view sha256);
/// Makes it and keeps it; of what is no picture nothing. Refuses what is not stored. About 0.1 s.
Result<> look_for_places(World& world, const Media& media, NanoDet& net);

/// There is more to see in the project than when it was last checked: it is checked anew. Not where
/// nobody ever checked.
void check_anew(World& world, Id project);

}  // namespace countersign
