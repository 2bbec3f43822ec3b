// Recordings that files of labels name: in the same source, or in a folder beside it.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/reader.h"
#include "media/sound.h"
#include "models/voice_activity.h"
#include "quality/corpus.h"

namespace countersign {

struct RecordingLook {
    std::uint64_t bytes = 0;                   ///< Hash of the file; 0: it cannot be read.
    double seconds = 0;                        ///< As decoded; 0: it cannot be.
    SoundPrint print;                          ///< Of the first two minutes.
    std::vector<GivenItem::Stretch> silences;  ///< Half a second or longer, no sample above 1/64.
    /// Where somebody speaks; nothing: nobody could say.
    std::optional<std::vector<GivenItem::Stretch>> voiced;
};

/// What a file sounds like, of its bytes: it is listened to from end to end, or until stopped.
/// `voice` may be null. An hour takes some seconds, with `voice` a quarter of a minute.
RecordingLook recording_look(std::string_view bytes, const VoiceActivity* voice,
                             const std::stop_token& stop = {});

class RecordingFiles {
public:
    /// `more` may be null. `models_dir`: where the weights of what hears speech are, or are not.
    RecordingFiles(std::shared_ptr<const Source> files, std::shared_ptr<const Source> more,
                   const std::string& models_dir = "");
    /// A name may lack its extension.
    Result<std::string> bytes(std::string_view name) const;
    /// What the file says of its length; nothing when there is no such file, or it says nothing.
    std::optional<double> seconds(std::string_view name);
    /// Listens from end to end.
    RecordingLook look_at(std::string_view name) const;
    /// As models hear it.
    Result<Sound> sound(std::string_view name) const;

private:
    std::shared_ptr<const Source> files_, more_;
    EntryBook book_;
    std::optional<EntryBook> more_book_;
    std::optional<VoiceActivity> voice_;
    std::unordered_map<std::string, std::optional<double>> seconds_;
};

}  // namespace countersign
