#include "models/ensemble.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/crypto.h"
#include "base/text.h"
#include "models/connector.h"
#include "quality/box_fusion.h"
#include "quality/rover.h"
#include "quality/segment_fusion.h"
#include "quality/span_fusion.h"

namespace countersign {

namespace {

/// A region of one member.
struct Vote {
    std::uint32_t member;
    const Region* region;
};

double sure(const Region& region) {
    return region.probability.value_or(region.confidence.value_or(1));
}

/// A label's place in its control; nothing for one that the control does not have.
std::optional<std::uint32_t> place_of(const Control& control, const Region& region) {
    if (region.labels.empty()) return std::nullopt;
    for (std::uint32_t i = 0; i < control.labels.size(); ++i)
        if (control.labels[i].name == region.labels.front()) return i;
    return std::nullopt;
}

/// Words of white space.
std::vector<std::string> split_words(const std::string& text) {
    std::vector<std::string> out;
    bool open = false;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space && !open) out.emplace_back();
        if (!space) out.back() += c;
        open = !space;
    }
    return out;
}

class Fuser {
public:
    Fuser(const Schema& schema, std::string_view text, std::span<const MemberDraft> members,
          const EnsembleOptions& options)
        : schema_(schema), text_(text), members_(members), options_(options) {}

    DraftAnswer fuse() {
        for (const auto& control : schema_.controls) {
            if (control.per_region) continue;
            const auto votes = votes_on(control);
            if (!votes.empty()) fuse(control, votes);
        }
        for (const auto& region : answer_.regions)
            answer_.confidence = std::min(answer_.confidence.value_or(1), *region.confidence);
        return std::move(answer_);
    }

private:
    std::vector<Vote> votes_on(const Control& control) const {
        std::vector<Vote> out;
        for (std::uint32_t member = 0; member < members_.size(); ++member)
            for (const auto& region : members_[member].regions)
                if (region.control == control.name && region.kind == control.kind)
                    out.push_back({member, &region});
        return out;
    }

    void fuse(const Control& control, const std::vector<Vote>& votes) {
        switch (control.kind) {
            case ControlKind::boxes:
                return boxes(control, votes);
            case ControlKind::spans:
                return spans(control, votes);
            case ControlKind::segments:
                return segments(control, votes);
            case ControlKind::text:
                return texts(control, votes);
            case ControlKind::choices:
            case ControlKind::rating:
                return choice(control, votes);
            case ControlKind::polygons:
            case ControlKind::keypoints:
            case ControlKind::relations:
                return;
        }
    }

    Region& add(const Control& control, double confidence) {
        Region& region = answer_.regions.emplace_back();
        region.id = "d" + std::to_string(answer_.regions.size());
        region.control = control.name;
        region.kind = control.kind;
        region.origin = Origin::model;
        region.confidence = std::clamp(confidence, 0.0, 1.0);
        return region;
    }

    void boxes(const Control& control, const std::vector<Vote>& votes) {
        std::vector<SourceBox> all;
        for (const Vote& vote : votes) {
            const Region& r = *vote.region;
            const auto label = place_of(control, r);
            const bool whole = std::isfinite(r.x + r.y + r.width + r.height) && r.width > 0 &&
                               r.height > 0 && r.rotation == 0;
            if (label && whole)
                all.push_back(
                    {r.x, r.y, r.x + r.width, r.y + r.height, *label, vote.member, sure(r)});
        }
        const BoxFusionOptions how{options_.least_overlap, 0, {}};
        for (const auto& box : weighted_box_fusion(all, members_.size(), how)) {
            std::set<std::uint32_t> seen;
            for (const auto at : box.boxes) seen.insert(all[at].source);
            if (share(seen.size()) < options_.least_share) continue;
            Region& region = add(control, box.confidence);
            region.labels = {control.labels[box.label].name};
            region.x = box.left, region.y = box.top;
            region.width = box.right - box.left, region.height = box.bottom - box.top;
        }
    }

    double share(std::size_t members) const {
        return static_cast<double>(members) / static_cast<double>(members_.size());
    }

    void spans(const Control& control, const std::vector<Vote>& votes) {
        SpanItem item;
        item.tokens = static_cast<std::uint32_t>(code_points(text_));
        for (std::uint32_t member = 0; member < members_.size(); ++member)
            item.answers.push_back({member, {}});
        for (const Vote& vote : votes) {
            const auto label = place_of(control, *vote.region);
            const double start = vote.region->start, end = vote.region->end;
            if (!label || !(start >= 0 && start < end && end <= item.tokens)) continue;
            item.answers[vote.member].spans.push_back(
                {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), *label});
        }
        SpanFusionOptions how;
        how.method = SpanFusion::vote;
        how.cut = options_.least_share;
        const auto fused =
            fuse_spans(std::span(&item, 1), members_.size(), control.labels.size(), how);
        for (const auto& span : fused.items.front()) {
            Region& region = add(control, span.probability);
            region.labels = {control.labels[span.label].name};
            region.start = span.begin;
            region.end = span.end;
            region.text = slice(text_, span.begin, span.end).value_or("");
        }
    }

    void segments(const Control& control, const std::vector<Vote>& votes) {
        std::vector<std::vector<Turn>> systems(members_.size());
        for (const Vote& vote : votes) {
            const auto label = place_of(control, *vote.region);
            const double start = vote.region->start, end = vote.region->end;
            if (label && std::isfinite(end - start) && start >= 0 && start < end)
                systems[vote.member].push_back({start, end, *label});
        }
        TurnVoteOptions how;
        how.map_speakers = false;
        for (const auto& turn : vote_turns(systems, how).turns) {
            Region& region = add(control, turn.share);
            region.labels = {control.labels[turn.speaker].name};
            region.start = turn.start;
            region.end = turn.end;
        }
    }

    void texts(const Control& control, const std::vector<Vote>& votes) {
        std::vector<RoverTranscript> transcripts;
        const Region* surest = nullptr;
        bool claims = false, once = true;
        std::set<std::uint32_t> seen;
        for (const Vote& vote : votes) {
            const Region& r = *vote.region;
            if (!surest || sure(r) > sure(*surest)) surest = &r;
            RoverTranscript said{split_words(r.text), {}, 1};
            once = once && seen.insert(vote.member).second && said.words.size() <= rover_most_words;
            const bool known = r.confidence.has_value();
            for (std::size_t i = 0; known && i < said.words.size(); ++i)
                said.confidence.push_back(r.words.size() == said.words.size()
                                              ? r.words[i].confidence.value_or(*r.confidence)
                                              : *r.confidence);
            claims = claims || known;
            transcripts.push_back(std::move(said));
        }
        if (!once || transcripts.size() < 2) {
            Region& region = add(control, sure(*surest));
            region.text = surest->text;
            region.words = surest->words;
            return;
        }
        // Votes of those who claim nothing count as fully sure where others do claim.
        for (auto& said : transcripts)
            if (claims && said.confidence.empty()) said.confidence.assign(said.words.size(), 1);
        RoverOptions how;
        how.votes_share = claims ? 0.5 : 1;
        const Rover fused = rover(transcripts, how);
        if (fused.words.empty()) return;
        Region& region = add(control, fused.agreement);
        region.text = fused.text();
    }

    void choice(const Control& control, const std::vector<Vote>& votes) {
        std::map<std::string, double> weight;
        std::set<std::uint32_t> answered;
        for (const Vote& vote : votes) {
            answered.insert(vote.member);
            for (const auto& label : vote.region->labels) weight[label] += sure(*vote.region);
        }
        if (weight.empty()) return;
        const auto best =
            std::max_element(weight.begin(), weight.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        const auto voters = static_cast<double>(answered.size());
        Region& region = add(control, best->second / voters);
        region.labels = {best->first};
        if (control.multiple)
            for (const auto& [label, sum] : weight)
                if (label != best->first && sum / voters >= options_.least_share)
                    region.labels.push_back(label);
    }

    const Schema& schema_;
    std::string_view text_;
    std::span<const MemberDraft> members_;
    const EnsembleOptions& options_;
    DraftAnswer answer_;
};

class EnsembleDrafter : public Drafter {
public:
    EnsembleDrafter(Schema schema, std::set<std::string> models, EnsembleOptions options,
                    std::string version,
                    std::function<std::vector<MemberDraft>(std::int64_t)> drafts)
        : schema_(std::move(schema)),
          models_(std::move(models)),
          options_(options),
          version_(std::move(version)),
          drafts_(std::move(drafts)) {}

    std::string version() const override { return version_; }
    int enough_side() const override { return std::numeric_limits<int>::max(); }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token) override {
        std::vector<MemberDraft> members;
        for (auto& draft : drafts_(ask.task))
            if (models_.empty() ? draft.kind != "ensemble" : models_.contains(draft.model))
                members.push_back(std::move(draft));
        if (members.size() < 2)
            return Refusal{Code::not_found,
                           "Fewer than two of the ensemble's models have drafted this task: switch "
                           "them on, and draft with them first."};
        return fuse_drafts(schema_, ask.text, members, options_);
    }

private:
    Schema schema_;
    std::set<std::string> models_;
    EnsembleOptions options_;
    std::string version_;
    std::function<std::vector<MemberDraft>(std::int64_t)> drafts_;
};

std::vector<ConfigField> ensemble_fields() {
    return {
        {"models", FieldKind::names, "ids of its models (k...); empty: all others that are on",
         "[]"},
        {"least_share", FieldKind::number, "of the models, from which a box or span is kept",
         "0.5"},
        {"least_overlap", FieldKind::number, "IoU from which boxes of a label are one", "0.55"}};
}

Result<Json> guess_ensemble(const Schema&) {
    return Json{{"models", Json::array()}};
}

Result<std::unique_ptr<Drafter>> open_ensemble(const OpenAsk& ask) {
    TRY(check_config("ensemble", ensemble_fields(), ask.config));
    EnsembleOptions options;
    options.least_share = ask.config.value("least_share", options.least_share);
    options.least_overlap = ask.config.value("least_overlap", options.least_overlap);
    if (!(options.least_share > 0 && options.least_share <= 1))
        return out_of_range("least_share", 0.01, 1);
    if (!(options.least_overlap > 0 && options.least_overlap <= 1))
        return out_of_range("least_overlap", 0.01, 1);
    std::set<std::string> models;
    for (const auto& one : ask.config.value("models", Json::array()))
        models.insert(one.get<std::string>());
    if (models.size() == 1) return Refusal{Code::invalid, "An ensemble is of two models or more."};
    if (!ask.outside || !ask.outside->drafts)
        return Refusal{Code::unavailable, "Drafts of other models are not known here."};
    const std::string version = "ensemble " + hex(sha256(to_text(ask.config))).substr(0, 8);
    return std::unique_ptr<Drafter>(std::make_unique<EnsembleDrafter>(
        ask.schema, std::move(models), options, version, ask.outside->drafts));
}

}  // namespace

DraftAnswer fuse_drafts(const Schema& schema, std::string_view text,
                        std::span<const MemberDraft> members, const EnsembleOptions& options) {
    return Fuser(schema, text, members, options).fuse();
}

ModelKind ensemble_kind() {
    ModelKind kind{"ensemble",     "Several models' drafts as one",
                   Modality::text, ControlKind::spans,
                   false,          guess_ensemble,
                   open_ensemble};
    kind.also_modalities = {Modality::image, Modality::audio};
    kind.also_controls = {ControlKind::boxes, ControlKind::choices, ControlKind::text,
                          ControlKind::segments, ControlKind::rating};
    kind.config_fields = ensemble_fields();
    return kind;
}

}  // namespace countersign
