#include "app/check_learned.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "models/neighbours.h"

using namespace countersign;

namespace {

/// Forty directions near one another, a stranger, and a copy of the stranger.
std::vector<EmbeddedItem> crowd_and_stranger() {
    std::vector<EmbeddedItem> out;
    for (std::uint32_t i = 0; i < 42; ++i) {
        std::vector<float> values(8, 1.0F);
        values[i % 8] += 0.4F + 0.01F * static_cast<float>(i);
        if (i >= 40) values = {1, -1, 1, -1, 1, -1, 1, -1};
        out.push_back({100 + i, embedding_of(values)});
    }
    return out;
}

Region person_span(double start, double end, std::string label) {
    Region r;
    r.id = "s";
    r.control = "names";
    r.kind = ControlKind::spans;
    r.labels = {std::move(label)};
    r.start = start, r.end = end;
    return r;
}

}  // namespace

TEST_CASE("a stranger is far from its nearest, and its copy does not vouch for it") {
    const auto items = crowd_and_stranger();
    const auto found = distances_of(items, "hand");
    REQUIRE(found);
    REQUIRE(found->rows.size() == items.size());
    CHECK(found->by == "hand");
    for (std::size_t i = 0; i < found->rows.size(); ++i) {
        CHECK(found->rows[i].item == items[i].item);
        CHECK((found->rows[i].distance > 0.5) == (i >= 40));
        CHECK(found->rows[i].nearest < 140);
    }
    CHECK(distances_of({}, "nothing")->rows.empty());
}

TEST_CASE("texts without words are left out, and too few labelled texts are refused") {
    Corpus corpus;
    for (int i = 0; i < 40; ++i) {
        GivenItem item;
        const auto text = i == 7 ? std::string("...")
                                 : "the train from platform " + std::to_string(i) + " is late";
        item.is_text = true;
        item.text = text;
        corpus.add(item);
    }
    const auto distances = text_distances(corpus);
    REQUIRE(distances);
    CHECK(distances->by == "their words");
    CHECK(distances->rows.size() >= 39);
    const Regions regions{person_span(0, 3, "THING")};
    GivenItem labelled;
    labelled.is_text = true;
    labelled.text = "the train";
    labelled.labels.push_back({"ada", &regions, 0, 0});
    corpus.add(labelled);
    CHECK(span_readings(corpus, 0).refusal().code == Code::unavailable);
}

TEST_CASE(
    "a span with the wrong label is read with the right one by a learner of the other texts") {
    static constexpr const char* names[] = {"Tanner", "Okafor", "Ngata",
                                            "Ibarra", "Lopez",  "Weber"};
    static constexpr const char* towns[] = {"Lisbon", "Oslo", "Quito", "Accra", "Turin"};
    Corpus corpus;
    for (int i = 0; i < 80; ++i) {
        const std::string name = names[i % 6], town = towns[(i / 2) % 5];
        const auto text = "Then Mr " + name + " went to " + town + ".";
        const auto end = 8.0 + static_cast<double>(name.size());
        const Regions regions{
            person_span(8, end, i == 33 ? "CITY" : "PERSON"),
            person_span(end + 9, end + 9 + static_cast<double>(town.size()), "CITY")};
        GivenItem item;
        item.is_text = true;
        item.text = text;
        item.labels.push_back({"ada", &regions, 0, 0});
        corpus.add(item);
    }
    const auto readings = span_readings(corpus, 0);
    REQUIRE(readings);
    REQUIRE(readings->items.size() == 80);
    const auto& reads = readings->reads[33];
    const auto at = std::find_if(reads.begin(), reads.end(),
                                 [](const SpanReadings::Read& r) { return r.start == 8; });
    REQUIRE(at != reads.end());
    CHECK(corpus.control(0).labels.name(at->label) == "PERSON");
    CHECK(at->probability > 0.5);
}

TEST_CASE("boxes are read where no model drafted them, and what is not told of them is said") {
    Region dog;
    dog.id = "b";
    dog.control = "animal";
    dog.kind = ControlKind::boxes;
    dog.labels = {"dog"};
    dog.width = dog.height = 40;
    auto cat = dog;
    cat.labels = {"cat"};
    cat.x = 100;
    const Regions both = {dog, cat};
    Corpus corpus;
    for (int i = 0; i < 45; ++i) {
        const auto name = std::to_string(i);
        GivenItem item;
        item.name = name;
        item.width = 200, item.height = 100;
        item.labels.push_back({"eve", &both, 0, 0});
        if (i < 5) item.drafts.push_back({"a model", &both, 0, 0});
        item.bytes = 1 + static_cast<std::uint64_t>(i);
        corpus.add(item);
    }
    const auto items = boxed_pictures(corpus, 0);
    REQUIRE(items.size() == 40);
    CHECK(items.front() == 5);
    CHECK(even_sample(items, 4) == std::vector<std::uint32_t>{5, 15, 25, 35});

    // NanoDet sees the dog (its object 16) everywhere, and a cat nowhere.
    const SeenBox seen{{0, 0, 40, 40, 16, 0.6F}, {1, 2}};
    const auto readings = box_readings(
        corpus, 0, items,
        [&](std::uint32_t item) -> Result<std::vector<SeenBox>> {
            if (item == 7) return Refusal{Code::invalid, "It is no picture."};
            return std::vector{seen};
        },
        8);
    REQUIRE(readings);
    CHECK(readings->items.size() == 39);
    REQUIRE(readings->reads[3].size() == 1);
    CHECK(readings->reads[3][0].right == 40);
    const auto silent = boxes_not_told(corpus, *readings);
    REQUIRE(silent.size() == 1);
    CHECK(silent[0].starts_with(
        "Wrong boxes of \"animal\" were not looked for among those labelled \"cat\": "));
}
