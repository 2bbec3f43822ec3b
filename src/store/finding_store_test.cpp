#include "store/finding_store.h"

#include "store/desk_store.h"
#include "store/gold_store.h"
#include "store/label_store.h"
#include "test_engines.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

StoredFinding finding_called(const Project& project, const std::string& print, Id task = 0,
                             double score = 0.5, int level = 1, int kind = 1) {
    StoredFinding f;
    f.project = project.id;
    f.fingerprint = print;
    f.kind = kind;
    f.check = "outside";
    f.task = task;
    f.level = level;
    f.score = score;
    f.body = R"({"sentence":"It sticks out."})";
    f.found = noon;
    return f;
}

std::int64_t add(Db& db, const std::vector<StoredFinding>& findings) {
    return db.write([&](Session& s) { return insert_findings(s, findings); });
}

/// Fingerprints of all pages, in order.
std::string listed_prints(Db& db, FindingAsk ask) {
    std::string out, after;
    do {
        auto page = db.read([&](Session& s) { return list_findings(s, ask, after); });
        REQUIRE(page);
        CHECK(static_cast<int>(page->findings.size()) <= ask.limit);
        for (const auto& f : page->findings) out += f.fingerprint + " ";
        after = page->next;
    } while (!after.empty());
    return out;
}

Annotation label_task(Db& db, const Project& project, Id person, const std::string& label) {
    const auto held =
        db.write([&](Session& s) { return lease_tasks(s, project, person, 1, noon); });
    REQUIRE(held.size() == 1);
    Answer answer;
    answer.task = held[0].task;
    answer.person = person;
    answer.assignment = held[0].id;
    answer.regions = choose(label);
    auto done = db.write([&](Session& s) { return record_answer(s, project, answer, noon); });
    REQUIRE(done);
    return *done;
}

}  // namespace

TEST_CASE("a finding is there once, whoever finds it again, and another project has its own") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db), other = make_project(*at.db, "others");
        CHECK(add(*at.db, {finding_called(project, "a"), finding_called(project, "b")}) == 2);
        CHECK(add(*at.db, {finding_called(project, "b"), finding_called(project, "c")}) == 1);
        CHECK(add(*at.db, {finding_called(other, "a")}) == 1);
        const auto known =
            at.db->read([&](Session& s) { return known_findings(s, project.id, 0, 2); });
        REQUIRE(known.size() == 2);
        CHECK(known[0].fingerprint == "a");
        CHECK(at.db->read([&](Session& s) {
            return known_findings(s, project.id, known[1].id, 10).size();
        }) == 1);
    });
}

TEST_CASE("the worst come first, page by page, and kinds that are shown less behind all others") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 2);
        add(*at.db, {finding_called(project, "note", tasks[0], 0.9, 0, 5),
                     finding_called(project, "mild", tasks[0], 0.2, 1, 1),
                     finding_called(project, "severe", tasks[1], 0.8, 1, 1),
                     finding_called(project, "error", tasks[1], 0.1, 2, 3),
                     finding_called(project, "same", tasks[1], 0.8, 1, 2)});
        FindingAsk ask;
        ask.project = project.id;
        for (const int limit : {1, 2, 3, 5, 50}) {
            ask.limit = limit;
            ask.shown_less = 0;
            CHECK(listed_prints(*at.db, ask) == "error severe same mild note ");
            ask.shown_less = 1u << 3 | 1u << 2;
            CHECK(listed_prints(*at.db, ask) == "severe mild note error same ");
        }
        ask.shown_less = 0;
        ask.task = tasks[0];
        CHECK(listed_prints(*at.db, ask) == "mild note ");
        ask.kind = 5;
        CHECK(listed_prints(*at.db, ask) == "note ");
        ask = {};
        ask.project = project.id;
        ask.check = "doubled";
        CHECK(listed_prints(*at.db, ask).empty());
        for (const char* broken : {"x", "1", "1.2", "1.2.", "1.2.3.4", "-1.0.0", "2.0.0"})
            CHECK(!at.db->read([&](Session& s) { return list_findings(s, ask, broken); }));
        const auto counts = at.db->read([&](Session& s) { return count_findings(s, project.id); });
        REQUIRE(counts.size() == 4);
        CHECK(counts[0].kind == 1);
        CHECK(counts[0].n == 2);
    });
}

TEST_CASE("a check moves only what it may, and what it says later replaces what it said") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        add(*at.db, {finding_called(project, "a"), finding_called(project, "b")});
        const auto known =
            at.db->read([&](Session& s) { return known_findings(s, project.id, 0, 10); });
        at.db->write([&](Session& s) {
            decide_finding(s, known[0].id, FindingState::dismissed, "It is so.", 7, noon);
            CHECK(move_findings(s, {known[0].id, known[1].id}, {FindingState::open},
                                FindingState::gone, noon + 1) == 1);
            auto later = finding_called(project, "b", 0, 1, 2);
            later.id = known[1].id;
            later.annotation = 9;
            refresh_finding(s, later);
        });
        at.db->read([&](Session& s) {
            const auto a = find_finding(s, project.id, known[0].id).value();
            CHECK(a.state == FindingState::dismissed);
            CHECK(a.reason == "It is so.");
            CHECK(a.decided_by == 7);
            const auto b = find_finding(s, project.id, known[1].id).value();
            CHECK(b.state == FindingState::gone);
            CHECK(b.level == 2);
            CHECK(b.score == 1);
            CHECK(b.annotation == 9);
            CHECK(b.decided == noon + 1);
            CHECK(!find_finding(s, project.id + 1, known[0].id));
        });
        CHECK(at.db->write([&](Session& s) {
            return move_findings(s, {known[1].id}, {FindingState::gone}, FindingState::open, noon);
        }) == 1);
    });
}

TEST_CASE("a task that is asked again comes first, and its next answer is its label") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 3);
        const Id ada = 1;
        const auto first = label_task(*at.db, project, ada, "cat");
        REQUIRE(first.task == tasks[0]);
        REQUIRE(at.db->write([&](Session& s) { return ask_again(s, project, tasks[0]); }));
        CHECK(!at.db->read([&](Session& s) { return find_label(s, project.id, tasks[0]); }));
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
        CHECK(!at.db->write([&](Session& s) { return ask_again(s, project, tasks[0]); }));
        const auto second = label_task(*at.db, project, ada, "dog");
        CHECK(second.task == tasks[0]);
        const auto label =
            at.db->read([&](Session& s) { return find_label(s, project.id, tasks[0]); });
        REQUIRE(label);
        CHECK(label->annotation == second.id);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
    });
}

TEST_CASE("where a task needs several answers one more person is asked, not those who answered") {
    each_engine([](Place& at) {
        auto project = make_project(*at.db);
        project.policy.overlap = 2;
        make_tasks(*at.db, project, 1);
        const auto task = label_task(*at.db, project, 1, "cat").task;
        label_task(*at.db, project, 2, "cat");
        REQUIRE(at.db->write([&](Session& s) { return ask_again(s, project, task); }));
        CHECK(
            at.db->write([&](Session& s) { return lease_tasks(s, project, 1, 1, noon); }).empty());
        label_task(*at.db, project, 3, "dog");
        CHECK(progress_of(*at.db, project).done == 1);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
    });
}

TEST_CASE("a label is put back while nobody has taken the task, and not later") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 1);
        const auto first = label_task(*at.db, project, 1, "cat");
        const auto ask = [&] {
            auto before =
                at.db->write([&](Session& s) { return ask_again(s, project, first.task); });
            REQUIRE(before);
            return *before;
        };
        const auto put_back = [&](const std::string& before) {
            return at.db->write(
                [&](Session& s) { return put_label_back(s, project, first.task, before, noon); });
        };
        auto before = ask();
        CHECK(!put_back(""));
        REQUIRE(put_back(before));
        const auto label =
            at.db->read([&](Session& s) { return find_label(s, project.id, first.task); });
        REQUIRE(label);
        CHECK(label->annotation == first.id);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
        CHECK(!put_back(before));
        before = ask();
        at.db->write([&](Session& s) { return lease_tasks(s, project, 2, 1, noon); });
        CHECK(!put_back(before));
    });
}

TEST_CASE("a label is corrected at once, and the correction is taken back") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 1);
        const auto first = label_task(*at.db, project, 1, "cat");
        const auto label = [&] {
            return at.db->read([&](Session& s) { return find_label(s, project.id, first.task); })
                .value();
        };
        Annotation correction;
        correction.task = first.task;
        correction.person = 2;
        correction.regions = choose("dog");
        correction.created = noon + 1;
        const auto corrected =
            at.db->write([&](Session& s) { return correct_label(s, project, correction); });
        REQUIRE(corrected);
        CHECK(label().annotation == corrected->annotation.id);
        CHECK(label().origin == LabelOrigin::adjudicated);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
        const auto put_back = [&] {
            return at.db->write([&](Session& s) {
                return put_label_back(s, project, first.task, corrected->before, noon + 2);
            });
        };
        REQUIRE(put_back());
        CHECK(label().annotation == first.id);
        CHECK(label().origin == LabelOrigin::human);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
        CHECK(!put_back());
    });
}

TEST_CASE("gold is not asked again") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 1);
        const auto first = label_task(*at.db, project, 1, "cat");
        REQUIRE(at.db->write(
            [&](Session& s) { return mark_gold(s, project, first.task, first.person, noon); }));
        const auto asked =
            at.db->write([&](Session& s) { return ask_again(s, project, first.task); });
        REQUIRE(!asked);
        CHECK(asked.refusal().message.find("gold") != std::string::npos);
    });
}

TEST_CASE("when a project was checked last is kept") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        CHECK(!at.db->read([&](Session& s) { return last_check(s, project.id); }));
        at.db->write([&](Session& s) {
            save_check(s, project.id, {noon, 40});
            save_check(s, project.id, {noon + 5, 30});
        });
        CHECK(at.db->read([&](Session& s) { return last_check(s, project.id); })->checked ==
              noon + 5);
    });
}
