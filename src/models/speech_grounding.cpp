#include "models/speech_grounding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "models/verdict.h"

namespace countersign {

namespace {

constexpr double fastest_words = 7, fastest_characters = 40;  ///< A second of speech.
constexpr double slowest_words = 0.25, long_speech = 15;
constexpr double near_speech = 0.3;      ///< Seconds; times of words are not exact.
constexpr double silent_overhang = 0.1;  ///< Seconds; rounding, not an error.
constexpr double least_speech = 0.1;     ///< Seconds in which a word can be said.

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds);
    return text;
}

/// Lower case, without what is no letter or digit; bytes of other scripts stay.
std::vector<std::string> plain_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
            word += static_cast<char>(upper ? c - 'A' + 'a' : c);
        } else if ((c <= ' ' || c == '-') && !word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

bool sensible(double start, double end) {
    return std::isfinite(start) && std::isfinite(end) && std::abs(start) < 1e9 &&
           std::abs(end) < 1e9 && start <= end;
}

void ground_segment(double seconds, Region& segment) {
    if (!sensible(segment.start, segment.end) || segment.start == segment.end)
        return find_fault(segment, Grounding::ungrounded, "The segment has no length.");
    if (seconds <= 0) return;
    const double start = std::clamp(segment.start, 0.0, seconds);
    const double end = std::clamp(segment.end, 0.0, seconds);
    if (end <= start)
        return find_fault(
            segment, Grounding::ungrounded,
            "The segment lies outside the recording of " + seconds_text(seconds) + ".");
    const double overhang = std::max(start - segment.start, segment.end - end);
    if (overhang > silent_overhang) {
        if (end - start < (segment.end - segment.start) / 2)
            find_fault(segment, Grounding::weak, "Most of the segment lay outside the recording.");
        else
            find_fault(segment, Grounding::repaired,
                       "The segment stuck out of the recording by " + seconds_text(overhang) + ".");
    }
    segment.start = start;
    segment.end = end;
}

/// Words keep their texts; times that make no sense are forgotten, all of them.
void ground_words(double seconds, Region& text) {
    double before = 0;
    const bool good = std::all_of(text.words.begin(), text.words.end(), [&](const Word& word) {
        const bool fine = sensible(word.start, word.end) && word.start >= before - 0.5 &&
                          word.start >= -silent_overhang &&
                          (seconds <= 0 || word.end <= seconds + 0.5);
        before = word.start;
        return fine;
    });
    if (!good) {
        text.words.clear();
        return find_fault(text, Grounding::repaired,
                          "The times of its words were not in the recording or not in order, and "
                          "were left out.");
    }
    for (auto& word : text.words) {
        word.start = std::max(0.0, word.start);
        if (seconds > 0) word.end = std::min(word.end, seconds);
        word.start = std::min(word.start, word.end);
        if (word.confidence)
            word.confidence = std::isfinite(*word.confidence)
                                  ? std::optional(std::clamp(*word.confidence, 0.0, 1.0))
                                  : std::nullopt;
    }
}

void ground_silence(const std::vector<TimeSpan>& voiced, Region& text) {
    const auto silent = words_over_silence(text.words, voiced);
    if (silent.empty()) return;
    const auto& first = text.words[silent.front()];
    const std::string at = " at " + seconds_text(first.start) + ".";
    const auto quoted = "\"" + repair_utf8(first.text) + "\"";
    if (silent.size() == 1)
        find_fault(text, Grounding::weak, "Nobody speaks where it has " + quoted + at);
    else
        find_fault(text, Grounding::weak,
                   "Nobody speaks where it has " + std::to_string(silent.size()) +
                       " of its words, first " + quoted + at);
}

void ground_text(const GroundSound& sound, const Region* about, Region& text) {
    ground_words(sound.seconds, text);
    if (trim(text.text).empty()) return;
    if (const auto phrase = repeated_phrase(text.text); !phrase.empty())
        find_fault(text, Grounding::weak,
                   "It says \"" + phrase + "\" again and again, as recognisers do in noise.");
    if (!sound.voiced) return;
    const TimeSpan part = about ? TimeSpan{about->start, about->end} : TimeSpan{0, 1e9};
    const double voiced = voiced_seconds(*sound.voiced, part);
    if (voiced < least_speech)
        return find_fault(
            text, Grounding::weak,
            about ? "Nobody speaks in the segment." : "Nobody speaks in the recording.");
    if (auto why = implausible_rate(text.text, voiced)) find_fault(text, Grounding::weak, *why);
    ground_silence(*sound.voiced, text);
}

}  // namespace

double voiced_seconds(std::span<const TimeSpan> voiced, TimeSpan span) {
    double sum = 0;
    for (const auto& v : voiced)
        sum += std::max(0.0, std::min(v.end, span.end) - std::max(v.start, span.start));
    return sum;
}

std::optional<std::string> implausible_rate(std::string_view text, double voiced) {
    if (voiced <= 0) return std::nullopt;
    const auto words = plain_words(text).size();
    const auto characters =
        is_utf8(text) ? code_points(text) : static_cast<std::int64_t>(text.size());
    // Short texts are let be: a cut of speech is exact to a few tenths of a second.
    const double generous = voiced + 0.5;
    const std::string said =
        std::to_string(words) + (words == 1 ? " word" : " words") + " in " + seconds_text(voiced);
    if (static_cast<double>(words) > fastest_words * generous ||
        static_cast<double>(characters) > fastest_characters * generous)
        return "It has " + said + " of speech, more than anybody can say.";
    if (voiced >= long_speech && static_cast<double>(words) < slowest_words * voiced &&
        characters < 2 * static_cast<std::int64_t>(voiced))
        return "It has only " + said + " of speech: parts seem to be missing.";
    return std::nullopt;
}

std::string repeated_phrase(std::string_view text) {
    const auto words = plain_words(text);
    constexpr std::size_t longest = 12;
    const auto times_needed = [](std::size_t n) -> std::size_t {
        return n == 1 ? 6 : n == 2 ? 4 : 3;
    };
    for (std::size_t n = 1; n <= longest && n < words.size(); ++n) {
        std::size_t same = 0;  // Words in a row that equal the one n before them.
        for (std::size_t i = n; i < words.size(); ++i) {
            same = words[i] == words[i - n] ? same + 1 : 0;
            if (same < n * (times_needed(n) - 1)) continue;
            std::string phrase;
            for (std::size_t k = i + 1 - n; k <= i; ++k)
                phrase += (phrase.empty() ? "" : " ") + words[k];
            return repair_utf8(phrase);
        }
    }
    return {};
}

std::vector<std::size_t> words_over_silence(std::span<const Word> words,
                                            std::span<const TimeSpan> voiced) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const double length = words[i].end - words[i].start;
        double covered = 0, reached = words[i].start;
        bool near = false;
        for (const auto& v : voiced) {
            const double from = std::max(reached, v.start - near_speech);
            const double to = std::min(words[i].end, v.end + near_speech);
            if (to < from) continue;
            near = true;
            covered += to - from;
            reached = to;
        }
        if (length > 0 ? covered < length / 2 : !near) out.push_back(i);
    }
    return out;
}

void ground_speech(const GroundSound& sound, Regions& regions) {
    for (auto& region : regions)
        if (region.kind == ControlKind::segments) ground_segment(sound.seconds, region);
    for (auto& region : regions) {
        if (region.kind != ControlKind::text) continue;
        const auto about = std::find_if(regions.begin(), regions.end(), [&](const Region& other) {
            return !region.parent.empty() && other.id == region.parent &&
                   other.kind == ControlKind::segments;
        });
        if (!region.parent.empty() && about == regions.end())
            find_fault(region, Grounding::ungrounded, "The segment that it is about is not there.");
        ground_text(sound, about == regions.end() ? nullptr : &*about, region);
    }
}

}  // namespace countersign
