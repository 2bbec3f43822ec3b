// What plain and sampled batches share.
#pragma once

#include <map>

#include "app/batch.h"
#include "core/event.h"
#include "quality/calibration.h"

namespace countersign {

Result<std::shared_ptr<const Project>> batch_project(World& world, Id id);
/// The class, when the project's schema lets it be accepted from a grid.
Result<> check_class(const Project& project, const ItemClass& what);
/// The caller's own batch that stands.
Result<Batch> own_batch(Session& s, const Caller& caller, Id batch);
Refusal no_batch(Id batch);

/// How likely people keep a draft as it stands: by its calibrated probability, else by what its
/// model claims, mapped by what they did with the model's drafts lately. Not whether it is right:
/// that only those who have not seen it can tell. It decides whether a person meets the draft in a
/// grid or at the desk.
class KeptChances {
public:
    KeptChances(Session& s, const Project& project);
    /// Maps its claim. Calibrated from here on when enough answers stand behind the map.
    Candidate mapped(Candidate one) const;
    bool is_routine(const Candidate& mapped) const { return mapped.probability >= routine_from_; }

private:
    struct Map {
        Platt platt;
        std::size_t answers = 0;
    };
    double routine_from_;
    std::map<Id, Map> by_model_;
};

/// each_candidate() with mapped chances, of those that are routine.
void each_routine(Session& s, const Project& project, Id person,
                  const std::optional<ItemClass>& one,
                  const std::function<void(const Candidate&, std::string_view class_text)>& each);

/// Sets the chance of each item.
void set_chances(Session& s, const Project& project, std::vector<BatchItem>& items);

void add_to(ClassTotal& total, const Candidate& one);

/// What is held, loaded; those whose draft is not accepted whole as it stands are left out.
std::vector<BatchItem> load_items(Session& s, const Project& project,
                                  const std::vector<Assignment>& held);

/// An answer to one task of a batch, before the write.
struct Judged {
    Assignment held;
    Regions regions;
    bool marked = false;
};
/// In the order of the answer; refuses assignments that are not the caller's.
Result<std::vector<Judged>> judge_items(World& world, const Project& project, const Caller& caller,
                                        const BatchAnswer& answer);

/// Writes the answer of one task; nothing when its lease has passed on.
std::optional<Annotation> accept_one(Session& s, const Project& project, const Judged& one,
                                     std::int64_t active_ms, Millis now);

Event acceptance_event(const Project& project, const Annotation& a, const Batch& batch);
Event batch_event(const Batch& batch, std::string kind, const Json& more, Millis now);

/// Whether a reviewed sample showed the bound that was asked for.
bool good_enough(const Batch& batch);

/// `remaining` counts what waits in the places [from, below).
BatchStand stand_of(Session& s, const Batch& batch, std::int64_t from, std::int64_t below);

}  // namespace countersign
