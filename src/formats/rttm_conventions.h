// Whether the RTTM files of one import follow one guideline. What a turn is differs between
// guidelines, and scores of mixed ones mean nothing: some bridge pauses below a length, some cut at
// each; some have turns that overlap, some give each moment to one speaker; names are of the corpus
// or of the recording only.
//
// Measured, over the turns of a file (single-recording files: over those of their folder whose
// names are alike): the share of pauses of one speaker that are shorter than a quarter of a second,
// the share of spoken time in which several speak, the median length of a turn, and the form of the
// names.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/sound_kit.h"

namespace countersign {

class RttmConventions {
public:
    /// Turns of one recording of a file that speaks of `recordings` ones.
    void see(std::string_view file, std::string_view recording,
             const std::vector<SpokenTurn>& turns, std::size_t recordings);
    void compare();  ///< Behind the last see().
    /// How the turns of that file differ from others of the import, with the numbers; empty: they
    /// do not.
    std::string note(std::string_view file, std::string_view recording) const;

private:
    struct Measures {
        std::string name;   ///< Of the file or folder.
        std::string names;  ///< Commonest form of the speakers' names: "a9" for "MEE071".
        std::map<std::string, std::int64_t> forms;  ///< How many turns have names of each.
        std::vector<float> lengths;                 ///< Of the turns, seconds.
        std::size_t pauses = 0, short_pauses = 0;
        double spoken = 0, overlapped = 0;  ///< Seconds.
        std::string note;
    };
    static std::string difference(const Measures& a, const Measures& b);
    std::map<std::string, Measures, std::less<>> groups_;
    std::map<std::string, std::string, std::less<>> group_of_;  ///< By file.
};

}  // namespace countersign
