// A text project from its first label to the learner's drafts.
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

TEST_CASE(
    "after thirty reviewed texts the learner drafts what nobody has opened, and is mostly right") {
    each_story([](Story& at) {
        const auto project = at.project();
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += R"({"id":")" + std::to_string(i) + R"(","text":")" + telling_text(i) + "\"}\n";
        at.import(project, at.file("texts.jsonl", text));
        auto models = at.drafting.models(project.id);
        REQUIRE(models.size() == 1);
        CHECK(models[0].state == "waiting");
        CHECK(models[0].why.find("10") != std::string::npos);

        const auto held = at.one(at.bob, project);
        for (int i = 0; i < 30; ++i) {
            const auto task = at.one(at.ada, project);
            REQUIRE(at.answer(at.ada, task, telling_label(task.task.data)));
            at.clock.advance(1'000);
            at.work();
        }
        models = at.drafting.models(project.id);
        CHECK(models[0].state == "ready");
        REQUIRE(models[0].version);
        CHECK(models[0].version->learned_from >= 10);
        CHECK(models[0].version->quality["accuracy"].get<double>() > 0.8);
        CHECK(progress_of(at.db, project).drafted >= 165);
        CHECK(Story::sure(at.desk.detail(at.boss, held.task.id)).drafts.empty());

        int right = 0, shown = 0;
        for (int i = 0; i < 40; ++i) {
            const auto task = at.one(at.ada, project);
            const auto truth = telling_label(task.task.data);
            if (task.draft) {
                ++shown;
                right += task.draft->regions.at(0).labels.at(0) == truth;
                CHECK(task.draft->grounding == Grounding::grounded);
            }
            REQUIRE(at.answer(at.ada, task, truth));
        }
        CHECK(shown >= 30);
        CHECK(right >= shown * 9 / 10);
        CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
    });
}

TEST_CASE("a model that is not installed is off, says why, and stops nothing") {
    each_story([](Story& at) {
        Schema schema;
        schema.modality = Modality::image;
        schema.source = "image";
        Control boxes;
        boxes.name = "object";
        boxes.kind = ControlKind::boxes;
        boxes.labels.push_back({"Person", "", "", "", {"person"}});
        schema.controls = {boxes};
        const auto project = at.project(0.02, schema);
        const auto models = at.drafting.models(project.id);
        REQUIRE(models.size() == 1);
        CHECK(models[0].model.kind == "nanodet");
        CHECK(models[0].state == "off");
        CHECK(!models[0].why.empty());
        at.drafting.tasks_arrived(project.id);
        at.work();
        for (const auto& job : at.jobs.list(project.id, 0, 10)) CHECK(job.state == JobState::done);
    });
}

TEST_CASE("a job of a kind this program does not know is dead at once, with its reason") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto job = queue_job(at.world, project.id, "no such kind", Json::object(), 0);
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::dead);
        CHECK(!Story::sure(at.jobs.find(job.id)).error.empty());
    });
}

namespace {

/// Texts that name an animal, marked by the rules that the person in the story keeps.
Schema marking() {
    Schema schema;
    schema.modality = Modality::text;
    schema.source = "text";
    Control spans;
    spans.name = "found";
    spans.kind = ControlKind::spans;
    spans.labels = {{"Number", "", "", "", {}}, {"Deed", "", "", "", {}}};
    schema.controls = {spans};
    return schema;
}

Region found(double start, double end, const std::string& label) {
    Region region;
    region.id = "r" + std::to_string(static_cast<int>(start));
    region.control = "found";
    region.kind = ControlKind::spans;
    region.labels = {label};
    region.start = start;
    region.end = end;
    return region;
}

/// The number and the deed in a telling_text().
Regions marks(const std::string& text) {
    const std::string lead = "The animal number ";
    const auto space = text.find(' ', lead.size());
    const auto end = text.find(' ', space + 1);
    return {found(double(lead.size()), double(space), "Number"),
            found(double(space + 1), double(end), "Deed")};
}

}  // namespace

TEST_CASE("a span project drafts after the first reviewed texts, and leaves open tasks alone") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, marking());
        std::string text;
        for (int i = 0; i < 120; ++i)
            text += R"({"id":")" + std::to_string(i) + R"(","text":")" + telling_text(i) + "\"}\n";
        at.import(project, at.file("texts.jsonl", text));
        auto models = at.drafting.models(project.id);
        REQUIRE(models.size() == 1);
        CHECK(models[0].model.kind == "span-learner");
        CHECK(models[0].state == "waiting");
        CHECK(models[0].why.find("5 reviewed texts") != std::string::npos);

        const auto held = at.one(at.bob, project);
        const auto mark = [&](const DeskTask& task) {
            DeskAnswer answer;
            answer.task = task.task.id;
            answer.assignment = task.assignment.id;
            answer.regions = marks(item_text(task.task, "text"));
            answer.active_ms = 1'200;
            REQUIRE(at.desk.submit(at.ada, answer));
            at.clock.advance(4'000);
            at.work();
        };
        int until_drafted = 0;
        while (until_drafted < 30) {
            const auto task = at.one(at.ada, project);
            if (task.draft) break;
            mark(task);
            ++until_drafted;
        }
        CHECK(until_drafted <= 6);
        for (int i = 0; i < 20; ++i) mark(at.one(at.ada, project));
        models = at.drafting.models(project.id);
        CHECK(models[0].state == "ready");
        REQUIRE(models[0].version);
        CHECK(models[0].version->quality["f1"].get<double>() > 0.9);
        CHECK(models[0].version->quality["f1_low"].get<double>() <= 1);
        CHECK(at.drafting.versions(models[0].model.id).size() >= 3);
        CHECK(Story::sure(at.desk.detail(at.boss, held.task.id)).drafts.empty());
        int right = 0, marked = 0;
        for (int i = 0; i < 10; ++i) {
            const auto task = at.one(at.ada, project);
            const auto truth = marks(item_text(task.task, "text"));
            marked += static_cast<int>(truth.size());
            if (task.draft)
                for (const auto& region : task.draft->regions)
                    for (const auto& t : truth)
                        right += region.start == t.start && region.end == t.end &&
                                 region.labels == t.labels && region.probability > 0.5;
            mark(task);
        }
        CHECK(right >= marked * 8 / 10);
    });
}
