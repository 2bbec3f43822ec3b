#include "models/voice_activity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/crypto.h"
#include "models/network_input.h"
#include "models/onnx_weights.h"

namespace countersign {

namespace {

constexpr std::size_t context = 64;                         ///< Samples of the frame before.
constexpr std::size_t padded = context + voice_frame + 64;  ///< Mirrored at the end.
constexpr std::size_t window = 256, hop = 128;
constexpr std::size_t columns = (padded - window) / hop + 1;  ///< 4
constexpr std::size_t bins = window / 2 + 1;                  ///< 129
constexpr std::size_t cells = 128, gates = 4 * cells;

/// Weights turned so that the inner loop runs over outputs that lie side by side.
std::vector<float> turned(const std::vector<float>& weights, std::size_t rows) {
    const std::size_t width = weights.size() / rows;
    std::vector<float> out(weights.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) out[c * rows + r] = weights[r * width + c];
    return out;
}

/// A convolution of width 3 with zeros around, then max(0, .). `steps` columns of `in` numbers each
/// become (steps - 1) / stride + 1 columns of `out` numbers.
struct Convolution {
    std::size_t in, out, stride;
    std::vector<float> weights;  ///< [in][3][out]
    std::vector<float> bias;

    std::size_t run(const float* x, std::size_t steps, float* y) const {
        const std::size_t made = (steps - 1) / stride + 1;
        for (std::size_t t = 0; t < made; ++t) {
            float* sum = y + t * out;
            std::copy(bias.begin(), bias.end(), sum);
            for (std::size_t k = 0; k < 3; ++k) {
                const std::size_t at = t * stride + k;  // One to the right of the column.
                if (at == 0 || at > steps) continue;
                const float* column = x + (at - 1) * in;
                for (std::size_t i = 0; i < in; ++i) {
                    const float value = column[i];
                    const float* w = &weights[(i * 3 + k) * out];
                    for (std::size_t o = 0; o < out; ++o) sum[o] += value * w[o];
                }
            }
            for (std::size_t o = 0; o < out; ++o) sum[o] = std::max(0.0f, sum[o]);
        }
        return made;
    }
};

struct VoiceLayer {
    const char* name;
    std::size_t in, out, stride;
};
constexpr VoiceLayer layers[] = {{"encoder.0.reparam_conv", bins, 128, 1},
                                 {"encoder.1.reparam_conv", 128, 64, 2},
                                 {"encoder.2.reparam_conv", 64, 64, 2},
                                 {"encoder.3.reparam_conv", 64, cells, 1}};

float sigmoid(float x) {
    return 1 / (1 + std::exp(-x));
}

/// The file holds one network for 16 kHz and one for 8 kHz, in the branches of a condition.
const std::vector<float>* weights_called(const OnnxWeights& all, std::string_view name,
                                         std::size_t size) {
    for (const auto& [known, values] : all)
        if (known.ends_with(name) && known.find("then_branch") != std::string::npos &&
            known.find("else_branch") == std::string::npos && values.size() == size)
            return &values;
    return nullptr;
}

}  // namespace

struct VoiceActivity::Network {
    std::vector<float> transform;  ///< [256][258]: cosines of all bins, then sines.
    std::vector<Convolution> convolutions;
    std::vector<float> input, recurrent, bias;  ///< [128][512] twice, [512].
    std::vector<float> last;
    float last_bias = 0;
    std::string version;

    struct State {
        std::array<float, cells> hidden{}, cell{};
    };

    /// `x`: the 64 samples before and 512 new ones in [-1, 1], then the mirror's 64.
    float probability(const std::array<float, padded>& x, State& state) const {
        std::array<float, columns * 128> a{};  // Wide enough for every layer's output.
        std::array<float, columns * 129> b{};
        for (std::size_t t = 0; t < columns; ++t) magnitudes(&x[t * hop], &b[t * bins]);
        std::size_t steps = columns;
        float* from = b.data();
        float* to = a.data();
        for (const auto& convolution : convolutions) {
            steps = convolution.run(from, steps, to);
            std::swap(from, to);
        }
        return remember(from, state);
    }

    bool fill(const OnnxWeights& all) {
        bool good = true;
        const auto get = [&](const std::string& name, std::size_t size) {
            const auto* found = weights_called(all, name, size);
            good = good && found;
            return found ? *found : std::vector<float>(size);
        };
        transform = turned(get("stft.forward_basis_buffer", 2 * bins * window), 2 * bins);
        for (const auto& layer : layers) {
            const std::string name = layer.name;
            convolutions.push_back(
                {layer.in, layer.out, layer.stride,
                 turned(get(name + ".weight", layer.out * layer.in * 3), layer.out),
                 get(name + ".bias", layer.out)});
        }
        input = turned(get("decoder.rnn.weight_ih", gates * cells), gates);
        recurrent = turned(get("decoder.rnn.weight_hh", gates * cells), gates);
        bias = get("decoder.rnn.bias_ih", gates);
        const auto more = get("decoder.rnn.bias_hh", gates);
        for (std::size_t i = 0; i < gates; ++i) bias[i] += more[i];
        last = get("decoder.decoder.2.weight", cells);
        last_bias = get("decoder.decoder.2.bias", 1)[0];
        return good;
    }

private:
    void magnitudes(const float* x, float* out) const {
        std::array<float, 2 * bins> sum{};
        for (std::size_t i = 0; i < window; ++i) {
            const float* row = &transform[i * 2 * bins];
            for (std::size_t k = 0; k < 2 * bins; ++k) sum[k] += x[i] * row[k];
        }
        for (std::size_t k = 0; k < bins; ++k)
            out[k] = std::sqrt(sum[k] * sum[k] + sum[k + bins] * sum[k + bins]);
    }

    float remember(const float* seen, State& state) const {
        std::array<float, gates> gate{};
        std::copy(bias.begin(), bias.end(), gate.begin());
        for (std::size_t i = 0; i < cells; ++i) {
            const float x = seen[i], h = state.hidden[i];
            const float* in = &input[i * gates];
            const float* again = &recurrent[i * gates];
            for (std::size_t k = 0; k < gates; ++k) gate[k] += x * in[k] + h * again[k];
        }
        float y = last_bias;
        for (std::size_t i = 0; i < cells; ++i) {
            state.cell[i] = sigmoid(gate[cells + i]) * state.cell[i] +
                            sigmoid(gate[i]) * std::tanh(gate[2 * cells + i]);
            state.hidden[i] = sigmoid(gate[3 * cells + i]) * std::tanh(state.cell[i]);
            y += last[i] * std::max(0.0f, state.hidden[i]);
        }
        return sigmoid(y);
    }
};

VoiceActivity::VoiceActivity(std::shared_ptr<const Network> network)
    : network_(std::move(network)) {}
VoiceActivity::VoiceActivity(VoiceActivity&&) noexcept = default;
VoiceActivity& VoiceActivity::operator=(VoiceActivity&&) noexcept = default;
VoiceActivity::~VoiceActivity() = default;

const std::string& VoiceActivity::version() const {
    return network_->version;
}

Result<VoiceActivity> VoiceActivity::from(std::string_view bytes) {
    const auto weights = TRY(onnx_weights(bytes));
    auto network = std::make_shared<Network>();
    if (!network->fill(weights))
        return Refusal{Code::invalid, "The ONNX file is not Silero VAD v5 or v6."};
    network->version = "silero " + hex(sha256(bytes)).substr(0, 8);
    return VoiceActivity(std::move(network));
}

Result<VoiceActivity> VoiceActivity::load(const std::string& path) {
    const std::string bytes = TRY(model_file(path, "models/fetch"));
    auto network = from(bytes);
    if (!network)
        return Refusal{Code::unavailable, "The model file " + path +
                                              " cannot be used: " + network.refusal().message +
                                              " Delete it and run models/fetch."};
    return network;
}

std::vector<float> VoiceActivity::probabilities(const Sound& sound,
                                                const std::stop_token& stop) const {
    std::vector<float> out;
    if (sound.rate != voice_rate) return out;
    const auto& samples = sound.samples;
    out.reserve(samples.size() / voice_frame + 1);
    Network::State state;
    std::array<float, padded> x{};
    // The answer lags: what it says of a frame is clearest once the next one was heard, which after
    // the last is silence.
    const std::size_t frames = (samples.size() + voice_frame - 1) / voice_frame;
    for (std::size_t k = 0; frames > 0 && k <= frames && !stop.stop_requested(); ++k) {
        const std::size_t at = k * voice_frame;
        std::copy_n(&x[voice_frame], context, x.begin());  // The last ones of the frame before.
        for (std::size_t i = 0; i < voice_frame; ++i)
            x[context + i] =
                at + i < samples.size() ? static_cast<float>(samples[at + i]) / 32768.0f : 0.0f;
        constexpr std::size_t end = context + voice_frame;
        for (std::size_t i = 0; i < padded - end; ++i) x[end + i] = x[end - 2 - i];
        const float heard = network_->probability(x, state);
        if (k > 0) out.push_back(heard);
    }
    return out;
}

std::vector<TimeSpan> VoiceActivity::speech(const Sound& sound, const VoiceSettings& settings,
                                            const std::stop_token& stop) const {
    return speech_segments(probabilities(sound, stop), sound.seconds(), settings);
}

std::vector<TimeSpan> speech_segments(std::span<const float> probabilities, double seconds,
                                      const VoiceSettings& settings) {
    std::vector<TimeSpan> out;
    std::optional<double> begun;
    double heard = 0;  // End of the last frame that counts as speech.
    const auto close = [&] {
        if (begun && heard - *begun >= settings.least_speech - 1e-9) out.push_back({*begun, heard});
        begun.reset();
    };
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const double p = static_cast<double>(probabilities[i]);
        const double start = static_cast<double>(i) * voice_frame_seconds;
        const double end = std::min(seconds, start + voice_frame_seconds);
        if (p >= (begun ? settings.threshold - settings.slack : settings.threshold)) {
            if (!begun) begun = start;
            heard = end;
        } else if (begun && end - heard >= settings.least_pause) {
            close();
        }
    }
    close();
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double before = i == 0 ? 0 : out[i - 1].end;
        const double room = i == 0 ? out[i].start : (out[i].start - before) / 2;
        const double pad = std::min(settings.padding, room);
        if (i > 0) out[i - 1].end += std::min(settings.padding, room);
        out[i].start -= pad;
    }
    if (!out.empty()) out.back().end = std::min(seconds, out.back().end + settings.padding);
    return out;
}

Result<VoiceSettings> voice_settings_from(const Json& config, VoiceSettings settings) {
    const auto number = [&](const std::string& name, double& value, double least,
                            double most) -> Result<> {
        const auto found = config.is_object() ? config.find(name) : config.end();
        if (!config.is_object() || found == config.end()) return Done{};
        const double given = found->is_number() ? found->get<double>() : least - 1;
        if (!(given >= least && given <= most)) {
            std::string why = "\"";
            why.append(name).append("\" must be a number from ").append(to_text(Json(least)));
            return Refusal{Code::invalid, why.append(" to ").append(to_text(Json(most))) + "."};
        }
        value = given;
        return Done{};
    };
    TRY(number("threshold", settings.threshold, 0.05, 0.95));
    TRY(number("least_pause", settings.least_pause, 0, 5));
    return settings;
}

}  // namespace countersign
