// Which items are most like one: the nearest of many embeddings.
//
// An embedding is a list of signed bytes; how alike two are is the cosine of the angle between
// them. One that is all zero says nothing and is like nothing. What comes in is searched one by
// one, exactly, until settle() has moved it into a graph (hnswlib; Malkov and Yashunin 2018), which
// finds the nearest of a million by looking at some thousand; both are searched together, so that
// nobody waits for a graph to be built. Below `exact_below` items there is none. Search from any
// number of threads while one settles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace countersign {

/// As signed bytes, the largest 127; all zero for values that are all zero or not finite.
std::string embedding_of(std::span<const float> values);

/// Of the angle between two embeddings of one length, -1 to 1; 0 when one of them says nothing.
float cosine(std::string_view a, std::string_view b);

struct Neighbour {
    Id item = 0;
    float score = 0;  ///< Cosine.
};

class Neighbours {
public:
    static constexpr std::size_t usual_exact = 20'000;
    explicit Neighbours(std::size_t dims, std::size_t exact_below = usual_exact);
    ~Neighbours();

    std::size_t dims() const;
    std::size_t size() const;
    std::size_t bytes() const;  ///< Of memory, about.

    /// `embeddings` one behind the other, each of dims() bytes. An item that is there already keeps
    /// what it has.
    void add(std::span<const Id> items, std::string_view embeddings);
    /// Moves at most `most` items into the graph; false when nothing is left to move.
    bool settle(std::size_t most);

    /// The `most` nearest, nearest first; of equals the lower id first.
    std::vector<Neighbour> nearest(std::string_view embedding, std::size_t most) const;
    /// The same, exactly, among these items only.
    std::vector<Neighbour> nearest_among(std::string_view embedding, std::span<const Id> items,
                                         std::size_t most) const;
    /// None: the item is not here.
    std::optional<std::string> embedding(Id item) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace countersign
