// What every request needs of a project and hardly ever changes: its schema and policy, parsed
// once, and the names of model versions. Whoever changes a project or a model forgets it here in
// the same breath, so that this process sees the change at once; other processes of a fleet within
// `stale`.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/guarded.h"
#include "core/project.h"
#include "store/db.h"

namespace countersign {

struct VersionNames {
    std::string model, version;
    Id model_id = 0;
};

class ProjectCache {
public:
    static constexpr Millis stale = 1000;

    /// Null when there is no such project.
    std::shared_ptr<const Project> project(Db& db, const Clock& clock, Id id);
    VersionNames version(Db& db, const Clock& clock, Id model_version);
    void forget_project(Id id);
    void forget_models();

private:
    template <class T>
    struct Kept {
        T value;
        Millis read = 0;
    };
    struct Kepts {
        std::map<Id, Kept<std::shared_ptr<const Project>>> projects;
        std::map<Id, Kept<VersionNames>> versions;
        std::uint64_t changes = 0;  ///< An answer read before a change is not kept.
    };
    Guarded<Kepts> kept_;
};

}  // namespace countersign
