// A person points, a model answers: boxes, points, spans and regions as cues to a backend made for
// Label Studio (tests/standins/ml_backend.py answers interactively).
#include <doctest/doctest.h>

#include <filesystem>

#include "app/assist.h"
#include "drawn_picture.h"
#include "standin.h"
#include "store/connector_store.h"
#include "store/model_store.h"
#include "store/task_store.h"
#include "store/trial_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

Control a_control(std::string name, ControlKind kind, std::initializer_list<const char*> labels) {
    Control control;
    control.name = std::move(name);
    control.kind = kind;
    control.required = false;
    for (const char* label : labels) control.labels.push_back({label, "", "", "", {}});
    return control;
}

/// A project whose task is in ada's hands, and a model that answers cues.
struct Pointing {
    Story& at;
    Assist assist;
    Standin backend{"ml_backend.py"};
    Project project;
    Model model;
    DeskTask task;

    Pointing(Story& story, const Schema& schema, const std::string& path,
             const std::string& under = "", const Json& more = Json::object(),
             double blind_share = 0.02)
        : at(story), assist(at.world), project(at.project(blind_share, schema)) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        at.world.connectors->pause = [](Millis, const std::stop_token&) { return true; };
        for (const auto& view : at.drafting.models(project.id))
            Story::sure(at.drafting.change(at.boss, view.model.id, {.enabled = false}));
        at.import(project, path);
        Json config = {{"url", backend.url(under)}, {"cues", "only"}};
        config.update(more);
        model = Story::sure(at.drafting.add(at.boss, project.id, "label-studio-ml", "SAM", config));
        model = Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
        at.work();
        task = at.one(at.ada, project);
    }
    Result<CueAnswer> ask(Cue cue) {
        return assist.cue(at.ada, task.task.id, model.id, std::move(cue), {});
    }
    std::string why(Cue cue) {
        const auto answer = ask(std::move(cue));
        REQUIRE_FALSE(answer);
        return answer.refusal().message;
    }
};

std::string pictures_of(Story& at) {
    std::filesystem::create_directories(at.folder.path + "/pictures");
    at.file("pictures/1.png", ball_png(1));
    return at.folder.path + "/pictures";
}

Schema outlines() {
    return {
        Modality::image, "image", {a_control("shape", ControlKind::polygons, {"Ball", "Tree"})}};
}

Cue around(const Media& media) {
    Cue cue;
    cue.label = "Tree";
    cue.boxes = {{media.width * .25, media.height * .25, media.width * .5, media.height * .5}};
    return cue;
}

}  // namespace

TEST_CASE("a box that a person draws comes back as the outline that a backend painted, unstored") {
    each_story([](Story& at) {
        Pointing desk(at, outlines(), pictures_of(at));
        REQUIRE(desk.assist.cue_models(desk.project.id).size() == 1);
        const auto& media = desk.task.media;
        const auto said = Story::sure(desk.ask(around(media)));
        CHECK(said.model.name == "SAM");
        REQUIRE(said.regions.size() == 1);
        const auto& found = said.regions[0];
        CHECK(found.kind == ControlKind::polygons);
        CHECK(found.control == "shape");
        CHECK(found.labels == std::vector<std::string>{"Tree"});
        CHECK(found.origin == Origin::model);
        CHECK(*found.confidence == 0.9);
        CHECK(found.meta["drafted_by"] == wire_id('k', desk.model.id));
        CHECK(found.points.size() < 200);  // Eased: not every pixel's edge.
        const auto edge = extent(found);
        CHECK(edge.left == doctest::Approx(media.width * .25).epsilon(0.02));
        CHECK(edge.bottom == doctest::Approx(media.height * .75).epsilon(0.02));
        const Id task = desk.task.task.id;
        at.db.read([&](Session& s) {
            CHECK(drafts_of(s, task).empty());
            CHECK(list_versions(s, desk.model.id).empty());
        });

        // Kept, it says that a model drew it; a hand on it makes it edited, and the person's own
        // stays the person's.
        DeskAnswer answer;
        answer.task = task;
        answer.assignment = desk.task.assignment.id;
        answer.regions = {found, found, found};
        answer.regions[1].id = "b";
        answer.regions[1].origin = Origin::edited;
        answer.regions[2].id = "c";
        answer.regions[2].meta = nullptr;
        const auto kept = Story::sure(at.desk.submit(at.ada, answer)).annotation;
        CHECK(kept.action == Action::created);
        CHECK(kept.regions[0].origin == Origin::model);
        CHECK(kept.regions[1].origin == Origin::edited);
        CHECK(kept.regions[2].origin == Origin::person);
    });
}

TEST_CASE("points say where a thing is and where it is not") {
    each_story([](Story& at) {
        Pointing desk(at, outlines(), pictures_of(at));
        const double w = desk.task.media.width, h = desk.task.media.height;
        Cue cue;
        cue.points = {{w / 2, h / 2, true}};
        const auto whole = Story::sure(desk.ask(cue)).regions.at(0);
        CHECK(whole.labels == std::vector<std::string>{"Ball"});  // The first one.
        cue.points.push_back({w / 2, h / 2, false});
        const auto holed = Story::sure(desk.ask(cue)).regions.at(0);
        CHECK(whole.rings.empty());
        CHECK(holed.rings.size() == 1);
    });
}

TEST_CASE("a region in focus is read: the answer is about it") {
    each_story([](Story& at) {
        auto read = a_control("read", ControlKind::text, {});
        read.per_region = true;
        Pointing desk(at,
                      {Modality::image,
                       "image",
                       {a_control("place", ControlKind::boxes, {"Line"}), std::move(read)}},
                      pictures_of(at));
        Cue cue;
        Region box;
        box.id = "d1";
        box.control = "place";
        box.kind = ControlKind::boxes;
        box.labels = {"Line"};
        box.x = 10, box.y = 10, box.width = 40, box.height = 20;
        cue.regions = {box};
        const auto said = Story::sure(desk.ask(cue));
        REQUIRE(said.regions.size() == 1);
        CHECK(said.regions[0].text == "read here");
        CHECK(said.regions[0].parent == "d1");
        CHECK(said.regions[0].id != "d1");
    });
}

TEST_CASE("a span in focus finds the other places that read the same") {
    each_story([](Story& at) {
        Pointing desk(at,
                      {Modality::text, "text", {a_control("names", ControlKind::spans, {"Name"})}},
                      at.file("t.jsonl", R"({"id": "1", "text": "Ada 😀 and Zoë, then Ada, Ada"})"
                                         "\n"));
        Cue cue;
        Region span;
        span.id = "own";
        span.control = "names";
        span.kind = ControlKind::spans;
        span.labels = {"Name"};
        span.start = 0, span.end = 3;
        cue.regions = {span};
        const auto said = Story::sure(desk.ask(cue));
        REQUIRE(said.regions.size() == 2);
        CHECK(said.regions[0].text == "Ada");
        CHECK(said.regions[0].start == 20);
        CHECK(desk.why({"", {{0, 0, 1, 1}}, {}, {}}).find("Only images") != std::string::npos);
    });
}

TEST_CASE("a cue that points at nothing, or outside, is refused before anybody is asked") {
    each_story([](Story& at) {
        Pointing desk(at, outlines(), pictures_of(at));
        const double w = desk.task.media.width;
        CHECK(desk.why({}).find("Point at something") != std::string::npos);
        CHECK(desk.why({"", {{w - 5, 0, 50, 10}}, {}, {}}).find("outside") != std::string::npos);
        CHECK(desk.why({"", {{5, 5, 0, 10}}, {}, {}}).find("area") != std::string::npos);
        CHECK(desk.why({"", {}, {{-3, 1, true}}, {}}).find("outside") != std::string::npos);
        CHECK(desk.why({"Cow", {{1, 1, 9, 9}}, {}, {}}).find("\"Cow\"") != std::string::npos);
        CHECK(desk.why({"", {}, std::vector<CuePoint>(101), {}}).find("100") != std::string::npos);
        // Not with this person, or not a model that answers cues.
        CHECK_FALSE(
            desk.assist.cue(at.bob, desk.task.task.id, desk.model.id, around(desk.task.media), {}));
        Story::sure(at.drafting.change(
            at.boss, desk.model.id,
            {.config = Json{{"url", desk.backend.url()}, {"cues", "no"}}, .enabled = true}));
        CHECK(desk.why(around(desk.task.media)).find("no model") != std::string::npos);
        CHECK(desk.assist.cue_models(desk.project.id).empty());
    });
}

TEST_CASE("a backend that fails is named with the next step, is left alone, and costs no work") {
    each_story([](Story& at) {
        Pointing desk(at, outlines(), pictures_of(at), "/broken");
        const auto why = desk.why(around(desk.task.media));
        CHECK(why.find("\"SAM\" gave no answer") != std::string::npos);
        CHECK(why.find("the weights are gone") != std::string::npos);
        CHECK(why.find("Go on by hand") != std::string::npos);
        std::string last;
        for (int i = 0; i < 10; ++i) last = desk.why(around(desk.task.media));
        CHECK(last.find("left alone") != std::string::npos);

        Pointing odd(at, outlines(), pictures_of(at), "/odd");
        CHECK(odd.why(around(odd.task.media)).find("\"SAM\" gave no answer") != std::string::npos);
        Pointing none(at, outlines(), pictures_of(at), "/none");
        CHECK(Story::sure(none.ask(around(none.task.media))).regions.empty());
        at.world.fetcher = make_fetcher(*Reach::parse({"example.org"}));
        CHECK(none.why(around(none.task.media)).find("\"SAM\" gave no answer") !=
              std::string::npos);
    });
}

TEST_CASE("what only answers people drafts nothing, and says so") {
    each_story([](Story& at) {
        Pointing desk(at, outlines(), pictures_of(at));
        const auto views = at.drafting.models(desk.project.id);
        const auto own = std::find_if(views.begin(), views.end(), [&](const ModelView& view) {
            return view.model.id == desk.model.id;
        });
        REQUIRE(own != views.end());
        CHECK(own->state == "ready");
        CHECK(own->to_draft == 0);
        CHECK(own->why.find("people at the desk") != std::string::npos);
        const auto now = at.drafting.draft_now(at.boss, desk.model.id);
        REQUIRE_FALSE(now);
        CHECK(now.refusal().message.find("cues") != std::string::npos);
    });
}

TEST_CASE("where drafts are measured, a task that shows none is for people alone") {
    each_story([](Story& at) {
        // Drafts come with the file: every task has one, and half of them are hidden.
        std::string rows;
        for (int i = 1; i <= 20; ++i)
            rows += R"({"countersign":1,"key":"k)" + std::to_string(i) +
                    R"(","data":{"text":"Ada and Ada"},"drafts":[{"model":"m","version":"1",)"
                    R"("regions":[{"id":"d1","control":"names","kind":"spans","labels":["Name"],)"
                    R"("start":0,"end":3,"confidence":0.9}]}]})"
                    "\n";
        Pointing desk(at,
                      {Modality::text, "text", {a_control("names", ControlKind::spans, {"Name"})}},
                      at.file("t.jsonl", rows), "", Json::object(), 0.5);
        Cue cue;
        Region span;
        span.id = "own";
        span.control = "names";
        span.kind = ControlKind::spans;
        span.labels = {"Name"};
        span.start = 0, span.end = 3;
        cue.regions = {span};
        int answered = 0, alone = 0;
        for (const auto& task : Story::sure(at.desk.next(at.ada, desk.project.id, 20)).tasks) {
            const auto arm = at.db.read([&](Session& s) {
                return assignment_held_by(s, task.task.id, at.ada.person)->arm;
            });
            const auto said = desk.assist.cue(at.ada, task.task.id, desk.model.id, cue, {});
            CHECK(said.operator bool() == (arm != Arm::blind));
            CHECK(task.draft.has_value() == said.operator bool());
            if (!said) CHECK(said.refusal().message.find("for you alone") != std::string::npos);
            (said ? answered : alone) += 1;
        }
        CHECK(answered > 0);
        CHECK(alone > 0);
    });
}
