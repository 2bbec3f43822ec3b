// Several people's answers out of files alone: what agreement and aggregation are computed from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/schema.h"
#include "formats/source.h"
#include "quality/agreement.h"

namespace countersign {

/// One question that people answered about the items. Values are numbered in `values`: label names
/// (a rating's in order), or for several choices at once every set that was given.
struct CrowdQuestion {
    std::string name;
    ControlKind kind = ControlKind::choices;
    std::vector<std::string> values;               ///< A set's labels joined by " + ".
    std::vector<std::vector<std::uint32_t>> sets;  ///< Of each value; empty: single choices.
    std::vector<std::string> labels;               ///< What the sets hold.
    std::vector<Rating> answers;
    Ratings ratings(std::size_t units, std::size_t raters) const {
        return {answers, units, raters, values.size()};
    }
    /// Nominal for choices, ordinal for ratings, MASI for sets.
    Distance distance() const;
    std::string_view distance_name() const;
};

struct Crowd {
    std::string from;  ///< The format, or "crowd table".
    std::vector<std::string> items, people;
    std::vector<CrowdQuestion> questions;
    std::int64_t rows = 0, rejected = 0;
    std::vector<std::string> faults;  ///< The first rejected rows, in words.
};

/// The tables of task, worker and label among the source's entries; nothing when there is none.
Result<std::optional<Crowd>> read_crowd_tables(const Source& source);

/// `format` empty: a table whose header names an item, a person and a label (task, worker, label
/// and their usual synonyms) is read as that; everything else as the format it is recognised as,
/// each annotation being its person's answer. Refuses files in which nobody answers a question.
Result<Crowd> read_crowd(const std::vector<std::string>& paths, const std::string& format);

}  // namespace countersign
