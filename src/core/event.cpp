#include "core/event.h"

#include "base/crypto.h"

namespace countersign {

namespace {
void put(std::string& out, std::int64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
void put(std::string& out, std::string_view text) {
    put(out, static_cast<std::int64_t>(text.size()));
    out += text;
}
}  // namespace

std::string canonical_event(const Event& event) {
    std::string out = "countersign event 1\n";
    put(out, event.project);
    put(out, event.seq);
    put(out, event.kind);
    put(out, event.person);
    put(out, event.task);
    put(out, event.body);
    put(out, event.created);
    return out;
}

std::string event_hash(std::string_view previous, const Event& event) {
    Sha256 hash;
    hash.add(previous);
    hash.add(canonical_event(event));
    const auto digest = hash.finish();
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace countersign
