// A project of boxes whose label NanoDet does not know, from its first picture to drafts of it.
#include <filesystem>

#include "app/asking.h"
#include "app/inspector.h"
#include "drawn_picture.h"
#include "store/model_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

Schema boxes_of(std::initializer_list<const char*> names) {
    Schema schema;
    schema.modality = Modality::image;
    schema.source = "image";
    Control boxes;
    boxes.name = "object";
    boxes.kind = ControlKind::boxes;
    for (const char* name : names) boxes.labels.push_back({name, "", "", "", {}});
    schema.controls = {boxes};
    return schema;
}

Region box(const std::string& id, const std::string& label, double x, double y, double width,
           double height, std::optional<double> probability = {}) {
    Region region;
    region.id = id;
    region.control = "object";
    region.kind = ControlKind::boxes;
    region.labels = {label};
    region.x = x;
    region.y = y;
    region.width = width;
    region.height = height;
    region.probability = probability;
    region.grounding = probability ? Grounding::grounded : Grounding::unchecked;
    region.origin = probability ? Origin::model : Origin::person;
    return region;
}

/// The picture's number is its file's.
Region truth_of(const DeskTask& task) {
    const auto digits = task.task.key.find_first_of("0123456789");
    const auto ball = ball_of(std::stoi(task.task.key.substr(digits)));
    return box("r1", "Mascot", ball.x - ball.radius, ball.y - ball.radius, 2 * ball.radius,
               2 * ball.radius);
}

Project with_pictures(Story& at, int n, std::initializer_list<const char*> labels) {
    const auto project = at.project(0.02, boxes_of(labels));
    std::filesystem::create_directories(at.folder.path + "/pictures");
    for (int i = 0; i < n; ++i)
        at.file("pictures/" + std::to_string(i + 100) + ".png", ball_png(i + 100));
    at.import(project, at.folder.path + "/pictures");
    return project;
}

Result<DeskReply> answer_boxes(Story& at, const DeskTask& task, Regions regions) {
    DeskAnswer answer;
    answer.task = task.task.id;
    answer.assignment = task.assignment.id;
    answer.regions = std::move(regions);
    answer.active_ms = 5'000;
    return at.desk.submit(at.ada, answer);
}

const ModelView& learner_of(const std::vector<ModelView>& models) {
    const auto found = std::find_if(models.begin(), models.end(), [](const ModelView& view) {
        return view.model.kind == "object-learner";
    });
    REQUIRE(found != models.end());
    return *found;
}

/// Empty, and said, where its weights are not.
std::string folder_with_nanodet() {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    auto out = std::string(source ? source : ".") + "/models/cache";
    if (std::filesystem::exists(out + "/nanodet.onnx")) return out;
    MESSAGE("skipped: " << out << "/nanodet.onnx is not there: models/fetch makes it");
    return {};
}

}  // namespace

TEST_CASE("after three boxed pictures a label that no network knows is drafted where it is") {
    const auto models_dir = folder_with_nanodet();
    if (models_dir.empty()) return;
    each_story([&](Story& at) {
        at.world.models_dir = models_dir;
        const auto project = with_pictures(at, 10, {"Mascot", "Person"});
        CHECK(at.drafting.models(project.id).size() == 2);
        auto models = at.drafting.models(project.id);
        CHECK(learner_of(models).state == "waiting");
        CHECK(learner_of(models).why.find("3 reviewed pictures") != std::string::npos);

        for (int i = 0; i < 3; ++i) {
            const auto task = at.one(at.ada, project);
            REQUIRE(answer_boxes(at, task, {truth_of(task)}));
            at.clock.advance(4'000);
            at.work();
        }
        models = at.drafting.models(project.id);
        const auto& learner = learner_of(models);
        CHECK(learner.state == "ready");
        REQUIRE(learner.version);
        CHECK(learner.version->learned_from == 3);
        CHECK(learner.version->quality["ap50"].get<double>() > 0.9);
        CHECK(learner.version->quality["ap50_low"].get<double>() < 0.6);

        int right = 0, waiting = 0;
        for (int i = 0; i < 7; ++i) {
            const auto task = at.one(at.ada, project);
            const auto truth = truth_of(task);
            const auto drafts = Story::sure(at.desk.detail(at.boss, task.task.id)).drafts;
            ++waiting;
            for (const auto& draft : drafts)
                if (draft.current && draft.model_version == learner.version->id)
                    right += std::any_of(draft.regions.begin(), draft.regions.end(),
                                         [&](const Region& r) {
                                             return r.labels == truth.labels &&
                                                    iou(r, truth) > 0.7 && r.probability > 0.4;
                                         });
            if (task.assignment.arm == Arm::blind) CHECK(task.regions.empty());
            REQUIRE(answer_boxes(at, task, {truth}));
        }
        CHECK(right >= waiting - 1);
    });
}

TEST_CASE("where no model drafted, boxes are held against what the other pictures teach") {
    const auto models_dir = folder_with_nanodet();
    if (models_dir.empty()) return;
    each_story([&](Story& at) {
        constexpr int pictures = 34;
        at.world.models_dir = models_dir;
        const auto project = with_pictures(at, pictures, {"Mascot", "Trophy"});
        std::string left_out, renamed;
        for (int i = 0; i < pictures; ++i) {
            const auto task = at.one(at.ada, project);
            Regions regions = {truth_of(task)};
            if (i == 7) {
                regions.clear();
                left_out = task.task.key;
            } else if (i == 20) {
                regions[0].labels = {"Trophy"};
                renamed = task.task.key;
            }
            REQUIRE(answer_boxes(at, task, std::move(regions)));
        }
        Inspector inspector(at.world);
        const auto check = [&] {
            const auto job = Story::sure(inspector.check(at.boss, project.id));
            at.jobs.run_until_idle();
            return Story::sure(at.jobs.find(job.id)).result;
        };
        const auto said = [](const Json& result, std::string_view words) {
            return result["not_done"].dump().find(words) != std::string::npos;
        };
        CHECK(
            said(check(), "Wrong boxes of \\\"object\\\" were not looked for in 34 pictures yet"));
        const auto listed = [&](const std::string& name) {
            Inspector::Filter filter;
            filter.check = name;
            std::vector<std::string> keys;
            for (const auto& one :
                 Story::sure(inspector.list(project.id, filter, "", 200)).findings)
                keys.push_back(one.stored.task_key);
            return keys;
        };
        CHECK(listed("missing-region") == std::vector{left_out});
        CHECK(listed("swapped-label") == std::vector{renamed});
        CHECK(listed("spurious-region").empty());
        CHECK(listed("misplaced-region").empty());

        const auto again = check();
        CHECK(again["new"] == 0);
        CHECK(said(again, "among those labelled \\\"Trophy\\\""));
    });
}

TEST_CASE("a task shows the boxes of all its models, and of two in one place the likelier") {
    each_story([&](Story& at) {
        const auto project = with_pictures(at, 1, {"Mascot", "Person"});
        const auto models = at.drafting.models(project.id);
        REQUIRE(models.size() == 2);
        const auto task = at.one(at.ada, project).task.id;
        const auto draft_of = [&](const Model& model, Regions regions) {
            Draft draft;
            draft.task = task;
            draft.regions = std::move(regions);
            draft.created = noon;
            at.db.write([&](Session& s) {
                ModelVersion version;
                version.model = model.id;
                version.name = "one";
                draft.model_version = insert_model_version(s, version);
                carry_others(s, project.schema, {"thing"}, draft);
                insert_drafts(s, project.id, {draft}, false);
            });
            return draft;
        };
        const auto labels = [](const Draft& draft) {
            std::string out;
            for (const auto& region : draft.regions)
                out += (out.empty() ? "" : " ") + region.labels[0] + ":" + region.id;
            return out;
        };
        const auto& nanodet = models[0].model;
        const auto& learner = models[1].model;
        REQUIRE(nanodet.kind == "nanodet");
        CHECK(labels(draft_of(nanodet, {box("d1", "Person", 0, 0, 50, 50, 0.5),
                                        box("d2", "Person", 100, 0, 50, 50, 0.9)})) ==
              "Person:d1 Person:d2");
        const auto both = draft_of(learner, {box("d1", "Mascot", 2, 0, 50, 50, 0.8),
                                             box("d2", "Mascot", 102, 0, 50, 50, 0.3),
                                             box("d3", "Mascot", 200, 0, 50, 50, 0.7)});
        CHECK(labels(both) == "Mascot:d1 Mascot:d3 Person:c1");
        CHECK(both.regions[2].meta["drafted_by"] == wire_id('k', nanodet.id));
        const auto again = draft_of(nanodet, {box("d1", "Person", 100, 0, 50, 50, 0.9)});
        CHECK(labels(again) == "Person:d1 Mascot:c1 Mascot:c2");
        REQUIRE(at.drafting.change(at.boss, learner.id, {{}, {}, false}));
        CHECK(labels(draft_of(nanodet, {box("d1", "Person", 100, 0, 50, 50, 0.9)})) == "Person:d1");
    });
}
