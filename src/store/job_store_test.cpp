#include "store/job_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {
Id queued(Session& s, const std::string& kind, Millis run_after = 0, Id project = 1) {
    Job j;
    j.project = project;
    j.kind = kind;
    j.payload = {{"n", 1}};
    j.run_after = run_after;
    j.created = noon;
    return insert_job(s, j);
}
}  // namespace

TEST_CASE("jobs are taken oldest first, when they are due, by one worker each") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const Id later = queued(s, "import", noon + 100);
            const Id first = queued(s, "draft");
            const Id second = queued(s, "learn");
            CHECK(take_job(s, "w1", noon, noon + 10)->id == first);
            CHECK(take_job(s, "w2", noon, noon + 10)->id == second);
            CHECK_FALSE(take_job(s, "w3", noon, noon + 10));
            const auto job = take_job(s, "w3", noon + 100, noon + 200);
            REQUIRE(job);
            CHECK((job->id == later || job->id == first));
        });
    });
}

TEST_CASE("the last job of a kind that was done is found, whatever was cancelled or died since") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            CHECK_FALSE(find_last_done(s, 1, "check"));
            const auto ended = [&](JobState state, int found, Id project = 1,
                                   const std::string& kind = "check") {
                const Id id = queued(s, kind, 0, project);
                auto job = *take_job(s, "w", noon, noon + 10);
                job.state = state;
                job.result = {{"found", found}};
                finish_job(s, job, noon + 1);
                return id;
            };
            ended(JobState::done, 1);
            const Id last = ended(JobState::done, 2);
            ended(JobState::cancelled, 3);
            ended(JobState::dead, 4);
            ended(JobState::done, 5, 2);
            ended(JobState::done, 6, 1, "look");
            queued(s, "check");
            const auto found = find_last_done(s, 1, "check");
            REQUIRE(found);
            CHECK(found->id == last);
            CHECK(found->result["found"] == 2);
        });
    });
}

TEST_CASE(
    "a job whose worker died is taken over from its checkpoint, and given up after some tries") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const Id id = queued(s, "import");
            auto job = *take_job(s, "w1", noon, noon + 10);
            job.done = 5;
            job.total = 9;
            job.rate = 2.5;
            job.checkpoint = {{"row", 5}};
            CHECK(keep_job(s, job, noon + 20));
            CHECK_FALSE(take_job(s, "w2", noon + 20, noon + 30));
            auto over = take_job(s, "w2", noon + 21, noon + 30);
            REQUIRE(over);
            CHECK(over->checkpoint["row"] == 5);
            CHECK(over->done == 5);
            CHECK(over->attempts == 2);
            CHECK_FALSE(keep_job(s, job, noon + 40));
            job.state = JobState::done;
            finish_job(s, job, noon + 25);
            CHECK(find_job(s, id)->state == JobState::running);
            CHECK(take_job(s, "w3", noon + 31, noon + 40)->attempts == 3);
            CHECK_FALSE(take_job(s, "w4", noon + 41, noon + 50));
            CHECK(find_job(s, id)->state == JobState::dead);
            CHECK(find_job(s, id)->error != "");
            CHECK(retry_job(s, id, noon + 60));
            CHECK(take_job(s, "w5", noon + 60, noon + 70)->checkpoint["row"] == 5);
        });
    });
}

TEST_CASE("a finished job keeps its result, and a failed one waits before the retry") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const Id id = queued(s, "draft");
            auto job = *take_job(s, "w", noon, noon + 10);
            job.state = JobState::queued;
            job.error = "the model is not there";
            job.run_after = noon + 100;
            finish_job(s, job, noon + 5);
            CHECK_FALSE(take_job(s, "w", noon + 50, noon + 60));
            job = *take_job(s, "w", noon + 100, noon + 110);
            CHECK(job.attempts == 2);
            CHECK(job.error == "the model is not there");
            job.state = JobState::done;
            job.result = {{"drafted", 3}};
            job.error = "";
            finish_job(s, job, noon + 105);
            const auto done = *find_job(s, id);
            CHECK(done.state == JobState::done);
            CHECK(done.result["drafted"] == 3);
            CHECK(done.finished == noon + 105);
            CHECK_FALSE(retry_job(s, id, noon));
            CHECK_FALSE(cancel_job(s, id, noon));
        });
    });
}

TEST_CASE("a queued job is cancelled at once, a running one is asked to stop") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const Id waiting = queued(s, "a"), running = queued(s, "b");
            CHECK(cancel_job(s, waiting, noon));
            CHECK(find_job(s, waiting)->state == JobState::cancelled);
            CHECK(take_job(s, "w", noon, noon + 10)->id == running);
            CHECK(cancel_job(s, running, noon));
            CHECK(find_job(s, running)->cancel);
            CHECK(find_job(s, running)->state == JobState::running);
            CHECK(retry_job(s, waiting, noon));
            CHECK_FALSE(find_job(s, waiting)->cancel);
        });
    });
}

TEST_CASE("jobs are listed newest first, and an open one is found by kind") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            const Id one = queued(s, "draft", 0, 1), two = queued(s, "draft", 0, 2),
                     three = queued(s, "learn", 0, 1);
            const auto all = list_jobs(s, 0, 0, 10);
            REQUIRE(all.size() == 3);
            CHECK(all[0].id == three);
            CHECK(list_jobs(s, 0, three, 1).at(0).id == two);
            CHECK(list_jobs(s, 1, 0, 10).size() == 2);
            CHECK(find_open_job(s, 1, "draft")->id == one);
            CHECK_FALSE(find_open_job(s, 2, "learn"));
            cancel_job(s, one, noon);
            CHECK_FALSE(find_open_job(s, 1, "draft"));
        });
    });
}

TEST_CASE("verdicts of an import are listed by row; a row that is read again keeps its first") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            insert_verdicts(
                s, 4,
                {{3, "a.csv:3", "rejected", "no text"}, {1, "a.csv:1", "repaired", "trimmed"}});
            insert_verdicts(
                s, 4, {{3, "a.csv:3", "rejected", "again"}, {7, "a.csv:7", "rejected", "no text"}});
            insert_verdicts(s, 5, {{2, "b.csv:2", "rejected", "no text"}});
            const auto all = list_verdicts(s, 4, 0, 10);
            REQUIRE(all.size() == 3);
            CHECK(all[0].row == 1);
            CHECK(all[1].reason == "no text");
            CHECK(list_verdicts(s, 4, 1, 1).at(0).source == "a.csv:3");
        });
    });
}

}  // namespace countersign
