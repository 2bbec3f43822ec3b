#include "models/word_model.h"

#include <doctest/doctest.h>

#include <cmath>

namespace countersign {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("a text becomes the words that are said") {
    CHECK(spoken_words("Press 1, or 42: it\xe2\x80\x99s \"easy\"!") ==
          Words{"press", "one", "or", "forty", "two", "it's", "easy"});
    CHECK(spoken_words("call 1234 at 10") ==
          Words{"call", "one", "two", "three", "four", "at", "ten"});
    CHECK(spoken_words("re-enter mp3") == Words{"re", "enter", "mp", "three"});
    CHECK(spoken_words("na\xc3\xafve caf\xc3\xa9 tea") == Words{"tea"});
    CHECK(spoken_words("").empty());
    CHECK(spoken_words("'' ' \xff\xfe").empty());
}

TEST_CASE("what follows any two words adds up to one") {
    TrigramModel model;
    model.add(Words{"press", "one", "for", "sales"});
    model.add(Words{"press", "two", "for", "support"});
    const std::set<std::string> all{"press", "one",     "two",   "for",
                                    "sales", "support", "hello", "</s>"};
    for (const auto& [before, last] : std::vector<std::pair<std::string, std::string>>{
             {"<s>", "press"}, {"one", "for"}, {"", "<s>"}, {"hello", "hello"}, {"press", "two"}}) {
        double sum = 0;
        for (const auto& word : all)
            sum += std::pow(10, model.log_probability(before, last, word, all.size()));
        CHECK(sum == doctest::Approx(1));
    }
    CHECK(model.log_probability("press", "one", "for", all.size()) >
          model.log_probability("press", "one", "hello", all.size()));
}

TEST_CASE("the ARPA file counts what it lists and has every word asked for") {
    TrigramModel model;
    model.add(Words{"press", "one"});
    model.add(Words{"press", "one"});
    const auto arpa = model.arpa({"hello"});
    CHECK(arpa.find("ngram 1=5\n") != std::string::npos);  // <s> </s> press one hello
    CHECK(arpa.find("ngram 2=3\n") != std::string::npos);
    CHECK(arpa.find("ngram 3=2\n") != std::string::npos);
    CHECK(arpa.find(" hello 0.0000\n") != std::string::npos);
    CHECK(arpa.find(" <s> press one\n") != std::string::npos);
    CHECK(arpa.ends_with("\\end\\\n"));
    CHECK(arpa.find("nan") == std::string::npos);
    CHECK(arpa.find("inf") == std::string::npos);
    CHECK(TrigramModel().arpa({"hello"}).find("nan") == std::string::npos);
}

TEST_CASE("word errors are the least changes, and say which words are right") {
    const Words said{"press", "one", "for", "sales"};
    CHECK(word_errors(said, said).errors == 0);
    const auto wrong = word_errors(said, Words{"press", "won", "for", "the", "sales"});
    CHECK(wrong.errors == 2);
    CHECK(wrong.said == 4);
    CHECK(wrong.right == std::vector<std::uint8_t>{1, 0, 1, 0, 1});
    CHECK(word_errors(said, {}).errors == 4);
    CHECK(word_errors({}, said).errors == 4);
}

TEST_CASE("every word has a pronunciation in the dictionary's phones") {
    CHECK(pronunciation_by_letters("ship") == "SH IH P");
    CHECK(pronunciation_by_letters("make") == "M AE K");
    CHECK(pronunciation_by_letters("bell") == "B EH L");
    CHECK(pronunciation_by_letters("") == "");
    CHECK_FALSE(pronunciation("dahdi").empty());
    CHECK(pronunciation("two words") == "");
    CHECK(pronunciation("-t") == "");
    CHECK(pronunciation(std::string(500, 'a')) == "");
}

}  // namespace
}  // namespace countersign
