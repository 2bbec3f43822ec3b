#include "store/webhook_store.h"

#include "store/event_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

Webhook a_hook(Id project) {
    Webhook w;
    w.project = project;
    w.url = "https://example.org/hook";
    w.secret = "a secret of some length";
    w.kinds = {"annotation", "import.finished"};
    w.created = noon;
    return w;
}

void happen(Session& s, Id project) {
    Event e;
    e.project = project;
    e.kind = "annotation.submitted";
    e.body = "{}";
    e.created = noon;
    append_event(s, e, installation_key(s));
}

}  // namespace

TEST_CASE("a webhook reads back as it was made, and is due when its project has news") {
    each_engine([](Place& at) {
        const auto take = [&](Millis now) {
            return at.db->write([&](Session& s) { return take_webhook(s, "w1", now, now + 1000); });
        };
        const Id id = at.db->write([](Session& s) { return insert_webhook(s, a_hook(1)); });
        const auto hook = *at.db->read([&](Session& s) { return find_webhook(s, id); });
        CHECK(hook.url == a_hook(1).url);
        CHECK(hook.secret == a_hook(1).secret);
        CHECK(hook.kinds == a_hook(1).kinds);
        CHECK(hook.enabled);
        CHECK_FALSE(take(noon));
        at.db->write([](Session& s) { happen(s, 2); });
        CHECK_FALSE(take(noon));
        at.db->write([](Session& s) { happen(s, 1); });
        REQUIRE(take(noon));
        CHECK_FALSE(take(noon));     // Somebody holds it.
        REQUIRE(take(noon + 2000));  // They died.
        at.db->write([&](Session& s) {
            auto mine = *find_webhook(s, id);
            mine.cursor = newest_event(s, 1);
            REQUIRE(keep_webhook(s, mine, 0));
        });
        CHECK_FALSE(take(noon + 9000));  // Nothing new.
    });
}

TEST_CASE(
    "a webhook that was changed, taken over or switched off keeps nothing of the old holder") {
    each_engine([](Place& at) {
        const Id id = at.db->write([](Session& s) {
            happen(s, 1);
            return insert_webhook(s, a_hook(1));
        });
        auto held =
            *at.db->write([&](Session& s) { return take_webhook(s, "w1", noon, noon + 1000); });
        held.cursor = 99;
        at.db->write([&](Session& s) {
            auto changed = *find_webhook(s, id);
            changed.url = "https://example.org/other";
            change_webhook(s, changed);
            CHECK_FALSE(keep_webhook(s, held, noon + 1000));
            CHECK(find_webhook(s, id)->cursor == 0);
            changed.enabled = false;
            change_webhook(s, changed);
            CHECK_FALSE(take_webhook(s, "w2", noon, noon + 1000));
            delete_webhook(s, id);
            CHECK_FALSE(find_webhook(s, id));
        });
    });
}

TEST_CASE("the log of deliveries keeps the newest hundred of each webhook") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            WebhookDelivery d;
            for (int i = 1; i <= 130; ++i) {
                d.webhook = 1;
                d.event = i;
                d.kind = "annotation.submitted";
                d.status = 500;
                d.error = "It answered 500.";
                insert_delivery(s, d);
            }
            d.webhook = 2;
            insert_delivery(s, d);
            const auto all = list_deliveries(s, 1, 200);
            REQUIRE(all.size() == 100);
            CHECK(all.front().event == 130);
            CHECK(all.back().event == 31);
            CHECK(all.front().error == "It answered 500.");
            CHECK(list_deliveries(s, 2, 200).size() == 1);
            CHECK(list_deliveries(s, 1, 3).size() == 3);
        });
    });
}

}  // namespace countersign
