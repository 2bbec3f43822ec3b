#include "app/check_voices.h"

#include <algorithm>
#include <map>

#include "models/turn_voices.h"

namespace countersign {

namespace {

/// The control's labelled segments of an item, as places among all marks.
std::vector<std::uint32_t> turns_of(const Corpus& corpus, const CorpusItem& item,
                                    std::uint32_t control) {
    std::vector<std::uint32_t> out;
    for (std::uint32_t m = item.first_mark; m < item.first_mark + item.marks; ++m) {
        const auto& mark = corpus.marks()[m];
        if (mark.control == control && mark.kind == ControlKind::segments &&
            mark.label != no_label && mark.end > mark.start && corpus.is_label(mark))
            out.push_back(m);
    }
    return out;
}

/// Two labels that several segments have each: else there are no voices to compare.
bool has_voices(const Corpus& corpus, const std::vector<std::uint32_t>& turns) {
    std::map<std::uint32_t, int> counts;
    for (const auto m : turns) ++counts[corpus.marks()[m].label];
    return std::count_if(counts.begin(), counts.end(), [](const auto& c) { return c.second > 1; }) >
           1;
}

bool is_listened_to(const Corpus& corpus, const CorpusItem& item, std::uint32_t control) {
    return item.voiced && has_voices(corpus, turns_of(corpus, item, control));
}

std::vector<TimeSpan> spans_of(const std::vector<GivenItem::Stretch>& voiced) {
    std::vector<TimeSpan> out;
    for (const auto& v : voiced) out.push_back({v.start, v.end});
    return out;
}

}  // namespace

bool may_be_speakers(const Corpus& corpus, std::uint32_t control) {
    const auto& about = corpus.control(control);
    return about.kind == ControlKind::segments && !about.is_multiple && about.labels.size() > 1 &&
           voiced_recordings_seconds(corpus, control) > 0;
}

double voiced_recordings_seconds(const Corpus& corpus, std::uint32_t control) {
    double seconds = 0;
    for (const auto& item : corpus.items()) {
        if (!is_listened_to(corpus, item, control)) continue;
        double end = 0;
        for (const auto& v : *item.voiced) end = std::max(end, v.end);
        seconds += end;
    }
    return seconds;
}

Result<VoiceReadings> voice_readings(const Corpus& corpus, std::uint32_t control,
                                     const std::function<Result<Sound>(std::uint32_t item)>& sound,
                                     const std::stop_token& stop) {
    const Refusal stopped{Code::cancelled, "Listening was stopped before it ended."};
    const auto labels = corpus.control(control).labels.size();
    VoiceReadings out;
    out.control = control;
    out.by = "the voices of the other segments";
    std::vector<TurnFit> fits;
    std::vector<int> given;
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i) {
        const auto& item = corpus.items()[i];
        if (!is_listened_to(corpus, item, control)) continue;
        const auto heard = sound(i);
        if (stop.stop_requested()) return stopped;
        if (!heard) continue;
        const auto marks = turns_of(corpus, item, control);
        std::vector<SpeakerTurn> turns;
        for (const auto m : marks) {
            const auto& mark = corpus.marks()[m];
            turns.push_back({mark.start, mark.end, static_cast<int>(mark.label), 1});
        }
        auto own = fit_turns(hear_speech(*heard, spans_of(*item.voiced)), static_cast<int>(labels),
                             turns, stop);
        if (stop.stop_requested()) return stopped;
        for (std::size_t t = 0; t < own.size(); ++t) {
            if (own[t].frames == 0) continue;
            out.marks.push_back(marks[t]);
            given.push_back(turns[t].speaker);
            fits.push_back(std::move(own[t]));
        }
    }
    if (fits.size() < least_judged_turns)
        return Refusal{Code::unavailable,
                       "Fewer than " + std::to_string(least_judged_turns) +
                           " segments are long enough, with others by the same label."};
    const double scale = best_scale(fits, given);
    for (const auto& fit : fits) {
        const auto row = turn_probabilities(fit, scale);
        out.rows.insert(out.rows.end(), row.begin(), row.end());
    }
    return out;
}

}  // namespace countersign
