// `diff` and `split`.
#include "app/compare.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "formats/csv_rows.h"

namespace countersign {

namespace {

constexpr std::size_t most_changes = 20;
constexpr int they_differ = 8;

struct ClosedFile {
    void operator()(std::FILE* file) const {
        if (file != stdout) std::fclose(file);
    }
};
using CsvFile = std::unique_ptr<std::FILE, ClosedFile>;

CsvFile opened(const std::string& path) {
    CsvFile out(path == "-" ? stdout : std::fopen(path.c_str(), "wb"));
    if (!out) throw Breakdown("Cannot write \"" + path + "\".");
    return out;
}

void put_all(std::FILE* out, const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), out) != bytes.size() || std::fflush(out) != 0)
        throw Breakdown("The disk took no more bytes of the file.");
}

Json json_of_diff(const DiffReport& report) {
    Json out = {{"items", report.diff.items()}, {"same", report.diff.same()},
                {"added", report.added},        {"removed", report.removed},
                {"changed", Json::array()},     {"labels", Json::array()},
                {"agreement", Json::array()}};
    for (const auto& one : report.changed)
        out["changed"].push_back(
            {{"item", one.item}, {"where", one.where}, {"changes", one.changes}});
    for (const auto& [control, labels] : report.diff.labels())
        for (const auto& [label, d] : labels)
            out["labels"].push_back({{"control", control},
                                     {"label", label},
                                     {"kept", d.kept},
                                     {"added", d.added},
                                     {"removed", d.removed},
                                     {"moved", d.moved},
                                     {"became", d.became},
                                     {"f1", d.f1()}});
    for (const auto& [control, a] : report.diff.agreements())
        out["agreement"].push_back({{"control", control},
                                    {"items", a.items},
                                    {"percent", a.percent},
                                    {"kappa", a.kappa ? Json(*a.kappa) : Json()}});
    return out;
}

void print_names(std::string_view what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::printf("%zu items %s:", names.size(), std::string(what).c_str());
    for (std::size_t i = 0; i < std::min(names.size(), most_changes); ++i)
        std::printf(" %s", names[i].c_str());
    std::printf(names.size() > most_changes ? " ...\n" : "\n");
}

void print_diff(const DiffReport& report, bool all) {
    print_names("are new", report.added);
    print_names("are gone", report.removed);
    const auto shown = all ? report.changed.size() : std::min(most_changes, report.changed.size());
    for (std::size_t i = 0; i < shown; ++i) {
        std::printf("%s\n", report.changed[i].item.c_str());
        for (const auto& change : report.changed[i].changes) std::printf("  %s\n", change.c_str());
    }
    if (shown < report.changed.size())
        std::printf("and %zu more items (--all)\n", report.changed.size() - shown);
    std::printf("\n%-32s %7s %7s %7s %7s %7s   F1\n", "label", "kept", "new", "gone", "moved",
                "renamed");
    for (const auto& [control, labels] : report.diff.labels())
        for (const auto& [label, d] : labels)
            std::printf("%-32s %7zu %7zu %7zu %7zu %7zu %.3f\n", label.c_str(), d.kept, d.added,
                        d.removed, d.moved, d.relabelled(), d.f1());
    for (const auto& [control, a] : report.diff.agreements())
        std::printf("%s: both answer %zu items, agree on %.1f %%, Cohen's kappa %s\n",
                    control.c_str(), a.items, 100 * a.percent,
                    a.kappa ? std::to_string(*a.kappa).substr(0, 6).c_str() : "undefined");
    std::printf("%zu items on both sides, %zu the same.\n", report.diff.items(),
                report.diff.same());
}

Result<std::vector<std::pair<std::string, double>>> parts_of(const std::string& text) {
    std::vector<std::pair<std::string, double>> parts;
    for (const auto piece : split(text, ',')) {
        const auto colon = piece.find(':');
        const auto name = std::string(trim(piece.substr(0, colon)));
        const double share = colon == std::string_view::npos
                                 ? 0
                                 : std::atof(std::string(piece.substr(colon + 1)).c_str());
        if (name.empty() || name.find('/') != std::string::npos || !(share > 0 && share < 1e9))
            return Refusal{Code::invalid,
                           "--parts must be names with shares, as train:80,dev:10,test:10."};
        parts.emplace_back(name, share);
    }
    if (parts.size() < 2) return Refusal{Code::invalid, "--parts must name two parts or more."};
    return parts;
}

void say_shares(const SplitReport& report, const SplitRequest& request) {
    std::fprintf(stderr, "%-32s", "label");
    for (const auto& [name, _] : request.parts) std::fprintf(stderr, " %10s", name.c_str());
    std::fprintf(stderr, "\n");
    for (const auto& [label, counts] : report.labels) {
        std::fprintf(stderr, "%-32s", label.c_str());
        for (const auto n : counts) std::fprintf(stderr, " %10zu", n);
        std::fprintf(stderr, "\n");
    }
    std::fprintf(stderr, "%-32s", "items");
    for (const auto n : report.sizes) std::fprintf(stderr, " %10zu", n);
    std::fprintf(stderr, "\n%zu items stay with another one (group or near duplicate).\n",
                 report.joined);
}

}  // namespace

Result<int> run_diff(const Invocation& invocation) {
    LabelledFiles before, after;
    before.paths = {invocation.text("A")};
    after.paths = {invocation.text("B")};
    before.from = after.from = invocation.text("--from");
    before.images = after.images = invocation.text("--images");
    before.person = invocation.text("--person-a");
    after.person = invocation.text("--person-b");
    const int iou = TRY(invocation.number("--iou", 50, 1, 100));
    const auto a = TRY(read_labelled(before)), b = TRY(read_labelled(after));
    for (const auto* side : {&a, &b})
        if (side->rejected > 0)
            std::fprintf(stderr, "  %lld rows could not be read\n",
                         static_cast<long long>(side->rejected));
    const auto report = diff_of(a, b, iou / 100.0);
    if (invocation.has("--json"))
        std::printf("%s\n", to_text(json_of_diff(report)).c_str());
    else
        print_diff(report, invocation.has("--all"));
    const bool same = report.added.empty() && report.removed.empty() && report.changed.empty();
    return same || !invocation.has("--exit-code") ? 0 : they_differ;
}

Result<> run_split(const Invocation& invocation) {
    SplitRequest request;
    request.files.paths = invocation.list("PATH");
    request.files.from = invocation.text("--from");
    request.files.images = invocation.text("--images");
    request.parts = TRY(parts_of(invocation.text("--parts", "train:80,dev:10,test:10")));
    request.group = invocation.text("--group");
    request.seed =
        static_cast<std::uint64_t>(TRY(invocation.number("--seed", 1, 0, 1'000'000'000)));
    if (invocation.has("--ignore-duplicates")) request.near_duplicate = 2;
    const auto into = invocation.text("--into");
    std::vector<std::string> files(request.parts.size());
    const auto put = [&](std::uint32_t part, const std::string& bytes) { files[part] += bytes; };
    const auto report =
        into.empty() ? TRY(split_files(request, nullptr)) : TRY(split_files(request, put));
    if (!into.empty()) {
        std::filesystem::create_directories(into);
        for (std::size_t p = 0; p < files.size(); ++p)
            put_all(opened(into + "/" + request.parts[p].first + "." + report.extension).get(),
                    files[p]);
    } else {
        std::string rows = "item,split\n";
        for (const auto& item : report.items) {
            append_csv(rows, item.name, ',');
            rows += ',';
            append_csv(rows, request.parts[item.part].first, ',');
            rows += '\n';
        }
        put_all(opened(invocation.text("--output", "-")).get(), rows);
    }
    say_shares(report, request);
    return Done{};
}

}  // namespace countersign
