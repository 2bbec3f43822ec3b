#include "app/example_source.h"

#include <algorithm>
#include <deque>
#include <mutex>

#include "core/label_names.h"
#include "models/examples.h"
#include "store/model_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_examples = 2'000;
constexpr Millis read_again = 60'000;

bool unaided(const LearnRow& row) {
    return row.arm == Arm::blind || row.action != Action::accepted;
}

struct Reviewed {
    World& world;
    const Id project;
    const Schema schema;
    const bool accepted_too;
    std::mutex mutex;
    ExamplePool pool;
    Millis read = 0;

    Reviewed(World& w, Id p, Schema s, bool accepted)
        : world(w), project(p), schema(std::move(s)), accepted_too(accepted) {}

    void refresh() {
        const Millis now = world.clock.now();
        if (read != 0 && now - read < read_again) return;
        read = now;
        std::deque<LearnRow> newest;
        constexpr int page = 2'000;
        for (Id after = 0;;) {
            auto rows =
                world.db.read([&](Session& s) { return labels_to_learn(s, project, after, page); });
            if (rows.empty()) break;
            after = rows.back().task;
            for (auto& row : rows)
                if (accepted_too || unaided(row)) newest.push_back(std::move(row));
            while (newest.size() > most_examples) newest.pop_front();
        }
        pool = {};
        const LabelNames names(schema);
        for (auto& row : newest) {
            Task task;
            task.data = row.data;
            LabelledItem item;
            item.text = item_text(task, schema.source);
            item.regions = names.now(std::move(row.regions));
            if (!item.text.empty()) pool.add(row.task, std::move(item));
        }
    }
};

}  // namespace

ExampleSource examples_of(World& world, const Project& project, bool accepted_too) {
    if (project.schema.modality != Modality::text) return {};
    auto source = std::make_shared<Reviewed>(world, project.id, project.schema, accepted_too);
    return [source](const DraftAsk& ask, int most) {
        const std::scoped_lock hold(source->mutex);
        source->refresh();
        return source->pool.pick(ask.task, ask.text, most);
    };
}

}  // namespace countersign
