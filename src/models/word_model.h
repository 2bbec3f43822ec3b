// What people say in a project: a trigram model of its reviewed transcripts, with interpolated
// Witten-Bell smoothing (Witten and Bell 1991; Chen and Goodman 1998, section 2.6), written in the
// ARPA format that recognisers read.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign {

/// A text as a recogniser says it: words of a-z and ' in lower case; numbers under 100 in words,
/// longer ones digit by digit; punctuation ends nothing and is dropped, as are words of other
/// letters.
std::vector<std::string> spoken_words(std::string_view text);

class TrigramModel {
public:
    void add(std::span<const std::string> sentence);
    const std::map<std::string, double>& words() const { return words_; }  ///< How often each.

    /// log10 of P(word | the two before); "<s>" and "</s>" bound a sentence. `vocabulary` as below.
    double log_probability(const std::string& before_last, const std::string& last,
                           const std::string& word, std::size_t vocabulary) const;

    /// The model over its own words and those of `vocabulary`, each of which gets a share of what
    /// has not been seen.
    std::string arpa(const std::set<std::string>& vocabulary) const;

private:
    struct Followers {
        std::map<std::string, double> counts;
        double total = 0;
        /// The share that is left to shorter histories.
        double unseen() const {
            const auto kinds = static_cast<double>(counts.size());
            return kinds / (total + kinds);
        }
    };
    using Pair = std::pair<std::string, std::string>;
    double single(const std::string& word, std::size_t vocabulary) const;
    double after_one(const std::string& last, const std::string& word,
                     std::size_t vocabulary) const;
    double after_two(const Pair& history, const std::string& word, std::size_t vocabulary) const;

    std::map<std::string, double> words_;  ///< With "</s>".
    double total_ = 0;
    std::map<std::string, Followers> pairs_;
    std::map<Pair, Followers> triples_;
};

/// The least number of words to insert, delete and change (Levenshtein), and which of `heard` are
/// right.
struct WordErrors {
    std::size_t errors = 0, said = 0;
    std::vector<std::uint8_t> right;  ///< Of each of `heard`.
};
WordErrors word_errors(std::span<const std::string> said, std::span<const std::string> heard);

/// How a word sounds, in the phones of the CMU dictionary ("D AA D IY"): by flite's letter-to-sound
/// rules where flite is installed, else by a table of letters. `word` of a-z and '; empty when
/// nothing can be said of it.
std::string pronunciation(const std::string& word);
/// The table of letters alone.
std::string pronunciation_by_letters(std::string_view word);

}  // namespace countersign
