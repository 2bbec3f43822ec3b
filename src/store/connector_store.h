// What is kept of models that are asked elsewhere: secrets as they were sealed, what was spent, and
// answers that need not be paid for twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "store/db.h"

namespace countersign {

struct SealedSecret {
    std::string name;
    std::string sealed;
    std::string tail;  ///< The last four characters.
    Millis changed = 0;
};
void put_secret(Session& s, Id model, const SealedSecret& secret);
/// False when there was none.
bool delete_secret(Session& s, Id model, std::string_view name);
std::vector<SealedSecret> secrets_of(Session& s, Id model);  ///< By name.

struct Spend {
    std::int64_t calls = 0, tokens_in = 0, tokens_out = 0;
    std::int64_t micros = 0;  ///< Millionths of the unit that the model's prices are in.
};
void add_spend(Session& s, Id model, const Spend& more);
Spend spend_of(Session& s, Id model);

struct StoredAnswer {
    int status = 200;
    std::string reply;
};
/// The later of two answers to one question stays.
void put_answer(Session& s, Id model, std::string_view key, const StoredAnswer& answer,
                Millis created);
std::optional<StoredAnswer> find_answer(Session& s, Id model, std::string_view key);
/// Forgets answers from before `before`, at most 10,000; returns how many.
std::int64_t prune_answers(Session& s, Millis before);

}  // namespace countersign
