#include "app/finding_writer.h"

#include <algorithm>
#include <functional>

#include "app/inspector.h"
#include "store/event_store.h"

namespace countersign {

namespace {

/// `all` in pieces of at most `most`.
template <class T>
void in_pieces(const std::vector<T>& all, std::size_t most,
               const std::function<void(std::vector<T>)>& each) {
    for (std::size_t i = 0; i < all.size(); i += most) {
        const auto end = std::min(all.size(), i + most);
        each({all.begin() + static_cast<std::ptrdiff_t>(i),
              all.begin() + static_cast<std::ptrdiff_t>(end)});
    }
}

}  // namespace

StoredFinding stored_finding(const Finding& finding, const CheckedItems& items, Id project,
                             Millis now) {
    const auto& row = row_of(finding.check);
    StoredFinding out;
    out.project = project;
    std::string_view name;
    if (finding.item < items.tasks.size()) {
        out.task = items.tasks[finding.item];
        out.annotation = items.annotations[finding.item];
        name = items.names[finding.item];
    }
    out.fingerprint = fingerprint(finding, name);
    out.kind = static_cast<int>(row.kind);
    out.check = row.name;
    out.level = static_cast<int>(row.level);
    out.score = std::clamp(finding.score, 0.0, 1.0);
    if (const auto at = items.people.find(finding.person); at != items.people.end())
        out.person = at->second;
    FindingBody body;
    body.control = finding.control;
    body.label = finding.label;
    body.region = finding.region;
    body.sentence = finding.sentence;
    body.place = finding.place;
    for (const auto& e : finding.evidence) {
        const bool is_task = e.item < items.tasks.size();
        body.evidence.push_back(
            {is_task ? items.tasks[e.item] : 0, is_task ? items.names[e.item] : "", e.sentence});
    }
    out.body = body_text(body);
    out.found = now;
    return out;
}

void FindingChanges::found(StoredFinding finding, const KnownFinding* known) {
    if (!known) {
        added.push_back(std::move(finding));
        return;
    }
    const bool other_label = finding.annotation != known->annotation;
    const bool decided_anew = finding.annotation != 0 && other_label;
    finding.id = known->id;
    switch (known->state) {
        case FindingState::dismissed:
            return;
        case FindingState::waiting:
        case FindingState::fixed:
            if (!decided_anew) return;
            reopened.push_back(known->id);
            break;
        case FindingState::gone:
            reopened.push_back(known->id);
            break;
        case FindingState::open:
            if (!other_label && finding.score == known->score &&
                std::hash<std::string>{}(finding.body) == known->body_hash)
                return;
            break;
    }
    refreshed.push_back(std::move(finding));
}

void FindingChanges::not_found(const KnownFinding& known, Id annotation) {
    const bool relabelled =
        known.annotation != 0 && annotation != 0 && annotation != known.annotation;
    if (known.state == FindingState::waiting) {
        if (relabelled) fixed.push_back(known.id);
    } else if (known.state == FindingState::open) {
        (relabelled ? fixed : gone).push_back(known.id);
    }
}

void FindingChanges::write_by(std::size_t most,
                              const std::function<void(const Part&)>& write) const {
    in_pieces<StoredFinding>(added, most, [&](const std::vector<StoredFinding>& part) {
        write([&](Session& s, Millis) { insert_findings(s, part); });
    });
    const auto move = [&](const std::vector<Id>& ids, std::vector<FindingState> from,
                          FindingState to) {
        in_pieces<Id>(ids, most, [&](const std::vector<Id>& part) {
            write([&](Session& s, Millis now) { move_findings(s, part, from, to, now); });
        });
    };
    using State = FindingState;
    move(reopened, {State::gone, State::fixed, State::waiting}, State::open);
    in_pieces<StoredFinding>(refreshed, most, [&](const std::vector<StoredFinding>& part) {
        write([&](Session& s, Millis) {
            for (const auto& f : part) refresh_finding(s, f);
        });
    });
    move(fixed, {State::open, State::waiting}, State::fixed);
    move(gone, {State::open}, State::gone);
}

void record_findings(Session& s, World& world, Id project, Id person, const FindingChanges& changes,
                     Millis now) {
    Event event;
    event.project = project;
    event.kind = "findings.changed";
    event.person = person;
    event.body = to_text({{"new", changes.added.size()},
                          {"reopened", changes.reopened.size()},
                          {"fixed", changes.fixed.size()},
                          {"gone", changes.gone.size()}});
    event.created = now;
    append_event(s, std::move(event), world.key);
}

}  // namespace countersign
