// Checks that need one item only, run as it streams in: geometry, boundaries, and people who
// differ. They are cheap enough to run on every annotation as it is submitted.
#pragma once

#include "quality/corpus.h"
#include "quality/finding.h"

namespace countersign {

/// Geometry of one answer. `doubled_from`: the IoU from which two regions of one label are one
/// thing labelled twice. `by` is named when it is a draft's.
void check_geometry(const GivenItem& item, std::uint32_t number, const Regions& regions,
                    double doubled_from, Findings& out);

/// Where spans begin and end: words that are cut, white space, punctuation.
void check_boundaries(const GivenItem& item, std::uint32_t number, const Regions& regions,
                      Findings& out);

/// Recordings: texts that cannot be said in their time, words outside their segment, segments in
/// which nothing is heard (item.silences). The whole recording is looked at like a segment where
/// its length is known.
void check_spoken(const GivenItem& item, std::uint32_t number, const Regions& regions,
                  Findings& out);

/// Two or more answers to one item of which no more than `most_in_favour` agree.
void check_opinions(const GivenItem& item, std::uint32_t number, double most_in_favour,
                    Findings& out);

/// What a place is called in a sentence: "[3, 9) \"Berlin\"", "40 x 30 at (12, 7)".
std::string place_words(const Region& region);
Place place_of(const Region& region);
std::string named(std::string_view text, std::size_t most_bytes = 60);  ///< In quotes, cut.
std::string label_words(const Region& region);                          ///< "\"cat\"", or "region".

/// Code points to bytes and back, without looking at a text that is ASCII only.
class TextIndex {
public:
    explicit TextIndex(std::string_view text);
    std::size_t size() const { return is_ascii_ ? text_.size() : begins_.size() - 1; }
    std::size_t byte(std::size_t code_point) const {
        return is_ascii_ ? code_point : begins_[code_point];
    }
    std::string_view slice(std::size_t from, std::size_t to) const {
        return text_.substr(byte(from), byte(to) - byte(from));
    }
    char32_t at(std::size_t code_point) const;
    /// The code point that begins at `byte`, or the one it lies in.
    std::size_t code_point(std::size_t byte) const;

private:
    std::string_view text_;
    bool is_ascii_;
    std::vector<std::uint32_t> begins_;
};

/// Letters and digits of scripts that set words apart by spaces.
bool is_word_character(char32_t c);
bool is_white_space(char32_t c);

/// Whether two edges of a ring cross or touch other than at their shared corner.
bool crosses_itself(std::span<const double> ring);

}  // namespace countersign
