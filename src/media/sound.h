// Sound as models hear it.
#pragma once

#include <cstdint>
#include <vector>

namespace countersign {

/// One channel of 16-bit samples.
struct Sound {
    int rate = 16'000;  ///< Samples a second.
    std::vector<std::int16_t> samples;

    double seconds() const { return static_cast<double>(samples.size()) / rate; }
};

}  // namespace countersign
