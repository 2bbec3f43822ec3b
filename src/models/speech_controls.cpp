#include "models/speech_controls.h"

#include <algorithm>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::string_view speaker_words[] = {
    "speaker",  "spk",     "person",      "voice",       "speech",  "talker",    "agent",
    "customer", "caller",  "operator",    "host",        "guest",   "doctor",    "patient",
    "teacher",  "student", "interviewer", "interviewee", "man",     "woman",     "male",
    "female",   "child",   "participant", "moderator",   "witness", "judge",     "lawyer",
    "narrator", "client",  "user",        "bot",         "adult",   "therapist", "presenter"};

/// "Speaker 1", "spk02", "A", "S1", "Interviewer".
bool names_a_speaker(std::string_view label) {
    const std::string plain = lower_ascii(trim(label));
    if (plain.size() <= 2 && !plain.empty() && plain[0] >= 'a' && plain[0] <= 'z') return true;
    return std::any_of(std::begin(speaker_words), std::end(speaker_words),
                       [&](std::string_view word) {
                           if (!plain.starts_with(word)) return false;
                           return plain.size() == word.size() || plain[word.size()] < 'a' ||
                                  plain[word.size()] > 'z';
                       });
}

std::string named_in(const Json& config, const char* key) {
    const auto found = config.is_object() ? config.find(key) : config.end();
    return config.is_object() && found != config.end() && found->is_string()
               ? found->get<std::string>()
               : std::string();
}

Result<> need_sound(const Schema& schema) {
    if (schema.modality == Modality::audio) return Done{};
    return Refusal{Code::unsupported, "Speech is drafted for recordings; the items here are " +
                                          std::string(name_of(schema.modality)) + "."};
}

const Control* find_control(const Schema& schema, ControlKind kind, const std::string& name,
                            bool per_region) {
    for (const auto& control : schema.controls)
        if (control.kind == kind &&
            (name.empty() ? control.per_region == per_region : control.name == name))
            return &control;
    return nullptr;
}

}  // namespace

Result<const Control*> segments_control(const Schema& schema, const Json& config, const char* key) {
    TRY(need_sound(schema));
    const auto name = named_in(config, key);
    if (const auto* found = find_control(schema, ControlKind::segments, name, false)) return found;
    return Refusal{Code::unsupported,
                   name.empty() ? std::string("The schema has no control of segments to draft.")
                                : "The schema has no control of segments called \"" + name + "\"."};
}

Result<const Control*> transcript_control(const Schema& schema, const Json& config) {
    TRY(need_sound(schema));
    const auto name = named_in(config, "control");
    const bool segments = find_control(schema, ControlKind::segments, {}, false) != nullptr;
    const Control* found = nullptr;
    if (segments) found = find_control(schema, ControlKind::text, name, true);
    if (!found) found = find_control(schema, ControlKind::text, name, false);
    if (found && !(found->per_region && !segments)) return found;
    return Refusal{Code::unsupported,
                   name.empty() ? std::string("The schema has no control of text to write in.")
                                : "The schema has no control of text called \"" + name + "\"."};
}

Result<std::vector<std::string>> speaker_labels(const Control& control, const Json& config) {
    std::vector<std::string> out;
    const auto given = config.is_object() ? config.find("labels") : config.end();
    if (config.is_object() && given != config.end()) {
        if (!given->is_array() || given->empty())
            return Refusal{Code::invalid, "\"labels\" must be a list of the speakers' labels."};
        for (const auto& name : *given) {
            const auto text = name.is_string() ? name.get<std::string>() : to_text(name);
            const auto* label = Schema::find_label(control, text);
            if (!label)
                return Refusal{Code::invalid, "\"" + text + "\" in \"labels\" is no label of \"" +
                                                  control.name + "\"."};
            out.push_back(label->name);
        }
        return out;
    }
    for (const auto& label : control.labels)
        if (names_a_speaker(label.name)) out.push_back(label.name);
    if (out.empty())
        return Refusal{Code::invalid,
                       "No label of \"" + control.name +
                           "\" sounds like a speaker's: say which are, {\"labels\": [\"" +
                           (control.labels.empty() ? "..." : control.labels[0].name) + "\"]}."};
    return out;
}

Region drafted_segment(const Control& control, const SpeakerTurn& turn, const std::string& label,
                       std::size_t number) {
    Region region;
    region.id = "d" + std::to_string(number);
    region.control = control.name;
    region.kind = ControlKind::segments;
    region.labels = {label};
    region.start = turn.start;
    region.end = turn.end;
    region.confidence = turn.confidence;
    region.origin = Origin::model;
    return region;
}

std::vector<SpeakerTurn> joined_turns(const std::vector<SpeakerTurn>& turns, double pause,
                                      double most) {
    std::vector<SpeakerTurn> out;
    for (const auto& turn : turns) {
        const bool joins = !out.empty() && out.back().speaker == turn.speaker &&
                           turn.start - out.back().end <= pause &&
                           turn.end - out.back().start <= most;
        if (!joins) {
            out.push_back(turn);
            continue;
        }
        out.back().end = turn.end;
        out.back().confidence = std::min(out.back().confidence, turn.confidence);
    }
    return out;
}

}  // namespace countersign
