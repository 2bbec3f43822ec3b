#include "models/span_features.h"

#include <algorithm>
#include <set>

#include "models/text_characters.h"

namespace countersign {

namespace {

constexpr std::uint32_t span_feature_mask = (1u << span_feature_bits) - 1;

/// A word as its features see it.
struct Look {
    std::string_view as_is;
    std::string lower;                ///< Digits are 0.
    std::string shape;                ///< "Xxxx", "ddd", "x.x": a letter for each character.
    std::string short_shape;          ///< The same without repetitions.
    std::vector<std::size_t> starts;  ///< Of the characters of `lower`, and its end.
};

Look look_at(std::string_view word) {
    Look out;
    out.as_is = word;
    while (!word.empty()) {
        const auto [code, bytes] = decode_character(word);
        word.remove_prefix(bytes);
        const char32_t low = lower_character(code);
        const bool digit = code >= '0' && code <= '9';
        const bool letter = sort_of(low) == CharacterSort::letter;
        const char sign = digit         ? 'd'
                          : low != code ? 'X'
                          : !letter     ? (code < 0x80 ? static_cast<char>(code) : '*')
                          : code < 0x80 ? 'x'
                                        : 'u';
        out.starts.push_back(out.lower.size());
        append_character(out.lower, digit ? U'0' : low);
        out.shape += sign;
        if (out.short_shape.empty() || out.short_shape.back() != sign) out.short_shape += sign;
    }
    out.starts.push_back(out.lower.size());
    return out;
}

/// Appends the features of one word after the other.
class Hasher {
public:
    explicit Hasher(CrfWords& out) : out_(out) {}

    /// A feature is a kind, a distance and up to three parts.
    void add(char kind, int distance, std::string_view a, std::string_view b = {},
             std::string_view c = {}) {
        const char head[] = {kind, static_cast<char>('5' + distance)};
        auto h = hash_on(a, hash_on({head, 2}, 2166136261u));
        h = hash_on(c, hash_on("|", hash_on(b, hash_on("|", h))));
        out_.features.push_back(hash_end(h) & span_feature_mask);
    }
    void end_word() { out_.ends.push_back(static_cast<std::uint32_t>(out_.features.size())); }

private:
    CrfWords& out_;
};

void add_characters_of(const Look& word, Hasher& hasher) {
    const std::string_view text = word.lower;
    const std::size_t n = word.starts.size() - 1;
    const auto piece = [&](std::size_t first, std::size_t last) {
        return text.substr(word.starts[first], word.starts[last] - word.starts[first]);
    };
    constexpr std::size_t longest_affix = 4, gram = 3, most_grams = 40;
    for (std::size_t k = 1; k <= std::min(n, longest_affix); ++k) {
        hasher.add('p', 0, piece(0, k));
        hasher.add('f', 0, piece(n - k, n));
    }
    for (std::size_t k = 0; k + gram <= std::min(n, most_grams); ++k)
        hasher.add('g', 0, piece(k, k + gram));
}

std::uint32_t phrase_hash(const std::vector<Look>& looks, std::size_t first, std::size_t last) {
    std::uint32_t h = 2166136261u;
    for (std::size_t i = first; i < last; ++i) h = hash_on(" ", hash_on(looks[i].lower, h));
    return hash_end(h);
}

std::vector<Look> look_at_all(const std::vector<SpanToken>& tokens) {
    std::vector<Look> looks;
    looks.reserve(tokens.size());
    for (const auto& token : tokens) looks.push_back(look_at(token.text));
    return looks;
}

/// For each word the tag (see crf.h) that the longest known phrase over it would give; 0: none.
std::vector<int> phrase_tags(const SpanFeatures& features, const std::vector<Look>& looks,
                             std::span<const CrfSpan> own) {
    std::vector<int> tags(looks.size());
    if (features.phrases.empty()) return tags;
    std::set<std::uint32_t> brought;
    for (const auto& span : own) brought.insert(phrase_hash(looks, span.first, span.last));
    for (std::size_t i = 0; i < looks.size();) {
        std::size_t next = i + 1;
        std::uint32_t h = 2166136261u;
        for (std::size_t last = i + 1;
             last <= std::min(looks.size(), i + SpanFeatures::longest_phrase); ++last) {
            h = hash_on(" ", hash_on(looks[last - 1].lower, h));
            const auto found = features.phrases.find(hash_end(h));
            if (found == features.phrases.end()) continue;
            if (found->second.texts <= (brought.contains(found->first) ? 1u : 0u)) continue;
            for (std::size_t k = i; k < last; ++k) tags[k] = 2 + 2 * found->second.type;
            tags[i] = 1 + 2 * found->second.type;
            next = last;
        }
        i = next;
    }
    return tags;
}

}  // namespace

CrfWords SpanFeatures::words(const std::vector<SpanToken>& tokens,
                             std::span<const CrfSpan> own) const {
    CrfWords out;
    Hasher hasher(out);
    const auto looks = look_at_all(tokens);
    const auto known = phrase_tags(*this, looks, own);
    const auto size = static_cast<std::ptrdiff_t>(looks.size());
    /// A member of the word at `i`; beyond the ends a sign that no word is.
    const auto of = [&](std::ptrdiff_t i, std::string Look::*member) -> std::string_view {
        if (i < 0) return "<s>";
        if (i >= size) return "</s>";
        return looks[static_cast<std::size_t>(i)].*member;
    };
    const auto lower = [&](std::ptrdiff_t i) { return of(i, &Look::lower); };
    const auto shape = [&](std::ptrdiff_t i) { return of(i, &Look::short_shape); };
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        const auto& word = looks[static_cast<std::size_t>(i)];
        hasher.add('b', 0, {});
        for (int d = -2; d <= 2; ++d) hasher.add('w', d, lower(i + d));
        for (int d = -1; d <= 1; ++d) hasher.add('s', d, shape(i + d));
        hasher.add('z', 0, word.shape);
        hasher.add('W', 0, word.as_is);
        hasher.add('v', -1, lower(i - 1), lower(i));
        hasher.add('v', 1, lower(i), lower(i + 1));
        hasher.add('t', 0, shape(i - 1), shape(i), shape(i + 1));
        add_characters_of(word, hasher);
        if (i == 0) hasher.add('1', 0, shape(i));
        const int tag = known[static_cast<std::size_t>(i)];
        if (tag != 0) hasher.add('k', 0, std::to_string(tag));
        hasher.end_word();
    }
    return out;
}

void SpanFeatures::add_phrases(const std::vector<SpanToken>& tokens,
                               std::span<const CrfSpan> spans) {
    const auto looks = look_at_all(tokens);
    std::set<std::uint32_t> seen;
    for (const auto& span : spans) {
        if (span.last - span.first > longest_phrase) continue;
        const auto h = phrase_hash(looks, span.first, span.last);
        if (!seen.insert(h).second) continue;
        auto& phrase = phrases[h];
        if (phrase.texts == 0) phrase.type = span.type;
        ++phrase.texts;
    }
}

}  // namespace countersign
