// Counters, gauges and histograms for GET /metrics (Prometheus text). The table in metrics.cpp
// names every metric with its unit and meaning; the reference page is printed from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace countersign {

enum class Metric {
    http_requests,
    http_seconds,
    commits,
    commit_seconds,
    tasks_leased,
    decisions,
    leases_expired,
    rows_imported,
    rows_exported,
    drafts_written,
    drafts_failed,
    jobs_running,
    jobs_dead,
    webhooks_delivered,
    webhooks_failed
};
enum class MetricKind { counter, gauge, histogram };
struct MetricRow {
    Metric metric;
    MetricKind kind;
    std::string_view name, meaning;
};
std::span<const MetricRow> metrics_table();

void count(Metric metric, double by = 1);     ///< Counters and gauges (gauges may go down).
void observe(Metric metric, double seconds);  ///< Histograms.
std::string metrics_text();                   ///< The exposition format, version 0.0.4.

}  // namespace countersign
