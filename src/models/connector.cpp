#include "models/connector.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/crypto.h"
#include "base/rng.h"
#include "base/text.h"
#include "models/connector_parts.h"

namespace countersign {

namespace {

constexpr std::int64_t largest_reply = 16 << 20;
constexpr Millis longest_wait = 600'000;  ///< A server that asks for more is left for later.

Refusal stopped() {
    return {Code::cancelled, "Asking the model was stopped."};
}

std::string host_of(const Question& question) {
    const auto url = parse_url(question.url);
    return url ? url->authority() : "the model's server";
}

/// Servers that repeat the key they refuse must not put it into a log.
std::string without_secrets(std::string text, const FetchHeaders& headers) {
    for (const auto& header : headers) {
        std::string_view secret = header.second;
        if (secret.starts_with("Bearer ")) secret.remove_prefix(7);
        if (secret.size() < 8) continue;
        for (auto at = text.find(secret); at != text.npos; at = text.find(secret))
            text.replace(at, secret.size(), "[secret]");
    }
    return text;
}

Millis now_of(const Outside& outside) {
    return outside.clock ? outside.clock->now() : SystemClock().now();
}

/// The network itself.
class FetchLine final : public Line {
public:
    FetchLine(Outside outside, ConnectorLimits limits)
        : outside_(std::move(outside)), limits_(std::move(limits)) {}

    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        FetchRequest request;
        request.url = question.url;
        request.method = question.method;
        request.headers = question.headers;
        if (!question.type.empty() && question.method == "POST")
            request.headers.emplace_back("Content-Type", question.type);
        request.body = question.body;
        request.max_bytes = largest_reply;
        request.total_ms = Millis{limits_.timeout_s} * 1000;
        request.strict = true;
        request.cancelled = [&] { return stop.stop_requested(); };
        auto got = TRY(outside_.fetcher->fetch(request));
        const auto asked = retry_after_ms(got.header("retry-after"), now_of(outside_));
        return Reply{got.status, std::move(got.body), asked};
    }

private:
    Outside outside_;
    ConnectorLimits limits_;
};

/// A line around another.
class Wrapper : public Line {
public:
    Wrapper(Outside outside, ConnectorLimits limits, std::unique_ptr<Line> inner)
        : outside_(std::move(outside)), limits_(std::move(limits)), inner_(std::move(inner)) {}
    void understood(const Question& question, const Reply& reply) override {
        inner_->understood(question, reply);
    }

protected:
    Millis now() const { return now_of(outside_); }
    ConnectorState& state() { return *outside_.state; }

    Outside outside_;
    ConnectorLimits limits_;
    std::unique_ptr<Line> inner_;
};

class LimitedLine final : public Wrapper {
public:
    using Wrapper::Wrapper;
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        {
            std::unique_lock hold(state().mutex);
            if (!state().changed.wait(hold, stop,
                                      [&] { return state().asking < limits_.concurrency; }))
                return stopped();
            ++state().asking;
        }
        const Leave leave{state()};
        for (;;) {
            Millis wait = 0;
            {
                std::scoped_lock hold(state().mutex);
                wait = state().rate.take(limits_, now(), question.expected.tokens());
            }
            if (wait == 0) break;
            if (!outside_.pause(wait, stop)) return stopped();
        }
        return inner_->ask(question, std::move(stop));
    }

private:
    struct Leave {
        ConnectorState& state;
        ~Leave() {
            {
                std::scoped_lock hold(state.mutex);
                --state.asking;
            }
            state.changed.notify_one();
        }
    };
};

class RetryLine final : public Wrapper {
public:
    using Wrapper::Wrapper;
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        for (int attempt = 1;; ++attempt) {
            if (stop.stop_requested()) return stopped();
            auto reply = inner_->ask(question, stop);
            if (reply ? !worth_a_retry(*reply) : reply.refusal().code != Code::unavailable)
                return settled(question, std::move(reply));
            const Millis asked = reply ? reply->retry_after : -1;
            if (attempt > limits_.retries || asked > longest_wait)
                return settled(question, std::move(reply));
            const auto key = sha256(question.key() + std::to_string(attempt));
            std::uint64_t salt = 0;
            for (int i = 0; i < 8; ++i) salt = salt << 8 | key[static_cast<std::size_t>(i)];
            const double chance = counter_uniform(outside_.seed, salt, 0);
            if (!outside_.pause(retry_wait(attempt, asked, chance), stop)) return stopped();
        }
    }

private:
    /// Replies that say nothing about the question become refusals.
    static Result<Reply> settled(const Question& question, Result<Reply> reply) {
        if (!reply) return reply;
        const int status = reply->status;
        if (status >= 200 && status < 300) return reply;
        const auto says = "\"" + host_of(question) + "\" answers " +
                          without_secrets(words_of_error(*reply), question.headers);
        if (status == 401 || status == 403)
            return Refusal{Code::unavailable,
                           says + " It refuses the key: set the model's key anew."};
        if (status == 404 || status == 405)
            return Refusal{Code::unavailable, says + " Look at the model's name and its base URL."};
        if (status == 402 || status == 429 || status >= 500 || status == 408 || status == 425)
            return Refusal{Code::unavailable, says + " Try again later."};
        if (status >= 300 && status < 400)
            return Refusal{Code::unavailable,
                           says + " Redirects are not followed: give the URL it leads to."};
        return reply;
    }
};

class BreakerLine final : public Wrapper {
public:
    using Wrapper::Wrapper;
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        {
            std::scoped_lock hold(state().mutex);
            if (const Millis rest = state().breaker.wait(now()); rest > 0)
                return Refusal{Code::unavailable, "\"" + host_of(question) +
                                                      "\" failed again and again and is left alone "
                                                      "for another " +
                                                      std::to_string((rest + 999) / 1000) + " s."};
        }
        auto reply = inner_->ask(question, std::move(stop));
        std::scoped_lock hold(state().mutex);
        if (!reply && reply.refusal().code == Code::cancelled)
            state().breaker.cancelled();
        else if (reply || reply.refusal().code != Code::unavailable)
            state().breaker.succeeded();
        else
            state().breaker.failed(now());
        return reply;
    }
};

class BudgetLine final : public Wrapper {
public:
    using Wrapper::Wrapper;
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        Usage expected = question.expected;
        expected.calls = 1;
        expected.micros = limits_.micros_of(expected);
        TRY(reserve(expected, stop));
        auto reply = inner_->ask(question, std::move(stop));
        Usage took;
        if (reply && reply->status >= 200 && reply->status < 300) {
            took = expected;
            const auto told = question.usage ? question.usage(*reply) : std::nullopt;
            if (told) took = *told;
            took.calls = 1;
            took.micros = limits_.micros_of(took);
        }
        settle(expected, took);
        return reply;
    }

private:
    /// Waits while only what is under way, and may come cheaper, stands in the way.
    Result<> reserve(const Usage& expected, const std::stop_token& stop) {
        constexpr auto look_again = std::chrono::milliseconds(100);
        for (;;) {
            const Usage stored = outside_.book ? outside_.book->spent() : Usage{};
            std::unique_lock hold(state().mutex);
            const Usage spent = outside_.book ? stored : state().spent;
            if (fits_budget(limits_, spent, state().under_way, expected)) {
                state().under_way += expected;
                return Done{};
            }
            if (state().under_way.calls == 0 || !fits_budget(limits_, spent, {}, expected))
                return Refusal{Code::conflict,
                               "The model's budget is used up: raise it to go on, or leave the "
                               "rest to people."};
            state().changed.wait_for(hold, stop, look_again, [] { return false; });
            if (stop.stop_requested()) return stopped();
        }
    }
    void settle(const Usage& expected, const Usage& took) {
        if (outside_.book && took.calls > 0) outside_.book->add(took);
        std::scoped_lock hold(state().mutex);
        auto& reserved = state().under_way;
        reserved.calls -= expected.calls;
        reserved.tokens_in -= expected.tokens_in;
        reserved.tokens_out -= expected.tokens_out;
        reserved.micros -= expected.micros;
        state().spent += took;
    }
};

class ShelfLine final : public Wrapper {
public:
    using Wrapper::Wrapper;
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        if (auto kept = outside_.shelf->find(question.key())) {
            kept->kept = true;
            return *std::move(kept);
        }
        return inner_->ask(question, std::move(stop));
    }
    void understood(const Question& question, const Reply& reply) override {
        if (!reply.kept && reply.status >= 200 && reply.status < 300)
            outside_.shelf->keep(question.key(), reply);
    }
};

// A cassette is a file of lines {"key","url","asked","status","reply"}: no headers, so no secrets.

constexpr std::size_t most_asked = 64 << 10;

class RecordLine final : public Wrapper {
public:
    RecordLine(const Outside& outside, const ConnectorLimits& limits, std::unique_ptr<Line> inner,
               std::string path)
        : Wrapper(outside, limits, std::move(inner)), path_(std::move(path)) {}
    Result<Reply> ask(const Question& question, std::stop_token stop) override {
        auto reply = inner_->ask(question, std::move(stop));
        if (!reply) return reply;
        const Json row = {{"key", question.key()},
                          {"at", iso8601(now())},
                          {"url", shown_url(question.url)},
                          {"asked", question.body.size() <= most_asked && is_utf8(question.body)
                                        ? question.body
                                        : "sha256 " + hex(sha256(question.body))},
                          {"status", reply->status},
                          {"reply", reply->body}};
        std::scoped_lock hold(state().cassette);
        std::ofstream file(path_, std::ios::binary | std::ios::app);
        file << to_text(row) << '\n';
        if (!file.flush()) throw Breakdown("The cassette " + path_ + " cannot be written.");
        return reply;
    }

private:
    std::string path_;
};

class ReplayLine final : public Line {
public:
    static Result<std::unique_ptr<Line>> load(const std::string& path, const std::string& name) {
        std::ifstream file(path, std::ios::binary);
        if (!file)
            return Refusal{Code::invalid,
                           "There is no cassette \"" + name + "\": record it first."};
        auto line = std::make_unique<ReplayLine>();
        std::string text;
        for (int number = 1; std::getline(file, text); ++number) {
            auto row = parse_json(text);
            if (!row || !row->is_object() || !row->value("key", Json()).is_string() ||
                !row->value("status", Json()).is_number_integer() ||
                !row->value("reply", Json()).is_string())
                return Refusal{Code::invalid, "The cassette \"" + name + "\" is broken in line " +
                                                  std::to_string(number) + "."};
            Reply reply;
            reply.status = (*row)["status"].get<int>();
            reply.body = (*row)["reply"].get<std::string>();
            reply.kept = true;
            line->replies_[(*row)["key"].get<std::string>()] = std::move(reply);
        }
        return std::unique_ptr<Line>(std::move(line));
    }
    Result<Reply> ask(const Question& question, std::stop_token) override {
        const auto found = replies_.find(question.key());
        if (found == replies_.end())
            return Refusal{Code::invalid, "The cassette has no answer to this question."};
        return found->second;
    }

private:
    std::map<std::string, Reply> replies_;
};

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 60 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == text.npos;
}

std::string cassette_path(const Outside& outside, const std::string& name) {
    return outside.cassettes + "/" + name + ".jsonl";
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
    calls += other.calls;
    tokens_in += other.tokens_in;
    tokens_out += other.tokens_out;
    micros += other.micros;
    return *this;
}

std::string Question::key() const {
    Sha256 hash;
    for (const std::string_view part : {std::string_view(method), std::string_view(url),
                                        std::string_view(type), std::string_view(salt)}) {
        hash.add(part);
        hash.add(std::string_view("\0", 1));
    }
    hash.add(body);
    return hex(hash.finish());
}

std::int64_t ConnectorLimits::micros_of(const Usage& usage) const {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(usage.tokens_in) * price_in +
                                               static_cast<double>(usage.tokens_out) * price_out));
}

template <class V>
void fields(V& v, ConnectorLimits& l) {
    v("concurrency", l.concurrency);
    v("requests_per_minute", l.requests_per_minute);
    v("tokens_per_minute", l.tokens_per_minute);
    v("timeout_s", l.timeout_s);
    v("retries", l.retries);
    v("budget", l.budget);
    v("budget_tokens", l.budget_tokens);
    v("price_in", l.price_in);
    v("price_out", l.price_out);
    v("keep_answers", l.keep_answers);
    v("record", l.record);
    v("replay", l.replay);
}

Refusal out_of_range(std::string_view name, double least, double most) {
    const auto number = [](double value) {
        const auto whole = static_cast<std::int64_t>(value);
        return static_cast<double>(whole) == value ? std::to_string(whole) : to_text(value);
    };
    return {Code::invalid, "\"" + std::string(name) + "\" must be from " + number(least) + " to " +
                               number(most) + "."};
}

Result<ConnectorLimits> limits_from(const Json& config) {
    auto limits = TRY(from_json<ConnectorLimits>(config));
    const struct {
        std::string_view name;
        double value, least, most;
    } ranges[] = {{"concurrency", static_cast<double>(limits.concurrency), 1, 64},
                  {"requests_per_minute", limits.requests_per_minute, 0, 1e6},
                  {"tokens_per_minute", limits.tokens_per_minute, 0, 1e9},
                  {"timeout_s", static_cast<double>(limits.timeout_s), 1, 1800},
                  {"retries", static_cast<double>(limits.retries), 0, 10},
                  {"budget", limits.budget, 0, 1e9},
                  {"budget_tokens", static_cast<double>(limits.budget_tokens), 0, 1e15},
                  {"price_in", limits.price_in, 0, 1e6},
                  {"price_out", limits.price_out, 0, 1e6}};
    for (const auto& row : ranges)
        if (!(row.value >= row.least && row.value <= row.most))
            return out_of_range(row.name, row.least, row.most);
    if (limits.budget > 0 && limits.price_in <= 0 && limits.price_out <= 0)
        return Refusal{
            Code::invalid,
            "A \"budget\" in money needs \"price_in\" and \"price_out\", the money that a "
            "million tokens cost; or give \"budget_tokens\"."};
    for (const auto* name : {&limits.record, &limits.replay})
        if (!name->empty() && !is_name(*name))
            return Refusal{Code::invalid,
                           "A cassette's name is made of a-z, 0-9, \"-\" and \"_\", at most 60 of "
                           "them; \"" +
                               *name + "\" is not."};
    if (!limits.record.empty() && !limits.replay.empty())
        return Refusal{Code::invalid, "Give \"record\" or \"replay\", not both."};
    return limits;
}

std::vector<ConfigField> with_limits(std::vector<ConfigField> own) {
    static const ConfigField rows[] = {
        {"concurrency", FieldKind::whole, "questions at a time, 1 to 64", "4"},
        {"requests_per_minute", FieldKind::number, "questions a minute; 0: no limit", "0"},
        {"tokens_per_minute", FieldKind::number, "tokens a minute; 0: no limit", "0"},
        {"timeout_s", FieldKind::whole, "seconds to wait for an answer", "120"},
        {"retries", FieldKind::whole, "tries after the first", "4"},
        {"budget", FieldKind::number, "money that it may cost in all; 0: no limit", "0"},
        {"budget_tokens", FieldKind::whole, "tokens that it may take in all; 0: no limit", "0"},
        {"price_in", FieldKind::number, "money for a million tokens that are sent", "0"},
        {"price_out", FieldKind::number, "money for a million tokens that are written", "0"},
        {"keep_answers", FieldKind::flag, "the same question is paid for once", "true"},
        {"record", FieldKind::text, "name of a cassette that every answer goes to", "\"\""},
        {"replay", FieldKind::text, "name of a cassette that answers instead", "\"\""},
    };
    own.insert(own.end(), std::begin(rows), std::end(rows));
    return own;
}

namespace {
bool is_of(FieldKind kind, const Json& value) {
    switch (kind) {
        case FieldKind::text:
        case FieldKind::url:
        case FieldKind::choice:
        case FieldKind::model:
            return value.is_string();
        case FieldKind::number:
            return value.is_number();
        case FieldKind::whole:
            return value.is_number_integer();
        case FieldKind::flag:
            return value.is_boolean();
        case FieldKind::names:
            return value.is_array() && std::all_of(value.begin(), value.end(),
                                                   [](const Json& one) { return one.is_string(); });
        case FieldKind::object:
            return value.is_object();
        case FieldKind::secret:
            break;
    }
    return false;
}
}  // namespace

Result<> check_config(std::string_view kind, const std::vector<ConfigField>& fields,
                      const Json& config) {
    if (!config.is_object())
        return Refusal{Code::invalid, "The config of a model must be an object."};
    const auto refuse = [&](std::string_view name, std::string_view why) {
        return Refusal{Code::invalid, "\"" + std::string(name) + "\" in the config of \"" +
                                          std::string(kind) + "\" " + std::string(why)};
    };
    for (const auto& item : config.items()) {
        const auto& name = item.key();
        const auto& value = item.value();
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const ConfigField& row) { return row.name == name; });
        if (field == fields.end()) {
            if (name == "map" || name.starts_with("x-")) continue;
            return refuse(name, "is not known: see the list of its fields.");
        }
        if (field->kind == FieldKind::secret)
            return refuse(name,
                          "is a secret, and a config is read by many: set it by PUT "
                          "/api/v1/models/{k}/secrets.");
        if (!is_of(field->kind, value))
            return refuse(name, "must be of kind " + std::string(name_of(field->kind)) + ".");
        if (field->kind == FieldKind::choice) {
            const auto known = split(field->choices, ',');
            if (std::none_of(known.begin(), known.end(),
                             [&](auto one) { return trim(one) == value.get<std::string>(); }))
                return refuse(name, "must be one of " + std::string(field->choices) + ".");
        }
    }
    for (const auto& field : fields)
        if (field.required && field.kind != FieldKind::secret &&
            !config.contains(std::string(field.name)))
            return refuse(field.name, "is missing: " + std::string(field.meaning) + ".");
    return Done{};
}

std::shared_ptr<ConnectorState> new_connector_state() {
    return std::make_shared<ConnectorState>();
}

Pause real_pause() {
    return [](Millis wait, const std::stop_token& stop) {
        std::mutex own;
        std::condition_variable_any never;
        std::unique_lock hold(own);
        never.wait_for(hold, stop, std::chrono::milliseconds(wait), [] { return false; });
        return !stop.stop_requested();
    };
}

Result<std::unique_ptr<Line>> open_line(const Outside& outside, const ConnectorLimits& limits,
                                        std::unique_ptr<Line> bottom) {
    const bool tapes = !limits.record.empty() || !limits.replay.empty();
    if (tapes && outside.cassettes.empty())
        return Refusal{Code::invalid, "There is no folder for cassettes here."};
    if (!limits.replay.empty())
        return ReplayLine::load(cassette_path(outside, limits.replay), limits.replay);
    auto line = bottom ? std::move(bottom)
                       : std::unique_ptr<Line>(std::make_unique<FetchLine>(outside, limits));
    line = std::make_unique<LimitedLine>(outside, limits, std::move(line));
    line = std::make_unique<RetryLine>(outside, limits, std::move(line));
    line = std::make_unique<BreakerLine>(outside, limits, std::move(line));
    line = std::make_unique<BudgetLine>(outside, limits, std::move(line));
    if (outside.shelf && limits.keep_answers)
        line = std::make_unique<ShelfLine>(outside, limits, std::move(line));
    if (!limits.record.empty()) {
        std::filesystem::create_directories(outside.cassettes);
        line = std::make_unique<RecordLine>(outside, limits, std::move(line),
                                            cassette_path(outside, limits.record));
    }
    return line;
}

std::string words_of_error(const Reply& reply) {
    std::string words;
    if (const auto body = parse_json(reply.body); body && body->is_object()) {
        const auto error = body->find("error");
        const Json& from = error != body->end() && error->is_object() ? *error : *body;
        for (const auto* name : {"message", "detail", "error"})
            if (const auto found = from.find(name); found != from.end() && found->is_string()) {
                words = found->get<std::string>();
                break;
            }
    } else {
        words = repair_utf8(std::string_view(reply.body).substr(0, 400));
    }
    for (char& c : words)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
    constexpr std::int64_t most = 200;
    if (code_points(words) > most) words = std::string(*slice(words, 0, most)) + "...";
    return std::to_string(reply.status) +
           (words.empty() ? std::string(".") : " (" + std::string(trim(words)) + ").");
}

}  // namespace countersign
