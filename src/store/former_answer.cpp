#include "store/former_answer.h"

#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"

namespace countersign {

namespace {

constexpr Sql answers_to =
    "SELECT " ANNOTATION_COLUMNS
    " FROM annotation a WHERE a.task_id {among} $1 {end_among} AND a.withdrawn = 0 "
    "AND a.action <> $2 ORDER BY a.id";

}  // namespace

std::map<Id, Annotation> former_answers(Session& s, Id person, const std::vector<Id>& tasks) {
    std::map<Id, Annotation> out;
    if (tasks.empty()) return out;
    const auto list = listed_ids(s.engine(), tasks);
    s.run(answers_to, {list, static_cast<std::int64_t>(Action::skipped)}, [&](const RowView& row) {
        auto answer = annotation_from(row);
        const auto there = out.find(answer.task);
        if (there == out.end() || there->second.person != person || answer.person == person)
            out.insert_or_assign(answer.task, std::move(answer));
    });
    return out;
}

}  // namespace countersign
