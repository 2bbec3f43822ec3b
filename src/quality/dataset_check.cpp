#include "quality/dataset_check.h"

#include <future>

#include "quality/item_checks.h"

namespace countersign {

std::uint32_t DatasetCheck::add(const GivenItem& item) {
    const auto number = corpus_.add(item);
    const auto look_at = [&](const GivenAnswer& answer) {
        check_geometry(item, number, *answer.regions, options_.limits.doubled_iou, found_);
        check_spoken(item, number, *answer.regions, found_);
        if (item.is_text) check_boundaries(item, number, *answer.regions, found_);
    };
    for (const auto& answer : item.labels) look_at(answer);
    if (item.labels.empty())
        for (const auto& answer : item.drafts) look_at(answer);
    if (options_.wants(Check::people_differ))
        check_opinions(item, number, options_.limits.most_in_favour, found_);
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
    check_people(corpus_, options_, found_);
    auto all = found_.take();
    std::erase_if(all, [&](const Finding& f) { return !options_.wants(f.check); });
    return all;
}

}  // namespace countersign
