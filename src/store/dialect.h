// The places where SQLite and PostgreSQL differ, by name. A name in braces in a migration or a
// statement is replaced when it is prepared.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/db.h"

namespace countersign {

struct Fragment {
    std::string_view name, sqlite, postgres;
};
std::span<const Fragment> fragment_table();

/// `sql` with every {name} replaced; throws Breakdown on a name that the table does not have.
std::string in_dialect(Engine engine, std::string_view sql);

/// A fresh id for a table whose ids are given, not taken: annotation, draft (they are clustered by
/// task, so that SQLite has no row number to give).
Id next_id(Session& s, std::string_view table);

}  // namespace countersign
