// The signed history. append_event() belongs in the transaction of what it records.
#pragma once

#include <optional>
#include <vector>

#include "base/crypto.h"
#include "core/event.h"
#include "store/db.h"

namespace countersign {

/// Fills seq, hash and signature. Best called last: on PostgreSQL the other writers of the project
/// wait from here to the commit.
Event append_event(Session& s, Event event, const SigningKey& key);
/// A project's events by cursor; project 0 is the installation's own. Within one chain ids grow in
/// the order of the commits, so that a cursor never passes an event that is still being written;
/// between chains they do not (PostgreSQL gives ids before the commit), so that each chain has a
/// cursor of its own.
std::vector<Event> list_events(Session& s, Id project, Id after, int limit);

/// Checks every hash, signature and sequence number of a project. The first fault, named.
Result<std::int64_t> verify_events(Session& s, Id project, std::string_view public_key);

/// The installation's own signing key, made on first use.
SigningKey installation_key(Session& s);
/// Small facts of the installation by name.
std::optional<std::string> find_setting(Session& s, std::string_view name);
void save_setting(Session& s, std::string_view name, std::string_view value);

}  // namespace countersign
