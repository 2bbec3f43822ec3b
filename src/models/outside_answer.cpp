#include "models/outside_answer.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t most_said = 10, most_regions = 20'000;

std::optional<double> share(const Json& value) {
    if (!value.is_number()) return std::nullopt;
    const double number = value.get<double>();
    return number >= 0 && number <= 1 ? std::optional(number) : std::nullopt;
}

class Taker {
public:
    Taker(const Schema& schema, const ItemFacts& item, const Regions& known)
        : schema_(schema), item_(item), known_(known) {}

    TakenAnswer take(Regions regions, const Json& confidence) {
        if (regions.size() > most_regions) {
            say(std::to_string(regions.size()) + " regions are more than " +
                std::to_string(most_regions));
            regions.resize(most_regions);
        }
        // What is drawn is looked at first, so that answers and relations find their regions.
        std::stable_partition(regions.begin(), regions.end(),
                              [](const Region& r) { return facts_of(r.kind).drawn; });
        for (auto& region : regions) take_one(std::move(region));
        auto& answer = out_.answer;
        answer.confidence = share(confidence);
        for (const auto& region : answer.regions)
            if (region.confidence && confidence.is_null())
                answer.confidence = std::min(answer.confidence.value_or(1), *region.confidence);
        return std::move(out_);
    }

private:
    void say(std::string why) {
        if (out_.left_out.size() < most_said) out_.left_out.push_back(std::move(why));
    }

    /// The names that models use for labels, as the schema has them.
    void rename(Region& region) const {
        const auto* control = schema_.control(region.control);
        if (!control) return;
        for (auto& name : region.labels)
            if (const auto* label = Schema::find_label(*control, name)) name = label->name;
    }

    void take_one(Region region) {
        auto& kept = out_.answer.regions;
        rename(region);
        const std::string said_id = std::move(region.id);
        region.id = fresh_id(kept.size() + 1);
        for (auto* other : {&region.parent, &region.from, &region.to})
            if (const auto now = ids_.find(*other); !other->empty() && now != ids_.end())
                *other = now->second;
        region.origin = Origin::model;
        region.grounding = Grounding::unchecked;
        region.probability.reset();
        if (region.confidence && !(*region.confidence >= 0 && *region.confidence <= 1))
            region.confidence.reset();
        // Held together with what it may refer to, so that one bad region costs one region.
        Regions with = referred(region);
        const std::size_t own = with.size();
        const std::string id = region.id;
        with.push_back(std::move(region));
        auto checked = check_regions(schema_, std::move(with), item_, false);
        if (!checked) return say(checked.refusal().message);
        Region& good = (*checked)[own];
        if (answered_already(good))
            return say("control \"" + good.control + "\" is answered twice");
        if (!said_id.empty()) ids_.emplace(said_id, id);
        kept.push_back(std::move(good));
    }

    std::string fresh_id(std::size_t number) const {
        const auto id = "d" + std::to_string(number);
        return is_known(id) ? "of-cue-" + id : id;
    }
    bool is_known(const std::string& id) const {
        return std::any_of(known_.begin(), known_.end(),
                           [&](const Region& known) { return known.id == id; });
    }

    Regions referred(const Region& region) const {
        Regions out;
        for (const auto& id : {region.parent, region.from, region.to})
            for (const auto* there : {&out_.answer.regions, &known_})
                for (const auto& kept : *there)
                    if (!id.empty() && kept.id == id &&
                        std::none_of(out.begin(), out.end(),
                                     [&](const Region& other) { return other.id == id; }))
                        out.push_back(kept);
        return out;
    }

    bool answered_already(const Region& region) const {
        const auto* control = schema_.control(region.control);
        if (!facts_of(region.kind).answers ||
            (control && control->multiple && region.kind == ControlKind::text))
            return false;
        return std::any_of(
            out_.answer.regions.begin(), out_.answer.regions.end(), [&](const Region& there) {
                return there.control == region.control && there.parent == region.parent;
            });
    }

    const Schema& schema_;
    const ItemFacts& item_;
    const Regions& known_;
    TakenAnswer out_;
    std::map<std::string, std::string> ids_;  ///< As said, to as kept.
};

}  // namespace

TakenAnswer take_regions(const Schema& schema, const ItemFacts& item, Regions regions,
                         const Json& confidence, const Regions& known) {
    return Taker(schema, item, known).take(std::move(regions), confidence);
}

Result<DraftAnswer> or_refuse(TakenAnswer taken) {
    if (!taken.answer.regions.empty() || taken.left_out.empty()) return std::move(taken.answer);
    return Refusal{Code::invalid, "Nothing of the model's answer fits the project: " +
                                      repair_utf8(taken.left_out.front())};
}

ItemFacts facts_of_ask(const DraftAsk& ask) {
    ItemFacts facts;
    facts.text = ask.text;
    if (ask.image) facts.width = ask.image->width, facts.height = ask.image->height;
    if (ask.sound) facts.seconds = ask.sound->seconds();
    return facts;
}

}  // namespace countersign
