#include "app/hearing.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "models/speaker_naming.h"
#include "models/speech_controls.h"
#include "models/word_times.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/task_store.h"
#include "store/trial_store.h"

namespace countersign {

namespace {

/// An hour: what stays in memory for the next question is no longer.
constexpr double most_kept_seconds = 3600;

/// What of `voiced` lies in one of the spans; all of the spans where it is not known.
std::vector<TimeSpan> speech_in(std::vector<TimeSpan> spans,
                                const std::optional<std::vector<TimeSpan>>& voiced) {
    std::sort(spans.begin(), spans.end(),
              [](const TimeSpan& a, const TimeSpan& b) { return a.start < b.start; });
    std::vector<TimeSpan> joined;
    for (const auto& span : spans) {
        if (!joined.empty() && span.start <= joined.back().end)
            joined.back().end = std::max(joined.back().end, span.end);
        else
            joined.push_back(span);
    }
    if (!voiced) return joined;
    std::vector<TimeSpan> out;
    auto speech = voiced->begin();
    for (const auto& span : joined) {
        while (speech != voiced->end() && speech->end <= span.start) ++speech;
        for (auto at = speech; at != voiced->end() && at->start < span.end; ++at)
            out.push_back({std::max(at->start, span.start), std::min(at->end, span.end)});
    }
    return out;
}

/// The labels that a model of the project was told are speakers', or null.
const Json* speakers_of(const Model& model) {
    if (model.kind != "speakers" && model.kind != "pocketsphinx") return nullptr;
    if (!model.config.is_object()) return nullptr;
    const auto labels = model.config.find("labels");
    return labels == model.config.end() ? nullptr : &*labels;
}

/// Places of speakers' labels; labels of sounds have none.
class SpeakerPlaces {
public:
    SpeakerPlaces(const Control& control, const Json& said) {
        const auto speakers = speaker_labels(control, said);
        if (speakers)
            names_ = *speakers;
        else  // Names of people sound like no speaker's label.
            for (const auto& label : control.labels) names_.push_back(label.name);
    }
    int count() const { return static_cast<int>(names_.size()); }
    const std::string& name(int place) const { return names_[static_cast<std::size_t>(place)]; }
    int of(const std::string& label) const {
        const auto at = std::find(names_.begin(), names_.end(), label);
        return at == names_.end() ? -1 : static_cast<int>(at - names_.begin());
    }

private:
    std::vector<std::string> names_;
};

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds);
    return text;
}

Refusal too_little(const std::vector<VoicesFound::Voice>& voices) {
    std::string so_far;
    for (const auto& voice : voices)
        so_far += (so_far.empty() ? "" : ", ") + voice.label + " " + seconds_text(voice.seconds);
    return {Code::invalid,
            "A voice is known from 5 seconds of speech on that nobody talks over. " +
                (so_far.empty() ? std::string("No segment has its speaker from you yet")
                                : "Your segments hold: " + so_far) +
                ". Label or keep more segments of a speaker, then try again."};
}

Refusal all_alike(const std::vector<VoicesFound::Voice>& voices) {
    std::string shares;
    for (const auto& voice : voices)
        if (voice.seconds >= least_named_speech)
            shares += (shares.empty() ? "" : ", ") + voice.label + " " +
                      std::to_string(std::lround(100 * voice.recognised)) + " %";
    return {Code::invalid,
            "The voices cannot be told apart here. Of your own segments, each named by the rest of "
            "them, so much was named rightly: " +
                shares +
                ". Look for a segment of yours under a wrong name, label longer stretches in which "
                "one person talks, or go on by hand."};
}

/// On the wire.
std::string reason_of(NamingVerdict verdict) {
    switch (verdict) {
        case NamingVerdict::too_short:
            return "short";
        case NamingVerdict::talked_over:
            return "talked_over";
        case NamingVerdict::other_voice:
            return "other_voice";
        case NamingVerdict::named:
        case NamingVerdict::unsure:
            break;
    }
    return "unsure";
}

}  // namespace

Result<Hearing::Held> Hearing::held(const Caller& caller, Id task) {
    return world_.db.read([&](Session& s) -> Result<Held> {
        const auto found = find_task(s, task);
        if (!found) return Refusal{Code::not_found, "There is no task " + wire_id('t', task) + "."};
        if (!assignment_held_by(s, task, caller.person))
            return Refusal{Code::conflict, "Task " + wire_id('t', task) +
                                               " is not with you: fetch your next task."};
        const auto project = find_project(s, found->project);
        const auto media = find_media(s, found->media);
        if (!project || project->schema.modality != Modality::audio || !media)
            return Refusal{Code::unsupported, "Only recordings are listened to; task " +
                                                  wire_id('t', task) + " has none."};
        Held out{*found, project->schema, *media, Json::object()};
        for (const auto& model : list_models(s, project->id))
            if (const auto* labels = speakers_of(model)) {
                out.speakers = {{"labels", *labels}};
                break;
            }
        return out;
    });
}

Result<std::shared_ptr<const Hearing::Recording>> Hearing::recording(const Held& held) {
    const auto known = last_.with([](const auto& last) { return last; });
    if (known && known->sha256 == held.media.sha256) return known;
    auto item = TRY(fetch_item(world_, held.schema, held.task, held.media));
    auto made = std::make_shared<Recording>();
    made->sha256 = held.media.sha256;
    made->sound = std::move(item.sound);
    made->voiced = std::move(item.voiced);
    if (made->sound.seconds() <= most_kept_seconds) last_.with([&](auto& last) { last = made; });
    return std::shared_ptr<const Recording>(std::move(made));
}

Result<VoicesFound> Hearing::voices(const Caller& caller, Id task, const VoicesAsk& ask) {
    const auto held = TRY(this->held(caller, task));
    const auto* control = TRY(segments_control(held.schema, Json{{"control", ask.control}}));
    const SpeakerPlaces places(*control, held.speakers);
    std::vector<TimeSpan> spans;
    std::vector<SpeakerTurn> labelled;
    std::vector<AskedSegment> asked;
    std::set<int> given;
    for (const auto& segment : ask.labelled) {
        const int place = places.of(segment.label);
        if (place < 0) continue;
        labelled.push_back({segment.at.start, segment.at.end, place, 1});
        spans.push_back(segment.at);
        given.insert(place);
    }
    if (labelled.empty() && !ask.labelled.empty())
        return Refusal{Code::invalid,
                       "\"" + ask.labelled[0].label +
                           "\" is not known to be a speaker's label: say which labels are in the "
                           "settings of a model of speakers or of speech to text."};
    if (labelled.empty()) return too_little({});
    for (const auto& segment : ask.segments) {
        asked.push_back({segment.at, places.of(segment.label)});
        // What stands under the label of a sound is no speech.
        if (asked.back().label < 0) asked.back().at = {};
        spans.push_back(asked.back().at);
    }
    const auto heard = TRY(turns_.run(held.media.sha256, [&] { return recording(held); }));
    const auto speech = hear_speech(heard->sound, speech_in(std::move(spans), heard->voiced));
    const auto names = name_segments(speech, places.count(), labelled, asked);
    VoicesFound out;
    bool is_enough = false, is_told = false;
    for (const int place : given) {
        const auto& own = names.voices[static_cast<std::size_t>(place)];
        out.voices.push_back({places.name(place), own.seconds, own.recognised, own.names()});
        is_enough = is_enough || own.seconds >= least_named_speech;
        is_told = is_told || own.names();
    }
    if (!is_enough) return too_little(out.voices);
    if (!is_told) return all_alike(out.voices);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto& one = names.segments[i];
        const auto& id = ask.segments[i].id;
        if (one.verdict == NamingVerdict::named)
            out.segments.push_back({id, places.name(one.speaker), one.confidence});
        else if (asked[i].label >= 0)
            out.left.push_back({id, reason_of(one.verdict)});
    }
    return out;
}

Result<std::vector<TimedText>> Hearing::times(const Caller& caller, Id task,
                                              const std::vector<TextToTime>& texts) {
    const auto held = TRY(this->held(caller, task));
    if (const auto missing = missing_for_speech(); !missing.empty())
        return Refusal{Code::unavailable, missing};
    double sum = 0;
    for (const auto& text : texts) sum += text.at.length();
    if (sum > most_timed_seconds)
        return Refusal{Code::too_large,
                       "The texts are of more than 15 minutes together: ask for fewer at a time."};
    const auto heard = TRY(turns_.run(held.media.sha256, [&] { return recording(held); }));
    return turns_.run("words", [&]() -> Result<std::vector<TimedText>> {
        using namespace std::chrono_literals;
        // Somebody waits: a clip of a minute takes a second or two.
        Recogniser ear(speech_worker_command(), {}, {60s, 30s, 2});
        std::vector<TimedText> out;
        for (const auto& text : texts) {
            auto words = time_words(ear, heard->sound, text.at, text.words);
            if (!words && words.refusal().code == Code::unavailable) return words.refusal();
            auto& one = out.emplace_back();
            one.id = text.id;
            if (words)
                one.words = *std::move(words);
            else
                one.problem = words.refusal().message;
        }
        return out;
    });
}

}  // namespace countersign
