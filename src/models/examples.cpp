#include "models/examples.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "quality/near_duplicates.h"

namespace countersign {

namespace {

constexpr double nearly_the_same = 0.7;

std::unordered_map<std::string, double> counted_words(std::string_view text) {
    std::unordered_map<std::string, double> out;
    std::string word;
    const auto end = [&] {
        if (!word.empty()) ++out[word];
        word.clear();
    };
    for (const char c : lower_ascii(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80)
            word += c;
        else
            end();
    }
    end();
    return out;
}

std::string labels_in(const Regions& regions) {
    std::set<std::string> all;
    for (const auto& region : regions)
        for (const auto& label : region.labels) all.insert(region.control + '\n' + label);
    std::string out;
    for (const auto& one : all) out += one + '\n';
    return out;
}

}  // namespace

void ExamplePool::add(std::int64_t task, LabelledItem item) {
    Entry entry{task, std::move(item), {}, {}};
    entry.words = counted_words(entry.item.text);
    entry.labels = labels_in(entry.item.regions);
    for (const auto& [word, _] : entry.words) ++holders_[word];
    entries_.push_back(std::move(entry));
}

std::vector<LabelledItem> ExamplePool::pick(std::int64_t task, std::string_view text,
                                            int most) const {
    const auto weight = [&](const std::string& word, double count) {
        const auto held = holders_.find(word);
        const double in = held == holders_.end() ? 0 : held->second;
        return (1 + std::log(count)) *
               std::log((1.0 + static_cast<double>(entries_.size())) / (1.0 + in));
    };
    const auto asked = counted_words(text);
    const auto likeness = [&](const Entry& entry) {
        double dot = 0, length = 0;
        for (const auto& [word, count] : entry.words) {
            const double here = weight(word, count);
            length += here * here;
            if (const auto there = asked.find(word); there != asked.end())
                dot += here * weight(word, there->second);
        }
        return length > 0 ? dot / std::sqrt(length) : 0.0;
    };
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].task != task) order.emplace_back(-likeness(entries_[i]), i);
    std::sort(order.begin(), order.end());
    // Labels take turns: of each the best that is left, in the order of these.
    std::map<std::string, int> turns;
    std::vector<std::pair<int, std::size_t>> queue;  // Turn, place in `order`.
    const auto normal = normal_text(text);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto& entry = entries_[order[i].second];
        int& turn = turns[entry.labels];
        if (turn >= most) continue;
        if (normal_text(entry.item.text) == normal ||
            text_similarity(entry.item.text, text) >= nearly_the_same)
            continue;
        queue.emplace_back(turn++, i);
    }
    std::sort(queue.begin(), queue.end());
    if (queue.size() > static_cast<std::size_t>(std::max(0, most)))
        queue.resize(static_cast<std::size_t>(std::max(0, most)));
    std::sort(queue.begin(), queue.end(),
              [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<LabelledItem> out;
    for (const auto& [_, place] : queue) out.push_back(entries_[order[place].second].item);
    return out;
}

}  // namespace countersign
