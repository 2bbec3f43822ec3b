#include "models/unseen_boxes.h"

#include <algorithm>
#include <cmath>

#include "models/average_precision.h"
#include "models/coco80.h"
#include "models/embedder.h"
#include "models/label_map.h"
#include "models/object_learner_parts.h"
#include "models/state_bytes.h"

namespace countersign {

namespace {

constexpr float same_box = 0.5f;
constexpr std::size_t most_kept_places = 32;
constexpr std::string_view places_magic = "CSPL\x01\n";
constexpr float most_pixels = 1e6f, most_root = 1e4f;

/// The label's index in the control of each of NanoDet's objects; -1: none means it.
std::vector<int> labels_of_objects(const LabelMap& map, const Control& control) {
    std::vector<int> out;
    for (const auto& object : coco80()) {
        const auto at = map.labels.find(std::string(object.name));
        const auto* label =
            at == map.labels.end() ? nullptr : Schema::find_label(control, at->second);
        out.push_back(label ? static_cast<int>(label - control.labels.data()) : -1);
    }
    return out;
}

/// What NanoDet proposes of the labels that it knows.
std::vector<std::vector<FoundObject>> known_boxes(std::span<const BoxedPicture> pictures,
                                                  const Control& control, const LabelMap& map) {
    const auto label_of = labels_of_objects(map, control);
    std::vector<std::vector<FoundObject>> out(pictures.size());
    std::vector<double> claimed;
    std::vector<std::uint8_t> right;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        Scene scene;
        for (const auto& box : pictures[i].reviewed) scene.truth.push_back(box.box);
        for (const auto& proposal : pictures[i].proposals) {
            const int label = label_of[static_cast<std::size_t>(proposal.box.object)];
            if (label < 0) continue;
            scene.found.push_back(proposal.box);
            scene.found.back().object = label;
        }
        for (int label = 0; label < static_cast<int>(control.labels.size()); ++label)
            for (const auto& verdict : judge(scene, label, same_box)) {
                claimed.push_back(static_cast<double>(verdict.score));
                right.push_back(verdict.right);
            }
        for (const auto& box : scene.found) out[i].push_back({box, 0});
    }
    const auto top = fit_platt(claimed, right);
    for (auto& found : out)
        for (auto& one : found) one.probability = top(static_cast<double>(one.box.score));
    return out;
}

/// Of the labels that NanoDet does not know those that enough pictures show, the most shown first.
std::vector<int> labels_to_learn(std::span<const BoxedPicture> pictures, const Control& control,
                                 const LabelMap& map) {
    std::vector<std::pair<std::ptrdiff_t, int>> shown;
    for (const auto& name : map.undrafted) {
        const auto label =
            static_cast<int>(Schema::find_label(control, name) - control.labels.data());
        const auto n = std::count_if(pictures.begin(), pictures.end(), [&](const auto& picture) {
            return std::any_of(picture.reviewed.begin(), picture.reviewed.end(),
                               [&](const SeenBox& box) { return box.box.object == label; });
        });
        if (n >= least_unseen_pictures) shown.emplace_back(-n, label);
    }
    std::sort(shown.begin(), shown.end());
    std::vector<int> out;
    for (const auto& [n, label] : shown)
        if (out.size() < most_unseen_labels) out.push_back(label);
    return out;
}

/// By falling probability, each place once.
void leave_one_each(std::vector<FoundObject>& found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.probability > b.probability; });
    std::vector<FoundObject> kept;
    for (auto& one : found)
        if (std::none_of(kept.begin(), kept.end(), [&](const FoundObject& better) {
                return overlap(better.box, one.box) > same_box;
            }))
            kept.push_back(one);
    found = std::move(kept);
}

}  // namespace

Result<PictureSight> see_picture(NanoDet& net, std::string_view bytes) {
    const auto info = TRY(image_info(bytes));
    const auto image = TRY(decode_image(bytes, nanodet_side));
    const auto look = net.look(image, proposal_options());
    PictureSight out{propose(look, most_kept_places), picture_embedding(look.whole())};
    const float across = static_cast<float>(info.width) / static_cast<float>(image.width);
    const float down = static_cast<float>(info.height) / static_cast<float>(image.height);
    for (auto& place : out.places) {
        place.box.x *= across, place.box.width *= across;
        place.box.y *= down, place.box.height *= down;
    }
    return out;
}

std::string places_bytes(std::span<const SeenBox> places) {
    StateWriter out(places_magic);
    out.varint(places.size());
    for (const auto& [box, seen] : places) {
        for (const float side : {box.x, box.y, box.width, box.height}) out.number(side);
        out.varint(static_cast<std::uint64_t>(box.object));
        out.number(box.score);
        std::vector<float> roots(seen.size());
        take_roots(seen, roots);
        out.row(roots);
    }
    return std::move(out).sealed();
}

Result<std::vector<SeenBox>> places_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, places_magic)));
    std::vector<SeenBox> out;
    const auto n = in.varint(most_kept_places);
    for (std::uint64_t i = 0; i < n && in.good; ++i) {
        auto& [box, seen] = out.emplace_back();
        for (float* side : {&box.x, &box.y, &box.width, &box.height})
            *side = in.number(most_pixels);
        box.object = static_cast<int>(in.varint(nanodet_objects - 1));
        box.score = in.number(1);
        seen.resize(NanodetLook::size);
        in.row(seen);
        for (float& value : seen) {
            in.require(std::abs(value) <= most_root);
            value = std::copysign(value * value, value);
        }
        in.require(box.width > 0 && box.height > 0 && box.score > 0);
    }
    if (!in.require(in.left() == 0)) return damaged_state("has values out of range");
    return out;
}

Result<std::vector<std::vector<FoundObject>>> unseen_boxes(std::span<const BoxedPicture> pictures,
                                                           const Control& control,
                                                           std::uint64_t seed,
                                                           const std::stop_token& stop) {
    const auto map = guess_labels(control, coco80());
    auto out = known_boxes(pictures, control, map);
    auto learned =
        objects_out_of_fold(pictures, control, labels_to_learn(pictures, control, map), seed, stop);
    if (!learned && learned.refusal().code == Code::cancelled) return learned.refusal();
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (learned) out[i].insert(out[i].end(), (*learned)[i].begin(), (*learned)[i].end());
        leave_one_each(out[i]);
    }
    return out;
}

}  // namespace countersign
