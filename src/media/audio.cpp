#include "media/audio.h"

#include <algorithm>

#include "media/audio_reader.h"

namespace countersign {

namespace {

bool at(std::string_view bytes, std::size_t offset, std::string_view magic) {
    return bytes.size() >= offset && bytes.substr(offset).starts_with(magic);
}

/// Behind an ID3v2 tag, when there is one (id3.org, ID3v2.4.0 section 3.1).
std::string_view behind_tag(std::string_view head) {
    if (head.size() < 10 || !head.starts_with("ID3")) return head;
    std::size_t size = 10;
    for (int i = 6; i < 10; ++i)
        size += static_cast<std::size_t>(static_cast<unsigned char>(head[i]) & 0x7f)
                << (7 * (9 - i));
    return size < head.size() ? head.substr(size) : std::string_view();
}

/// The first frame's header (ISO 11172-3 section 2.4.1.3, ISO 13818-7 section 6.2).
struct FrameHead {
    bool sync = false;
    int layer = 0, version = 0, bitrate = 0, rate = 0;
};
FrameHead frame_head(std::string_view head) {
    const auto frame = behind_tag(head);
    if (frame.size() < 4) return {};
    const auto byte = [&](int i) { return static_cast<unsigned char>(frame[i]); };
    return {byte(0) == 0xff && byte(1) >= 0xe0, byte(1) >> 1 & 3, byte(1) >> 3 & 3, byte(2) >> 4,
            byte(2) >> 2 & 3};
}

bool is_wav(std::string_view head) {
    return (at(head, 0, "RIFF") || at(head, 0, "RF64")) && at(head, 8, "WAVE");
}
bool is_flac(std::string_view head) {
    return at(behind_tag(head), 0, "fLaC");
}
bool is_ogg(std::string_view head) {
    return at(head, 0, "OggS");
}
bool is_mp4(std::string_view head) {
    return at(head, 4, "ftyp") && !at(head, 8, "heic") && !at(head, 8, "avif");
}
bool is_matroska(std::string_view head) {
    return at(head, 0, "\x1a\x45\xdf\xa3");
}
bool is_webm(std::string_view head) {
    return is_matroska(head) && head.substr(0, 64).find("webm") != std::string_view::npos;
}
bool is_aac(std::string_view head) {
    const auto frame = frame_head(head);
    return frame.sync && frame.layer == 0 && frame.version >= 2;
}
bool is_mp3(std::string_view head) {
    // A tag with a picture is longer than the head: what follows it is nearly always MP3.
    if (at(head, 0, "ID3") && behind_tag(head).empty()) return true;
    const auto frame = frame_head(head);
    return frame.sync && frame.layer != 0 && frame.version != 1 && frame.bitrate != 15 &&
           frame.rate != 3;
}

constexpr AudioContainer containers[] = {
    {"audio/wav", "wav", is_wav},
    {"audio/flac", "flac", is_flac},
    {"audio/ogg", "ogg", is_ogg},
    {"audio/mp4", "mp4", is_mp4, true},
    {"audio/webm", "matroska", is_webm, true},
    {"audio/x-matroska", "matroska", is_matroska, true},
    {"audio/aac", "aac", is_aac},
    {"audio/mpeg", "mp3", is_mp3},
};

/// Files that people do try, so that the refusal can say what they have.
struct OtherFormat {
    std::size_t offset;
    std::string_view magic, name;
};
constexpr OtherFormat other_formats[] = {
    {0, "FORM", "an AIFF"},
    {0, ".snd", "an AU file"},
    {0, "#!AMR", "an AMR recording"},
    {0, "caff", "a CAF file"},
    {0, std::string_view("\x30\x26\xb2\x75", 4), "a WMA or WMV file"},
    {8, "AVI ", "an AVI video"},
    {0, "FLV", "an FLV video"},
    {0, "MThd", "a MIDI file, which holds no sound"},
    {0, "#EXTM3U", "a playlist"},
    {0, "%PDF", "a PDF"},
    {0, "\xff\xd8\xff", "a JPEG image"},
    {0, "\x89PNG", "a PNG image"},
};

const AudioContainer* container_of(std::string_view head) {
    for (const auto& row : containers)
        if (row.recognizes(head)) return &row;
    return nullptr;
}

Result<AudioReader> open_sound(std::string_view bytes, const AudioLimits& limits,
                               const std::stop_token& stop) {
    if (const auto* container = container_of(bytes))
        return AudioReader::open(bytes, *container, limits, stop);
    std::string_view name = bytes.empty() ? "an empty file" : "no sound that can be read here";
    for (const auto& other : other_formats)
        if (at(bytes, other.offset, other.magic)) name = other.name;
    return Refusal{Code::unsupported, "This is " + std::string(name) +
                                          ": give a WAV, FLAC, MP3, M4A, Ogg, MP4 or WebM file."};
}

AudioInfo info_of(const AudioReader& reader, std::string_view bytes) {
    return {std::string(audio_type(bytes)), 0, reader.rate(), reader.channels()};
}

}  // namespace

std::string_view audio_type(std::string_view head) {
    const auto* container = container_of(head);
    return container ? container->type : std::string_view();
}

Result<AudioInfo> audio_info(std::string_view bytes, const AudioLimits& limits) {
    const auto reader = TRY(open_sound(bytes, limits, {}));
    auto info = info_of(reader, bytes);
    info.seconds = reader.seconds_said();
    return info;
}

Result<Heard> listen(std::string_view bytes, const AudioLimits& limits,
                     const std::stop_token& stop) {
    auto reader = TRY(open_sound(bytes, limits, stop));
    PeaksMaker maker(reader.rate());
    std::int64_t samples = 0;
    for (std::vector<float> mono; TRY(reader.next(mono));) {
        maker.add(mono);
        samples += static_cast<std::int64_t>(mono.size());
    }
    Heard heard{info_of(reader, bytes), maker.finish(), reader.damaged()};
    heard.info.seconds = static_cast<double>(samples) / reader.rate();
    return heard;
}

Result<Sound> decode_sound(std::string_view bytes, double seconds, const std::stop_token& stop) {
    const AudioLimits limits;
    auto reader = TRY(open_sound(bytes, limits, stop));
    Sound sound;
    Resampler resampler(reader.rate(), sound.rate);
    const auto enough = static_cast<std::size_t>(std::max(0.0, seconds) * sound.rate);
    for (std::vector<float> mono; sound.samples.size() < enough && TRY(reader.next(mono));)
        resampler.add(mono, sound.samples);
    if (sound.samples.size() < enough) resampler.finish(sound.samples);
    if (sound.samples.size() > enough) sound.samples.resize(enough);
    return sound;
}

}  // namespace countersign
