#include "app/crowd.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/crypto.h"

using namespace countersign;

namespace {

/// A folder with one file, gone with the test.
class OneFile {
public:
    OneFile(const std::string& name, const std::string& bytes)
        : folder_(std::filesystem::temp_directory_path() / ("crowd-" + random_token())) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        path_ = (folder_ / name).string();
    }
    OneFile(const OneFile&) = delete;
    OneFile& operator=(const OneFile&) = delete;
    ~OneFile() { std::filesystem::remove_all(folder_); }
    const std::string& path() const { return path_; }

private:
    std::filesystem::path folder_;
    std::string path_;
};

}  // namespace

TEST_CASE("a table of task, worker and label is a crowd; rows that say nothing are named") {
    const OneFile file(
        "labels.csv",
        "task,worker,label\n\"a, b\",w1,cat\n\"a, b\",w2,dog\nc,w1,cat\nc,w2\nc,w2,\n"
        "c,w2,cat\n");
    const auto crowd = read_crowd({file.path()}, "");
    REQUIRE(crowd);
    CHECK(crowd->from == "crowd table");
    CHECK(crowd->items == std::vector<std::string>{"a, b", "c"});
    CHECK(crowd->people == std::vector<std::string>{"w1", "w2"});
    REQUIRE(crowd->questions.size() == 1);
    CHECK(crowd->questions[0].values == std::vector<std::string>{"cat", "dog"});
    CHECK(crowd->questions[0].answers.size() == 4);
    CHECK(crowd->rejected == 2);
    CHECK(crowd->faults[0].find("labels.csv:5") != std::string::npos);
}

TEST_CASE("annotations of several people in our own format: choices, sets and ratings") {
    const auto annotation = [](const std::string& person, const std::string& regions) {
        return R"({"person":")" + person + R"(","regions":[)" + regions + "]}";
    };
    const std::string red = R"({"id":"r","control":"color","kind":"choices","labels":["red"]})";
    const std::string both =
        R"({"id":"r","control":"color","kind":"choices","labels":["red","blue"]})";
    const auto stars = [](const std::string& n) {
        return R"({"id":"s","control":"stars","kind":"rating","labels":[")" + n + R"("]})";
    };
    const OneFile file("tasks.jsonl",
                       R"({"countersign":1,"key":"t1","data":{"text":"x"},"annotations":[)" +
                           annotation("ann", red + "," + stars("10")) + "," +
                           annotation("ben", both + "," + stars("9")) + "]}\n");
    const auto crowd = read_crowd({file.path()}, "");
    REQUIRE(crowd);
    REQUIRE(crowd->questions.size() == 2);
    const auto& color = crowd->questions[0];
    CHECK(color.distance_name() == "MASI");
    CHECK(color.values.size() == 2);
    CHECK(color.values[0] == "red");
    CHECK(color.values[1] == "red + blue");
    const auto& rating = crowd->questions[1];
    CHECK(rating.distance_name() == "ordinal");
    CHECK(rating.values == std::vector<std::string>{"9", "10"});
    CHECK(rating.answers[0].value == 1);
    CHECK(crowd->people == std::vector<std::string>{"ann", "ben"});
}

TEST_CASE("files without a person's answer are refused with what is needed") {
    const OneFile file("plain.txt", "one line\nanother\n");
    const auto crowd = read_crowd({file.path()}, "text");
    REQUIRE_FALSE(crowd);
    CHECK(crowd.refusal().message.find("choices or ratings") != std::string::npos);
    CHECK_FALSE(read_crowd({file.path()}, "no-such-format"));
    CHECK_FALSE(read_crowd({"/nowhere/at/all.csv"}, ""));
}

namespace {

/// A folder with a file for each person, gone with the test.
class Files {
public:
    Files() : folder_(std::filesystem::temp_directory_path() / ("crowd-" + random_token())) {
        std::filesystem::create_directories(folder_);
    }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
    ~Files() { std::filesystem::remove_all(folder_); }
    void add(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        paths_.push_back((folder_ / name).string());
    }
    const std::vector<std::string>& paths() const { return paths_; }

private:
    std::filesystem::path folder_;
    std::vector<std::string> paths_;
};

FusedCrowd fused(const Crowd& crowd, const std::string& method = "auto") {
    auto found = fuse_crowd(crowd.pieces.front(), crowd.texts, crowd.items.size(),
                            crowd.people.size(), method);
    REQUIRE(found);
    return *std::move(found);
}

std::string boxes_line(const std::string& key, const std::vector<std::string>& people) {
    std::string out =
        R"({"countersign":1,"key":")" + key + R"(","data":{"text":"x"},"annotations":[)";
    for (std::size_t p = 0; p < people.size(); ++p)
        out += std::string(p ? "," : "") + R"({"person":")" + std::string(1, char('a' + p)) +
               R"(","regions":[)" + people[p] + "]}";
    return out + "]}\n";
}

}  // namespace

TEST_CASE("one CoNLL file a person: spans meet by sentence, and a slip in a word moves nothing") {
    Files files;
    files.add("ann.conll", "Ada B-PER\nLovelace I-PER\nin O\nParis B-LOC\n\nno O\none O\n\n");
    files.add("ben.conll", "Ada B-PER\nLovelaces I-PER\nin O\nParis B-LOC\n\nno O\none O\n\n");
    files.add("cat.conll", "Ada B-PER\nLovelace O\nin O\nParis B-LOC\n\nno O\none B-PER\n\n");
    const auto crowd = read_crowd(files.paths(), "conll");
    REQUIRE(crowd);
    CHECK(crowd->people == std::vector<std::string>{"ann", "ben", "cat"});
    CHECK(crowd->items.size() == 2);
    REQUIRE(crowd->pieces.size() == 1);
    CHECK(crowd->pieces[0].answers.size() == 6);
    const auto agreement = piece_agreement(crowd->pieces[0].answers, PieceMeasure::span_exact, 0);
    REQUIRE(agreement);
    CHECK(agreement->units == 2);
    CHECK(agreement->pairs[0].likeness == doctest::Approx(1));
    const auto found = fused(*crowd, "vote");
    REQUIRE(found.pieces.size() == 2);
    CHECK(found.pieces[0].text == "Ada Lovelace");
    CHECK(found.pieces[0].start == 0);
    CHECK(found.pieces[0].end == 12);
    CHECK(found.pieces[0].share == doctest::Approx(2.0 / 3));
    CHECK(found.pieces[1].label == "LOC");
    CHECK(found.people.size() == 3);
    CHECK_FALSE(fuse_crowd(crowd->pieces[0], crowd->texts, 2, 3, "guess"));
}

TEST_CASE("a table of transcripts is fused word by word") {
    const OneFile file("crowd.tsv",
                       "INPUT:audio\tOUTPUT:transcription\tASSIGNMENT:worker_id\n"
                       "1.mp3\tThe cat sat.\tw1\n1.mp3\tthe bat sat\tw2\n"
                       "1.mp3\tthe cat, sat\tw3\n2.mp3\tYes!\tw1\n");
    const auto crowd = read_crowd({file.path()}, "");
    REQUIRE(crowd);
    CHECK(crowd->questions.empty());
    REQUIRE(crowd->pieces.size() == 1);
    const auto found = fused(*crowd);
    REQUIRE(found.pieces.size() == 2);
    CHECK(found.pieces[0].text == "the cat sat");
    CHECK(found.pieces[0].answers == 3);
    CHECK(found.pieces[1].text == "yes");
}

TEST_CASE("boxes of three people: an object is what two of them drew") {
    const auto box = [](int x, const std::string& label) {
        return R"({"id":"b)" + std::to_string(x) +
               R"(","control":"things","kind":"boxes","labels":[")" + label + R"("],"x":)" +
               std::to_string(x) + R"(,"y":0,"width":10,"height":10})";
    };
    const OneFile file("tasks.jsonl", boxes_line("i1", {box(0, "car"), box(1, "car"),
                                                        box(1, "van") + "," + box(50, "car")}) +
                                          boxes_line("i2", {box(5, "van"), "", ""}));
    const auto crowd = read_crowd({file.path()}, "");
    REQUIRE(crowd);
    REQUIRE(crowd->pieces.size() == 1);
    CHECK(crowd->pieces[0].answers.size() == 6);
    const auto found = fused(*crowd);
    REQUIRE(found.pieces.size() == 1);
    CHECK(found.pieces[0].label == "car");
    CHECK(found.pieces[0].shape.left == doctest::Approx(0.5));
    CHECK(found.pieces[0].share == doctest::Approx(1));
}
