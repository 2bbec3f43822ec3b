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

struct FarTexts {
    DatasetCheck check{CheckOptions()};
    ItemDistances distances;
};

/// Sixty texts, the 18th as given, with ordinary distances: 0.3 to 0.358.
FarTexts sixty_texts(const std::string& stranger) {
    FarTexts out;
    out.distances.by = "their words";
    for (std::uint32_t i = 0; i < 60; ++i) {
        GivenItem item;
        const auto name = "t" + std::to_string(i);
        const auto text =
            i == 17 ? stranger : "a text of some words, number " + std::to_string(i % 9);
        item.name = name;
        item.text = text;
        item.is_text = true;
        out.check.add(item);
        out.distances.rows.push_back({i, (i + 1) % 60, 0.3 + 0.002 * (i % 30)});
    }
    return out;
}

std::vector<Finding> of_kinds(DatasetCheck& check, FindingKind kind) {
    auto found = check.finish();
    std::erase_if(found, [&](const Finding& f) { return row_of(f.check).kind != kind; });
    return found;
}

}  // namespace

TEST_CASE("a text far from its neighbours whose words are rare is named; ordinary ones are not") {
    auto far = sixty_texts("zwei fremde worte und noch mehr davon");
    far.distances.rows[17].distance = 0.9;
    far.check.add_distances(far.distances);
    const auto found = of_kinds(far.check, FindingKind::outlier);
    REQUIRE(found.size() == 1);
    CHECK(found[0].item == 17);
    CHECK(found[0].score > 0.6);
    CHECK(found[0].evidence[0].item == 18);
    CHECK(found[0].sentence.starts_with(
        "By their words the nearest items are 0.90 away (1 - cosine; the median is 0.33), and a "
        "word of it stands in one of "));
}

TEST_CASE("a text is named though distances end at 1 and half of the others are far, too") {
    auto far = sixty_texts("zwei fremde worte und noch mehr davon");
    for (std::size_t i = 0; i < far.distances.rows.size(); ++i)
        far.distances.rows[i].distance = 0.45 + 0.012 * static_cast<double>(i % 30);
    far.distances.rows[17].distance = 0.97;
    far.check.add_distances(far.distances);
    const auto found = of_kinds(far.check, FindingKind::outlier);
    REQUIRE(found.size() == 1);
    CHECK(found[0].item == 17);
}

TEST_CASE("one strange word does not make a text strange, nor a small difference among equals") {
    auto word = sixty_texts("a text of some words, number xylophone");
    word.check.add_distances(word.distances);
    CHECK(of_kinds(word.check, FindingKind::outlier).empty());
    auto equal = sixty_texts("a text of some words, number 4");
    for (auto& row : equal.distances.rows) row.distance = 0.2;
    equal.distances.rows[3].distance = 0.201;
    equal.check.add_distances(equal.distances);
    CHECK(of_kinds(equal.check, FindingKind::outlier).empty());
}

TEST_CASE("pictures are far by their neighbours alone") {
    DatasetCheck check{CheckOptions()};
    ItemDistances distances;
    distances.by = "what a network sees";
    for (std::uint32_t i = 0; i < 60; ++i) {
        check.add({});
        distances.rows.push_back({i, (i + 1) % 60, i == 17 ? 0.9 : 0.3 + 0.002 * (i % 30)});
    }
    check.add_distances(distances);
    std::vector<Finding> found;
    for (auto& f : check.finish())
        if (f.check == Check::far_item) found.push_back(std::move(f));
    REQUIRE(found.size() == 1);
    CHECK(found[0].item == 17);
    CHECK(
        found[0].sentence ==
        "By what a network sees the nearest items are 0.90 away (1 - cosine; the median is 0.33).");
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
