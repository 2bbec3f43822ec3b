#include "quality/rover.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/result.h"
#include "quality/bootstrap.h"

namespace countersign {

namespace {

constexpr std::uint32_t silence = std::numeric_limits<std::uint32_t>::max();

/// What is said in one place: a word and how much weight says it.
struct SaidWord {
    std::uint32_t word = silence;
    double weight = 0, confidence = 0;  ///< Confidence: the weighted sum.
};

struct Slot {
    std::vector<SaidWord> said;
    double weight_of(std::uint32_t word) const {
        for (const auto& s : said)
            if (s.word == word) return s.weight;
        return 0;
    }
    void add(std::uint32_t word, double weight, double confidence) {
        for (auto& s : said)
            if (s.word == word) {
                s.weight += weight, s.confidence += weight * confidence;
                return;
            }
        said.push_back({word, weight, weight * confidence});
    }
};

class Lattice {
public:
    explicit Lattice(const RoverOptions& options) : options_(options) {}

    void add(std::span<const std::uint32_t> words, const RoverTranscript& transcript) {
        const auto confidence = [&](std::size_t i) {
            return i < transcript.confidence.size() ? transcript.confidence[i] : 1.0;
        };
        find_path(words);
        std::vector<Slot> merged;
        merged.reserve(slots_.size() + words.size());
        for (const auto& [slot, word] : path_) {
            if (slot < 0) {
                auto& made = merged.emplace_back();
                if (total_ > 0) made.add(silence, total_, options_.silence_confidence);
            } else {
                merged.push_back(std::move(slots_[static_cast<std::size_t>(slot)]));
            }
            if (word < 0)
                merged.back().add(silence, transcript.weight, options_.silence_confidence);
            else
                merged.back().add(words[static_cast<std::size_t>(word)], transcript.weight,
                                  confidence(static_cast<std::size_t>(word)));
        }
        slots_ = std::move(merged);
        total_ += transcript.weight;
    }

    Rover vote(const WordNumbers& numbers) const {
        Rover out;
        double agreed = 0;
        for (const auto& slot : slots_) {
            const SaidWord* best = nullptr;
            double most = -1;
            for (const auto& s : slot.said) {
                const double share = s.weight / total_;
                const double score = options_.votes_share * share +
                                     (1 - options_.votes_share) * s.confidence / s.weight;
                const bool wins =
                    score > most + 1e-12 || (score > most - 1e-12 && best && best->word == silence);
                if (wins) most = score, best = &s;
            }
            agreed += best->weight / total_;
            if (best->word != silence)
                out.words.push_back({numbers.word(best->word), best->weight / total_});
        }
        if (!slots_.empty()) out.agreement = agreed / static_cast<double>(slots_.size());
        return out;
    }

private:
    /// Cheapest alignment of the slots with the words.
    void find_path(std::span<const std::uint32_t> words) {
        const auto n = slots_.size(), m = words.size();
        const auto width = m + 1;
        cost_.assign((n + 1) * width, 0.0);
        for (std::size_t j = 1; j <= m; ++j) cost_[j] = static_cast<double>(j);
        for (std::size_t i = 1; i <= n; ++i) {
            const double pass = skip(slots_[i - 1]);
            cost_[i * width] = cost_[(i - 1) * width] + pass;
            for (std::size_t j = 1; j <= m; ++j) {
                const double both =
                    cost_[(i - 1) * width + j - 1] + differ(slots_[i - 1], words[j - 1]);
                const double only =
                    std::min(cost_[(i - 1) * width + j] + pass, cost_[i * width + j - 1] + 1);
                cost_[i * width + j] = std::min(both, only);
            }
        }
        path_.clear();
        for (std::size_t i = n, j = m; i > 0 || j > 0;) {
            const double here = cost_[i * width + j];
            const auto slot = static_cast<std::int32_t>(i) - 1;
            const auto word = static_cast<std::int32_t>(j) - 1;
            if (i > 0 && j > 0 &&
                here == cost_[(i - 1) * width + j - 1] + differ(slots_[i - 1], words[j - 1])) {
                path_.push_back({slot, word}), --i, --j;
            } else if (i > 0 && here == cost_[(i - 1) * width + j] + skip(slots_[i - 1])) {
                path_.push_back({slot, -1}), --i;
            } else {
                path_.push_back({-1, word}), --j;
            }
        }
        std::reverse(path_.begin(), path_.end());
    }
    double differ(const Slot& slot, std::uint32_t word) const {
        return 1 - slot.weight_of(word) / total_;
    }
    double skip(const Slot& slot) const { return 1 - slot.weight_of(silence) / total_; }

    const RoverOptions& options_;
    std::vector<Slot> slots_;
    double total_ = 0;
    std::vector<double> cost_;
    std::vector<AlignedPair> path_;
};

/// The one with the least distance to all others first, then by rising distance from it.
std::vector<std::size_t> nearest_first(const std::vector<std::vector<std::uint32_t>>& words) {
    const auto n = words.size();
    std::vector<std::size_t> distance(n * n), sum(n), order(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            const auto errors = edit_counts(words[i], words[j]).errors();
            distance[i * n + j] = distance[j * n + i] = errors;
            sum[i] += errors, sum[j] += errors;
        }
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto middle =
        static_cast<std::size_t>(std::min_element(sum.begin(), sum.end()) - sum.begin());
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return distance[middle * n + a] < distance[middle * n + b];
    });
    return order;
}

/// How far two people are over the items of both.
struct Compared {
    std::uint32_t a = 0, b = 0;
    double errors = 0, words = 0;
};

std::vector<Compared> compare(std::span<const TranscribedItem> items) {
    std::vector<Compared> out;
    for (const auto& item : items) {
        WordNumbers number;
        std::vector<std::vector<std::uint32_t>> words;
        for (const auto& answer : item.answers) words.push_back(number.of(answer.words));
        for (std::size_t i = 0; i < words.size(); ++i)
            for (std::size_t j = i + 1; j < words.size(); ++j)
                out.push_back({item.answers[i].person, item.answers[j].person,
                               static_cast<double>(edit_counts(words[i], words[j]).errors()),
                               static_cast<double>(words[i].size() + words[j].size()) / 2});
    }
    return out;
}

/// Error rates e with errors of a pair ~ words * (e_a + e_b), by Gauss and Seidel's iteration.
std::vector<double> error_rates(const std::vector<Compared>& pairs, std::size_t people) {
    constexpr double drawn = 100;
    constexpr int rounds = 50;
    double errors = 0, words = 0;
    for (const auto& p : pairs) errors += p.errors, words += p.words;
    const double mean = words > 0 ? errors / words / 2 : 0;
    struct Other {
        std::uint32_t person = 0;
        double errors = 0, words = 0;
    };
    std::vector<std::vector<Other>> others(people);
    for (const auto& p : pairs) {
        others[p.a].push_back({p.b, p.errors, p.words});
        others[p.b].push_back({p.a, p.errors, p.words});
    }
    std::vector<double> rate(people, mean);
    for (int round = 0; round < rounds; ++round)
        for (std::size_t p = 0; p < people; ++p) {
            double above = drawn * mean, below = drawn;
            for (const auto& other : others[p]) {
                above += other.errors - other.words * rate[other.person];
                below += other.words;
            }
            rate[p] = std::clamp(above / below, 0.0, 1.0);
        }
    return rate;
}

std::vector<double> weights_of(std::span<const TranscribedItem> items, std::size_t people) {
    const auto rates = error_rates(compare(items), people);
    std::vector<double> out;
    for (const double rate : rates) {
        const double e = std::clamp(rate, 1e-3, 0.9);
        out.push_back(std::max(std::log((1 - e) / e), 0.05));
    }
    double sum = 0, answers = 0;
    for (const auto& item : items)
        for (const auto& answer : item.answers) sum += out[answer.person], answers += 1;
    for (auto& w : out) w = answers > 0 ? std::clamp(w * answers / sum, 0.1, 4.0) : 1.0;
    return out;
}

std::vector<TranscriberQuality> qualities_of(std::span<const TranscribedItem> items,
                                             const std::vector<Rover>& fused,
                                             const std::vector<double>& weights,
                                             std::uint64_t seed) {
    struct Record {
        std::vector<double> errors, words;
    };
    std::vector<Record> records(weights.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        WordNumbers number;
        std::vector<std::uint32_t> words;
        for (const auto& word : fused[i].words) words.push_back(number(word.text));
        for (const auto& answer : items[i].answers) {
            const auto given = number.of(answer.words);
            auto& record = records[answer.person];
            record.errors.push_back(static_cast<double>(edit_counts(words, given).errors()));
            record.words.push_back(static_cast<double>(words.size()));
        }
    }
    std::vector<TranscriberQuality> out;
    for (std::size_t p = 0; p < records.size(); ++p) {
        const auto& [errors, words] = records[p];
        if (errors.empty()) continue;
        const double rate = std::accumulate(errors.begin(), errors.end(), 0.0) /
                            std::max(std::accumulate(words.begin(), words.end(), 0.0), 1.0);
        out.push_back({static_cast<std::uint32_t>(p), errors.size(), rate,
                       ratio_interval(errors, words, seed + p), weights[p]});
    }
    return out;
}

}  // namespace

std::string Rover::text() const {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word.text;
    return out;
}

Rover rover(std::span<const RoverTranscript> transcripts, const RoverOptions& options) {
    if (transcripts.empty()) return {};
    WordNumbers numbers;
    std::vector<std::vector<std::uint32_t>> words;
    for (const auto& t : transcripts) {
        if (t.words.size() > rover_most_words)
            throw Breakdown("A transcript of " + std::to_string(t.words.size()) +
                            " words is too long to be fused.");
        words.push_back(numbers.of(t.words));
    }
    Lattice lattice(options);
    for (const auto t : nearest_first(words)) lattice.add(words[t], transcripts[t]);
    return lattice.vote(numbers);
}

FusedTranscripts fuse_transcripts(std::span<const TranscribedItem> items, std::size_t people,
                                  const TranscriptFusionOptions& options) {
    const auto weights =
        options.weigh_people ? weights_of(items, people) : std::vector<double>(people, 1.0);
    FusedTranscripts out;
    for (const auto& item : items) {
        std::vector<RoverTranscript> transcripts;
        for (const auto& answer : item.answers)
            transcripts.push_back({answer.words, answer.confidence, weights[answer.person]});
        out.items.push_back(rover(transcripts, options.rover));
    }
    out.people = qualities_of(items, out.items, weights, options.seed);
    return out;
}

}  // namespace countersign
