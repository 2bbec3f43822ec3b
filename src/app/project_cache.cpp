#include "app/project_cache.h"

#include "store/model_store.h"
#include "store/project_store.h"

namespace countersign {

std::shared_ptr<const Project> ProjectCache::project(Db& db, const Clock& clock, Id id) {
    const Millis now = clock.now();
    std::shared_ptr<const Project> found;
    const auto changes = kept_.with([&](Kepts& kept) {
        const auto at = kept.projects.find(id);
        if (at != kept.projects.end() && now - at->second.read < stale) found = at->second.value;
        return kept.changes;
    });
    if (found) return found;
    auto read = db.read([&](Session& s) { return find_project(s, id); });
    if (!read) return nullptr;
    found = std::make_shared<const Project>(*std::move(read));
    kept_.with([&](Kepts& kept) {
        if (kept.changes == changes) kept.projects[id] = {found, now};
    });
    return found;
}

VersionNames ProjectCache::version(Db& db, const Clock& clock, Id model_version) {
    if (model_version == 0) return {};
    const Millis now = clock.now();
    std::optional<VersionNames> found;
    // A version never changes; only its model's name may, by another process of a fleet.
    constexpr Millis long_enough = 60'000;
    const auto changes = kept_.with([&](Kepts& kept) {
        const auto at = kept.versions.find(model_version);
        if (at != kept.versions.end() && now - at->second.read < long_enough)
            found = at->second.value;
        return kept.changes;
    });
    if (found) return *found;
    VersionNames names;
    db.read([&](Session& s) {
        const auto version = find_model_version(s, model_version);
        if (!version) return;
        names = {"", version->name, version->model};
        if (const auto model = find_model(s, version->model)) names.model = model->name;
    });
    kept_.with([&](Kepts& kept) {
        if (kept.changes == changes) kept.versions[model_version] = {names, now};
    });
    return names;
}

void ProjectCache::forget_project(Id id) {
    kept_.with([&](Kepts& kept) {
        kept.projects.erase(id);
        ++kept.changes;
    });
}

void ProjectCache::forget_models() {
    kept_.with([&](Kepts& kept) {
        kept.versions.clear();
        ++kept.changes;
    });
}

}  // namespace countersign
