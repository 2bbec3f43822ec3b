#include "app/check_learned.h"

#include <algorithm>
#include <future>

#include "media/image.h"
#include "models/embedder.h"
#include "models/neighbours.h"
#include "models/span_learner.h"

namespace countersign {

namespace {

constexpr std::uint64_t learned_seed = 1;
constexpr std::size_t searchers = 2;

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
    const std::string& models_dir) {
    constexpr int side = 320;
    auto embedder = TRY(ImageEmbedder::open(models_dir, ""));
    std::vector<EmbeddedItem> embedded;
    for (const auto item : items) {
        const auto bytes = picture(item);
        if (!bytes) continue;
        const auto image = decode_image(*bytes, side);
        if (image) embedded.push_back({item, embedder(*image)});
    }
    return distances_of(embedded, "what " + std::string(embedder.name()) + " sees");
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
