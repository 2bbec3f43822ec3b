#include "models/text_features.h"

#include <algorithm>
#include <cmath>

#include "models/text_characters.h"

namespace countersign {

namespace {

constexpr std::size_t most_code_points = 20'000;

void add_characters(const std::string& word, std::uint32_t start, std::uint32_t mask,
                    std::vector<std::uint32_t>& out) {
    const std::string padded = " " + word + " ";
    std::vector<std::size_t> at;  // Where each code point starts, and the end.
    for (std::size_t i = 0; i < padded.size(); ++i)
        if ((static_cast<unsigned char>(padded[i]) & 0xC0) != 0x80) at.push_back(i);
    at.push_back(padded.size());
    const std::string_view view = padded;
    for (std::size_t n = 3; n <= 5; ++n)
        for (std::size_t i = 0; i + n < at.size(); ++i)
            out.push_back(hash_end(hash_on(view.substr(at[i], at[i + n] - at[i]), start)) & mask);
}

}  // namespace

std::vector<std::string> text_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto close = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t n = 0; !text.empty() && n < most_code_points; ++n) {
        const auto [raw, bytes] = decode_character(text);
        text.remove_prefix(bytes);
        const char32_t c = lower_character(raw);
        switch (sort_of(c)) {
            case CharacterSort::letter:
                append_character(word, c);
                break;
            case CharacterSort::apostrophe:
                break;
            case CharacterSort::blank:
                close();
                break;
            case CharacterSort::alone:
                close();
                append_character(word, c);
                close();
                break;
        }
    }
    close();
    return words;
}

FeatureCounts count_features(std::string_view text, TextGrams grams, int bits, std::uint32_t seed) {
    const std::uint32_t mask = (1u << bits) - 1;
    const std::uint32_t start = hash_end(2166136261u ^ seed);
    const auto words = text_words(text);
    std::vector<std::uint32_t> hits;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint32_t one = hash_on(words[i], hash_on("w", start));
        hits.push_back(hash_end(one) & mask);
        if (i + 1 < words.size())
            hits.push_back(hash_end(hash_on(words[i + 1], hash_on(" ", one))) & mask);
        if (grams == TextGrams::words_and_characters)
            add_characters(words[i], hash_on("c", start), mask, hits);
    }
    std::sort(hits.begin(), hits.end());
    FeatureCounts counts;
    for (const auto h : hits) {
        if (counts.empty() || counts.back().feature != h) counts.push_back({h, 0});
        ++counts.back().count;
    }
    return counts;
}

TextFeatures::TextFeatures(TextGrams grams, int bits, std::uint32_t seed)
    : grams_(grams), bits_(bits), seed_(seed), df_(std::size_t{1} << bits) {}

void TextFeatures::add_document(const FeatureCounts& counts) {
    ++documents_;
    for (const auto& c : counts) ++df_[c.feature];
}

TextVector TextFeatures::weigh(const FeatureCounts& counts) const {
    TextVector out;
    out.reserve(counts.size());
    double length = 0;
    for (const auto& c : counts) {
        const double idf = std::log((1.0 + documents_) / (1.0 + df_[c.feature])) + 1;
        const double weight = (1 + std::log(static_cast<double>(c.count))) * idf;
        out.push_back({c.feature, static_cast<float>(weight)});
        length += weight * weight;
    }
    const auto scale = static_cast<float>(length > 0 ? 1 / std::sqrt(length) : 0);
    for (auto& w : out) w.weight *= scale;
    return out;
}

}  // namespace countersign
