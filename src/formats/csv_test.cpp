#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Schema spam() {
    return schema_of(Modality::text, {control("kind", ControlKind::choices, {"ham", "spam"})});
}

}  // namespace

TEST_CASE("columns are guessed from names, else from what stands in them") {
    const auto schema = spam();
    auto rows = read(
        "csv",
        {{"a.csv", "id;text;label;source\n1;\"Hi;\nthere\";ham;web\n2;Win;other;\n3;;ham;x\n4\n"}},
        &schema);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].key == "1");
    CHECK(rows[0].data == R"({"text":"Hi;\nthere"})");
    CHECK(rows[0].meta == R"({"source":"web"})");
    CHECK(rows[0].annotations[0].regions[0].labels[0] == "ham");
    CHECK(rows[1].outcome == RowOutcome::repaired);
    CHECK(rows[1].annotations.empty());
    CHECK(rows[2].reason ==
          "a.csv:5: column \"text\" is empty. Mend the row and import the file again.");
    CHECK(rows[3].reason.find("the row has 1 cells, and the item is cell 2") != std::string::npos);
    rows = read("csv", {{"b.csv", "ham,I see you there\nspam,You have won a prize\n"}}, &schema);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].data == R"({"text":"You have won a prize"})");
    CHECK(rows[1].annotations[0].regions[0].labels[0] == "spam");
}

TEST_CASE("asked columns count; a column that is not there is refused with those that are") {
    const auto schema = spam();
    ReadContext context;
    context.text_column = "b";
    context.label_column = "a";
    const auto rows = read("tsv", {{"a.tsv", "a\tb\nspam\tx\n"}}, &schema, context);
    CHECK(rows[0].data == R"({"text":"x"})");
    CHECK(rows[0].annotations.size() == 1);
    context.label_column = "c";
    CHECK(refusal_of("csv", {{"a.csv", "a,b\n1,2\n"}}, &schema, context) ==
          "a.csv: The table has no label column \"c\"; it has \"a\", \"b\".");
    CHECK_FALSE(refusal_of("csv",
                           {{"a.csv",
                             "\xFF\xFE"
                             "a\0b\0"}},
                           &schema)
                    .empty());
}

TEST_CASE("an exported table imports again with its choices") {
    const auto schema =
        schema_of(Modality::text, {control("kind", ControlKind::choices, {"ham", "spam"}),
                                   control("topics", ControlKind::choices, {"a", "b, c"}, true),
                                   control("note", ControlKind::text, {})});
    Region kind, topics, note;
    kind.id = kind.control = "kind";
    kind.labels = {"spam"};
    topics.id = topics.control = "topics";
    topics.labels = {"a", "b, c"};
    note.id = note.control = "note";
    note.kind = ControlKind::text;
    note.text = "line 1\nline \"2\"";
    for (auto* r : {&kind, &topics, &note}) r->origin = Origin::imported;
    auto kept =
        record_of("k, 1", R"({"text":"Win \"now\"\nfree"})", "", 0, 0, {kind, topics, note});
    kept->meta = R"({"from":"x"})";
    kept->record.meta = kept->meta;
    Project project;
    project.schema = schema;
    for (const auto format : {"csv", "tsv"}) {
        const auto bytes = written(format, project, {&kept->record});
        const auto rows = read(format, {{std::string("a.") + format, bytes}}, &schema);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].key == "k, 1");
        CHECK(rows[0].data == kept->data);
        CHECK(rows[0].meta == kept->meta);
        REQUIRE(rows[0].annotations.size() == 1);
        CHECK(regions_text(rows[0].annotations[0].regions) == kept->label_text);
    }
}

TEST_CASE("the SMS spam table: Latin-1 is read, said, and no row is lost") {
    const auto folder = data_folder("text_sms_spam");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    const auto schema = spam();
    ReadContext context;
    context.schema = &schema;
    const auto rows = rows_of("csv", std::shared_ptr<const Source>(*open_folder(folder)), context);
    REQUIRE(rows);
    int labelled = 0, latin = 0, spam_rows = 0, bad = 0;
    for (const auto& r : *rows) {
        if (r.where.starts_with("README")) continue;
        bad += r.outcome == RowOutcome::rejected;
        latin += r.reason.find("read as Latin-1") != std::string::npos;
        labelled += !r.annotations.empty();
        spam_rows += !r.annotations.empty() && r.annotations[0].regions[0].labels[0] == "spam";
    }
    CHECK(bad == 0);
    CHECK(labelled == 5572);
    CHECK(spam_rows == 747);
    CHECK(latin > 0);
}

TEST_CASE("the banking77 table: 3,080 rows and their labels") {
    const auto folder = data_folder("text_banking77");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    ReadContext context;
    const auto rows =
        rows_of("csv", std::shared_ptr<const Source>(*open_file(folder + "/test.csv")), context);
    REQUIRE(rows);
    CHECK(rows->size() == 3080);
    CHECK(rows->front().annotations[0].regions[0].labels[0] == "card_arrival");
}
