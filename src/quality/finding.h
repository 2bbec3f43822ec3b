// A finding: something a check wants a person to look at, with a score that means something, a
// sentence, the place in the item, the evidence and what to do about it.
//
// Every check is one row of a table, which reports, configuration files and the reference page
// read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"

namespace countersign {

/// TRUST.md section 8; `labels` is about the set of labels as a whole, `unreadable` about the
/// files.
enum class FindingKind {
    unreadable,
    geometry,
    boundary,
    inconsistent,
    duplicate,
    leak,
    low_confidence,
    label_error,
    outlier,
    labels,
    rubber_stamp,
    drift
};
inline std::span<const EnumName<FindingKind>> enum_names(FindingKind) {
    static constexpr EnumName<FindingKind> rows[] = {
        {FindingKind::unreadable, "unreadable"},
        {FindingKind::geometry, "geometry"},
        {FindingKind::boundary, "boundary"},
        {FindingKind::inconsistent, "inconsistent"},
        {FindingKind::duplicate, "duplicate"},
        {FindingKind::leak, "leak"},
        {FindingKind::low_confidence, "low_confidence"},
        {FindingKind::label_error, "label_error"},
        {FindingKind::outlier, "outlier"},
        {FindingKind::labels, "labels"},
        {FindingKind::rubber_stamp, "rubber_stamp"},
        {FindingKind::drift, "drift"}};
    return rows;
}

enum class FindingLevel { note, warning, error };
inline std::span<const EnumName<FindingLevel>> enum_names(FindingLevel) {
    static constexpr EnumName<FindingLevel> rows[] = {{FindingLevel::note, "note"},
                                                      {FindingLevel::warning, "warning"},
                                                      {FindingLevel::error, "error"}};
    return rows;
}

enum class Check {
    unreadable_row,
    mended_row,
    no_area,
    outside,
    doubled,
    self_crossing,
    span_outside,
    overlapping_spans,
    cuts_word,
    white_space,
    punctuation,
    boundary_elsewhere,
    label_elsewhere,
    unlabelled_mention,
    conflicting_duplicate,
    conflicting_near_duplicate,
    people_differ,
    person_far,
    duplicate,
    near_duplicate,
    leak,
    near_leak,
    low_confidence,
    label_error,
    draft_differs,
    missing_region,
    spurious_region,
    swapped_label,
    misplaced_region,
    odd_box,
    odd_length,
    odd_rate,
    words_outside,
    silent_segment,
    unlabelled_sound,
    far_item,
    empty_item,
    rare_label,
    misspelt_label,
    unused_label,
    imbalance,
    too_fast,
    person_drift
};

struct CheckRow {
    Check check;
    std::string_view name;  ///< "cuts-word"
    FindingKind kind;
    FindingLevel level;
    std::string_view title;    ///< "A span cuts a word"
    std::string_view score;    ///< What its score in [0, 1] means.
    std::string_view advice;   ///< What to do.
    bool is_repaired = false;  ///< `repair` (quality/repair.h) mends it.
};
std::span<const CheckRow> check_table();
const CheckRow& row_of(Check check);
const CheckRow* check_called(std::string_view name);  ///< Null: there is none.

/// Where in an item: code points or seconds, or pixels of the upright image.
struct Place {
    enum class On { text, image, audio } on = On::text;
    double start = 0, end = 0;
    double x = 0, y = 0, width = 0, height = 0;
};

inline constexpr std::uint32_t no_item = 0xffffffffu;

/// Another item, or the same one, that the sentence leans on.
struct Evidence {
    std::uint32_t item = no_item;
    std::string sentence;
};

struct Finding {
    Check check = Check::unreadable_row;
    double score = 0;              ///< In [0, 1]; the check's row says what it means.
    std::uint32_t item = no_item;  ///< The item's number; `no_item`: about the whole.
    std::string control, label;    ///< What it is about; empty: nothing in particular.
    std::string region, person;    ///< The same.
    std::string sentence;
    std::optional<Place> place;
    std::vector<Evidence> evidence;
};

/// The findings of a run: of each check the worst ones up to a limit, and how many there were.
class Findings {
public:
    explicit Findings(std::size_t most_each = 10'000) : most_(most_each) {}
    void add(Finding finding);
    void add_all(Findings&& others);
    std::size_t count(Check check) const;
    /// Errors before warnings before notes, then by score, then in the items' order.
    std::vector<Finding> take();

private:
    struct OfCheck {
        std::vector<Finding> kept;
        std::size_t count = 0;
    };
    void cut(OfCheck& of) const;
    std::size_t most_;
    std::vector<OfCheck> checks_;
};

/// A name for the finding that stays while the item, the place and the label do: what a baseline
/// remembers. Scores and sentences may change.
std::string fingerprint(const Finding& finding, std::string_view item_name);

}  // namespace countersign
