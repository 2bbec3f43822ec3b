// Items far from all others, and spans that a learner reads otherwise.
#include <doctest/doctest.h>

#include <algorithm>

#include "quality/dataset_check.h"

using namespace countersign;

namespace {

Region name_span(double start, double end, std::string label) {
    Region r;
    r.id = "s" + std::to_string(static_cast<int>(start));
    r.control = "names";
    r.kind = ControlKind::spans;
    r.labels = {std::move(label)};
    r.start = start, r.end = end;
    return r;
}

DatasetCheck of_text(const Regions& regions) {
    GivenItem item;
    item.name = "a";
    item.is_text = true;
    item.text = "Ada met Bob in Rome";
    item.labels.push_back({"ada", &regions, 0, 0});
    DatasetCheck check{CheckOptions()};
    check.add(item);
    return check;
}

std::vector<Finding> of_kinds(DatasetCheck& check, FindingKind kind) {
    auto found = check.finish();
    std::erase_if(found, [&](const Finding& f) { return row_of(f.check).kind != kind; });
    return found;
}

}  // namespace

TEST_CASE("an item far from all others is named, with its nearest; ordinary ones are not") {
    DatasetCheck check{CheckOptions()};
    ItemDistances distances;
    distances.by = "their words";
    for (std::uint32_t i = 0; i < 60; ++i) {
        GivenItem item;
        const auto name = "t" + std::to_string(i);
        const auto text = "a text of some words, number " + std::to_string(i * 7919);
        item.name = name;
        item.text = text;
        item.is_text = true;
        check.add(item);
        distances.rows.push_back({i, (i + 1) % 60, i == 17 ? 0.9 : 0.3 + 0.002 * (i % 30)});
    }
    check.add_distances(distances);
    const auto found = of_kinds(check, FindingKind::outlier);
    REQUIRE(found.size() == 1);
    CHECK(found[0].item == 17);
    CHECK(found[0].score > 0.8);
    CHECK(found[0].evidence[0].item == 18);
    CHECK(found[0].sentence ==
          "By their words the nearest item is 0.90 away (1 - cosine); the median is 0.33.");
}

TEST_CASE("of a few items none is far") {
    DatasetCheck check{CheckOptions()};
    GivenItem item;
    item.is_text = true;
    item.text = "words";
    check.add(item);
    check.add_distances({{{0, 0, 1.0}}, "their words"});
    CHECK(of_kinds(check, FindingKind::outlier).empty());
}

TEST_CASE(
    "a span read with another label, elsewhere, or not at all is doubted, and one left out is "
    "named") {
    const Regions regions{name_span(0, 3, "PER"), name_span(4, 7, "PER"), name_span(8, 19, "PER")};
    auto check = of_text(regions);
    const auto& labels = check.corpus().control(0).labels;
    SpanReadings readings;
    readings.by = "a learner";
    readings.items = {0};
    const auto per = *labels.find("PER");
    readings.reads = {{{0, 3, per, 0.95}, {8, 11, per, 0.9}}};
    check.add_readings(readings);
    const auto found = of_kinds(check, FindingKind::label_error);
    REQUIRE(found.size() == 2);
    CHECK(found[0].check == Check::misplaced_region);
    CHECK(found[0].place->start == 8);
    CHECK(found[0].sentence.find("looks like \"PER\" on \"Bob\" (0.90)") != std::string::npos);
    CHECK(found[1].check == Check::spurious_region);
    CHECK(found[1].place->start == 4);
}

TEST_CASE(
    "a name that nobody marked is named when the learner is very sure, and swaps name both "
    "labels") {
    const Regions regions{name_span(0, 3, "LOC"), name_span(8, 11, "PER")};
    auto check = of_text(regions);
    const auto& labels = check.corpus().control(0).labels;
    SpanReadings readings;
    readings.by = "a learner";
    readings.items = {0};
    readings.reads = {{{0, 3, *labels.find("PER"), 0.7},
                       {8, 11, *labels.find("PER"), 0.9},
                       {15, 19, *labels.find("LOC"), 0.85},
                       {12, 14, *labels.find("LOC"), 0.6}}};
    check.add_readings(readings);
    const auto found = of_kinds(check, FindingKind::label_error);
    REQUIRE(found.size() == 2);
    CHECK(found[0].check == Check::missing_region);
    CHECK(found[0].sentence ==
          "\"Rome\" has no label, and looks like \"LOC\" (0.85 by a learner, which has not seen "
          "it).");
    CHECK(found[1].check == Check::swapped_label);
    CHECK(found[1].sentence.find("\"LOC\" (0.00 by a learner, which has not seen it) looks like "
                                 "\"PER\" (0.70)") == 0);
}
