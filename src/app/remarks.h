// What people say to each other under a task, and whom they mention.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "store/desk_store.h"

namespace countersign {

/// A comment that is ready to be written.
struct Remark {
    std::string text;  ///< Mentions stand in it by id.
    std::vector<Mentioned> mentions;
};

/// Finds whom `text` mentions ("@ada", or "@u..." by id). A name that is nobody's stays text.
/// Refuses: empty, over 10,000 bytes, not UTF-8, over 20 people, somebody who has no access.
Result<Remark> read_remark(World& world, const std::string& text);

/// Writes it under `task`, tells those it mentions and, as of a reply, who spoke or answered there;
/// not those `told` of it otherwise. A step of the caller's transaction, before its event.
Comment write_remark(Session& s, const Caller& caller, const Task& task, const Remark& remark,
                     Millis now, const std::set<Id>& told = {});

/// `text` with the names of the people it mentions, up to `most` characters of it.
std::string plain_remark(Session& s, std::string_view text, std::int64_t most);

}  // namespace countersign
