#include "models/speaker_naming.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/turn_voices.h"

namespace countersign {

namespace {

constexpr std::size_t halves = 2, naming_folds = 3;
constexpr int naming_rounds = 3;
constexpr std::size_t least_voice = 100, few_frames = 600;  ///< Frames: 1 s, 6 s.
constexpr std::size_t small_voice = 4, usual_voice = 8;
constexpr std::size_t piece_frames = 200;  ///< About as long as what is to be named: 2 s.
/// Where the scale is held to lie before a piece is heard, and by how much its logarithm strays: a
/// few pieces that are all right would else make everything sure.
constexpr double usual_scale = 0.1, scale_strays = 1;
constexpr double unknown_voice = -std::numeric_limits<double>::infinity();

using VoiceFrames = std::vector<const Cepstra*>;

/// Frames of `speech` inside the span, as [first, last).
std::pair<std::size_t, std::size_t> frames_in(const HeardSpeech& speech, const TimeSpan& span) {
    const auto place = [&](double seconds) {
        return static_cast<std::size_t>(
            std::lower_bound(speech.at.begin(), speech.at.end(), seconds,
                             [](std::uint32_t at, double s) { return at * cepstra_step < s; }) -
            speech.at.begin());
    };
    const auto first = place(span.start);
    return {first, std::max(first, place(span.end))};
}

Voice voice_of(const VoiceFrames& own) {
    if (own.size() < least_voice) return {};
    return Voice::of(own, own.size() > few_frames ? usual_voice : small_voice);
}

TurnFit fit_of(const VoiceFrames& frames, const std::vector<Voice>& voices) {
    TurnFit out;
    out.frames = frames.size();
    for (const auto& voice : voices) {
        double sum = voice.known() ? 0 : unknown_voice;
        if (voice.known())
            for (const auto* frame : frames)
                sum += static_cast<double>(voice.log_likelihood(*frame));
        out.of_speaker.push_back(sum / static_cast<double>(frames.size()));
    }
    return out;
}

std::size_t best_of(const std::vector<double>& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) -
                                    values.begin());
}

/// Of each frame the one label whose segments cover it; else -1.
class SoleLabels {
public:
    explicit SoleLabels(const HeardSpeech& speech)
        : speech_(speech), label_(speech.frames.size(), nobody) {}
    void cover(const TimeSpan& span, int label) {
        const auto [first, last] = frames_in(speech_, span);
        for (auto i = first; i < last; ++i)
            label_[i] = label_[i] == nobody || label_[i] == label ? label : several;
    }
    VoiceFrames frames(const TimeSpan& span, int label) const {
        VoiceFrames out;
        const auto [first, last] = frames_in(speech_, span);
        for (auto i = first; i < last; ++i)
            if (label_[i] == label) out.push_back(&speech_.frames[i]);
        return out;
    }

private:
    static constexpr int nobody = -1, several = -2;
    const HeardSpeech& speech_;
    std::vector<int> label_;
};

class Naming {
public:
    Naming(const HeardSpeech& speech, int speakers, std::span<const SpeakerTurn> labelled,
           std::span<const AskedSegment> asked)
        : vouched_(static_cast<std::size_t>(speakers)) {
        const auto known = [&](int label) { return label >= 0 && label < speakers; };
        SoleLabels sole(speech);
        for (const auto& turn : labelled)
            if (known(turn.speaker)) sole.cover({turn.start, turn.end}, turn.speaker);
        // A segment without a label is like no other.
        const auto label_of = [&](std::size_t i) {
            return known(asked[i].label) ? asked[i].label : speakers + static_cast<int>(i);
        };
        for (std::size_t i = 0; i < asked.size(); ++i) sole.cover(asked[i].at, label_of(i));
        std::vector<std::vector<VoiceFrames>> turns(vouched_.size());
        for (const auto& turn : labelled) {
            if (!known(turn.speaker)) continue;
            const auto k = static_cast<std::size_t>(turn.speaker);
            auto own = sole.frames({turn.start, turn.end}, turn.speaker);
            vouched_[k].insert(vouched_[k].end(), own.begin(), own.end());
            turns[k].push_back(std::move(own));
        }
        for (std::size_t k = 0; k < turns.size(); ++k) {
            LabelledVoice voice;
            voice.seconds = static_cast<double>(vouched_[k].size()) * cepstra_step;
            out_.voices.push_back(voice);
            if (is_given(k)) cut(k, turns[k]);
        }
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const auto [first, last] = frames_in(speech, asked[i].at);
            covered_.push_back(last - first);
            own_.push_back(sole.frames(asked[i].at, label_of(i)));
            const bool stays =
                known(asked[i].label) && !is_given(static_cast<std::size_t>(asked[i].label));
            owner_.push_back(stays ? asked[i].label : -1);
        }
    }

    SegmentNames run(const std::stop_token& stop) {
        std::vector<TurnFit> fits(own_.size());
        for (int round = 0; round < naming_rounds; ++round) {
            std::vector<std::vector<Voice>> voices;
            for (std::size_t half = 0; half < halves; ++half)
                voices.push_back(learned(vouched_, half));
            for (std::size_t i = 0; i < own_.size() && !stop.stop_requested(); ++i) {
                if (own_[i].empty()) continue;
                fits[i] = fit_of(own_[i], voices[i % halves]);
                const auto best = best_of(fits[i].of_speaker);
                owner_[i] = fits[i].of_speaker[best] == unknown_voice ? -1 : static_cast<int>(best);
            }
        }
        const double scale = listen_to_pieces(stop);
        for (std::size_t i = 0; i < own_.size(); ++i)
            out_.segments.push_back(judged(i, fits[i], scale));
        return std::move(out_);
    }

private:
    struct Piece {
        int speaker;
        std::size_t fold;
        VoiceFrames frames;
    };

    bool is_given(std::size_t k) const { return out_.voices[k].seconds >= least_named_speech; }

    /// A fold is of whole turns where there are enough, as a turn is like itself.
    void cut(std::size_t speaker, const std::vector<VoiceFrames>& turns) {
        std::size_t piece = 0;
        for (std::size_t turn = 0; turn < turns.size(); ++turn) {
            const auto& own = turns[turn];
            const auto n = std::max<std::size_t>(1, (own.size() + piece_frames / 2) / piece_frames);
            const auto at = [&](std::size_t i) {
                return own.begin() + static_cast<std::ptrdiff_t>(own.size() * i / n);
            };
            for (std::size_t i = 0; i < n; ++i, ++piece)
                pieces_.push_back({static_cast<int>(speaker),
                                   (turns.size() >= naming_folds ? turn : piece) % naming_folds,
                                   VoiceFrames(at(i), at(i + 1))});
        }
    }

    /// The voices of what was vouched for and of what all but this half of the segments teaches.
    std::vector<Voice> learned(std::vector<VoiceFrames> frames, std::size_t without) const {
        for (std::size_t i = 0; i < own_.size(); ++i) {
            if (i % halves == without || owner_[i] < 0) continue;
            auto& own = frames[static_cast<std::size_t>(owner_[i])];
            own.insert(own.end(), own_[i].begin(), own_[i].end());
        }
        std::vector<Voice> out;
        for (const auto& own : frames) out.push_back(voice_of(own));
        return out;
    }

    /// How well each voice is recognised, and the scale of what a score says.
    double listen_to_pieces(const std::stop_token& stop) {
        std::vector<TurnFit> fits;
        std::vector<int> given;
        std::vector<double> heard(vouched_.size(), 0), right(vouched_.size(), 0);
        for (std::size_t fold = 0; fold < naming_folds && !stop.stop_requested(); ++fold) {
            std::vector<VoiceFrames> others(vouched_.size());
            for (std::size_t k = 0; k < vouched_.size(); ++k)
                if (!is_given(k)) others[k] = vouched_[k];
            for (const auto& piece : pieces_) {
                if (piece.fold == fold) continue;
                auto& own = others[static_cast<std::size_t>(piece.speaker)];
                own.insert(own.end(), piece.frames.begin(), piece.frames.end());
            }
            const auto voices = learned(std::move(others), halves);
            for (const auto& piece : pieces_) {
                if (piece.fold != fold || piece.frames.size() < least_turn_frames) continue;
                const auto k = static_cast<std::size_t>(piece.speaker);
                heard[k] += static_cast<double>(piece.frames.size());
                if (!voices[k].known()) continue;
                fits.push_back(fit_of(piece.frames, voices));
                given.push_back(piece.speaker);
                if (best_of(fits.back().of_speaker) == k)
                    right[k] += static_cast<double>(piece.frames.size());
            }
        }
        for (std::size_t k = 0; k < heard.size(); ++k)
            if (heard[k] > 0) out_.voices[k].recognised = right[k] / heard[k];
        return best_scale(fits, given, usual_scale, scale_strays);
    }

    NamedSegment judged(std::size_t i, const TurnFit& fit, double scale) const {
        NamedSegment out;
        if (own_[i].size() < least_turn_frames) {
            if (covered_[i] >= least_turn_frames) out.verdict = NamingVerdict::talked_over;
            return out;
        }
        out.verdict = NamingVerdict::unsure;
        if (owner_[i] < 0) return out;
        const auto best = static_cast<std::size_t>(owner_[i]);
        out.confidence = turn_probabilities(fit, scale)[best];
        if (!is_given(best)) out.verdict = NamingVerdict::other_voice;
        if (!out_.voices[best].names() || out.confidence < least_sure) return out;
        out.verdict = NamingVerdict::named;
        out.speaker = owner_[i];
        return out;
    }

    std::vector<VoiceFrames> vouched_;
    std::vector<Piece> pieces_;         ///< Of what is vouched for, of the voices with enough.
    std::vector<std::size_t> covered_;  ///< Frames of each segment,
    std::vector<VoiceFrames> own_;      ///< and those that are of its label alone.
    std::vector<int> owner_;            ///< Whose it is held to be; -1: not known.
    SegmentNames out_;
};

}  // namespace

SegmentNames name_segments(const HeardSpeech& speech, int speakers,
                           std::span<const SpeakerTurn> labelled,
                           std::span<const AskedSegment> asked, const std::stop_token& stop) {
    if (speakers <= 0) return {std::vector<NamedSegment>(asked.size()), {}};
    Naming naming(speech, speakers, labelled, asked);
    auto out = naming.run(stop);
    return out;
}

}  // namespace countersign
