// A label gets another name while people work: what was answered stays on record as it was given,
// and reads as the label it belongs to everywhere.
#include "story.h"

#include "store/desk_store.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

Project renamed(Story& at, const Project& project, const std::string& label,
                const std::string& name) {
    auto schema = project.schema;
    for (auto& one : schema.controls[0].labels)
        if (one.name == label) {
            one.aliases.push_back(one.name);
            one.name = name;
        }
    Projects::Change change;
    change.schema = schema;
    return Story::sure(at.projects.change(at.boss, project.id, change));
}

std::int64_t found(Story& at, const Project& project, const std::string& filter) {
    const auto parsed = Story::sure(parse_task_filter(filter));
    return Story::sure(at.lists.count(at.boss, project.id, parsed)).count;
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("answers under the older name of a label are found, listed and exported as the label") {
    each_story([](Story& at) {
        auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        const auto first = Story::sure(at.answer(at.ada, at.one(at.ada, project), "cat"));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "dog"));

        auto wanted = project.schema;
        wanted.controls[0].labels[0] = {"feline", "", "", "", {"cat"}};
        const auto told = Story::sure(at.projects.renamings(project.id, wanted));
        REQUIRE(told.size() == 1);
        CHECK(told[0].change.name == "cat");
        CHECK(told[0].change.to == "feline");
        CHECK(told[0].tasks == 1);
        CHECK(found(at, project, "label:cat") == 1);

        project = renamed(at, project, "cat", "feline");
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "feline"));
        CHECK(found(at, project, "label:feline") == 2);
        CHECK(found(at, project, "label:cat") == 2);
        CHECK(found(at, project, "label:animal=feline") == 2);
        CHECK(found(at, project, "-label:feline state:done") == 1);
        const auto page = Story::sure(at.lists.tasks(at.boss, project.id, {}, {}, "", 10));
        CHECK(page.rows[0].labels == "feline");
        CHECK(page.rows[1].labels == "dog");
        const auto out = at.exported(project);
        CHECK(says(out, "feline"));
        CHECK(!says(out, "\"cat\""));
        const auto detail = Story::sure(at.desk.detail(at.boss, first.annotation.task));
        CHECK(detail.annotations[0].regions[0].labels[0] == "feline");

        const auto kept = at.db.read([&](Session& s) {
            return find_annotation(s, first.annotation.id)->regions[0].labels[0];
        });
        CHECK(kept == "cat");
        CHECK(at.db.read([&](Session& s) {
            return static_cast<bool>(verify_events(s, project.id, at.world.key.public_key));
        }));
    });
}

TEST_CASE("a draft and a decision that were under way under the older name are taken") {
    each_story([](Story& at) {
        auto project = at.project();
        std::string drafted;
        for (int i = 1; i <= 11; ++i)
            drafted +=
                R"({"countersign":1,"key":"k)" + std::to_string(i) +
                R"(","data":{"text":"a"},"drafts":[{"model":"m","version":"1","regions":[{"id":"d1","control":"animal","kind":"choices","labels":["cat"],"confidence":0.9}]}]})"
                "\n";
        at.import(project, at.file("tasks.jsonl", drafted));
        // A few of them are blind: one of those that are not is looked at.
        const auto shown = [&] {
            auto tasks = Story::sure(at.desk.next(at.bob, project.id, 10)).tasks;
            const auto one = std::find_if(tasks.begin(), tasks.end(),
                                          [](const DeskTask& task) { return bool(task.draft); });
            REQUIRE(one != tasks.end());
            return *one;
        };
        CHECK(shown().regions.at(0).labels[0] == "cat");
        const auto other = at.one(at.ada, project);
        project = renamed(at, project, "cat", "feline");

        const auto again = shown();
        CHECK(again.regions.at(0).labels[0] == "feline");
        DeskAnswer accept;
        accept.task = again.task.id;
        accept.assignment = again.assignment.id;
        accept.regions = again.regions;
        const auto accepted = Story::sure(at.desk.submit(at.bob, accept));
        CHECK(accepted.annotation.action == Action::accepted);
        const auto late = Story::sure(at.answer(at.ada, other, "cat"));
        CHECK(late.annotation.regions[0].labels[0] == "feline");
        CHECK(found(at, project, "label:feline") == 2);
    });
}

TEST_CASE("two who answered before and after a renaming agree") {
    each_story([](Story& at) {
        auto project = at.project();
        Projects::Change change;
        change.policy = project.policy;
        change.policy->overlap = 2;
        project = Story::sure(at.projects.change(at.boss, project.id, change));
        at.import(project, at.file("tasks.jsonl", lines(1, 1)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        project = renamed(at, project, "cat", "feline");
        REQUIRE(at.answer(at.bob, at.one(at.bob, project), "feline"));
        const auto progress = progress_of(at.db, project);
        CHECK(progress.done == 1);
        CHECK(progress.disputed == 0);
    });
}

TEST_CASE("a renaming is taken back, and a name under which answers lie cannot be dropped") {
    each_story([](Story& at) {
        auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 2)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        project = renamed(at, project, "cat", "feline");
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "feline"));

        auto dropped = project.schema;
        dropped.controls[0].labels[0].aliases.clear();
        Projects::Change change;
        change.schema = dropped;
        const auto refused = at.projects.change(at.boss, project.id, change);
        REQUIRE(!refused);
        CHECK(says(refused.refusal().message, "\"cat\" (1 task)"));

        change.schema->controls[0].labels[0] = {"cat", "", "", "", {"feline"}};
        project = Story::sure(at.projects.change(at.boss, project.id, change));
        CHECK(found(at, project, "label:cat") == 2);
        CHECK(!says(at.exported(project), "feline"));
    });
}
