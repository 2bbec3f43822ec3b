#include "app/recordings.h"

#include <cstdlib>

#include "media/audio.h"
#include "quality/hashing.h"

namespace countersign {

namespace {

constexpr double printed = 120;                          // Seconds.
constexpr double most_heard = 4 * 3600;                  // Seconds: what fits into memory.
constexpr int quiet = 2;                                 // Of 128.
constexpr std::size_t shortest = Peaks::per_second / 2;  // Pairs.

std::vector<GivenItem::Stretch> silences_of(const Peaks& peaks) {
    std::vector<GivenItem::Stretch> out;
    const auto n = peaks.pairs.size() / 2;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= n; ++i) {
        const bool heard = i == n || std::abs(int{peaks.pairs[2 * i]}) > quiet ||
                           std::abs(int{peaks.pairs[2 * i + 1]}) > quiet;
        if (!heard) continue;
        if (i - begin >= shortest)
            out.push_back({static_cast<double>(begin) / Peaks::per_second,
                           static_cast<double>(i) / Peaks::per_second});
        begin = i + 1;
    }
    return out;
}

std::vector<GivenItem::Stretch> voiced_in(const Sound& sound, const VoiceActivity& voice,
                                          const std::stop_token& stop) {
    std::vector<GivenItem::Stretch> out;
    for (const auto& span : voice.speech(sound, {}, stop)) out.push_back({span.start, span.end});
    return out;
}

/// Models hear 16,000 samples a second; prints are of half as many.
SoundPrint print_of(const Sound& sound) {
    std::vector<std::int16_t> half;
    half.reserve(sound.samples.size() / 2);
    for (std::size_t i = 0; i + 1 < sound.samples.size(); i += 2)
        half.push_back(static_cast<std::int16_t>((sound.samples[i] + sound.samples[i + 1]) / 2));
    return sound_print(half);
}

}  // namespace

RecordingLook recording_look(std::string_view bytes, const VoiceActivity* voice,
                             const std::stop_token& stop) {
    RecordingLook out;
    out.bytes = hash_bytes(bytes) | 1;
    if (const auto heard = listen(bytes, {}, stop)) {
        out.seconds = heard->info.seconds;
        out.silences = silences_of(heard->peaks);
        const bool is_heard = voice && out.seconds <= most_heard;
        auto sound = decode_sound(bytes, is_heard ? most_heard : printed, stop);
        if (!sound) return out;
        if (is_heard) out.voiced = voiced_in(*sound, *voice, stop);
        const auto most = static_cast<std::size_t>(printed * sound->rate);
        if (sound->samples.size() > most) sound->samples.resize(most);
        out.print = print_of(*sound);
    }
    return out;
}

RecordingFiles::RecordingFiles(std::shared_ptr<const Source> files,
                               std::shared_ptr<const Source> more, const std::string& models_dir)
    : files_(std::move(files)), more_(std::move(more)), book_(*files_) {
    if (more_) more_book_.emplace(*more_);
    if (models_dir.empty()) return;
    if (auto voice = VoiceActivity::load(models_dir + "/silero.onnx"))
        voice_.emplace(*std::move(voice));
}

Result<std::string> RecordingFiles::bytes(std::string_view name) const {
    if (const auto* entry = book_.sound(name)) return files_->read_all(entry->name);
    if (more_book_)
        if (const auto* entry = more_book_->sound(name)) return more_->read_all(entry->name);
    return Refusal{Code::not_found, "There is no recording \"" + std::string(name) +
                                        "\": say where the recordings are with --images."};
}

std::optional<double> RecordingFiles::seconds(std::string_view name) {
    const auto [at, is_new] = seconds_.try_emplace(std::string(name));
    if (is_new)
        if (const auto got = bytes(name))
            if (const auto info = audio_info(*got); info && info->seconds > 0)
                at->second = info->seconds;
    return at->second;
}

RecordingLook RecordingFiles::look_at(std::string_view name) const {
    const auto got = bytes(name);
    return got ? recording_look(*got, voice_ ? &*voice_ : nullptr) : RecordingLook{};
}

Result<Sound> RecordingFiles::sound(std::string_view name) const {
    const auto got = TRY(bytes(name));
    return decode_sound(got, most_heard);
}

}  // namespace countersign
