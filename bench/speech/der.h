// Diarization error rate (NIST, RT-09 evaluation plan): missed, falsely found and confused speaker
// time over all speaker time of the reference, with the one-to-one map of speakers that is best.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace countersign::bench {

struct Turn {
    double start, end;
    std::string speaker;
};
using Turns = std::map<std::string, std::vector<Turn>>;  ///< By recording.
using Scored = std::map<std::string, std::vector<std::pair<double, double>>>;

inline Turns rttm_file(const std::string& path) {
    Turns out;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string kind, name, channel, a, b, speaker;
        double start = 0, length = 0;
        if (words >> kind >> name >> channel >> start >> length >> a >> b >> speaker &&
            kind == "SPEAKER")
            out[name].push_back({start, start + length, speaker});
    }
    return out;
}

inline Scored uem_file(const std::string& path) {
    Scored out;
    std::ifstream file(path);
    std::string name, channel;
    for (double start = 0, end = 0; file >> name >> channel >> start >> end;)
        out[name].push_back({start, end});
    return out;
}

struct ErrorTime {
    double missed = 0, false_alarm = 0, confused = 0, total = 0;
    void add(const ErrorTime& other) {
        missed += other.missed, false_alarm += other.false_alarm;
        confused += other.confused, total += other.total;
    }
    double rate() const { return (missed + false_alarm + confused) / total; }
};

/// Pieces of time in which nobody begins or ends, with who speaks.
struct Piece {
    double length;
    std::vector<int> reference, system;
};

inline std::vector<Piece> pieces_of(const std::vector<Turn>& reference,
                                    const std::vector<Turn>& system,
                                    const std::vector<std::pair<double, double>>& scored,
                                    double collar) {
    std::map<std::string, int> numbers[2];
    struct Edge {
        double at;
        int which, speaker, by;
    };
    std::vector<Edge> edges;  // which: 0 reference, 1 system, 2 scored, 3 collar.
    const std::vector<Turn>* both[2] = {&reference, &system};
    for (int which = 0; which < 2; ++which) {
        for (const auto& turn : *both[which]) {
            const int n = numbers[which]
                              .emplace(turn.speaker, static_cast<int>(numbers[which].size()))
                              .first->second;
            edges.push_back({turn.start, which, n, 1});
            edges.push_back({turn.end, which, n, -1});
            if (which == 1 || collar <= 0) continue;
            for (const double at : {turn.start, turn.end}) {
                edges.push_back({at - collar, 3, 0, 1});
                edges.push_back({at + collar, 3, 0, -1});
            }
        }
    }
    for (const auto& [start, end] : scored) {
        edges.push_back({start, 2, 0, 1});
        edges.push_back({end, 2, 0, -1});
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.at < b.at; });
    std::map<int, int> now[4];
    std::vector<Piece> out;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto& edge = edges[i];
        if ((now[edge.which][edge.speaker] += edge.by) == 0) now[edge.which].erase(edge.speaker);
        if (i + 1 == edges.size() || edges[i + 1].at <= edge.at) continue;
        if (now[3].size() > 0 || (!scored.empty() && now[2].empty())) continue;
        Piece piece{edges[i + 1].at - edge.at, {}, {}};
        for (const auto& [speaker, times] : now[0]) piece.reference.push_back(speaker);
        for (const auto& [speaker, times] : now[1]) piece.system.push_back(speaker);
        if (!piece.reference.empty() || !piece.system.empty()) out.push_back(std::move(piece));
    }
    return out;
}

/// The best map system speaker -> reference speaker, by dynamic programming over sets of the
/// reference's speakers (at most 16).
inline std::vector<int> best_map(const std::vector<Piece>& pieces) {
    std::size_t r = 0, s = 0;
    for (const auto& piece : pieces) {
        for (const int k : piece.reference) r = std::max(r, static_cast<std::size_t>(k) + 1);
        for (const int k : piece.system) s = std::max(s, static_cast<std::size_t>(k) + 1);
    }
    std::vector<std::vector<double>> together(s, std::vector<double>(r, 0));
    for (const auto& piece : pieces)
        for (const int a : piece.system)
            for (const int b : piece.reference)
                together[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] += piece.length;
    const std::size_t sets = std::size_t{1} << r;
    std::vector<std::vector<double>> best(s + 1, std::vector<double>(sets, -1));
    std::vector<std::vector<int>> chosen(s + 1, std::vector<int>(sets, -1));
    best[0][0] = 0;
    for (std::size_t a = 0; a < s; ++a) {
        for (std::size_t set = 0; set < sets; ++set) {
            if (best[a][set] < 0) continue;
            if (best[a][set] > best[a + 1][set])
                best[a + 1][set] = best[a][set], chosen[a + 1][set] = -1;
            for (std::size_t b = 0; b < r; ++b) {
                const std::size_t with = set | (std::size_t{1} << b);
                const double sum = best[a][set] + together[a][b];
                if (with != set && sum > best[a + 1][with])
                    best[a + 1][with] = sum, chosen[a + 1][with] = static_cast<int>(b);
            }
        }
    }
    std::vector<int> map(s, -1);
    auto set = static_cast<std::size_t>(std::max_element(best[s].begin(), best[s].end()) -
                                        best[s].begin());
    for (std::size_t a = s; a-- > 0;) {
        map[a] = chosen[a + 1][set];
        if (map[a] >= 0) set &= ~(std::size_t{1} << map[a]);
    }
    return map;
}

inline ErrorTime error_time(const std::vector<Turn>& reference, const std::vector<Turn>& system,
                            const std::vector<std::pair<double, double>>& scored, double collar) {
    const auto pieces = pieces_of(reference, system, scored, collar);
    const auto map = best_map(pieces);
    ErrorTime out;
    for (const auto& piece : pieces) {
        const auto spoken = static_cast<double>(piece.reference.size());
        const auto found = static_cast<double>(piece.system.size());
        double right = 0;
        for (const int a : piece.system)
            for (const int b : piece.reference) right += map[static_cast<std::size_t>(a)] == b;
        out.total += piece.length * spoken;
        out.missed += piece.length * std::max(0.0, spoken - found);
        out.false_alarm += piece.length * std::max(0.0, found - spoken);
        out.confused += piece.length * (std::min(spoken, found) - right);
    }
    return out;
}

}  // namespace countersign::bench
