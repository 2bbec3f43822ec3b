// A PostgreSQL database as one text: for each table a line "COPY table (columns) FROM stdin;", its
// rows as COPY writes them, and "\."; that is also what psql reads. Taken in one snapshot, while
// people work. It needs no program of PostgreSQL's and takes the connection as it is.
#pragma once

#include "store/postgres_session.h"

namespace countersign {

/// Writes the text into a new file; refuses when `path` exists.
Result<> copy_postgres(PostgresSession& s, const std::string& path);

/// Makes the tables of the version that the text at `path` has and fills them, in one transaction.
/// Refuses a database that holds tables already, and a text that this program cannot read.
Result<> load_postgres(const std::string& url, const std::string& path);

}  // namespace countersign
