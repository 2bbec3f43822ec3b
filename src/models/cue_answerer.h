// Models that people at the desk can ask too, by pointing at something.
#pragma once

#include "core/cue.h"
#include "models/drafter.h"

namespace countersign {

/// A second face of a drafter.
class CueAnswerer {
public:
    virtual ~CueAnswerer() = default;
    /// What it says of an item about what a person points at, in pixels of the item's image. The
    /// answer may be about the cue's regions and has none of them. Refuses as Drafter::draft().
    virtual Result<DraftAnswer> answer(const DraftAsk& ask, const Cue& cue,
                                       std::stop_token stop) = 0;
};

/// Whether people may ask a model: not, beside its drafting, or only that.
enum class CueUse { no, also, only };
inline std::span<const EnumName<CueUse>> enum_names(CueUse) {
    static constexpr EnumName<CueUse> rows[] = {
        {CueUse::no, "no"}, {CueUse::also, "also"}, {CueUse::only, "only"}};
    return rows;
}
/// By the field "cues" of its config, which kinds with a CueAnswerer have. `kind` may be null: then
/// nobody is there to ask.
CueUse cue_use(const ModelKind* kind, const Json& config);

}  // namespace countersign
