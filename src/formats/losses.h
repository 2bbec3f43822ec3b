// What an export had to leave out, by what it is, with counts: a format says it instead of being
// silent.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/region.h"

namespace countersign {

/// The entry of an exported zip that says them; readers pass it over.
constexpr std::string_view left_out_file = "left-out.txt";

class Losses {
public:
    void add(std::string what) { ++counts_[std::move(what)]; }
    /// A region of a kind that the format has no place for.
    void add(const Region& region) {
        add(std::string(name_of(region.kind)) + " of control \"" + region.control + "\"");
    }
    bool empty() const { return counts_.empty(); }
    /// "3 x choices of control \"weather\"", by name.
    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& [what, n] : counts_) lines.push_back(std::to_string(n) + " x " + what);
        return lines;
    }
    std::string text() const {
        std::string text;
        for (const auto& line : lines()) text += line + "\n";
        return text;
    }

private:
    std::map<std::string, std::int64_t> counts_;
};

}  // namespace countersign
