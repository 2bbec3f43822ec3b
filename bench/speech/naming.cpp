// Room: models
// Do segments have more of their seconds under the right name once a person has named five seconds
// of each speaker and the others were named by their voices? Dialogues drawn of eight voices, apart
// and over each other, half of them in noise; one-minute cuts of real meetings (spk_ami_1min).
//
//     bench_speech_naming FOLDER      from bench/speech/voices.py; COUNTERSIGN_DATA, _MODELS
//
// Drafted cold, with as many voices as there are speakers at most; the draft's voices are mapped to
// the speakers they share most time with. The person goes through the segments in order and names
// each whole one of a speaker, until five seconds of that speaker are named. `chosen` is what
// least_sure was chosen on, `held` are other draws.
#include <map>

#include "../figure_line.h"
#include "dialogues.h"
#include "models/speaker_naming.h"

namespace {

using namespace countersign;
using namespace countersign::bench;

constexpr double person_names = 5, tick = 0.01, draft_threshold = 0.2;

struct Counted {
    double spoken = 0, before = 0, after = 0, better = 0, worse = 0;
    double segments = 0, left = 0;
};

/// What is drafted of a talk, and who its speakers are.
struct Drafted {
    std::vector<std::string> speakers;
    std::vector<SpeakerTurn> turns;  ///< Of labels: the speakers' places, then nobody's.
    int labels = 0;
};

bool is_scored(const Talk& talk, double at) {
    return talk.scored.empty() ||
           std::any_of(talk.scored.begin(), talk.scored.end(),
                       [&](const auto& s) { return s.first <= at && at < s.second; });
}

/// Of each speaker the seconds in which they speak in the span; behind them: in which anybody does.
std::vector<double> spoken_in(const Talk& talk, const std::vector<std::string>& speakers,
                              const TimeSpan& span, bool scored_only) {
    std::vector<double> out(speakers.size() + 1, 0);
    for (double at = span.start + tick / 2; at < span.end; at += tick) {
        if (scored_only && !is_scored(talk, at)) continue;
        std::vector<bool> speaks(speakers.size(), false);
        for (const auto& turn : talk.turns)
            if (turn.start <= at && at < turn.end)
                speaks[static_cast<std::size_t>(
                    std::find(speakers.begin(), speakers.end(), turn.speaker) - speakers.begin())] =
                    true;
        bool any = false;
        for (std::size_t k = 0; k < speaks.size(); ++k) {
            out[k] += speaks[k] ? tick : 0;
            any = any || speaks[k];
        }
        out.back() += any ? tick : 0;
    }
    return out;
}

Drafted draft_of(const Talk& talk, const VoiceActivity& voice) {
    Drafted out;
    std::set<std::string> names;
    for (const auto& turn : talk.turns) names.insert(turn.speaker);
    out.speakers.assign(names.begin(), names.end());
    const auto n = static_cast<int>(out.speakers.size());
    out.turns = cluster_speakers(
        hear_speech(talk.sound, voice.speech(talk.sound, {.threshold = draft_threshold})),
        {.most_speakers = std::max(2, n)});
    std::vector<Piece> pieces;
    int voices = 0;
    for (const auto& turn : out.turns) {
        voices = std::max(voices, turn.speaker + 1);
        const auto spoken = spoken_in(talk, out.speakers, {turn.start, turn.end}, false);
        for (int k = 0; k < n; ++k)
            pieces.push_back({spoken[static_cast<std::size_t>(k)], {k}, {turn.speaker}});
    }
    auto map = best_map(pieces);
    map.resize(static_cast<std::size_t>(voices), -1);
    out.labels = n;
    for (auto& label : map)
        if (label < 0) label = out.labels++;
    for (auto& turn : out.turns) turn.speaker = map[static_cast<std::size_t>(turn.speaker)];
    return out;
}

void measure(const Talk& talk, const Drafted& drafted, std::vector<SpeakerTurn> segments,
             Counted& out) {
    const std::size_t n = drafted.speakers.size();
    std::vector<SpeakerTurn> labelled;
    std::vector<AskedSegment> asked;
    std::vector<double> named(n, 0);
    std::vector<TimeSpan> spans;
    for (const auto& segment : segments) {
        const TimeSpan at{segment.start, segment.end};
        auto spoken = spoken_in(talk, drafted.speakers, at, false);
        spoken.pop_back();
        const auto most = static_cast<std::size_t>(std::max_element(spoken.begin(), spoken.end()) -
                                                   spoken.begin());
        if (spoken[most] > 0 && named[most] < person_names) {
            named[most] += at.length();
            labelled.push_back({at.start, at.end, static_cast<int>(most), 1});
        } else {
            asked.push_back({at, segment.speaker});
        }
        if (!spans.empty() && at.start <= spans.back().end)
            spans.back().end = std::max(spans.back().end, at.end);
        else
            spans.push_back(at);
    }
    const auto names =
        name_segments(hear_speech(talk.sound, spans), drafted.labels, labelled, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto spoken = spoken_in(talk, drafted.speakers, asked[i].at, true);
        const auto right = [&](int label) {
            return label < static_cast<int>(n) ? spoken[static_cast<std::size_t>(label)] : 0;
        };
        const auto& name = names.segments[i];
        const bool is_named = name.verdict == NamingVerdict::named;
        const double before = right(asked[i].label),
                     after = is_named ? right(name.speaker) : before;
        out.spoken += spoken.back();
        out.before += before, out.after += after;
        out.better += std::max(0.0, after - before), out.worse += std::max(0.0, before - after);
        ++out.segments, out.left += !is_named;
    }
}

/// The reference's own segments, over each other where people talk at once, each under the label
/// that the draft has for most of it.
std::vector<SpeakerTurn> true_segments(const Talk& talk, const Drafted& drafted) {
    std::vector<SpeakerTurn> out;
    for (const auto& turn : talk.turns) {
        std::map<int, double> shares;
        for (const auto& draft : drafted.turns)
            shares[draft.speaker] +=
                std::max(0.0, std::min(draft.end, turn.end) - std::max(draft.start, turn.start));
        int label = 0;
        for (const auto& [voice, seconds] : shares)
            if (seconds > shares[label]) label = voice;
        out.push_back({turn.start, turn.end, label, 1});
    }
    std::sort(out.begin(), out.end(),
              [](const SpeakerTurn& a, const SpeakerTurn& b) { return a.start < b.start; });
    return out;
}

void print(const std::string& name, const Counted& c) {
    if (c.spoken <= 0) return;
    line("naming_" + name + "_before", c.before / c.spoken, "share");
    // Whoever presses the key must not lose by it.
    line("naming_" + name + "_after", c.after / c.spoken, "share", c.before / c.spoken - 5e-4);
    line("naming_" + name + "_made_better", c.better, "s");
    line("naming_" + name + "_made_worse", c.worse, "s");
    line("naming_" + name + "_left_alone", c.left / c.segments, "share");
}

std::vector<Talk> meetings(const std::string& set) {
    std::vector<Talk> out;
    for (const char* part : {"debug.train", "debug.development", "debug.test", "sample"}) {
        auto scored = uem_file(set + part + ".uem");
        for (const auto& [name, turns] : rttm_file(set + part + ".rttm"))
            if (const auto sound = wav_file(set + name + ".wav"))
                out.push_back({name, *sound, turns, scored[name]});
    }
    return out;
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::puts("usage: bench_speech_naming FOLDER"), 2;
    const std::string source = environment("COUNTERSIGN_SOURCE", ".");
    const auto voice = VoiceActivity::load(
        environment("COUNTERSIGN_MODELS", source + "/models/cache") + "/silero.onnx");
    if (!voice) return std::printf("# %s\n", voice.refusal().message.c_str()), 3;
    const auto clips = clips_in(words[1]);
    if (clips.size() < 5)
        return std::printf("# no voices in %s: bench/speech/voices.py\n", words[1]), 3;
    struct Set {
        const char* name;
        double earliest, latest;  ///< Of the next turn, seconds after the end of the one before.
        std::uint64_t seed;
    };
    constexpr int talks = 16;
    constexpr double talk_seconds = 100, noise_below = 15;
    for (const auto& set : {Set{"chosen_apart", .3, .9, 1}, Set{"chosen_over", -1.2, .5, 3},
                            Set{"held_apart", .3, .9, 2}, Set{"held_over", -1.2, .5, 4}}) {
        Rng rng(set.seed);
        Counted sum;
        for (int i = 0; i < talks; ++i) {
            const auto talk = drawn_talk(clips, 2 + i % 4, talk_seconds, set.earliest, set.latest,
                                         i % 2 ? std::optional(noise_below) : std::nullopt, rng);
            const auto drafted = draft_of(talk, *voice);
            measure(talk, drafted, drafted.turns, sum);
        }
        print(set.name, sum);
    }
    Counted drafted_segments, own_segments;
    for (const auto& talk :
         meetings(environment("COUNTERSIGN_DATA", source + "/../shared/data") + "/spk_ami_1min/")) {
        const auto drafted = draft_of(talk, *voice);
        measure(talk, drafted, drafted.turns, drafted_segments);
        measure(talk, drafted, true_segments(talk, drafted), own_segments);
    }
    print("meetings", drafted_segments);
    print("meetings_true_segments", own_segments);
    return short_of > 0;
}
