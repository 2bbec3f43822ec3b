#include "models/cepstra.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace countersign {

namespace {

constexpr std::size_t window_size = 400, step_size = 160, transform_size = 512, mel_bands = 30;
constexpr double rate = 16'000, lowest = 100, highest = 7000;  // Hz

double mel(double hertz) {
    return 1127 * std::log(1 + hertz / 700);
}

struct Band {
    std::size_t first = 0;
    std::vector<float> weights;  ///< Of the bins from `first` on; a triangle.
};

class CepstraTables {
public:
    CepstraTables() {
        constexpr double pi = std::numbers::pi;
        for (std::size_t i = 0; i < window_size; ++i)
            window[i] = static_cast<float>(0.54 - 0.46 * std::cos(2 * pi * i / (window_size - 1)));
        for (std::size_t i = 0; i < transform_size / 2; ++i) {
            const double angle = -2 * pi * i / transform_size;
            turn[i] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
        }
        const double low = mel(lowest), wide = (mel(highest) - low) / (mel_bands + 1);
        for (std::size_t m = 0; m < mel_bands; ++m) {
            for (std::size_t k = 0; k <= transform_size / 2; ++k) {
                const double at = (mel(k * rate / transform_size) - low) / wide - m;
                const double weight = 1 - std::abs(at - 1);
                if (weight <= 0) continue;
                if (bands[m].weights.empty()) bands[m].first = k;
                bands[m].weights.push_back(static_cast<float>(weight));
            }
        }
        for (std::size_t c = 0; c < cepstra_size; ++c)
            for (std::size_t m = 0; m < mel_bands; ++m)
                cosine[c][m] =
                    static_cast<float>(std::cos(pi * (c + 1) * (m + 0.5) / mel_bands) / 3);
    }

    std::array<float, window_size> window{};
    std::array<std::complex<float>, transform_size / 2> turn;
    std::array<Band, mel_bands> bands;
    std::array<std::array<float, mel_bands>, cepstra_size> cosine{};
};

using Spectrum = std::array<std::complex<float>, transform_size>;

/// Cooley and Tukey's fast Fourier transform, in place.
void transform(Spectrum& x, const CepstraTables& tables) {
    for (std::size_t i = 1, j = 0; i < transform_size; ++i) {
        std::size_t bit = transform_size >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(x[i], x[j]);
    }
    for (std::size_t length = 2; length <= transform_size; length <<= 1) {
        const std::size_t stride = transform_size / length;
        for (std::size_t i = 0; i < transform_size; i += length) {
            for (std::size_t k = 0; k < length / 2; ++k) {
                const auto w = tables.turn[k * stride], b = x[i + k + length / 2], a = x[i + k];
                const std::complex<float> turned(b.real() * w.real() - b.imag() * w.imag(),
                                                 b.real() * w.imag() + b.imag() * w.real());
                x[i + k] = a + turned;
                x[i + k + length / 2] = a - turned;
            }
        }
    }
}

}  // namespace

std::vector<Cepstra> cepstra_of(const Sound& sound) {
    static const CepstraTables tables;
    std::vector<Cepstra> out;
    const auto& samples = sound.samples;
    if (sound.rate != 16'000 || samples.size() < window_size) return out;
    out.resize((samples.size() - window_size) / step_size + 1);
    Spectrum x;
    for (std::size_t t = 0; t < out.size(); ++t) {
        x.fill({});
        for (std::size_t i = 0; i < window_size; ++i) {
            const std::size_t at = t * step_size + i;
            const float before = at > 0 ? static_cast<float>(samples[at - 1]) : 0;
            x[i] = (static_cast<float>(samples[at]) - 0.97f * before) * tables.window[i];
        }
        transform(x, tables);
        std::array<float, mel_bands> energy{};
        for (std::size_t m = 0; m < mel_bands; ++m) {
            float sum = 1e-3f;
            const auto& band = tables.bands[m];
            for (std::size_t k = 0; k < band.weights.size(); ++k)
                sum += band.weights[k] * std::norm(x[band.first + k]);
            energy[m] = std::log(sum);
        }
        for (std::size_t c = 0; c < cepstra_size; ++c) {
            float sum = 0;
            for (std::size_t m = 0; m < mel_bands; ++m) sum += tables.cosine[c][m] * energy[m];
            out[t][c] = sum;
        }
    }
    return out;
}

}  // namespace countersign
