#include "formats/text_formats.h"

#include <set>

#include "base/rng.h"
#include "base/text.h"
#include "formats/tags.h"
#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Region labelled(std::string control, ControlKind kind, std::vector<std::string> labels) {
    Region r;
    r.id = r.control = std::move(control);
    r.kind = kind;
    r.labels = std::move(labels);
    r.origin = Origin::imported;
    return r;
}
Region span_of(std::string id, double start, double end, std::string label) {
    auto r = labelled("ner", ControlKind::spans, {std::move(label)});
    r.id = std::move(id);
    r.start = start;
    r.end = end;
    return r;
}

Schema names_and_tone() {
    return schema_of(Modality::text,
                     {control("ner", ControlKind::spans, {"PER", "ORG", "LOC"}),
                      control("tone", ControlKind::choices, {"good", "not good"}, true)});
}

/// What counts of regions: everything but ids, in the order of the text.
std::string gist(Regions regions) {
    std::vector<std::string> lines;
    std::map<std::string, std::string> places;
    for (const auto& r : regions)
        places[r.id] = std::to_string(r.start) + "-" + std::to_string(r.end);
    for (auto& r : regions) {
        r.id.clear();
        r.from = places[r.from];
        r.to = places[r.to];
        lines.push_back(regions_text({r}));
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& l : lines) out += l + "\n";
    return out;
}

Files files_of(const std::string& format, const std::string& bytes) {
    if (format != "brat") return {{"a." + std::string(find_format(format)->extension), bytes}};
    const TemporaryFile zip(bytes);
    auto source = open_archive(zip.path());
    REQUIRE(source);
    Files files;
    for (const auto& e : (*source)->entries())
        files.emplace_back(e.name, *(*source)->read_all(e.name));
    return files;
}

void check_there_and_back(const std::string& format, const Schema& schema, const std::string& text,
                          Regions regions, bool same_text = true) {
    CAPTURE(format);
    CAPTURE(text);
    auto checked = check_regions(schema, std::move(regions), {0, 0, text, 0}, false);
    REQUIRE(checked);
    Project project;
    project.schema = schema;
    std::string data = "{\"text\":";
    append_json_string(data, text);
    const auto kept = record_of("k1", data + "}", "", 0, 0, *checked);
    const auto rows =
        read(format, files_of(format, written(format, project, {&kept->record})), &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    if (same_text) CHECK(rows[0].data == data + "}");
    REQUIRE(rows[0].annotations.size() == 1);
    CHECK(gist(rows[0].annotations[0].regions) == gist(*checked));
}

}  // namespace

TEST_CASE("spans and choices come back from each format that carries them") {
    const auto spans_only =
        schema_of(Modality::text, {control("ner", ControlKind::spans, {"PER", "ORG", "LOC"})});
    const auto both = names_and_tone();
    const std::vector<std::string> words = {"Ада",    "😀", "e\u0301té", "Paris,",
                                            "(NATO)", "x", "漢字"};
    Rng rng(3);
    for (int round = 0; round < 60; ++round) {
        std::string text = "start";
        for (int i = 0; i < 8; ++i)
            text += (rng.uniform() < 0.2 ? "  " : " ") +
                    words[static_cast<std::size_t>(rng.uniform() * 6.99)];
        const auto length = code_points(text);
        Regions flat, wild;
        for (std::int64_t at = 0; at + 6 < length; at += 7) {
            const auto inside = slice(text, at, at + 4);
            if (trim(*inside) == *inside)
                flat.push_back(span_of("s" + std::to_string(at), static_cast<double>(at),
                                       static_cast<double>(at + 4), at % 2 ? "PER" : "LOC"));
            wild.push_back(span_of("w" + std::to_string(at), static_cast<double>(at / 2),
                                   static_cast<double>(at + 3), "ORG"));
        }
        for (const auto* format : {"conllu", "brat", "spacy", "prodigy", "doccano", "argilla"})
            check_there_and_back(format, spans_only, text, flat);
        for (const auto* format : {"brat", "spacy", "prodigy", "doccano", "argilla"})
            check_there_and_back(format, spans_only, text, wild);
        auto with_tone = wild;
        with_tone.push_back(labelled("tone", ControlKind::choices, {"good", "not good"}));
        for (const auto* format : {"spacy", "prodigy", "doccano", "argilla"})
            check_there_and_back(format, both, text, with_tone);
    }
}

TEST_CASE("relations, ratings, texts and single choices come back where a format carries them") {
    auto schema =
        schema_of(Modality::text, {control("ner", ControlKind::spans, {"PER", "ORG"}),
                                   control("rel", ControlKind::relations, {"works_for"})});
    auto relation = labelled("rel", ControlKind::relations, {"works_for"});
    relation.from = "a", relation.to = "b";
    const Regions related = {span_of("a", 0, 3, "PER"), span_of("b", 13, 16, "ORG"), relation};
    for (const auto* format : {"brat", "doccano"})
        check_there_and_back(format, schema, "Ada works for the UN", related);
    schema = schema_of(Modality::text, {control("tone", ControlKind::choices, {"good", "not good"}),
                                        control("stars", ControlKind::rating, {}),
                                        control("why", ControlKind::text, {}),
                                        control("grade", ControlKind::rating, {"poor", "fine"})});
    auto why = labelled("why", ControlKind::text, {});
    why.text = "[\"because\"]\nof it";
    const Regions answers = {labelled("tone", ControlKind::choices, {"not good"}),
                             labelled("stars", ControlKind::rating, {"4"}), why,
                             labelled("grade", ControlKind::rating, {"fine"})};
    for (const auto* format : {"argilla", "csv", "tsv"})
        check_there_and_back(format, schema, "a text", answers);
    schema = schema_of(Modality::text,
                       {control("tone", ControlKind::choices, {"good", "not good"}, true),
                        control("notes", ControlKind::text, {}, true)});
    auto first = labelled("notes", ControlKind::text, {}), second = first;
    first.text = "one, \"two\"";
    second.text = "three";
    second.id = "notes-2";
    const auto tones = labelled("tone", ControlKind::choices, {"good", "not good"});
    for (const auto* format : {"argilla", "csv"})
        check_there_and_back(format, schema, "a text", {tones, first, second});
    check_there_and_back("fasttext", schema, "a text", {tones});
}

TEST_CASE("tags are read as BIO, IOB1, BIOES and BILOU") {
    const auto spans = [](std::vector<std::string_view> tags) {
        TagSpans read;
        std::string out;
        std::int64_t at = 0;
        for (const auto tag : tags) read.add(tag, at, at + 1), ++at;
        for (const auto& s : read.take())
            out += s.label + std::to_string(s.start) + std::to_string(s.end) + " ";
        return out;
    };
    CHECK(spans({"B-X", "I-X", "O", "B-X", "B-X"}) == "X02 X34 X45 ");
    CHECK(spans({"I-X", "I-X", "B-X", "I-Y", "O"}) == "X02 X23 Y34 ");
    CHECK(spans({"S-X", "B-X", "E-X", "I-X"}) == "X01 X13 X34 ");
    CHECK(spans({"U-X", "B-X", "I-X", "L-X", "U-X"}) == "X01 X14 X45 ");
    CHECK(spans({"X", "B-", "O"}) == "");
}

TEST_CASE("what other programs write is read, and what is broken is said") {
    const auto schema = names_and_tone();
    auto rows = read("conll",
                     {{"a.conll",
                       "-DOCSTART- -X- O\n\nEU -X- _ B-ORG\nrejects -X- _ O\n\n"
                       "JAPAN\tB-LOC\nwins\tWHAT\n\nalone\n\n"}},
                     &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].data == R"({"text":"EU rejects"})");
    CHECK(rows[0].annotations[0].regions.at(0).end == 2);
    CHECK(rows[1].annotations[0].regions.at(0).labels[0] == "LOC");
    CHECK(rows[1].reason.find("\"WHAT\" is no tag") != std::string::npos);
    CHECK(rows[2].outcome == RowOutcome::rejected);
    rows = read("conllu",
                {{"a.conllu",
                  "# sent_id = s1\n1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n1\tde\t_\t_\t_\t_\t_\t_\t_\t_\n"
                  "2\tle\t_\t_\t_\t_\t_\t_\t_\t_\n3\tParis\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|NER="
                  "B-LOC\n4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n\n1\tbad\n"}},
                &schema);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].data == R"({"text":"du Paris."})");
    CHECK(rows[0].key == "s1");
    CHECK(rows[0].annotations[0].regions.at(0).text == "Paris");
    CHECK(rows[1].reason.find("columns") != std::string::npos);
    rows = read("brat",
                {{"a.txt", "Ada of Paris"},
                 {"a.ann",
                  "T1\tPER 0 3\tAda\nT2\tLOC 0 3;7 12\tAda Paris\nE1\tBorn:T1\nT9\tPER 5 "
                  "99\tx\nR1\tnone Arg1:T1 Arg2:T2\n"},
                 {"b.ann", "T1\tPER 0 1\tx"}},
                &schema);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].annotations[0].regions.size() == 2);
    for (const auto* part : {"events", "several pieces", "does not lie inside"})
        CHECK_MESSAGE(rows[0].reason.find(part) != std::string::npos, rows[0].reason);
    CHECK(rows[1].outcome == RowOutcome::rejected);
    rows = read("prodigy",
                {{"a.jsonl",
                  "{\"text\":\"Ada\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"PER\"}],"
                  "\"answer\":\"reject\"}\n{\"text\":\"x\",\"answer\":\"ignore\"}\n"
                  "{\"text\":\"y\",\"accept\":[\"good\"],\"answer\":\"accept\"}\n{bad\n"}},
                &schema);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].annotations.empty());
    CHECK(rows[1].annotations.at(0).skipped);
    CHECK(rows[2].annotations.at(0).regions.at(0).labels[0] == "good");
    CHECK(rows[3].outcome == RowOutcome::rejected);
    rows = read("argilla",
                {{"a.jsonl",
                  "{\"text\":\"a\",\"tone.suggestion\":\"good\",\"tone.suggestion.score\":0.83,"
                  "\"tone.suggestion.agent\":\"qwen\"}\n"
                  "{\"text\":\"b\",\"tone.responses\":[{\"value\":\"good\",\"user_id\":\"u\"}]}\n"
                  "{\"tokens\":[\"Ada\",\"Lovelace\",\"wrote\"],\"ner_tags\":[1,2,0]}\n"
                  "{\"tokens\":[\"a\"],\"ner_tags\":[99]}\n"}},
                &schema);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].drafts.at(0).model == "qwen");
    CHECK(rows[0].drafts[0].confidence == 0.83);
    CHECK(rows[1].annotations.at(0).regions.size() == 1);
    CHECK(rows[2].annotations.at(0).regions.at(0).text == "Ada Lovelace");
    CHECK(rows[3].outcome == RowOutcome::rejected);
    rows =
        read("fasttext", {{"a.txt", "__label__not_good so so\n__label__good\nplain\n"}}, &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].annotations.at(0).regions.at(0).labels[0] == "not good");
    CHECK(rows[1].outcome == RowOutcome::rejected);
}

TEST_CASE("formats for text are recognised by their marks") {
    const auto format = [](std::string name, std::string bytes) {
        const auto source = open_bytes({{std::move(name), std::move(bytes)}});
        const auto found = recognise_format(*source, Modality::text);
        return found ? std::string((*found)->name) : std::string();
    };
    CHECK(format("a.jsonl", R"({"text":"x","label":"good"})") == "jsonl");
    CHECK(format("a.jsonl", R"({"text": "x", "ents": []})") == "spacy");
    CHECK(format("a.jsonl", R"({"text":"x","spans":[{"start":0}],"answer":"accept"})") ==
          "prodigy");
    CHECK(format("a.jsonl", R"({"text":"x","label":[[0,1,"A"]]})") == "doccano");
    CHECK(format("a.jsonl", R"({"text":"x","q.response":"A"})") == "argilla");
    CHECK(format("a.txt", "__label__x y\n") == "fasttext");
    CHECK(format("a.txt", "EU\tB-ORG\nwins\tO\n") == "conll");
    CHECK(format("a.conllu", "") == "conllu");
    CHECK(format("a.txt", "just a line\n") == "text");
}

TEST_CASE("the WNUT 2017 sets come back exactly from CoNLL, CoNLL-U, brat and the JSON Lines") {
    const auto folder = data_folder("ner_wnut17");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    const auto schema = schema_of(
        Modality::text,
        {control("ner", ControlKind::spans,
                 {"location", "group", "corporation", "person", "creative-work", "product"})});
    Project project;
    project.schema = schema;
    for (const auto* file :
         {"wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"}) {
        CAPTURE(file);
        ReadContext context;
        context.schema = &schema;
        auto source = open_file(folder + "/" + file);
        REQUIRE(source);
        const auto rows = rows_of("conll", std::move(*source), context);
        REQUIRE(rows);
        std::vector<std::unique_ptr<Kept>> kept;
        std::vector<const ExportRecord*> records;
        std::size_t spans = 0;
        for (const auto& row : *rows) {
            CHECK(row.reason == "");
            if (row.outcome == RowOutcome::rejected) continue;
            kept.push_back(record_of("s" + std::to_string(row.row), row.data, "", 0, 0,
                                     row.annotations.at(0).regions));
            records.push_back(&kept.back()->record);
            spans += row.annotations[0].regions.size();
        }
        MESSAGE(std::string(file) << ": " << rows->size() << " sentences, " << spans << " spans");
        for (const std::string format : {"conll", "conllu", "brat", "spacy", "prodigy", "doccano",
                                         "argilla", "label-studio"}) {
            CAPTURE(format);
            const auto again =
                read(format, files_of(format, written(format, project, records)), &schema);
            REQUIRE(again.size() == kept.size());
            std::size_t wrong = 0;
            std::multiset<std::pair<std::string, std::string>> expected, got;
            for (std::size_t i = 0; i < kept.size(); ++i) {
                expected.emplace(kept[i]->data, gist(*regions_from(kept[i]->label_text)));
                got.emplace(again[i].data, gist(again[i].annotations.at(0).regions));
                wrong += again[i].outcome != RowOutcome::accepted;
            }
            CHECK(wrong == 0);
            CHECK((expected == got));
        }
    }
}
