#include "models/liblinear.h"

#include <linear.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <mutex>

namespace countersign {

namespace {

/// The examples as LIBLINEAR wants them: columns 1..n are the rows of a LinearModel, n + 1 the
/// bias.
struct Table {
    std::vector<feature_node> nodes;
    std::vector<feature_node*> rows;
    std::vector<int> labels;
    int columns = 0;
};

Table tabulate(std::span<const TextExample> examples, LinearModel& model) {
    Table table;
    double lightest = INFINITY;
    for (const auto& e : examples)
        if (e.weight > 0) lightest = std::min(lightest, e.weight);
    std::vector<std::size_t> starts;
    for (const auto& e : examples) {
        if (!(e.weight > 0)) continue;
        const auto copies = std::clamp(std::lround(e.weight / lightest), 1L, 4L);
        for (long i = 0; i < copies; ++i) {
            starts.push_back(table.nodes.size());
            table.labels.push_back(e.label);
        }
        for (const auto& f : *e.x)
            table.nodes.push_back({static_cast<int>(model.row_for(f.feature)) + 1, f.weight});
        table.nodes.push_back({0, 1});  // The bias; its column is known only at the end.
        table.nodes.push_back({-1, 0});
    }
    table.columns = static_cast<int>(model.rows()) + 1;
    for (auto& node : table.nodes)
        if (node.index == 0) node.index = table.columns;
    for (const auto s : starts) table.rows.push_back(&table.nodes[s]);
    return table;
}

void say_nothing(const char*) {}

struct FreeModel {
    void operator()(::model* m) const { free_and_destroy_model(&m); }
};
using Trained = std::unique_ptr<::model, FreeModel>;

/// Class `positive` against the rest.
Trained train_binary(Table& table, std::vector<double>& y, double positive_cost,
                     double negative_cost, double cost, std::uint64_t seed) {
    static std::mutex one_at_a_time;
    ::problem problem{};
    problem.l = static_cast<int>(y.size());
    problem.n = table.columns;
    problem.y = y.data();
    problem.x = table.rows.data();
    problem.bias = 1;
    int names[] = {1, -1};
    double costs[] = {positive_cost, negative_cost};
    ::parameter how{};
    how.solver_type = L2R_L2LOSS_SVC_DUAL;
    how.C = cost;
    how.eps = 0.01;
    how.p = 0.1;
    how.nr_weight = 2;
    how.weight_label = names;
    how.weight = costs;
    std::scoped_lock hold(one_at_a_time);
    set_print_string_function(say_nothing);
    std::srand(static_cast<unsigned>(seed));
    return Trained(::train(&problem, &how));
}

/// Copies a binary machine's weights into column `k` of the model, times `sign`.
void copy_weights(const ::model& from, double sign, std::size_t k, LinearModel& to) {
    // LIBLINEAR's weights point to whichever label it met first.
    if (from.label[0] != 1) sign = -sign;
    for (std::uint32_t r = 0; r < to.rows(); ++r)
        to.row(r)[k] = static_cast<float>(sign * from.w[r]);
    to.bias()[k] = static_cast<float>(sign * from.w[to.rows()]);
}

}  // namespace

LinearModel train_svc(std::span<const TextExample> examples, int classes, int bits,
                      std::uint64_t seed, const std::stop_token& stop, double cost) {
    LinearModel model(classes, bits);
    Table table = tabulate(examples, model);
    std::vector<double> count(static_cast<std::size_t>(classes));
    for (const auto& e : examples)
        if (e.weight > 0) count[static_cast<std::size_t>(e.label)] += 1;
    const auto present = static_cast<double>(
        std::count_if(count.begin(), count.end(), [](double c) { return c > 0; }));
    const auto balance = [&](std::size_t k) {
        return std::min(10.0, static_cast<double>(examples.size()) / (present * count[k]));
    };
    std::vector<double> y(table.labels.size());
    std::size_t other = count.size();  // With two classes one machine serves both.
    for (std::size_t k = 0; k < count.size() && !stop.stop_requested(); ++k) {
        if (k == other) continue;
        if (count[k] == 0) {
            model.bias()[k] = -1;  // What a machine without positives answers.
            continue;
        }
        if (present < 2) {
            model.bias()[k] = 1;
            continue;
        }
        for (std::size_t i = 0; i < y.size(); ++i)
            y[i] = table.labels[i] == static_cast<int>(k) ? 1 : -1;
        if (present == 2)
            for (other = k + 1; count[other] == 0;) ++other;
        const auto trained =
            train_binary(table, y, balance(k), present == 2 ? balance(other) : 1, cost, seed + k);
        copy_weights(*trained, 1, k, model);
        if (present == 2) copy_weights(*trained, -1, other, model);
    }
    return model;
}

}  // namespace countersign
