#include "quality/finding.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "quality/hashing.h"

namespace countersign {

std::span<const CheckRow> check_table() {
    using enum FindingKind;
    using enum FindingLevel;
    static constexpr std::string_view certain = "1: it is so";
    static constexpr CheckRow rows[] = {
        {Check::unreadable_row, "unreadable-row", unreadable, error, "A row cannot be read",
         certain, "Mend the row; the sentence says what is at fault."},
        {Check::mended_row, "mended-row", unreadable, warning, "A row is read with losses", certain,
         "Mend the row, or accept what an import would leave out."},
        {Check::no_area, "no-area", geometry, error, "A region has no area or length", certain,
         "Draw it again, or remove it.", true},
        {Check::outside, "outside", geometry, error, "A region sticks out of its item",
         "share of the region that lies outside", "Cut it to the item, or draw it again.", true},
        {Check::doubled, "doubled", geometry, warning, "The same thing is labelled twice",
         "overlap of the two regions (IoU)", "Remove one of the two.", true},
        {Check::self_crossing, "self-crossing", geometry, warning, "An outline crosses itself",
         certain, "Draw the outline again; its area is undefined."},
        {Check::span_outside, "span-outside", geometry, error, "A span is not inside its text",
         certain, "Set the span again; its offsets may count bytes or UTF-16 units."},
        {Check::overlapping_spans, "overlapping-spans", geometry, warning,
         "Regions of one label overlap", "share of the shorter one that is covered",
         "Join them, or remove one."},
        {Check::cuts_word, "cuts-word", boundary, warning, "A span begins or ends inside a word",
         certain, "Move the boundary to the word's edge."},
        {Check::white_space, "white-space", boundary, warning,
         "A span begins or ends with white space", certain, "Trim it.", true},
        {Check::punctuation, "punctuation", boundary, note,
         "A span begins or ends with punctuation", "how rarely that is meant, by the sign",
         "Leave the sign out, or keep it everywhere."},
        {Check::boundary_elsewhere, "boundary-elsewhere", boundary, warning,
         "The same words have other boundaries elsewhere",
         "lower bound of the share of occurrences with the other boundary",
         "Give the words the same boundaries everywhere."},
        {Check::label_elsewhere, "label-elsewhere", inconsistent, warning,
         "The same words have another label elsewhere",
         "lower bound of the share of occurrences with the other label",
         "Relabel it, or note in the guideline when each label applies."},
        {Check::unlabelled_mention, "unlabelled-mention", inconsistent, warning,
         "Words that are labelled elsewhere have no label here",
         "lower bound of the share of occurrences that are labelled", "Label it, or dismiss."},
        {Check::conflicting_duplicate, "conflicting-duplicate", inconsistent, error,
         "Equal items have different labels", certain, "Decide which label holds for both."},
        {Check::conflicting_near_duplicate, "conflicting-near-duplicate", inconsistent, warning,
         "Nearly equal items have different labels", "similarity of the two items",
         "Compare the two, and relabel one or neither."},
        {Check::people_differ, "people-differ", inconsistent, warning,
         "People's answers differ on an item",
         "share of people who are against the most common answer",
         "Let a specialist decide, or aggregate (`countersign aggregate`)."},
        {Check::person_far, "person-far", inconsistent, warning,
         "One person's answers are far from the others'",
         "how much less they agree with others than the median person does",
         "Talk about a few of these items; the guideline may be read differently."},
        {Check::duplicate, "duplicate", duplicate, warning, "Equal items", certain,
         "Keep one of them."},
        {Check::near_duplicate, "near-duplicate", duplicate, note, "Nearly equal items",
         "similarity of the two items", "Keep one of them, unless both are meant."},
        {Check::leak, "leak", leak, error, "An item is in two splits", certain,
         "Remove it from all but one (`countersign split` keeps duplicates together)."},
        {Check::near_leak, "near-leak", leak, warning, "Nearly equal items are in two splits",
         "similarity of the two items",
         "Put both in one split (`countersign split` keeps them together)."},
        {Check::low_confidence, "low-confidence", low_confidence, note,
         "A draft that its model is not sure of", "1 - the model's confidence",
         "Review this draft before others."},
        {Check::label_error, "label-error", label_error, warning,
         "A label that a model of the other items contradicts",
         "1 - margin of the given label over the best other one, both out of sample",
         "Look at it again; relabel it or keep it."},
        {Check::draft_differs, "draft-differs", label_error, warning,
         "The label is not what the model says", "the model's confidence in its own answer",
         "Look at it again; relabel it or keep it."},
        {Check::missing_region, "missing-region", label_error, warning,
         "The model sees something that is not labelled",
         "the model's confidence, as a rank among those it confirms labels with",
         "Label it, or dismiss."},
        {Check::spurious_region, "spurious-region", label_error, note,
         "A label where the model sees nothing",
         "share of labels of this class that the model does confirm",
         "Check that something is there."},
        {Check::swapped_label, "swapped-label", label_error, warning,
         "The model gives the same place another label", "the model's confidence times the overlap",
         "Relabel it or keep it."},
        {Check::misplaced_region, "misplaced-region", label_error, warning,
         "The model draws the same thing elsewhere", "1 - overlap, times the model's confidence",
         "Draw it again or keep it."},
        {Check::odd_box, "odd-box", outlier, note, "A box of unusual size or shape for its label",
         "z / (z + 4), z: robust deviations from the label's median", "Check label and corners."},
        {Check::odd_length, "odd-length", outlier, note, "A text of unusual length",
         "z / (z + 4), z: robust deviations from the median", "Check that it is one item."},
        {Check::odd_rate, "odd-rate", outlier, warning, "More text than can be spoken in its time",
         "1 - most that can be said / what is said to be",
         "Check the text and where its segment begins and ends."},
        {Check::words_outside, "words-outside", geometry, warning,
         "Words lie outside the segment that their text is about", "share of the words",
         "Time the words again, or draw the segment around them."},
        {Check::silent_segment, "silent-segment", outlier, warning,
         "A segment in which nothing is heard", "share of the segment that is silent",
         "Remove it, or draw it where the sound is."},
        {Check::unlabelled_sound, "unlabelled-sound", label_error, note,
         "Something is heard where no segment is",
         "share of what is heard in the recording that segments do cover",
         "Listen; draw a segment, or dismiss."},
        {Check::far_item, "far-item", outlier, note, "An item that is like no other",
         "z / (z + 4), z: robust deviations of how far its neighbours are and, of texts, how rare "
         "its words",
         "Check that it belongs to this set."},
        {Check::empty_item, "empty-item", outlier, warning, "An item with nothing in it", certain,
         "Remove it, or see how it came to be empty."},
        {Check::rare_label, "rare-label", labels, note, "A label that is hardly used",
         "1 - its count / the mean count of labels", "Label more of it, merge it, or drop it."},
        {Check::misspelt_label, "misspelt-label", labels, warning,
         "A label that looks like another one misspelt", "1 - its count / the other's",
         "Rename it, or make it an alias."},
        {Check::unused_label, "unused-label", labels, note,
         "A label of the schema that nothing has", certain, "Find items for it, or drop it."},
        {Check::imbalance, "imbalance", labels, note, "Labels are very unequal in number",
         "1 - least count / greatest count",
         "Look for items of the rare labels, or generate some; weigh classes when you train."},
        {Check::too_fast, "too-fast", rubber_stamp, note,
         "Answers came faster than the item can be read",
         "lower bound of the share of such answers",
         "Ask how the work is going; see some items together."},
        {Check::person_drift, "person-drift", drift, note,
         "A person agrees with the others less than before",
         "how much the share of agreement fell, at least",
         "Look at recent items together; a guideline may have changed."}};
    return rows;
}

const CheckRow& row_of(Check check) {
    return check_table()[static_cast<std::size_t>(check)];
}

const CheckRow* check_called(std::string_view name) {
    for (const auto& row : check_table())
        if (row.name == name) return &row;
    return nullptr;
}

namespace {

bool is_worse(const Finding& a, const Finding& b) {
    const auto level_a = row_of(a.check).level, level_b = row_of(b.check).level;
    if (level_a != level_b) return level_a > level_b;
    if (a.score != b.score) return a.score > b.score;
    if (a.check != b.check) return a.check < b.check;
    return a.item < b.item;
}

}  // namespace

void Findings::add(Finding finding) {
    const auto at = static_cast<std::size_t>(finding.check);
    if (checks_.empty()) checks_.resize(check_table().size());
    auto& of = checks_[at];
    ++of.count;
    of.kept.push_back(std::move(finding));
    if (of.kept.size() >= 2 * most_) cut(of);
}

void Findings::add_all(Findings&& others) {
    if (checks_.empty()) checks_.resize(check_table().size());
    for (std::size_t i = 0; i < others.checks_.size(); ++i) {
        auto& from = others.checks_[i];
        auto& to = checks_[i];
        to.count += from.count;
        std::move(from.kept.begin(), from.kept.end(), std::back_inserter(to.kept));
        cut(to);
    }
    others.checks_.clear();
}

void Findings::cut(OfCheck& of) const {
    if (of.kept.size() <= most_) return;
    std::stable_sort(of.kept.begin(), of.kept.end(), is_worse);
    of.kept.resize(most_);
}

std::size_t Findings::count(Check check) const {
    return checks_.empty() ? 0 : checks_[static_cast<std::size_t>(check)].count;
}

std::vector<Finding> Findings::take() {
    std::vector<Finding> all;
    for (auto& of : checks_) {
        cut(of);
        std::move(of.kept.begin(), of.kept.end(), std::back_inserter(all));
        of.kept.clear();
    }
    std::stable_sort(all.begin(), all.end(), is_worse);
    return all;
}

std::string fingerprint(const Finding& finding, std::string_view item_name) {
    std::uint64_t h = hash_bytes(row_of(finding.check).name);
    for (const std::string_view part :
         {item_name, std::string_view(finding.control), std::string_view(finding.label),
          std::string_view(finding.person)})
        h = hash_pair(h, hash_bytes(part));
    if (const auto& p = finding.place) {
        char text[160];
        std::snprintf(text, sizeof text, "%.3f %.3f %.1f %.1f %.1f %.1f", p->start, p->end, p->x,
                      p->y, p->width, p->height);
        h = hash_pair(h, hash_bytes(text));
    }
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(h));
    return hex;
}

}  // namespace countersign
