#include "quality/repair.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

Region box(std::string id, double x, double y, double w, double h) {
    Region r;
    r.id = std::move(id);
    r.control = "boxes";
    r.kind = ControlKind::boxes;
    r.labels = {"cat"};
    r.x = x, r.y = y, r.width = w, r.height = h;
    return r;
}

}  // namespace

TEST_CASE("boxes are cut to the picture; without area, outside and copied ones go") {
    Regions regions{box("a", -5, 10, 30, 20), box("b", 10, 10, 0, 5), box("c", 200, 10, 5, 5),
                    box("d", 50, 50, 10, 10), box("e", 50, 50, 10, 10)};
    Region answer;
    answer.id = "f";
    answer.control = "pose";
    answer.labels = {"sits"};
    answer.parent = "e";
    regions.push_back(answer);
    ItemFacts item;
    item.width = 100, item.height = 100;
    const auto done = repair(regions, item);
    REQUIRE(regions.size() == 2);
    CHECK(regions[0].x == 0);
    CHECK(regions[0].width == 25);
    CHECK(regions[1].id == "d");
    REQUIRE(done.size() == 4);
    CHECK(done[0].after == "\"cat\" 25 x 20 at (0, 10)");
    CHECK(done[1].after.empty());
    CHECK(repair(regions, item).empty());
}

TEST_CASE("spans lose white space at their ends, in code points") {
    Region r;
    r.id = "s";
    r.control = "spans";
    r.kind = ControlKind::spans;
    r.labels = {"LOC"};
    r.start = 3, r.end = 10;
    Regions regions{r};
    ItemFacts item;
    item.text = "é in Köln  now";
    const auto done = repair(regions, item);
    REQUIRE(done.size() == 1);
    CHECK(regions[0].text == "n Köln");
    regions[0].start = 9, regions[0].end = 11;
    CHECK(repair(regions, item).size() == 1);
    CHECK(regions.empty());
}

TEST_CASE("what cannot be known is left as it is") {
    Regions regions{box("a", -5, 10, 30, 20)};
    CHECK(repair(regions, {}).empty());
    CHECK(regions[0].x == -5);
}
