// One file that holds an installation: a POSIX tar with countersign.db, or countersign.copy when
// the database is PostgreSQL (a consistent copy, made while people work), blobs/<sha256>, and at
// the end manifest.json with the count and the hashes. Restoring checks all of it before anything
// is put in place, and never overwrites.
#pragma once

#include <functional>
#include <string>

#include "app/world.h"

namespace countersign {

struct BackupReport {
    std::int64_t blobs = 0;
    std::int64_t bytes = 0;  ///< Of database and blobs.
};

/// Refuses (conflict) when `file` exists.
Result<BackupReport> write_backup(World& world, const std::string& file);

/// Into `data_dir`, which must not exist or be empty, and for a backup of PostgreSQL into the empty
/// database at `db_url` (else empty). Refuses (invalid) naming the first thing that is damaged or
/// missing; then nothing is left behind.
Result<BackupReport> restore_backup(const std::string& file, const std::string& data_dir,
                                    const std::string& db_url = {});

}  // namespace countersign
