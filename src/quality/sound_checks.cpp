// Recordings: what is said to have been spoken, against the time there was for it and the sound
// that is there.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unordered_map>

#include "base/text.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

/// Auctioneers reach 7 words a second, and no language more than 30 letters for long (Pellegrino,
/// Coupé and Marsico 2011: 8 syllables a second at most).
constexpr double most_spoken_words = 8, most_spoken_letters = 40;  // A second.
constexpr double hardly = 0.3;      // Seconds below which a rate says nothing.
constexpr double word_slack = 0.2;  // Seconds.

std::string rounded(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

Finding about(Check check, std::uint32_t item, const Region& segment, const Region& text,
              double score, std::string sentence) {
    Finding f;
    f.check = check;
    f.item = item;
    f.score = std::clamp(score, 0.0, 1.0);
    f.control = text.control;
    f.label = segment.labels.empty() ? "" : segment.labels.front();
    f.region = text.id;
    f.sentence = std::move(sentence);
    f.place = place_of(segment);
    return f;
}

void check_rate(std::uint32_t number, const Region& segment, const Region& text, Findings& out) {
    const double seconds = segment.end - segment.start;
    if (!(seconds >= hardly)) return;
    double words = 0, letters = 0;
    const TextIndex index(text.text);
    bool inside = false;
    for (std::size_t i = 0; i < index.size(); ++i) {
        const bool space = is_white_space(index.at(i));
        if (!space) ++letters;
        if (!space && !inside) ++words;
        inside = !space;
    }
    const double over =
        std::max(words / seconds / most_spoken_words, letters / seconds / most_spoken_letters);
    if (over <= 1) return;
    const bool by_words = words / most_spoken_words >= letters / most_spoken_letters;
    out.add(about(Check::odd_rate, number, segment, text, 1 - 1 / over,
                  named(text.text, 40) + " is " + rounded((by_words ? words : letters) / seconds) +
                      (by_words ? " words" : " letters") + " a second in the " + rounded(seconds) +
                      " s of " + label_words(segment) + "."));
}

void check_words(std::uint32_t number, const Region& segment, const Region& text, Findings& out) {
    std::size_t outside = 0;
    const Word* first = nullptr;
    for (const auto& w : text.words) {
        if (w.start >= segment.start - word_slack && w.end <= segment.end + word_slack) continue;
        if (!first) first = &w;
        ++outside;
    }
    if (!first) return;
    out.add(about(Check::words_outside, number, segment, text,
                  static_cast<double>(outside) / static_cast<double>(text.words.size()),
                  std::to_string(outside) + " of " + std::to_string(text.words.size()) +
                      " words lie outside " + label_words(segment) + " at " + place_words(segment) +
                      ": " + named(first->text, 40) + " at " + rounded(first->start) + " s."));
}

void check_silence(const GivenItem& item, std::uint32_t number, const Region& segment,
                   Findings& out) {
    constexpr double most_silent = 0.98;
    double silent = 0;
    for (const auto& quiet : item.silences)
        silent +=
            std::max(0.0, std::min(segment.end, quiet.end) - std::max(segment.start, quiet.start));
    const double share = silent / (segment.end - segment.start);
    if (share < most_silent) return;
    Finding f;
    f.check = Check::silent_segment;
    f.item = number;
    f.score = std::min(share, 1.0);
    f.control = segment.control;
    f.label = segment.labels.empty() ? "" : segment.labels.front();
    f.region = segment.id;
    f.place = place_of(segment);
    f.sentence = label_words(segment) + " at " + place_words(segment) + " is silence only.";
    out.add(std::move(f));
}

/// The pauses between stretches of speech, of half a second or longer.
std::vector<GivenItem::Stretch> pauses_of(const std::vector<GivenItem::Stretch>& voiced,
                                          double seconds) {
    constexpr double least_pause = 0.5;
    std::vector<GivenItem::Stretch> out;
    double at = 0;
    for (const auto& speech : voiced) {
        if (speech.start - at >= least_pause) out.push_back({at, speech.start});
        at = std::max(at, speech.end);
    }
    if (seconds > at) out.push_back({at, seconds});
    return out;
}

/// Whether the segments are about speech: somebody speaks in most of what they cover.
bool is_about_speech(const GivenItem& item, const std::vector<GivenItem::Stretch>& segments) {
    if (!item.voiced) return false;
    double all = 0, spoken = 0;
    for (const auto& s : segments) {
        all += s.end - s.start;
        for (const auto& v : *item.voiced)
            spoken += std::max(0.0, std::min(s.end, v.end) - std::max(s.start, v.start));
    }
    return 2 * spoken > all;
}

/// Where something is heard for a second or longer (or somebody speaks, where that is known and
/// what segments are about) and nobody drew a segment, in recordings of which most of what is heard
/// has one: there people mean to label all of it.
void check_unlabelled(const GivenItem& item, std::uint32_t number, const Regions& regions,
                      Findings& out) {
    constexpr double least_covered = 0.8, least_seconds = 1, slack = 0.25;
    if (!(item.seconds > 0)) return;
    // Taken: what is silent or labelled, by where it begins.
    std::vector<GivenItem::Stretch> taken, labelled;
    std::string control;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::segments || !(r.end > r.start)) continue;
        labelled.push_back({r.start - slack, r.end + slack});
        control = r.control;
    }
    if (labelled.empty()) return;
    const bool is_speech = is_about_speech(item, labelled);
    if (!is_speech && item.silences.empty()) return;
    const auto gaps_of = [&](std::vector<GivenItem::Stretch> of) {
        std::sort(of.begin(), of.end(),
                  [](const auto& a, const auto& b) { return a.start < b.start; });
        std::vector<GivenItem::Stretch> gaps;
        double at = 0;
        for (const auto& s : of) {
            if (s.start > at) gaps.push_back({at, std::min(s.start, item.seconds)});
            at = std::max(at, s.end);
        }
        if (at < item.seconds) gaps.push_back({at, item.seconds});
        return gaps;
    };
    const auto sum = [](const std::vector<GivenItem::Stretch>& of) {
        double seconds = 0;
        for (const auto& s : of) seconds += s.end - s.start;
        return seconds;
    };
    taken = is_speech ? pauses_of(*item.voiced, item.seconds) : item.silences;
    const double heard = sum(gaps_of(taken));
    taken.insert(taken.end(), labelled.begin(), labelled.end());
    const auto open = gaps_of(taken);
    const double covered = heard > 0 ? 1 - sum(open) / heard : 0;
    if (covered < least_covered) return;
    for (const auto& gap : open) {
        if (gap.end - gap.start < least_seconds) continue;
        Finding f;
        f.check = Check::unlabelled_sound;
        f.item = number;
        f.score = std::clamp(covered, 0.0, 1.0);
        f.control = control;
        f.place = Place{Place::On::audio, gap.start, gap.end};
        f.sentence = std::string(is_speech ? "Somebody speaks" : "Something is heard") + " from " +
                     rounded(gap.start) + " to " + rounded(gap.end) +
                     " s, where no segment is; segments cover " + rounded(100 * covered) +
                     " % of what is " + (is_speech ? "spoken." : "heard.");
        out.add(std::move(f));
    }
}

}  // namespace

void check_spoken(const GivenItem& item, std::uint32_t number, const Regions& regions,
                  Findings& out) {
    Region whole;
    whole.kind = ControlKind::segments;
    whole.labels = {"the recording"};
    whole.end = item.seconds;
    std::unordered_map<std::string_view, const Region*> segments;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::segments || !(r.end > r.start)) continue;
        segments.emplace(r.id, &r);
        if (!item.silences.empty()) check_silence(item, number, r, out);
    }
    check_unlabelled(item, number, regions, out);
    for (const auto& r : regions) {
        if (r.kind != ControlKind::text) continue;
        const auto about = segments.find(r.parent);
        const bool of_whole = r.parent.empty() && item.seconds > 0;
        if (about == segments.end() && !of_whole) continue;
        const Region& place = of_whole ? whole : *about->second;
        check_rate(number, place, r, out);
        check_words(number, place, r, out);
    }
}

}  // namespace countersign
