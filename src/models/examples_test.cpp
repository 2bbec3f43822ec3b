#include "models/examples.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

void put(ExamplePool& pool, std::int64_t task, const char* text, const char* label) {
    LabelledItem item;
    item.text = text;
    Region region;
    region.control = "topic";
    region.labels = {label};
    item.regions = {region};
    pool.add(task, item);
}

std::string texts(const std::vector<LabelledItem>& items) {
    std::string out;
    for (const auto& item : items) out += item.text + "|";
    return out;
}

}  // namespace

TEST_CASE("examples are those most like the text, each label in its turn, the likest last") {
    ExamplePool pool;
    put(pool, 1, "cheap pills for sale today", "spam");
    put(pool, 2, "cheap watches for sale tomorrow", "spam");
    put(pool, 3, "the meeting about the sale is on Monday", "work");
    put(pool, 4, "lunch with grandmother", "home");
    CHECK(texts(pool.pick(0, "cheap pills shipped for little", 2)) ==
          "the meeting about the sale is on Monday|cheap pills for sale today|");
    CHECK(pool.pick(0, "cheap", 9).size() == 4);
    CHECK(pool.pick(0, "cheap", 0).empty());
    CHECK(ExamplePool().pick(0, "cheap", 3).empty());
}

TEST_CASE("neither the task itself nor a text that is nearly the same is an example of it") {
    ExamplePool pool;
    const char* text = "please send the signed contract back to our office by the end of next week";
    put(pool, 1, text, "work");
    put(pool, 2, "Please send the  signed contract back to our office by the end of next week",
        "work");
    put(pool, 3, "please send the signed contract back to our office by the end of this week",
        "work");
    put(pool, 4, "an office contract", "work");
    CHECK(texts(pool.pick(1, text, 4)) == "an office contract|");
}
