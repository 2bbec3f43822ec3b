// `check` on files, from the command line to the exit code.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/crypto.h"
#include "base/json.h"
#include "cli/check_config.h"
#include "cli/commands.h"

using namespace countersign;

namespace {

class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / ("check-" + random_token())) {
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    std::string file(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return at(name);
    }
    std::string at(const std::string& name) const { return (path_ / name).string(); }
    std::string read(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::filesystem::path path_;
};

int run(std::vector<std::string> words) {
    words.insert(words.begin(), "countersign");
    std::vector<const char*> argv;
    for (const auto& w : words) argv.push_back(w.c_str());
    return run_command_line(static_cast<int>(argv.size()), argv.data(), {});
}

Json report_of(const Folder& folder, std::vector<std::string> words, int code) {
    for (const auto* w : {"--format", "json", "--output"}) words.emplace_back(w);
    words.push_back(folder.at("report.json"));
    words.insert(words.begin(), "check");
    CHECK(run(words) == code);
    const auto json = parse_json(folder.read("report.json"));
    REQUIRE(json);
    return *json;
}

std::string names_of(const Json& report) {
    std::string out;
    for (const auto& f : report["findings"])
        out += (out.empty() ? "" : " ") + f["check"].get<std::string>();
    return out;
}

std::string text_row(const std::string& key, const std::string& text, const std::string& regions) {
    return R"({"countersign":1,"key":")" + key + R"(","data":{"text":")" + text +
           R"("},"annotations":[{"person":"ada","regions":[)" + regions + "]}]}\n";
}
std::string span(int start, int end, const std::string& text) {
    return R"({"id":"s","control":"names","kind":"spans","labels":["LOC"],"start":)" +
           std::to_string(start) + R"(,"end":)" + std::to_string(end) + R"(,"text":")" + text +
           "\"}";
}
std::string picture_row(const std::string& box) {
    return R"({"countersign":1,"key":"a.jpg","data":{"image":"a.jpg"},"image":{"name":"a.jpg",)"
           R"("width":100,"height":80},"annotations":[{"person":"ada","regions":[{"id":"b",)"
           R"("control":"objects","kind":"boxes","labels":["cat"],)" +
           box + "}]}]}\n";
}

}  // namespace

TEST_CASE("nothing is found in good files, and the exit code is 0") {
    const Folder folder;
    const auto file = folder.file("good.jsonl", text_row("a", "In Berlin", span(3, 9, "Berlin")) +
                                                    text_row("b", "Nothing to see", ""));
    const auto report = report_of(folder, {file}, 0);
    CHECK(names_of(report).empty());
    CHECK(report["items"] == 2);
    CHECK(report["labels"] == 1);
}

TEST_CASE("faults that an import would mend are found as they are written") {
    const Folder folder;
    const auto file =
        folder.file("boxes.jsonl", picture_row(R"("x":-20,"y":10,"width":40,"height":20)") +
                                       picture_row(R"("x":10,"y":10,"width":0,"height":20)"));
    const auto report = report_of(folder, {file, "--only", "geometry"}, 8);
    CHECK(names_of(report) == "no-area outside");
    CHECK(report["findings"][1]["score"] == 0.5);
    CHECK(report["findings"][1]["where"] == "boxes.jsonl:1");
    CHECK(report["findings"][1]["place"]["x"] == -20);
}

TEST_CASE("the level that fails is the caller's, and a baseline keeps known findings quiet") {
    const Folder folder;
    const auto file = folder.file("cut.jsonl", text_row("a", "In Berlin", span(3, 7, "Berl")));
    CHECK(names_of(report_of(folder, {file}, 0)) == "cuts-word");
    report_of(folder, {file, "--fail-on", "warning"}, 8);
    report_of(folder, {file, "--fail-on", "never"}, 0);
    CHECK(run({"check", file, "--write-baseline", folder.at("known.json"), "--output",
               folder.at("out")}) == 0);
    const auto report =
        report_of(folder, {file, "--fail-on", "warning", "--baseline", folder.at("known.json")}, 0);
    CHECK(names_of(report).empty());
    CHECK(report["known"] == 1);
    folder.file("known.json", "[]");
    CHECK(run({"check", file, "--baseline", folder.at("known.json")}) == 2);
}

TEST_CASE("SARIF, JUnit and HTML say the same, and HTML needs no script") {
    const Folder folder;
    const auto file = folder.file(
        "cut.jsonl", text_row("a<b>", "In <b>Berlin", span(6, 10, "Berl")) + "broken\n");
    const auto print = [&](const std::string& form) {
        CHECK(run({"check", file, "--format", form, "--output", folder.at(form)}) == 8);
        return folder.read(form);
    };
    const auto sarif = parse_json(print("sarif"));
    REQUIRE(sarif);
    const auto& results = (*sarif)["runs"][0]["results"];
    REQUIRE(results.size() == 2);
    CHECK(results[0]["ruleId"] == "unreadable-row");
    const auto& place = results[1]["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "cut.jsonl");
    CHECK(place["region"]["startLine"] == 1);
    CHECK((*sarif)["runs"][0]["tool"]["driver"]["rules"][results[1]["ruleIndex"].get<std::size_t>()]
                  ["id"] == "cuts-word");
    const auto junit = print("junit");
    CHECK(junit.find("failures=\"2\"") != std::string::npos);
    CHECK(junit.find("a&lt;b&gt;") != std::string::npos);
    const auto html = print("html");
    CHECK(html.find("&lt;b&gt;<mark>Berl</mark>in") != std::string::npos);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("<b>Berlin") == std::string::npos);
}

TEST_CASE("repairs are shown, and written only when asked") {
    const Folder folder;
    const auto before = text_row("a", "In Berlin now", span(2, 10, " Berlin "));
    const auto file = folder.file("spaces.jsonl", before);
    CHECK(run({"check", "--fix", file}) == 0);
    CHECK(folder.read("spaces.jsonl") == before);
    CHECK(run({"check", "--fix", file, "--output", folder.at("new.jsonl")}) == 0);
    CHECK(folder.read("spaces.jsonl") == before);
    CHECK(names_of(report_of(folder, {folder.at("new.jsonl")}, 0)).empty());
    CHECK(run({"check", "--fix", "--write", file}) == 0);
    CHECK(names_of(report_of(folder, {file}, 0)).empty());
    CHECK(run({"check", "--write", file}) == 2);
    const auto broken = folder.file("broken.jsonl", before + "{\n");
    CHECK(run({"check", "--fix", "--write", broken}) == 5);
    CHECK(folder.read("broken.jsonl") == before + "{\n");
}

TEST_CASE("predictions in a file of their own, by name, and as a table of probabilities") {
    const Folder folder;
    std::string labels, predictions = "id,cat,dog\n";
    for (int i = 0; i < 60; ++i) {
        const bool is_cat = i % 2 == 0, is_wrong = i == 7;
        labels += "t" + std::to_string(i) + ",text number " + std::to_string(i * i) + "," +
                  (is_cat != is_wrong ? "cat" : "dog") + "\n";
        predictions += "t" + std::to_string(i) + (is_cat ? ",0.9,0.1\n" : ",0.2,0.8\n");
    }
    const auto file = folder.file("labels.csv", "id,text,label\n" + labels);
    folder.file("p.csv", predictions);
    const auto report =
        report_of(folder, {file, "--predictions", folder.at("p.csv"), "--only", "label_error"}, 0);
    REQUIRE(names_of(report) == "label-error");
    CHECK(report["findings"][0]["item"] == "t7");
}

TEST_CASE("a table of several people's answers is checked as such") {
    const Folder folder;
    std::string rows = "task,worker,label\n";
    for (int i = 0; i < 40; ++i)
        for (const auto* who : {"ada", "bo", "cy"})
            rows += std::to_string(i) + "," + who + "," +
                    (std::string(who) == "cy" ? "no"
                     : i % 2                  ? "yes"
                                              : "maybe") +
                    "\n";
    const auto report =
        report_of(folder, {folder.file("crowd.csv", rows), "--only", "person-far"}, 0);
    CHECK(report["from"] == "crowd table");
    REQUIRE(names_of(report) == "person-far");
    CHECK(report["findings"][0]["person"] == "cy");
    const auto two =
        folder.file("two.csv", "task,worker,label\nthis one,ada,yes\nthis one,bo,no\n");
    CHECK(run({"check", two, "--output", folder.at("two.txt")}) == 0);
    CHECK(folder.read("two.txt").find("this one: 1 of 2 people") != std::string::npos);
    CHECK(folder.read("two.txt").find("bo: no") != std::string::npos);
}

TEST_CASE("two versions are compared, and split with duplicates together") {
    const Folder folder;
    const auto a = folder.file("a.jsonl", text_row("a", "In Berlin", span(3, 9, "Berlin")) +
                                              text_row("b", "In Rome", span(3, 7, "Rome")));
    const auto b = folder.file(
        "b.jsonl", text_row("a", "In Berlin", "") + text_row("b", "In Rome", span(3, 7, "Rome")));
    CHECK(run({"diff", a, a, "--exit-code"}) == 0);
    CHECK(run({"diff", a, b}) == 0);
    CHECK(run({"diff", a, b, "--exit-code", "--json"}) == 8);
    std::string rows = "id,text,label\n";
    for (int i = 0; i < 40; ++i)
        rows += std::to_string(i) + ",note " + std::to_string(i / 4 * 1'234'567) + "," +
                (i / 4 % 2 ? "x" : "y") + "\n";
    const auto file = folder.file("rows.csv", rows);
    CHECK(run({"split", file, "--parts", "train:3,test:2", "--into", folder.at("parts")}) == 0);
    CHECK(run({"split", file, "--parts", "train:3,test:2", "--output", folder.at("s.csv")}) == 0);
    CHECK(folder.read("s.csv").find("\n0,") != std::string::npos);
    CHECK(names_of(
              report_of(
                  folder,
                  {folder.at("parts/train.csv"), folder.at("parts/test.csv"), "--only", "leak"}, 0))
              .empty());
    CHECK(run({"split", file, "--parts", "train"}) == 2);
}

TEST_CASE("what cannot be asked is refused by name") {
    const Folder folder;
    const auto file = folder.file("a.jsonl", text_row("a", "text", ""));
    CHECK(run({"check", file, "--only", "nonsense"}) == 2);
    CHECK(run({"check", file, "--format", "pdf"}) == 2);
    CHECK(run({"check", file, "--fail-on", "sometimes"}) == 2);
    CHECK(run({"check", folder.at("not-there.json")}) == 4);
    CHECK(run({"check", file, "--config", folder.file("c.json", R"({"limits":{"odd":0}})")}) == 2);
}

TEST_CASE("a configuration names kinds and checks; limits must make sense") {
    const auto config = check_config_from(
        R"({"skip":["outlier","punctuation"],"fail_on":"note","limits":{"near_duplicate":0.9}})");
    REQUIRE(config);
    CHECK(config->fail_on == FailOn::note);
    CHECK(config->limits.near_duplicate == 0.9);
    CHECK(config->limits.doubled_iou == CheckLimits().doubled_iou);
    const auto off = checks_off(config->only, config->skip);
    REQUIRE(off);
    CHECK((*off)[static_cast<std::size_t>(Check::odd_box)]);
    CHECK((*off)[static_cast<std::size_t>(Check::punctuation)]);
    CHECK_FALSE((*off)[static_cast<std::size_t>(Check::outside)]);
    CHECK_FALSE(check_config_from(R"({"limits":{"elsewhere":2}})"));
    CHECK_FALSE(check_config_from(R"({"limits":{"near_picture_bits":64}})"));
}
