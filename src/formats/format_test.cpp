#include "formats/format.h"

#include <filesystem>
#include <fstream>

#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

std::string guess(Files files, Modality modality) {
    const auto source = open_bytes(std::move(files));
    const auto found = recognise_format(*source, modality);
    return found ? std::string((*found)->name) : "! " + found.refusal().message;
}

}  // namespace

TEST_CASE("a format is recognised by its names and first bytes") {
    const auto image = Modality::image, text = Modality::text;
    CHECK(guess({{"a.jsonl", "{}"}}, text) == "jsonl");
    CHECK(guess({{"a.csv", "text,label"}}, text) == "csv");
    CHECK(guess({{"a.tsv", "text\tlabel"}}, text) == "tsv");
    CHECK(guess({{"a.txt", "hello"}}, text) == "text");
    CHECK(guess({{"a.json", R"([{"data":{"text":"x"}}])"}}, text) == "label-studio");
    CHECK(guess({{"a.jpg", ""}, {"b.png", ""}}, image) == "images");
    CHECK(guess({{"a.json", R"({"info":{},"images":[{"id":1}]})"}, {"a.jpg", ""}}, image) ==
          "coco");
    CHECK(guess({{"r.json", R"([{"image_id":1,"category_id":2,"bbox":[1,2,3,4],"score":1}])"}},
                image) == "coco");
    CHECK(guess({{"a.jpg", ""}, {"labels/a.txt", "0 0.5 0.5 0.1 0.1\n"}}, image) == "yolo");
    CHECK(guess({{"a.jpg", ""}, {"a.xml", "<annotation>"}}, image) == "voc");
    CHECK(guess({{"a.jpg", ""}, {"note.txt", "taken in May"}}, image) == "images");
    CHECK(guess({{"a.exe", "MZ"}}, image)
              .starts_with("! No format for image is recognised in \"a.exe\"."));
    CHECK(guess({}, text).starts_with("! No format for text"));
}

TEST_CASE("images become tasks and other files are named") {
    const auto schema =
        schema_of(Modality::image, {control("objects", ControlKind::boxes, {"cat"})});
    const auto rows = read("images",
                           {{"p/a.JPG", "x"},
                            {"q/a.jpg", "x"},
                            {"q/b.jpg", "x"},
                            {"c.webp", "x"},
                            {"d.pdf", "x"},
                            {".DS_Store", "x"}},
                           &schema);
    REQUIRE(rows.size() == 5);
    CHECK(rows[0].key == "c.webp");
    CHECK(rows[1].outcome == RowOutcome::rejected);
    CHECK(rows[1].where == "d.pdf");
    CHECK(rows[2].key == "a.JPG");
    CHECK(rows[4].key == "b.jpg");
    CHECK(rows[4].media == "q/b.jpg");
    CHECK(rows[4].data == R"({"image":"b.jpg"})");
}

TEST_CASE("one text file is a line an item, several are a file an item") {
    const auto schema =
        schema_of(Modality::text, {control("kind", ControlKind::choices, {"a", "b"})});
    auto rows = read("text", {{"a.txt", "one\n\n two\xff\n"}}, &schema);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].data == R"({"text":"one"})");
    CHECK(rows[1].outcome == RowOutcome::repaired);
    CHECK(rows[1].where == "a.txt:3");
    rows = read("text", {{"a.txt", "one\ntwo"}, {"b.txt", ""}, {"c.bin", "x"}}, &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].data == R"({"text":"one\ntwo"})");
    CHECK(rows[0].key == "a.txt");
    CHECK(rows[1].outcome == RowOutcome::rejected);
    CHECK(rows[2].outcome == RowOutcome::rejected);
}

TEST_CASE(
    "every format in the table reads nothing out of nothing, and writes what reads back empty") {
    const auto schema =
        schema_of(Modality::image, {control("objects", ControlKind::boxes, {"cat"})});
    Project project;
    project.schema = schema;
    for (const auto& f : formats()) {
        CHECK(find_format(f.name) == &f);
        if (f.read && f.name != "text") CHECK(read(f.name, {}, &schema).empty());
        if (!f.write) continue;
        const TemporaryFile file(written(f.name, project, {}), "." + std::string(f.extension));
        auto source = open_file(file.path());
        REQUIRE(source);
        ReadContext context;
        context.schema = &schema;
        const auto rows =
            rows_of(f.name, std::shared_ptr<const Source>(*std::move(source)), context);
        REQUIRE(rows);
        CHECK(rows->empty());
    }
}

TEST_CASE("every format that is read has a fuzzer that reads it") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    if (!source) {
        MESSAGE("skipped: COUNTERSIGN_SOURCE does not say where the sources are");
        return;
    }
    std::string fuzzers;
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(source) / "fuzz"))
        if (file.path().extension() == ".cpp") {
            std::ifstream in(file.path());
            for (std::string line; std::getline(in, line);)
                if (!line.starts_with("//")) fuzzers += line + "\n";
        }
    REQUIRE(fuzzers.find("read_hostile(") != std::string::npos);
    for (const auto& f : formats()) {
        CAPTURE(f.name);
        if (f.read) CHECK(fuzzers.find("\"" + std::string(f.name) + "\"") != std::string::npos);
    }
}
