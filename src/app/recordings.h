// Recordings that files of labels name: in the same source, or in a folder beside it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/reader.h"
#include "quality/corpus.h"

namespace countersign {

struct RecordingLook {
    std::uint64_t bytes = 0;                   ///< Hash of the file; 0: it cannot be read.
    double seconds = 0;                        ///< As decoded; 0: it cannot be.
    SoundPrint print;                          ///< Of the first two minutes.
    std::vector<GivenItem::Stretch> silences;  ///< Half a second or longer, no sample above 1/64.
};

class RecordingFiles {
public:
    /// `more` may be null.
    RecordingFiles(std::shared_ptr<const Source> files, std::shared_ptr<const Source> more);
    /// A name may lack its extension.
    Result<std::string> bytes(std::string_view name) const;
    /// What the file says of its length; nothing when there is no such file, or it says nothing.
    std::optional<double> seconds(std::string_view name);
    /// Listens from end to end.
    RecordingLook look_at(std::string_view name) const;

private:
    std::shared_ptr<const Source> files_, more_;
    EntryBook book_;
    std::optional<EntryBook> more_book_;
    std::unordered_map<std::string, std::optional<double>> seconds_;
};

}  // namespace countersign
