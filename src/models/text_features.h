// A text as a sparse vector: hashed word and character n-grams, weighted by tf-idf.
//
// Words: the text is lower-cased (Latin, Greek, Cyrillic, Armenian letters; others as they are) and
// cut into runs of letters and digits; an apostrophe inside a word is dropped; a Han, Kana, Hangul
// or Thai character is a word of its own; every other visible sign (!, ?, currency, emoji) is a
// word of its own too. "words" takes single words and pairs of neighbours; "words_and_characters"
// adds the 3- to 5-grams of code points of every word with a blank at both ends (grams never cross
// words). Each n-gram is hashed with a seed into [0, 2^bits). Only the first 20,000 code points
// count.
//
// Weights: (1 + ln tf) * (ln((1 + documents) / (1 + df)) + 1), scaled to length 1 (Salton and
// Buckley 1988; hashing: Weinberger et al. 2009). Grams, seed, bits and df are stored with a model
// version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

enum class TextGrams : std::uint8_t { words, words_and_characters };

/// Words of `text` as described above. Bytes that are not UTF-8 separate words.
std::vector<std::string> text_words(std::string_view text);

struct FeatureCount {
    std::uint32_t feature = 0, count = 0;
};
/// The n-grams of a text and how often each occurs, in rising order of feature. O(n log n).
using FeatureCounts = std::vector<FeatureCount>;
FeatureCounts count_features(std::string_view text, TextGrams grams, int bits, std::uint32_t seed);

struct WeightedFeature {
    std::uint32_t feature = 0;
    float weight = 0;
};
/// Rising order of feature, Euclidean length 1; empty for a text without words.
using TextVector = std::vector<WeightedFeature>;

class TextFeatures {
public:
    /// bits in [8, 22].
    explicit TextFeatures(TextGrams grams, int bits = 18, std::uint32_t seed = 0);

    TextGrams grams() const { return grams_; }
    int bits() const { return bits_; }
    std::uint32_t seed() const { return seed_; }
    std::uint32_t documents() const { return documents_; }
    std::uint32_t document_frequency(std::uint32_t feature) const { return df_[feature]; }

    FeatureCounts count(std::string_view text) const {
        return count_features(text, grams_, bits_, seed_);
    }
    void add_document(const FeatureCounts& counts);  ///< Into df and documents.
    void restore(std::uint32_t documents) { documents_ = documents; }
    void restore(std::uint32_t feature, std::uint32_t df) { df_[feature] = df; }

    TextVector weigh(const FeatureCounts& counts) const;
    TextVector operator()(std::string_view text) const { return weigh(count(text)); }

private:
    TextGrams grams_;
    int bits_;
    std::uint32_t seed_, documents_ = 0;
    std::vector<std::uint32_t> df_;
};

}  // namespace countersign
