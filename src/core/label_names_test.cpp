#include "core/label_names.h"

#include <doctest/doctest.h>

namespace countersign {

namespace {

Control control_of(std::string name, std::vector<Label> labels) {
    Control out;
    out.name = std::move(name);
    out.multiple = true;
    out.labels = std::move(labels);
    return out;
}
Schema schema_of(std::vector<Label> labels) {
    Schema out;
    out.controls = {control_of("animal", std::move(labels)), control_of("mood", {{"calm"}})};
    return out;
}
Regions said(std::vector<std::string> labels, const std::string& control = "animal") {
    Region r;
    r.id = "r1";
    r.control = control;
    r.labels = std::move(labels);
    return {r};
}

}  // namespace

TEST_CASE("what lies under an older name reads as the label that took it over, in its control") {
    const LabelNames names(schema_of({{"feline", {}, {}, {}, {"cat"}}, {"dog"}}));
    CHECK(names.now(said({"cat"}))[0].labels == std::vector<std::string>{"feline"});
    CHECK(names.now(said({"dog"}))[0].labels == std::vector<std::string>{"dog"});
    CHECK(names.now(said({"cat"}, "mood"))[0].labels == std::vector<std::string>{"cat"});
    CHECK(names.list_now("cat,dog") == "feline,dog");
    std::string room;
    CHECK(names.now(regions_text(said({"cat"})), room) == regions_text(said({"feline"})));
    const auto plain = regions_text(said({"dog"}));
    CHECK(names.now(plain, room).data() == plain.data());
}

TEST_CASE("two labels that became one stand once; a name that is a label means that label") {
    const LabelNames merged(schema_of({{"cat", {}, {}, {}, {"kitten"}}}));
    CHECK(merged.now(said({"cat", "kitten"}))[0].labels == std::vector<std::string>{"cat"});
    const LabelNames parted(schema_of({{"cat", {}, {}, {}, {"kitten"}}, {"kitten"}}));
    CHECK(parted.plain());
}

TEST_CASE("a label is found under every name it had") {
    const auto schema = schema_of({{"feline", {}, {}, {}, {"cat", "dog"}}, {"dog"}});
    using Names = std::vector<std::string>;
    CHECK(names_of_label(schema, "", "feline") == Names{"cat", "feline"});
    CHECK(names_of_label(schema, "animal", "cat") == Names{"cat", "feline"});
    CHECK(names_of_label(schema, "", "dog") == Names{"dog"});
    CHECK(names_of_label(schema, "mood", "feline") == Names{"feline"});
}

TEST_CASE("a change of the schema says which names read otherwise") {
    const auto before = schema_of({{"cat"}, {"dog"}});
    const auto renamed = schema_of({{"feline", {}, {}, {}, {"cat"}}, {"dog"}});
    const auto changes = name_changes(before, renamed);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].name == "cat");
    CHECK(changes[0].to == "feline");
    const auto lost = name_changes(renamed, schema_of({{"feline"}, {"dog"}}));
    REQUIRE(lost.size() == 1);
    CHECK(lost[0].name == "cat");
    CHECK(lost[0].from == "feline");
    CHECK(lost[0].to.empty());
    CHECK(name_changes(before, before).empty());
}

}  // namespace countersign
