// Wire types of filters, counts and views.
#pragma once

#include <string>
#include <vector>

#include "app/lists.h"
#include "base/fields.h"

namespace countersign {

struct TaskCountOut {
    std::int64_t count = 0;
    bool more = false;
};
template <class V>
void fields(V& v, TaskCountOut& o) {
    v("count", o.count, "tasks that match");
    v("more", o.more, "there are more than that: counting them all would take long");
}

struct FilterFieldOut {
    std::string name;
    FilterKind kind = FilterKind::word;
    std::string meaning;
    std::vector<std::string> choices;
};
template <class V>
void fields(V& v, FilterFieldOut& o) {
    v("name", o.name, "stands before the colon");
    v("kind", o.kind, "how its values are written");
    v("meaning", o.meaning, "what it is about");
    v("choices", o.choices, "choice: all values there are");
}

struct ViewOut {
    std::string id;
    std::string name;
    std::string filter;
    std::string sort;
    std::vector<std::string> columns;
    bool shared = false;
    Millis created = 0;
};
template <class V>
void fields(V& v, ViewOut& o) {
    v("id", o.id, "v...");
    v("name", o.name, "shown name");
    v("filter", o.filter, "which tasks");
    v("sort", o.sort, "their order");
    v("columns", o.columns, "what is shown of each; empty: the usual");
    v("shared", o.shared, "everybody of the project sees it");
    v("created", o.created, "ms UTC");
}

struct ViewBody {
    std::optional<std::string> name, filter, sort;
    std::optional<std::vector<std::string>> columns;
    std::optional<bool> shared;
};
template <class V>
void fields(V& v, ViewBody& o) {
    v("name", o.name, "1 to 80 bytes, unique among the caller's own or everybody's");
    v("filter", o.filter, "which tasks");
    v("sort", o.sort, "imported, key, probability or decided; - before it: the last first");
    v("columns", o.columns, "what is shown of each; empty: the usual");
    v("shared", o.shared, "supervisors: for everybody of the project");
}

}  // namespace countersign
