#include "quality/corpus.h"

#include <algorithm>
#include <cstring>

namespace countersign {

std::uint32_t NumberedNames::operator()(std::string_view name) {
    if (const auto it = of_.find(name); it != of_.end()) return it->second;
    const auto [it, _] = of_.emplace(name, static_cast<std::uint32_t>(names_.size()));
    names_.push_back(&it->first);
    return it->second;
}

std::optional<std::uint32_t> NumberedNames::find(std::string_view name) const {
    const auto it = of_.find(name);
    return it == of_.end() ? std::nullopt : std::optional(it->second);
}

std::string_view Arena::keep(std::string_view text) {
    constexpr std::size_t block = 1 << 20;
    if (text.empty()) return {};
    if (text.size() > left_) {
        const auto size = std::max(block, text.size());
        at_ = blocks_.emplace_back(std::make_unique<char[]>(size)).get();
        left_ = size;
    }
    std::memcpy(at_, text.data(), text.size());
    const std::string_view kept(at_, text.size());
    at_ += text.size(), left_ -= text.size();
    return kept;
}

std::uint32_t Corpus::add(const GivenItem& given) {
    constexpr std::size_t most_answers = 60'000;
    const auto number = static_cast<std::uint32_t>(items_.size());
    auto& item = items_.emplace_back();
    item.name = arena_.keep(given.name);
    item.where = arena_.keep(given.where);
    item.text = arena_.keep(given.text);
    item.is_text = given.is_text;
    item.split = splits_(given.split);
    item.width = given.width, item.height = given.height;
    item.bytes = given.bytes;
    item.picture = given.picture;
    item.sound = given.sound;
    item.silences = given.silences;
    item.voiced = given.voiced;
    item.first_mark = static_cast<std::uint32_t>(marks_.size());
    item.first_answer = static_cast<std::uint32_t>(answers_.size());
    std::uint16_t n = 0;
    for (const bool is_draft : {false, true}) {
        for (const auto& answer : is_draft ? given.drafts : given.labels)
            if (n < most_answers) add_answer(answer, is_draft, n++);
        if (!is_draft) item.labels = n;
    }
    item.answers = n;
    item.marks = static_cast<std::uint32_t>(marks_.size()) - item.first_mark;
    return number;
}

void Corpus::add_answer(const GivenAnswer& answer, bool is_draft, std::uint16_t number) {
    answers_.push_back({is_draft ? models_(answer.by) : people_(answer.by), is_draft,
                        static_cast<float>(answer.seconds), answer.created});
    for (const auto& r : *answer.regions) {
        const auto c = control_names_(r.control);
        if (c == controls_.size()) {
            controls_.push_back(std::make_unique<CorpusControl>());
            controls_.back()->kind = r.kind;
        }
        if (!r.parent.empty()) continue;  // An answer about a region is not one about the item.
        Mark mark;
        mark.item = static_cast<std::uint32_t>(items_.size() - 1);
        mark.control = static_cast<std::uint16_t>(c);
        mark.answer = number;
        mark.kind = r.kind;
        if (r.confidence) mark.confidence = static_cast<float>(*r.confidence);
        if (r.probability) mark.confidence = static_cast<float>(*r.probability);
        mark.region = arena_.keep(r.id);
        if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) {
            mark.start = r.start, mark.end = r.end;
        } else if (facts_of(r.kind).drawn) {
            const auto e = extent(r);
            mark.start = e.left, mark.end = e.right, mark.top = e.top, mark.bottom = e.bottom;
        }
        if (r.labels.size() > 1) controls_[c]->is_multiple = true;
        if (r.labels.empty()) marks_.push_back(mark);
        for (const auto& label : r.labels) {
            mark.label = controls_[c]->labels(label);
            marks_.push_back(mark);
        }
    }
}

std::optional<std::uint32_t> Corpus::given(const CorpusItem& item, std::size_t control) const {
    if (controls_[control]->is_multiple) return {};
    std::optional<std::uint32_t> last;
    if (item.labels == 1) {
        for (const auto& mark : marks_of(item))
            if (mark.answer == 0 && mark.control == control && mark.label != no_label)
                last = mark.label;
        return last;
    }
    std::vector<std::pair<std::uint32_t, int>> votes;
    for (const auto& mark : marks_of(item)) {
        if (mark.control != control || mark.label == no_label || mark.answer >= item.labels)
            continue;
        last = mark.label;
        const auto it = std::find_if(votes.begin(), votes.end(),
                                     [&](const auto& v) { return v.first == mark.label; });
        it == votes.end() ? void(votes.emplace_back(mark.label, 1)) : void(++it->second);
    }
    if (votes.size() < 2) return last;
    int most = 0, of_last = 0;
    std::uint32_t best = *last;
    for (const auto& [label, n] : votes) {
        if (n > most) most = n, best = label;
        if (label == *last) of_last = n;
    }
    return of_last == most ? last : std::optional(best);
}

}  // namespace countersign
