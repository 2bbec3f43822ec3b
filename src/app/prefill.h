// What of a draft is put on the desk, and what an answer made of it. TRUST.md section 9: weak and
// ungrounded regions are never pre-filled, nor are those less sure than the policy's `show_from`.
#pragma once

#include "core/project.h"
#include "core/task.h"

namespace countersign {

struct Prefill {
    Regions regions;  ///< On the desk from the start.
    Regions maybes;   ///< Called up by a key. Ungrounded ones are in neither.
};
/// A region without a calibrated probability counts by what the model claims, and without that as
/// sure.
Prefill prefill(const Draft& draft, const Policy& policy);

struct Judgement {
    Action action = Action::created;
    int edits = 0;    ///< edit_distance(what was or would have been pre-filled, the answer)
    Regions regions;  ///< The answer; origin, confidence and grounding as the server knows them.
};
/// `shown`: the draft was on the desk (arm assisted). Accepted only when every region is the
/// pre-filled one, unchanged, and none is missing. Nothing pre-filled and nothing of the draft in
/// the answer: created.
Judgement judge_answer(const Draft* draft, bool shown, const Policy& policy, Regions answer,
                       bool rejected);

/// The same label in the same place; ids, origin and confidence do not count.
bool same_content(const Region& a, const Region& b);

}  // namespace countersign
