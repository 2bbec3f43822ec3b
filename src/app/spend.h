// What questions to a model elsewhere have cost, as it is told to people.
#pragma once

#include "base/fields.h"
#include "models/connector.h"

namespace countersign {

struct SpendOut {
    std::int64_t calls = 0;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    double money = 0;
};
template <class V>
void fields(V& v, SpendOut& o) {
    v("calls", o.calls, "questions that were paid for");
    v("tokens_in", o.tokens_in, "tokens that were sent");
    v("tokens_out", o.tokens_out, "tokens that were written");
    v("money", o.money, "by the model's prices");
}

inline SpendOut spend_out(const Usage& usage) {
    return {usage.calls, usage.tokens_in, usage.tokens_out,
            static_cast<double>(usage.micros) / 1e6};
}

}  // namespace countersign
