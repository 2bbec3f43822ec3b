// Batch review from import to release of the rest, and the way back.
#include "app/batch.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

const ItemClass cats{"animal", "cat"};

/// Texts with drafts: cats, every tenth a dog, less and less certain. Nothing is blind.
Project drafted(Story& at, int count, int overlap = 1, double surest = 0.995) {
    auto project = at.project();
    project.policy.blind_share = 0;
    project.policy.overlap = overlap;
    project.policy.routine_from = 0.8;
    at.db.write([&](Session& s) { save_policy(s, project.id, project.policy); });
    at.world.cache->forget_project(project.id);
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::string label = i % 10 == 9 ? "dog" : "cat";
        text += R"({"countersign":1,"key":")" + std::to_string(i) + R"(","data":{"text":"text )" +
                std::to_string(i) + R"("},"drafts":[{"model":"m","confidence":)" +
                std::to_string(surest - 0.000005 * i) +
                R"(,"regions":[{"id":"r","control":"animal","kind":"choices","labels":[")" + label +
                "\"]}]}]}\n";
    }
    at.import(project, at.file("drafts.jsonl", text));
    return project;
}

BatchAnswer answer_to(const std::vector<BatchItem>& items, std::size_t marked,
                      const std::string& key = "") {
    BatchAnswer out;
    for (const auto& item : items) {
        out.tasks.push_back({item.task.id, item.assignment.id});
        if (out.marked.size() < marked) out.marked.push_back(item.task.id);
    }
    out.active_ms = 4000;
    out.idempotency_key = key;
    return out;
}

void check_books(Story& at, const Project& project) {
    CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
    const auto key = at.world.key.public_key;
    CHECK(at.db.read([&](Session& s) { return verify_events(s, project.id, key); }));
}

}  // namespace

TEST_CASE("a batch is accepted but for the marked, once, and taken back as a whole") {
    each_story([](Story& at) {
        const auto project = drafted(at, 50);
        Batches batches(at.world);
        const auto classes = Story::sure(batches.classes(at.ada, project.id));
        REQUIRE(classes.size() == 2);
        CHECK(classes[0].what == cats);
        CHECK(classes[0].count == 45);
        CHECK(classes[0].calibrated == 0);
        CHECK_MESSAGE(classes[0].expected_wrong > 45 * 0.0052, "claims are doubted at first");

        const auto page = Story::sure(batches.open(at.ada, project.id, cats, 20));
        REQUIRE(page.items.size() == 20);
        CHECK(page.total.count == 45);
        CHECK_MESSAGE(page.items[0].task.key == "48", "least certain first");
        CHECK(Story::sure(batches.open(at.bob, project.id, cats, 200)).items.size() == 25);

        const auto answer = answer_to(page.items, 2, "k1");
        const auto done = Story::sure(batches.accept(at.ada, project.id, cats, answer));
        CHECK(done.accepted == 18);
        CHECK(done.marked == 2);
        CHECK(done.progress.accepted == 18);
        const auto again = Story::sure(batches.accept(at.ada, project.id, cats, answer));
        CHECK(again.batch.id == done.batch.id);
        CHECK(again.progress.accepted == 18);
        const auto left = Story::sure(batches.classes(at.ada, project.id));
        REQUIRE(left.size() == 1);
        CHECK(left[0].what.label == "dog");
        check_books(at, project);

        CHECK_FALSE(batches.undo(at.bob, done.batch.id));
        const auto back = Story::sure(batches.undo(at.ada, done.batch.id));
        CHECK(back.remaining == 0);
        CHECK(back.batch.undone != 0);
        CHECK(back.progress.accepted == 0);
        CHECK(Story::sure(batches.open(at.ada, project.id, cats, 200)).items.size() == 20);
        check_books(at, project);
    });
}

TEST_CASE("what people keep as it stands becomes routine, and what they change stays at the desk") {
    each_story([](Story& at) {
        const auto project = drafted(at, 100, 1, 0.6);
        Batches batches(at.world);
        CHECK_MESSAGE(Story::sure(batches.classes(at.ada, project.id)).empty(),
                      "claims of 0.6 are no routine");
        for (int i = 0; i < 50; ++i) {
            const auto task = at.one(at.ada, project);
            REQUIRE(at.answer(at.ada, task, task.regions[0].labels[0]));
        }
        const auto kept = Story::sure(batches.classes(at.ada, project.id));
        REQUIRE(kept.size() == 2);
        CHECK(kept[0].count == 45);
        CHECK(kept[0].calibrated == 45);
        const auto page = Story::sure(batches.open(at.ada, project.id, cats, 1));
        CHECK(page.items.at(0).probability > 0.8);
        CHECK(page.items.at(0).calibrated);
    });
    each_story([](Story& at) {
        const auto project = drafted(at, 80);
        Batches batches(at.world);
        CHECK(Story::sure(batches.classes(at.ada, project.id)).size() == 2);
        for (int i = 0; i < 30; ++i) {
            const auto task = at.one(at.ada, project);
            const bool cat = task.regions[0].labels[0] == "cat";
            REQUIRE(at.answer(at.ada, task, cat ? "dog" : "cat"));
        }
        CHECK(Story::sure(batches.classes(at.ada, project.id)).empty());
    });
}

TEST_CASE("a batch in a project with several answers a task is one opinion each") {
    each_story([](Story& at) {
        const auto project = drafted(at, 10, 2);
        Batches batches(at.world);
        const auto page = Story::sure(batches.open(at.ada, project.id, cats, 200));
        const auto mine =
            Story::sure(batches.accept(at.ada, project.id, cats, answer_to(page.items, 0)));
        CHECK(mine.progress.done == 0);
        CHECK(Story::sure(batches.open(at.ada, project.id, cats, 200)).items.empty());
        const auto other = Story::sure(batches.open(at.bob, project.id, cats, 200));
        REQUIRE(other.items.size() == 9);
        const auto his =
            Story::sure(batches.accept(at.bob, project.id, cats, answer_to(other.items, 0)));
        CHECK(his.progress.done == 9);
        const auto refused = batches.undo(at.ada, mine.batch.id);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code == Code::conflict);
        check_books(at, project);
    });
}

TEST_CASE("the rest is accepted only when the sample's bound is good enough, and can be undone") {
    each_story([](Story& at) {
        const auto project = drafted(at, 700);
        Batches batches(at.world);
        SampleAsk ask{cats, 0.05, 0.05, 1};
        const auto plan = Story::sure(batches.plan(at.boss, project.id, ask));
        CHECK(plan.population == 630);
        REQUIRE(plan.sizes.size() == 3);
        CHECK(*plan.sizes[0] < *plan.sizes[1]);

        const auto review = [&](std::size_t wrong) {
            auto drawn = Story::sure(batches.draw(at.boss, project.id, ask));
            CHECK(drawn.batch.population ==
                  Story::sure(batches.plan(at.boss, project.id, ask)).population);
            CHECK_FALSE(batches.rest(at.boss, drawn.batch.id));
            const auto sampled = Story::sure(batches.sample(at.boss, drawn.batch.id));
            CHECK(static_cast<std::int64_t>(sampled.items.size()) == drawn.batch.sample);
            return Story::sure(
                batches.review(at.boss, drawn.batch.id, answer_to(sampled.items, wrong)));
        };
        const auto bad = review(5);
        CHECK(bad.batch.errors == 5);
        CHECK(bad.batch.most_wrong > 31);
        const auto refused = batches.rest(at.boss, bad.batch.id);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().message.find("5 wrong of") != std::string::npos);

        CHECK_FALSE(Story::sure(batches.open(at.boss, project.id, cats, 1)).sample);
        auto good = review(1);
        CHECK(Story::sure(batches.open(at.boss, project.id, cats, 1)).sample->batch.id ==
              good.batch.id);
        CHECK(good.batch.errors == 1);
        CHECK(static_cast<double>(good.batch.most_wrong) <=
              0.05 * static_cast<double>(good.batch.population));
        int steps = 0;
        do good = Story::sure(batches.rest(at.boss, good.batch.id));
        while (good.remaining > 0 && ++steps < 10);
        CHECK(good.accepted == good.batch.population - 1);
        CHECK(good.marked == 1);
        check_books(at, project);

        auto back = Story::sure(batches.undo(at.boss, good.batch.id));
        while (back.remaining > 0) back = Story::sure(batches.undo(at.boss, good.batch.id));
        CHECK(back.accepted == 0);
        CHECK(back.batch.undone != 0);
        check_books(at, project);
    });
}

TEST_CASE("what others took of a sample in the meantime counts as wrong") {
    each_story([](Story& at) {
        const auto project = drafted(at, 200);
        Batches batches(at.world);
        const auto drawn = Story::sure(batches.draw(at.boss, project.id, {cats, 0.1, 0.05, 0}));
        // Ben's desk holds the first ones.
        const auto taken = Story::sure(batches.open(at.bob, project.id, cats, 150));
        REQUIRE(taken.items.size() == 150);
        const auto sampled = Story::sure(batches.sample(at.boss, drawn.batch.id));
        CHECK(sampled.stand.lost > 0);
        CHECK(sampled.stand.lost + static_cast<std::int64_t>(sampled.items.size()) ==
              drawn.batch.sample);
        if (sampled.items.empty()) return;
        const auto ended =
            Story::sure(batches.review(at.boss, drawn.batch.id, answer_to(sampled.items, 0)));
        CHECK(ended.batch.errors == sampled.stand.lost);
    });
}
