#include "app/check_learned.h"

#include <algorithm>
#include <future>
#include <numeric>

#include "media/image.h"
#include "models/embedder.h"
#include "models/neighbours.h"
#include "models/span_learner.h"

namespace countersign {

namespace {

constexpr std::uint64_t learned_seed = 1;
constexpr std::size_t searchers = 2;
constexpr std::string_view nanodet_features = "nanodet";

/// `work(i)` for every i below n, by two threads.
template <class Work>
void side_by_side(std::size_t n, const Work& work) {
    const auto part = [&](std::size_t from) {
        for (std::size_t i = from; i < n; i += searchers) work(i);
    };
    auto other = std::async(std::launch::async, part, 1);
    part(0);
    other.get();
}

bool is_box_of(const Corpus& corpus, const Mark& mark, std::uint32_t control) {
    return mark.control == control && mark.kind == ControlKind::boxes && mark.label != no_label &&
           corpus.is_label(mark) && mark.end > mark.start && mark.bottom > mark.top;
}

/// A number of each item's that those equal or nearly equal to it have, too.
std::vector<std::size_t> alike_pictures(const Corpus& corpus, std::span<const std::uint32_t> items,
                                        int near_bits) {
    std::vector<std::size_t> out(items.size());
    std::iota(out.begin(), out.end(), 0u);
    const auto root = [&](std::size_t i) {
        while (out[i] != i) i = out[i] = out[out[i]];
        return i;
    };
    std::unordered_map<std::uint64_t, std::size_t> first;
    std::vector<PictureHash> hashes;
    std::vector<std::size_t> hashed;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto& item = corpus.items()[items[i]];
        if (item.bytes != 0) out[i] = first.try_emplace(item.bytes, i).first->second;
        if (!item.picture) continue;
        hashes.push_back(*item.picture);
        hashed.push_back(i);
    }
    for (const auto& pair : near_pictures(hashes, near_bits))
        out[root(hashed[pair.b])] = root(hashed[pair.a]);
    for (std::size_t i = 0; i < items.size(); ++i) out[i] = root(i);
    return out;
}

}  // namespace

Result<ItemDistances> distances_of(std::span<const EmbeddedItem> items, std::string by,
                                   const std::stop_token& stop) {
    constexpr std::size_t looked_at = 10, settled_at_once = 10'000;
    constexpr int most_near = 5;
    constexpr double copy = 0.999;
    ItemDistances out;
    out.by = std::move(by);
    if (items.empty()) return out;
    Neighbours index(items.front().embedding.size());
    std::vector<Id> ids;
    std::string all;
    for (std::size_t i = 0; i < items.size(); ++i) {
        ids.push_back(static_cast<Id>(i) + 1);
        all += items[i].embedding;
    }
    index.add(ids, all);
    const Refusal stopped{Code::cancelled, "Comparing was stopped before it ended."};
    while (index.settle(settled_at_once))
        if (stop.stop_requested()) return stopped;
    out.rows.resize(items.size());
    side_by_side(items.size(), [&](std::size_t i) {
        auto& row = out.rows[i];
        if (stop.stop_requested()) return;
        row.item = row.nearest = items[i].item;
        int taken = 0;
        double sum = 0;
        for (const auto& near : index.nearest(items[i].embedding, looked_at)) {
            const auto other = static_cast<std::size_t>(near.item) - 1;
            if (other == i || near.score >= copy || taken == most_near) continue;
            if (taken++ == 0) row.nearest = items[other].item;
            sum += 1 - double{near.score};
        }
        if (taken > 0) row.distance = sum / taken;
    });
    if (stop.stop_requested()) return stopped;
    return out;
}

Result<ItemDistances> text_distances(const Corpus& corpus, const std::stop_token& stop) {
    std::vector<std::uint32_t> items;
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i)
        if (corpus.items()[i].is_text && !corpus.items()[i].text.empty()) items.push_back(i);
    // Evenly spread, so that a file that is sorted is learned from as a whole.
    const auto step = std::max<std::size_t>(
        1, (items.size() + TextEmbedder::most_texts - 1) / TextEmbedder::most_texts);
    std::vector<std::string> learned;
    for (std::size_t i = 0; i < items.size(); i += step)
        learned.emplace_back(corpus.items()[items[i]].text);
    const auto embedder = TRY(TextEmbedder::fit(learned, learned_seed, stop));
    std::vector<EmbeddedItem> embedded(items.size());
    side_by_side(items.size(), [&](std::size_t i) {
        embedded[i] = {items[i], embedder(corpus.items()[items[i]].text)};
    });
    std::erase_if(embedded, [](const EmbeddedItem& e) {
        return e.embedding.find_first_not_of('\0') == std::string::npos;
    });
    return distances_of(embedded, "their words", stop);
}

Result<ItemDistances> picture_distances(
    std::span<const std::uint32_t> items,
    const std::function<Result<std::string>(std::uint32_t item)>& picture,
    const std::string& models_dir, const std::unordered_map<std::uint32_t, std::string>& embedded) {
    auto embedder = TRY(ImageEmbedder::open(models_dir, ""));
    std::vector<EmbeddedItem> compared;
    for (const auto item : items) {
        const auto known = embedded.find(item);
        if (known != embedded.end() && embedder.name() == nanodet_features) {
            compared.push_back({item, known->second});
            continue;
        }
        const auto bytes = picture(item);
        if (!bytes) continue;
        const auto image = decode_image(*bytes, nanodet_side);
        if (image) compared.push_back({item, embedder(*image)});
    }
    return distances_of(compared, "what " + std::string(embedder.name()) + " sees");
}

std::size_t labelled_texts(const Corpus& corpus) {
    return static_cast<std::size_t>(
        std::count_if(corpus.items().begin(), corpus.items().end(),
                      [](const CorpusItem& item) { return item.is_text && item.labels > 0; }));
}

bool has_drafts(const Corpus& corpus, std::uint32_t control) {
    return std::any_of(corpus.marks().begin(), corpus.marks().end(), [&](const Mark& mark) {
        return mark.control == control && corpus.answer_of(mark).is_draft;
    });
}

std::vector<std::uint32_t> boxed_pictures(const Corpus& corpus, std::uint32_t control) {
    std::vector<std::uint32_t> out;
    if (corpus.control(control).kind != ControlKind::boxes) return out;
    std::size_t boxed = 0;
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i) {
        const auto& item = corpus.items()[i];
        if (item.is_text || item.labels == 0) continue;
        bool has_box = false, has_draft = false;
        for (const auto& mark : corpus.marks_of(item)) {
            if (mark.control != control) continue;
            has_box = has_box || is_box_of(corpus, mark, control);
            has_draft = has_draft || corpus.answer_of(mark).is_draft;
        }
        if (has_draft) continue;
        out.push_back(i);
        boxed += has_box ? 1 : 0;
    }
    if (boxed < least_boxed) out.clear();
    return out;
}

Result<BoxReadings> box_readings(
    const Corpus& corpus, std::uint32_t control, std::span<const std::uint32_t> items,
    const std::function<Result<std::vector<SeenBox>>(std::uint32_t item)>& places, int near_bits,
    const std::stop_token& stop) {
    const auto& names = corpus.control(control).labels;
    Control asked;
    asked.name = corpus.control_name(control);
    asked.kind = ControlKind::boxes;
    for (std::uint32_t k = 0; k < names.size(); ++k)
        asked.labels.push_back({names.name(k), {}, {}, {}, {}});
    BoxReadings out;
    out.control = control;
    out.by = "a model";
    std::vector<BoxedPicture> pictures;
    for (const auto i : items) {
        if (stop.stop_requested())
            return Refusal{Code::cancelled, "Looking was stopped before it ended."};
        auto seen = places(i);
        if (!seen) continue;
        out.items.push_back(i);
        auto& picture = pictures.emplace_back();
        picture.proposals = *std::move(seen);
        for (const auto& mark : corpus.marks_of(corpus.items()[i]))
            if (is_box_of(corpus, mark, control))
                picture.reviewed.push_back(
                    {{static_cast<float>(mark.start), static_cast<float>(mark.top),
                      static_cast<float>(mark.end - mark.start),
                      static_cast<float>(mark.bottom - mark.top), static_cast<int>(mark.label), 1},
                     {}});
    }
    if (pictures.size() < least_boxed)
        return Refusal{Code::unavailable, "Fewer than " + std::to_string(least_boxed) +
                                              " pictures with boxes can be looked at."};
    const auto groups = alike_pictures(corpus, out.items, near_bits);
    for (std::size_t i = 0; i < pictures.size(); ++i) pictures[i].alike = std::to_string(groups[i]);
    const auto found = TRY(unseen_boxes(pictures, asked, learned_seed, stop));
    for (const auto& of_picture : found) {
        auto& reads = out.reads.emplace_back();
        for (const auto& [box, probability] : of_picture)
            reads.push_back({static_cast<double>(box.x), static_cast<double>(box.y),
                             static_cast<double>(box.right()), static_cast<double>(box.bottom()),
                             static_cast<std::uint32_t>(box.object), probability});
    }
    return out;
}

std::vector<std::string> boxes_not_told(const Corpus& corpus, const BoxReadings& readings) {
    const auto standings = standing_of_boxes(corpus, readings);
    const auto& names = corpus.control(readings.control).labels;
    std::vector<std::string> out;
    const auto say = [&](const std::string& what, const std::string& why, const auto& is_silent) {
        constexpr std::size_t most_named = 5;
        std::string named;
        std::size_t silent = 0;
        for (const auto& standing : standings) {
            if (standing.boxes == 0 || !is_silent(standing) || ++silent > most_named) continue;
            named += (named.empty() ? "\"" : ", \"") + names.name(standing.label) + "\"";
        }
        if (silent > most_named) named += " and " + std::to_string(silent - most_named) + " more";
        if (silent > 0)
            out.push_back(what + " of \"" + corpus.control_name(readings.control) +
                          "\" were not looked for among those labelled " + named + ": " + why);
    };
    say("Wrong boxes", "what a model sees that has not seen them is too rarely what people drew.",
        [](const BoxStanding& s) { return !s.speaks(); });
    say("Boxes around nothing", "a model that has not seen them overlooks too many.",
        [](const BoxStanding& s) { return s.speaks() && !s.tells_nothing_there(); });
    say("Badly placed boxes", "a model that has not seen them draws too many of them elsewhere.",
        [](const BoxStanding& s) { return s.speaks() && !s.tells_places(); });
    return out;
}

std::vector<std::uint32_t> even_sample(const std::vector<std::uint32_t>& items, std::size_t most) {
    if (items.size() <= most) return items;
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < most; ++i) out.push_back(items[i * items.size() / most]);
    return out;
}

bool wants_boxes(const CheckOptions& options) {
    return options.wants(Check::swapped_label) || options.wants(Check::misplaced_region) ||
           options.wants(Check::spurious_region) || options.wants(Check::missing_region);
}

Result<SpanReadings> span_readings(const Corpus& corpus, std::uint32_t control,
                                   const std::stop_token& stop) {
    const auto& of = corpus.control(control);
    Control asked;
    asked.name = corpus.control_name(control);
    asked.kind = ControlKind::spans;
    for (std::uint32_t k = 0; k < of.labels.size(); ++k)
        asked.labels.push_back({of.labels.name(k), {}, {}, {}, {}});
    SpanReadings out;
    out.control = control;
    out.least = least_maybe;
    out.by = "a learner";
    std::vector<MarkedText> texts;
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i) {
        const auto& item = corpus.items()[i];
        if (!item.is_text || item.text.empty() || item.labels == 0) continue;
        auto& text = texts.emplace_back();
        text.text = item.text;
        out.items.push_back(i);
        for (const auto& mark : corpus.marks_of(item)) {
            if (mark.control != control || mark.label == no_label || !corpus.is_label(mark))
                continue;
            auto& span = text.spans.emplace_back();
            span.control = asked.name;
            span.kind = ControlKind::spans;
            span.labels = {of.labels.name(mark.label)};
            span.start = mark.start, span.end = mark.end;
        }
    }
    if (texts.size() < least_read)
        return Refusal{Code::unavailable, "Fewer than " + std::to_string(least_read) +
                                              " texts have labels: too few to learn from."};
    const auto read = TRY(out_of_fold_spans(texts, asked, learned_seed, stop));
    for (const auto& of_text : read) {
        auto& reads = out.reads.emplace_back();
        for (const auto& span : of_text)
            if (const auto label = of.labels.find(span.label))
                reads.push_back({static_cast<double>(span.start), static_cast<double>(span.end),
                                 *label, span.probability});
    }
    return out;
}

}  // namespace countersign
