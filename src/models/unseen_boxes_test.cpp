#include "models/unseen_boxes.h"

#include <doctest/doctest.h>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr int dog_in_coco = 16, cat_in_coco = 15;

/// NanoDet knows dogs; raccoons it takes for cats.
Control zoo_labels() {
    Control control;
    control.name = "animal";
    control.kind = ControlKind::boxes;
    control.labels = {{"Raccoon", "", "", "", {}}, {"Dog", "", "", "", {}}};
    return control;
}

SeenBox sight(Rng& rng, float x, int object, float score, std::size_t shows) {
    SeenBox out{{x, 10, 40, 40, object, score}, {}};
    for (int k = 0; k < 12; ++k) out.seen.push_back(static_cast<float>(rng.uniform()));
    out.seen[shows] += 3;
    return out;
}

/// Each shows a raccoon at 0, a dog at 100 and a bush at 200.
std::vector<BoxedPicture> zoo_pictures(int n) {
    Rng rng(5);
    std::vector<BoxedPicture> out;
    for (int i = 0; i < n; ++i) {
        auto& picture = out.emplace_back();
        picture.proposals = {sight(rng, 100, dog_in_coco, 0.7f, 1),
                             sight(rng, 0, cat_in_coco, 0.4f, 0),
                             sight(rng, 200, cat_in_coco, 0.3f, 2)};
        picture.reviewed = {{{0, 10, 40, 40, 0, 1}, {}}, {{100, 10, 40, 40, 1, 1}, {}}};
    }
    return out;
}

}  // namespace

TEST_CASE("dogs are NanoDet's, raccoons are learned from the other pictures, and both are found") {
    const auto pictures = zoo_pictures(40);
    const auto found = unseen_boxes(pictures, zoo_labels(), 1);
    REQUIRE(found);
    REQUIRE(found->size() == 40);
    int raccoons = 0, dogs = 0;
    for (const auto& of_picture : *found)
        for (const auto& [box, probability] : of_picture) {
            CHECK(probability > 0);
            CHECK(probability < 1);
            raccoons += probability > 0.5 && box.object == 0 && box.x == 0;
            dogs += probability > 0.5 && box.object == 1 && box.x == 100;
            if (box.x == 200) CHECK(probability < 0.5);
        }
    CHECK(raccoons == 40);
    CHECK(dogs == 40);
    const auto again = unseen_boxes(pictures, zoo_labels(), 1);
    REQUIRE(again);
    CHECK((*again)[7].front().probability == (*found)[7].front().probability);
}

TEST_CASE("a label in pictures that are alike is not learned from one of them for the other") {
    auto pictures = zoo_pictures(24);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        pictures[i].alike = std::to_string(i % 2);
        for (auto& box : pictures[i].reviewed)
            if (box.box.object == 0 && i % 2 == 0) box.box.object = 1;  // Raccoons in half of them.
    }
    const auto found = unseen_boxes(pictures, zoo_labels(), 1);
    REQUIRE(found);
    // Whoever held out the odd ones saw no raccoon.
    for (std::size_t i = 1; i < pictures.size(); i += 2)
        for (const auto& [box, probability] : (*found)[i])
            if (box.object == 0) CHECK(probability < 0.5);
}

TEST_CASE("places that are kept read back, and nothing else does") {
    Rng rng(2);
    std::vector<SeenBox> places{{{1, 2, 30, 40, 79, 0.5f}, {}}, {{0, 0, 5, 5, 0, 0.02f}, {}}};
    for (auto& place : places)
        for (std::size_t i = 0; i < NanodetLook::size; ++i)
            place.seen.push_back(static_cast<float>(4 * rng.uniform() - 1));
    const auto bytes = places_bytes(places);
    const auto back = places_from(bytes);
    REQUIRE(back);
    REQUIRE(back->size() == 2);
    CHECK((*back)[0].box.height == 40);
    CHECK((*back)[0].box.object == 79);
    for (std::size_t i = 0; i < NanodetLook::size; i += 97)
        CHECK(std::abs((*back)[0].seen[i] - places[0].seen[i]) < 0.05f);
    CHECK(!places_from(bytes.substr(0, bytes.size() - 1)));
    CHECK(!places_from(""));
    CHECK(places_from(places_bytes({}))->empty());
    places[0].box.width = 0;
    CHECK(!places_from(places_bytes(places)));
}
