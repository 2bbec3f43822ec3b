#include "quality/dataset_diff.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

Region box(std::string id, double x, std::string label) {
    Region r;
    r.id = std::move(id);
    r.control = "boxes";
    r.kind = ControlKind::boxes;
    r.labels = {std::move(label)};
    r.x = x, r.y = 10, r.width = 20, r.height = 20;
    return r;
}
Region chosen(std::string label) {
    Region r;
    r.id = "c";
    r.control = "kind";
    r.labels = {std::move(label)};
    return r;
}

}  // namespace

TEST_CASE("boxes that stayed, came, went and were renamed are counted by label") {
    DatasetDiff diff;
    const Regions before{box("a", 0, "cat"), box("b", 50, "cat"), box("c", 100, "dog")};
    const Regions after{box("p", 2, "cat"), box("q", 50, "dog"), box("r", 300, "bird")};
    const auto changes = diff.compare(before, after);
    REQUIRE(changes.size() == 3);
    const auto& of = diff.labels().at("boxes");
    CHECK(of.at("cat").kept == 1);
    CHECK(of.at("cat").became.at("dog") == 1);
    CHECK(of.at("dog").removed == 1);
    CHECK(of.at("bird").added == 1);
    CHECK(of.at("cat").f1() == doctest::Approx(0.5));
    CHECK(diff.items() == 1);
    CHECK(diff.same() == 0);
}

TEST_CASE("choices: Cohen's kappa of the two sides") {
    DatasetDiff diff;
    const auto pair = [&](const std::string& a, const std::string& b, int times) {
        for (int i = 0; i < times; ++i) diff.compare({chosen(a)}, {chosen(b)});
    };
    pair("yes", "yes", 20), pair("yes", "no", 5), pair("no", "yes", 10), pair("no", "no", 15);
    const auto found = diff.agreements().at("kind");
    CHECK(found.items == 50);
    CHECK(found.percent == doctest::Approx(0.7));
    CHECK(found.kappa.value_or(0) == doctest::Approx(0.4));
    CHECK(diff.same() == 35);
}
