// Mel-frequency cepstra (Davis and Mermelstein 1980): what a voice sounds like, in 19 numbers for
// every 10 ms.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "media/sound.h"

namespace countersign {

constexpr std::size_t cepstra_size = 19;  ///< The 2nd to the 20th; the first is only loudness.
constexpr double cepstra_step = 0.01;     ///< Seconds.
using Cepstra = std::array<float, cepstra_size>;

/// One row for every 10 ms that a window of 25 ms still fits behind; 30 mel bands from 100 to 7000
/// Hz, pre-emphasis 0.97, Hamming window. Empty for sound of another rate than 16 kHz. Finite.
std::vector<Cepstra> cepstra_of(const Sound& sound);

}  // namespace countersign
