#include "quality/sound_prints.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <optional>
#include <unordered_map>

namespace countersign {

namespace {

constexpr std::size_t frame_samples = 1024, hop_samples = 80;  // 128 and 10 ms.
constexpr std::size_t growing_hops = 2;         // Between the two frames that a word compares.
constexpr std::size_t shortest_samples = 1600;  // 0.2 s
constexpr std::size_t band_count = 33;
constexpr double lowest_hertz = 200, highest_hertz = 2000, samples_a_second = 8000;
constexpr double hardly_heard = 1e-4;     // Of the loudest frame's energy: -40 dB.
constexpr std::size_t most_entries = 64;  // Of one word: more say nothing.
constexpr std::size_t short_print = 500;  // Words below which near words are looked up too.
constexpr std::size_t least_shared = 2;   // Words at one offset before two are compared.
constexpr std::size_t most_offsets = 8;   // Offsets of a recording that are looked at.
constexpr std::size_t most_short_offsets = 64;
constexpr double least_heard_in_both = 0.8;

using Spectrum = std::array<std::complex<float>, frame_samples>;

/// In place, radix 2 (Cooley and Tukey 1965).
void fourier(Spectrum& x) {
    static const auto turns = [] {
        std::array<std::complex<float>, frame_samples / 2> out;
        for (std::size_t i = 0; i < out.size(); ++i) {
            const double angle = -2 * std::numbers::pi * double(i) / double(frame_samples);
            out[i] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
        }
        return out;
    }();
    for (std::size_t i = 1, j = 0; i < frame_samples; ++i) {
        std::size_t bit = frame_samples / 2;
        for (; j & bit; bit /= 2) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(x[i], x[j]);
    }
    for (std::size_t length = 2; length <= frame_samples; length *= 2)
        for (std::size_t at = 0; at < frame_samples; at += length)
            for (std::size_t k = 0; k < length / 2; ++k) {
                const auto a = x[at + k], turn = turns[k * (frame_samples / length)];
                const auto b = x[at + k + length / 2];
                const std::complex<float> t(b.real() * turn.real() - b.imag() * turn.imag(),
                                            b.real() * turn.imag() + b.imag() * turn.real());
                x[at + k] = a + t;
                x[at + k + length / 2] = a - t;
            }
}

struct Windows {
    std::array<float, frame_samples> window;
    std::array<std::size_t, band_count + 1> edges;  ///< Bins.
};
const Windows& print_windows() {
    static const auto made = [] {
        Windows out;
        for (std::size_t i = 0; i < frame_samples; ++i)
            out.window[i] = static_cast<float>(
                0.5 - 0.5 * std::cos(2 * std::numbers::pi * double(i) / double(frame_samples)));
        for (std::size_t b = 0; b <= band_count; ++b) {
            const double hertz = lowest_hertz * std::pow(highest_hertz / lowest_hertz,
                                                         double(b) / double(band_count));
            out.edges[b] = static_cast<std::size_t>(
                std::lround(hertz * double(frame_samples) / samples_a_second));
        }
        return out;
    }();
    return made;
}

using Energies = std::array<float, band_count>;

/// `from` may lie before the first sample: what is not there is silence.
Energies energies_of(std::span<const std::int16_t> samples, std::ptrdiff_t from) {
    const auto& w = print_windows();
    Spectrum x;
    for (std::size_t i = 0; i < frame_samples; ++i) {
        const auto at = from + static_cast<std::ptrdiff_t>(i);
        const bool is_there = at >= 0 && at < std::ssize(samples);
        const float value = is_there ? samples[static_cast<std::size_t>(at)] : 0;
        x[i] = {value * w.window[i], 0};
    }
    fourier(x);
    Energies out{};
    for (std::size_t b = 0; b < band_count; ++b)
        for (std::size_t k = w.edges[b]; k < std::max(w.edges[b + 1], w.edges[b] + 1); ++k)
            out[b] += std::norm(x[k]);
    return out;
}

float sum_of(const Energies& e) {
    float sum = 0;
    for (const float x : e) sum += x;
    return sum;
}

std::size_t heard_in(const SoundPrint& print) {
    return print.size() -
           static_cast<std::size_t>(std::count(print.begin(), print.end(), std::uint32_t{0}));
}

class Meetings {
public:
    Meetings(std::span<const SoundPrint* const> prints, double least)
        : prints_(prints), least_(least) {}

    std::vector<NearPair> all() {
        std::vector<NearPair> out;
        for (std::uint32_t b = 0; b < prints_.size(); ++b) {
            const auto found = best_before(b);
            if (found) out.push_back(*found);
            // A copy of one that is there already would only crowd the words.
            if (!found || found->similarity < 0.98) put(b);
        }
        std::sort(out.begin(), out.end(), [](const NearPair& p, const NearPair& q) {
            return std::pair(p.a, p.b) < std::pair(q.a, q.b);
        });
        return out;
    }

private:
    struct Entry {
        std::uint32_t print, at;
    };

    void put(std::uint32_t number) {
        const auto& print = *prints_[number];
        for (std::uint32_t at = 0; at < print.size(); ++at) {
            if (print[at] == 0) continue;
            auto& entries = words_[print[at]];
            if (entries.size() < most_entries) entries.push_back({number, at});
        }
    }

    std::optional<NearPair> best_before(std::uint32_t b) const {
        const auto& print = *prints_[b];
        std::map<std::pair<std::uint32_t, std::ptrdiff_t>, std::size_t> shared;
        const auto look_up = [&](std::uint32_t word, std::size_t at) {
            const auto found = words_.find(word);
            if (found == words_.end()) return;
            for (const auto& e : found->second)
                ++shared[{e.print, static_cast<std::ptrdiff_t>(at) - std::ptrdiff_t{e.at}}];
        };
        const bool is_short = print.size() < short_print;
        for (std::size_t at = 0; at < print.size(); ++at) {
            if (print[at] == 0) continue;
            look_up(print[at], at);
            for (int bit = 0; is_short && bit < 32; ++bit) look_up(print[at] ^ (1U << bit), at);
        }
        using Meeting = std::pair<std::size_t, std::pair<std::uint32_t, std::ptrdiff_t>>;
        std::vector<Meeting> meetings;
        for (const auto& [where, n] : shared)
            if (n >= (is_short ? 1 : least_shared)) meetings.emplace_back(n, where);
        std::stable_sort(meetings.begin(), meetings.end(),
                         [](const Meeting& p, const Meeting& q) { return p.first > q.first; });
        std::optional<NearPair> best;
        const auto most = is_short ? most_short_offsets : most_offsets;
        for (std::size_t i = 0; i < std::min(meetings.size(), most); ++i) {
            const auto [a, offset] = meetings[i].second;
            const double similarity = sound_similarity(*prints_[a], print, offset);
            if (similarity >= least_ && (!best || similarity > best->similarity))
                best = NearPair{a, b, similarity};
        }
        return best;
    }

    std::span<const SoundPrint* const> prints_;
    double least_;
    std::unordered_map<std::uint32_t, std::vector<Entry>> words_;
};

}  // namespace

SoundPrint sound_print(std::span<const std::int16_t> samples) {
    if (samples.size() < shortest_samples) return {};
    // As if silence came before and after: coders add some, and it must not change what is heard.
    constexpr std::ptrdiff_t half = frame_samples / 2, hop = hop_samples;
    std::vector<Energies> frames;
    for (std::ptrdiff_t at = -half; at + half <= std::ssize(samples) + half; at += hop)
        frames.push_back(energies_of(samples, at));
    float loudest = 0;
    for (const auto& f : frames) loudest = std::max(loudest, sum_of(f));
    SoundPrint out;
    for (std::size_t n = growing_hops; n < frames.size(); ++n) {
        std::uint32_t word = 0;
        const auto &now = frames[n], &before = frames[n - growing_hops];
        const float heard = sum_of(now);
        if (heard > 0 && double(heard) > hardly_heard * double(loudest))
            for (std::size_t b = 0; b + 1 < band_count; ++b) {
                const float grows = (now[b] - now[b + 1]) - (before[b] - before[b + 1]);
                word |= static_cast<std::uint32_t>(grows > 0) << b;
            }
        out.push_back(word);
    }
    return out;
}

double sound_similarity(const SoundPrint& a, const SoundPrint& b, std::ptrdiff_t offset) {
    std::size_t both = 0, differ = 0;
    const auto from = std::max<std::ptrdiff_t>(0, offset);
    const auto to = std::min(std::ssize(b), std::ssize(a) + offset);
    for (auto at = from; at < to; ++at) {
        const auto of_b = b[static_cast<std::size_t>(at)];
        const auto of_a = a[static_cast<std::size_t>(at - offset)];
        if (of_a == 0 || of_b == 0) continue;
        ++both;
        differ += static_cast<std::size_t>(std::popcount(of_a ^ of_b));
    }
    const auto most = std::max(heard_in(a), heard_in(b));
    if (both == 0 || double(both) < least_heard_in_both * double(most)) return 0;
    return std::max(0.0, 1 - double(differ) / 16 / double(both));
}

std::vector<NearPair> near_sounds(std::span<const SoundPrint* const> prints, double least) {
    return Meetings(prints, least).all();
}

}  // namespace countersign
