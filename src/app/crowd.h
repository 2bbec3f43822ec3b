// Several people's answers out of files alone: what agreement and aggregation are computed from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/crowd_pieces.h"
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
    std::vector<CrowdPieces> pieces;
    PieceGatherer texts;  ///< The items' texts.
    std::int64_t rows = 0, rejected = 0;
    std::vector<std::string> faults;  ///< The first rejected rows, in words.
};

/// The tables of task, worker and label among the source's entries; nothing when there is none.
/// With `transcripts`, a column called so counts as a label too.
Result<std::optional<Crowd>> read_crowd_tables(const Source& source, bool transcripts = false);

/// `format` empty: a table whose header names an item, a person and a label (task, worker, label
/// and their usual synonyms) is read as that; everything else as the format it is recognised as,
/// each annotation being its person's answer. Of several files of one kind, or several folders,
/// each is read by itself, and an answer that names nobody is by the one whom the file or folder is
/// called after; items without a name are the same when their texts are, or, with as many words,
/// when they stand in the same place of their files. Where a row has no annotation its drafts are
/// answers. Refuses files in which nobody answers a question.
Result<Crowd> read_crowd(const std::vector<std::string>& paths, const std::string& format);

}  // namespace countersign
