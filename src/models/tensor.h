// What a network or a server of networks answers with: numbers in rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace countersign {

struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;  ///< The last dimension runs fastest.

    /// As many values as the shape says, and no dimension below 0.
    bool is_whole() const;
};

/// "output0 (1 x 84 x 8400)", for people.
std::string described(const Tensor& tensor);

}  // namespace countersign
