// What happened, append-only, hash-chained per project and signed. Written in the transaction that
// it records.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace countersign {

struct Event {
    Id id = 0;             ///< Cursor: grows over all projects.
    Id project = 0;        ///< 0: about the whole installation (people, tokens).
    std::int64_t seq = 0;  ///< 1, 2, 3... within the project.
    std::string kind;      ///< "annotation.submitted", "import.finished", ...
    Id person = 0;         ///< Who; 0: the program.
    Id task = 0;
    std::string body;  ///< Compact JSON.
    Millis created = 0;
    std::string hash;       ///< Raw 32 bytes: sha256(previous hash || canonical_event(...)).
    std::string signature;  ///< Raw 64 bytes: Ed25519 over `hash`.
};

/// The bytes that are hashed: every field but id, hash and signature, length-prefixed.
std::string canonical_event(const Event& event);

/// The hash of `event` behind `previous` (empty for the first of a project).
std::string event_hash(std::string_view previous, const Event& event);

}  // namespace countersign
