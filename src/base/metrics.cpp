#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <memory>

namespace countersign {

std::span<const MetricRow> metrics_table() {
    using enum MetricKind;
    static constexpr MetricRow rows[] = {
        {Metric::http_requests, counter, "countersign_http_requests_total",
         "HTTP requests answered"},
        {Metric::http_seconds, histogram, "countersign_http_seconds",
         "Time to answer a request, seconds"},
        {Metric::commits, counter, "countersign_commits_total", "Durable database commits"},
        {Metric::commit_seconds, histogram, "countersign_commit_seconds",
         "Time of a group commit, seconds"},
        {Metric::tasks_leased, counter, "countersign_tasks_leased_total", "Tasks handed to people"},
        {Metric::decisions, counter, "countersign_decisions_total", "Annotations submitted"},
        {Metric::leases_expired, counter, "countersign_leases_expired_total",
         "Leases that ran out"},
        {Metric::rows_imported, counter, "countersign_rows_imported_total",
         "Rows given a verdict by imports"},
        {Metric::rows_exported, counter, "countersign_rows_exported_total",
         "Tasks written by exports"},
        {Metric::drafts_written, counter, "countersign_drafts_written_total",
         "Drafts written by models"},
        {Metric::drafts_failed, counter, "countersign_drafts_failed_total",
         "Tasks a model could not draft"},
        {Metric::jobs_running, gauge, "countersign_jobs_running", "Background jobs at work"},
        {Metric::jobs_dead, counter, "countersign_jobs_dead_total", "Jobs that gave up"},
        {Metric::webhooks_delivered, counter, "countersign_webhooks_delivered_total",
         "Events and pings that a webhook's receiver took"},
        {Metric::webhooks_failed, counter, "countersign_webhooks_failed_total",
         "Tries of a webhook that failed"},
    };
    return rows;
}

namespace {

struct Registry {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    std::array<prometheus::Counter*, 16> counters{};
    std::array<prometheus::Gauge*, 16> gauges{};
    std::array<prometheus::Histogram*, 16> histograms{};
    Registry() {
        for (const auto& row : metrics_table()) {
            const auto i = static_cast<std::size_t>(row.metric);
            const std::string name(row.name), help(row.meaning);
            switch (row.kind) {
                case MetricKind::counter:
                    counters[i] =
                        &prometheus::BuildCounter().Name(name).Help(help).Register(*registry).Add(
                            {});
                    break;
                case MetricKind::gauge:
                    gauges[i] =
                        &prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add({});
                    break;
                case MetricKind::histogram:
                    histograms[i] =
                        &prometheus::BuildHistogram().Name(name).Help(help).Register(*registry).Add(
                            {}, prometheus::Histogram::BucketBoundaries{
                                    .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5, 30});
                    break;
            }
        }
    }
};
Registry& registry() {
    static Registry one;
    return one;
}

}  // namespace

void count(Metric metric, double by) {
    const auto i = static_cast<std::size_t>(metric);
    if (auto* c = registry().counters[i]) c->Increment(by);
    if (auto* g = registry().gauges[i]) g->Increment(by);
}
void observe(Metric metric, double seconds) {
    if (auto* h = registry().histograms[static_cast<std::size_t>(metric)]) h->Observe(seconds);
}
std::string metrics_text() {
    return prometheus::TextSerializer().Serialize(registry().registry->Collect());
}

}  // namespace countersign
