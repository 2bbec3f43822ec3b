#include "quality/span_tag_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace countersign {

namespace {

constexpr double tag_smoothing = 0.01;

/// The tags' shares, to sum 1 over what is allowed.
template <class Allowed>
void allow(std::span<double> row, const std::vector<double>& share, Allowed allowed) {
    double sum = 0;
    for (SpanTag k = 0; k < row.size(); ++k) sum += row[k] = allowed(k) ? share[k] : 0;
    for (auto& x : row) x /= sum;
}

}  // namespace

std::vector<SpanTag> tags_of(const SpanItem& item, const std::vector<TokenSpan>& spans) {
    std::vector<SpanTag> out(item.tokens);
    auto sorted = spans;
    std::sort(sorted.begin(), sorted.end());
    std::uint32_t free_from = 0;
    for (const auto& s : sorted) {
        if (s.begin < free_from) continue;
        out[s.begin] = begin_tag(s.label);
        for (auto t = s.begin + 1; t < s.end; ++t) out[t] = begin_tag(s.label) + 1;
        free_from = s.end;
    }
    return out;
}

SpanTagModel::SpanTagModel(std::span<const SpanItem> items, std::size_t people, std::size_t labels,
                           const SpanFusionOptions& options)
    : items_(items), options_(options), tags_(1 + 2 * labels), people_(people) {
    for (const auto& item : items) {
        auto& given = given_.emplace_back();
        for (const auto& answer : item.answers) given.push_back(tags_of(item, answer.spans));
    }
}

int SpanTagModel::fit() {
    start_from_votes();
    maximise();
    int round = 1;
    for (; round < options_.most_rounds; ++round) {
        const double change = expect();
        maximise();
        if (change < options_.tolerance) break;
    }
    return round;
}

std::vector<FusedSpan> SpanTagModel::spans_of(std::size_t i, double& mass) const {
    const auto& item = items_[i];
    std::vector<FusedSpan> out;
    if (item.answers.empty() || item.tokens == 0) return out;
    const Passes passes = pass(i, options_.temper);
    for (std::uint32_t t = 0; t < item.tokens; ++t)
        for (SpanTag b = 1; b < tags_; b += 2) mass += passes.posterior(t, b, tags_);
    std::vector<TokenSpan> candidates;
    for (const auto& answer : item.answers)
        candidates.insert(candidates.end(), answer.spans.begin(), answer.spans.end());
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    for (const auto& s : candidates) out.push_back({s, probability(passes, item, s)});
    return out;
}

void SpanTagModel::start_from_votes() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
        auto& row = posterior_.emplace_back(items_[i].tokens * tags_);
        for (const auto& given : given_[i])
            for (std::size_t t = 0; t < given.size(); ++t)
                row[t * tags_ + given[t]] += 1.0 / static_cast<double>(given_[i].size());
    }
}

void SpanTagModel::maximise() {
    find_confusions();
    std::vector<double> share(tags_, tag_smoothing);
    for (const auto& row : posterior_)
        for (std::size_t at = 0; at < row.size(); ++at) share[at % tags_] += row[at];
    follow_.assign(tags_ * tags_, 0.0);
    first_.assign(tags_, 0.0);
    for (SpanTag j = 0; j < tags_; ++j)
        allow(std::span(follow_).subspan(j * tags_, tags_), share,
              [&](SpanTag k) { return may_follow(j, k); });
    allow(first_, share, [](SpanTag k) { return !is_inside(k); });
}

void SpanTagModel::find_confusions() {
    const auto cells = tags_ * tags_;
    std::vector<double> pooled(cells, tag_smoothing);
    std::vector<double> own(people_ * cells);
    for (std::size_t i = 0; i < items_.size(); ++i)
        for (std::size_t a = 0; a < given_[i].size(); ++a) {
            const auto& given = given_[i][a];
            auto* of = own.data() + items_[i].answers[a].person * cells;
            for (std::size_t t = 0; t < given.size(); ++t)
                for (SpanTag k = 0; k < tags_; ++k)
                    of[k * tags_ + given[t]] += posterior_[i][t * tags_ + k];
        }
    for (std::size_t at = 0; at < own.size(); ++at) pooled[at % cells] += own[at];
    for (SpanTag k = 0; k < tags_; ++k) {
        const auto row = std::span(pooled).subspan(k * tags_, tags_);
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (auto& x : row) x /= sum;
    }
    confusion_.resize(own.size());
    for (std::size_t row = 0; row < people_ * tags_; ++row) {
        double sum = 0;
        for (SpanTag l = 0; l < tags_; ++l) {
            const auto at = row * tags_ + l;
            confusion_[at] = own[at] + options_.strength * pooled[at % cells] + tag_smoothing;
            sum += confusion_[at];
        }
        for (SpanTag l = 0; l < tags_; ++l) {
            auto& x = confusion_[row * tags_ + l];
            x = std::log(x / sum);
        }
    }
}

void SpanTagModel::find_emissions(Passes& p, std::size_t i, double temper) const {
    const auto cells = tags_ * tags_;
    for (std::size_t t = 0; t < items_[i].tokens; ++t) {
        auto row = std::span(p.emission).subspan(t * tags_, tags_);
        for (std::size_t a = 0; a < given_[i].size(); ++a) {
            const auto* of = confusion_.data() + items_[i].answers[a].person * cells;
            for (SpanTag k = 0; k < tags_; ++k) row[k] += of[k * tags_ + given_[i][a][t]];
        }
        const double most = *std::max_element(row.begin(), row.end());
        // Floored, so that a tag nothing may precede cannot leave a token without any.
        for (auto& x : row) x = std::max(std::exp(temper * (x - most)), 1e-100);
    }
}

SpanTagModel::Passes SpanTagModel::pass(std::size_t i, double temper) const {
    const std::size_t n = items_[i].tokens;
    Passes p;
    p.emission.assign(n * tags_, 0.0);
    p.forward.assign(n * tags_, 0.0);
    p.backward.assign(n * tags_, 1.0);
    p.scale.assign(n, 1.0);
    find_emissions(p, i, temper);
    for (std::size_t t = 0; t < n; ++t) {
        double sum = 0;
        for (SpanTag k = 0; k < tags_; ++k) {
            double in = 0;
            if (t == 0)
                in = first_[k];
            else
                for (SpanTag j = 0; j < tags_; ++j)
                    in += p.forward[(t - 1) * tags_ + j] * follow_[j * tags_ + k];
            sum += p.forward[t * tags_ + k] = in * p.emission[t * tags_ + k];
        }
        p.scale[t] = sum;
        for (SpanTag k = 0; k < tags_; ++k) p.forward[t * tags_ + k] /= sum;
    }
    for (std::size_t t = n - 1; t-- > 0;)
        for (SpanTag j = 0; j < tags_; ++j) {
            double out = 0;
            for (SpanTag k = 0; k < tags_; ++k)
                out += follow_[j * tags_ + k] * p.emission[(t + 1) * tags_ + k] *
                       p.backward[(t + 1) * tags_ + k];
            p.backward[t * tags_ + j] = out / p.scale[t + 1];
        }
    return p;
}

/// New posteriors; the mean change of a token's most changed tag.
double SpanTagModel::expect() {
    double change = 0;
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const std::size_t n = items_[i].tokens;
        if (n == 0 || given_[i].empty()) continue;
        const auto p = pass(i, 1);
        for (std::size_t t = 0; t < n; ++t) {
            double most = 0;
            for (SpanTag k = 0; k < tags_; ++k) {
                const double now = p.posterior(t, k, tags_);
                auto& cell = posterior_[i][t * tags_ + k];
                most = std::max(most, std::abs(now - cell));
                cell = now;
            }
            change += most;
        }
        tokens += n;
    }
    return tokens > 0 ? change / static_cast<double>(tokens) : 0;
}

/// That exactly this span is there: it begins, goes on, and something else follows.
double SpanTagModel::probability(const Passes& p, const SpanItem& item, const TokenSpan& s) const {
    auto tag = begin_tag(s.label);
    const auto inside = tag + 1;
    double out = p.forward[s.begin * tags_ + tag];
    for (auto t = s.begin + 1; t < s.end; ++t) {
        out *= follow_[tag * tags_ + inside] * p.emission[t * tags_ + inside] / p.scale[t];
        tag = inside;
    }
    if (s.end == item.tokens) return std::min(out, 1.0);
    double behind = 0;
    for (SpanTag k = 0; k < tags_; ++k)
        if (k != inside)
            behind += follow_[tag * tags_ + k] * p.emission[s.end * tags_ + k] *
                      p.backward[s.end * tags_ + k];
    return std::min(out * behind / p.scale[s.end], 1.0);
}

}  // namespace countersign
