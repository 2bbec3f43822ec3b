#include "store/embedding_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

Embedder an_embedder(Id project) {
    Embedder e;
    e.project = project;
    e.features = "text";
    e.dims = 3;
    e.state = std::string("a\0b\xff", 4);
    e.fitted = 12;
    e.created = noon;
    return e;
}

std::string read_all(Session& s, const Embedder& embedder, Id after = 0) {
    std::string out;
    for (;;) {
        after = embeddings_after(
            s, embedder, after, 1, [&](std::span<const Id> tasks, std::string_view vectors) {
                for (std::size_t i = 0; i < tasks.size(); ++i)
                    out += std::to_string(tasks[i]) + ":" +
                           std::string(vectors.substr(i * embedder.dims, embedder.dims)) + " ";
            });
        if (after == 0) return out;
    }
}

}  // namespace

TEST_CASE("embeddings read back block by block, in the order they were written") {
    each_engine([](Place& at) {
        auto embedder = an_embedder(1);
        at.db->write([&](Session& s) {
            embedder.id = insert_embedder(s, embedder);
            insert_embeddings(s, embedder.id, std::vector<Id>{7, 1'000'000'000'007}, "abcdef");
            insert_embeddings(s, embedder.id, std::vector<Id>{3}, std::string("\0\xff\x80", 3));
        });
        at.db->read([&](Session& s) {
            CHECK(read_all(s, embedder) ==
                  "7:abc 1000000000007:def 3:" + std::string("\0\xff\x80", 3) + " ");
            CHECK(embedder_state(s, embedder.id) == embedder.state);
            CHECK(newest_embedder(s, 1)->fitted == 12);
            CHECK(newest_embedder(s, 1)->dims == 3);
            CHECK(!newest_embedder(s, 2));
        });
    });
}

TEST_CASE("an embedder serves once it is ready, and then alone in its project") {
    each_engine([](Place& at) {
        at.db->write([&](Session& s) {
            auto old = an_embedder(1), next = an_embedder(1), other = an_embedder(2);
            old.id = insert_embedder(s, old);
            insert_embeddings(s, old.id, std::vector<Id>{7}, "abc");
            CHECK(!serving_embedder(s, 1));
            serve_embedder(s, 1, old.id);
            CHECK(serving_embedder(s, 1)->id == old.id);

            other.id = insert_embedder(s, other);
            insert_embeddings(s, other.id, std::vector<Id>{9}, "xyz");
            next.id = insert_embedder(s, next);
            CHECK(serving_embedder(s, 1)->id == old.id);
            CHECK(newest_embedder(s, 1)->id == next.id);
            serve_embedder(s, 1, next.id);
            CHECK(serving_embedder(s, 1)->id == next.id);
            CHECK(read_all(s, old).empty());
            CHECK(read_all(s, other) == "9:xyz ");
        });
    });
}

TEST_CASE("a block whose parts do not fit together is a breakdown, not a wrong neighbour") {
    each_engine([](Place& at) {
        auto embedder = an_embedder(1);
        at.db->write([&](Session& s) {
            embedder.id = insert_embedder(s, embedder);
            insert_embeddings(s, embedder.id, std::vector<Id>{7, 8}, "abc");
        });
        CHECK_THROWS_AS(at.db->read([&](Session& s) { return read_all(s, embedder); }), Breakdown);
    });
}

}  // namespace countersign
