// What learners and networks make of a dataset's own items: how far each is from the one most like
// it, and what a learner that has not seen a text reads in it. What outliers and wrong spans are
// looked for with (quality/dataset_check.h).
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "models/unseen_boxes.h"
#include "quality/dataset_check.h"

namespace countersign {

/// Fewer items say nothing of what is usual; more take longer than a minute.
constexpr std::size_t least_compared = 30, most_compared = 100'000;

/// Embeddings of one length (models/neighbours.h); those that say nothing are left out.
struct EmbeddedItem {
    std::uint32_t item = 0;
    std::string embedding;
};
/// The mean distance to the nearest five that are no copies (cosine below 0.999). Exact below
/// 20,000 items, by a graph from there on; two threads. 100,000 take less than a minute. Refuses
/// when stopped.
Result<ItemDistances> distances_of(std::span<const EmbeddedItem> items, std::string by,
                                   const std::stop_token& stop = {});

/// By the words of the corpus's texts. Refuses when stopped.
Result<ItemDistances> text_distances(const Corpus& corpus, const std::stop_token& stop = {});

/// By what the best network makes of pictures whose bytes `picture` gives; those that it refuses
/// are left out. `embedded`: what NanoDet made of some of them already. Refuses (Code::unavailable)
/// without weights in `models_dir`.
Result<ItemDistances> picture_distances(
    std::span<const std::uint32_t> items,
    const std::function<Result<std::string>(std::uint32_t item)>& picture,
    const std::string& models_dir,
    const std::unordered_map<std::uint32_t, std::string>& embedded = {});

/// The span learner by cross-validation on the corpus's own labels of one control. Refuses: fewer
/// than `least_read` labelled texts (Code::unavailable), and when stopped.
constexpr std::size_t least_read = 50;
Result<SpanReadings> span_readings(const Corpus& corpus, std::uint32_t control,
                                   const std::stop_token& stop = {});
/// Fewer pictures with boxes do not tell a model's errors from people's; of more an even sample.
constexpr std::size_t least_boxed = 30, most_boxed = 1'000;
std::vector<std::uint32_t> even_sample(const std::vector<std::uint32_t>& items, std::size_t most);
/// Pictures that somebody labelled and of which no model drafted the control's boxes; none where
/// fewer than `least_boxed` of them have a box.
std::vector<std::uint32_t> boxed_pictures(const Corpus& corpus, std::uint32_t control);
/// What models that have not seen the labels of these pictures see in them: unseen_boxes() on the
/// corpus's own labels of one control, equal and nearly equal pictures (`near_bits` of their hashes
/// or fewer differ) in one fold. `places`: what NanoDet sees there; pictures it refuses are left
/// out. Refuses: fewer than `least_boxed` pictures (Code::unavailable), and when stopped.
Result<BoxReadings> box_readings(
    const Corpus& corpus, std::uint32_t control, std::span<const std::uint32_t> items,
    const std::function<Result<std::vector<SeenBox>>(std::uint32_t item)>& places, int near_bits,
    const std::stop_token& stop = {});
/// What is not looked for, as the boxes read of some labels tell it too badly here: in sentences.
std::vector<std::string> boxes_not_told(const Corpus& corpus, const BoxReadings& readings);
bool wants_boxes(const CheckOptions& options);

/// Texts that somebody labelled.
std::size_t labelled_texts(const Corpus& corpus);
/// Whether some model answered the control.
bool has_drafts(const Corpus& corpus, std::uint32_t control);

}  // namespace countersign
