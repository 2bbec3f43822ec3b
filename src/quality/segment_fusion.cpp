#include "quality/segment_fusion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "quality/assignment.h"

namespace countersign {

namespace {

/// Who is active: speakers with the number of their open turns.
class Active {
public:
    void change(std::uint32_t speaker, int by) {
        auto& n = open_[speaker];
        n += by;
        if (n == 0) open_.erase(speaker);
    }
    std::size_t size() const { return open_.size(); }
    bool has(std::uint32_t speaker) const { return open_.contains(speaker); }
    auto begin() const { return open_.begin(); }
    auto end() const { return open_.end(); }

private:
    std::map<std::uint32_t, int> open_;
};

struct Moment {
    double at = 0;
    std::uint32_t list = 0, speaker = 0;
    int by = 0;
};

/// Calls `stretch(length, active, from)` for each stretch between moments; `active[k]` is who
/// speaks in the k-th list.
template <class Stretch>
void sweep(std::span<const std::span<const Turn>> lists, Stretch stretch) {
    std::vector<Moment> moments;
    for (std::uint32_t k = 0; k < lists.size(); ++k)
        for (const auto& t : lists[k])
            if (t.end > t.start) {
                moments.push_back({t.start, k, t.speaker, 1});
                moments.push_back({t.end, k, t.speaker, -1});
            }
    std::sort(moments.begin(), moments.end(),
              [](const Moment& a, const Moment& b) { return a.at < b.at; });
    std::vector<Active> active(lists.size());
    for (std::size_t i = 0; i < moments.size();) {
        const double at = moments[i].at;
        for (; i < moments.size() && moments[i].at == at; ++i)
            active[moments[i].list].change(moments[i].speaker, moments[i].by);
        if (i < moments.size()) stretch(moments[i].at - at, active, at);
    }
}

std::vector<Turn> collars(std::span<const Turn> reference, double collar) {
    std::vector<Turn> out;
    if (collar > 0)
        for (const auto& t : reference)
            for (const double at : {t.start, t.end}) out.push_back({at - collar, at + collar, 0});
    return out;
}

using Names = std::map<std::uint32_t, std::uint32_t>;  ///< What `b` calls a speaker of `a`.
using Trust = std::map<std::uint32_t, double>;         ///< How far to believe a speaker's name.

Names names_between(std::span<const std::span<const Turn>> lists, bool skip_overlap) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> shared;
    sweep(lists, [&](double length, const std::vector<Active>& active, double) {
        if (active[2].size() > 0 || (skip_overlap && active[0].size() > 1)) return;
        for (const auto& [a, open_a] : active[0])
            for (const auto& [b, open_b] : active[1]) shared[{a, b}] += length;
    });
    std::vector<Pairing> pairs;
    for (const auto& [pair, seconds] : shared) pairs.push_back({pair.first, pair.second, seconds});
    Names out;
    for (const auto& p : best_matching(pairs)) out[p.a] = p.b;
    return out;
}

std::size_t agreed(const Active& a, const Active& b, const Names& names, bool map_speakers) {
    std::size_t out = 0;
    for (const auto& [speaker, open] : a) {
        if (!map_speakers) {
            out += b.has(speaker);
            continue;
        }
        const auto it = names.find(speaker);
        out += it != names.end() && b.has(it->second);
    }
    return out;
}

/// Gives the speakers of all systems common names, by the relative overlap (shared time over the
/// time of either) of those that are called the same: Raj et al., "DOVER-Lap" (2021), section 3.1.
/// Whole groups, one speaker of each system, are taken by falling overlap between all their pairs,
/// each speaker once; those who are left over then take part in groups again. Where there are more
/// groups than `most_groups`, systems are matched pair by pair instead: from each system as a start
/// the others one by one, then each against all others until nothing gains; the best end counts.
class Joining {
public:
    Joining(std::span<const std::vector<Turn>> systems, std::span<const double> weights,
            std::span<const std::size_t> order)
        : weights_(weights), order_(order), speakers_(systems.size()), shared_(systems.size()) {
        for (std::size_t s = 0; s < systems.size(); ++s) {
            for (const auto& t : systems[s]) speakers_[s].insert({t.speaker, 0});
            shared_[s].resize(systems.size());
        }
        std::vector<std::map<std::uint32_t, double>> spoken(systems.size());
        for (std::size_t s = 0; s < systems.size(); ++s) {
            const std::span<const Turn> lists[] = {systems[s]};
            sweep(lists, [&](double length, const std::vector<Active>& active, double) {
                for (const auto& [speaker, open] : active[0]) spoken[s][speaker] += length;
            });
        }
        for (std::size_t i = 0; i < systems.size(); ++i)
            for (std::size_t j = i + 1; j < systems.size(); ++j) {
                const std::span<const Turn> lists[] = {systems[i], systems[j]};
                sweep(lists, [&](double length, const std::vector<Active>& active, double) {
                    for (const auto& [a, open_a] : active[0])
                        for (const auto& [b, open_b] : active[1]) shared_[i][j][{a, b}] += length;
                });
                for (auto& [pair, overlap] : shared_[i][j]) {
                    overlap /= spoken[i][pair.first] + spoken[j][pair.second] - overlap;
                    shared_[j][i][{pair.second, pair.first}] = overlap;
                }
            }
    }

    /// Of each system, the common name of each of its speakers.
    std::vector<Names> join() {
        double groups = 1;
        for (const auto& own : speakers_)
            groups *= static_cast<double>(std::max<std::size_t>(1, own.size()));
        return groups <= most_groups ? by_groups() : by_pairs();
    }

    /// Of each system, by the common name of each of its speakers: the mean relative overlap with
    /// who is called the same in the other systems, 0 where nobody is.
    std::vector<Trust> trust(const std::vector<Names>& names) const {
        std::vector<Trust> out(names.size());
        const double others = static_cast<double>(std::max<std::size_t>(2, names.size()) - 1);
        for (std::size_t i = 0; i < names.size(); ++i) {
            for (const auto& [speaker, name] : names[i]) out[i][name] = 0;
            for (std::size_t j = 0; j < names.size(); ++j)
                for (const auto& [pair, overlap] : shared_[i][j])
                    if (const auto name = names[i].at(pair.first); name == names[j].at(pair.second))
                        out[i][name] += overlap / others;
        }
        return out;
    }

private:
    static constexpr double most_groups = 100'000;

    struct Group {
        double overlap = 0;
        std::vector<std::uint32_t> members;  ///< One of each system that hears anybody.
    };

    double overlap(std::size_t i, std::uint32_t a, std::size_t j, std::uint32_t b) const {
        const auto it = shared_[i][j].find({a, b});
        return it == shared_[i][j].end() ? 0 : it->second;
    }
    /// Of the systems that hear anybody.
    std::vector<Group> all_groups(const std::vector<std::size_t>& with) const {
        std::vector<Group> out{{}};
        for (const auto s : with) {
            std::vector<Group> longer;
            for (const auto& group : out)
                for (const auto& [speaker, zero] : speakers_[s]) {
                    auto& next = longer.emplace_back(group);
                    for (std::size_t k = 0; k < group.members.size(); ++k)
                        next.overlap += overlap(with[k], group.members[k], s, speaker);
                    next.members.push_back(speaker);
                }
            out = std::move(longer);
        }
        std::stable_sort(out.begin(), out.end(),
                         [](const Group& a, const Group& b) { return a.overlap > b.overlap; });
        return out;
    }
    std::vector<Names> by_groups() {
        std::vector<std::size_t> with;
        for (std::size_t s = 0; s < speakers_.size(); ++s)
            if (!speakers_[s].empty()) with.push_back(s);
        const auto groups = with.empty() ? std::vector<Group>() : all_groups(with);
        std::vector<Names> out(speakers_.size());
        const auto is_named = [&](const Group& group, std::size_t k) {
            return out[with[k]].contains(group.members[k]);
        };
        for (bool more = !with.empty(); more;) {
            more = false;
            std::vector<const Group*> taken;
            std::vector<std::set<std::uint32_t>> used(with.size());
            for (const auto& group : groups) {
                bool fits = false;
                for (std::size_t k = 0; k < with.size(); ++k) fits = fits || !is_named(group, k);
                for (std::size_t k = 0; k < with.size(); ++k)
                    fits = fits && !used[k].contains(group.members[k]);
                if (!fits) continue;
                for (std::size_t k = 0; k < with.size(); ++k) used[k].insert(group.members[k]);
                taken.push_back(&group);
            }
            for (const auto* group : taken) {
                for (std::size_t k = 0; k < with.size(); ++k)
                    out[with[k]].try_emplace(group->members[k], next_);
                ++next_;
                more = true;
            }
        }
        return out;
    }
    std::vector<Names> by_pairs() {
        std::vector<Names> best;
        double most = -1;
        for (const auto first : order_) {
            names_.assign(speakers_.size(), {});
            next_ = 0;
            match(first);
            for (const auto s : order_)
                if (s != first) match(s);
            double gain = total();
            for (int round = 0; round < 10; ++round) {
                for (const auto s : order_) match(s);
                const double now = total();
                if (now <= gain * (1 + 1e-12)) break;
                gain = now;
            }
            if (gain > most) most = gain, best = names_;
        }
        return best;
    }

    /// Names the speakers of one system by those of all others that have names.
    void match(std::size_t s) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, double> sums;
        for (std::size_t other = 0; other < names_.size(); ++other)
            for (const auto& [pair, overlap] : shared_[s][other])
                if (const auto it = names_[other].find(pair.second); it != names_[other].end())
                    sums[{pair.first, it->second}] += overlap * weights_[other];
        std::vector<Pairing> pairs;
        for (const auto& [pair, weight] : sums) pairs.push_back({pair.first, pair.second, weight});
        names_[s].clear();
        for (const auto& p : best_matching(pairs)) names_[s][p.a] = p.b;
        for (const auto& [speaker, zero] : speakers_[s])
            if (!names_[s].contains(speaker)) names_[s][speaker] = next_++;
    }
    double total() const {
        double out = 0;
        for (std::size_t i = 0; i < names_.size(); ++i)
            for (std::size_t j = i + 1; j < names_.size(); ++j)
                for (const auto& [pair, overlap] : shared_[i][j])
                    if (names_[i].at(pair.first) == names_[j].at(pair.second))
                        out += overlap * weights_[i] * weights_[j];
        return out;
    }

    std::span<const double> weights_;
    std::span<const std::size_t> order_;
    std::vector<Names> speakers_, names_;
    std::vector<std::vector<std::map<std::pair<std::uint32_t, std::uint32_t>, double>>> shared_;
    std::uint32_t next_ = 0;
};

struct Standing {
    std::uint32_t speaker = 0;
    double weight = 0;   ///< Of the systems that hear them.
    double votes = 0;    ///< What counts first: these systems, or without trust their weight.
    double trusted = 0;  ///< Their weights times their trust.
};

/// The speakers of a stretch by falling votes, then trust; of equals the lower number first.
std::vector<Standing> standings(const std::vector<Active>& active, std::span<const double> weights,
                                std::span<const Trust> trust) {
    std::map<std::uint32_t, Standing> sums;
    for (std::size_t s = 0; s < active.size(); ++s)
        for (const auto& [speaker, open] : active[s]) {
            auto& sum = sums[speaker];
            sum.speaker = speaker;
            sum.weight += weights[s];
            sum.votes += trust.empty() ? weights[s] : 1;
            sum.trusted += trust.empty() ? 0 : weights[s] * trust[s].at(speaker);
        }
    std::vector<Standing> out;
    for (const auto& [speaker, sum] : sums) out.push_back(sum);
    std::stable_sort(out.begin(), out.end(), [](const Standing& a, const Standing& b) {
        return std::tie(a.votes, a.trusted) > std::tie(b.votes, b.trusted);
    });
    return out;
}

std::vector<VotedTurn> voted(std::span<const std::vector<Turn>> systems,
                             std::span<const double> weights, std::span<const Trust> trust) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    const std::vector<std::span<const Turn>> lists(systems.begin(), systems.end());
    std::vector<VotedTurn> out;
    std::map<std::uint32_t, std::size_t> open;  ///< The last turn of each speaker.
    sweep(lists, [&](double length, const std::vector<Active>& active, double from) {
        double speakers = 0;
        for (std::size_t s = 0; s < active.size(); ++s)
            speakers += weights[s] * static_cast<double>(active[s].size());
        const auto ranked = standings(active, weights, trust);
        const auto wanted = static_cast<std::size_t>(std::floor(speakers / total + 0.5 + 1e-9));
        for (std::size_t i = 0; i < std::min(wanted, ranked.size()); ++i) {
            const auto speaker = ranked[i].speaker;
            const double weight = ranked[i].weight;
            const auto it = open.find(speaker);
            if (it != open.end() && out[it->second].end == from) {
                out[it->second].end = from + length;
                out[it->second].share += length * weight / total;
            } else {
                open[speaker] = out.size();
                out.push_back({{from, from + length, speaker}, length * weight / total});
            }
        }
    });
    for (auto& t : out) t.share = std::min(t.share / (t.end - t.start), 1.0);
    return out;
}

}  // namespace

DiarizationErrors& DiarizationErrors::operator+=(const DiarizationErrors& other) {
    reference += other.reference, missed += other.missed;
    false_alarm += other.false_alarm, confused += other.confused;
    return *this;
}

DiarizationErrors diarization_errors(std::span<const Turn> reference,
                                     std::span<const Turn> hypothesis,
                                     const DiarizationOptions& options) {
    const auto left_out = collars(reference, options.collar);
    const std::span<const Turn> lists[] = {reference, hypothesis, left_out};
    const auto names = options.map_speakers ? names_between(lists, options.skip_overlap) : Names();
    DiarizationErrors out;
    sweep(lists, [&](double length, const std::vector<Active>& active, double) {
        const auto a = active[0].size(), b = active[1].size();
        if (active[2].size() > 0 || (options.skip_overlap && a > 1)) return;
        const auto right = agreed(active[0], active[1], names, options.map_speakers);
        out.reference += length * static_cast<double>(a);
        if (a > b) out.missed += length * static_cast<double>(a - b);
        if (b > a) out.false_alarm += length * static_cast<double>(b - a);
        out.confused += length * static_cast<double>(std::min(a, b) - right);
    });
    return out;
}

double turn_distance(std::span<const Turn> a, std::span<const Turn> b, bool map_speakers) {
    DiarizationOptions options;
    options.map_speakers = map_speakers;
    const auto found = diarization_errors(a, b, options);
    const double either = found.reference + found.false_alarm;
    return either > 0 ? std::clamp(found.errors() / either, 0.0, 1.0) : 0;
}

TurnVote vote_turns(std::span<const std::vector<Turn>> systems, const TurnVoteOptions& options) {
    const auto n = systems.size();
    TurnVote out;
    out.distances.assign(n, 0.0);
    out.speakers.resize(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            const double d = turn_distance(systems[i], systems[j], options.map_speakers) /
                             static_cast<double>(n - 1);
            out.distances[i] += d, out.distances[j] += d;
        }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return out.distances[a] < out.distances[b];
    });
    out.weights = options.weights;
    if (out.weights.empty()) {
        out.weights.assign(n, 1.0);
        for (std::size_t rank = 0; rank < n; ++rank)
            out.weights[order[rank]] = std::pow(static_cast<double>(rank + 1), -0.1);
    }
    std::vector<Names> names(n);
    std::vector<Trust> trust;
    if (options.map_speakers) {
        Joining joining(systems, out.weights, order);
        names = joining.join();
        if (options.weights.empty()) trust = joining.trust(names);
    } else {
        for (std::size_t i = 0; i < n; ++i)
            for (const auto& t : systems[i]) names[i][t.speaker] = t.speaker;
    }
    std::vector<std::vector<Turn>> renamed(systems.begin(), systems.end());
    for (std::size_t i = 0; i < n; ++i) {
        for (auto& t : renamed[i]) t.speaker = names[i].at(t.speaker);
        out.speakers[i].assign(names[i].begin(), names[i].end());
    }
    out.turns = voted(renamed, out.weights, trust);
    return out;
}

}  // namespace countersign
