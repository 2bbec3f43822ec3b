#include "http/wire_people.h"

namespace countersign {

PersonOut person_out(const Person& p) {
    return {wire_id('u', p.id), p.name, p.display, p.role, p.active, p.created};
}

TokenOut token_out(const Token& t) {
    TokenOut out{wire_id('q', t.id), t.name, t.created, t.expires, {}};
    if (t.last_used != 0) out.last_used.emplace(t.last_used);
    return out;
}

}  // namespace countersign
