// PocketSphinx 5prealpha (Carnegie Mellon University, BSD-2-Clause) with its English model, in this
// process: of use to the speech worker only. libpocketsphinx is named in pocketsphinx.cpp.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/region.h"

namespace countersign {

class PocketSphinx {
public:
    /// Takes half a second and 160 MB. Refuses (Code::unavailable) when library or model is
    /// missing.
    static Result<std::unique_ptr<PocketSphinx>> open();
    ~PocketSphinx();
    PocketSphinx(const PocketSphinx&) = delete;
    PocketSphinx& operator=(const PocketSphinx&) = delete;

    std::size_t vocabulary() const;  ///< Words of the general language model.
    /// Those without a pronunciation.
    std::vector<std::string> unknown(const std::vector<std::string>& words) const;

    /// From now on the language model is a mixture: 1 - `weight` of the general one, `weight` of a
    /// trigram model of `sentences`. `sounds`: phones of words that the dictionary does not have.
    Result<> adapt(const std::vector<std::string>& sentences,
                   const std::map<std::string, std::string>& sounds, double weight);

    /// Words with seconds from the first sample, and posteriors in [0, 1]. Fillers are left out.
    std::vector<Word> hear(std::span<const std::int16_t> samples);

    /// Of words to align: those that neither the dictionary nor `sounds` has. The others can be
    /// aligned from now on.
    Result<std::vector<std::string>> unsayable(const std::vector<std::string>& words,
                                               const std::map<std::string, std::string>& sounds);

    /// When each of the words is said, if they are what is said: a grammar of one path. Refuses
    /// words it has no pronunciation of, and sound that cannot be these words.
    Result<std::vector<Word>> align(std::span<const std::int16_t> samples,
                                    const std::vector<std::string>& words);

private:
    struct Parts;
    explicit PocketSphinx(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace countersign
