#include "models/speakers.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace countersign {

namespace {

constexpr std::size_t enough_frames = 20'000;  ///< Of a voice; more only take time.
constexpr float least_variance = 0.05f;
constexpr std::size_t first_groups = 10, group_size = 4, largest_voice = 16;
constexpr std::size_t piece_frames = 150;      ///< k-means looks at pieces this long at most,
constexpr std::uint32_t pause_frames = 20;     ///< which end at pauses longer than this.
constexpr float pause_discount = 0.4f;         ///< Speakers change more easily at pauses.
constexpr double frames_per_observation = 15;  ///< Neighbours say nearly the same.

/// exp(x) sums are taken relative to the largest.
float log_sum(std::span<const float> x) {
    const float largest = *std::max_element(x.begin(), x.end());
    float sum = 0;
    for (const float v : x) sum += std::exp(v - largest);
    return largest + std::log(sum);
}

float component_score(const Voice::Component& c, const Cepstra& frame) {
    float sum = 0;
    for (std::size_t d = 0; d < cepstra_size; ++d) {
        const float away = frame[d] - c.mean[d];
        sum += away * away * c.precision[d];
    }
    return c.weight - 0.5f * sum;
}

void set_shape(Voice::Component& c, double share,
               const std::array<double, cepstra_size>& variance) {
    double constant = std::log(std::max(1e-6, share));
    for (std::size_t d = 0; d < cepstra_size; ++d) {
        const double v = std::max(static_cast<double>(least_variance), variance[d]);
        c.precision[d] = static_cast<float>(1 / v);
        constant -= 0.5 * std::log(2 * std::numbers::pi * v);
    }
    c.weight = static_cast<float>(constant);
}

struct Moments {
    double weight = 1e-3;
    std::array<double, cepstra_size> sum{}, squares{};
    void add(const Cepstra& x, double w) {
        weight += w;
        for (std::size_t d = 0; d < cepstra_size; ++d) {
            const double v = static_cast<double>(x[d]);
            sum[d] += w * v;
            squares[d] += w * v * v;
        }
    }
    double mean(std::size_t d) const { return sum[d] / weight; }
    double variance(std::size_t d) const { return squares[d] / weight - mean(d) * mean(d); }
};

double total(const Voice& voice, std::span<const Cepstra* const> frames) {
    double sum = 0;
    for (const auto* frame : frames) sum += static_cast<double>(voice.log_likelihood(*frame));
    return sum;
}

/// The likeliest sequence of voices, where each change costs; `fixed` (empty, or one a frame, -1:
/// free) is kept.
std::vector<int> deal_out(const HeardSpeech& speech, std::span<const Voice> voices,
                          std::span<const int> fixed, double change_cost) {
    const std::size_t n = speech.frames.size(), k = voices.size();
    std::vector<std::uint8_t> from(n * k);
    std::vector<float> score(k, 0);
    constexpr float never = -1e4f;
    for (std::size_t i = 0; i < n; ++i) {
        const auto best =
            static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
        const bool pause = i > 0 && speech.at[i] - speech.at[i - 1] > pause_frames;
        const float changed =
            score[best] - static_cast<float>(change_cost) * (pause ? pause_discount : 1.0f);
        for (std::size_t v = 0; v < k; ++v) {
            const bool stays = score[v] >= changed;
            from[i * k + v] = static_cast<std::uint8_t>(stays ? v : best);
            if (!stays) score[v] = changed;
            if (!fixed.empty() && fixed[i] >= 0)
                score[v] += fixed[i] == static_cast<int>(v) ? 0.0f : never;
            else
                score[v] += voices[v].known() ? voices[v].log_likelihood(speech.frames[i]) : never;
        }
        const float largest = *std::max_element(score.begin(), score.end());
        for (float& s : score) s -= largest;  // An hour's sum would lose its small digits.
    }
    std::vector<int> out(n);
    auto v = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
    for (std::size_t i = n; i-- > 0;) {
        out[i] = static_cast<int>(v);
        v = from[i * k + v];
    }
    return out;
}

/// Turns of one speaker inside one voiced span; confidence by the odds against the best other
/// voice, as if every 150 ms were an independent observation.
std::vector<SpeakerTurn> turns_of(const HeardSpeech& speech, std::span<const int> speaker,
                                  std::span<const Voice> voices) {
    std::vector<SpeakerTurn> out;
    std::size_t i = 0;
    for (const auto& span : speech.voiced) {
        while (i < speech.at.size() && speech.at[i] * cepstra_step < span.start) ++i;
        bool first = true;
        while (i < speech.at.size() && speech.at[i] * cepstra_step < span.end) {
            const std::size_t begin = i;
            std::vector<double> sums(voices.size(), 0);
            for (; i < speech.at.size() && speech.at[i] * cepstra_step < span.end &&
                   speaker[i] == speaker[begin];
                 ++i)
                for (std::size_t v = 0; v < voices.size(); ++v)
                    if (voices[v].known())
                        sums[v] += static_cast<double>(voices[v].log_likelihood(speech.frames[i]));
            SpeakerTurn turn;
            turn.speaker = speaker[begin];
            turn.start = first ? span.start : speech.at[begin] * cepstra_step;
            const bool last = i == speech.at.size() || speech.at[i] * cepstra_step >= span.end;
            turn.end = last ? span.end : speech.at[i] * cepstra_step;
            double others = 0;
            const auto own = static_cast<std::size_t>(turn.speaker);
            for (std::size_t v = 0; v < voices.size(); ++v)
                if (v != own && voices[v].known())
                    others += std::exp(
                        std::clamp((sums[v] - sums[own]) / frames_per_observation, -50.0, 50.0));
            turn.confidence = 1 / (1 + others);
            out.push_back(turn);
            first = false;
        }
    }
    return out;
}

/// Groups of pieces by k-means on their means and deviations; the first centres lie far apart.
class PieceGroups {
public:
    PieceGroups(const HeardSpeech& speech, std::size_t groups) {
        const auto& at = speech.at;
        for (std::size_t i = 0; i < at.size();) {
            std::size_t j = i + 1;
            while (j < at.size() && j - i < piece_frames && at[j] - at[j - 1] < pause_frames) ++j;
            pieces_.push_back({i, j, look(speech, i, j)});
            i = j;
        }
        choose_centres(groups);
        for (int round = 0; round < 10; ++round) move();
    }
    std::vector<int> of_frames(std::size_t n) const {
        std::vector<int> out(n, 0);
        for (const auto& piece : pieces_)
            for (std::size_t i = piece.begin; i < piece.end; ++i) out[i] = piece.group;
        return out;
    }

private:
    using Look = std::array<double, 2 * cepstra_size>;
    struct Piece {
        std::size_t begin, end;
        Look look;
        int group = 0;
        double size() const { return static_cast<double>(end - begin); }
    };
    static Look look(const HeardSpeech& speech, std::size_t begin, std::size_t end) {
        Moments m;
        m.weight = 0;
        for (std::size_t i = begin; i < end; ++i) m.add(speech.frames[i], 1);
        Look out{};
        for (std::size_t d = 0; d < cepstra_size; ++d) {
            out[d] = m.mean(d);
            out[cepstra_size + d] = 0.5 * std::sqrt(std::max(0.01, m.variance(d)));
        }
        return out;
    }
    static double away(const Look& a, const Look& b) {
        double sum = 0;
        for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
        return sum;
    }
    void choose_centres(std::size_t groups) {
        centres_.push_back(pieces_[0].look);
        while (centres_.size() < std::min(groups, pieces_.size())) {
            const Piece* farthest = nullptr;
            double far = -1;
            for (const auto& piece : pieces_) {
                double nearest = 1e300;
                for (const auto& centre : centres_)
                    nearest = std::min(nearest, away(piece.look, centre));
                if (nearest * std::sqrt(piece.size()) <= far) continue;
                far = nearest * std::sqrt(piece.size());
                farthest = &piece;
            }
            centres_.push_back(farthest->look);
        }
    }
    void move() {
        std::vector<Look> sums(centres_.size());
        std::vector<double> weights(centres_.size(), 0);
        for (auto& piece : pieces_) {
            const auto nearest = std::min_element(
                centres_.begin(), centres_.end(), [&](const Look& a, const Look& b) {
                    return away(piece.look, a) < away(piece.look, b);
                });
            piece.group = static_cast<int>(nearest - centres_.begin());
            auto& sum = sums[static_cast<std::size_t>(piece.group)];
            for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += piece.size() * piece.look[d];
            weights[static_cast<std::size_t>(piece.group)] += piece.size();
        }
        for (std::size_t g = 0; g < centres_.size(); ++g)
            if (weights[g] > 0)
                for (std::size_t d = 0; d < sums[g].size(); ++d)
                    centres_[g][d] = sums[g][d] / weights[g];
    }

    std::vector<Piece> pieces_;
    std::vector<Look> centres_;
};

class Clustering {
public:
    Clustering(const HeardSpeech& speech, const SpeakerSettings& settings,
               const std::stop_token& stop)
        : speech_(speech), settings_(settings), stop_(stop) {
        auto groups = std::clamp(speech.frames.size() / 300, std::size_t{2}, first_groups);
        groups = std::max(groups, static_cast<std::size_t>(std::max(0, settings.speakers)));
        speaker_ = PieceGroups(speech, groups).of_frames(speech.frames.size());
        sizes_.assign(groups, group_size);
        close_ranks();
    }

    std::vector<SpeakerTurn> run() {
        const auto wanted = static_cast<std::size_t>(std::max(0, settings_.speakers));
        const auto most = static_cast<std::size_t>(std::max(1, settings_.most_speakers));
        while (!stop_.stop_requested()) {
            for (int round = 0; round < 3; ++round) {
                train();
                speaker_ = deal_out(speech_, voices_, {}, settings_.change_cost);
                close_ranks();
            }
            train();
            if (sizes_.size() <= 1 || sizes_.size() <= wanted) break;
            const bool too_many = wanted > 0 || sizes_.size() > most;
            if (!join_closest(too_many)) break;
        }
        return turns_of(speech_, speaker_, voices_);
    }

private:
    std::vector<const Cepstra*> frames(std::size_t of) const {
        std::vector<const Cepstra*> out;
        for (std::size_t i = 0; i < speaker_.size(); ++i)
            if (speaker_[i] == static_cast<int>(of)) out.push_back(&speech_.frames[i]);
        return out;
    }
    void train() {
        voices_.clear();
        for (std::size_t k = 0; k < sizes_.size(); ++k)
            voices_.push_back(Voice::of(frames(k), sizes_[k]));
    }
    /// Numbers in the order of their first words, without holes.
    void close_ranks() {
        std::vector<int> number(sizes_.size(), -1);
        std::vector<std::size_t> sizes;
        for (int& speaker : speaker_) {
            auto& now = number[static_cast<std::size_t>(speaker)];
            if (now < 0) {
                now = static_cast<int>(sizes.size());
                sizes.push_back(sizes_[static_cast<std::size_t>(speaker)]);
            }
            speaker = now;
        }
        sizes_ = std::move(sizes);
    }
    bool join_closest(bool even_at_a_loss) {
        std::vector<std::vector<const Cepstra*>> all(sizes_.size());
        std::vector<double> alone(sizes_.size());
        for (std::size_t k = 0; k < sizes_.size(); ++k) {
            all[k] = frames(k);
            alone[k] = total(voices_[k], all[k]);
        }
        double best = -1e300;
        std::size_t first = 0, second = 0;
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            for (std::size_t j = i + 1; j < sizes_.size(); ++j) {
                auto both = all[i];
                both.insert(both.end(), all[j].begin(), all[j].end());
                const double gain =
                    total(Voice::of(both, sizes_[i] + sizes_[j], 4), both) - alone[i] - alone[j];
                if (gain > best) best = gain, first = i, second = j;
            }
        }
        if (best < 0 && !even_at_a_loss) return false;
        std::replace(speaker_.begin(), speaker_.end(), static_cast<int>(second),
                     static_cast<int>(first));
        sizes_[first] = std::min(largest_voice, sizes_[first] + sizes_[second]);
        close_ranks();
        return true;
    }

    const HeardSpeech& speech_;
    const SpeakerSettings& settings_;
    const std::stop_token& stop_;
    std::vector<int> speaker_;  ///< Of each frame.
    std::vector<std::size_t> sizes_;
    std::vector<Voice> voices_;
};

/// Of each frame: the one speaker whose turns cover it, else -1.
std::vector<int> vouched(const HeardSpeech& speech, int speakers,
                         std::span<const SpeakerTurn> turns) {
    std::vector<int> out(speech.frames.size(), -1);
    constexpr int several = -2;
    for (const auto& turn : turns) {
        if (turn.speaker < 0 || turn.speaker >= speakers || !(turn.start < turn.end)) continue;
        const auto begin = std::lower_bound(
            speech.at.begin(), speech.at.end(), turn.start,
            [](std::uint32_t at, double start) { return at * cepstra_step < start; });
        for (auto at = begin; at != speech.at.end() && *at * cepstra_step < turn.end; ++at) {
            int& mine = out[static_cast<std::size_t>(at - speech.at.begin())];
            mine = mine == -1 || mine == turn.speaker ? turn.speaker : several;
        }
    }
    std::replace(out.begin(), out.end(), several, -1);
    return out;
}

constexpr std::size_t least_enrolled = 20;  ///< Frames: 0.2 s.

}  // namespace

Voice Voice::of(std::span<const Cepstra* const> all, std::size_t size, int rounds) {
    if (all.empty()) return {};
    std::vector<const Cepstra*> frames;
    const std::size_t stride = (all.size() + enough_frames - 1) / enough_frames;
    for (std::size_t i = 0; i < all.size(); i += stride) frames.push_back(all[i]);
    const auto n = static_cast<double>(frames.size());
    size = std::clamp(frames.size() / 15, std::size_t{1}, std::max(size, std::size_t{1}));
    Moments whole;
    whole.weight = 0;
    for (const auto* frame : frames) whole.add(*frame, 1);
    std::array<double, cepstra_size> spread{};
    for (std::size_t d = 0; d < cepstra_size; ++d) spread[d] = std::max(0.1, whole.variance(d));
    std::vector<Component> components(size);
    for (std::size_t k = 0; k < size; ++k) {
        const auto at = (static_cast<double>(k) + 0.5) * n / static_cast<double>(size);
        components[k].mean = *frames[static_cast<std::size_t>(at)];
        if (size == 1)
            for (std::size_t d = 0; d < cepstra_size; ++d)
                components[k].mean[d] = static_cast<float>(whole.mean(d));
        set_shape(components[k], 1 / static_cast<double>(size), spread);
    }
    std::vector<float> score(size);
    for (int round = 0; round < rounds; ++round) {
        std::vector<Moments> moments(size);
        for (const auto* frame : frames) {
            for (std::size_t k = 0; k < size; ++k)
                score[k] = component_score(components[k], *frame);
            const float sum = log_sum(score);
            for (std::size_t k = 0; k < size; ++k) {
                const float share = std::exp(score[k] - sum);
                if (share > 1e-4f) moments[k].add(*frame, static_cast<double>(share));
            }
        }
        for (std::size_t k = 0; k < size; ++k) {
            std::array<double, cepstra_size> variance{};
            for (std::size_t d = 0; d < cepstra_size; ++d) {
                components[k].mean[d] = static_cast<float>(moments[k].mean(d));
                variance[d] = std::max(0.1 * spread[d], moments[k].variance(d));
            }
            set_shape(components[k], moments[k].weight / n, variance);
        }
    }
    return Voice(std::move(components));
}

float Voice::log_likelihood(const Cepstra& frame) const {
    std::array<float, 2 * largest_voice> score{};
    const std::size_t n = std::min(components_.size(), score.size());
    for (std::size_t k = 0; k < n; ++k) score[k] = component_score(components_[k], frame);
    return log_sum({score.data(), n});
}

HeardSpeech hear_speech(const Sound& sound, std::vector<TimeSpan> voiced) {
    HeardSpeech out;
    const auto all = cepstra_of(sound);
    Moments moments;
    moments.weight = 1e-9;
    for (const auto& span : voiced) {
        const auto begin = static_cast<std::size_t>(std::ceil(span.start / cepstra_step - 1e-6));
        for (std::size_t i = begin;
             i < all.size() && static_cast<double>(i) * cepstra_step < span.end; ++i) {
            out.frames.push_back(all[i]);
            out.at.push_back(static_cast<std::uint32_t>(i));
            moments.add(all[i], 1);
        }
    }
    for (auto& frame : out.frames)
        for (std::size_t d = 0; d < cepstra_size; ++d)
            frame[d] = static_cast<float>((static_cast<double>(frame[d]) - moments.mean(d)) /
                                          std::sqrt(std::max(1e-3, moments.variance(d))));
    out.voiced = std::move(voiced);
    return out;
}

std::vector<SpeakerTurn> cluster_speakers(const HeardSpeech& speech,
                                          const SpeakerSettings& settings,
                                          const std::stop_token& stop) {
    constexpr std::size_t least_frames = 100;
    if (speech.frames.size() < least_frames || settings.speakers == 1 ||
        settings.most_speakers <= 1) {
        std::vector<SpeakerTurn> one;
        for (const auto& span : speech.voiced) one.push_back({span.start, span.end, 0, 1});
        return one;
    }
    return Clustering(speech, settings, stop).run();
}

std::vector<SpeakerTurn> assign_speakers(const HeardSpeech& speech, int speakers,
                                         std::span<const SpeakerTurn> labelled,
                                         std::span<const Voice> voices,
                                         const SpeakerSettings& settings,
                                         const std::stop_token& stop) {
    constexpr std::size_t few = 600, small = 4, large = 8;
    const auto fixed = vouched(speech, speakers, labelled);
    std::vector<int> speaker(speech.frames.size(), -1);
    std::vector<Voice> now(static_cast<std::size_t>(std::max(0, speakers)));
    if (now.empty() || speech.frames.empty()) return {};
    for (int round = 0; round < 3 && !stop.stop_requested(); ++round) {
        std::vector<std::vector<const Cepstra*>> frames(now.size());
        for (std::size_t i = 0; i < fixed.size(); ++i) {
            const int mine = fixed[i] >= 0 ? fixed[i] : speaker[i];
            if (mine >= 0) frames[static_cast<std::size_t>(mine)].push_back(&speech.frames[i]);
        }
        for (std::size_t k = 0; k < now.size(); ++k) {
            if (frames[k].size() >= least_enrolled)
                now[k] = Voice::of(frames[k], round > 0 || frames[k].size() > few ? large : small);
            else if (k < voices.size())
                now[k] = voices[k];
        }
        if (std::none_of(now.begin(), now.end(), [](const Voice& v) { return v.known(); }))
            return {};
        speaker = deal_out(speech, now, fixed, settings.change_cost);
    }
    return turns_of(speech, speaker, now);
}

std::vector<std::vector<const Cepstra*>> frames_of_speakers(const HeardSpeech& speech, int speakers,
                                                            std::span<const SpeakerTurn> turns) {
    std::vector<std::vector<const Cepstra*>> out(static_cast<std::size_t>(std::max(0, speakers)));
    const auto mine = vouched(speech, speakers, turns);
    for (std::size_t i = 0; i < mine.size(); ++i)
        if (mine[i] >= 0) out[static_cast<std::size_t>(mine[i])].push_back(&speech.frames[i]);
    return out;
}

}  // namespace countersign
