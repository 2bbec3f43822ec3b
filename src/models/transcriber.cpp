#include "models/transcriber.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "models/speech_controls.h"
#include "models/state_bytes.h"
#include "models/word_model.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr std::string_view speech_magic = "CSTR\x01\n";
constexpr double longest_utterance = 20, utterance_pause = 0.8, around = 0.3;  // Seconds.
constexpr double turn_pause = 0.8;
constexpr std::size_t most_sentences = 20'000, most_listed = 5'000;
constexpr double most_heard_seconds = 240, longest_clip = 30;
constexpr int voices_at_most = 6;

std::size_t place_of(double seconds, const Sound& sound) {
    return std::min(sound.samples.size(),
                    static_cast<std::size_t>(std::max(0.0, seconds) * sound.rate));
}

/// The quietest 20 ms within a second before `at`.
double quiet_place(const Sound& sound, double at) {
    constexpr double step = 0.02;
    double best = at, least = 1e300;
    for (double t = at - 1; t < at; t += step) {
        double sum = 0;
        for (std::size_t i = place_of(t, sound); i < place_of(t + step, sound); ++i)
            sum += 1.0 * sound.samples[i] * sound.samples[i];
        if (sum < least) least = sum, best = t + step / 2;
    }
    return best;
}

std::string words_text(std::span<const Word> words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word.text;
    return out;
}

struct SpeechPlan {
    Control text;
    std::optional<Control> segments;  ///< When each segment has its text.
    std::vector<std::string> labels;
    std::vector<std::string> words;
    VoiceSettings voice;
};

Result<std::vector<std::string>> listed_words(const Json& config) {
    std::vector<std::string> out;
    const auto given = config.is_object() ? config.find("words") : config.end();
    if (!config.is_object() || given == config.end()) return out;
    if (!given->is_array() || given->size() > most_listed)
        return Refusal{Code::invalid, "\"words\" must be a list of at most " +
                                          std::to_string(most_listed) + " words or phrases."};
    for (const auto& row : *given) {
        std::string phrase;
        if (row.is_string())
            for (const auto& word : spoken_words(row.get<std::string>()))
                phrase += (phrase.empty() ? "" : " ") + word;
        if (phrase.empty())
            return Refusal{Code::invalid, to_text(row) + " in \"words\" is no English word."};
        out.push_back(std::move(phrase));
    }
    return out;
}

Result<SpeechPlan> plan_of(const Schema& schema, const Json& config) {
    SpeechPlan plan;
    plan.text = *TRY(transcript_control(schema, config));
    plan.words = TRY(listed_words(config));
    plan.voice = TRY(voice_settings_from(config, {}));
    if (!plan.text.per_region) return plan;
    const auto* segments = TRY(segments_control(schema, config, "segments"));
    plan.labels = TRY(speaker_labels(*segments, config));
    plan.segments = *segments;
    return plan;
}

/// Listed words alone are no sentences: they may only become likelier.
SpeechAdaptation adaptation_of(std::span<const std::string> sentences,
                               const std::vector<std::string>& words) {
    constexpr double words_alone = 0.1;
    SpeechAdaptation out{{sentences.begin(), sentences.end()}, words};
    if (sentences.empty()) out.weight = words_alone;
    return out;
}

std::span<const std::string> used_sentences(const ProjectSpeech& known) {
    return known.used ? std::span(known.sentences) : std::span<const std::string>();
}

class Transcriber final : public Drafter {
public:
    Transcriber(VoiceActivity voice, SpeechPlan plan, ProjectSpeech known)
        : voice_(std::move(voice)),
          plan_(std::move(plan)),
          known_(std::move(known)),
          ear_(speech_worker_command(), adaptation_of(used_sentences(known_), plan_.words), {}) {}

    std::string version() const override {
        return "pocketsphinx en-us" +
               (known_.used ? ", words of " + std::to_string(known_.transcripts) + " transcripts"
                            : std::string());
    }
    std::vector<std::string> controls() const override {
        std::vector<std::string> out{plan_.text.name};
        if (plan_.segments) out.push_back(plan_.segments->name);
        return out;
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.sound || ask.sound->rate != voice_rate)
            return Refusal{Code::invalid, "A transcript was asked for of an item without sound."};
        const auto speech = voice_.speech(*ask.sound, plan_.voice, stop);
        DraftAnswer answer;
        answer.confidence = answer.probability = 1;
        if (plan_.segments)
            TRY(draft_turns(*ask.sound, speech, answer, stop));
        else
            TRY(draft_whole(*ask.sound, speech, answer, stop));
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        return answer;
    }

private:
    Result<> draft_whole(const Sound& sound, std::span<const TimeSpan> speech, DraftAnswer& answer,
                         const std::stop_token& stop) {
        auto words = TRY(hear(sound, speech, stop));
        if (words.empty()) {
            answer.confidence = answer.probability = 0;
            return Done{};
        }
        write(std::move(words), {}, answer);
        return Done{};
    }

    Result<> draft_turns(const Sound& sound, const std::vector<TimeSpan>& speech,
                         DraftAnswer& answer, const std::stop_token& stop) {
        const SpeakerSettings settings{
            .most_speakers = std::min(static_cast<int>(plan_.labels.size()), voices_at_most)};
        const auto turns =
            joined_turns(cluster_speakers(hear_speech(sound, speech), settings, stop), turn_pause,
                         longest_utterance);
        std::size_t number = 0;
        for (const auto& turn : turns) {
            const auto place =
                std::min(static_cast<std::size_t>(turn.speaker), plan_.labels.size() - 1);
            auto segment = drafted_segment(*plan_.segments, turn, plan_.labels[place], ++number);
            const TimeSpan span{turn.start, turn.end};
            auto words = TRY(hear(sound, {&span, 1}, stop));
            constexpr double label_kept = 0.5;  // Cold speakers: speaker_drafter.cpp.
            segment.probability = turn.confidence * label_kept;
            *answer.probability *= *segment.probability;
            const auto parent = segment.id;
            answer.regions.push_back(std::move(segment));
            if (!words.empty()) write(std::move(words), parent, answer);
        }
        return Done{};
    }

    /// Words of all utterances, times from the recording's start. One that no worker survives is
    /// left out.
    Result<std::vector<Word>> hear(const Sound& sound, std::span<const TimeSpan> speech,
                                   const std::stop_token& stop) {
        std::vector<Word> out;
        for (const auto& span : utterances(sound, speech, utterance_pause, longest_utterance)) {
            const auto begin = place_of(span.start, sound), end = place_of(span.end, sound);
            if (end <= begin) continue;
            auto heard = ear_.hear(std::span(sound.samples).subspan(begin, end - begin), stop);
            if (!heard && heard.refusal().code != Code::invalid) return heard.refusal();
            if (!heard) continue;
            for (auto& word : *heard) {
                word.start += span.start;
                word.end += span.start;
                word.confidence = known_.words(posterior_map()(word.confidence.value_or(0)));
                out.push_back(std::move(word));
            }
        }
        return out;
    }

    void write(std::vector<Word> words, const std::string& parent, DraftAnswer& answer) const {
        Region region;
        region.id = parent.empty() ? "d1" : parent + "t";
        region.control = plan_.text.name;
        region.kind = ControlKind::text;
        region.parent = parent;
        region.text = words_text(words);
        region.origin = Origin::model;
        double sum = 0, all = 1;
        for (const auto& word : words) {
            sum += *word.confidence;
            all *= *word.confidence;
        }
        region.confidence = sum / static_cast<double>(words.size());
        region.probability = all;
        region.words = std::move(words);
        answer.confidence = std::min(*answer.confidence, *region.confidence);
        *answer.probability *= all;
        answer.regions.push_back(std::move(region));
    }

    VoiceActivity voice_;
    SpeechPlan plan_;
    ProjectSpeech known_;
    Recogniser ear_;
};

Result<Json> guess_transcripts(const Schema& schema) {
    const auto plan = TRY(plan_of(schema, Json::object()));
    Json config{{"control", plan.text.name}, {"words", Json::array()}};
    if (plan.segments) {
        config["segments"] = plan.segments->name;
        config["labels"] = plan.labels;
    }
    return config;
}

Result<std::unique_ptr<Drafter>> open_transcriber(const OpenAsk& ask) {
    auto plan = TRY(plan_of(ask.schema, ask.config));
    auto known = ask.state.empty() ? ProjectSpeech() : TRY(project_speech_from(ask.state));
    if (const auto missing = missing_for_speech(); !missing.empty())
        return Refusal{Code::unavailable, missing};
    auto voice = TRY(VoiceActivity::load(ask.models_dir + "/silero.onnx"));
    return std::unique_ptr<Drafter>(
        std::make_unique<Transcriber>(std::move(voice), std::move(plan), std::move(known)));
}

/// The clips of one item: its segments' texts, or the whole of a short recording. Sound is kept
/// while `room` lasts.
void add_clips(LabelledItem& item, const SpeechPlan& plan, double& room,
               std::vector<SaidClip>& clips) {
    for (const auto& region : item.regions) {
        if (region.control != plan.text.name || region.kind != ControlKind::text) continue;
        TimeSpan span{0, item.sound.seconds()};
        if (plan.segments) {
            const auto about =
                std::find_if(item.regions.begin(), item.regions.end(),
                             [&](const Region& other) { return other.id == region.parent; });
            if (about == item.regions.end()) continue;
            span = {about->start, about->end};
        }
        SaidClip clip;
        for (const auto& word : spoken_words(region.text))
            clip.text += (clip.text.empty() ? "" : " ") + word;
        if (clip.text.empty()) continue;
        if (span.length() > 0.2 && span.length() <= std::min(longest_clip, room)) {
            const auto begin = place_of(span.start, item.sound),
                       end = place_of(span.end, item.sound);
            clip.samples.assign(item.sound.samples.begin() + static_cast<std::ptrdiff_t>(begin),
                                item.sound.samples.begin() + static_cast<std::ptrdiff_t>(end));
            room -= span.length();
        }
        clips.push_back(std::move(clip));
    }
}

Result<LearnedModel> learn_transcripts(const LearnAsk& ask) {
    const auto plan = TRY(plan_of(ask.schema, ask.config));
    if (const auto missing = missing_for_speech(); !missing.empty())
        return Refusal{Code::unavailable, missing};
    std::vector<SaidClip> clips;
    double room = most_heard_seconds;
    while (auto item = ask.next()) add_clips(*item, plan, room, clips);
    const HearClips hear =
        [&](std::span<const SaidClip* const> heard,
            std::span<const std::string> sentences) -> Result<std::vector<std::vector<Word>>> {
        Recogniser ear(speech_worker_command(), adaptation_of(sentences, plan.words), {});
        std::vector<std::vector<Word>> out;
        for (const auto* clip : heard) {
            auto words = ear.hear(clip->samples, ask.stop);
            if (!words && words.refusal().code != Code::invalid) return words.refusal();
            out.push_back(words ? *std::move(words) : std::vector<Word>());
        }
        return out;
    };
    return learn_speech(clips, hear);
}

/// What hearing the same clips with two language models gave.
struct Heard {
    std::size_t errors = 0, said = 0;
    std::vector<double> claimed;
    std::vector<std::uint8_t> right;

    void add(const SaidClip& clip, std::span<const Word> words) {
        std::vector<std::string> texts;
        for (const auto& word : words) texts.push_back(word.text);
        const auto wrong = word_errors(spoken_words(clip.text), texts);
        errors += wrong.errors;
        said += wrong.said;
        for (std::size_t i = 0; i < words.size(); ++i) {
            claimed.push_back(posterior_map()(words[i].confidence.value_or(0)));
            right.push_back(wrong.right[i]);
        }
    }
    double rate() const {
        return said == 0 ? 1 : static_cast<double>(errors) / static_cast<double>(said);
    }
};

}  // namespace

const ScoreMap& posterior_map() {
    static const ScoreMap map({{0.1, 0.29}, {0.3, 0.43}, {0.5, 0.67}, {0.7, 0.76}, {0.9, 0.89}});
    return map;
}

std::vector<TimeSpan> utterances(const Sound& sound, std::span<const TimeSpan> speech, double pause,
                                 double most) {
    std::vector<TimeSpan> joined;
    for (const auto& span : speech) {
        const bool joins = !joined.empty() && span.start - joined.back().end <= pause &&
                           span.end - joined.back().start <= most;
        if (joins)
            joined.back().end = span.end;
        else
            joined.push_back(span);
    }
    std::vector<TimeSpan> out;
    for (std::size_t i = 0; i < joined.size(); ++i) {
        TimeSpan rest = joined[i];
        const double before = i == 0 ? 0 : joined[i - 1].end;
        const double behind = i + 1 < joined.size() ? joined[i + 1].start : sound.seconds();
        rest.start -= std::min(around, std::max(0.0, (rest.start - before) / (i == 0 ? 1 : 2)));
        rest.end +=
            std::min(around, std::max(0.0, (behind - rest.end) / (i + 1 == joined.size() ? 1 : 2)));
        while (rest.length() > most + 2 * around) {
            const double cut = quiet_place(sound, rest.start + most);
            out.push_back({rest.start, cut});
            rest.start = cut;
        }
        out.push_back(rest);
    }
    return out;
}

std::string project_speech_bytes(const ProjectSpeech& speech) {
    StateWriter out(speech_magic);
    out.varint(speech.used);
    out.varint(speech.transcripts);
    out.number(static_cast<float>(speech.words.slope));
    out.number(static_cast<float>(speech.words.shift));
    out.varint(speech.sentences.size());
    for (const auto& sentence : speech.sentences) out.text(sentence);
    return std::move(out).sealed();
}

Result<ProjectSpeech> project_speech_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, speech_magic)));
    ProjectSpeech out;
    out.used = in.varint(1) == 1;
    out.transcripts = static_cast<std::uint32_t>(in.varint(100'000'000));
    out.words.slope = static_cast<double>(in.number(100));
    out.words.shift = static_cast<double>(in.number(100));
    const auto sentences = in.varint(most_sentences);
    for (std::uint64_t i = 0; i < sentences && in.good; ++i) out.sentences.push_back(in.text());
    if (!in.good || in.left() != 0 || out.words.slope <= 0) return damaged_state("makes no sense");
    return out;
}

Result<LearnedModel> learn_speech(std::span<const SaidClip> clips, const HearClips& hear) {
    if (clips.size() < least_transcripts)
        return Refusal{Code::unavailable, "The language model learns from at least " +
                                              std::to_string(least_transcripts) +
                                              " reviewed transcripts; there are " +
                                              std::to_string(clips.size()) + "."};
    Heard general, mixed;
    constexpr std::size_t folds = 2;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<const SaidClip*> heard;
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < clips.size(); ++i) {
            if (i % folds == fold && !clips[i].samples.empty()) heard.push_back(&clips[i]);
            // An equal text in the other fold would vouch for itself.
            if (i % folds != fold && seen.size() < most_sentences) seen.push_back(clips[i].text);
        }
        if (heard.empty()) continue;
        const auto without = TRY(hear(heard, {}));
        const auto with = TRY(hear(heard, seen));
        for (std::size_t i = 0; i < heard.size() && i < without.size() && i < with.size(); ++i) {
            if (std::find(seen.begin(), seen.end(), heard[i]->text) != seen.end()) continue;
            general.add(*heard[i], without[i]);
            mixed.add(*heard[i], with[i]);
        }
    }
    ProjectSpeech learned;
    learned.used = mixed.said > 0 && mixed.errors < general.errors;
    learned.transcripts = static_cast<std::uint32_t>(clips.size());
    for (const auto& clip : clips)
        if (learned.sentences.size() < most_sentences && clip.text.size() < 60'000)
            learned.sentences.push_back(clip.text);
    const auto& best = learned.used ? mixed : general;
    learned.words = fit_platt(best.claimed, best.right);
    const auto right = best.said - std::min(best.errors, best.said);
    const auto interval = wilson(right, best.said);
    Json quality{{"method", learned.used ? "project's language model" : "general language model"},
                 {"n", best.said},
                 {"learned_from", clips.size()},
                 {"accuracy", 1 - std::min(1.0, best.rate())},
                 {"accuracy_low", interval.low},
                 {"accuracy_high", interval.high},
                 {"word_error_rate", best.rate()},
                 {"word_error_rate_general", general.rate()},
                 {"word_error_rate_project", mixed.rate()}};
    const auto name = (learned.used ? "words of " : "general words, looked at ") +
                      std::to_string(clips.size()) + " transcripts";
    return LearnedModel{project_speech_bytes(learned), name, std::move(quality)};
}

ModelKind pocketsphinx_kind() {
    return {.kind = "pocketsphinx",
            .title = "Speech to text, English, rough draft (PocketSphinx; learns your words)",
            .modality = Modality::audio,
            .control = ControlKind::text,
            .embedded = true,
            .guess = guess_transcripts,
            .open = open_transcriber,
            .learn = learn_transcripts,
            .least_labels = least_transcripts,
            .most_labels = 2'000,
            .also_controls = {ControlKind::segments}};
}

}  // namespace countersign
