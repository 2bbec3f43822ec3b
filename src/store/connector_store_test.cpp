#include "store/connector_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

TEST_CASE("a model's secret is replaced and removed, and another model's stays") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            put_secret(s, 1, {"key", std::string("a\0\xff", 3), "wxyz", noon});
            put_secret(s, 2, {"key", "other", "1234", noon});
            put_secret(s, 1, {"key", std::string("b\0\xfe", 3), "abcd", noon + 1});
        });
        at.db->read([](Session& s) {
            const auto mine = secrets_of(s, 1);
            REQUIRE(mine.size() == 1);
            CHECK(mine[0].sealed == std::string("b\0\xfe", 3));
            CHECK(mine[0].tail == "abcd");
            CHECK(mine[0].changed == noon + 1);
        });
        at.db->write([](Session& s) {
            CHECK(delete_secret(s, 1, "key"));
            CHECK_FALSE(delete_secret(s, 1, "key"));
            CHECK(secrets_of(s, 1).empty());
            CHECK(secrets_of(s, 2).size() == 1);
        });
    });
}

TEST_CASE("what a model costs adds up") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            CHECK(spend_of(s, 1).calls == 0);
            add_spend(s, 1, {1, 100, 20, 3'000'000'000'000});
            add_spend(s, 1, {2, 50, 5, 7});
            add_spend(s, 2, {9, 9, 9, 9});
        });
        at.db->read([](Session& s) {
            const auto spent = spend_of(s, 1);
            CHECK(spent.calls == 3);
            CHECK(spent.tokens_in == 150);
            CHECK(spent.tokens_out == 25);
            CHECK(spent.micros == 3'000'000'000'007);
        });
    });
}

TEST_CASE("an answer is found by its question until it is too old") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            put_answer(s, 1, "q1", {200, "yes"}, noon);
            put_answer(s, 1, "q2", {200, "no"}, noon + 10);
            put_answer(s, 1, "q1", {200, "yes indeed"}, noon + 1);
            CHECK(find_answer(s, 1, "q1")->reply == "yes indeed");
            CHECK_FALSE(find_answer(s, 2, "q1"));
            CHECK(prune_answers(s, noon + 5) == 1);
            CHECK_FALSE(find_answer(s, 1, "q1"));
            CHECK(find_answer(s, 1, "q2")->reply == "no");
        });
    });
}

}  // namespace countersign
