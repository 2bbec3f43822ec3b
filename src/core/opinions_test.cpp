#include "core/opinions.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

Region drawn(std::string id, double x, std::string label) {
    Region r;
    r.id = std::move(id);
    r.control = "objects";
    r.kind = ControlKind::boxes;
    r.labels = {std::move(label)};
    r.x = x;
    r.width = r.height = 10;
    return r;
}
Region answer(std::string id, std::string label, std::string parent = {}) {
    Region r;
    r.id = std::move(id);
    r.control = parent.empty() ? "scene" : "sure";
    r.labels = {std::move(label)};
    r.parent = std::move(parent);
    return r;
}

}  // namespace

TEST_CASE("people agree when their boxes overlap enough and carry the same labels") {
    CHECK(differences({drawn("a", 0, "cat")}, {drawn("z", 1, "cat")}).empty());
    const auto label = differences({drawn("a", 0, "cat")}, {drawn("z", 1, "dog")});
    REQUIRE(label.size() == 1);
    CHECK(label[0].a == "a");
    CHECK(label[0].b == "z");
    const auto place = differences({drawn("a", 0, "cat")}, {drawn("z", 8, "cat")});
    REQUIRE(place.size() == 2);
    CHECK(place[0].b.empty());
    CHECK(place[1].a.empty());
}

TEST_CASE("each box has one partner: the one it overlaps best") {
    const auto found =
        differences({drawn("a", 0, "cat"), drawn("b", 2, "cat")}, {drawn("z", 2, "cat")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].a == "a");
}

TEST_CASE("answers about regions are compared over the pairs of their regions") {
    const Regions mine{drawn("a", 0, "cat"), answer("1", "yes", "a")};
    CHECK(differences(mine, {drawn("z", 0, "cat"), answer("9", "yes", "z")}).empty());
    CHECK(differences(mine, {drawn("z", 0, "cat"), answer("9", "no", "z")}).size() == 1);
}

TEST_CASE("spans must have the same boundaries, texts the same words") {
    Region a = answer("a", "PER"), b;
    a.kind = ControlKind::spans;
    a.end = 10;
    b = a;
    CHECK(differences({a}, {b}).empty());
    b.end = 9;
    CHECK(differences({a}, {b}).size() == 1);
    a.kind = b.kind = ControlKind::text;
    a.text = "a cat\n", b.text = " a cat";
    CHECK(differences({a}, {b}).empty());
}

TEST_CASE("the consensus is the opinion that most share") {
    const Regions sun{answer("1", "sun")}, rain{answer("2", "rain")};
    const auto found = consensus({rain, sun, sun});
    CHECK(found.opinion == 1);
    CHECK(found.in_favour == 2);
    CHECK(consensus({rain, sun}).in_favour == 1);
}

TEST_CASE(
    "the overlap falls on the share of tasks that the policy names, the same ones every time") {
    Policy policy;
    policy.overlap = 3;
    policy.overlap_share = 0.2;
    int several = 0;
    for (Id task = 1; task <= 10000; ++task) several += annotations_needed(policy, 42, task) == 3;
    CHECK(several > 1880);  // 2000 expected, standard deviation 40
    CHECK(several < 2120);
    CHECK(annotations_needed(Policy{}, 42, 1) == 1);
}
