// What looks wrong: found, worked off, and never found twice.
#include <algorithm>
#include <set>

#include "app/inspector.h"
#include "app/team.h"
#include "store/job_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

/// A supervisor's view of a project.
struct Inspected {
    Story& at;
    Project project;
    Inspector inspector{at.world};

    Job check() {
        const auto job = Story::sure(inspector.check(at.boss, project.id));
        at.jobs.run_until_idle();
        auto ended = Story::sure(at.jobs.find(job.id));
        INFO(ended.error);
        REQUIRE(ended.state == JobState::done);
        return ended;
    }
    std::vector<FindingView> listed(const std::string& check = "",
                                    std::optional<FindingState> state = FindingState::open) {
        Inspector::Filter filter;
        filter.check = check;
        filter.state = state;
        return Story::sure(inspector.list(project.id, filter, "", 200)).findings;
    }
    /// The keys of the tasks that a check names.
    std::set<std::string> keys(const std::string& check,
                               std::optional<FindingState> state = FindingState::open) {
        std::set<std::string> out;
        for (const auto& one : listed(check, state)) out.insert(one.stored.task_key);
        return out;
    }
    FindingView of(const std::string& check, const std::string& key) {
        for (auto& one : listed(check, std::nullopt))
            if (one.stored.task_key == key) return one;
        FAIL("no " << check << " of " << key);
        return {};
    }
    Inspector::Outcome decide(Id finding, FindingVerdict verdict, const std::string& reason = "") {
        return Story::sure(inspector.decide(at.boss, project.id, {finding}, verdict, reason));
    }
    FindingState state_of(Id finding) {
        return at.db.read([&](Session& s) { return find_finding(s, project.id, finding); })
            .value()
            .state;
    }
};

std::string labelled(const std::string& key, const std::string& text, const std::string& label) {
    return R"({"id":")" + key + R"(","text":")" + text + R"(","label":")" + label + "\"}\n";
}

/// Sixty animals of which "7" and "20" have another's label, "copy" says what "1" says with another
/// label, and "again" the same with the same.
std::string planted_lines() {
    std::string out;
    for (int i = 1; i <= 60; ++i) {
        const auto text = telling_text(i);
        auto label = telling_label(text);
        if (i == 7 || i == 20) label = label == "cat" ? "dog" : "cat";
        out += labelled(std::to_string(i), text, label);
    }
    out += labelled("copy", telling_text(1), telling_label(telling_text(2)));
    out += labelled("again", telling_text(3), telling_label(telling_text(3)));
    return out;
}

Inspected planted(Story& at) {
    Inspected out{at, at.project()};
    at.import(out.project, at.file("animals.jsonl", planted_lines()));
    return out;
}

Schema towns() {
    Schema schema;
    schema.modality = Modality::text;
    schema.source = "text";
    Control spans;
    spans.name = "names";
    spans.kind = ControlKind::spans;
    spans.labels = {{"Town", "", "", "", {}}};
    schema.controls = {spans};
    return schema;
}

Region span_of(double start, double end) {
    Region r;
    r.id = "s";
    r.control = "names";
    r.kind = ControlKind::spans;
    r.labels = {"Town"};
    r.start = start;
    r.end = end;
    return r;
}

DeskReply mark(Story& at, const Caller& who, const DeskTask& task, double start, double end) {
    DeskAnswer answer;
    answer.task = task.task.id;
    answer.assignment = task.assignment.id;
    answer.regions = {span_of(start, end)};
    answer.active_ms = 4'000;
    return Story::sure(at.desk.submit(who, answer));
}

}  // namespace

TEST_CASE("planted errors are found, each once, however often a project is checked") {
    each_story([](Story& at) {
        auto desk = planted(at);
        const auto first = desk.check();
        CHECK(first.done == 62);
        CHECK(first.result["new"].get<int>() > 0);
        const auto wrong = desk.keys("label-error");
        CHECK(wrong.contains("7"));
        CHECK(wrong.contains("20"));
        CHECK(desk.listed("conflicting-duplicate").size() == 1);
        CHECK(desk.listed("duplicate").size() == 1);
        for (const auto& one : desk.listed()) {
            REQUIRE(one.row);
            CHECK(!one.body.sentence.empty());
            CHECK(one.stored.kind == static_cast<int>(one.row->kind));
        }
        const auto conflict = desk.listed("conflicting-duplicate").front();
        REQUIRE(conflict.body.evidence.size() == 1);
        CHECK(std::set<std::string>{conflict.stored.task_key, conflict.body.evidence[0].name} ==
              std::set<std::string>{"1", "copy"});
        CHECK(desk.listed().front().stored.level == 2);

        const auto all = desk.listed("", std::nullopt).size();
        const auto second = desk.check();
        CHECK(second.result["new"] == 0);
        CHECK(second.result["gone"] == 0);
        CHECK(desk.listed("", std::nullopt).size() == all);
        const auto summary = Story::sure(desk.inspector.summary(desk.project.id));
        CHECK(summary.checked == at.clock.now());
        CHECK(!summary.job);
    });
}

TEST_CASE("what was dismissed stays dismissed, until that is taken back") {
    each_story([](Story& at) {
        auto desk = planted(at);
        desk.check();
        const Id finding = desk.of("label-error", "7").stored.id;
        CHECK(!desk.inspector.decide(at.boss, desk.project.id, {finding}, FindingVerdict::dismissed,
                                     ""));
        CHECK(desk.decide(finding, FindingVerdict::dismissed, "It is a dog.").done == 1);
        CHECK(desk.decide(finding, FindingVerdict::fixed).refused.size() == 1);
        desk.check();
        CHECK(desk.state_of(finding) == FindingState::dismissed);
        CHECK(!desk.keys("label-error").contains("7"));
        const auto kept = desk.of("label-error", "7");
        CHECK(kept.stored.reason == "It is a dog.");
        CHECK(kept.stored.decided_by_name == "boss");

        const auto undone = Story::sure(desk.inspector.undo(at.boss, desk.project.id, {finding}));
        CHECK(undone.done == 1);
        CHECK(desk.keys("label-error").contains("7"));
        CHECK(Story::sure(desk.inspector.undo(at.boss, desk.project.id, {finding})).done == 0);
    });
}

TEST_CASE("a task that is sent back is labelled next, and its finding closes with the new label") {
    each_story([](Story& at) {
        auto desk = planted(at);
        desk.check();
        const Id seven = desk.of("label-error", "7").stored.id;
        const Id twenty = desk.of("label-error", "20").stored.id;
        CHECK(desk.decide(seven, FindingVerdict::relabel).done == 1);
        CHECK(desk.decide(twenty, FindingVerdict::relabel).done == 1);
        CHECK(desk.decide(seven, FindingVerdict::relabel).refused.size() == 1);
        desk.check();
        CHECK(desk.state_of(seven) == FindingState::waiting);

        // One gets its right label, the other the same as before.
        for (int i = 0; i < 2; ++i) {
            const auto task = at.one(at.ada, desk.project);
            const auto said = task.task.key == "7" ? telling_label(telling_text(7)) : "cat";
            REQUIRE((task.task.key == "7" || task.task.key == "20"));
            REQUIRE(at.answer(at.ada, task, said));
        }
        at.work();
        desk.check();
        CHECK(desk.state_of(seven) == FindingState::fixed);
        CHECK(desk.state_of(twenty) == FindingState::open);
        CHECK(text_of(progress_of(at.db, desk.project)) == text_of(counted(at.db, desk.project)));
    });
}

TEST_CASE("sending back is undone while nobody has taken the task") {
    each_story([](Story& at) {
        auto desk = planted(at);
        desk.check();
        const auto before = at.exported(desk.project);
        const Id seven = desk.of("label-error", "7").stored.id;
        desk.decide(seven, FindingVerdict::relabel);
        CHECK(Story::sure(desk.inspector.undo(at.boss, desk.project.id, {seven})).done == 1);
        CHECK(desk.state_of(seven) == FindingState::open);
        CHECK(at.exported(desk.project) == before);

        desk.decide(seven, FindingVerdict::relabel);
        at.one(at.ada, desk.project);
        const auto late = Story::sure(desk.inspector.undo(at.boss, desk.project.id, {seven}));
        CHECK(late.done == 0);
        REQUIRE(late.refused.size() == 1);
        CHECK(desk.state_of(seven) == FindingState::waiting);
    });
}

TEST_CASE("several findings are decided at once, and those that cannot be say why") {
    each_story([](Story& at) {
        auto desk = planted(at);
        desk.check();
        std::vector<Id> ids;
        for (const auto& one : desk.listed()) ids.push_back(one.stored.id);
        ids.push_back(999'999);
        const auto outcome = Story::sure(desk.inspector.decide(
            at.boss, desk.project.id, ids, FindingVerdict::dismissed, "All of it is meant."));
        CHECK(outcome.done == static_cast<std::int64_t>(ids.size()) - 1);
        REQUIRE(outcome.refused.size() == 1);
        CHECK(outcome.refused[0].finding == 999'999);
        CHECK(desk.listed().empty());
        CHECK(!desk.inspector.decide(at.boss, desk.project.id, std::vector<Id>(1'001, ids[0]),
                                     FindingVerdict::fixed, ""));
        const auto events =
            at.db.read([&](Session& s) { return list_events(s, desk.project.id, 0, 1'000); });
        CHECK(std::count_if(events.begin(), events.end(),
                            [](const Event& e) { return e.kind == "findings.decided"; }) == 1);
    });
}

TEST_CASE("a kind whose findings are mostly dismissed comes behind all others") {
    std::vector<FindingCount> counts{
        {static_cast<int>(FindingKind::boundary), FindingState::fixed, 1},
        {static_cast<int>(FindingKind::boundary), FindingState::dismissed, 11},
        {static_cast<int>(FindingKind::geometry), FindingState::fixed, 2},
        {static_cast<int>(FindingKind::geometry), FindingState::dismissed, 2},
        {static_cast<int>(FindingKind::leak), FindingState::dismissed, 5}};
    std::map<FindingKind, KindTally> of;
    for (const auto& tally : tallies(counts)) of[tally.kind] = tally;
    CHECK(of[FindingKind::boundary].is_shown_less());
    CHECK(of[FindingKind::boundary].precision()->share == doctest::Approx(1.0 / 12));
    CHECK(of[FindingKind::boundary].precision()->high < 0.5);
    CHECK(!of[FindingKind::geometry].precision());
    CHECK(!of[FindingKind::geometry].is_shown_less());
    CHECK(!of[FindingKind::leak].is_shown_less());
}

TEST_CASE("each answer is looked at as it comes, and one that is corrected closes what it had") {
    each_story([](Story& at) {
        Inspected desk{at, at.project(0.02, towns())};
        at.import(desk.project, at.file("towns.jsonl", R"({"id":"1","text":"In Berlin it rains."})"
                                                       "\n"));
        desk.inspector.start();
        const auto cut = mark(at, at.ada, at.one(at.ada, desk.project), 3, 7);
        desk.inspector.settle();
        REQUIRE(desk.listed("cuts-word").size() == 1);
        const auto found = desk.listed("cuts-word").front();
        CHECK(found.stored.annotation == cut.annotation.id);
        CHECK(found.stored.task_key == "1");
        REQUIRE(found.body.place);
        CHECK(found.body.place->start == 3);
        CHECK(found.body.place->end == 7);

        const auto again = Story::sure(at.desk.undo(at.ada, cut.annotation.id));
        desk.inspector.settle();
        CHECK(desk.state_of(found.stored.id) == FindingState::gone);
        mark(at, at.ada, again, 3, 7);
        desk.inspector.settle();
        CHECK(desk.state_of(found.stored.id) == FindingState::open);
        desk.decide(found.stored.id, FindingVerdict::relabel);
        mark(at, at.ada, at.one(at.ada, desk.project), 3, 9);
        desk.inspector.settle();
        CHECK(desk.state_of(found.stored.id) == FindingState::fixed);
        CHECK(desk.listed().empty());
        desk.inspector.stop();
    });
}

TEST_CASE("a project that changed is checked again once it has been quiet for a minute") {
    each_story([](Story& at) {
        Inspected desk{at, at.project()};
        desk.inspector.start();
        at.import(desk.project, at.file("animals.jsonl", planted_lines()));
        desk.inspector.settle();
        const auto checks = [&] {
            return at.db.read([&](Session& s) {
                const auto jobs = list_jobs(s, desk.project.id, 0, 100);
                return std::count_if(jobs.begin(), jobs.end(),
                                     [](const Job& job) { return job.kind == "check"; });
            });
        };
        CHECK(checks() == 0);
        at.clock.advance(61'000);
        desk.inspector.settle();
        CHECK(checks() == 1);
        at.work();
        CHECK(!desk.listed().empty());
        at.clock.advance(600'000);
        desk.inspector.settle();
        CHECK(checks() == 1);
        desk.inspector.stop();
    });
}

TEST_CASE("what nobody changed and is not found any more is gone") {
    each_story([](Story& at) {
        auto desk = planted(at);
        desk.check();
        const auto schema_of = [&](const Schema& schema) {
            Projects::Change change;
            change.schema = schema;
            desk.project = Story::sure(at.projects.change(at.boss, desk.project.id, change));
        };
        const auto before = desk.project.schema;
        auto schema = before;
        schema.controls[0].labels.push_back({"giraffe", "", "", "", {}});
        schema_of(schema);
        desk.check();
        REQUIRE(desk.listed("unused-label").size() == 1);
        const Id finding = desk.listed("unused-label").front().stored.id;
        schema_of(before);
        desk.check();
        CHECK(desk.state_of(finding) == FindingState::gone);
    });
}

TEST_CASE("a person who answers faster than one can read is named once, to the supervisor") {
    each_story([](Story& at) {
        Inspected desk{at, at.project()};
        at.import(desk.project, at.file("texts.jsonl", lines(1, 40)));
        for (int i = 0; i < 40; ++i) {
            auto task = at.one(at.ada, desk.project);
            DeskAnswer answer;
            answer.task = task.task.id;
            answer.assignment = task.assignment.id;
            answer.regions = choose("cat");
            answer.active_ms = 100;
            REQUIRE(at.desk.submit(at.ada, answer));
        }
        desk.check();
        desk.check();
        REQUIRE(desk.listed("too-fast").size() == 1);
        const auto found = desk.listed("too-fast").front();
        CHECK(found.stored.person == at.ada.person);
        CHECK(found.stored.person_name == "ada");
        CHECK(found.stored.task == 0);
        const auto refused = desk.decide(found.stored.id, FindingVerdict::relabel);
        CHECK(refused.refused.size() == 1);
    });
}

TEST_CASE("white space is trimmed by one action, which is taken back as easily") {
    each_story([](Story& at) {
        Inspected desk{at, at.project(0.02, towns())};
        at.import(desk.project, at.file("towns.jsonl", R"({"id":"1","text":"In Berlin it rains."})"
                                                       "\n"));
        mark(at, at.ada, at.one(at.ada, desk.project), 3, 10);
        desk.check();
        const auto found = desk.of("white-space", "1");
        const auto before = at.exported(desk.project);
        const auto mend = [&] {
            return Story::sure(desk.inspector.mend(at.boss, desk.project.id, {found.stored.id}));
        };
        CHECK(mend().done == 1);
        CHECK(desk.state_of(found.stored.id) == FindingState::fixed);
        CHECK(at.exported(desk.project).find("\"text\":\"Berlin\"") != std::string::npos);
        CHECK(mend().refused.size() == 1);
        desk.check();
        CHECK(desk.state_of(found.stored.id) == FindingState::fixed);
        CHECK(text_of(progress_of(at.db, desk.project)) == text_of(counted(at.db, desk.project)));

        REQUIRE(
            Story::sure(desk.inspector.undo(at.boss, desk.project.id, {found.stored.id})).done ==
            1);
        CHECK(at.exported(desk.project) == before);
        desk.check();
        CHECK(desk.state_of(found.stored.id) == FindingState::open);
    });
}
