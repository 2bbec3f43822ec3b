// A filter as SQL: the conditions of its parts, the tables they look at, and the indexes that could
// drive a search for it. Statements of their own shape are put together from pieces that bring
// their values along.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/task_list.h"

namespace countersign {

/// A piece of a statement; each ? stands for the next of its values.
class Piece {
public:
    using Value = std::variant<std::int64_t, double, std::string>;
    Piece() = default;
    Piece(std::string_view text, std::vector<Value> values = {})
        : text_(text), values_(std::move(values)) {}
    Piece& add(std::string_view text, std::vector<Value> values = {}) {
        text_ += text;
        for (auto& value : values) values_.push_back(std::move(value));
        return *this;
    }
    Piece& add(const Piece& more) { return add(more.text_, more.values_); }
    bool empty() const { return text_.empty(); }
    void run(Session& s, const std::function<void(const RowView&)>& each) const;

private:
    std::string text_;
    std::vector<Value> values_;
};

/// "?, ?, ?" with its values.
template <class T>
Piece listed(const std::vector<T>& values) {
    Piece out;
    for (const auto& value : values) out.add(out.empty() ? "?" : ", ?", {Piece::Value(value)});
    return out;
}

/// A list of ids as one value: what {among} $n {end_among} is given.
std::string listed_ids(Engine engine, const std::vector<Id>& ids);
/// The same as a piece: "q.task_id" among(ids).
Piece among(Session& s, const std::vector<Id>& ids);

/// Where task ids come from: `FROM from WHERE where`, in the order of `id`.
struct TaskSource {
    std::string from, id;
    Piece where;
    int rank = 0;          ///< Lower: likely to give fewer tasks.
    bool in_order = true;  ///< By an index in the order of ids: can be walked in windows.
};

struct TaskQuery {
    Piece where;  ///< " AND ..." about q, and l, t, d where needed.
    bool task = false, draft = false;
    bool texts = false;            ///< Looks into the items: a look costs more.
    bool decided = false;          ///< Only tasks with a label match.
    bool has_probability = false;  ///< Only tasks with a probability match.
    std::vector<TaskSource> sources;
    std::optional<NumberRange> probability;  ///< The hull of what is asked for.
    std::optional<TimeRange> when_decided;
    Id first_task = 0, last_task = INT64_MAX;  ///< No other task can match.
    std::vector<Id> veiled;  ///< Held blind by the caller: as if they had no draft.
    bool all = true;

    /// "queue q" with what the conditions need, behind `window`, whose task is w.task_id.
    std::string joins() const;
    /// " AND q.task_id NOT IN (...)", or IN.
    std::string veil(bool inside) const;
};
Result<TaskQuery> compile(Session& s, const TaskAsk& ask);

}  // namespace countersign
