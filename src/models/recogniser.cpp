#include "models/recogniser.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "models/word_model.h"

namespace countersign {

namespace {

constexpr double sound_rate = 16'000;

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
}

std::string bytes_of(std::span<const std::int16_t> samples) {
    std::string out;
    out.reserve(2 * samples.size());
    for (const auto s : samples) {
        out += static_cast<char>(static_cast<std::uint16_t>(s));
        out += static_cast<char>(static_cast<std::uint16_t>(s) >> 8);
    }
    return out;
}

}  // namespace

std::vector<std::string> speech_worker_command() {
    namespace fs = std::filesystem;
    std::error_code error;
    if (const char* given = std::getenv("COUNTERSIGN_SPEECH_WORKER"))
        return {fs::absolute(given, error).string()};
    const auto self = fs::read_symlink("/proc/self/exe", error);
    if (self.filename().string().starts_with("countersign"))
        return {"/proc/self/exe", "speech-worker"};
    for (const auto& dir : {self.parent_path(), self.parent_path().parent_path()})
        if (fs::exists(dir / "speech_worker", error)) return {(dir / "speech_worker").string()};
    return {};
}

Recogniser::Recogniser(std::vector<std::string> command, SpeechAdaptation adaptation,
                       Patience patience)
    : command_(std::move(command)), adaptation_(std::move(adaptation)), patience_(patience) {}

Result<Json> Recogniser::ask(const SpeechMessage& message, Until until,
                             const std::stop_token& stop) {
    TRY(worker_->send(wire_form(message), until, stop));
    const auto sizes = wire_lengths(TRY(worker_->receive(8, until, stop)));
    if (!sizes) return Refusal{Code::unavailable, "The speech worker's answer makes no sense."};
    const auto head = TRY(worker_->receive(sizes->first, until, stop));
    TRY(worker_->receive(sizes->second, until, stop));
    auto answer = parse_json(head);
    if (!answer || !answer->is_object())
        return Refusal{Code::unavailable, "The speech worker's answer makes no sense."};
    return answer;
}

Result<> Recogniser::start(const std::stop_token& stop) {
    if (worker_) return Done{};
    if (command_.empty())
        return Refusal{Code::unavailable,
                       "The speech worker's program is not there: name it in "
                       "COUNTERSIGN_SPEECH_WORKER."};
    worker_ = TRY(ChildProcess::start(command_));
    const auto until = ChildProcess::Clock::now() + patience_.start;
    auto opened = ask({{{"do", "open"}}, {}}, until, stop);
    auto taught = opened ? teach(stop) : Result<>(Done{});
    const auto& why = opened ? (taught ? Json() : Json(taught.refusal().message))
                             : Json(opened.refusal().message);
    if (opened && taught && !opened->contains("error")) return Done{};
    worker_.reset();
    if (!opened && opened.refusal().code == Code::cancelled) return opened.refusal();
    if (!taught && taught.refusal().code == Code::cancelled) return taught.refusal();
    const auto said = opened && opened->contains("error") ? (*opened)["error"] : why;
    return Refusal{Code::unavailable,
                   "Speech cannot be transcribed: " +
                       (said.is_string() ? said.get<std::string>() : std::string("no answer."))};
}

Result<> Recogniser::teach(const std::stop_token& stop) {
    if (adaptation_.empty() || adaptation_.weight <= 0) return Done{};
    const auto until = ChildProcess::Clock::now() + patience_.start;
    std::set<std::string> words(adaptation_.words.begin(), adaptation_.words.end());
    for (const auto& sentence : adaptation_.sentences)
        for (auto& word : spoken_words(sentence)) words.insert(std::move(word));
    const auto known =
        TRY(ask({{{"do", "unknown"}}, joined({words.begin(), words.end()})}, until, stop));
    auto sounds = sounds_of(known.value("unknown", Json::array()), stop);
    // Each listed word stands as a sentence of its own, so that it is likelier than by chance.
    const auto sentences = joined(adaptation_.sentences) + joined(adaptation_.words);
    const SpeechMessage lesson{
        {{"do", "adapt"}, {"weight", adaptation_.weight}, {"sound", std::move(sounds)}}, sentences};
    const auto learned = TRY(ask(lesson, ChildProcess::Clock::now() + patience_.start, stop));
    if (learned.contains("error"))
        return Refusal{Code::unavailable, "The speech worker could not learn the project's words."};
    return Done{};
}

Json Recogniser::sounds_of(const Json& words, const std::stop_token& stop) {
    Json sounds = Json::object();
    for (const auto& word : words) {
        if (!word.is_string() || stop.stop_requested()) continue;
        const auto text = word.get<std::string>();
        const auto at = sounds_.try_emplace(text, "");
        if (at.second) at.first->second = pronunciation(text);
        if (!at.first->second.empty()) sounds[text] = at.first->second;
    }
    return sounds;
}

Result<std::vector<Word>> Recogniser::words_of(Json head, std::span<const std::int16_t> samples,
                                               const std::stop_token& stop) {
    const double seconds = static_cast<double>(samples.size()) / sound_rate;
    const auto patience =
        patience_.clip +
        std::chrono::milliseconds(static_cast<std::int64_t>(1000 * seconds * patience_.times_clip));
    SpeechMessage message{std::move(head), bytes_of(samples)};
    for (int attempt = 0; attempt < 2; ++attempt) {
        TRY(start(stop));
        auto answer = ask(message, ChildProcess::Clock::now() + patience, stop);
        if (answer && answer->contains("unknown") && !message.head.contains("sound")) {
            message.head["sound"] = sounds_of((*answer)["unknown"], stop);
            answer = ask(message, ChildProcess::Clock::now() + patience, stop);
        }
        if (answer) return words_from(*answer, seconds);
        worker_.reset();
        if (answer.refusal().code == Code::cancelled) return answer.refusal();
        log_warn("speech.worker", {{"why", answer.refusal().message}, {"seconds", seconds}});
    }
    return Refusal{Code::invalid, "The recogniser gave up on a part of the recording twice."};
}

Result<std::vector<Word>> Recogniser::hear(std::span<const std::int16_t> samples,
                                           const std::stop_token& stop) {
    return words_of({{"do", "hear"}}, samples, stop);
}

Result<std::vector<Word>> Recogniser::align(std::span<const std::int16_t> samples,
                                            std::string_view text, const std::stop_token& stop) {
    return words_of({{"do", "align"}, {"text", joined(spoken_words(text))}}, samples, stop);
}

Result<std::vector<Word>> words_from(const Json& answer, double seconds) {
    if (const auto error = answer.find("error"); error != answer.end())
        return Refusal{Code::invalid, error->is_string() ? error->get<std::string>()
                                                         : std::string("The worker failed.")};
    const auto list = answer.find("words");
    constexpr std::size_t most_words = 10'000;
    const Refusal wrong{Code::invalid, "The speech worker's words make no sense."};
    if (list == answer.end() || !list->is_array() || list->size() > most_words) return wrong;
    std::vector<Word> out;
    for (const auto& row : *list) {
        if (!row.is_array() || row.size() != 4 || !row[0].is_string()) return wrong;
        double n[3] = {0, 0, 0};
        for (std::size_t i = 0; i < 3; ++i) {
            if (!row[i + 1].is_number()) return wrong;
            n[i] = row[i + 1].get<double>();
        }
        if (!(n[0] >= 0 && n[1] >= n[0] && n[1] <= seconds + 1)) return wrong;
        out.push_back({row[0].get<std::string>(), std::min(n[0], seconds), std::min(n[1], seconds),
                       std::clamp(n[2], 0.0, 1.0)});
    }
    return out;
}

}  // namespace countersign
