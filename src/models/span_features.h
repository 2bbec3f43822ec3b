// Words of a text as hashed features for the span learner. What it needs to cut and hash a text the
// same way again - the characters that split runs, the phrases that people marked - is one value,
// stored with a version.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/crf.h"
#include "models/span_tokens.h"

namespace countersign {

constexpr int span_feature_bits = 20;

struct SpanFeatures {
    std::u32string splits;  ///< See span_tokens.h.
    /// Hash of a marked phrase's lower-cased words -> in how many texts it was marked, by type.
    /// Only of phrases to `longest_phrase` words.
    struct Phrase {
        int type = 0;
        std::uint32_t texts = 0;
    };
    std::map<std::uint32_t, Phrase> phrases;
    static constexpr std::size_t longest_phrase = 6;

    std::vector<SpanToken> tokens(std::string_view text) const { return span_tokens(text, splits); }
    /// `own`: spans that this very text brought into `phrases`. They do not count for it, or a
    /// learner would trust the list as it can trust it with no other text.
    CrfWords words(const std::vector<SpanToken>& tokens, std::span<const CrfSpan> own = {}) const;
    void add_phrases(const std::vector<SpanToken>& tokens, std::span<const CrfSpan> spans);
};

}  // namespace countersign
