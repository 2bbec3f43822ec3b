#include "models/connector.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/guarded.h"
#include "base/test_web.h"
#include "models/connector_parts.h"

using namespace countersign;
using testing::TestWeb;
using testing::web_answer;

namespace {

Reply status(int code, Millis retry_after = -1) {
    return {code, R"({"error":{"message":"no"}})", retry_after, false};
}
Reply yes(std::string body = "yes") {
    return {200, std::move(body), -1, false};
}

/// A server that says what it is told to, then yes; time passes only when somebody waits.
struct Lab {
    struct Script {
        std::deque<Result<Reply>> replies;
        int asked = 0;
    };
    class FakeLine final : public Line {
    public:
        explicit FakeLine(std::shared_ptr<Script> script) : script_(std::move(script)) {}
        Result<Reply> ask(const Question&, std::stop_token) override {
            ++script_->asked;
            if (script_->replies.empty()) return yes();
            auto next = std::move(script_->replies.front());
            script_->replies.pop_front();
            return next;
        }

    private:
        std::shared_ptr<Script> script_;
    };
    class Book final : public SpendBook {
    public:
        Usage spent() override { return sum; }
        void add(const Usage& usage) override { sum += usage; }
        Usage sum;
    };
    class Shelf final : public AnswerShelf {
    public:
        std::optional<Reply> find(const std::string& key) override {
            const auto at = kept.find(key);
            return at == kept.end() ? std::nullopt : std::optional(at->second);
        }
        void keep(const std::string& key, const Reply& reply) override { kept[key] = reply; }
        std::map<std::string, Reply> kept;
    };

    ManualClock clock;
    std::shared_ptr<Script> script = std::make_shared<Script>();
    std::shared_ptr<Book> book = std::make_shared<Book>();
    std::shared_ptr<Shelf> shelf = std::make_shared<Shelf>();
    std::vector<Millis> waits;
    ConnectorLimits limits;
    Outside outside;
    std::unique_ptr<Line> line;

    Lab() {
        outside.clock = &clock;
        outside.book = book;
        outside.shelf = shelf;
        outside.pause = [this](Millis wait, const std::stop_token& stop) {
            waits.push_back(wait);
            clock.advance(wait);
            return !stop.stop_requested();
        };
    }
    void open() {
        auto opened = open_line(outside, limits, std::make_unique<FakeLine>(script));
        REQUIRE(opened);
        line = *std::move(opened);
    }
    static Question question(std::string body = "q") {
        Question q;
        q.url = "https://models.example/v1";
        q.body = std::move(body);
        q.expected = {0, 100, 10, 0};
        return q;
    }
    Result<Reply> ask(std::string body = "q") {
        if (!line) open();
        return line->ask(question(std::move(body)), {});
    }
};

Refusal down() {
    return {Code::unavailable, "refuses connections"};
}

}  // namespace

TEST_CASE("a question that fails for a moment is asked again, each time after a longer wait") {
    Lab lab;
    lab.script->replies = {status(500), down(), status(503), yes()};
    CHECK(lab.ask()->body == "yes");
    CHECK(lab.script->asked == 4);
    REQUIRE(lab.waits.size() == 3);
    Millis base = 500;
    for (const Millis wait : lab.waits) {
        CHECK(wait >= base / 2);
        CHECK(wait <= base);
        base *= 2;
    }
}

TEST_CASE("a server that says how long to wait is heeded") {
    Lab lab;
    lab.script->replies = {status(429, 17'000), yes()};
    CHECK(lab.ask());
    CHECK(lab.waits == std::vector<Millis>{17'000});
    CHECK(retry_after_ms("17", 0) == 17'000);
    CHECK(retry_after_ms("0.5", 0) == 500);
    CHECK(retry_after_ms("Wed, 21 Oct 2015 07:28:00 GMT", 1'445'412'470'000) == 10'000);
    CHECK(retry_after_ms("Wed, 21 Oct 2015 07:28:00 GMT", 1'545'412'470'000) == 0);
    CHECK(retry_after_ms("soon", 0) == -1);
    CHECK(retry_after_ms("1e99", 0) == -1);
    CHECK(retry_after_ms("99999999999999999999", 0) == -1);
}

TEST_CASE("a server that asks to wait for an hour is left for later") {
    Lab lab;
    lab.script->replies = {status(429, 3'600'000), yes()};
    const auto reply = lab.ask();
    REQUIRE_FALSE(reply);
    CHECK(reply.refusal().code == Code::unavailable);
    CHECK(lab.waits.empty());
}

TEST_CASE("what will not be otherwise is not asked again") {
    for (const int code : {400, 401, 403, 404, 422}) {
        Lab lab;
        lab.script->replies = {status(code), yes()};
        const auto reply = lab.ask();
        CHECK(lab.script->asked == 1);
        if (code == 400 || code == 422)
            CHECK(reply->status == code);
        else
            CHECK(reply.refusal().code == Code::unavailable);
    }
    Lab broke;
    broke.script->replies = {Reply{429, R"({"error":{"code":"insufficient_quota"}})", -1, false}};
    CHECK_FALSE(broke.ask());
    CHECK(broke.script->asked == 1);
}

TEST_CASE("a refused key is named as such, and never repeated") {
    Lab lab;
    lab.open();
    lab.script->replies = {
        Reply{401, R"({"error":{"message":"bad key sk-secret-12345"}})", -1, false}};
    auto question = Lab::question();
    question.headers = {{"Authorization", "Bearer sk-secret-12345"}};
    const auto reply = lab.line->ask(question, {});
    REQUIRE_FALSE(reply);
    CHECK(reply.refusal().message ==
          "\"models.example\" answers 401 (bad key [secret]). It refuses the key: set the model's "
          "key anew.");
}

TEST_CASE("a server that keeps failing is left alone for a while, then one question may try") {
    Lab lab;
    lab.limits.retries = 0;
    for (int i = 0; i < 7; ++i) lab.script->replies.emplace_back(down());
    for (int i = 0; i < 5; ++i) CHECK_FALSE(lab.ask());
    CHECK(lab.script->asked == 5);
    const auto left = lab.ask();
    CHECK(lab.script->asked == 5);
    CHECK(left.refusal().message.find("left alone for another 30 s") != std::string::npos);
    lab.clock.advance(30'000);
    CHECK_FALSE(lab.ask());
    CHECK(lab.script->asked == 6);
    lab.clock.advance(59'999);
    CHECK_FALSE(lab.ask());
    CHECK(lab.script->asked == 6);
    lab.clock.advance(1);
    CHECK_FALSE(lab.ask());
    CHECK(lab.script->asked == 7);
    lab.clock.advance(120'000);
    CHECK(lab.ask());
    CHECK(lab.ask("another"));
    CHECK(lab.script->asked == 9);
}

TEST_CASE("no more questions and tokens leave in a minute than the limits say") {
    RateLimit rate;
    ConnectorLimits limits;
    limits.requests_per_minute = 60;
    limits.tokens_per_minute = 6'000;
    Millis now = 1'000'000;
    int sent = 0;
    for (const Millis begin = now; now < begin + 60'000;) {
        const Millis wait = rate.take(limits, now, 200);
        if (wait == 0) ++sent;
        now += wait;
    }
    CHECK(sent >= 29);
    CHECK(sent <= 33);
    RateLimit other;
    limits.tokens_per_minute = 0;
    sent = 0;
    for (const Millis begin = now; now < begin + 60'000;) {
        const Millis wait = other.take(limits, now, 1'000'000);
        if (wait == 0) ++sent;
        now += wait;
    }
    CHECK(sent >= 60);
    CHECK(sent <= 66);
}

TEST_CASE(
    "a question of more tokens than a tenth of the limit goes, and the next ones wait for it") {
    RateLimit rate;
    ConnectorLimits limits;
    limits.tokens_per_minute = 1'000;
    CHECK(rate.take(limits, 5'000, 600) == 0);
    const Millis wait = rate.take(limits, 5'000, 10);
    CHECK(wait > 30'000);
    CHECK(rate.take(limits, 5'000 + wait, 10) == 0);
}

TEST_CASE("the budget is a hard stop, and what is on its way counts") {
    Lab lab;
    lab.limits.price_in = 10;
    lab.limits.price_out = 100;  // A question: 100 x 10 + 10 x 100 = 2,000 millionths.
    lab.limits.budget = 0.005;
    CHECK(lab.ask("a"));
    CHECK(lab.ask("b"));
    const auto third = lab.ask("c");
    REQUIRE_FALSE(third);
    CHECK(third.refusal().code == Code::conflict);
    CHECK(lab.script->asked == 2);
    CHECK(lab.book->sum == Usage{2, 200, 20, 4'000});
    CHECK_FALSE(fits_budget(lab.limits, {2, 0, 0, 2'000}, {1, 0, 0, 2'000}, {1, 0, 0, 2'000}));
    CHECK(fits_budget(lab.limits, {2, 0, 0, 2'000}, {}, {1, 0, 0, 3'000}));
    Lab tokens;
    tokens.limits.budget_tokens = 219;
    CHECK(tokens.ask("a"));
    CHECK_FALSE(tokens.ask("b"));
}

TEST_CASE("what failed costs nothing, and what the server counted is what is paid") {
    Lab lab;
    lab.limits.price_in = 1;
    lab.open();
    lab.script->replies = {status(400), yes("7")};
    auto question = Lab::question();
    question.usage = [](const Reply& reply) -> std::optional<Usage> {
        return Usage{0, std::atoi(reply.body.c_str()), 2, 0};
    };
    CHECK(lab.line->ask(question, {}));
    CHECK(lab.book->sum == Usage{});
    CHECK(lab.line->ask(question, {}));
    CHECK(lab.book->sum == Usage{1, 7, 2, 7});
    CHECK(lab.outside.state->under_way == Usage{});
}

TEST_CASE("an answer that made sense is not paid for again, a sample has an answer of its own") {
    Lab lab;
    lab.open();
    auto question = Lab::question();
    const auto first = lab.line->ask(question, {});
    CHECK(lab.shelf->kept.empty());
    lab.line->understood(question, *first);
    CHECK(lab.line->ask(question, {})->kept);
    CHECK(lab.script->asked == 1);
    question.salt = "2";
    CHECK_FALSE(lab.line->ask(question, {})->kept);
    question.salt.clear();
    question.headers = {{"Authorization", "Bearer another"}};
    CHECK(lab.line->ask(question, {})->kept);
    CHECK(lab.script->asked == 2);
}

TEST_CASE("what was recorded replays without a server, and without a word of the key") {
    char name[] = "/tmp/countersign-cassette-XXXXXX";
    const std::string folder = ::mkdtemp(name);
    {
        Lab lab;
        lab.outside.cassettes = folder;
        lab.limits.record = "first-run";
        lab.open();
        auto question = Lab::question();
        question.headers = {{"Authorization", "Bearer sk-secret"}};
        CHECK(lab.line->ask(question, {}));
    }
    Lab lab;
    lab.outside.cassettes = folder;
    lab.limits.replay = "first-run";
    CHECK(lab.ask()->body == "yes");
    CHECK(lab.script->asked == 0);
    CHECK(lab.ask("something else").refusal().code == Code::invalid);
    std::ifstream file(folder + "/first-run.jsonl");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    CHECK(text.find("sk-secret") == std::string::npos);
    std::ofstream(folder + "/broken.jsonl") << "{\"key\":1}\n";
    lab.limits.replay = "broken";
    CHECK(open_line(lab.outside, lab.limits).refusal().message ==
          "The cassette \"broken\" is broken in line 1.");
    std::filesystem::remove_all(folder);
}

TEST_CASE("no more questions are on their way at a time than the limit says") {
    std::atomic<int> now = 0, most = 0;
    class Slow final : public Line {
    public:
        Slow(std::atomic<int>& now, std::atomic<int>& most) : now_(now), most_(most) {}
        Result<Reply> ask(const Question&, std::stop_token) override {
            const int here = ++now_;
            int seen = most_;
            while (here > seen && !most_.compare_exchange_weak(seen, here)) {
            }
            std::this_thread::yield();
            --now_;
            return Reply{};
        }

    private:
        std::atomic<int>&now_, &most_;
    };
    Outside outside;
    ConnectorLimits limits;
    limits.concurrency = 2;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            auto line = open_line(outside, limits, std::make_unique<Slow>(now, most));
            for (int k = 0; k < 50; ++k)
                if (!(*line)->ask(Lab::question(), {})) most = 100;
        });
    for (auto& thread : threads) thread.join();
    CHECK(most <= 2);
    CHECK(outside.state->asking == 0);
}

TEST_CASE("limits out of range, a budget without prices and odd cassettes are refused by name") {
    const auto why = [](const Json& config) { return limits_from(config).refusal().message; };
    CHECK(why({{"concurrency", 0}}) == "\"concurrency\" must be from 1 to 64.");
    CHECK(why({{"budget", 5}}).find("needs \"price_in\"") != std::string::npos);
    CHECK(why({{"record", "../../etc/passwd"}}).find("cassette's name") != std::string::npos);
    CHECK(why({{"record", "a"}, {"replay", "b"}}) == "Give \"record\" or \"replay\", not both.");
    CHECK(why({{"retries", "many"}}) == "retries must be a whole number.");
    CHECK(limits_from({{"budget", 5}, {"price_in", 0.15}, {"price_out", 0.6}}));
}

TEST_CASE("a config is held to the fields of its kind, and holds no secrets") {
    const auto fields = with_limits({{"url", FieldKind::url, "where it is", "", true},
                                     {"key", FieldKind::secret, "its key"},
                                     {"mode", FieldKind::choice, "how", "\"a\"", false, "a, b"}});
    const auto why = [&](const Json& config) {
        const auto checked = check_config("it", fields, config);
        return checked ? std::string() : checked.refusal().message;
    };
    CHECK(why({{"url", "u"}, {"mode", "b"}, {"budget", 1}, {"x-note", 3}}).empty());
    CHECK(why({{"mode", "a"}}) == "\"url\" in the config of \"it\" is missing: where it is.");
    CHECK(why({{"url", "u"}, {"mode", "c"}}) ==
          "\"mode\" in the config of \"it\" must be one of a, b.");
    CHECK(why({{"url", "u"}, {"key", "sk-1"}}).find("is a secret") != std::string::npos);
    CHECK(why({{"url", "u"}, {"modell", "x"}}).find("is not known") != std::string::npos);
    CHECK(why({{"url", 7}}) == "\"url\" in the config of \"it\" must be of kind url.");
}

TEST_CASE("a line asks the network once, in the model's time, and follows no redirect") {
    TestWeb web([](const testing::WebRequest& request) {
        if (request.target == "/away") return web_answer(302, "", "Location: /elsewhere\r\n");
        return web_answer(200, request.header("content-type") + " " + request.body);
    });
    Outside outside;
    outside.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    ConnectorLimits limits;
    limits.retries = 0;
    auto line = *open_line(outside, limits);
    Question question;
    question.url = web.url("/v1");
    question.body = "{}";
    CHECK(line->ask(question, {})->body == "application/json {}");
    question.url = web.url("/away");
    CHECK(line->ask(question, {}).refusal().message.find("Redirects are not followed") !=
          std::string::npos);
    CHECK(web.asked().size() == 2);
}

TEST_CASE("no model is asked where clouds keep credentials, even when the operator lets it") {
    Outside outside;
    outside.fetcher = make_fetcher(*Reach::parse({"169.254.169.254", "fake.internal"}),
                                   [](const std::string&) -> Result<std::vector<IpAddress>> {
                                       return std::vector{*parse_ip("169.254.10.1")};
                                   });
    ConnectorLimits limits;
    auto line = *open_line(outside, limits);
    Question question;
    for (const auto* url : {"http://169.254.169.254/latest", "http://fake.internal/v1"}) {
        question.url = url;
        const auto reply = line->ask(question, {});
        REQUIRE_FALSE(reply);
        CHECK(reply.refusal().code == Code::forbidden);
    }
}
