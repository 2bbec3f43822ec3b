#include "core/mentions.h"

#include <doctest/doctest.h>

using namespace countersign;

namespace {

std::string names(std::string_view text) {
    std::string out;
    for (const auto& place : mention_places(text)) {
        CHECK(text.substr(place.at + 1, place.name.size()) == place.name);
        out += (out.empty() ? "" : " ") + std::string(place.name);
    }
    return out;
}

}  // namespace

TEST_CASE("a mention stands at the start of a word, with all that a sign-in name may hold") {
    CHECK(names("@ada see (@bob_2), and @c.d-e!") == "ada bob_2 c.d-e");
    CHECK(names("@ada") == "ada");
    CHECK(names("请看@ada。") == "ada");
    CHECK(names("ask @ada.") == "ada.");
    CHECK(names("@Ada") == "Ada");
}

TEST_CASE("addresses of mail, lone signs and doubled ones are no mentions") {
    CHECK(names("ada@example.org") == "");
    CHECK(names("a @ b, @, @@bob") == "");
    CHECK(names("") == "");
    CHECK(names("@") == "");
}
