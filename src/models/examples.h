// Which reviewed texts to show a model before it is asked about one: those that are like it, of as
// many different labels as there is room for, and never the text itself or one that is nearly the
// same.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/lessons.h"

namespace countersign {

class ExamplePool {
public:
    void add(std::int64_t task, LabelledItem item);
    std::size_t size() const { return entries_.size(); }

    /// At most `most`, the one most like `text` last. Likeness is the cosine of tf-idf vectors of
    /// words (Salton and Buckley 1988); labels take turns. Left out: `task`, texts that are equal
    /// but for case and white space, and those that share 70 % of their shingles with `text`
    /// (quality/near_duplicates.h). O(words in the pool).
    std::vector<LabelledItem> pick(std::int64_t task, std::string_view text, int most) const;

private:
    struct Entry {
        std::int64_t task;
        LabelledItem item;
        std::unordered_map<std::string, double> words;  ///< Counts.
        std::string labels;                             ///< What it says, to tell them apart.
    };
    std::vector<Entry> entries_;
    std::unordered_map<std::string, int> holders_;  ///< Entries that hold a word.
};

}  // namespace countersign
