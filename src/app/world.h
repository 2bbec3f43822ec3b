// What every use case needs of the world, built once in main.cpp and handed down.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/crypto.h"
#include "store/blobs.h"
#include "store/db.h"

namespace countersign {

struct World {
    Db& db;
    Blobs& blobs;
    const Clock& clock;
    std::string data_dir;    ///< Uploads and temporary files live below it.
    std::string models_dir;  ///< Converted weights of the embedded models; may be empty: no such drafts.
    SigningKey key;          ///< Signs events.
    /// Wakes the job runner when work was queued; may be empty.
    std::function<void()> wake_jobs;
};

}  // namespace countersign
