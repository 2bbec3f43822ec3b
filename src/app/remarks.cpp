#include "app/remarks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "core/mentions.h"
#include "store/gold_store.h"
#include "store/notification_store.h"
#include "store/people_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_bytes = 10'000, most_mentioned = 20, most_names = 100;

/// A text with some pieces replaced.
class Rewritten {
public:
    explicit Rewritten(std::string_view text) : text_(text) {}
    void replace(std::size_t at, std::size_t length, std::string_view by) {
        out_ += text_.substr(from_, at - from_);
        out_ += by;
        from_ = at + length;
    }
    std::string done() {
        out_ += text_.substr(from_);
        return std::move(out_);
    }

private:
    std::string_view text_;
    std::string out_;
    std::size_t from_ = 0;
};

struct FoundName {
    Person person;
    std::size_t length = 0;  ///< Of the name; a point behind it may end the sentence.
};

std::optional<FoundName> find_named(Session& s, std::string_view name) {
    constexpr std::size_t longest = 40;
    if (const auto id = parse_id('u', name)) {
        auto person = find_person(s, *id);
        return person ? std::optional(FoundName{*std::move(person), name.size()}) : std::nullopt;
    }
    while (!name.empty() && name.size() <= longest) {
        if (auto person = find_person_by_name(s, lower_ascii(name)))
            return FoundName{*std::move(person), name.size()};
        if (std::string_view("._-").find(name.back()) == std::string_view::npos) break;
        name.remove_suffix(1);
    }
    return std::nullopt;
}

Result<Remark> resolved(Session& s, std::string_view text) {
    Remark out;
    Rewritten written(text);
    std::size_t looked_up = 0;
    for (const auto& place : mention_places(text)) {
        if (++looked_up > most_names) break;
        const auto found = find_named(s, place.name);
        if (!found) continue;
        const auto& person = found->person;
        if (!person.active)
            return Refusal{Code::invalid,
                           "@" + person.name + " (" + person.display +
                               ") no longer has access to this project: mention somebody else."};
        written.replace(place.at, found->length + 1, "@" + wire_id('u', person.id));
        const bool again =
            std::any_of(out.mentions.begin(), out.mentions.end(),
                        [&](const Mentioned& one) { return one.person == person.id; });
        if (again) continue;
        if (out.mentions.size() == most_mentioned)
            return Refusal{Code::too_many,
                           "A comment may mention at most 20 people: say it in two, or leave some "
                           "out."};
        out.mentions.push_back({person.id, person.name, person.display});
    }
    out.text = written.done();
    return out;
}

}  // namespace

Result<Remark> read_remark(World& world, const std::string& text) {
    if (trim(text).empty()) return Refusal{Code::invalid, "The comment is empty: write something."};
    if (text.size() > most_bytes)
        return Refusal{Code::too_large, "A comment may hold at most 10,000 bytes."};
    if (!is_utf8(text)) return Refusal{Code::invalid, "The comment must be UTF-8."};
    return world.db.read([&](Session& s) { return resolved(s, text); });
}

Comment write_remark(Session& s, const Caller& caller, const Task& task, const Remark& remark,
                     Millis now, const std::set<Id>& told) {
    Comment out;
    out.task = task.id;
    out.person = caller.person;
    out.author = caller.name;
    out.text = remark.text;
    out.created = now;
    out.mentions = remark.mentions;
    out.id = insert_comment(s, out);

    std::map<Id, NotificationKind> whom;
    for (const Id person : people_under(s, task.id))
        if (!told.contains(person)) whom[person] = NotificationKind::replied;
    for (const auto& one : remark.mentions) whom[one.person] = NotificationKind::mentioned;
    Notification what;
    what.project = task.project;
    what.task = task.id;
    what.by = caller.person;
    what.about = out.id;
    what.created = now;
    // Two people who hear of each other at a gold task would know it for one.
    const auto gold = find_gold(s, task.project, task.id);
    if (gold && gold->in_use)
        std::erase_if(whom, [&](const auto& one) {
            const auto person = find_person(s, one.first);
            return !person || !may(person->role, Permission::manage_project);
        });
    // In the order of the ids, which is the order in which the lists are locked.
    for (const auto& [person, kind] : whom) {
        what.person = person;
        what.kind = kind;
        tell(s, what);
    }
    return out;
}

std::string plain_remark(Session& s, std::string_view text, std::int64_t most) {
    Rewritten written(text);
    for (const auto& place : mention_places(text))
        if (const auto id = parse_id('u', place.name))
            if (const auto person = find_person(s, *id))
                written.replace(place.at, place.name.size() + 1, "@" + person->display);
    auto out = written.done();
    if (const auto head = slice(out, 0, most)) out = std::string(*head) + "…";
    return out;
}

}  // namespace countersign
