// What every use case needs of the world, built once in main.cpp and handed down.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/connectors.h"
#include "app/handed_out.h"
#include "app/one_at_a_time.h"
#include "app/project_cache.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/fetch.h"
#include "base/s3_sign.h"
#include "core/project.h"
#include "core/task.h"
#include "store/blobs.h"
#include "store/db.h"

namespace countersign {

struct World {
    Db& db;
    Blobs& blobs;
    const Clock& clock;
    std::string data_dir;  ///< Uploads and temporary files live below it.
    std::string
        models_dir;  ///< Converted weights of the embedded models; may be empty: no such drafts.
    SigningKey key;  ///< Signs events.
    /// The only way out to the network.
    std::shared_ptr<Fetcher> fetcher = no_fetcher();
    S3Keys s3_keys = {};  ///< Of the process; empty: buckets are asked as anybody may.
    /// Wakes the job runner when work was queued; may be empty.
    std::function<void()> wake_jobs = {};
    /// Told by the desk of every stored decision, and by imports of new tasks. Drafting sets all.
    std::function<void(const Project&, const Annotation&)> decided = {};
    /// Told of every decision that was taken back.
    std::function<void(const Project&, const Annotation&)> withdrawn = {};
    std::function<void(Id project)> tasks_arrived = {};
    /// Whoever changes a project or a model forgets it here.
    std::shared_ptr<ProjectCache> cache = std::make_shared<ProjectCache>();
    /// Ways to models that are asked elsewhere.
    std::shared_ptr<Connectors> connectors = std::make_shared<Connectors>();
    /// The desk's own.
    std::shared_ptr<HandedOut> handed_out = std::make_shared<HandedOut>();
    /// What is made of a blob, by its hash.
    std::shared_ptr<OneAtATime> one_at_a_time = std::make_shared<OneAtATime>();
};

}  // namespace countersign
