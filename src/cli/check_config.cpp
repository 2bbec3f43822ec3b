#include "cli/check_config.h"

namespace countersign {

namespace {

bool is_named(const CheckRow& row, std::string_view name) {
    return row.name == name || name_of(row.kind) == name;
}

Result<> known_name(const std::string& name) {
    for (const auto& row : check_table())
        if (is_named(row, name)) return Done{};
    return Refusal{Code::invalid, "There is no kind or check \"" + name +
                                      "\": see `countersign reference findings`."};
}

}  // namespace

Result<CheckConfig> check_config_from(std::string_view text) {
    auto config = TRY(from_text<CheckConfig>(text));
    const auto& l = config.limits;
    for (const auto& [name, share] : {std::pair{"doubled_iou", l.doubled_iou},
                                      {"near_duplicate", l.near_duplicate},
                                      {"low_confidence", l.low_confidence},
                                      {"sure_confidence", l.sure_confidence},
                                      {"most_in_favour", l.most_in_favour},
                                      {"elsewhere", l.elsewhere}})
        if (!(share >= 0 && share <= 1))
            return Refusal{Code::invalid,
                           "limits." + std::string(name) + " must lie between 0 and 1."};
    if (l.near_picture_bits < 0 || l.near_picture_bits > 31)
        return Refusal{Code::invalid, "limits.near_picture_bits must lie between 0 and 31."};
    if (!(l.odd > 0)) return Refusal{Code::invalid, "limits.odd must be greater than 0."};
    return config;
}

Result<std::bitset<64>> checks_off(const std::vector<std::string>& only,
                                   const std::vector<std::string>& skip) {
    for (const auto* names : {&only, &skip})
        for (const auto& name : *names) TRY(known_name(name));
    std::bitset<64> off;
    const auto names = [](const std::vector<std::string>& list, const CheckRow& row) {
        for (const auto& name : list)
            if (is_named(row, name)) return true;
        return false;
    };
    for (const auto& row : check_table())
        off[static_cast<std::size_t>(row.check)] =
            (!only.empty() && !names(only, row)) || names(skip, row);
    return off;
}

Result<std::set<std::string, std::less<>>> baseline_from(std::string_view text) {
    const auto json = TRY(parse_json(text));
    const auto refused = [](const std::string& why) {
        return Refusal{Code::invalid,
                       "The baseline " + why + ": write it anew with --write-baseline."};
    };
    if (!json.is_object() || !json.contains("known") || !json["known"].is_array())
        return refused("has no list \"known\"");
    std::set<std::string, std::less<>> known;
    for (const auto& one : json["known"]) {
        if (!one.is_string()) return refused("holds something that is no fingerprint");
        known.insert(one.get<std::string>());
    }
    return known;
}

std::string baseline_text(const std::set<std::string, std::less<>>& known) {
    Json out = {{"countersign", "check baseline"}, {"known", Json::array()}};
    for (const auto& one : known) out["known"].push_back(one);
    return out.dump(1) + "\n";
}

}  // namespace countersign
