// Two versions of one dataset, or two people's, compared: which items and labels came, went or
// changed, per class, and how far the two agree.
//
// What is drawn is paired by overlap, as core/opinions.h does; choices and ratings by their
// control.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/opinions.h"
#include "quality/agreement.h"

namespace countersign {

struct LabelDiff {
    std::size_t kept = 0;                       ///< The same on both sides.
    std::size_t added = 0, removed = 0;         ///< On one side only.
    std::size_t moved = 0;                      ///< The same label, drawn elsewhere.
    std::map<std::string, std::size_t> became;  ///< Relabelled: the other label, how often.
    std::size_t relabelled() const;
    /// 2 kept / (2 kept + what is on one side only, a changed one counting on both): F1.
    double f1() const;
};

struct RegionChange {
    std::string control;
    const Region *before = nullptr, *after = nullptr;  ///< Null: it has none there.
};

struct QuestionAgreement {
    std::size_t items = 0;  ///< Both sides answer.
    double percent = 0;
    std::optional<double> kappa;
};

class DatasetDiff {
public:
    explicit DatasetDiff(double least_iou = 0.5) : least_iou_(least_iou) {}
    /// One item that both have, each region with an id of its own; what changed, empty when
    /// nothing. Pointers are into the arguments.
    std::vector<RegionChange> compare(const Regions& before, const Regions& after);

    /// Control, then label of the first side (of added ones: the second's).
    const std::map<std::string, std::map<std::string, LabelDiff>>& labels() const {
        return labels_;
    }
    /// Of single choices and ratings: Cohen's kappa over the items that both answer.
    std::map<std::string, QuestionAgreement> agreements() const;
    std::size_t items() const { return items_; }
    std::size_t same() const { return same_; }

private:
    double least_iou_;
    std::map<std::string, std::map<std::string, LabelDiff>> labels_;
    struct Answers {
        std::map<std::string, std::uint32_t> values;
        std::vector<Rating> ratings;
        std::uint32_t units = 0;
    };
    std::map<std::string, Answers> answers_;
    std::size_t items_ = 0, same_ = 0;
};

}  // namespace countersign
