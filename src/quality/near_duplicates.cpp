#include "quality/near_duplicates.h"

#include <algorithm>
#include <bit>
#include <unordered_set>

#include "quality/hashing.h"

namespace countersign {

namespace {

constexpr std::size_t shingle_bytes = 4, sketch_bins = 32, sketch_bands = 8,
                      band_rows = sketch_bins / sketch_bands;
constexpr int least_structure = 12;  // Set bits, or clear ones, of a hash that says something.

bool is_space(unsigned char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_word(unsigned char c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Every run of what is not kept by `keep` becomes one space.
template <class Keep>
void squeeze(std::string_view text, std::string& out, Keep keep) {
    out.clear();
    bool gap = false;
    for (const char c : text) {
        if (!keep(static_cast<unsigned char>(c))) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += lower(c);
    }
}

template <class Use>
void each_shingle(const std::string& squeezed, Use use) {
    for (std::size_t i = 0; i + shingle_bytes <= squeezed.size(); ++i) {
        std::uint32_t word;
        std::memcpy(&word, squeezed.data() + i, sizeof word);
        use(hash_mix(word));
    }
}

std::vector<std::uint64_t> shingles_of(std::string_view text) {
    std::string squeezed;
    squeeze(text, squeezed, is_word);
    std::vector<std::uint64_t> out;
    each_shingle(squeezed, [&](std::uint64_t h) { out.push_back(h); });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

double jaccard(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    std::size_t shared = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (*i == *j)
            ++shared, ++i, ++j;
        else
            *i < *j ? ++i : ++j;
    }
    const auto all = a.size() + b.size() - shared;
    return all ? static_cast<double>(shared) / static_cast<double>(all) : 0;
}

using Sketch = std::array<std::uint32_t, sketch_bins>;

bool sketch_of(std::string_view text, std::string& squeezed, Sketch& sketch) {
    constexpr std::uint32_t empty = 0xffffffffu;
    squeeze(text, squeezed, is_word);
    if (squeezed.size() < shingle_bytes + least_shingles - 1) return false;
    sketch.fill(empty);
    each_shingle(squeezed, [&](std::uint64_t h) {
        auto& bin = sketch[h >> 59];
        bin = std::min(bin, static_cast<std::uint32_t>(h));
    });
    const auto full = sketch;
    for (std::size_t b = 0; b < sketch_bins; ++b)
        for (std::uint64_t t = 1; sketch[b] == empty; ++t)
            sketch[b] = full[hash_pair(b, t) % sketch_bins];
    return true;
}

std::size_t shared_bins(const Sketch& a, const Sketch& b) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < sketch_bins; ++i) n += a[i] == b[i];
    return n;
}

struct InBand {
    std::uint64_t key = 0;
    std::uint32_t item = 0;
    bool operator<(const InBand& other) const {
        return key != other.key ? key < other.key : item < other.item;
    }
};

std::uint64_t pair_key(std::uint32_t a, std::uint32_t b) {
    return (std::uint64_t{a} << 32) | b;
}

/// Calls `use(a, b)`, a < b, for each two that share a key: neighbours, and each with the first.
template <class Use>
void each_meeting(std::vector<InBand>& band, Use use) {
    std::sort(band.begin(), band.end());
    for (std::size_t first = 0; first < band.size();) {
        std::size_t i = first + 1;
        for (; i < band.size() && band[i].key == band[first].key; ++i) {
            use(band[i - 1].item, band[i].item);
            if (i - 1 != first) use(band[first].item, band[i].item);
        }
        first = i;
    }
}

std::vector<NearPair> in_order(std::vector<NearPair> pairs) {
    std::sort(pairs.begin(), pairs.end(), [](const NearPair& p, const NearPair& q) {
        return pair_key(p.a, p.b) < pair_key(q.a, q.b);
    });
    return pairs;
}

bool has_structure(const PictureHash& hash) {
    const int n = std::popcount(hash.across) + std::popcount(hash.down);
    return n >= least_structure && n <= 128 - least_structure;
}

/// Bits [from, to) of the 128.
std::uint64_t piece(const PictureHash& hash, int from, int to) {
    std::uint64_t out = 0;
    for (int bit = from; bit < to; ++bit)
        out = (out << 1) | (((bit < 64 ? hash.across : hash.down) >> (bit & 63)) & 1);
    return out;
}

}  // namespace

std::string normal_text(std::string_view text) {
    std::string out;
    squeeze(text, out, [](unsigned char c) { return !is_space(c); });
    return out;
}

double text_similarity(std::string_view a, std::string_view b) {
    const auto p = shingles_of(a), q = shingles_of(b);
    if (p.size() < least_shingles || q.size() < least_shingles) return 0;
    return jaccard(p, q);
}

std::vector<NearPair> near_texts(std::span<const std::string_view> texts, double least) {
    std::vector<Sketch> sketches;
    std::vector<std::uint32_t> items;
    std::string squeezed;
    Sketch sketch;
    for (std::uint32_t i = 0; i < texts.size(); ++i)
        if (sketch_of(texts[i], squeezed, sketch)) sketches.push_back(sketch), items.push_back(i);
    // A sketch of 32 estimates a share to about .08: what is three times that below is not looked
    // at.
    const auto least_alike = static_cast<std::size_t>(std::max(0.0, least - 0.25) * sketch_bins);
    std::unordered_set<std::uint64_t> met;
    std::vector<NearPair> out;
    std::vector<InBand> band(items.size());
    for (std::size_t b = 0; b < sketch_bands; ++b) {
        for (std::uint32_t s = 0; s < sketches.size(); ++s) {
            std::uint64_t key = b;
            for (std::size_t r = 0; r < band_rows; ++r)
                key = hash_pair(key, sketches[s][b * band_rows + r]);
            band[s] = {key, s};
        }
        each_meeting(band, [&](std::uint32_t s, std::uint32_t t) {
            if (shared_bins(sketches[s], sketches[t]) < least_alike) return;
            if (!met.insert(pair_key(s, t)).second) return;
            const double similarity = text_similarity(texts[items[s]], texts[items[t]]);
            if (similarity >= least) out.push_back({items[s], items[t], similarity});
        });
    }
    return in_order(std::move(out));
}

PictureHash picture_hash(const std::array<std::uint8_t, 81>& grey) {
    PictureHash hash;
    for (std::size_t y = 0; y < 8; ++y)
        for (std::size_t x = 0; x < 8; ++x) {
            const auto at = 9 * y + x;
            hash.across = (hash.across << 1) | (grey[at] < grey[at + 1] ? 1U : 0U);
            hash.down = (hash.down << 1) | (grey[at] < grey[at + 9] ? 1U : 0U);
        }
    return hash;
}

int picture_distance(const PictureHash& a, const PictureHash& b) {
    return std::popcount(a.across ^ b.across) + std::popcount(a.down ^ b.down);
}

std::vector<NearPair> near_pictures(std::span<const PictureHash> pictures, int most_bits) {
    std::vector<std::uint32_t> items;
    for (std::uint32_t i = 0; i < pictures.size(); ++i)
        if (has_structure(pictures[i])) items.push_back(i);
    std::unordered_set<std::uint64_t> met;
    std::vector<NearPair> out;
    std::vector<InBand> band(items.size());
    const int pieces = most_bits + 1;
    for (int p = 0; p < pieces; ++p) {
        for (std::size_t s = 0; s < items.size(); ++s)
            band[s] = {piece(pictures[items[s]], 128 * p / pieces, 128 * (p + 1) / pieces),
                       items[s]};
        std::sort(band.begin(), band.end());
        for (std::size_t first = 0; first < band.size();) {
            std::size_t end = first + 1;
            while (end < band.size() && band[end].key == band[first].key) ++end;
            constexpr std::size_t most_compared =
                200;  // Behind each; more are alike by the piece only.
            for (auto i = first; i < end; ++i)
                for (auto j = i + 1; j < std::min(end, i + most_compared); ++j) {
                    const auto bits =
                        picture_distance(pictures[band[i].item], pictures[band[j].item]);
                    if (bits > most_bits ||
                        !met.insert(pair_key(band[i].item, band[j].item)).second)
                        continue;
                    out.push_back({band[i].item, band[j].item, 1 - bits / 128.0});
                }
            first = end;
        }
    }
    return in_order(std::move(out));
}

}  // namespace countersign
