// Lists of tasks with filters. The most selective filter drives through its own index, in task
// order; the others are checked on the way.
#include "store/rows.h"
#include "store/task_store.h"

namespace countersign {

namespace {

/// A statement that grows with its values; placeholders are numbered as they come.
class Query {
public:
    explicit Query(std::string_view start) : sql_(start) {}
    Query& text(std::string_view more) {
        sql_ += more;
        return *this;
    }
    Query& value(const Arg& arg) {
        args_.push_back(arg);
        sql_ += "$" + std::to_string(args_.size());
        return *this;
    }
    void run(Session& s, const std::function<void(const RowView&)>& each) const {
        s.run(sql_, args_, each);
    }

private:
    std::string sql_;
    std::vector<Arg> args_;
};

constexpr std::string_view select_rows =
    "SELECT " TASK_COLUMNS
    ", l.action, p.display, l.names, q.probability, l.flagged, l.decided, h.display, "
    "CASE WHEN q.state = 1 THEN q.lease_until END, f.display FROM ";
/// Who decided, who holds it now (a lease that was let go still names its person), whom it is for.
#define TASK_PEOPLE                                                \
    " LEFT JOIN person p ON p.id = l.person_id "                   \
    "LEFT JOIN person h ON h.id = q.lease_person AND q.state = 1 " \
    "LEFT JOIN person f ON f.id = q.for_person "
constexpr std::string_view by_label_name =
    "label_name n JOIN label l ON l.project_id = n.project_id AND l.task_id = n.task_id "
    "JOIN queue q ON q.project_id = n.project_id AND q.task_id = n.task_id "
    "JOIN task t ON t.id = n.task_id" TASK_PEOPLE "WHERE n.project_id = ";
constexpr std::string_view by_label =
    " JOIN queue q ON q.project_id = l.project_id AND q.task_id = l.task_id "
    "JOIN task t ON t.id = l.task_id" TASK_PEOPLE "WHERE l.project_id = ";
constexpr std::string_view by_queue =
    "queue q JOIN task t ON t.id = q.task_id "
    "LEFT JOIN label l ON l.project_id = q.project_id AND l.task_id = q.task_id" TASK_PEOPLE
    "WHERE q.project_id = ";

/// `%search%` for LIKE, with its own wildcards taken literally.
std::string like_pattern(std::string_view search) {
    std::string out = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out += '%';
}

TaskRow task_row_from(const RowView& row) {
    TaskRow out;
    out.task = task_from(row);
    constexpr int n = task_columns;
    if (!row.is_null(n)) out.action = static_cast<Action>(row.integer(n));
    out.person = row.text(n + 1);
    out.labels = row.text(n + 2);
    out.probability = real_or_none(row, n + 3);
    out.flagged = row.integer(n + 4) != 0;
    out.decided = row.integer(n + 5);
    out.holder = row.text(n + 6);
    out.lease_until = row.integer(n + 7);
    out.for_person = row.text(n + 8);
    return out;
}

}  // namespace

std::vector<TaskRow> list_tasks(Session& s, Id project, const TaskFilter& filter, Id after,
                                int limit) {
    const bool decided = filter.action || filter.flagged.value_or(false);
    const std::string_view alias = !filter.label.empty() ? "n" : decided ? "l" : "q";
    const auto pattern = like_pattern(filter.search);
    Query query(select_rows);
    if (alias == "l")
        query.text(filter.flagged.value_or(false) ? "label l {by_flag}" : "label l {by_action}");
    query.text(alias == "n" ? by_label_name : alias == "l" ? by_label : by_queue).value(project);
    if (!filter.label.empty()) query.text(" AND n.name = ").value(filter.label);
    query.text(" AND ").text(alias).text(".task_id > ").value(after);
    if (filter.state) query.text(" AND q.state = ").value(static_cast<std::int64_t>(*filter.state));
    if (filter.action)
        query.text(" AND l.action = ").value(static_cast<std::int64_t>(*filter.action));
    if (filter.flagged)
        query.text(*filter.flagged ? " AND l.flagged = 1" : " AND COALESCE(l.flagged, 0) = 0");
    if (filter.drafted)
        query.text(*filter.drafted ? " AND q.draft_id <> 0" : " AND q.draft_id = 0");
    if (filter.probability_below)
        query.text(" AND q.probability < ").value(*filter.probability_below);
    if (!filter.search.empty())
        query.text(" AND (t.key {like} ")
            .value(pattern)
            .text(" ESCAPE '\\' OR t.data {like} ")
            .value(pattern)
            .text(" ESCAPE '\\')");
    query.text(" ORDER BY ").text(alias).text(".task_id LIMIT ").value(std::int64_t{limit});
    std::vector<TaskRow> out;
    query.run(s, [&](const RowView& row) { out.push_back(task_row_from(row)); });
    return out;
}

}  // namespace countersign
