// Checks of a whole dataset, on plain values: items stream in, findings come out. It knows no files
// and no store; `countersign check` feeds it from files, a server may from its tables.
//
// Usage: add() every item; optionally add_probabilities() of a model for choices; finish().
//
// Strategy: checks that need one item run in add() (quality/item_checks.h). What needs all of them
// (the same words labelled otherwise, duplicates, leaks, rare labels, drafts against labels, people
// against each other) runs over the packed corpus in finish(). Deterministic; memory follows the
// items' text and marks.
#pragma once

#include <bitset>
#include <string>
#include <vector>

#include "core/schema.h"
#include "quality/box_readings.h"
#include "quality/corpus.h"
#include "quality/finding.h"

namespace countersign {

struct CheckLimits {
    double doubled_iou = 0.9;        ///< From here two regions of one label are one thing twice.
    double near_duplicate = 0.8;     ///< Similarity of texts from here.
    int near_picture_bits = 8;       ///< Of 128 that may differ between near duplicates.
    double near_sound = 0.6;         ///< Similarity of recordings from here.
    double low_confidence = 0.5;     ///< Drafts below are named.
    double sure_confidence = 0.8;    ///< From here a draft's answer counts against a label.
    double most_in_favour = 0.5;     ///< People differ when no more than this share agree.
    double elsewhere = 0.6;          ///< Lower bound of the share that makes a habit of the corpus.
    double odd = 6;                  ///< Robust deviations from the median.
    double far = 3.5;                ///< The same, of distances (Iglewicz and Hoaglin 1993).
    std::size_t most_each = 10'000;  ///< Findings kept of each check, the worst ones.
};
template <class V>
void fields(V& v, CheckLimits& l) {
    v("doubled_iou", l.doubled_iou, "overlap from which two regions of one label are one twice");
    v("near_duplicate", l.near_duplicate, "similarity from which two texts are nearly the same");
    v("near_picture_bits", l.near_picture_bits,
      "bits of 128 that may differ between pictures that are nearly the same");
    v("low_confidence", l.low_confidence, "drafts less confident than this are named");
    v("sure_confidence", l.sure_confidence,
      "drafts this confident count against a label that differs");
    v("most_in_favour", l.most_in_favour,
      "people differ on an item when no more than this share agree");
    v("elsewhere", l.elsewhere,
      "lower bound of the share of occurrences that makes a label or boundary the usual one");
    v("near_sound", l.near_sound,
      "likeness from which two recordings are nearly the same: 1 when no sign of their sound "
      "differs, 0 when half do");
    v("far", l.far,
      "robust deviations from the median from which an item is unusually far from those most "
      "like it");
    v("odd", l.odd, "robust deviations from the median from which a size is unusual");
}

struct CheckOptions {
    CheckLimits limits;
    std::bitset<64> off;             ///< Checks that are not run, by number.
    const Schema* schema = nullptr;  ///< For labels that nothing has; null: not known.
    bool wants(Check check) const { return !off[static_cast<std::size_t>(check)]; }
};

/// Out-of-sample probabilities of a single choice, one row an item.
struct ClassProbabilities {
    std::uint32_t control = 0;           ///< Of the corpus.
    std::vector<std::uint32_t> classes;  ///< Labels of the control, one a column.
    std::vector<std::uint32_t> items;    ///< One a row.
    std::vector<double> rows;            ///< Row-major.
    std::string by;                      ///< "the model in predictions.csv"
};

/// How far items are from the one most like them, by what a network or the words make of them.
struct ItemDistances {
    struct Row {
        std::uint32_t item = 0, nearest = 0;  ///< `nearest` is no copy of the item.
        double distance = 0;                  ///< 1 - cosine, [0, 2].
    };
    std::vector<Row> rows;
    std::string by;  ///< "their words"
};

/// What a learner that has not seen them reads in texts: spans of one control, one list an item.
struct SpanReadings {
    struct Read {
        double start = 0, end = 0;  ///< Code points.
        std::uint32_t label = 0;    ///< Of the control.
        double probability = 0;     ///< Of exactly this span; those from `least` on are there.
    };
    std::uint32_t control = 0;  ///< Of the corpus.
    std::vector<std::uint32_t> items;
    std::vector<std::vector<Read>> reads;
    double least = 0.125;
    std::string by;  ///< "a learner"
};

/// What labelled segments sound like to the voices of the recording's other segments.
struct VoiceReadings {
    std::uint32_t control = 0;         ///< Of the corpus; its labels are speakers.
    std::vector<std::uint32_t> marks;  ///< Places in Corpus::marks().
    std::vector<double> rows;          ///< Row-major: of each label, sum 1.
    std::string by;                    ///< "the voices of the other segments"
};

class DatasetCheck {
public:
    explicit DatasetCheck(const CheckOptions& options)
        : options_(options), found_(options_.limits.most_each) {}

    /// Returns the item's number.
    std::uint32_t add(const GivenItem& item);
    /// A row that could not be read, or was read with losses.
    void add_fault(std::string_view where, std::string_view reason, bool is_lost);
    void add_probabilities(ClassProbabilities probabilities) {
        probabilities_.push_back(std::move(probabilities));
    }
    void add_distances(ItemDistances distances) { distances_.push_back(std::move(distances)); }
    void add_readings(SpanReadings readings) { readings_.push_back(std::move(readings)); }
    void add_boxes(BoxReadings boxes) { boxes_.push_back(std::move(boxes)); }
    void add_voices(VoiceReadings voices) { voices_.push_back(std::move(voices)); }
    const Corpus& corpus() const { return corpus_; }
    const CheckOptions& options() const { return options_; }
    /// All findings, the worst first. Call once.
    std::vector<Finding> finish();
    std::size_t count(Check check) const { return found_.count(check); }

private:
    CheckOptions options_;
    Corpus corpus_;
    Findings found_;
    std::vector<ClassProbabilities> probabilities_;
    std::vector<ItemDistances> distances_;
    std::vector<SpanReadings> readings_;
    std::vector<BoxReadings> boxes_;
    std::vector<VoiceReadings> voices_;
};

/// What one item alone is enough for: geometry and boundaries of what people said, or, where nobody
/// said anything, of its drafts; and people who differ.
void check_item(const GivenItem& item, std::uint32_t number, const CheckOptions& options,
                Findings& out);
/// Whether check_item() finds it.
bool needs_one_item_only(Check check);
/// Whether it is found only where it is known what the recording sounds like.
bool needs_sound(Check check);
/// Whether it is found only where it is known what pictures look like, or recordings sound like.
bool compares_media(Check check);

/// The parts of finish().
void check_words(const Corpus& corpus, const CheckOptions& options, Findings& out);
void check_duplicates(const Corpus& corpus, const CheckOptions& options, Findings& out);
void check_outliers(const Corpus& corpus, const CheckOptions& options, Findings& out);
void check_label_set(const Corpus& corpus, const CheckOptions& options, Findings& out);
void check_drafts(const Corpus& corpus, const CheckOptions& options, Findings& out);
void check_given_labels(const Corpus& corpus, const CheckOptions& options,
                        ClassProbabilities probabilities, Findings& out);
/// Items that are further from the nearest other one than is usual. Below 30 nothing is.
void check_far_items(const Corpus& corpus, const CheckOptions& options,
                     const ItemDistances& distances, Findings& out);
/// Spans that the learner reads otherwise, does not read, or reads where none is: the checks of
/// regions that a model contradicts. A given span is as plausible as its probability.
void check_given_spans(const Corpus& corpus, const CheckOptions& options,
                       const SpanReadings& readings, Findings& out);
/// The same of boxes, by what models see that have not seen their labels (quality/box_readings.h).
void check_given_boxes(const Corpus& corpus, const CheckOptions& options,
                       const BoxReadings& readings, Findings& out);
/// Segments in which nobody speaks though others of their label hold speech, and those that begin
/// or end beside it. Of items whose `voiced` is known.
void check_voiced_segments(const Corpus& corpus, const CheckOptions& options, Findings& out);
/// Segments that sound like another speaker, by confident learning (quality/label_errors.h).
void check_heard_voices(const Corpus& corpus, const CheckOptions& options, VoiceReadings readings,
                        Findings& out);
void check_people(const Corpus& corpus, const CheckOptions& options, Findings& out);

}  // namespace countersign
