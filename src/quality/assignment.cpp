#include "quality/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace countersign {

namespace {

constexpr std::size_t most_solved = 500;

/// The places of both sides' numbers in one row of nodes, and which group each node is in.
class Groups {
public:
    std::uint32_t node(std::uint64_t number) {
        const auto [it, is_new] =
            at_.try_emplace(number, static_cast<std::uint32_t>(parent_.size()));
        if (is_new) parent_.push_back(it->second);
        return it->second;
    }
    std::uint32_t root(std::uint32_t node) {
        while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
        return node;
    }
    void join(std::uint32_t x, std::uint32_t y) { parent_[root(x)] = root(y); }

private:
    std::unordered_map<std::uint64_t, std::uint32_t> at_;
    std::vector<std::uint32_t> parent_;
};

std::vector<std::uint32_t> distinct(std::span<const Pairing> pairs, std::uint32_t Pairing::*side) {
    std::vector<std::uint32_t> out;
    for (const auto& p : pairs) out.push_back(p.*side);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// Least cost of giving each row a column, rows <= columns; the column of each row.
std::vector<std::size_t> solve(std::span<const double> cost, std::size_t rows,
                               std::size_t columns) {
    constexpr double far = std::numeric_limits<double>::infinity();
    std::vector<double> of_row(rows + 1), of_column(columns + 1);
    std::vector<std::size_t> row_of(columns + 1), way(columns + 1);
    for (std::size_t r = 1; r <= rows; ++r) {
        row_of[0] = r;
        std::size_t column = 0;
        std::vector<double> least(columns + 1, far);
        std::vector<char> is_done(columns + 1);
        do {
            is_done[column] = 1;
            const auto row = row_of[column];
            double step = far;
            std::size_t next = 0;
            for (std::size_t c = 1; c <= columns; ++c) {
                if (is_done[c]) continue;
                const double reduced =
                    cost[(row - 1) * columns + c - 1] - of_row[row] - of_column[c];
                if (reduced < least[c]) least[c] = reduced, way[c] = column;
                if (least[c] < step) step = least[c], next = c;
            }
            for (std::size_t c = 0; c <= columns; ++c)
                if (is_done[c])
                    of_row[row_of[c]] += step, of_column[c] -= step;
                else
                    least[c] -= step;
            column = next;
        } while (row_of[column] != 0);
        while (column != 0) {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    std::vector<std::size_t> out(rows);
    for (std::size_t c = 1; c <= columns; ++c)
        if (row_of[c] != 0) out[row_of[c] - 1] = c - 1;
    return out;
}

void match_greedily(std::vector<Pairing> pairs, std::vector<Pairing>& out) {
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pairing& x, const Pairing& y) { return x.weight > y.weight; });
    std::unordered_map<std::uint32_t, bool> a_taken, b_taken;
    for (const auto& p : pairs)
        if (!a_taken[p.a] && !b_taken[p.b]) {
            a_taken[p.a] = b_taken[p.b] = true;
            out.push_back(p);
        }
}

void match_group(std::vector<Pairing> pairs, std::vector<Pairing>& out) {
    auto rows = distinct(pairs, &Pairing::a), columns = distinct(pairs, &Pairing::b);
    if (std::min(rows.size(), columns.size()) > most_solved)
        return match_greedily(std::move(pairs), out);
    const bool is_turned = rows.size() > columns.size();
    if (is_turned) std::swap(rows, columns);
    std::vector<double> cost(rows.size() * columns.size());
    const auto place = [](const std::vector<std::uint32_t>& of, std::uint32_t x) {
        return static_cast<std::size_t>(std::lower_bound(of.begin(), of.end(), x) - of.begin());
    };
    for (const auto& p : pairs) {
        auto& cell = cost[place(rows, is_turned ? p.b : p.a) * columns.size() +
                          place(columns, is_turned ? p.a : p.b)];
        cell = std::min(cell, -p.weight);
    }
    const auto found = solve(cost, rows.size(), columns.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const double weight = -cost[r * columns.size() + found[r]];
        if (!(weight > 0)) continue;
        const auto column = columns[found[r]];
        out.push_back(is_turned ? Pairing{column, rows[r], weight}
                                : Pairing{rows[r], column, weight});
    }
}

}  // namespace

std::vector<Pairing> best_matching(std::span<const Pairing> pairs) {
    Groups groups;
    constexpr std::uint64_t other_side = std::uint64_t{1} << 32;
    std::vector<std::uint32_t> node_of;
    std::vector<Pairing> usable;
    for (const auto& p : pairs) {
        if (!(p.weight > 0)) continue;
        const auto a = groups.node(p.a);
        groups.join(a, groups.node(other_side | p.b));
        usable.push_back(p);
        node_of.push_back(a);
    }
    std::unordered_map<std::uint32_t, std::vector<Pairing>> by_root;
    for (std::size_t i = 0; i < usable.size(); ++i)
        by_root[groups.root(node_of[i])].push_back(usable[i]);
    std::vector<Pairing> out;
    for (auto& [root, group] : by_root) {
        if (group.size() == 1)
            out.push_back(group.front());
        else
            match_group(std::move(group), out);
    }
    std::sort(out.begin(), out.end(), [](const Pairing& x, const Pairing& y) { return x.a < y.a; });
    return out;
}

}  // namespace countersign
