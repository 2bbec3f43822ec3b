#include "formats/pieces.h"

#include "formats/csv_rows.h"
#include "formats/test_kit.h"

using namespace countersign;

namespace {

/// Gives the text in bites of `n` bytes, so that every boundary is met.
ReadBytes bites(std::string text, std::size_t n) {
    return [text = std::move(text), n, at = std::size_t{0}](
               char* into, std::size_t room) mutable -> Result<std::size_t> {
        const auto got = text.copy(into, std::min(n, room), at);
        at += got;
        return got;
    };
}

std::vector<std::string> cut(const std::string& json, std::size_t n, bool whole) {
    JsonCutter cutter(bites(json, n), whole);
    std::vector<std::string> all;
    for (;;) {
        const auto piece = cutter.next();
        if (!piece) return all.push_back("! " + piece.refusal().message), all;
        if (!*piece) return all;
        all.push_back(std::string((*piece)->key) + "=" + std::string((*piece)->text));
    }
}

}  // namespace

TEST_CASE("lines are the same whatever the bites they come in") {
    for (const std::size_t n : {1u, 2u, 3u, 7u, 1000u}) {
        LineReader lines(bites("\xEF\xBB\xBF"
                               "one\r\n\ntwo\nthree",
                               n),
                         100);
        CHECK((*lines.next())->text == "one");
        CHECK((*lines.next())->text == "");
        CHECK((*lines.next())->text == "two");
        CHECK((*lines.next())->text == "three");
        CHECK_FALSE(*lines.next());
    }
}

TEST_CASE("a line over the limit is passed over without being held") {
    for (const std::size_t n : {3u, 1000u}) {
        LineReader lines(bites("short\n" + std::string(500, 'x') + "\nend", n), 100);
        CHECK_FALSE((*lines.next())->too_long);
        CHECK((*lines.next())->too_long);
        const auto end = lines.next();
        CHECK((*end)->text == "end");
        CHECK_FALSE((*end)->too_long);
    }
}

TEST_CASE("a JSON document is cut into elements") {
    for (const std::size_t n : {1u, 5u, 1000u}) {
        CHECK(cut(R"([ {"a":"]}"}, 12 , "x\"," ,[1,[2]] ])", n, false) ==
              std::vector<std::string>{R"(={"a":"]}"})", "=12", R"(="x\",")", "=[1,[2]]"});
        CHECK(cut(R"({"info":{"x":1},"images":[{"id":1},{"id":2}],"none":[],"n":7})", n, false) ==
              std::vector<std::string>{R"(info={"x":1})", R"(images={"id":1})",
                                       R"(images={"id":2})", "n=7"});
        CHECK(cut("{\"a\":1}\n{\"a\":2}", n, true).size() == 2);
        CHECK(cut("[]", n, false).empty());
        CHECK(cut("", n, false).empty());
    }
    CHECK(cut("[1,", 2, false).back().starts_with("!"));
    CHECK(cut("[{\"a\":", 2, false).back().starts_with("!"));
    CHECK(cut("nonsense", 2, false).back().starts_with("!"));
    CHECK(cut("[1] 2", 2, false).back().starts_with("!"));
    CHECK(cut(std::string(100'000, '['), 1000, false).back().starts_with("!"));
}

TEST_CASE("half a surrogate pair is seen, a whole one is not minded") {
    CHECK(has_lone_surrogate(R"({"a":"\ud83d"})"));
    CHECK(has_lone_surrogate(R"({"a":"\ude00 x"})"));
    CHECK_FALSE(has_lone_surrogate(R"({"a":"\ud83d\ude00"})"));
    CHECK_FALSE(has_lone_surrogate(R"({"a":"\\ud83d"})"));
}

TEST_CASE("CSV cells keep quotes, separators and line ends, whatever the bites") {
    for (const std::size_t n : {1u, 2u, 3u, 1000u}) {
        CsvRows rows(bites("a,b\r\n\"x, \"\"y\"\"\nz\",\"\"\n\n,last\"q", n), 0);
        CHECK((*rows.next())->cells == std::vector<std::string>{"a", "b"});
        const auto second = rows.next();
        CHECK((*second)->cells == std::vector<std::string>{"x, \"y\"\nz", ""});
        CHECK((*second)->line == 2);
        CHECK((*rows.next())->cells == std::vector<std::string>{""});
        const auto last = rows.next();
        CHECK((*last)->cells == std::vector<std::string>{"", "last\"q"});
        CHECK((*last)->line == 5);
        CHECK_FALSE(*rows.next());
        CsvRows open(bites("a\n\"never closed\n", n), 0);
        CHECK(*open.next());
        CHECK_FALSE((*open.next())->fault.empty());
    }
    std::string cell;
    append_csv(cell, "say \"hi\", now", ',');
    CHECK(cell == "\"say \"\"hi\"\", now\"");
    CHECK(from_latin1("\xA3"
                      "5 \x96 caf\xE9") == "£5 – café");
}
