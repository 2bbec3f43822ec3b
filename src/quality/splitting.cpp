#include "quality/splitting.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "quality/hashing.h"

namespace countersign {

Joined::Joined(std::size_t items) : parent_(items) {
    std::iota(parent_.begin(), parent_.end(), 0U);
}

std::uint32_t Joined::group(std::uint32_t item) {
    while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
    return item;
}

void Joined::join(std::uint32_t a, std::uint32_t b) {
    a = group(a), b = group(b);
    parent_[std::max(a, b)] = std::min(a, b);
}

namespace {

struct Group {
    std::vector<std::uint32_t> items;
    std::map<std::uint32_t, double> labels;  ///< How often each occurs in it.
    double rarest = 0;                       ///< How often its rarest label occurs in all.
    std::uint64_t order = 0;
};

std::vector<Group> groups_of(std::span<const SplitItem> items, Joined& together, std::uint64_t seed,
                             std::map<std::uint32_t, double>& totals) {
    std::map<std::uint32_t, Group> by_number;
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        auto& group = by_number[together.group(i)];
        group.items.push_back(i);
        for (const auto label : items[i].labels) group.labels[label] += 1, totals[label] += 1;
        const auto order = hash_bytes(items[i].name, seed);
        group.order = group.items.size() == 1 ? order : std::min(group.order, order);
    }
    std::vector<Group> out;
    for (auto& [_, group] : by_number) {
        group.rarest = std::numeric_limits<double>::infinity();
        for (const auto& [label, _n] : group.labels)
            group.rarest = std::min(group.rarest, totals[label]);
        out.push_back(std::move(group));
    }
    std::sort(out.begin(), out.end(), [](const Group& a, const Group& b) {
        if (a.rarest != b.rarest) return a.rarest < b.rarest;
        if (a.items.size() != b.items.size()) return a.items.size() > b.items.size();
        return a.order < b.order;
    });
    return out;
}

/// What a part has so far.
struct Part {
    double share = 0, items = 0;
    std::map<std::uint32_t, double> labels;
};

/// How much the part lacks of what it should have: of the group's labels, and of items, which
/// decides between equals and for what has no label.
struct Lack {
    double labels = 0, items = 0;
    bool is_more_than(const Lack& other) const {
        constexpr double slight = 1e-9;
        return labels > other.labels + slight ||
               (labels > other.labels - slight && items > other.items + slight);
    }
};

Lack lack(const Part& part, const Group& group, const std::map<std::uint32_t, double>& totals,
          double all_items) {
    Lack out;
    for (const auto& [label, n] : group.labels) {
        const auto has = part.labels.find(label);
        const double wanted = part.share * totals.at(label);
        out.labels +=
            n / totals.at(label) * (wanted - (has == part.labels.end() ? 0 : has->second));
    }
    out.items = part.share * all_items - part.items;
    return out;
}

}  // namespace

std::vector<std::uint32_t> split_items(std::span<const SplitItem> items, Joined& together,
                                       std::span<const double> shares, std::uint64_t seed) {
    std::map<std::uint32_t, double> totals;
    const auto groups = groups_of(items, together, seed, totals);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    std::vector<Part> parts(shares.size());
    for (std::size_t p = 0; p < parts.size(); ++p) parts[p].share = shares[p] / sum;
    std::vector<std::uint32_t> out(items.size());
    for (const auto& group : groups) {
        std::size_t best = 0;
        Lack most;
        for (std::size_t p = 0; p < parts.size(); ++p)
            if (const auto lacks = lack(parts[p], group, totals, static_cast<double>(items.size()));
                p == 0 || lacks.is_more_than(most))
                most = lacks, best = p;
        auto& part = parts[best];
        part.items += static_cast<double>(group.items.size());
        for (const auto& [label, n] : group.labels) part.labels[label] += n;
        for (const auto i : group.items) out[i] = static_cast<std::uint32_t>(best);
    }
    return out;
}

}  // namespace countersign
