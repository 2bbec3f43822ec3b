#include "models/crf.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"

namespace countersign {

namespace {

constexpr float rate = 0.1f, decay = 1e-5f, first_square = 1e-6f;
constexpr double least_gradient = 1e-4;
constexpr double least_log_weight = -60;  ///< Below it a tag is as good as impossible.
constexpr float largest_transition = 30;

int begins(int type) {
    return 1 + 2 * type;
}
int goes_on(int type) {
    return 2 + 2 * type;
}

std::vector<int> tags_of(const std::vector<CrfSpan>& spans, std::size_t size) {
    std::vector<int> tags(size);
    for (const auto& span : spans) {
        for (std::size_t i = span.first; i < span.last; ++i) tags[i] = goes_on(span.type);
        tags[span.first] = begins(span.type);
    }
    return tags;
}

}  // namespace

Crf::Crf(int types, int bits)
    : words(1 + 2 * types, bits),
      transitions(static_cast<std::size_t>(2 + 2 * types) *
                  static_cast<std::size_t>(1 + 2 * types)) {}

bool Crf::allowed(int from, int to) const {
    const bool inner = to > 0 && to % 2 == 0;
    return !inner || (from != tags() && (from == to || from == to - 1));
}

CrfReading::CrfReading(const Crf& crf, const CrfWords& words)
    : crf_(&crf), tags_(crf.tags()), size_(words.size()) {
    const auto tags = static_cast<std::size_t>(tags_);
    step_.resize(crf.transitions.size());
    for (int a = 0; a <= tags_; ++a)
        for (int b = 0; b < tags_; ++b)
            if (crf.allowed(a, b))
                step_[at(static_cast<std::size_t>(a), b)] = std::exp(
                    static_cast<double>(crf.transitions[at(static_cast<std::size_t>(a), b)]));
    score_.resize(size_ * tags);
    weight_.resize(size_ * tags);
    alpha_.resize(size_ * tags);
    beta_.resize(size_ * tags);
    scale_.resize(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        float* score = &score_[i * tags];
        for (const auto feature : words.at(i)) {
            const auto row = crf.words.find(feature);
            if (row == LinearModel::none) continue;
            const float* w = crf.words.row(row).data();
            for (std::size_t k = 0; k < tags; ++k) score[k] += w[k];
        }
        const auto top = static_cast<double>(*std::max_element(score, score + tags));
        for (std::size_t k = 0; k < tags; ++k)
            weight_[i * tags + k] =
                std::exp(std::max(static_cast<double>(score[k]) - top, least_log_weight));
        log_total_ += top;
    }
    for (std::size_t i = 0; i < size_; ++i) {
        double sum = 0;
        for (int k = 0; k < tags_; ++k) {
            double reach = 0;
            if (i == 0)
                reach = step_[at(tags, k)];
            else
                for (int a = 0; a < tags_; ++a)
                    reach += alpha_[at(i - 1, a)] * step_[at(static_cast<std::size_t>(a), k)];
            sum += alpha_[at(i, k)] = reach * weight_[at(i, k)];
        }
        scale_[i] = sum;
        for (int k = 0; k < tags_; ++k) alpha_[at(i, k)] /= sum;
        log_total_ += std::log(sum);
    }
    for (std::size_t i = size_; i-- > 0;) {
        for (int a = 0; a < tags_; ++a) {
            if (i + 1 == size_) {
                beta_[at(i, a)] = 1;
                continue;
            }
            double rest = 0;
            for (int k = 0; k < tags_; ++k)
                rest += step_[at(static_cast<std::size_t>(a), k)] * weight_[at(i + 1, k)] *
                        beta_[at(i + 1, k)];
            beta_[at(i, a)] = rest / scale_[i + 1];
        }
    }
}

double CrfReading::edge(std::size_t word, int from, int to) const {
    return alpha_[at(word - 1, from)] * step_[at(static_cast<std::size_t>(from), to)] *
           weight_[at(word, to)] * beta_[at(word, to)] / scale_[word];
}

double CrfReading::whole(const std::vector<CrfSpan>& spans) const {
    const auto tags = tags_of(spans, size_);
    double log = -log_total_;
    for (std::size_t i = 0; i < size_; ++i) {
        const auto before = static_cast<std::size_t>(i == 0 ? tags_ : tags[i - 1]);
        log += static_cast<double>(score_[at(i, tags[i])]) +
               static_cast<double>(crf_->transitions[at(before, tags[i])]);
    }
    return std::clamp(std::exp(log), 0.0, 1.0);
}

double CrfReading::probability(const CrfSpan& span) const {
    const int inner = goes_on(span.type);
    double p = alpha_[at(span.first, begins(span.type))];
    int tag = begins(span.type);
    for (std::size_t i = span.first + 1; i < span.last; ++i, tag = inner)
        p *= step_[at(static_cast<std::size_t>(tag), inner)] * weight_[at(i, inner)] / scale_[i];
    if (span.last == size_) return std::min(p, 1.0);
    double rest = 0;
    for (int k = 0; k < tags_; ++k)
        if (k != inner)
            rest += step_[at(static_cast<std::size_t>(tag), k)] * weight_[at(span.last, k)] *
                    beta_[at(span.last, k)] / scale_[span.last];
    return std::min(p * rest, 1.0);
}

std::vector<CrfReading::Likely> CrfReading::likely(double least) const {
    std::vector<Likely> found;
    for (std::size_t i = 0; i < size_; ++i)
        for (int type = 0; type < crf_->types(); ++type) {
            // What began here ends somewhere: once less than `least` is left, nothing is found.
            double left = marginal(i, begins(type));
            for (std::size_t last = i + 1; left >= least && last <= size_; ++last) {
                const CrfSpan span{i, last, type};
                const double p = probability(span);
                if (p >= least) found.push_back({span, p});
                left -= p;
            }
        }
    std::stable_sort(found.begin(), found.end(), [](const Likely& a, const Likely& b) {
        return a.probability > b.probability;
    });
    std::vector<Likely> out;
    for (const auto& one : found)
        if (std::none_of(out.begin(), out.end(), [&](const Likely& better) {
                return one.span.first < better.span.last && better.span.first < one.span.last;
            }))
            out.push_back(one);
    return out;
}

namespace {

class CrfTrainer {
public:
    CrfTrainer(int types, int bits)
        : crf_(types, bits), squares_(crf_.transitions.size(), first_square) {}

    /// Gives every feature of the examples its row.
    void meet(const CrfExample& example) {
        for (const auto f : example.words.features) crf_.words.row_for(f);
        word_squares_.resize(crf_.words.rows() * static_cast<std::size_t>(crf_.tags()),
                             first_square);
    }

    void step(const CrfExample& example) {
        const CrfReading reading(crf_, example.words);
        const auto tags = tags_of(example.spans, example.words.size());
        for (std::size_t i = 0; i < tags.size(); ++i) {
            step_word(example, reading, i, tags[i]);
            step_transition(example, reading, i, i == 0 ? crf_.tags() : tags[i - 1], tags[i]);
        }
    }

    Crf take() && { return std::move(crf_); }

private:
    void step_word(const CrfExample& example, const CrfReading& reading, std::size_t i, int truth) {
        const auto tags = static_cast<std::size_t>(crf_.tags());
        gradient_.resize(tags);
        double largest = 0;
        for (int k = 0; k < crf_.tags(); ++k) {
            const double g = (reading.marginal(i, k) - (k == truth)) * example.weight;
            largest = std::max(largest, std::abs(g));
            gradient_[static_cast<std::size_t>(k)] = static_cast<float>(g);
        }
        if (largest < least_gradient) return;
        const float* gradient = gradient_.data();
        for (const auto feature : example.words.at(i)) {
            const auto row = crf_.words.find(feature);
            float* w = crf_.words.row(row).data();
            float* square = &word_squares_[row * tags];
            for (std::size_t k = 0; k < tags; ++k) {
                const float g = gradient[k] + decay * w[k];
                square[k] += g * g;
                w[k] -= rate * g / std::sqrt(square[k]);
            }
        }
    }

    void step_transition(const CrfExample& example, const CrfReading& reading, std::size_t i,
                         int before, int truth) {
        const int first = i == 0 ? crf_.tags() : 0, last = i == 0 ? crf_.tags() + 1 : crf_.tags();
        for (int a = first; a < last; ++a)
            for (int k = 0; k < crf_.tags(); ++k) {
                if (!crf_.allowed(a, k)) continue;
                const double p = i == 0 ? reading.marginal(0, k) : reading.edge(i, a, k);
                const auto g =
                    static_cast<float>((p - (a == before && k == truth)) * example.weight);
                if (std::abs(g) < 1e-5f) continue;
                const auto at =
                    static_cast<std::size_t>(a) * static_cast<std::size_t>(crf_.tags()) +
                    static_cast<std::size_t>(k);
                squares_[at] += g * g;
                crf_.transitions[at] =
                    std::clamp(crf_.transitions[at] - rate * g / std::sqrt(squares_[at]),
                               -largest_transition, largest_transition);
            }
    }

    Crf crf_;
    std::vector<float> squares_, word_squares_, gradient_;
};

}  // namespace

Crf train_crf(std::span<const CrfExample* const> examples, int types, int bits, std::uint64_t seed,
              const std::stop_token& stop) {
    constexpr std::size_t many = 300;
    const int passes = examples.size() < many ? 20 : 10;
    CrfTrainer trainer(types, bits);
    for (const auto* example : examples) trainer.meet(*example);
    std::vector<std::size_t> order(examples.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    Rng rng(seed);
    for (int pass = 0; pass < passes; ++pass) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
        for (const auto i : order) {
            if (stop.stop_requested()) return std::move(trainer).take();
            trainer.step(*examples[i]);
        }
    }
    return std::move(trainer).take();
}

}  // namespace countersign
