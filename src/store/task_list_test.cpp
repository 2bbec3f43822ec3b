#include "store/task_list.h"

#include <algorithm>

#include "store/slow_filter.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

/// One or more of everything that can be asked.
const std::vector<std::string> parts = {"state:ready",
                                        "state:leased",
                                        "state:done",
                                        "state:disputed",
                                        "state:leased,disputed",
                                        "state:ready,done",
                                        "lane:edge",
                                        "lane:audit,dispute",
                                        "arm:blind",
                                        "arm:assisted",
                                        "action:accepted",
                                        "action:edited,imported",
                                        "label:sport",
                                        "label:other",
                                        "label:sport,kind",
                                        R"(label:"tone of voice"=other)",
                                        "label:topic=other,topic=trade",
                                        "label:nothing",
                                        "by:ada",
                                        "by:bob,me",
                                        "by:cy",
                                        "assigned:me",
                                        "assigned:bob,cy",
                                        "assigned:anyone",
                                        "flagged:yes",
                                        "flagged:no",
                                        "commented:yes",
                                        "commented:no",
                                        "drafted:yes",
                                        "drafted:no",
                                        "probability:0.3..0.6",
                                        "probability:..0.1,0.9..",
                                        "confidence:0.5..",
                                        "model:small",
                                        R"(model:"big model")",
                                        "key:box",
                                        "key:k1",
                                        R"(text:"late \"parcel")",
                                        "text:100%",
                                        "text:a_b,thanks",
                                        "file:k919",
                                        "import:j0000000002",
                                        "import:j0000000001,j0000000003",
                                        "created:2023-11-16",
                                        "created:2023-11-17..",
                                        "created:1d..",
                                        "decided:..2023-11-30",
                                        "decided:2023-11-25..2023-12-05",
                                        "decided:20d.."};

constexpr Millis now = slow::start + 30 * Millis{86'400'000};

TaskAsk ask_of(const slow::Cast& cast, const std::string& text) {
    TaskAsk ask;
    ask.project = cast.project.id;
    const auto filter = parse_task_filter(text);
    if (!filter) FAIL(filter.refusal().message);
    ask.filter = *filter;
    ask.caller = cast.people[0];
    ask.now = now;
    return ask;
}

std::vector<Id> walked(Session& s, const TaskAsk& ask, int limit) {
    std::vector<Id> out;
    std::string cursor;
    for (int pages = 0; pages < 2000; ++pages) {
        const auto page = match_tasks(s, ask, cursor, limit);
        if (!page) FAIL(page.refusal().message);
        CHECK(static_cast<int>(page->tasks.size()) <= limit);
        out.insert(out.end(), page->tasks.begin(), page->tasks.end());
        cursor = page->next;
        if (cursor.empty()) return out;
    }
    FAIL("a list without an end");
    return out;
}

void holds_for(Place& at, const slow::Cast& cast, bool all, const std::vector<std::string>& texts) {
    at.db->read([&](Session& s) {
        auto whole = ask_of(cast, "");
        whole.all = all;
        const auto facts = slow::all_facts(s, whole);
        std::size_t n = 0;
        for (const auto& text : texts)
            for (const auto order : {TaskOrder::imported, TaskOrder::key, TaskOrder::probability,
                                     TaskOrder::decided}) {
                const bool plain = !text.starts_with('-') && text.find(' ') == text.npos;
                ++n;
                if (!plain && n % 4 != (n / 4) % 4) continue;
                auto ask = ask_of(cast, text);
                ask.all = all;
                ask.sort = {order, n % 3 == 1};
                const bool small = n % 5 == 0;
                ask.looks = small ? 23 : 0;
                INFO("filter: ", text, "  sort: ", sort_text(ask.sort), "  looks: ", ask.looks);
                const auto expected = slow::matches(s, ask, facts);
                CHECK(walked(s, ask, small ? 7 : 50) == expected);
                ask.looks = 0;
                const auto count = count_tasks(s, ask);
                REQUIRE(count);
                CHECK(count->count == static_cast<std::int64_t>(expected.size()));
                CHECK(!count->more);
            }
    });
}

/// Each part, the opposite of each, and random threes.
std::vector<std::string> many_filters() {
    std::vector<std::string> out = {""};
    for (const auto& part : parts) {
        out.push_back(part);
        out.push_back("-" + part);
    }
    Rng rng(11);
    for (int i = 0; i < 60; ++i) {
        std::string text;
        for (int k = 0; k < 2 + i % 2; ++k)
            text += (text.empty() ? "" : " ") + std::string(rng.below(4) == 0 ? "-" : "") +
                    parts[rng.below(static_cast<std::uint32_t>(parts.size()))];
        out.push_back(text);
    }
    return out;
}

}  // namespace

TEST_CASE("every filter and sort lists what a slow search finds, page by page, and counts it") {
    each_engine([](Place& at) {
        slow::make_cast(*at.db, 30, "noise");
        const auto cast = slow::make_cast(*at.db, 150);
        slow::make_cast(*at.db, 30, "more-noise");
        holds_for(at, cast, true, many_filters());
    });
}

TEST_CASE("of given tasks those that match are the ones that the whole list has too") {
    each_engine([](Place& at) {
        const auto cast = slow::make_cast(*at.db, 150);
        at.db->read([&](Session& s) {
            std::vector<Id> given;
            for (std::size_t i = 0; i < cast.tasks.size(); i += 3) given.push_back(cast.tasks[i]);
            for (const auto& text : many_filters()) {
                INFO("filter: ", text);
                const auto ask = ask_of(cast, text);
                const auto all = walked(s, ask, 50);
                std::vector<Id> expected;
                for (const Id task : given)
                    if (std::find(all.begin(), all.end(), task) != all.end())
                        expected.push_back(task);
                const auto found = matching(s, ask, given);
                REQUIRE(found);
                CHECK(*found == expected);
            }
            CHECK(matching(s, ask_of(cast, ""), {})->empty());
        });
    });
}

TEST_CASE("who sees less finds labels only of tasks that are done") {
    each_engine([](Place& at) {
        const auto cast = slow::make_cast(*at.db, 90);
        // No step of the desk leaves a label on a task that is open: the rule holds without it too.
        at.db->write([&](Session& s) {
            s.run("UPDATE queue SET state = 0 WHERE task_id % 4 = 0 AND state = 2");
        });
        std::vector<std::string> asked;
        for (const auto& part : parts) {
            const auto filter = *parse_task_filter(part);
            Caller annotator;
            if (!check_may_ask(annotator, filter, {})) continue;
            asked.push_back(part);
            asked.push_back("-" + part);
        }
        CHECK(asked.size() > 50);
        at.db->read([&](Session& s) {
            auto whole = ask_of(cast, "");
            whole.all = false;
            const auto facts = slow::all_facts(s, whole);
            for (const auto& text : asked)
                for (const auto order : {TaskOrder::imported, TaskOrder::key, TaskOrder::decided}) {
                    auto ask = ask_of(cast, text);
                    ask.all = false;
                    ask.sort.order = order;
                    INFO("filter: ", text, "  sort: ", sort_text(ask.sort));
                    CHECK(walked(s, ask, 7) == slow::matches(s, ask, facts));
                }
            const auto page = list_tasks(s, whole, "", 100);
            for (const auto& row : page->rows)
                if (row.task.state != TaskState::done) CHECK(row.labels == "");
        });
    });
}

TEST_CASE("the draft of a task that the caller holds blind counts as none") {
    each_engine([](Place& at) {
        const auto cast = slow::make_cast(*at.db, 150);
        at.db->read([&](Session& s) {
            const auto facts = slow::all_facts(s, ask_of(cast, ""));
            const auto blind = std::find_if(facts.begin(), facts.end(),
                                            [](const slow::Facts& f) { return f.veiled; });
            REQUIRE(blind != facts.end());
            const Id task = blind->task.id;
            const auto lists = [&](const std::string& text, TaskSort sort = {}) {
                auto ask = ask_of(cast, text);
                ask.sort = sort;
                const auto found = walked(s, ask, 50);
                return std::find(found.begin(), found.end(), task) != found.end();
            };
            CHECK(lists("drafted:no"));
            CHECK(!lists("drafted:yes"));
            CHECK(!lists("probability:0.."));
            CHECK(!lists("confidence:0.."));
            CHECK(!lists("model:small,\"big model\""));
            CHECK(lists("", {TaskOrder::probability, false}));
            for (const auto& row : task_rows(s, ask_of(cast, ""), {task})) CHECK(!row.probability);
        });
    });
}

TEST_CASE("a list refuses names there are not, and the cursor of another sort") {
    each_engine([](Place& at) {
        const auto cast = slow::make_cast(*at.db, 30);
        at.db->read([&](Session& s) {
            const auto refused = [&](const std::string& text) {
                const auto page = list_tasks(s, ask_of(cast, text), "", 10);
                REQUIRE(!page);
                return page.refusal().message;
            };
            CHECK(refused("by:dora").find("there is no person \"dora\"") != std::string::npos);
            CHECK(refused("assigned:dora").find("by") == std::string::npos);
            CHECK(refused("-model:none").find("there is no model") != std::string::npos);
            auto ask = ask_of(cast, "");
            const auto next = list_tasks(s, ask, "", 10)->next;
            ask.sort.order = TaskOrder::decided;
            CHECK(!list_tasks(s, ask, next, 10));
            const auto other = list_tasks(s, ask, "", 2)->next;
            ask.sort.down = true;
            CHECK(!list_tasks(s, ask, other, 10));
            ask.sort.down = false;
            CHECK(list_tasks(s, ask, other, 10));
            for (const std::string odd : {"z", "z000000000a", "z000000000a-du0-zz", "t0000000001"})
                CHECK(!list_tasks(s, ask, odd, 10));
        });
    });
}

TEST_CASE("a count that would cost too much says more than it counted") {
    each_engine([](Place& at) {
        const auto cast = slow::make_cast(*at.db, 30);
        at.db->read([&](Session& s) {
            auto ask = ask_of(cast, "lane:routine,edge,audit,dispute,finding");
            ask.looks = 20;
            const auto count = count_tasks(s, ask);
            REQUIRE(count);
            CHECK(count->count == 20);
            CHECK(count->more);
        });
    });
}

}  // namespace countersign
