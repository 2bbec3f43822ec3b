#include <cmath>

#include "app/hearing.h"
#include "http/routes.h"
#include "http/wire_hearing.h"

namespace countersign {

namespace {

constexpr std::size_t most_segments = 20'000, most_texts = 500, most_words_of_text = 5'000;

Result<> sound_span(std::string_view what, double start, double end) {
    if (std::isfinite(start) && std::isfinite(end) && start >= 0 && start < end) return Done{};
    return Refusal{Code::invalid,
                   std::string(what) + " must have a start in seconds, from 0 on, before its end."};
}

Result<std::vector<VoiceSegment>> voice_segments(std::string_view what,
                                                 std::vector<VoiceSegmentIn>& given) {
    if (given.size() > most_segments)
        return Refusal{Code::too_large, std::string(what) + " may hold at most 20,000 segments."};
    std::vector<VoiceSegment> out;
    for (auto& one : given) {
        TRY(sound_span(what, one.start, one.end));
        out.push_back({std::move(one.id), {one.start, one.end}, std::move(one.label)});
    }
    return out;
}

Result<Response> voices(Services& on, Request& request) {
    auto body = TRY(request.json<VoicesBody>());
    VoicesAsk ask;
    ask.control = std::move(body.control);
    ask.labelled = TRY(voice_segments("labelled", body.labelled));
    ask.segments = TRY(voice_segments("segments", body.segments));
    const auto found = TRY(on.hearing.voices(request.caller, TRY(request.id("t")), ask));
    VoicesOut out;
    for (const auto& one : found.segments)
        out.segments.push_back({one.id, one.label, one.confidence});
    for (const auto& one : found.left) out.left.push_back({one.id, one.why});
    for (const auto& one : found.voices)
        out.voices.push_back({one.label, one.seconds, one.recognised, one.names});
    return answer(out);
}

Result<Response> times(Services& on, Request& request) {
    auto body = TRY(request.json<TimesBody>());
    if (body.texts.size() > most_texts)
        return Refusal{Code::too_large, "texts may hold at most 500 texts: ask for the rest next."};
    std::vector<TextToTime> texts;
    for (auto& one : body.texts) {
        TRY(sound_span("texts", one.start, one.end));
        if (one.words.size() > most_words_of_text)
            return Refusal{Code::too_large, "A text to be timed may hold at most 5,000 words."};
        texts.push_back({std::move(one.id), {one.start, one.end}, std::move(one.words)});
    }
    auto timed = TRY(on.hearing.times(request.caller, TRY(request.id("t")), texts));
    TimesOut out;
    for (auto& one : timed)
        out.texts.push_back({std::move(one.id), std::move(one.words), std::move(one.problem)});
    return answer(out);
}

}  // namespace

std::vector<Route> hearing_routes() {
    return {{.method = "POST",
             .pattern = "/api/v1/tasks/{t}/voices",
             .access = needs(Permission::label),
             .summary = "Segments named by their voices, from the person's own segments; 409 when "
                        "the task is not with the caller",
             .handle = voices,
             .takes = schema_of<VoicesBody>,
             .gives = schema_of<VoicesOut>,
             .slow = true},
            {.method = "POST",
             .pattern = "/api/v1/tasks/{t}/times",
             .access = needs(Permission::label),
             .summary = "When the words of written texts are said (forced alignment, English); 409 "
                        "when the task is not with the caller",
             .handle = times,
             .takes = schema_of<TimesBody>,
             .gives = schema_of<TimesOut>,
             .slow = true}};
}

}  // namespace countersign
