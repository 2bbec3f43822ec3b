// A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): for a sequence of
// words, the probability of every way to tag them. Weights: a row for each hashed feature of a
// word, and one for each pair of neighbouring tags. Learned word sequence by word sequence with
// AdaGrad (Duchi, Hazan and Singer 2011), from zero, in seconds; deterministic for a seed.
//
// Tags say where spans of `types` kinds begin and go on (BIO): 0 is outside, 1 + 2t begins a span
// of type t, 2 + 2t goes on with it. Going on with what did not begin is impossible, not
// improbable.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <tuple>
#include <vector>

#include "models/linear_model.h"

namespace countersign {

/// Features of each word, one list after the other.
struct CrfWords {
    std::vector<std::uint32_t> features;
    std::vector<std::uint32_t> ends;  ///< Of each word's features.
    std::size_t size() const { return ends.size(); }
    std::span<const std::uint32_t> at(std::size_t i) const {
        const std::size_t from = i == 0 ? 0 : ends[i - 1];
        return std::span(features).subspan(from, ends[i] - from);
    }
};

/// Words [first, last) that are one span.
struct CrfSpan {
    std::size_t first = 0, last = 0;
    int type = 0;
    bool operator==(const CrfSpan&) const = default;
    bool operator<(const CrfSpan& o) const {
        return std::tie(first, last, type) < std::tie(o.first, o.last, o.type);
    }
};

class Crf {
public:
    Crf() = default;
    Crf(int types, int bits);

    int types() const { return (tags() - 1) / 2; }
    int tags() const { return words.classes(); }
    bool allowed(int from, int to) const;  ///< `from` = tags(): the start.

    LinearModel words;               ///< A row a feature; its bias is not used.
    std::vector<float> transitions;  ///< (tags + 1) x tags, the last row from the start.
};

/// What a field thinks of one sequence.
class CrfReading {
public:
    CrfReading(const Crf& crf, const CrfWords& words);

    std::size_t size() const { return size_; }
    /// That these are all the spans there are; by place, not overlapping.
    double whole(const std::vector<CrfSpan>& spans) const;
    /// That this is a span exactly: begins, goes on and ends there.
    double probability(const CrfSpan& span) const;
    double marginal(std::size_t word, int tag) const {
        return alpha_[at(word, tag)] * beta_[at(word, tag)];
    }
    /// That neighbours `word` - 1 and `word` have these tags.
    double edge(std::size_t word, int from, int to) const;
    struct Likely {
        CrfSpan span;
        double probability = 0;
    };
    /// Spans of at least this probability, most probable first, without those that overlap a more
    /// probable one. (Above 1/2 none do.)
    std::vector<Likely> likely(double least) const;

private:
    std::size_t at(std::size_t word, int tag) const {
        return word * static_cast<std::size_t>(tags_) + static_cast<std::size_t>(tag);
    }

    const Crf* crf_;
    int tags_;
    std::size_t size_;
    std::vector<double> step_;  ///< exp of the transitions; 0 where not allowed.
    std::vector<float> score_;  ///< Of words by tag, logarithms.
    std::vector<double> weight_, alpha_, beta_, scale_;
    double log_total_ = 0;
};

struct CrfExample {
    CrfWords words;
    std::vector<CrfSpan> spans;  ///< By place, not overlapping.
    double weight = 1;
};

/// AdaGrad with rate 0.1 and a weight decay of 1e-5; 20 passes over few examples, 10 from 300 on. A
/// stopped token ends it after the current example; the field is then of no use.
Crf train_crf(std::span<const CrfExample* const> examples, int types, int bits, std::uint64_t seed,
              const std::stop_token& stop);

}  // namespace countersign
