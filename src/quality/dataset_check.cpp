#include "quality/dataset_check.h"

#include <algorithm>
#include <future>
#include <iterator>

#include "quality/item_checks.h"

namespace countersign {

void check_item(const GivenItem& item, std::uint32_t number, const CheckOptions& options,
                Findings& out) {
    const auto look_at = [&](const GivenAnswer& answer) {
        check_geometry(item, number, *answer.regions, options.limits.doubled_iou, out);
        check_spoken(item, number, *answer.regions, out);
        if (item.is_text) check_boundaries(item, number, *answer.regions, out);
    };
    for (const auto& answer : item.labels) look_at(answer);
    if (item.labels.empty())
        for (const auto& answer : item.drafts) look_at(answer);
    if (options.wants(Check::people_differ))
        check_opinions(item, number, options.limits.most_in_favour, out);
}

bool needs_one_item_only(Check check) {
    static constexpr Check those[] = {
        Check::no_area,           Check::outside,      Check::doubled,       Check::self_crossing,
        Check::span_outside,      Check::cuts_word,    Check::white_space,   Check::punctuation,
        Check::overlapping_spans, Check::odd_rate,     Check::words_outside, Check::silent_segment,
        Check::unlabelled_sound,  Check::people_differ};
    return std::find(std::begin(those), std::end(those), check) != std::end(those);
}

bool needs_sound(Check check) {
    return check == Check::silent_segment || check == Check::unlabelled_sound;
}

bool compares_media(Check check) {
    return check == Check::near_duplicate || check == Check::near_leak ||
           check == Check::conflicting_near_duplicate;
}

std::uint32_t DatasetCheck::add(const GivenItem& item) {
    const auto number = corpus_.add(item);
    check_item(item, number, options_, found_);
    return number;
}

void DatasetCheck::add_fault(std::string_view where, std::string_view reason, bool is_lost) {
    Finding f;
    f.check = is_lost ? Check::unreadable_row : Check::mended_row;
    f.score = 1;
    f.region = where;
    f.sentence = reason;
    found_.add(std::move(f));
}

std::vector<Finding> DatasetCheck::finish() {
    // The two that take longest, side by side; each has findings of its own until both are done.
    Findings of_duplicates(options_.limits.most_each);
    auto duplicates =
        std::async(std::launch::async, [&] { check_duplicates(corpus_, options_, of_duplicates); });
    check_words(corpus_, options_, found_);
    duplicates.get();
    found_.add_all(std::move(of_duplicates));
    check_outliers(corpus_, options_, found_);
    check_label_set(corpus_, options_, found_);
    check_drafts(corpus_, options_, found_);
    for (auto& p : probabilities_) check_given_labels(corpus_, options_, std::move(p), found_);
    probabilities_.clear();
    for (const auto& d : distances_) check_far_items(corpus_, options_, d, found_);
    for (const auto& r : readings_) check_given_spans(corpus_, options_, r, found_);
    for (const auto& b : boxes_) check_given_boxes(corpus_, options_, b, found_);
    check_voiced_segments(corpus_, options_, found_);
    for (auto& v : voices_) check_heard_voices(corpus_, options_, std::move(v), found_);
    voices_.clear();
    check_people(corpus_, options_, found_);
    auto all = found_.take();
    std::erase_if(all, [&](const Finding& f) { return !options_.wants(f.check); });
    return all;
}

}  // namespace countersign
