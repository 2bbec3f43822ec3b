// Items with everything that is said about them, packed: what the checks of a whole dataset read.
//
// Strategy: items stream in once; strings go into one arena, names are numbered, a region keeps the
// numbers that matter (a mark of 64 bytes or so). A million annotations fit into 300 MB.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "core/region.h"
#include "quality/near_duplicates.h"
#include "quality/sound_prints.h"

namespace countersign {

/// One person's or model's regions of an item. Views are not owned.
struct GivenAnswer {
    std::string_view by;  ///< Person or model; empty: nobody is named.
    const Regions* regions = nullptr;
    double seconds = 0;  ///< Active time; 0: not known.
    Millis created = 0;  ///< 0: not known.
};

/// One item to check, as plain values.
struct GivenItem {
    std::string_view name;   ///< Unique, or as good as: the external id or file name.
    std::string_view where;  ///< "tasks.jsonl:17"
    std::string_view split;  ///< "train", or empty.
    std::string_view text;   ///< UTF-8; empty for media.
    bool is_text = false;
    int width = 0, height = 0;  ///< Pictures, upright pixels; 0: not known.
    double seconds = 0;         ///< Audio; 0: not known.
    struct Stretch {
        double start = 0, end = 0;  ///< Seconds.
    };
    std::vector<Stretch> silences;  ///< Audio: where nothing is heard; empty: none, or not known.
    std::optional<std::vector<Stretch>> voiced;  ///< Audio: where somebody speaks, in order and
                                                 ///< apart; nothing: not known.
    std::uint64_t bytes = 0;                     ///< Hash of the medium's bytes; 0: not known.
    std::optional<PictureHash> picture;
    SoundPrint sound;  ///< Audio; empty: not known.
    std::vector<GivenAnswer> labels, drafts;
};

/// Names, numbered in the order they were met.
class NumberedNames {
public:
    std::uint32_t operator()(std::string_view name);
    std::optional<std::uint32_t> find(std::string_view name) const;
    const std::string& name(std::uint32_t number) const { return *names_[number]; }
    std::size_t size() const { return names_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const {
            return std::hash<std::string_view>{}(s);
        }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> of_;
    std::vector<const std::string*> names_;
};

/// Strings that live as long as the arena.
class Arena {
public:
    std::string_view keep(std::string_view text);

private:
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t left_ = 0;
    char* at_ = nullptr;
};

inline constexpr std::uint32_t no_label = 0xffffffffu;

/// A label of a region.
struct Mark {
    std::uint32_t item = 0;
    std::uint32_t label = no_label;  ///< Among its control's labels.
    std::uint16_t control = 0;
    std::uint16_t answer = 0;  ///< Among the item's answers.
    ControlKind kind = ControlKind::choices;
    float confidence = -1;       ///< -1: none is claimed.
    double start = 0, end = 0;   ///< Spans and segments; boxes and outlines: left and right,
    double top = 0, bottom = 0;  ///< and these.
    std::string_view region;     ///< Its id.
};

struct CorpusAnswer {
    std::uint32_t by = 0;  ///< Among `people` or, of a draft, `models`.
    bool is_draft = false;
    float seconds = 0;
    Millis created = 0;
};

struct CorpusItem {
    std::string_view name, where, text;
    bool is_text = false;
    std::uint32_t split = 0;
    int width = 0, height = 0;
    std::uint64_t bytes = 0;
    std::optional<PictureHash> picture;
    SoundPrint sound;
    std::vector<GivenItem::Stretch> silences;
    std::optional<std::vector<GivenItem::Stretch>> voiced;
    std::uint32_t first_mark = 0, marks = 0, first_answer = 0, answers = 0;
    std::uint32_t labels = 0;  ///< Answers that are people's.
};

struct CorpusControl {
    ControlKind kind = ControlKind::choices;
    bool is_multiple = false;  ///< Somebody gave several labels at once.
    NumberedNames labels;
};

class Corpus {
public:
    std::uint32_t add(const GivenItem& item);

    std::span<const CorpusItem> items() const { return items_; }
    std::span<const Mark> marks() const { return marks_; }
    std::span<const Mark> marks_of(const CorpusItem& item) const {
        return std::span(marks_).subspan(item.first_mark, item.marks);
    }
    std::span<const CorpusAnswer> answers_of(const CorpusItem& item) const {
        return std::span(answers_).subspan(item.first_answer, item.answers);
    }
    const CorpusAnswer& answer_of(const Mark& mark) const {
        return answers_[items_[mark.item].first_answer + mark.answer];
    }
    std::size_t controls() const { return controls_.size(); }
    const CorpusControl& control(std::size_t i) const { return *controls_[i]; }
    const std::string& control_name(std::size_t i) const {
        return control_names_.name(static_cast<std::uint32_t>(i));
    }
    std::optional<std::uint32_t> find_control(std::string_view name) const {
        return control_names_.find(name);
    }
    const NumberedNames& people() const { return people_; }
    const NumberedNames& models() const { return models_; }
    const NumberedNames& splits() const { return splits_; }
    std::string_view label_name(const Mark& mark) const {
        return mark.label == no_label ? std::string_view()
                                      : controls_[mark.control]->labels.name(mark.label);
    }

    /// The label of a single choice or rating that most people gave; of equals the latest one's.
    /// Nothing: nobody answered, or somebody gave several.
    std::optional<std::uint32_t> given(const CorpusItem& item, std::size_t control) const;
    /// Which marks count as the item's own labels: of the last person's answer.
    bool is_label(const Mark& mark) const { return mark.answer + 1U == items_[mark.item].labels; }

private:
    void add_answer(const GivenAnswer& answer, bool is_draft, std::uint16_t number);
    Arena arena_;
    std::vector<CorpusItem> items_;
    std::vector<Mark> marks_;
    std::vector<CorpusAnswer> answers_;
    std::vector<std::unique_ptr<CorpusControl>> controls_;
    NumberedNames control_names_, people_, models_, splits_;
};

}  // namespace countersign
