// Webhooks to receivers that fail, hang, come back, and check the signature.
#include "story.h"

#include <atomic>
#include <set>

#include "app/webhooks.h"
#include "base/test_web.h"
#include "store/webhook_store.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr Millis hour = 3'600'000;

struct Receiver {
    std::atomic<int> status = 200;
    TestWeb web{[this](const WebRequest&) { return web_answer(status, "said"); }};
    Webhooks hooks;
    explicit Receiver(Story& at) : hooks(at.world) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    }

    std::vector<std::string> kinds() {
        std::vector<std::string> out;
        for (const auto& asked : web.asked()) out.push_back(asked.header("countersign-event"));
        return out;
    }
};

Webhook hook_of(Story& at, Id id) {
    return at.db.read([&](Session& s) { return *find_webhook(s, id); });
}

}  // namespace

TEST_CASE("what happens is told in order, signed, and once when all goes well") {
    each_story([](Story& at) {
        const auto project = at.project();
        Receiver to(at);
        const auto added = Story::sure(to.hooks.add(at.boss, project.id, to.web.url("/hook?k=1"),
                                                    {"annotation", "import.finished"}, ""));
        CHECK(added.secret.size() >= 32);
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "dog"));
        to.hooks.deliver_due();
        to.hooks.deliver_due();
        CHECK(to.kinds() == std::vector<std::string>{"import.finished", "annotation.submitted",
                                                     "annotation.submitted"});
        std::set<std::string> deliveries;
        for (const auto& asked : to.web.asked()) {
            CHECK(asked.method == "POST");
            CHECK(asked.target == "/hook?k=1");
            CHECK(asked.header("content-type") == "application/json");
            const auto seconds = std::stoll(asked.header("countersign-timestamp"));
            CHECK(seconds == at.clock.now() / 1000);
            // As the receiver does it: from the bytes, the time and the shared secret.
            CHECK(asked.header("countersign-signature") ==
                  "v1=" +
                      hex(hmac_sha256(added.secret, std::to_string(seconds) + "." + asked.body)));
            deliveries.insert(asked.header("countersign-delivery"));
            const auto body = *parse_json(asked.body);
            CHECK(body["kind"] == asked.header("countersign-event"));
            CHECK(body["project"] == wire_id('p', project.id));
            CHECK(asked.body.find(added.secret) == std::string::npos);
        }
        CHECK(deliveries.size() == 3);
        at.db.read([&](Session& s) {
            for (const auto& event : list_events(s, project.id, 0, 1000))
                CHECK_MESSAGE(is_event_kind(event.kind), event.kind);
        });
        const auto body = *parse_json(to.web.asked()[1].body);
        CHECK(body["person"] == wire_id('u', at.ada.person));
        CHECK(body["task"].is_string());
        const auto log = Story::sure(to.hooks.deliveries(added.webhook.id, 10));
        REQUIRE(log.size() == 3);
        CHECK(log[0].status == 200);
        CHECK(log[0].error.empty());
    });
}

TEST_CASE(
    "a receiver that fails gets the same event again, later and later, and then all of them") {
    each_story([](Story& at) {
        const auto project = at.project();
        Receiver to(at);
        to.status = 500;
        const auto id =
            Story::sure(to.hooks.add(at.boss, project.id, to.web.url("/"), {"annotation"}, ""))
                .webhook.id;
        at.import(project, at.file("tasks.jsonl", lines(1, 2)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "dog"));
        Millis waited = 0;
        for (int i = 1; i <= 4; ++i) {
            to.hooks.deliver_due();
            CHECK(to.web.asked().size() == static_cast<std::size_t>(i));
            const auto hook = hook_of(at, id);
            CHECK(hook.failures == i);
            CHECK(hook.why == "It answered 500.");
            const Millis wait = hook.next_try - at.clock.now();
            CHECK(wait > waited);
            waited = wait;
            at.clock.advance(wait - 1);
            to.hooks.deliver_due();
            CHECK(to.web.asked().size() == static_cast<std::size_t>(i));
            at.clock.advance(1);
        }
        to.status = 204;
        to.hooks.deliver_due();
        const auto asked = to.web.asked();
        REQUIRE(asked.size() == 6);
        for (int i = 1; i < 5; ++i) {
            CHECK(asked[i].body == asked[0].body);
            CHECK(asked[i].header("countersign-delivery") ==
                  asked[0].header("countersign-delivery"));
        }
        CHECK(asked[5].body != asked[0].body);
        const auto hook = hook_of(at, id);
        CHECK(hook.failures == 0);
        CHECK(hook.failing_since == 0);
        CHECK(hook.why.empty());
        CHECK(Story::sure(to.hooks.deliveries(id, 10))[1].attempt == 5);
    });
}

TEST_CASE("a crash between delivery and cursor repeats the event and loses none") {
    each_story([](Story& at) {
        const auto project = at.project();
        Receiver to(at);
        const auto id =
            Story::sure(to.hooks.add(at.boss, project.id, to.web.url("/"), {"annotation"}, ""))
                .webhook.id;
        at.import(project, at.file("tasks.jsonl", lines(1, 1)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        // A server took the webhook, delivered, and died before it wrote the cursor.
        at.db.write([&](Session& s) {
            REQUIRE(take_webhook(s, "dead", at.clock.now(), at.clock.now() + 60'000));
        });
        to.hooks.deliver_due();
        CHECK(to.web.asked().empty());
        at.clock.advance(61'000);
        to.hooks.deliver_due();
        REQUIRE(to.web.asked().size() == 1);
        CHECK(
            to.web.asked()[0].header("countersign-delivery").starts_with(wire_id('h', id) + "-e"));
    });
}

TEST_CASE(
    "a webhook that fails for three days is switched off with the reason, and on again with all") {
    each_story([](Story& at) {
        const auto project = at.project();
        Receiver to(at);
        to.status = 503;
        const auto id =
            Story::sure(to.hooks.add(at.boss, project.id, to.web.url("/"), {"annotation"}, ""))
                .webhook.id;
        at.import(project, at.file("tasks.jsonl", lines(1, 1)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        for (int i = 0; i < 80; ++i) {
            to.hooks.deliver_due();
            at.clock.advance(2 * hour);
        }
        const auto off = hook_of(at, id);
        CHECK_FALSE(off.enabled);
        CHECK(off.why ==
              "Switched off after three days of failures. The last one: It answered 503.");
        const auto tries = to.web.asked().size();
        CHECK(tries < 60);
        at.db.read([&](Session& s) {
            const auto events = list_events(s, project.id, 0, 1000);
            CHECK(events.back().kind == "webhook.disabled");
        });
        to.status = 200;
        REQUIRE(to.hooks.change(at.boss, id, {{}, {}, true}));
        to.hooks.deliver_due();
        REQUIRE(to.web.asked().size() == tries + 1);
        CHECK(to.web.asked().back().body == to.web.asked().front().body);
        to.status = 410;
        at.import(project, at.file("more.jsonl", lines(2, 2)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        to.hooks.deliver_due();
        CHECK_FALSE(hook_of(at, id).enabled);
    });
}

TEST_CASE("a receiver that never answers holds up nothing but itself") {
    each_story([](Story& at) {
        const auto project = at.project();
        std::atomic<bool> over = false;
        std::atomic<int> hanging = 0;
        TestWeb tar([&](const WebRequest&) {
            ++hanging;
            while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(2));
            return std::string();
        });
        Receiver to(at);
        REQUIRE(to.hooks.add(at.boss, project.id, tar.url("/"), {"import"}, ""));
        REQUIRE(to.hooks.add(at.boss, project.id, to.web.url("/"), {"annotation"}, ""));
        at.import(project, at.file("tasks.jsonl", lines(1, 2)));
        to.hooks.start(2);
        while (hanging == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        // While one is stuck people decide, jobs run, and the other receiver is told.
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        at.work();
        while (to.web.asked().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(to.kinds().front() == "annotation.submitted");
        over = true;
        to.hooks.stop();
    });
}

TEST_CASE("a webhook cannot be pointed at the server's own network") {
    each_story([](Story& at) {
        const auto project = at.project();
        Receiver to(at);
        at.world.fetcher = make_fetcher();
        const auto id =
            Story::sure(to.hooks.add(at.boss, project.id, to.web.url("/"), {}, "")).webhook.id;
        const auto ping = Story::sure(to.hooks.ping(id));
        CHECK(ping.status == 0);
        CHECK(ping.error.find("the server's own machine") != std::string::npos);
        CHECK(to.web.asked().empty());
    });
}
