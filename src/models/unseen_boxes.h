// Boxes in pictures by models that have not seen the pictures' labels, with probabilities: NanoDet
// for the labels that mean what it knows, for the others the object learner (object_learner.h) by
// cross-validation over pictures.
#pragma once

#include "models/object_learner.h"

namespace countersign {

/// What one look at a picture tells: where something may be, in pixels of the upright picture, and
/// the whole as an embedding (models/embedder.h, of the features "nanodet").
struct PictureSight {
    std::vector<SeenBox> places;
    std::string embedding;
};
/// Of a picture's bytes. About 0.1 s. Refuses what is no picture.
Result<PictureSight> see_picture(NanoDet& net, std::string_view bytes);

/// Places as they are kept beside a picture: some 50 KB.
std::string places_bytes(std::span<const SeenBox> places);
/// Refuses bytes of another kind or version, damaged, truncated, or with anything out of range.
Result<std::vector<SeenBox>> places_from(std::string_view bytes);

/// Learning takes about a second a label: of the labels that NanoDet does not know the 20 that most
/// pictures show are learned, each from so many pictures on.
constexpr std::size_t most_unseen_labels = 20;
constexpr std::ptrdiff_t least_unseen_pictures = 10;

/// One list a picture, by falling probability; each place once. `object` is the label's index in
/// the control; the probability is that people drew a box of the label there (IoU >= 0.5), fitted
/// on `pictures`. Labels that NanoDet does not know and that fewer than `least_object_pictures`
/// show are not found. Deterministic. Refuses when stopped.
Result<std::vector<std::vector<FoundObject>>> unseen_boxes(std::span<const BoxedPicture> pictures,
                                                           const Control& control,
                                                           std::uint64_t seed,
                                                           const std::stop_token& stop = {});

}  // namespace countersign
