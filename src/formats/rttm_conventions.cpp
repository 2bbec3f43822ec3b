#include "formats/rttm_conventions.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace countersign {

namespace {

constexpr double short_pause = 0.25;    // Seconds.
constexpr std::size_t enough = 100;     // Turns or pauses below which nothing is said.
constexpr double many = 0.05;           // A share from which it is a habit.
constexpr double times = 4, finer = 3;  // How much greater a share, a median length must be.

/// "MEE071" and "FEO072" are "a9"; "speaker_12" is "a_9"; "0" is "9".
std::string form_of(std::string_view name) {
    std::string form;
    for (const char c : name) {
        const bool digit = c >= '0' && c <= '9';
        const bool sign = c == '_' || c == '-' || c == '.' || c == ':' || c == '/';
        const char kind = digit ? '9' : sign ? c : 'a';
        if (form.empty() || form.back() != kind) form += kind;
    }
    return form;
}

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
    return text;
}

/// Of as common ones the first in the alphabet; empty without any.
std::string most_common(const std::map<std::string, std::int64_t>& forms) {
    const auto most =
        std::max_element(forms.begin(), forms.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == forms.end() ? std::string() : most->first;
}

double median(std::vector<float> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::string seconds(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", value);
    return text;
}

double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

}  // namespace

void RttmConventions::see(std::string_view file, std::string_view,
                          const std::vector<SpokenTurn>& turns, std::size_t recordings) {
    if (turns.empty()) return;
    std::map<std::string, std::int64_t> forms;
    for (const auto& t : turns) ++forms[form_of(t.label)];
    const auto form = most_common(forms);
    const auto folder = file.substr(0, file.size() - base_name(file).size());
    const auto group = recordings > 1 ? std::string(file) : std::string(folder) + "*/" + form;
    group_of_[std::string(file)] = group;
    auto& m = groups_[group];
    if (m.name.empty() || recordings == 1) m.name = file;
    for (const auto& [name, n] : forms) m.forms[name] += n;
    m.names = most_common(m.forms);
    for (const auto& t : turns) m.lengths.push_back(static_cast<float>(t.end - t.start));
    std::map<std::string_view, std::vector<std::pair<double, double>>> by_speaker;
    std::vector<std::pair<double, int>> steps;
    for (const auto& t : turns) {
        if (!(t.end > t.start)) continue;
        by_speaker[t.label].emplace_back(t.start, t.end);
        steps.emplace_back(t.start, 1), steps.emplace_back(t.end, -1);
    }
    for (auto& [speaker, list] : by_speaker) {
        std::sort(list.begin(), list.end());
        for (std::size_t i = 1; i < list.size(); ++i) {
            const double pause = list[i].first - list[i - 1].second;
            ++m.pauses;
            if (pause < short_pause) ++m.short_pauses;
        }
    }
    std::sort(steps.begin(), steps.end());
    int open = 0;
    double from = 0;
    for (const auto& [at, step] : steps) {
        if (open > 0) m.spoken += at - from;
        if (open > 1) m.overlapped += at - from;
        open += step;
        from = at;
    }
}

std::string RttmConventions::difference(const Measures& a, const Measures& b) {
    std::string said;
    const auto add = [&](const std::string& what) { said += (said.empty() ? "" : ", ") + what; };
    const auto apart = [](double x, double y) {
        return std::max(x, y) >= many && std::max(x, y) >= times * std::min(x, y);
    };
    const double pa = share(static_cast<double>(a.short_pauses), static_cast<double>(a.pauses)),
                 pb = share(static_cast<double>(b.short_pauses), static_cast<double>(b.pauses));
    if (std::min(a.pauses, b.pauses) >= enough && apart(pa, pb))
        add(percent(pa) + " of one speaker's pauses are shorter than 0.25 s, there " + percent(pb));
    if (std::min(a.lengths.size(), b.lengths.size()) >= enough) {
        const double oa = share(a.overlapped, a.spoken), ob = share(b.overlapped, b.spoken);
        if (apart(oa, ob))
            add("several speak in " + percent(oa) + " of the spoken time, there in " + percent(ob));
        const double la = median(a.lengths), lb = median(b.lengths);
        if (std::min(la, lb) > 0 && std::max(la, lb) >= finer * std::min(la, lb))
            add("a turn is " + seconds(la) + " long (median), there " + seconds(lb));
    }
    if (a.names != b.names)
        add("speakers are named in the form " + in_quotes(a.names) + ", there " +
            in_quotes(b.names));
    return said;
}

void RttmConventions::compare() {
    const Measures* most = nullptr;
    for (const auto& [name, m] : groups_)
        if (!most || m.lengths.size() > most->lengths.size()) most = &m;
    bool differs = false;
    std::string first;
    for (auto& [name, m] : groups_) {
        if (&m == most) continue;
        const auto said = difference(m, *most);
        if (said.empty()) continue;
        m.note = "its turns follow another guideline than those of " + in_quotes(most->name) +
                 ": " + said;
        if (!differs) first = m.name;
        differs = true;
    }
    if (!differs) return;
    for (auto& [name, m] : groups_)
        if (&m == most)
            m.note = "turns of another guideline are imported with it: see " + in_quotes(first);
}

std::string RttmConventions::note(std::string_view file, std::string_view) const {
    const auto group = group_of_.find(file);
    const auto found = group == group_of_.end() ? groups_.end() : groups_.find(group->second);
    return found == groups_.end() ? std::string() : found->second.note;
}

}  // namespace countersign
