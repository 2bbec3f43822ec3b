// What makes an item an embedding (models/neighbours.h), so that items which are alike are near.
//
// Texts: hashed tf-idf of words and of the grams of their characters (models/text_features.h) on
// the 128 directions in which the project's own texts differ most (latent semantic analysis:
// Deerwester et al. 1990; found by subspace iteration, Halko et al. 2011). Words that go together
// in the project come to lie together. The directions are fitted once and kept with the version.
//
// Pictures: what a network makes of them (models/image_features.h), evened out and, when that is
// longer than 512 numbers, on 512 random directions, which keep angles (Johnson and Lindenstrauss
// 1984).
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/image_features.h"
#include "models/text_features.h"

namespace countersign {

class TextEmbedder {
public:
    static constexpr std::size_t dims = 128;
    /// More texts than this teach nothing new.
    static constexpr std::size_t most_texts = 20'000;

    /// Refuses when stopped. 20,000 short texts take some seconds; the same texts and seed give the
    /// same embedder.
    static Result<TextEmbedder> fit(std::span<const std::string> texts, std::uint64_t seed,
                                    const std::stop_token& stop = {});
    static Result<TextEmbedder> from(std::string_view state);
    std::string state() const;

    std::string operator()(std::string_view text) const;

private:
    explicit TextEmbedder(TextFeatures features);
    TextFeatures features_;
    std::vector<float> directions_;  ///< A row of `dims` for each feature.
};

class ImageEmbedder {
public:
    static constexpr std::size_t most_dims = 512;
    /// Of features of that name; of an empty name the best whose weights are there.
    static Result<ImageEmbedder> open(const std::string& models_dir, std::string_view name);

    std::string_view name() const { return features_->name(); }
    std::string operator()(const Image& image) const;

private:
    explicit ImageEmbedder(std::unique_ptr<ImageFeatures> features)
        : features_(std::move(features)) {}
    std::unique_ptr<ImageFeatures> features_;
};

/// What ImageEmbedder makes of a picture's features.
std::string picture_embedding(std::span<const float> features);

}  // namespace countersign
