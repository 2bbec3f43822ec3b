#include "models/speaker_drafter.h"

#include <algorithm>
#include <cmath>

#include "models/speech_controls.h"
#include "models/speech_worker.h"
#include "models/state_bytes.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr std::string_view voices_magic = "CSSP\x01\n";
constexpr double meeting_threshold = 0.2;
constexpr std::size_t voice_size = 8, most_components = 32, most_labels = 256;
constexpr double most_learned_seconds = 3'600;
/// A guess, nothing measured: that a cold turn keeps label and bounds.
constexpr double cold_right = 0.5;

struct SpeakerPlan {
    const Control* control = nullptr;
    std::vector<std::string> labels;
    VoiceSettings voice;
    SpeakerSettings speakers;
};

Result<SpeakerPlan> plan_of(const Schema& schema, const Json& config) {
    SpeakerPlan plan;
    plan.control = TRY(segments_control(schema, config));
    plan.labels = TRY(speaker_labels(*plan.control, config));
    VoiceSettings usual;
    usual.threshold = meeting_threshold;
    plan.voice = TRY(voice_settings_from(config, usual));
    plan.speakers.most_speakers = static_cast<int>(std::min<std::size_t>(plan.labels.size(), 10));
    const auto number = [&](const char* name, double usual_value, double least,
                            double most) -> Result<double> {
        const auto found = config.is_object() ? config.find(name) : config.end();
        if (!config.is_object() || found == config.end()) return usual_value;
        const double given = found->is_number() ? found->get<double>() : least - 1;
        if (given >= least && given <= most) return given;
        std::string why = "\"";
        why.append(name).append("\" must be a number from ").append(to_text(Json(least)));
        return Refusal{Code::invalid, why.append(" to ").append(to_text(Json(most))) + "."};
    };
    plan.speakers.speakers = static_cast<int>(
        TRY(number("speakers", 0, 0, static_cast<double>(plan.speakers.most_speakers))));
    plan.speakers.change_cost = TRY(number("change_cost", plan.speakers.change_cost, 10, 1000));
    return plan;
}

std::vector<SpeakerTurn> named_turns(const HeardSpeech& speech, const SpeakerVoices& known,
                                     std::size_t labels, const SpeakerSettings& settings,
                                     const std::stop_token& stop) {
    if (known.used) {
        auto turns =
            assign_speakers(speech, static_cast<int>(labels), {}, known.voices, settings, stop);
        if (!turns.empty()) return turns;
    }
    return cluster_speakers(speech, settings, stop);
}

class SpeakersDrafter final : public Drafter {
public:
    SpeakersDrafter(VoiceActivity voice, SpeakerPlan plan, SpeakerVoices known)
        : voice_(std::move(voice)),
          control_(*plan.control),
          plan_(std::move(plan)),
          known_(std::move(known)) {}

    std::string version() const override {
        return (known_.used ? "voices of " + std::to_string(known_.recordings) + " recordings, "
                            : std::string("speakers, ")) +
               voice_.version();
    }
    std::vector<std::string> controls() const override { return {control_.name}; }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.sound || ask.sound->rate != voice_rate)
            return Refusal{Code::invalid, "Speakers were asked for in an item that has no sound."};
        const auto speech = hear_speech(*ask.sound, voice_.speech(*ask.sound, plan_.voice, stop));
        const auto turns = named_turns(speech, known_, plan_.labels.size(), plan_.speakers, stop);
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        DraftAnswer answer;
        const double right = known_.right > 0 ? known_.right : cold_right;
        double least = 1, all = 1;
        for (const auto& turn : turns) {
            const auto place =
                std::min(static_cast<std::size_t>(turn.speaker), plan_.labels.size() - 1);
            auto& region = answer.regions.emplace_back(
                drafted_segment(control_, turn, plan_.labels[place], answer.regions.size() + 1));
            region.probability = right * turn.confidence;
            least = std::min(least, turn.confidence);
            all *= *region.probability;
        }
        answer.confidence = least;
        answer.probability = answer.regions.empty() ? 0.9 : all;
        return answer;
    }

private:
    VoiceActivity voice_;
    Control control_;
    SpeakerPlan plan_;
    SpeakerVoices known_;
};

Result<Json> guess_speakers(const Schema& schema) {
    const auto plan = TRY(plan_of(schema, Json::object()));
    const bool texts =
        std::any_of(schema.controls.begin(), schema.controls.end(), [](const Control& control) {
            return control.kind == ControlKind::text && control.per_region;
        });
    if (texts && missing_for_speech().empty())
        return Refusal{Code::unsupported,
                       "PocketSphinx drafts the segments here, with their words. For segments "
                       "without words say {\"control\": \"" +
                           plan.control->name + "\"}."};
    return Json{
        {"control", plan.control->name}, {"labels", plan.labels}, {"threshold", meeting_threshold}};
}

Result<SpeakerVoices> known_voices(const OpenAsk& ask, const SpeakerPlan& plan) {
    if (ask.state.empty()) return SpeakerVoices();
    auto known = TRY(speaker_voices_from(ask.state));
    // Labels that were renamed or reordered since: what it learned is for others.
    if (known.control != plan.control->name || known.labels != plan.labels) known.used = false;
    return known;
}

Result<std::unique_ptr<Drafter>> open_speakers(const OpenAsk& ask) {
    auto plan = TRY(plan_of(ask.schema, ask.config));
    auto known = TRY(known_voices(ask, plan));
    auto voice = TRY(VoiceActivity::load(ask.models_dir + "/silero.onnx"));
    return std::unique_ptr<Drafter>(
        std::make_unique<SpeakersDrafter>(std::move(voice), std::move(plan), std::move(known)));
}

Result<LearnedModel> learn_speakers_of(const LearnAsk& ask) {
    const auto plan = TRY(plan_of(ask.schema, ask.config));
    const auto voice = TRY(VoiceActivity::load(ask.models_dir + "/silero.onnx"));
    std::vector<ReviewedSpeech> reviewed;
    double seconds = 0;
    while (auto item = ask.next()) {
        if (ask.stop.stop_requested() || seconds > most_learned_seconds) break;
        if (item->sound.samples.empty()) continue;
        ReviewedSpeech one;
        for (const auto& region : item->regions) {
            if (region.kind != ControlKind::segments || region.control != plan.control->name ||
                region.labels.size() != 1)
                continue;
            const auto at = std::find(plan.labels.begin(), plan.labels.end(), region.labels[0]);
            if (at != plan.labels.end())
                one.turns.push_back(
                    {region.start, region.end, static_cast<int>(at - plan.labels.begin()), 1});
        }
        if (one.turns.empty()) continue;
        one.speech = hear_speech(item->sound, voice.speech(item->sound, plan.voice, ask.stop));
        seconds += static_cast<double>(one.speech.frames.size()) * cepstra_step;
        reviewed.push_back(std::move(one));
    }
    return learn_speakers(reviewed, plan.control->name, plan.labels, plan.speakers, ask.stop);
}

std::vector<Voice> voices_without(std::span<const ReviewedSpeech> reviewed, std::size_t fold,
                                  std::size_t folds, std::size_t labels) {
    std::vector<std::vector<const Cepstra*>> frames(labels);
    for (std::size_t i = 0; i < reviewed.size(); ++i) {
        if (i % folds == fold) continue;
        const auto own =
            frames_of_speakers(reviewed[i].speech, static_cast<int>(labels), reviewed[i].turns);
        for (std::size_t k = 0; k < labels; ++k)
            frames[k].insert(frames[k].end(), own[k].begin(), own[k].end());
    }
    std::vector<Voice> out;
    for (const auto& own : frames)
        out.push_back(own.size() < 50 ? Voice() : Voice::of(own, voice_size));
    return out;
}

/// Reviewed turns of which most is drafted with the right label.
std::size_t right_turns(const ReviewedSpeech& truth, std::span<const SpeakerTurn> drafted) {
    std::size_t right = 0;
    for (const auto& turn : truth.turns) {
        double own = 0;
        for (const auto& draft : drafted)
            if (draft.speaker == turn.speaker)
                own += std::max(0.0,
                                std::min(draft.end, turn.end) - std::max(draft.start, turn.start));
        right += own > (turn.end - turn.start) / 2;
    }
    return right;
}

}  // namespace

std::string speaker_voices_bytes(const SpeakerVoices& voices) {
    StateWriter out(voices_magic);
    out.text(voices.control);
    out.varint(voices.recordings);
    out.varint(voices.used);
    out.number(static_cast<float>(voices.right));
    out.varint(voices.labels.size());
    for (std::size_t k = 0; k < voices.labels.size(); ++k) {
        out.text(voices.labels[k]);
        const auto& components = voices.voices[k].components();
        out.varint(components.size());
        for (const auto& c : components) {
            out.number(c.weight);
            for (const float v : c.mean) out.number(v);
            for (const float v : c.precision) out.number(v);
        }
    }
    return std::move(out).sealed();
}

Result<SpeakerVoices> speaker_voices_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, voices_magic)));
    SpeakerVoices out;
    out.control = in.text();
    out.recordings = static_cast<std::uint32_t>(in.varint(1'000'000));
    out.used = in.varint(1) == 1;
    out.right = static_cast<double>(in.number(1));
    in.require(out.right >= 0);
    const auto labels = in.varint(most_labels);
    for (std::uint64_t k = 0; k < labels && in.good; ++k) {
        out.labels.push_back(in.text());
        const auto size = in.varint(most_components);
        std::vector<Voice::Component> components;
        for (std::uint64_t c = 0; c < size && in.good; ++c) {
            auto& component = components.emplace_back();
            component.weight = in.number(1e6f);
            for (float& v : component.mean) v = in.number(1e4f);
            for (float& v : component.precision) {
                v = in.number(1e4f);
                in.require(v > 0);
            }
        }
        out.voices.emplace_back(std::move(components));
    }
    if (!in.good || in.left() != 0) return damaged_state("makes no sense");
    return out;
}

Result<LearnedModel> learn_speakers(std::span<const ReviewedSpeech> reviewed,
                                    const std::string& control, std::span<const std::string> labels,
                                    const SpeakerSettings& settings, const std::stop_token& stop) {
    if (reviewed.size() < least_speaker_recordings)
        return Refusal{Code::unavailable,
                       "Voices are learned from at least " +
                           std::to_string(least_speaker_recordings) +
                           " reviewed recordings with segments of speakers; there are " +
                           std::to_string(reviewed.size()) + "."};
    constexpr std::size_t folds = 4;
    std::size_t turns = 0, right = 0, cold = 0;
    for (std::size_t fold = 0; fold < folds && !stop.stop_requested(); ++fold) {
        const auto voices = voices_without(reviewed, fold, folds, labels.size());
        for (std::size_t i = fold; i < reviewed.size(); i += folds) {
            const auto& one = reviewed[i];
            turns += one.turns.size();
            right += right_turns(one, assign_speakers(one.speech, static_cast<int>(labels.size()),
                                                      {}, voices, settings, stop));
            cold += right_turns(one, cluster_speakers(one.speech, settings, stop));
        }
    }
    if (stop.stop_requested()) return Refusal{Code::cancelled, "Learning was stopped."};
    SpeakerVoices learned;
    learned.control = control;
    learned.labels.assign(labels.begin(), labels.end());
    learned.voices = voices_without(reviewed, folds, folds, labels.size());
    learned.recordings = static_cast<std::uint32_t>(reviewed.size());
    learned.used = right > cold;
    const auto best = std::max(right, cold);
    learned.right =
        static_cast<double>(best) / static_cast<double>(std::max<std::size_t>(1, turns));
    const auto interval = wilson(best, turns);
    Json quality{{"method", learned.used ? "voices" : "order"},
                 {"n", turns},
                 {"learned_from", reviewed.size()},
                 {"accuracy", learned.right},
                 {"accuracy_low", interval.low},
                 {"accuracy_high", interval.high},
                 {"by_voices", right},
                 {"by_order", cold}};
    const auto name = "voices of " + std::to_string(reviewed.size()) + " recordings";
    return LearnedModel{speaker_voices_bytes(learned), name, std::move(quality)};
}

ModelKind speakers_kind() {
    return {.kind = "speakers",
            .title = "Who speaks when (rough; learns your speakers' voices)",
            .modality = Modality::audio,
            .control = ControlKind::segments,
            .embedded = true,
            .guess = guess_speakers,
            .open = open_speakers,
            .learn = learn_speakers_of,
            .least_labels = least_speaker_recordings,
            .most_labels = 500};
}

}  // namespace countersign
