#include "models/embedder.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rng.h"
#include "models/neighbours.h"
#include "models/state_bytes.h"
#include "models/subspace.h"

namespace countersign {

namespace {

constexpr std::string_view embedder_magic = "CSTE\x01\n";
constexpr int embedder_bits = 13;
constexpr std::size_t embedder_features = std::size_t{1} << embedder_bits;
constexpr std::uint64_t embedder_picture_seed = 0x70696374;

/// Large values of a few channels would drown the others.
float evened(float value) {
    return std::copysign(std::sqrt(std::abs(value)), value);
}

/// The signs of random directions; one bit a number.
class Signs {
public:
    Signs(std::uint64_t key, std::size_t row) : key_(key), row_(row) {}
    bool negative(std::size_t column) {
        const std::size_t word = column / 128;
        if (word != word_) {
            word_ = word;
            block_ =
                philox({static_cast<std::uint32_t>(row_), static_cast<std::uint32_t>(word), 0, 0},
                       {static_cast<std::uint32_t>(key_), 0});
        }
        return (block_[column % 128 / 32] >> (column % 32) & 1) != 0;
    }

private:
    std::uint64_t key_;
    std::size_t row_, word_ = SIZE_MAX;
    std::array<std::uint32_t, 4> block_{};
};

}  // namespace

TextEmbedder::TextEmbedder(TextFeatures features) : features_(std::move(features)) {}

Result<TextEmbedder> TextEmbedder::fit(std::span<const std::string> texts, std::uint64_t seed,
                                       const std::stop_token& stop) {
    const Refusal stopped{Code::cancelled, "Fitting was stopped before it ended."};
    TextEmbedder out(TextFeatures(TextGrams::words_and_characters, embedder_bits,
                                  static_cast<std::uint32_t>(seed)));
    std::vector<FeatureCounts> counts;
    for (const auto& text : texts.first(std::min(texts.size(), most_texts))) {
        if (stop.stop_requested()) return stopped;
        counts.push_back(out.features_.count(text));
        out.features_.add_document(counts.back());
    }
    std::vector<TextVector> rows;
    rows.reserve(counts.size());
    for (const auto& one : counts) rows.push_back(out.features_.weigh(one));
    out.directions_ = leading_directions(rows, embedder_features, dims, seed, stop);
    if (out.directions_.empty()) return stopped;
    return out;
}

std::string TextEmbedder::state() const {
    StateWriter out(embedder_magic);
    out.varint(features_.seed());
    out.varint(features_.documents());
    for (std::uint32_t f = 0; f < embedder_features; ++f) {
        out.varint(features_.document_frequency(f));
        out.row(std::span(directions_).subspan(f * dims, dims));
    }
    return std::move(out).sealed();
}

Result<TextEmbedder> TextEmbedder::from(std::string_view state) {
    StateReader in(TRY(opened_state(state, embedder_magic)));
    const auto seed = in.varint(UINT32_MAX);
    const auto documents = in.varint(most_texts);
    TextEmbedder out(TextFeatures(TextGrams::words_and_characters, embedder_bits,
                                  static_cast<std::uint32_t>(seed)));
    out.features_.restore(static_cast<std::uint32_t>(documents));
    out.directions_.resize(embedder_features * dims);
    for (std::uint32_t f = 0; f < embedder_features && in.good; ++f) {
        out.features_.restore(f, static_cast<std::uint32_t>(in.varint(documents)));
        in.row(std::span(out.directions_).subspan(f * dims, dims));
    }
    if (!in.good || in.left() != 0) return damaged_state("its directions do not read back");
    return out;
}

std::string TextEmbedder::operator()(std::string_view text) const {
    std::vector<float> sum(dims);
    for (const auto& w : features_(text)) {
        const float* row = directions_.data() + w.feature * dims;
        for (std::size_t i = 0; i < dims; ++i) sum[i] += w.weight * row[i];
    }
    return embedding_of(sum);
}

Result<ImageEmbedder> ImageEmbedder::open(const std::string& models_dir, std::string_view name) {
    return ImageEmbedder(TRY(open_image_features(models_dir, name)));
}

std::string ImageEmbedder::operator()(const Image& image) const {
    return picture_embedding(features_->whole(image));
}

std::string picture_embedding(std::span<const float> features) {
    std::vector<float> even(features.size());
    std::transform(features.begin(), features.end(), even.begin(), evened);
    if (even.size() <= ImageEmbedder::most_dims) return embedding_of(even);
    std::vector<float> out(ImageEmbedder::most_dims);
    for (std::size_t row = 0; row < out.size(); ++row) {
        Signs signs(embedder_picture_seed, row);
        for (std::size_t i = 0; i < even.size(); ++i)
            out[row] += signs.negative(i) ? -even[i] : even[i];
    }
    return embedding_of(out);
}

}  // namespace countersign
