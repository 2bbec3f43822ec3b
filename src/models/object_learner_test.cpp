#include "models/object_learner.h"

#include <doctest/doctest.h>

#include "base/crypto.h"
#include "base/rng.h"

using namespace countersign;

namespace {

Control animals_to_box() {
    Control control;
    control.name = "animal";
    control.kind = ControlKind::boxes;
    control.labels = {
        {"Raccoon", "", "", "", {}}, {"Dog", "", "", "", {}}, {"Axolotl", "", "", "", {}}};
    return control;
}

/// A place whose numbers say what it shows: 0 a raccoon, 1 a dog, 2 nothing.
SeenBox place(Rng& rng, float x, int shows, float score) {
    SeenBox out;
    out.box = {x, 10, 40, 40, shows, score};
    for (int k = 0; k < 20; ++k) out.seen.push_back(static_cast<float>(rng.uniform()));
    out.seen[static_cast<std::size_t>(shows)] += 3;
    return out;
}

/// Each shows a raccoon, a dog and a bush; NanoDet proposes all three.
std::vector<BoxedPicture> pictures_of_animals(int n) {
    Rng rng(3);
    std::vector<BoxedPicture> out;
    for (int i = 0; i < n; ++i) {
        BoxedPicture picture;
        const auto raccoon = place(rng, 0, 0, 0.4f), dog = place(rng, 100, 1, 0.6f);
        picture.proposals = {dog, raccoon, place(rng, 200, 2, 0.3f)};
        picture.reviewed = {raccoon, dog};
        out.push_back(std::move(picture));
    }
    return out;
}

}  // namespace

TEST_CASE("three pictures with boxes teach a new object, and not the labels that were not asked") {
    const auto pictures = pictures_of_animals(3);
    const auto control = animals_to_box();
    const int asked[] = {0, 2};
    const auto trained = train_object_learner(pictures, control, asked, 1);
    REQUIRE(trained);
    CHECK(trained->quality["ap50"].get<double>() == doctest::Approx(1));
    CHECK(trained->quality["ap50_low"].get<double>() < 0.6);
    CHECK(trained->quality["n"] == 3);
    CHECK(trained->quality["labels"]["Raccoon"]["boxes"] == 3);
    CHECK(trained->quality["waiting"]["Axolotl"] == 0);
    CHECK(!trained->quality["labels"].contains("Dog"));

    const auto state = object_learner_from(trained->state);
    REQUIRE(state);
    REQUIRE(state->kinds.size() == 1);
    CHECK(state->kinds[0].label == "Raccoon");
    const auto fresh = pictures_of_animals(5).back();
    const auto found = find_objects(*state, fresh.proposals);
    REQUIRE(found.size() == 3);
    CHECK(found[0].box.x == 0);
    CHECK(found[0].probability > 0.4);
    CHECK(found[1].probability < 0.3);
    CHECK(trained->state == train_object_learner(pictures, control, asked, 1)->state);
}

TEST_CASE("of two proposals for one place the likelier one is drafted") {
    const auto pictures = pictures_of_animals(4);
    const int asked[] = {0, 1};
    const auto state =
        object_learner_from(train_object_learner(pictures, animals_to_box(), asked, 1)->state);
    REQUIRE(state);
    auto proposals = pictures[0].proposals;
    proposals.push_back(proposals[1]);
    proposals.back().box.x += 5;
    CHECK(find_objects(*state, proposals).size() == 3);
}

TEST_CASE("two pictures teach no object, and the refusal says how many it takes") {
    const int asked[] = {0};
    const auto trained = train_object_learner(pictures_of_animals(2), animals_to_box(), asked, 1);
    REQUIRE(!trained);
    CHECK(trained.refusal().code == Code::unavailable);
    CHECK(trained.refusal().message.find("3 reviewed pictures") != std::string::npos);
}

TEST_CASE("what a schema asks decides what the object learner learns") {
    const auto kind = object_learner_kind();
    Schema schema;
    schema.modality = Modality::image;
    schema.source = "image";
    schema.controls = {animals_to_box()};
    const auto config = kind.guess(schema);
    REQUIRE(config);
    CHECK((*config)["control"] == "animal");
    schema.controls[0].labels = {{"Dog", "", "", "", {}}};
    CHECK(kind.guess(schema).refusal().code == Code::unsupported);
    const Json named = {{"control", "animal"}, {"labels", {"Dog"}}};
    CHECK(kind.open({schema, named, "", ""}).refusal().code == Code::unavailable);
    const Json wrong = {{"control", "animal"}, {"labels", {"Wolf"}}};
    CHECK(kind.open({schema, wrong, "", ""}).refusal().message.find("Wolf") != std::string::npos);
    const Json numbers = {{"labels", 3}};
    CHECK(kind.open({schema, numbers, "", ""}).refusal().code == Code::invalid);
}

TEST_CASE("reviewed boxes alone tell whether there is enough to learn") {
    const auto kind = object_learner_kind();
    Schema schema;
    schema.modality = Modality::image;
    schema.controls = {animals_to_box()};
    Region box;
    box.control = "animal";
    box.kind = ControlKind::boxes;
    box.labels = {"Raccoon"};
    box.width = box.height = 20;
    const Regions one = {box, box}, none;
    std::vector<const Regions*> reviewed = {&one, &one, &none};
    CHECK(kind.ready(schema, Json::object(), reviewed).refusal().code == Code::unavailable);
    reviewed.push_back(&one);
    CHECK(kind.ready(schema, Json::object(), reviewed));
}

TEST_CASE("numbers that a state scales to almost nothing give a probability all the same") {
    ObjectLearnerState state;
    state.centre = {0, 0};
    state.scale = {1e-40f, 1e-40f};
    state.kinds = {{"Raccoon", {1, -1}, 0}};
    const SeenBox box{{0, 0, 10, 10, 0, 0.5f}, {0.5f, 0.5f}};
    const auto found = find_objects(state, std::vector<SeenBox>{box});
    REQUIRE(found.size() == 1);
    CHECK(found[0].probability >= 0);
    CHECK(found[0].probability <= 1);
}

TEST_CASE("an object learner's state that is damaged or out of range is not read") {
    const int asked[] = {0, 1};
    const auto bytes =
        train_object_learner(pictures_of_animals(4), animals_to_box(), asked, 1)->state;
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
        auto damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        CHECK(!object_learner_from(damaged));
    }
    const auto body = bytes.substr(0, bytes.size() - 32);
    for (std::size_t i = 6; i < body.size(); ++i) {
        auto odd = body.substr(0, i);
        const auto digest = sha256(odd);
        odd.append(reinterpret_cast<const char*>(digest.data()), digest.size());
        CHECK(!object_learner_from(odd));
    }
}
