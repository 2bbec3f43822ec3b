#include "quality/calibration.h"

#include <algorithm>
#include <cmath>

namespace countersign {

void softmax(std::span<const double> logits, double temperature, std::span<double> out) {
    if (logits.empty()) return;
    const double top = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (std::size_t k = 0; k < logits.size(); ++k)
        sum += out[k] = std::exp((logits[k] - top) / temperature);
    for (auto& p : out) p /= sum;
}

namespace {

double penalised_loss(const LogitTable& table, double log_temperature) {
    const double temperature = std::exp(log_temperature);
    double loss = log_temperature * log_temperature / 2;
    for (std::size_t i = 0; i < table.truth.size(); ++i) {
        const auto z = std::span(table.logits).subspan(i * table.classes, table.classes);
        const double top = *std::max_element(z.begin(), z.end());
        double sum = 0;
        for (const double logit : z) sum += std::exp((logit - top) / temperature);
        loss += std::log(sum) - (z[static_cast<std::size_t>(table.truth[i])] - top) / temperature;
    }
    return loss;
}

}  // namespace

double fit_temperature(const LogitTable& table) {
    constexpr double golden = 0.6180339887498949;
    double low = std::log(min_temperature), high = std::log(max_temperature);
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double loss_a = penalised_loss(table, a), loss_b = penalised_loss(table, b);
    while (high - low > 1e-4) {
        if (loss_a <= loss_b) {
            high = b, b = a, loss_b = loss_a;
            loss_a = penalised_loss(table, a = high - golden * (high - low));
        } else {
            low = a, a = b, loss_a = loss_b;
            loss_b = penalised_loss(table, b = low + golden * (high - low));
        }
    }
    return std::exp((low + high) / 2);
}

namespace {
double logit(double p) {
    p = std::clamp(p, 1e-6, 1 - 1e-6);
    return std::log(p / (1 - p));
}
double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}
}  // namespace

double Platt::operator()(double p) const {
    return sigmoid(slope * logit(p) + shift);
}

Platt fit_platt(std::span<const double> claimed, std::span<const std::uint8_t> correct) {
    constexpr double precision = 4;  // Of both priors: 1 / 0.5^2.
    Platt map;
    for (int step = 0; step < 50; ++step) {
        double gs = precision * (map.slope - 1), gb = precision * map.shift;
        double hss = precision, hbb = precision, hsb = 0;
        for (std::size_t i = 0; i < claimed.size(); ++i) {
            const double x = logit(claimed[i]), p = sigmoid(map.slope * x + map.shift);
            const double miss = p - (correct[i] ? 1.0 : 0.0), curve = p * (1 - p);
            gs += miss * x, gb += miss;
            hss += curve * x * x, hsb += curve * x, hbb += curve;
        }
        const double det = hss * hbb - hsb * hsb;
        const double ds = (hbb * gs - hsb * gb) / det, db = (hss * gb - hsb * gs) / det;
        // A full Newton step may overshoot where the sigmoid is flat: no more than 1 at a time.
        const double damp = 1 / std::max({1.0, std::abs(ds), std::abs(db)});
        map.slope -= damp * ds, map.shift -= damp * db;
        if (std::abs(ds) + std::abs(db) < 1e-9) break;
    }
    map.slope = std::max(0.05, map.slope);
    return map;
}

}  // namespace countersign
