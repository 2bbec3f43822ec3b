// `agree` and `aggregate`: several people's answers, on files alone.
#include "app/crowd.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "cli/commands.h"
#include "cli/crowd_pieces.h"
#include "formats/csv_rows.h"
#include "quality/aggregation.h"

namespace countersign {

namespace {

constexpr std::size_t most_lines = 10;

std::string number(std::optional<double> value) {
    if (!value) return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", *value);
    return text;
}
Json json_of(std::optional<double> value) {
    return value ? Json(*value) : Json();
}

Result<Crowd> crowd_of(const Invocation& invocation) {
    auto crowd = TRY(read_crowd(invocation.list("PATH"), invocation.text("--from")));
    for (const auto& fault : crowd.faults) std::fprintf(stderr, "  rejected: %s\n", fault.c_str());
    if (crowd.rejected > static_cast<std::int64_t>(crowd.faults.size()))
        std::fprintf(
            stderr, "  and %lld more\n",
            static_cast<long long>(crowd.rejected) - static_cast<long long>(crowd.faults.size()));
    const auto wanted = invocation.text("--question");
    if (wanted.empty()) return crowd;
    std::string known;
    for (const auto& q : crowd.questions) known += (known.empty() ? "" : ", ") + q.name;
    for (const auto& p : crowd.pieces) known += (known.empty() ? "" : ", ") + p.name;
    std::erase_if(crowd.questions, [&](const CrowdQuestion& q) { return q.name != wanted; });
    std::erase_if(crowd.pieces, [&](const CrowdPieces& p) { return p.name != wanted; });
    if (crowd.questions.empty() && crowd.pieces.empty())
        return Refusal{Code::not_found,
                       "There is no question \"" + wanted + "\"; there is: " + known + "."};
    return crowd;
}

/// All that is said of one question, as values; the text is printed from the same ones.
struct AgreementReport {
    std::optional<Alpha> alpha;
    std::optional<Interval> interval;
    std::optional<NominalAgreement> nominal;
    std::vector<ClassAgreement> classes;
    std::vector<PairAgreement> pairs;
    std::vector<RaterAgreement> raters;
};

AgreementReport report_of(const CrowdQuestion& question, const Ratings& ratings, int resamples) {
    const auto distance = question.distance();
    AgreementReport report;
    report.alpha = krippendorff_alpha(ratings, distance);
    report.interval = alpha_interval(ratings, distance, 0, resamples);
    report.nominal = nominal_agreement(ratings);
    report.classes = class_agreements(ratings);
    report.pairs = pair_agreements(ratings, distance);
    report.raters = rater_agreements(ratings, distance);
    std::sort(report.raters.begin(), report.raters.end(),
              [](const RaterAgreement& a, const RaterAgreement& b) {
                  return a.alpha.value_or(2) < b.alpha.value_or(2);
              });
    return report;
}

Json as_json(const CrowdQuestion& question, const Crowd& crowd, const AgreementReport& report) {
    Json out = {{"question", question.name},
                {"distance", std::string(question.distance_name())},
                {"answers", question.answers.size()}};
    if (report.alpha) {
        out["alpha"] = report.alpha->alpha;
        out["items_with_two_answers"] = report.alpha->units;
    }
    if (report.interval) {
        out["alpha_low"] = report.interval->low;
        out["alpha_high"] = report.interval->high;
    }
    if (report.nominal) {
        out["percent"] = report.nominal->percent;
        out["fleiss_kappa"] = json_of(report.nominal->fleiss);
        out["gwet_ac1"] = json_of(report.nominal->ac1);
    }
    for (const auto& one : report.classes)
        out["classes"].push_back({{"label", question.values[one.value]},
                                  {"answers", one.labels},
                                  {"alpha", one.alpha ? Json(one.alpha->alpha) : Json()}});
    for (const auto& one : report.raters)
        out["people"].push_back({{"person", crowd.people[one.rater]},
                                 {"answers", one.labels},
                                 {"shared", one.units},
                                 {"percent", one.percent},
                                 {"alpha", json_of(one.alpha)}});
    for (const auto& one : report.pairs)
        out["pairs"].push_back({{"a", crowd.people[one.a]},
                                {"b", crowd.people[one.b]},
                                {"items", one.units},
                                {"percent", one.percent},
                                {"kappa", json_of(one.kappa)}});
    return out;
}

void print(const CrowdQuestion& question, const Crowd& crowd, const AgreementReport& report) {
    std::printf("%s: %zu answers, %zu items with two or more\n", question.name.c_str(),
                question.answers.size(), report.alpha ? report.alpha->units : 0);
    std::printf("  Krippendorff's alpha (%s)  %s", std::string(question.distance_name()).c_str(),
                number(report.alpha ? std::optional(report.alpha->alpha) : std::nullopt).c_str());
    if (report.interval)
        std::printf("  95 %% interval %.4f to %.4f", report.interval->low, report.interval->high);
    std::printf("\n");
    if (!report.alpha)
        std::printf("  Undefined: no item has two answers, or all answers are the same.\n");
    if (report.nominal)
        std::printf("  agreement %.1f %%  Fleiss' kappa %s  Gwet's AC1 %s\n",
                    100 * report.nominal->percent, number(report.nominal->fleiss).c_str(),
                    number(report.nominal->ac1).c_str());
    if (report.classes.size() > 1 && question.sets.empty()) {
        std::printf("  by label (against the rest)\n");
        for (const auto& one : report.classes)
            std::printf("    %-24s %6zu  alpha %s\n", question.values[one.value].c_str(),
                        one.labels,
                        number(one.alpha ? std::optional(one.alpha->alpha) : std::nullopt).c_str());
    }
    std::printf("  people, furthest from the others first\n");
    for (std::size_t i = 0; i < std::min(most_lines, report.raters.size()); ++i) {
        const auto& one = report.raters[i];
        std::printf("    %-24s %6zu  alpha %s  agreement %.1f %%\n",
                    crowd.people[one.rater].c_str(), one.labels, number(one.alpha).c_str(),
                    100 * one.percent);
    }
    if (report.raters.size() > most_lines)
        std::printf("    and %zu more (--json has all)\n", report.raters.size() - most_lines);
    std::printf("  pairs with most items in common\n");
    for (std::size_t i = 0; i < std::min(most_lines, report.pairs.size()); ++i) {
        const auto& one = report.pairs[i];
        std::printf("    %s, %s: %zu items  kappa %s  agreement %.1f %%\n",
                    crowd.people[one.a].c_str(), crowd.people[one.b].c_str(), one.units,
                    number(one.kappa).c_str(), 100 * one.percent);
    }
}

class OutputFile {
public:
    explicit OutputFile(const std::string& path)
        : path_(path), file_(path == "-" ? stdout : std::fopen(path.c_str(), "wb")) {
        if (!file_) throw Breakdown("Cannot write \"" + path + "\".");
    }
    void put(const std::string& bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
            throw Breakdown("The disk took no more bytes of \"" + path_ + "\".");
    }
    void close() {
        if ((file_ == stdout ? std::fflush(file_) : std::fclose(file_)) != 0)
            throw Breakdown("The disk took no more bytes of \"" + path_ + "\".");
    }

private:
    std::string path_;
    std::FILE* file_;
};

void append_row(std::string& out, std::initializer_list<std::string> cells) {
    bool is_first = true;
    for (const auto& cell : cells) {
        if (!is_first) out += ',';
        is_first = false;
        append_csv(out, cell, ',');
    }
    out += '\n';
}

Result<AggregationOptions> aggregation_options(const Invocation& invocation,
                                               const Ratings& ratings) {
    AggregationOptions options;
    const auto name = invocation.text("--method", "auto");
    if (name == "auto") {
        const auto choice = choose_by_held_out(ratings, 0);
        options.method = choice.method;
        options.temper = choice.temper;
        return options;
    }
    const auto method = aggregation_from(name);
    if (!method)
        return Refusal{Code::invalid, "There is no method \"" + name +
                                          "\": auto, majority, weighted-vote, one-coin, "
                                          "shared-errors, dawid-skene, shrunk, glad "
                                          "or mace."};
    options.method = *method;
    options.temper = choose_temper(ratings, *method, 0).temper;
    return options;
}

void write_file(const std::string& path, const std::string& bytes) {
    OutputFile out(path);
    out.put(bytes);
    out.close();
}

Result<> aggregate_pieces(const Invocation& invocation, const Crowd& crowd) {
    const auto& pieces = crowd.pieces.front();
    const auto fused = TRY(fuse_crowd(pieces, crowd.texts, crowd.items.size(), crowd.people.size(),
                                      invocation.text("--method", "auto")));
    write_file(invocation.text("--output", "-"), fused_csv(fused, pieces, crowd));
    if (invocation.has("--people"))
        write_file(invocation.text("--people"), fused_people_csv(fused, crowd));
    std::fprintf(stderr, "%zu items, %zu people, %zu answers; %s; people's likeness is %s.\n",
                 crowd.items.size(), crowd.people.size(), pieces.answers.size(),
                 fused.method.c_str(), std::string(fused.likeness).c_str());
    return Done{};
}

}  // namespace

Result<> run_agree(const Invocation& invocation) {
    const auto crowd = TRY(crowd_of(invocation));
    const int resamples = TRY(invocation.number("--resamples", 1000, 100, 100'000));
    Json all = Json::array();
    for (const auto& question : crowd.questions) {
        const auto ratings = question.ratings(crowd.items.size(), crowd.people.size());
        const auto report = report_of(question, ratings, resamples);
        if (invocation.has("--json"))
            all.push_back(as_json(question, crowd, report));
        else
            print(question, crowd, report);
    }
    for (const auto& pieces : crowd.pieces) {
        auto one = agreement_of_pieces(pieces, crowd, resamples, !invocation.has("--json"));
        if (invocation.has("--json")) all.push_back(std::move(one));
    }
    if (invocation.has("--json"))
        std::printf("%s\n", to_text(Json{{"from", crowd.from},
                                         {"items", crowd.items.size()},
                                         {"people", crowd.people.size()},
                                         {"questions", all}})
                                .c_str());
    return Done{};
}

Result<> run_aggregate(const Invocation& invocation) {
    const auto crowd = TRY(crowd_of(invocation));
    if (crowd.questions.size() + crowd.pieces.size() > 1) {
        std::string names;
        for (const auto& q : crowd.questions) names += (names.empty() ? "" : ", ") + q.name;
        for (const auto& p : crowd.pieces) names += (names.empty() ? "" : ", ") + p.name;
        return Refusal{Code::invalid,
                       "There are several questions (" + names + "): say which with --question."};
    }
    if (crowd.questions.empty()) return aggregate_pieces(invocation, crowd);
    const auto& question = crowd.questions.front();
    const auto ratings = question.ratings(crowd.items.size(), crowd.people.size());
    const auto options = TRY(aggregation_options(invocation, ratings));
    const auto found = aggregate(ratings, options);
    std::string rows;
    append_row(rows, {"item", "label", "probability", "answers"});
    for (std::size_t u = 0; u < crowd.items.size(); ++u)
        if (!ratings.of(u).empty())
            append_row(rows, {crowd.items[u], question.values[found.label[u]],
                              number(found.confidence(u)), std::to_string(ratings.of(u).size())});
    write_file(invocation.text("--output", "-"), rows);
    if (invocation.has("--people")) {
        std::string people;
        append_row(people, {"person", "answers", "accuracy", "low", "high"});
        for (const auto& one : found.raters)
            append_row(people,
                       {crowd.people[one.rater], std::to_string(one.labels), number(one.accuracy),
                        number(one.interval.low), number(one.interval.high)});
        write_file(invocation.text("--people"), people);
    }
    const double against = share_against_majority(ratings, found);
    std::fprintf(stderr,
                 "%zu items, %zu people, %zu answers; %s, evidence weighs %.2f; %.1f %% "
                 "differ from the majority.\n",
                 crowd.items.size(), crowd.people.size(), ratings.size(),
                 std::string(name_of(options.method)).c_str(), options.temper, 100 * against);
    if (against > 0.3)
        std::fprintf(stderr,
                     "  This is much: people may understand the labels differently. Look at "
                     "some of these items before you trust either.\n");
    if (!found.converged)
        std::fprintf(stderr, "  It stopped after %d rounds, still moving.\n", found.rounds);
    return Done{};
}

}  // namespace countersign
