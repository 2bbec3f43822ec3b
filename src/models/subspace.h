// The directions in which many sparse vectors differ most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "models/text_features.h"

namespace countersign {

/// `wanted` orthonormal directions that span, nearly, the leading right singular vectors of the
/// matrix with these rows (subspace iteration from a random start, Halko et al. 2011, algorithm
/// 4.4): for each of the `numbers` features a row of `wanted`. Of fewer rows than directions the
/// rest of the directions is random. Empty when stopped. O(rows * weights * wanted + numbers *
/// wanted^2).
std::vector<float> leading_directions(std::span<const TextVector> rows, std::size_t numbers,
                                      std::size_t wanted, std::uint64_t seed,
                                      const std::stop_token& stop = {});

}  // namespace countersign
