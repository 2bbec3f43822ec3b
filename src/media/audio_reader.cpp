#include "media/audio_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace countersign {

namespace {

/// What browsers play.
constexpr AVCodecID codings[] = {
    AV_CODEC_ID_PCM_U8,    AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_S24LE, AV_CODEC_ID_PCM_S32LE,
    AV_CODEC_ID_PCM_F32LE, AV_CODEC_ID_PCM_S16BE, AV_CODEC_ID_PCM_S24BE, AV_CODEC_ID_PCM_MULAW,
    AV_CODEC_ID_PCM_ALAW,  AV_CODEC_ID_MP1,       AV_CODEC_ID_MP2,       AV_CODEC_ID_MP3,
    AV_CODEC_ID_AAC,       AV_CODEC_ID_VORBIS,    AV_CODEC_ID_OPUS,      AV_CODEC_ID_FLAC};

/// No header that lies about a size gets more than this in one piece.
constexpr std::size_t largest_allocation = 256 << 20;
constexpr int buffer_bytes = 64 << 10;
constexpr std::int64_t silence_block = 64 << 10;

void quiet_libav() {
    static const bool done = [] {
        av_log_set_callback([](void*, int, const char*, va_list) {});
        av_max_alloc(largest_allocation);
        return true;
    }();
    (void)done;
}

/// A file in memory, as libav reads one.
struct Memory {
    std::string_view bytes;
    std::int64_t at = 0;

    static int read(void* self, std::uint8_t* into, int room) {
        auto& memory = *static_cast<Memory*>(self);
        const auto left = static_cast<std::int64_t>(memory.bytes.size()) - memory.at;
        const auto n = std::min<std::int64_t>(room, left);
        if (n <= 0) return AVERROR_EOF;
        std::memcpy(into, memory.bytes.data() + memory.at, static_cast<std::size_t>(n));
        memory.at += n;
        return static_cast<int>(n);
    }
    static std::int64_t seek(void* self, std::int64_t offset, int whence) {
        auto& memory = *static_cast<Memory*>(self);
        const auto size = static_cast<std::int64_t>(memory.bytes.size());
        whence &= ~AVSEEK_FORCE;
        if (whence == AVSEEK_SIZE) return size;
        if (whence == SEEK_CUR && offset <= size) offset += memory.at;
        if (whence == SEEK_END) offset = size - std::abs(offset);
        if (offset < 0 || offset > size) return AVERROR(EINVAL);
        return memory.at = offset;
    }
};

int open_nothing_else(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

/// In [-1, 1]; what is no number is silence.
float heard(float sample) {
    return sample >= -1 ? std::min(sample, 1.0F) : sample < -1 ? -1.0F : 0.0F;
}

/// Adds the channels of a frame to `out`, whose samples are their mean.
template <class T>
void mix(const AVFrame& frame, bool planar, float scale, float zero, float* out) {
    const int channels = frame.ch_layout.nb_channels, n = frame.nb_samples;
    const int stride = planar ? 1 : channels;
    for (int c = 0; c < channels; ++c) {
        const T* from = planar ? reinterpret_cast<const T*>(frame.extended_data[c])
                               : reinterpret_cast<const T*>(frame.extended_data[0]) + c;
        for (int i = 0; i < n; ++i)
            out[i] += heard(
                (static_cast<float>(from[static_cast<std::size_t>(i) * stride]) - zero) * scale);
    }
    const float share = 1.0F / static_cast<float>(channels);
    for (int i = 0; i < n; ++i) out[i] *= share;
}

bool mix(const AVFrame& frame, std::vector<float>& mono) {
    mono.assign(static_cast<std::size_t>(frame.nb_samples), 0);
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const bool planar = av_sample_fmt_is_planar(format) != 0;
    float* out = mono.data();
    switch (av_get_packed_sample_fmt(format)) {
        case AV_SAMPLE_FMT_U8:
            mix<std::uint8_t>(frame, planar, 1.0F / 128, 128, out);
            break;
        case AV_SAMPLE_FMT_S16:
            mix<std::int16_t>(frame, planar, 1.0F / 32768, 0, out);
            break;
        case AV_SAMPLE_FMT_S32:
            mix<std::int32_t>(frame, planar, 1.0F / 2147483648.0F, 0, out);
            break;
        case AV_SAMPLE_FMT_FLT:
            mix<float>(frame, planar, 1, 0, out);
            break;
        case AV_SAMPLE_FMT_DBL:
            mix<double>(frame, planar, 1, 0, out);
            break;
        default:
            return false;
    }
    return true;
}

Refusal no_sound() {
    return {Code::invalid,
            "The file holds no sound that can be decoded: it is empty, cut off or damaged. Replace "
            "it."};
}

std::string hours(double seconds) {
    const auto whole = std::llround(seconds);
    if (whole % 3600 == 0) return std::to_string(whole / 3600) + " hours";
    return std::to_string(whole) + " seconds";
}

}  // namespace

struct AudioReader::Parts {
    Parts(std::string_view bytes, const AudioContainer& from, const AudioLimits& within,
          std::stop_token stopper)
        : memory{bytes}, container(from), limits(within), stop(std::move(stopper)) {}
    ~Parts() {
        avcodec_free_context(&codec);
        avformat_close_input(&format);
        if (io) av_freep(&io->buffer);
        avio_context_free(&io);
        av_packet_free(&packet);
        av_frame_free(&frame);
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    Result<> open();
    Result<> choose_stream();
    Result<bool> pull();
    Result<> look_at_first();
    std::int64_t gap();
    bool is_fit() const {
        return frame->nb_samples > 0 && frame->sample_rate > 0 && frame->ch_layout.nb_channels > 0;
    }

    Memory memory;
    const AudioContainer& container;
    const AudioLimits& limits;
    std::stop_token stop;
    AVIOContext* io = nullptr;
    AVFormatContext* format = nullptr;
    AVCodecContext* codec = nullptr;
    AVPacket* packet = nullptr;
    AVFrame* frame = nullptr;
    AVStream* stream = nullptr;
    bool has_video = false, drained = false;
    bool waits = false;  ///< A frame was decoded and not given yet.
    std::int64_t packets = 0, damaged = 0;
    int rate = 0, channels = 0;
    std::int64_t given = 0;       ///< Samples of one channel.
    std::int64_t silence = 0;     ///< Samples to give before the frame that waits.
    std::optional<double> began;  ///< The clock when the first sample is heard.
};

Result<> AudioReader::Parts::open() {
    quiet_libav();
    io = avio_alloc_context(static_cast<unsigned char*>(av_malloc(buffer_bytes)), buffer_bytes, 0,
                            &memory, Memory::read, nullptr, Memory::seek);
    format = avformat_alloc_context();
    packet = av_packet_alloc();
    frame = av_frame_alloc();
    if (!io || !io->buffer || !format || !packet || !frame) throw std::bad_alloc();
    format->pb = io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    format->io_open = open_nothing_else;
    format->max_streams = 100;
    const auto* demuxer = av_find_input_format(container.demuxer);
    if (!demuxer)
        return Refusal{Code::unsupported, "This server's libav was built without " +
                                              std::string(container.demuxer) + "."};
    // Frees `format` when it fails.
    if (avformat_open_input(&format, "", demuxer, nullptr) < 0) return no_sound();
    TRY(choose_stream());
    return look_at_first();
}

Result<> AudioReader::Parts::choose_stream() {
    const AVCodec* decoder = nullptr;
    std::string other;
    for (unsigned i = 0; i < format->nb_streams; ++i) {
        auto* found = format->streams[i];
        const auto& about = *found->codecpar;
        found->discard = AVDISCARD_ALL;
        has_video |= about.codec_type == AVMEDIA_TYPE_VIDEO &&
                     (found->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
        if (about.codec_type != AVMEDIA_TYPE_AUDIO || stream) continue;
        if (std::find(std::begin(codings), std::end(codings), about.codec_id) != std::end(codings))
            decoder = avcodec_find_decoder(about.codec_id);
        if (decoder)
            stream = found;
        else
            other = avcodec_get_name(about.codec_id);
    }
    if (!stream && !other.empty())
        return Refusal{Code::unsupported,
                       "Its sound is coded as " + other +
                           ", which browsers do not play: convert it to FLAC, MP3, M4A or Opus."};
    if (!stream && has_video) return Refusal{Code::unsupported, "This is a video without sound."};
    if (!stream) return no_sound();
    stream->discard = AVDISCARD_DEFAULT;
    codec = avcodec_alloc_context3(decoder);
    if (!codec) throw std::bad_alloc();
    if (avcodec_parameters_to_context(codec, stream->codecpar) < 0) return no_sound();
    codec->pkt_timebase = stream->time_base;
    codec->thread_count = 1;
    codec->max_samples = std::int64_t{1} << 22;
    if (avcodec_open2(codec, decoder, nullptr) < 0) return no_sound();
    return Done{};
}

/// Decodes until a frame waits; false at the end.
Result<bool> AudioReader::Parts::pull() {
    const auto most_packets = static_cast<std::int64_t>(memory.bytes.size()) + 1000;
    for (;;) {
        if (stop.stop_requested()) return Refusal{Code::cancelled, "It was stopped."};
        const int got = avcodec_receive_frame(codec, frame);
        if (got == 0 && is_fit()) return true;
        if (got == 0) continue;
        if (got != AVERROR(EAGAIN) && got != AVERROR_EOF) ++damaged;
        if (drained) return false;
        const int read = ++packets > most_packets ? AVERROR_EOF : av_read_frame(format, packet);
        if (read < 0) {
            damaged += read != AVERROR_EOF;
            drained = true;
            avcodec_send_packet(codec, nullptr);
            continue;
        }
        if (packet->stream_index == stream->index && avcodec_send_packet(codec, packet) < 0)
            ++damaged;
        av_packet_unref(packet);
    }
}

/// How many samples of silence lie before the frame that waits, by its clock.
std::int64_t AudioReader::Parts::gap() {
    constexpr double least = 0.1;
    if (!container.timed || frame->pts == AV_NOPTS_VALUE) return 0;
    const double now = static_cast<double>(frame->pts) * av_q2d(stream->time_base);
    // What begins late in a video is heard late; a lone sound begins with its first sample.
    if (!began) began = has_video && now > 0 && now < 60 ? 0.0 : now;
    const double missing = now - *began - static_cast<double>(given) / rate;
    if (!(missing > least)) return 0;
    return std::llround(std::min(missing, limits.max_seconds + 1) * rate);
}

Result<> AudioReader::Parts::look_at_first() {
    if (!TRY(pull())) return no_sound();
    waits = true;
    rate = frame->sample_rate;
    channels = frame->ch_layout.nb_channels;
    if (rate < limits.min_rate || rate > limits.max_rate)
        return Refusal{Code::unsupported, "The file says it has " + std::to_string(rate) +
                                              " samples a second; from " +
                                              std::to_string(limits.min_rate) + " to " +
                                              std::to_string(limits.max_rate) + " are read."};
    if (channels > limits.max_channels)
        return Refusal{Code::too_large, "The sound has " + std::to_string(channels) +
                                            " channels; at most " +
                                            std::to_string(limits.max_channels) + " are allowed."};
    silence = gap();
    return Done{};
}

AudioReader::AudioReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

Result<AudioReader> AudioReader::open(std::string_view bytes, const AudioContainer& container,
                                      const AudioLimits& limits, std::stop_token stop) {
    auto parts = std::make_unique<Parts>(bytes, container, limits, std::move(stop));
    TRY(parts->open());
    return AudioReader(std::move(parts));
}

int AudioReader::rate() const {
    return parts_->rate;
}
int AudioReader::channels() const {
    return parts_->channels;
}
std::int64_t AudioReader::damaged() const {
    return parts_->damaged;
}

double AudioReader::seconds_said() const {
    const auto& p = *parts_;
    double seconds = 0;
    if (p.stream->duration > 0)
        seconds = static_cast<double>(p.stream->duration) * av_q2d(p.stream->time_base);
    else if (p.format->duration > 0)
        seconds = static_cast<double>(p.format->duration) / AV_TIME_BASE;
    // A WAV file that was written as a stream says it is as long as its format can say.
    const int bits = av_get_bits_per_sample(p.stream->codecpar->codec_id);
    if (bits > 0)
        seconds = std::min(seconds, static_cast<double>(p.memory.bytes.size()) * 8 /
                                        (static_cast<double>(bits) * p.rate * p.channels));
    return seconds;
}

Result<bool> AudioReader::next(std::vector<float>& mono) {
    auto& p = *parts_;
    for (mono.clear(); mono.empty();) {
        if (!p.waits) {
            if (!TRY(p.pull())) return false;
            p.waits = true;
            p.silence = p.gap();
        }
        if (p.silence > 0) {
            const auto n = std::min(p.silence, silence_block);
            mono.assign(static_cast<std::size_t>(n), 0);
            p.silence -= n;
        } else {
            p.waits = false;
            if (p.frame->sample_rate == p.rate && mix(*p.frame, mono)) continue;
            // A false start of a frame in damaged bytes says any rate: its time passes in silence.
            ++p.damaged;
            mono.assign(static_cast<std::size_t>(std::int64_t{p.frame->nb_samples} * p.rate /
                                                 p.frame->sample_rate),
                        0);
        }
    }
    p.given += static_cast<std::int64_t>(mono.size());
    const auto most = std::min(p.limits.max_seconds * p.rate,
                               static_cast<double>(p.limits.max_samples) / p.channels);
    if (static_cast<double>(p.given) > most)
        return Refusal{Code::too_large,
                       "The sound is longer than " + hours(most / p.rate) + ": cut it into parts."};
    return true;
}

struct Resampler::Parts {
    SwrContext* context = nullptr;
    ~Parts() { swr_free(&context); }
};

Resampler::Resampler(int from, int to) : parts_(std::make_unique<Parts>()) {
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    if (swr_alloc_set_opts2(&parts_->context, &mono, AV_SAMPLE_FMT_S16, to, &mono,
                            AV_SAMPLE_FMT_FLT, from, 0, nullptr) < 0 ||
        swr_init(parts_->context) < 0)
        throw Breakdown("Sound cannot be resampled from " + std::to_string(from) + " to " +
                        std::to_string(to) + " Hz.");
}
Resampler::~Resampler() = default;

namespace {

void convert(SwrContext* context, const float* from, int n, std::vector<std::int16_t>& out) {
    const int room = swr_get_out_samples(context, n);
    if (room <= 0) return;
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(room));
    auto* into = reinterpret_cast<std::uint8_t*>(out.data() + before);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(from);
    const int got = swr_convert(context, &into, room, from ? &bytes : nullptr, n);
    out.resize(before + static_cast<std::size_t>(std::max(got, 0)));
}

}  // namespace

void Resampler::add(const std::vector<float>& mono, std::vector<std::int16_t>& out) {
    convert(parts_->context, mono.data(), static_cast<int>(mono.size()), out);
}
void Resampler::finish(std::vector<std::int16_t>& out) {
    convert(parts_->context, nullptr, 0, out);
}

}  // namespace countersign
