#include "formats/rle.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace countersign {

namespace {

Refusal bad_mask(std::string why) {
    return {Code::invalid, "a mask " + std::move(why)};
}

Result<> check_sides(int width, int height) {
    if (width > 0 && height > 0 && width <= longest_mask_side && height <= longest_mask_side)
        return Done{};
    return bad_mask("has a side that is not between 1 and " + std::to_string(longest_mask_side) +
                    " pixels");
}

struct Interval {
    int from, to;  ///< Rows, half-open.
};

/// The rows of each column that are inside; columns are given in order, the empty ones too.
template <class Use>
void each_column(const Mask& mask, Use&& use) {
    std::vector<Interval> rows;
    std::int64_t at = 0;
    int column = 0;
    bool inside = false;
    const auto height = static_cast<std::int64_t>(mask.height);
    const auto close = [&] {
        use(column++, rows);
        rows.clear();
    };
    for (const auto count : mask.counts) {
        for (std::int64_t left = count; left > 0;) {
            const auto row = at % height;
            const auto n = std::min(left, height - row);
            if (inside) {
                if (!rows.empty() && rows.back().to == row)
                    rows.back().to = static_cast<int>(row + n);
                else
                    rows.push_back({static_cast<int>(row), static_cast<int>(row + n)});
            }
            at += n;
            left -= n;
            if (at % height == 0) close();
        }
        inside = !inside;
    }
}

/// A piece of outline along a column's side; the mask lies on its right hand.
struct Edge {
    int x, from, to;  ///< Down when from < to: the mask is in the column on the left.
};

/// What lies in one of two neighbouring columns and not in the other.
void add_edges(int x, const std::vector<Interval>& left, const std::vector<Interval>& right,
               std::vector<Edge>& edges) {
    std::size_t l = 0, r = 0;
    int at = 0;
    bool in_left = false, in_right = false;
    const auto change = [](const std::vector<Interval>& rows, std::size_t i, bool in) {
        return i == rows.size() ? longest_mask_side + 1 : in ? rows[i].to : rows[i].from;
    };
    while (l < left.size() || r < right.size()) {
        const int next_left = change(left, l, in_left), next_right = change(right, r, in_right);
        const int next = std::min(next_left, next_right);
        if (in_left != in_right && next > at)
            edges.push_back(in_left ? Edge{x, at, next} : Edge{x, next, at});
        if (next_left == next) l += in_left, in_left = !in_left;
        if (next_right == next) r += in_right, in_right = !in_right;
        at = next;
    }
}

/// An end of an upright edge, where a level one begins or ends.
struct Corner {
    int y, x;
    bool
        up;  ///< Where two edges meet corner to corner, the one that runs down belongs to the left.
    std::uint32_t edge;
    bool leaves;  ///< The upright edge ends here, and a level one begins.
};

/// For each upright edge the one that the outline comes to next.
std::vector<std::uint32_t> followers(const std::vector<Edge>& edges) {
    std::vector<Corner> corners;
    corners.reserve(edges.size() * 2);
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
        const auto& e = edges[i];
        const bool up = e.to < e.from;
        corners.push_back({e.from, e.x, up, i, false});
        corners.push_back({e.to, e.x, up, i, true});
    }
    std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) {
        return std::tuple(a.y, a.x, a.up) < std::tuple(b.y, b.x, b.up);
    });
    std::vector<std::uint32_t> next(edges.size());
    for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
        const auto &a = corners[i], &b = corners[i + 1];
        if (a.leaves)
            next[a.edge] = b.edge;
        else
            next[b.edge] = a.edge;
    }
    return next;
}

bool inside_ring(const Ring& ring, double x, double y) {
    bool inside = false;
    const auto n = ring.size() / 2;
    for (std::size_t i = 0, j = n - 1; i < n; j = i++) {
        const double xi = ring[2 * i], yi = ring[2 * i + 1], xj = ring[2 * j], yj = ring[2 * j + 1];
        if ((yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
}

/// The largest outer ring comes first; the others keep their order.
void lead_with_largest(std::vector<Ring>& rings) {
    const auto largest = std::max_element(
        rings.begin(), rings.end(),
        [](const Ring& a, const Ring& b) { return twice_ring_area(a) < twice_ring_area(b); });
    if (largest != rings.end()) std::rotate(rings.begin(), largest, largest + 1);
}

/// Where rings cross the middles of columns, as rows below which the inside changes.
class Crossings {
public:
    Crossings(int width, int height) : columns_(static_cast<std::size_t>(width)), height_(height) {}

    /// False when there are too many.
    bool add(double x0, double y0, double x1, double y1) {
        if (x0 > x1) std::swap(x0, x1), std::swap(y0, y1);
        const auto limit = static_cast<double>(columns_.size());
        const double first = std::clamp(std::ceil(x0 - 0.5), 0.0, limit);
        const double last = std::clamp(std::ceil(x1 - 0.5), 0.0, limit);
        for (auto c = static_cast<std::size_t>(first); c < static_cast<std::size_t>(last); ++c) {
            if (++all_ > most) return false;
            const double middle = static_cast<double>(c) + 0.5;
            const double y = y0 + (middle - x0) * ((y1 - y0) / (x1 - x0));
            columns_[c].push_back(
                static_cast<int>(std::clamp(std::ceil(y - 0.5), 0.0, double(height_))));
        }
        return true;
    }

    std::vector<std::uint32_t> counts() {
        std::vector<std::uint32_t> counts;
        std::int64_t at = 0, changed = 0;
        for (auto& rows : columns_) {
            std::sort(rows.begin(), rows.end());
            for (std::size_t i = 0; i + 1 < rows.size(); i += 2) {
                if (rows[i] == rows[i + 1]) continue;
                const std::int64_t from = at + rows[i], to = at + rows[i + 1];
                if (from == changed && !counts.empty()) {
                    counts.back() += static_cast<std::uint32_t>(to - from);
                } else {
                    counts.push_back(static_cast<std::uint32_t>(from - changed));
                    counts.push_back(static_cast<std::uint32_t>(to - from));
                }
                changed = to;
            }
            at += height_;
        }
        if (at > changed || counts.empty())
            counts.push_back(static_cast<std::uint32_t>(at - changed));
        return counts;
    }

private:
    static constexpr std::int64_t most = 20'000'000;
    std::vector<std::vector<int>> columns_;
    int height_;
    std::int64_t all_ = 0;
};

}  // namespace

Result<Mask> mask_of(std::vector<std::uint32_t> counts, int width, int height) {
    TRY(check_sides(width, height));
    std::int64_t sum = 0;
    const auto pixels = std::int64_t{width} * height;
    for (const auto n : counts)
        if ((sum += n) > pixels) break;
    if (sum != pixels) return bad_mask("has counts that do not add up to the area of its size");
    return Mask{width, height, std::move(counts)};
}

Result<Mask> decode_mask(std::string_view text, int width, int height) {
    constexpr int most_digits = 7;  // Of 5 bits: the difference of two counts needs 33.
    std::vector<std::uint32_t> counts;
    for (std::size_t at = 0; at < text.size();) {
        std::int64_t count = 0;
        bool more = true;
        for (int digit = 0; more; ++digit) {
            if (at == text.size() || digit == most_digits)
                return bad_mask("has a string of counts that breaks off");
            const int c = static_cast<unsigned char>(text[at++]) - 48;
            if (c < 0 || c > 63)
                return bad_mask("has a character in its counts that cannot stand there");
            count |= std::int64_t{c & 31} << (5 * digit);
            more = (c & 32) != 0;
            if (!more && (c & 16)) count -= std::int64_t{1} << (5 * (digit + 1));
        }
        if (counts.size() > 2) count += counts[counts.size() - 2];
        if (count < 0 || count > std::int64_t{0xffffffff})
            return bad_mask("has a count below 0 or beyond any image");
        counts.push_back(static_cast<std::uint32_t>(count));
    }
    return mask_of(std::move(counts), width, height);
}

std::string encode_mask(const Mask& mask) {
    std::string text;
    for (std::size_t i = 0; i < mask.counts.size(); ++i) {
        std::int64_t count = mask.counts[i];
        if (i > 2) count -= mask.counts[i - 2];
        for (bool more = true; more;) {
            auto c = static_cast<int>(count & 31);
            count >>= 5;
            more = (c & 16) ? count != -1 : count != 0;
            text += static_cast<char>((more ? c | 32 : c) + 48);
        }
    }
    return text;
}

std::int64_t area(const Mask& mask) {
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < mask.counts.size(); i += 2) sum += mask.counts[i];
    return sum;
}

std::vector<Ring> rings_of(const Mask& mask) {
    std::vector<Edge> edges;
    std::vector<Interval> before;
    each_column(mask, [&](int x, const std::vector<Interval>& rows) {
        add_edges(x, before, rows, edges);
        before = rows;
    });
    add_edges(mask.width, before, {}, edges);
    const auto next = followers(edges);
    std::vector<bool> done(edges.size(), false);
    std::vector<Ring> rings;
    for (std::uint32_t first = 0; first < edges.size(); ++first) {
        if (done[first]) continue;
        auto& ring = rings.emplace_back();
        for (auto i = first; !done[i]; i = next[i]) {
            done[i] = true;
            const auto& e = edges[i];
            for (const int v : {e.x, e.from, e.x, e.to}) ring.push_back(v);
        }
    }
    lead_with_largest(rings);
    return rings;
}

Result<Mask> mask_of(const std::vector<Ring>& rings, int width, int height) {
    TRY(check_sides(width, height));
    Crossings crossings(width, height);
    for (const auto& ring : rings)
        for (std::size_t i = 0, n = ring.size() / 2; i < n; ++i) {
            const auto j = (i + 1) % n;
            const double ends[] = {ring[2 * i], ring[2 * i + 1], ring[2 * j], ring[2 * j + 1]};
            if (!std::all_of(std::begin(ends), std::end(ends),
                             [](double v) { return std::isfinite(v); }))
                return bad_mask("has an outline with a number that is not finite");
            if (!crossings.add(ends[0], ends[1], ends[2], ends[3]))
                return bad_mask("has an outline with too many long sides");
        }
    return Mask{width, height, crossings.counts()};
}

double twice_ring_area(const Ring& ring) {
    double sum = 0;
    const auto n = ring.size() / 2;
    for (std::size_t i = 0; i < n; ++i) {
        const auto j = (i + 1) % n;
        sum += ring[2 * i] * ring[2 * j + 1] - ring[2 * j] * ring[2 * i + 1];
    }
    return sum;
}

bool is_hole(const std::vector<Ring>& rings, std::size_t which) {
    const auto& ring = rings[which];
    if (ring.size() < 6) return false;
    bool inside = false;
    // The middle of a side: a corner may lie on another ring.
    const double x = (ring[0] + ring[2]) / 2, y = (ring[1] + ring[3]) / 2;
    for (std::size_t i = 0; i < rings.size(); ++i)
        if (i != which && rings[i].size() >= 6 && inside_ring(rings[i], x, y)) inside = !inside;
    return inside;
}

double area_of_rings(const std::vector<Ring>& rings) {
    double sum = 0;
    for (std::size_t i = 0; i < rings.size(); ++i) {
        const double one = std::abs(twice_ring_area(rings[i])) / 2;
        sum += is_hole(rings, i) ? -one : one;
    }
    return sum;
}

Ring joined(const std::vector<Ring>& rings) {
    if (rings.empty()) return {};
    Ring all = rings.front();
    if (rings.size() == 1 || all.size() < 2) return all;
    const double x = all[0], y = all[1];
    all.insert(all.end(), {x, y});
    for (std::size_t i = 1; i < rings.size(); ++i) {
        const auto& ring = rings[i];
        if (ring.size() < 2) continue;
        all.insert(all.end(), ring.begin(), ring.end());
        all.insert(all.end(), {ring[0], ring[1], x, y});
    }
    return all;
}

}  // namespace countersign
