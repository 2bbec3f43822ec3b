#include "app/crowd.h"

#include <doctest/doctest.h>

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
