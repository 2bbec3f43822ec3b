// The formats for recordings: each there and back on a few turns and on real ones, and what is
// broken or ambiguous in them.
#include <set>
#include <tuple>

#include "formats/sound_kit.h"
#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Control text_control(std::string name, bool per_region) {
    auto c = control(std::move(name), ControlKind::text, {});
    c.per_region = per_region;
    c.required = false;
    return c;
}
Schema meeting(const std::vector<std::string>& speakers = {"ada", "bob"}) {
    return schema_of(Modality::audio,
                     {control("who", ControlKind::segments, speakers), text_control("said", true),
                      text_control("transcript", false)});
}
Region segment(std::string id, double start, double end, std::string label) {
    Region r;
    r.id = std::move(id);
    r.control = "who";
    r.kind = ControlKind::segments;
    r.labels = {std::move(label)};
    r.start = start, r.end = end;
    return r;
}
Region text_of(std::string text, std::string parent = {}) {
    Region r;
    r.id = parent + "-text";
    r.control = parent.empty() ? "transcript" : "said";
    r.kind = ControlKind::text;
    r.text = std::move(text);
    r.parent = std::move(parent);
    return r;
}

/// "0.5-1.25 ada: Hello | ...", in order of time; texts of the whole behind them, words in
/// brackets.
std::string turns_of(const Regions& regions) {
    std::string out;
    const auto number = [](double n) {
        std::string text;
        append_json_number(text, n);
        return text;
    };
    const auto words = [&](const Region& r) {
        std::string list;
        for (const auto& w : r.words)
            list += " [" + number(w.start) + "-" + number(w.end) + " " + w.text +
                    (w.confidence ? " " + number(*w.confidence) : "") + "]";
        return list;
    };
    for (const auto& r : regions) {
        if (r.kind != ControlKind::segments) continue;
        out += (out.empty() ? "" : " | ") + number(r.start) + "-" + number(r.end) + " " +
               r.labels.at(0);
        for (const auto& t : regions)
            if (t.kind == ControlKind::text && t.parent == r.id) out += ": " + t.text + words(t);
    }
    for (const auto& r : regions)
        if (r.kind == ControlKind::text && r.parent.empty())
            out += (out.empty() ? "= " : " = ") + r.text + words(r);
    return out;
}
/// The same where several turns with the same times may have changed places.
std::string in_order(Regions regions) {
    std::sort(regions.begin(), regions.end(), [](const Region& a, const Region& b) {
        return std::tie(a.start, a.end, a.labels) < std::tie(b.start, b.end, b.labels);
    });
    std::string out;
    for (const auto& r : regions) {
        append_json_number(out, r.start);
        out += '-';
        append_json_number(out, r.end);
        out += ' ' + r.labels.at(0) + '\n';
    }
    return out;
}
std::string turns_of(const ImportedRow& row) {
    return row.annotations.empty() ? "" : turns_of(row.annotations[0].regions);
}

/// Exports one recording's regions and reads them again.
std::vector<ImportedRow> read_again(std::string_view format, const Schema& schema,
                                    const Regions& regions, double seconds,
                                    std::vector<std::string>* left_out = nullptr,
                                    const std::string& name = "a.wav") {
    Project project;
    project.schema = schema;
    const auto kept = record_of(name, "{\"audio\":\"" + name + "\"}", name, 0, 0, regions);
    kept->record.seconds = seconds;
    WriteContext write;
    write.project = &project;
    auto writer = find_format(format)->write(write);
    REQUIRE(writer);
    std::string bytes;
    REQUIRE((*writer)->begin_pass(0, bytes));
    const auto done = (*writer)->write(kept->record, bytes);
    if (!done) FAIL(done.refusal().message);
    REQUIRE((*writer)->finish(bytes));
    if (left_out) *left_out = (*writer)->left_out();
    ReadContext context;
    context.schema = &schema;
    const TemporaryFile file(bytes, "." + std::string(find_format(format)->extension));
    auto source = open_file(file.path());
    REQUIRE(source);
    auto rows = rows_of(format, std::shared_ptr<const Source>(*std::move(source)), context);
    if (!rows) FAIL(rows.refusal().message);
    return *std::move(rows);
}

std::string utf16(std::string_view ascii, bool big_endian) {
    std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : ascii) {
        if (big_endian) out += '\0';
        out += c;
        if (!big_endian) out += '\0';
    }
    return out;
}

}  // namespace

TEST_CASE("turns, overlaps and what was said come back from every format for recordings") {
    const auto schema = meeting();
    const Regions spoken = {segment("s1", 0.5, 1.25, "ada"), text_of("Hi & <b>\"there\"", "s1"),
                            segment("s2", 1, 2.125, "bob"),  text_of("Well:\nno", "s2"),
                            segment("s3", 1.5, 3, "bob"),    segment("s4", 3, 3.5, "ada")};
    const std::string whole =
        "0.5-1.25 ada: Hi & <b>\"there\" | 1-2.125 bob: Well:\nno | 1.5-3 bob | 3-3.5 ada";
    struct Row {
        std::string_view format;
        std::string comes_back;
        std::vector<std::string> left_out;
    };
    const Row rows[] = {
        {"jsonl", whole, {}},
        {"label-studio", whole, {}},
        {"textgrid", whole, {}},
        {"webvtt", whole, {}},
        {"eaf", whole, {}},
        {"asr-manifest", whole, {}},
        {"srt",
         "0.5-1.25 ada: Hi & \"there\" | 1-2.125 bob: Well:\nno | 1.5-3 bob | 3-3.5 ada",
         {}},
        {"audacity",
         "0.5-1.25 ada: Hi & <b>\"there\" | 1-2.125 bob: Well: no | 1.5-3 bob | 3-3.5 ada",
         {"1 x line break in a text"}},
        {"rttm", "0.5-1.25 ada | 1-2.125 bob | 1.5-3 bob | 3-3.5 ada", {"2 x text of a segment"}}};
    for (const auto& row : rows) {
        CAPTURE(row.format);
        std::vector<std::string> left_out;
        const auto back = read_again(row.format, schema, spoken, 4, &left_out);
        REQUIRE(back.size() == 1);
        CHECK(turns_of(back[0]) == row.comes_back);
        CHECK(left_out == row.left_out);
        const bool named = back[0].media_ref == "a.wav" || back[0].media_ref == "a";
        CHECK(named);
        const bool says_length = row.format == "textgrid" || row.format == "eaf" ||
                                 row.format == "jsonl" || row.format == "label-studio";
        if (says_length) CHECK(back[0].seconds == 4);
    }
}

TEST_CASE("words with their times come back from CTM, TextGrid, Label Studio and JSON Lines") {
    const auto schema = meeting();
    auto whole = text_of("one two");
    whole.words = {{"one", 0.25, 0.5, 0.75}, {"two", 0.5, 1.125, std::nullopt}};
    const std::string all = "= one two [0.25-0.5 one 0.75] [0.5-1.125 two]";
    CHECK(turns_of(read_again("ctm", schema, {whole}, 2).at(0)) == all);
    CHECK(turns_of(read_again("jsonl", schema, {whole}, 2).at(0)) == all);
    CHECK(turns_of(read_again("label-studio", schema, {whole}, 2).at(0)) == all);
    auto said = text_of("one two", "s1");
    said.words = whole.words;
    std::vector<std::string> left_out;
    const auto grid =
        read_again("textgrid", schema, {segment("s1", 0.25, 1.5, "ada"), said}, 2, &left_out);
    CHECK(turns_of(grid.at(0)) == "0.25-1.5 ada: one two [0.25-0.5 one] [0.5-1.125 two]");
    CHECK(left_out == std::vector<std::string>{"1 x confidence of a word"});
    read_again("webvtt", schema, {segment("s1", 0.25, 1.5004, "ada"), said}, 2, &left_out);
    CHECK(left_out == std::vector<std::string>{"1 x time finer than a millisecond, rounded to it",
                                               "1 x times of the words of a text"});
    read_again("ctm", schema, {segment("s1", 0.25, 1.5, "ada"), text_of("untimed", "s1")}, 2,
               &left_out);
    CHECK(left_out == std::vector<std::string>{"1 x segments of control \"who\"",
                                               "1 x text whose words have no times"});
}

TEST_CASE("RTTM: several recordings a file, a length and not an end, and recordings beside it") {
    const auto schema = meeting();
    const auto rows = read(
        "rttm",
        {{"x.rttm",
          ";; a comment\nSPEAKER m1 1 1.100 0.200 <NA> <NA> ada <NA> <NA>\n"
          "SPEAKER m.Mix-Headset 2   0.000   3.375 <NA> <NA> bob 0.5 <NA>\n"
          "SPEAKER m1 1 0.000 0.300 <NA> <NA> Ada <NA> <NA>\nLEXEME m1 1 0 1 hi lex ada <NA>\n"
          "SPEAKER m1 1 x 0.3 <NA> <NA> ada <NA> <NA>\nSPEAKER m1 1 9 0.3\n"
          "SPEAKER m1 1 5 -1 <NA> <NA> ada <NA> <NA>\nSPEAKER m1 1 5 1 <NA> <NA> eve <NA> <NA>\n"},
         {"x.uem", "m1 NA 0.000 30.000\n"},
         {"wav/m.Mix-Headset.wav", ""},
         {"wav/other.flac", ""}},
        &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].media_ref == "m1");
    CHECK(turns_of(rows[0]) == "0-0.3 ada | 1.1-1.3 ada");
    CHECK(rows[0].reason.find("5 labels left out") != std::string::npos);
    CHECK(rows[0].reason.find("LEXEME") != std::string::npos);
    CHECK(rows[0].meta == "{\"uem\":[[0.0,30.0]]}");
    CHECK(rows[1].media == "wav/m.Mix-Headset.wav");
    CHECK(rows[1].key == "m.Mix-Headset.wav");
    const auto& r = rows[1].annotations.at(0).regions.at(0);
    CHECK(r.confidence == 0.5);
    CHECK(r.meta == Json{{"channel", "2"}});
    CHECK(rows[2].media == "wav/other.flac");
    CHECK(rows[2].annotations.empty());
    CHECK(read("rttm", {{"x.rttm", "hello\n"}}, &schema).at(0).outcome == RowOutcome::rejected);
}

TEST_CASE("what runs past the end of its recording is cut, and not where the file is checked") {
    const auto schema = meeting();
    ReadContext context;
    context.sound_seconds = [](std::string_view name) {
        return name == "m" ? std::optional(2.0) : std::nullopt;
    };
    const Files files = {{"x.rttm",
                          "SPEAKER m 1 1 4 <NA> <NA> ada <NA> <NA>\n"
                          "SPEAKER m 1 3 1 <NA> <NA> bob <NA> <NA>\n"}};
    const auto rows = read("rttm", files, &schema, context);
    CHECK(turns_of(rows.at(0)) == "1-2 ada");
    CHECK(rows[0].reason.find("cut to it") != std::string::npos);
    context.as_written = true;
    CHECK(turns_of(read("rttm", files, &schema, context).at(0)) == "1-5 ada | 3-4 bob");
}

TEST_CASE("RTTM of two guidelines in one import says so in every row") {
    const auto turns = [](const std::string& recording, double pause, double overlap,
                          const std::string& names) {
        std::string out;
        double at = 0;
        for (int i = 0; i < 60; ++i) {
            for (const int who : {1, 2}) {
                out += "SPEAKER " + recording + " 1 " + std::to_string(at) + " 1.000 <NA> <NA> " +
                       names + std::to_string(who) + " <NA> <NA>\n";
                at += who == 1 ? 1 - overlap : 1.0;
            }
            at += pause - 1;  // The first speaker goes on that much after their last turn.
            at = std::max(at, 0.0) + 1;
        }
        return out;
    };
    const auto one = turns("m1", 1, 0.3, "spk") + turns("m2", 1, 0.3, "spk");
    const auto alike = turns("m3", 2, 0.3, "spk") + turns("m4", 1, 0.3, "spk");
    const auto other = turns("m5", 1, 0, "") + turns("m6", 1, 0, "");
    for (const auto& row : read("rttm", {{"a.rttm", one}, {"b.rttm", alike}}, nullptr))
        CHECK(row.outcome == RowOutcome::accepted);
    const auto rows = read("rttm", {{"a.rttm", one}, {"c.rttm", other}}, nullptr);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].reason == "turns of another guideline are imported with it: see \"c.rttm\".");
    CHECK(rows[2].reason.find("another guideline than those of \"a.rttm\"") != std::string::npos);
    CHECK(rows[2].reason.find("several speak in 0.0 % of the spoken time") != std::string::npos);
    CHECK(rows[2].reason.find("named in the form \"9\", there \"a9\"") != std::string::npos);
    for (const auto& row : rows) CHECK(row.annotations.at(0).regions.size() == 120);
}

TEST_CASE("TextGrid: short form, UTF-16, doubled quotes, tiers of labels, and points named") {
    const auto schema = meeting();
    const std::string grid =
        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n10\n<exists>\n3\n"
        "\"IntervalTier\"\n\"speaker\"\n0\n10\n3\n0\n2.5\n\"ada\"\n2.5\n4\n\"\"\n4\n10\n\"bob\"\n"
        "\"TextTier\"\n\"bell\"\n0\n10\n1\n3\n\"ding\"\n"
        "\"IntervalTier\"\n\"ada\"\n0\n10\n1\n5\n6\n\"she said \"\"hi\"\"\"\n";
    for (const auto& bytes : {grid, utf16(grid, false), utf16(grid, true), "\xEF\xBB\xBF" + grid}) {
        const auto rows = read("textgrid", {{"a.TextGrid", bytes}, {"a.mp3", ""}}, &schema);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].media == "a.mp3");
        CHECK(rows[0].seconds == 10);
        CHECK(turns_of(rows[0]) == "0-2.5 ada | 4-10 bob | 5-6 ada: she said \"hi\"");
        CHECK(rows[0].reason == "1 label left out: the tier of points \"bell\" is not carried.");
    }
    const auto broken = read("textgrid",
                             {{"a.TextGrid", grid.substr(0, grid.size() - 30)},
                              {"b.TextGrid", "File type = \"ooTextFile\"\n\"Sound\""},
                              {"c.TextGrid", ""}},
                             &schema);
    for (const auto& row : broken) CHECK(row.outcome == RowOutcome::rejected);
    CHECK(broken[0].reason.find("a number is due") != std::string::npos);
    CHECK(broken[1].reason.find("not a TextGrid") != std::string::npos);
}

TEST_CASE("WebVTT: voices, escapes, notes and times of words") {
    const auto schema = meeting();
    const auto rows =
        read("webvtt",
             {{"a.vtt",
               "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnothing --\n\nintro\n"
               "00:01.000 --> 00:02.500 align:start\n<v.loud ada>Fish &amp; <b>chips</b> &lt;3\n\n"
               "01:00:00.000 --> 01:00:02.000\n<v bob>one <v ada>two\n\n"
               "00:03.000 --> 00:04.000\n<v ada><00:03.000>good <00:03.500>day\n\n"
               "00:05.000 --> 00:06.000\nnobody\n\n00:09.000 -> 00:10.000\nbroken\n"}},
             &schema);
    REQUIRE(rows.size() == 1);
    CHECK(turns_of(rows[0]) ==
          "1-2.5 ada: Fish & chips <3 | 3-4 ada: good day [3-3.5 good] [3.5-4 day] | "
          "3600-3602 bob: one | 3600-3602 ada: two");
    CHECK(rows[0].reason.find("2 labels left out") != std::string::npos);
    CHECK(rows[0].reason.find("names no speaker") != std::string::npos);
    const auto one = schema_of(Modality::audio, {control("who", ControlKind::segments, {"speech"}),
                                                 text_control("said", true)});
    CHECK(turns_of(read("webvtt", {{"a.vtt", "WEBVTT\n\n00:05.000 --> 00:06.000\nnobody\n"}}, &one)
                       .at(0)) == "5-6 speech: nobody");
    CHECK(read("webvtt", {{"a.vtt", "hello"}}, &one).at(0).outcome == RowOutcome::rejected);
}

TEST_CASE("SRT and Audacity: names before a colon, italics, bands and points") {
    const auto schema = meeting();
    const auto srt = read("srt",
                          {{"a.srt",
                            "1\r\n00:00:01,000 --> 00:00:02,000\r\nada: <i>Hello</i>\r\nyou\r\n\r\n"
                            "2\r\n00:00:02,000 --> 00:00:03,000\r\n{\\an8}bob\r\n"}},
                          &schema);
    CHECK(turns_of(srt.at(0)) == "1-2 ada: Hello\nyou | 2-3 bob");
    const auto whole = schema_of(Modality::audio, {text_control("transcript", false)});
    const auto joined = read("srt",
                             {{"a.srt",
                               "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,000 --> "
                               "00:00:03,000\nyou\n"}},
                             &whole);
    CHECK(turns_of(joined.at(0)) == "= Hello you");
    CHECK(joined[0].reason.find("joined to the one text") != std::string::npos);
    const auto labels = read("audacity",
                             {{"a.txt",
                               "0.500000\t1.000000\tada\n\\\t100.000000\t2000.000000\n"
                               "2.0\t2.0\tclick\n3\t4\tbob: a\tb\n"}},
                             &schema);
    CHECK(turns_of(labels.at(0)) == "0.5-1 ada | 3-4 bob: a\tb");
    CHECK(labels[0].reason.find("labels of a moment") != std::string::npos);
    const auto& regions = labels[0].annotations.at(0).regions;
    CHECK(regions.at(0).meta.at("audacity") == Json{{"low", 100.0}, {"high", 2000.0}});
    CHECK(read_again("audacity", schema, {regions[0]}, 5)
              .at(0)
              .annotations.at(0)
              .regions.at(0)
              .meta == regions[0].meta);
}

TEST_CASE("ELAN: slots, participants, texts that refer to a segment, and its medium") {
    const auto schema = meeting();
    const std::string eaf =
        "<?xml version=\"1.0\"?><ANNOTATION_DOCUMENT><HEADER><MEDIA_DESCRIPTOR "
        "MEDIA_URL=\"file:///C:/x/talk.wav\"/></HEADER><TIME_ORDER>"
        "<TIME_SLOT TIME_SLOT_ID=\"ts1\" TIME_VALUE=\"1000\"/><TIME_SLOT TIME_SLOT_ID=\"ts2\"/>"
        "<TIME_SLOT TIME_SLOT_ID=\"ts3\" TIME_VALUE=\"2000\"/></TIME_ORDER>"
        "<TIER TIER_ID=\"t\" PARTICIPANT=\"ada\"><ANNOTATION><ALIGNABLE_ANNOTATION "
        "ANNOTATION_ID=\"a1\" TIME_SLOT_REF1=\"ts1\" TIME_SLOT_REF2=\"ts2\">"
        "<ANNOTATION_VALUE></ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a2\" TIME_SLOT_REF1=\"ts2\" "
        "TIME_SLOT_REF2=\"ts3\"><ANNOTATION_VALUE>so &amp; so</ANNOTATION_VALUE>"
        "</ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
        "<TIER TIER_ID=\"words\" PARENT_REF=\"t\"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a3\" "
        "ANNOTATION_REF=\"a1\"><ANNOTATION_VALUE>hello</ANNOTATION_VALUE></REF_ANNOTATION>"
        "</ANNOTATION><ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a4\" ANNOTATION_REF=\"gone\">"
        "<ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
        "</ANNOTATION_DOCUMENT>";
    const auto rows = read("eaf", {{"a.eaf", eaf}, {"talk.wav", ""}}, &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].media == "talk.wav");
    CHECK(turns_of(rows[0]) == "1-1.5 ada: hello | 1.5-2 ada: so & so");
    CHECK(rows[0].reason.find("refers to one that is not there") != std::string::npos);
    CHECK(rows[0].reason.find("evenly") != std::string::npos);
    const auto broken = read("eaf", {{"a.eaf", eaf.substr(0, 300)}, {"b.eaf", "<x/>"}}, &schema);
    for (const auto& row : broken) CHECK(row.outcome == RowOutcome::rejected);
}

TEST_CASE("manifests: whole recordings, stretches of one, and what else a line says") {
    const auto schema = meeting();
    const auto rows =
        read("asr-manifest",
             {{"m.jsonl",
               R"({"audio_filepath":"x/a.wav","duration":18.0,"text":"good day","noise":"low"}
{"audio_filepath":"b.wav","offset":1.5,"duration":0.5,"text":"hi","speaker":"ada"}
{"audio_filepath":"b.wav","offset":3,"duration":1,"text":"ho","speaker":"bob"}
{"audio_filepath":"c.wav","duration":-1}
{"duration":1}
nothing)"}},
             &schema);
    REQUIRE(rows.size() == 5);
    CHECK(turns_of(rows[0]) == "= good day");
    CHECK(rows[0].media_ref == "a.wav");
    CHECK(rows[0].seconds == 18);
    CHECK(rows[0].meta == "{\"noise\":\"low\"}");
    const auto held = std::find_if(rows.begin(), rows.end(),
                                   [](const ImportedRow& row) { return row.media_ref == "b.wav"; });
    REQUIRE(held != rows.end());
    CHECK(turns_of(*held) == "1.5-2 ada: hi | 3-4 bob: ho");
    CHECK(std::count_if(rows.begin(), rows.end(), [](const ImportedRow& row) {
              return row.outcome == RowOutcome::rejected;
          }) == 3);
}

TEST_CASE("Label Studio's audio tasks: texts as a list and as a bare string") {
    const auto schema = meeting();
    const auto rows =
        read("label-studio",
             {{"t.json",
               R"([{"data":{"audio":"/data/upload/1/0a1b2c3d-a.wav"},"annotations":[{"result":[
{"id":"r6","type":"labels","from_name":"who","to_name":"audio","original_length":18.5,
 "value":{"start":3.1,"end":8.2,"channel":1,"labels":["ada"]}},
{"id":"r6","type":"textarea","from_name":"said","to_name":"audio","original_length":18.5,
 "value":{"start":3.1,"end":8.2,"channel":0,"text":["hello world"]}},
{"id":"w","type":"textarea","from_name":"transcript","to_name":"audio","value":{"text":"bare"}}]}]}])"}},
             &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].media_ref == "a.wav");
    CHECK(rows[0].seconds == 18.5);
    CHECK(turns_of(rows[0]) == "3.1-8.2 ada: hello world = bare");
    CHECK(rows[0].annotations.at(0).regions.at(0).meta == Json{{"channel", "2"}});
}

TEST_CASE("labels that came before their recording are held to its end") {
    Regions regions(6);
    const auto segment = [&](std::size_t i, const char* id, double start, double end) {
        regions[i].id = id;
        regions[i].kind = ControlKind::segments;
        regions[i].start = start, regions[i].end = end;
    };
    segment(0, "in", 0, 2);
    segment(1, "across", 3, 7);
    segment(2, "behind", 5, 6);
    for (const std::size_t i : {3, 4, 5}) regions[i].kind = ControlKind::text;
    regions[3].id = "said", regions[3].parent = "behind";
    regions[4].id = "whole";
    regions[4].words = {{"a", 0, 1, {}}, {"b", 4.5, 5.5, {}}, {"c", 5.5, 6, {}}};
    regions[5].id = "kept", regions[5].parent = "in";
    Mends mends;
    hold_to_end(regions, 5, mends);
    ImportedRow row;
    mends.apply(row);
    REQUIRE(regions.size() == 4);
    CHECK(regions[1].id == "across");
    CHECK(regions[1].end == 5);
    CHECK(regions[2].id == "whole");
    REQUIRE(regions[2].words.size() == 2);
    CHECK(regions[2].words[1].end == 5);
    CHECK(regions[3].id == "kept");
    CHECK(row.outcome == RowOutcome::repaired);
    CHECK(row.reason.find("behind the end") != std::string::npos);
    Mends none;
    hold_to_end(regions, 5, none);
    ImportedRow whole;
    none.apply(whole);
    CHECK(whole.outcome == RowOutcome::accepted);
}

TEST_CASE("a folder of recordings is a row each, and other files are named") {
    const auto schema = meeting();
    const auto rows = read("audio", {{"a.wav", ""}, {"b/c.opus", ""}, {"d.doc", ""}}, &schema);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].media == "a.wav");
    CHECK(rows[1].key == "c.opus");
    CHECK(rows[2].outcome == RowOutcome::rejected);
}

TEST_CASE("real turns of sixteen meetings and five systems survive every format") {
    const auto folder = data_folder("spk_ami_systems");
    if (folder.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    const std::vector<std::string_view> every = {"rttm",         "textgrid",     "webvtt",
                                                 "srt",          "audacity",     "eaf",
                                                 "asr-manifest", "label-studio", "jsonl"},
                                        some = {"rttm", "textgrid", "eaf"};
    for (const std::string file :
         {"ref_rttm_test", "rttm_dl_test", "rttm_test_rpn", "rttm_test_sc", "rttm_test_vb"}) {
        auto source = open_file(folder + "/" + file + ".rttm");
        REQUIRE(source);
        const auto rows =
            rows_of("rttm", std::shared_ptr<const Source>(*std::move(source)), ReadContext());
        REQUIRE(rows);
        CHECK(rows->size() == 16);
        std::size_t turns = 0;
        for (const auto& row : *rows) {
            CHECK(row.reason == "");
            auto regions = row.annotations.at(0).regions;
            turns += regions.size();
            std::vector<std::string> names;
            for (auto& r : regions) {
                r.control = "who";
                if (std::find(names.begin(), names.end(), r.labels[0]) == names.end())
                    names.push_back(r.labels[0]);
            }
            const auto schema = meeting(names);
            for (const auto format : file == "ref_rttm_test" ? every : some) {
                CAPTURE(format);
                std::vector<std::string> left_out;
                const auto back =
                    read_again(format, schema, regions, 0, &left_out, row.media_ref + ".wav");
                REQUIRE(back.size() == 1);
                const bool same = back[0].annotations.size() == 1 &&
                                  in_order(back[0].annotations[0].regions) == in_order(regions);
                CHECK(same);
                CHECK(left_out.empty());
            }
        }
        MESSAGE(file << ": " << turns << " turns of 16 recordings");
    }
}

TEST_CASE("a reference and systems of other guidelines are told apart, one corpus is not") {
    const auto systems = data_folder("spk_ami_systems"), corpus = data_folder("spk_ami_1min");
    if (systems.empty() || corpus.empty()) {
        MESSAGE("skipped: no real data on this machine");
        return;
    }
    auto source = open_folder(systems);
    REQUIRE(source);
    const auto rows =
        rows_of("rttm", std::shared_ptr<const Source>(*std::move(source)), ReadContext());
    REQUIRE(rows);
    std::set<std::string> said;
    for (const auto& row : *rows)
        if (row.outcome == RowOutcome::repaired) said.insert(row.reason);
    for (const auto& reason : said) MESSAGE(reason);
    const auto says = [&](std::string_view words) {
        return std::any_of(said.begin(), said.end(), [&](const std::string& reason) {
            return reason.find(words) != std::string::npos;
        });
    };
    CHECK(says("form \"a9\", there \"9\""));
    CHECK(says("1.2 % of one speaker's pauses are shorter than 0.25 s, there 25"));
    CHECK(says("a turn is 1.54 s long (median), there 0.50 s"));
    source = open_folder(corpus);
    REQUIRE(source);
    const auto minute =
        rows_of("rttm", std::shared_ptr<const Source>(*std::move(source)), ReadContext());
    REQUIRE(minute);
    for (const auto& row : *minute)
        if (row.outcome == RowOutcome::repaired) MESSAGE(row.where << ": " << row.reason);
}
