// Images that come from URLs.
#include "story.h"

#include <atomic>

#include "base/test_web.h"
#include "media/codecs.h"
#include "store/job_store.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

/// A small JPEG that no other number has.
std::string picture(int n) {
    Image image{48, 32, std::vector<std::uint8_t>(48 * 32 * 3)};
    for (std::size_t i = 0; i < image.bgr.size(); ++i)
        image.bgr[i] = static_cast<std::uint8_t>((static_cast<int>(i / 90) * (n + 3)) % 256);
    return *encode_jpeg(image, 90);
}

Schema pictures() {
    Control kind;
    kind.name = "kind";
    kind.labels = {{"cat", "", "", "", {}}, {"dog", "", "", "", {}}};
    return {Modality::image, "image", {kind}};
}

struct Gallery {
    TestWeb web;
    explicit Gallery(Story& at, TestWeb::Answer answer) : web(std::move(answer)) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    }
};

ImportOptions fetching() {
    ImportOptions options;
    options.fetch_media = true;
    return options;
}

std::vector<RowVerdict> verdicts_of(Story& at, const Project& project) {
    for (const auto& job : at.jobs.list(project.id, 0, 50))
        if (job.kind == "import") return Story::sure(at.imports.verdicts(job.id, 0, 100));
    return {};
}

/// "/7.jpg" -> 7
int number_in(const std::string& target) {
    return std::atoi(target.substr(1).c_str());
}

std::string served(const WebRequest& r) {
    return web_answer(200, picture(number_in(r.target)));
}

}  // namespace

TEST_CASE("a list of URLs becomes tasks with their images, and each row that fails says why") {
    each_story([](Story& at) {
        std::atomic<int> flaky = 0;
        Gallery gallery(at, [&](const WebRequest& r) {
            if (r.target == "/404.jpg") return web_answer(404, "no");
            if (r.target == "/page.jpg") return web_answer(200, "<html>sign in first</html>");
            if (r.target == "/flaky.jpg" && flaky++ == 0) return web_answer(503, "busy");
            return served(r);
        });
        const auto& web = gallery.web;
        const auto project = at.project(0.02, pictures());
        const auto path =
            at.file("list.txt", "# six pictures\n" + web.url("/1.jpg") + "\n" +
                                    web.url("/2.jpg?size=l") + "\r\n\n" + web.url("/404.jpg") +
                                    "\n" + web.url("/page.jpg") + "\n" + web.url("/flaky.jpg") +
                                    "\nhttp://10.0.0.1/x.jpg\nhttp://u:p@x/\n" + "not-a-URL\n");
        const auto report = at.import(project, path, fetching());
        CHECK(report.format == "urls");
        CHECK(report.rows == 8);
        CHECK(report.added == 3);
        CHECK(report.rejected == 5);
        const auto verdicts = verdicts_of(at, project);
        REQUIRE(verdicts.size() == 5);
        CHECK(verdicts[0].source == "list.txt:5");
        CHECK(verdicts[0].reason.find("answered 404") != std::string::npos);
        CHECK(verdicts[1].reason.find("page.jpg") != std::string::npos);
        CHECK(verdicts[2].reason.find("a private address") != std::string::npos);
        CHECK(verdicts[3].reason.find("user name or password") != std::string::npos);
        CHECK(verdicts[3].reason.find("u:p") == std::string::npos);
        CHECK(verdicts[4].reason.find("does not begin with http") != std::string::npos);
        at.db.read([&](Session& s) {
            const auto task = find_task_by_key(s, project.id, web.url("/2.jpg?size=l"));
            REQUIRE(task);
            CHECK(task->data == R"({"image":")" + web.url("/2.jpg?size=l") + "\"}");
            const auto media = find_media(s, task->media);
            REQUIRE(media);
            CHECK(media->width == 48);
            CHECK(Story::sure(at.blobs->get(media->sha256)) == picture(2));
        });
    });
}

TEST_CASE("the same list again asks only for what is missing") {
    each_story([](Story& at) {
        std::atomic<bool> open = false;
        Gallery gallery(at, [&](const WebRequest& r) {
            return r.target == "/2.jpg" && !open ? web_answer(403, "not yet") : served(r);
        });
        const auto project = at.project(0.02, pictures());
        const auto path = at.file(
            "list.csv", gallery.web.url("/1.jpg") + "\n" + gallery.web.url("/2.jpg") + "\n");
        CHECK(at.import(project, path, fetching()).added == 1);
        open = true;
        const auto again = at.import(project, path, fetching());
        CHECK(again.added == 1);
        CHECK(again.unchanged == 1);
        CHECK(gallery.web.asked().size() == 3);
    });
}

TEST_CASE("rows of JSONL, CSV and Label Studio bring their images and keep their labels") {
    each_story([](Story& at) {
        Gallery gallery(at, served);
        const auto& web = gallery.web;
        auto schema = pictures();
        Control boxes;
        boxes.name = "box";
        boxes.kind = ControlKind::boxes;
        boxes.required = false;
        boxes.labels = {{"cat", "", "", "", {}}};
        schema.controls.push_back(boxes);
        const auto project = at.project(0.02, schema);
        const auto jsonl =
            at.import(project,
                      at.file("a.jsonl", R"({"id":"one","image":")" + web.url("/1.jpg") +
                                             R"(","kind":"cat"})" + "\n"),
                      fetching());
        CHECK(jsonl.added == 1);
        CHECK(jsonl.labels == 1);
        const auto csv = at.import(
            project, at.file("b.csv", "id,image_url,kind\ntwo," + web.url("/2") + ",dog\n"),
            fetching());
        CHECK(csv.added == 1);
        CHECK(csv.labels == 1);
        const auto studio = at.import(
            project,
            at.file(
                "c.json",
                R"([{"data":{"image":")" + web.url("/3.jpg") +
                    R"("},"predictions":[{"result":[{"type":"rectanglelabels","from_name":"box",)"
                    R"("to_name":"image","original_width":48,"original_height":32,)"
                    R"("value":{"x":25,"y":25,"width":50,"height":50,)"
                    R"("rectanglelabels":["cat"]}}]}]}])"),
            fetching());
        CHECK(studio.added == 1);
        CHECK(studio.drafts == 1);
        at.db.read([&](Session& s) {
            const auto one = find_task_by_key(s, project.id, "one");
            REQUIRE(one);
            CHECK(find_media(s, one->media)->width == 48);
            const auto three = find_task_by_key(s, project.id, web.url("/3.jpg"));
            REQUIRE(three);
            const auto drafts = drafts_of(s, three->id);
            REQUIRE(drafts.size() == 1);
            CHECK(drafts[0].regions[0].x == doctest::Approx(12));
            CHECK(drafts[0].regions[0].width == doctest::Approx(24));
        });
    });
}

TEST_CASE("without being asked to, an import fetches nothing, and says what to do") {
    each_story([](Story& at) {
        Gallery gallery(at, served);
        const auto project = at.project(0.02, pictures());
        const auto report = at.import(
            project, at.file("a.jsonl", R"({"image":")" + gallery.web.url("/1.jpg") + "\"}\n"));
        CHECK(report.rejected == 1);
        CHECK(verdicts_of(at, project)[0].reason.find("--fetch-media") != std::string::npos);
        const auto path = at.file("list.txt", gallery.web.url("/1.jpg") + "\n");
        const auto job = Story::sure(at.imports.start_local(at.boss, project.id, {path}, {}));
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).error.find("--fetch-media") != std::string::npos);
        CHECK(gallery.web.asked().empty());
    });
}

TEST_CASE(
    "a long list is fetched side by side, written in order, and goes on from its checkpoint") {
    each_story([](Story& at) {
        Gallery gallery(at, served);
        const auto project = at.project(0.02, pictures());
        std::string list;
        for (int i = 1; i <= 100; ++i)
            list += gallery.web.url("/" + std::to_string(i) + ".jpg") + "\n";
        const auto path = at.file("list.txt", list);
        const auto job =
            Story::sure(at.imports.start_local(at.boss, project.id, {path}, fetching()));
        // A worker that died behind row 90 left this.
        at.db.write([&](Session& s) {
            auto taken = *take_job(s, "dead worker", at.clock.now(), at.clock.now() + 1000);
            ImportReport report;
            report.rows = report.accepted = report.added = 90;
            taken.checkpoint = {{"report", to_json(report)}, {"before_ms", 5}};
            REQUIRE(keep_job(s, taken, at.clock.now() + 1000));
        });
        at.clock.advance(60'000);
        at.work();
        REQUIRE(Story::sure(at.jobs.find(job.id)).state == JobState::done);
        CHECK(gallery.web.asked().size() == 10);
        const auto all = at.import(project, path, fetching());
        CHECK(all.added == 90);
        CHECK(all.unchanged == 10);
        std::vector<std::string> keys;
        at.db.read([&](Session& s) {
            TaskAsk ask;
            ask.project = project.id;
            for (const auto& row : Story::sure(list_tasks(s, ask, "", 200)).rows)
                keys.push_back(row.task.key);
        });
        REQUIRE(keys.size() == 100);
        CHECK(keys[10] == gallery.web.url("/1.jpg"));
        CHECK(keys[99] == gallery.web.url("/90.jpg"));
    });
}

TEST_CASE("cancelling ends fetches that are under way") {
    each_story([](Story& at) {
        std::atomic<bool> over = false;
        std::atomic<int> waiting = 0;
        Gallery gallery(at, [&](const WebRequest& r) {
            if (r.target == "/1.jpg") return served(r);
            ++waiting;
            while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(2));
            return std::string();
        });
        const auto project = at.project(0.02, pictures());
        const auto path = at.file(
            "list.txt", gallery.web.url("/1.jpg") + "\n" + gallery.web.url("/2.jpg") + "\n");
        const auto job =
            Story::sure(at.imports.start_local(at.boss, project.id, {path}, fetching()));
        at.jobs.start(1);
        while (waiting == 0 || progress_of(at.db, project).total == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        REQUIRE(at.jobs.cancel(at.boss, job.id));
        // The job looks at its row when its clock says it is time to.
        while (Story::sure(at.jobs.find(job.id)).state == JobState::running) {
            at.clock.advance(1000);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        at.jobs.stop();
        over = true;
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::cancelled);
        CHECK(progress_of(at.db, project).total == 1);
    });
}
