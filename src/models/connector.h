// What every model that is asked elsewhere has in common: a line to it.
//
// A connector turns one item into questions and their replies into regions; the line under it sees
// bytes only. Lines are wrapped in each other, outermost first (open_line() builds this):
//
//   record           every answer goes to a cassette too; replay answers from one and asks nobody
//   kept answers     the same question to the same model is not asked twice (AnswerShelf)
//   budget           hard stop before money or tokens run over (SpendBook keeps what was spent)
//   breaker          a server that keeps failing is left alone for a while
//   retries          with backoff and jitter; Retry-After is honoured
//   limits           questions at a time, questions and tokens a minute
//   fetch            the network, by the Fetcher; one host, one answer, a time limit
//
// Everything that remembers is in ConnectorState, one a model, shared by the drafters of all
// workers. Time and waiting come from outside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/fetch.h"
#include "base/json.h"
#include "base/result.h"
#include "models/drafter.h"

namespace countersign {

/// What questions cost. Money is counted in millionths of the unit that the prices are in.
struct Usage {
    std::int64_t calls = 0, tokens_in = 0, tokens_out = 0, micros = 0;
    Usage& operator+=(const Usage& other);
    std::int64_t tokens() const { return tokens_in + tokens_out; }
    bool operator==(const Usage&) const = default;
};

struct Reply {
    int status = 200;
    std::string body;
    Millis retry_after = -1;  ///< What the server asks to wait; -1: it did not say.
    bool kept = false;        ///< From the shelf: nobody was asked.
};

struct Question {
    std::string url;
    std::string method = "POST";
    std::string type = "application/json";  ///< Content-Type of the body.
    std::string body;
    FetchHeaders headers =
        {};                 ///< May hold secrets: neither kept nor recorded nor part of the key.
    std::string salt = {};  ///< Tells samples of one question apart.
    Usage expected = {};    ///< Tokens that it will take, roughly: limits and budget count it.
    /// The tokens that a reply took; null: those expected.
    std::optional<Usage> (*usage)(const Reply& reply) = nullptr;

    /// SHA-256 over all that decides the answer, hex.
    std::string key() const;
};

class Line {
public:
    virtual ~Line() = default;
    /// A reply of status 2xx, or of 4xx where the question is at fault (400, 413, 415, 422).
    /// Refuses with: unavailable, the server does not answer, or refuses whatever is asked
    /// (401, 403, 404, 429); conflict, the budget; cancelled; forbidden, the host.
    virtual Result<Reply> ask(const Question& question, std::stop_token stop) = 0;
    /// Told by a connector that the reply made sense: only then is it kept.
    virtual void understood(const Question&, const Reply&) {}
};

/// What all connectors take in their config.
struct ConnectorLimits {
    int concurrency = 4;
    double requests_per_minute = 0, tokens_per_minute = 0;  ///< 0: no limit.
    int timeout_s = 120;
    int retries = 4;                     ///< After the first try.
    double budget = 0;                   ///< Money; 0: no limit.
    std::int64_t budget_tokens = 0;      ///< 0: no limit.
    double price_in = 0, price_out = 0;  ///< Money a million tokens.
    bool keep_answers = true;
    std::string record, replay;  ///< Names of cassettes.

    std::int64_t micros_of(const Usage& usage) const;
};
/// Refuses values out of range, a budget without prices, and names of cassettes that are no names.
Result<ConnectorLimits> limits_from(const Json& config);
/// "\"retries\" must be from 0 to 10."
Refusal out_of_range(std::string_view name, double least, double most);
/// The fields of ConnectorLimits behind `own`.
std::vector<ConfigField> with_limits(std::vector<ConfigField> own);
/// Refuses a config that misses a required field, has one of another kind than it should, holds a
/// secret, or has a field that the kind does not know. "map" and names that begin with "x-" are let
/// through.
Result<> check_config(std::string_view kind, const std::vector<ConfigField>& fields,
                      const Json& config);

/// What a model has cost so far: stored, so that a restart forgets nothing.
class SpendBook {
public:
    virtual ~SpendBook() = default;
    virtual Usage spent() = 0;
    virtual void add(const Usage& usage) = 0;
};

/// Answers that were paid for once.
class AnswerShelf {
public:
    virtual ~AnswerShelf() = default;
    virtual std::optional<Reply> find(const std::string& key) = 0;
    virtual void keep(const std::string& key, const Reply& reply) = 0;
};

struct LabelStudioWords;  ///< models/label_studio_words.h
struct MemberDraft;       ///< models/ensemble.h
class ConnectorState;
std::shared_ptr<ConnectorState> new_connector_state();

/// Waits; false when `stop` came first.
using Pause = std::function<bool(Millis, std::stop_token)>;
Pause real_pause();

/// The way to a server, for one model.
struct Outside {
    std::shared_ptr<Fetcher> fetcher = no_fetcher();
    const Clock* clock = nullptr;  ///< Null: the system's.
    Pause pause = real_pause();
    std::shared_ptr<ConnectorState> state = new_connector_state();
    std::shared_ptr<SpendBook> book = nullptr;     ///< Null: spending is counted by the state only.
    std::shared_ptr<AnswerShelf> shelf = nullptr;  ///< Null: no answer is kept.
    /// A secret by the name of its ConfigField; empty: it is not set.
    std::function<std::string(std::string_view name)> secret = {};
    std::string cassettes;  ///< The folder of cassettes; empty: there are none.
    /// Programs that the operator lets models be asked of, by name: absolute paths.
    std::map<std::string, std::string> programs = {};
    const LabelStudioWords* label_studio = nullptr;  ///< Lives as long as the program.
    /// What other models that are on drafted for a task, for ensembles of them.
    std::function<std::vector<MemberDraft>(std::int64_t task)> drafts = {};
    std::uint64_t seed = 0;  ///< Of the jitter.

    std::string secret_or_empty(std::string_view name) const { return secret ? secret(name) : ""; }
};

/// A line with all of the above around `bottom`, or around the network when that is null. Refuses a
/// cassette that cannot be read.
Result<std::unique_ptr<Line>> open_line(const Outside& outside, const ConnectorLimits& limits,
                                        std::unique_ptr<Line> bottom = nullptr);

/// One sentence about a reply that is not 2xx: status and the message in its JSON, cut short and
/// without control characters.
std::string words_of_error(const Reply& reply);

}  // namespace countersign
