#include "store/former_answer.h"

#include "store/rows.h"
#include "store/task_query.h"

namespace countersign {

std::map<Id, Annotation> former_answers(Session& s, Id person, const std::vector<Id>& tasks) {
    std::map<Id, Annotation> out;
    if (tasks.empty()) return out;
    Piece found("SELECT " ANNOTATION_COLUMNS
                " FROM annotation a WHERE a.withdrawn = 0 AND a.action <> ? AND a.task_id",
                {static_cast<std::int64_t>(Action::skipped)});
    found.add(among(s, tasks)).add(" ORDER BY a.id").run(s, [&](const RowView& row) {
        auto answer = annotation_from(row);
        const auto there = out.find(answer.task);
        if (there == out.end() || there->second.person != person || answer.person == person)
            out.insert_or_assign(answer.task, std::move(answer));
    });
    return out;
}

}  // namespace countersign
