// Equal and nearly equal items: those with different labels first, then those in two splits.
#include <algorithm>
#include <bit>
#include <cstdio>

#include "quality/dataset_check.h"
#include "quality/hashing.h"
#include "quality/item_checks.h"

namespace countersign {

namespace {

constexpr std::uint64_t unlabelled = 0;

/// What an item's own labels say, as a number; `unlabelled` when nobody labelled it. `exact`: with
/// the places of what is drawn, for items that are equal.
std::uint64_t signature(const Corpus& corpus, const CorpusItem& item, bool exact) {
    std::uint64_t sum = unlabelled;
    for (const auto& mark : corpus.marks_of(item)) {
        const bool is_drawn = facts_of(mark.kind).drawn;
        if (!corpus.is_label(mark) || mark.kind == ControlKind::text) continue;
        if (is_drawn && (!exact || mark.kind != ControlKind::spans)) continue;
        auto h = hash_pair(mark.control + 1U, mark.label);
        if (is_drawn)
            h = hash_pair(h, hash_pair(std::bit_cast<std::uint64_t>(mark.start),
                                       std::bit_cast<std::uint64_t>(mark.end)));
        sum += h;  // In any order.
    }
    return sum;
}

std::string labels_in_words(const Corpus& corpus, const CorpusItem& item) {
    std::string out;
    for (const auto& mark : corpus.marks_of(item)) {
        if (!corpus.is_label(mark) || mark.label == no_label || out.size() > 80) continue;
        if (facts_of(mark.kind).drawn && mark.kind != ControlKind::spans) continue;
        out += (out.empty() ? "" : ", ") + named(corpus.label_name(mark), 40);
        if (mark.kind == ControlKind::spans) {
            const TextIndex text(item.text);
            if (mark.start >= 0 && mark.end > mark.start &&
                mark.end <= static_cast<double>(text.size()))
                out += " on " + named(text.slice(static_cast<std::size_t>(mark.start),
                                                 static_cast<std::size_t>(mark.end)),
                                      30);
        }
    }
    return out.empty() ? "nothing" : out;
}

std::string similarity_words(double similarity) {
    char text[32];
    std::snprintf(text, sizeof text, "%.0f %% alike", 100 * similarity);
    return text;
}

class Pairs {
public:
    Pairs(const Corpus& corpus, const CheckOptions& options, Findings& out)
        : corpus_(corpus), options_(options), out_(out) {}

    /// `b` came later; the finding is about it.
    void meet(std::uint32_t a, std::uint32_t b, double similarity) {
        const auto items = corpus_.items();
        const auto &p = items[a], &q = items[b];
        const bool exact = similarity >= 1;
        const auto of_a = signature(corpus_, p, exact), of_b = signature(corpus_, q, exact);
        const auto like = exact ? std::string("equal to ") : similarity_words(similarity) + " to ";
        const auto other = std::string(p.name.empty() ? p.where : p.name);
        if (of_a != of_b && of_a != unlabelled && of_b != unlabelled)
            say(exact ? Check::conflicting_duplicate : Check::conflicting_near_duplicate, a, b,
                similarity,
                "It is " + like + other + ", which has " + labels_in_words(corpus_, p) +
                    "; here it is " + labels_in_words(corpus_, q) + ".");
        else if (p.split == q.split)
            say(exact ? Check::duplicate : Check::near_duplicate, a, b, similarity,
                "It is " + like + other + ".");
        if (p.split != q.split && !corpus_.splits().name(p.split).empty() &&
            !corpus_.splits().name(q.split).empty())
            say(exact ? Check::leak : Check::near_leak, a, b, similarity,
                "It is in " + named(corpus_.splits().name(q.split)) + " and " + like + other +
                    " in " + named(corpus_.splits().name(p.split)) + ".");
    }

private:
    void say(Check check, std::uint32_t a, std::uint32_t b, double score, std::string sentence) {
        if (!options_.wants(check)) return;
        Finding f;
        f.check = check;
        f.item = b;
        f.score = score;
        f.sentence = std::move(sentence);
        f.evidence.push_back({a, "the other item"});
        out_.add(std::move(f));
    }
    const Corpus& corpus_;
    const CheckOptions& options_;
    Findings& out_;
};

bool wants_near(const CheckOptions& options) {
    return options.wants(Check::near_duplicate) || options.wants(Check::near_leak) ||
           options.wants(Check::conflicting_near_duplicate);
}

}  // namespace

void check_duplicates(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    Pairs pairs(corpus, options, out);
    const auto items = corpus.items();
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_content;
    std::vector<std::uint32_t> texts, pictures, sounds;  // The first of equal ones.
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        const auto& item = items[i];
        if (item.is_text && !item.text.empty())
            by_content.emplace_back(hash_bytes(normal_text(item.text)), i);
        else if (item.bytes != 0)
            by_content.emplace_back(item.bytes, i);
    }
    std::sort(by_content.begin(), by_content.end());
    for (std::size_t first = 0, i = 0; i < by_content.size(); ++i) {
        if (by_content[i].first != by_content[first].first) first = i;
        const auto number = by_content[i].second;
        if (i != first) {
            pairs.meet(by_content[first].second, number, 1);
            continue;
        }
        if (items[number].is_text) texts.push_back(number);
        if (items[number].picture) pictures.push_back(number);
        if (!items[number].sound.empty()) sounds.push_back(number);
    }
    if (!wants_near(options)) return;
    std::sort(texts.begin(), texts.end());
    std::sort(pictures.begin(), pictures.end());
    std::sort(sounds.begin(), sounds.end());
    std::vector<std::string_view> views;
    for (const auto i : texts) views.push_back(items[i].text);
    for (const auto& pair : near_texts(views, options.limits.near_duplicate))
        pairs.meet(texts[pair.a], texts[pair.b], std::min(pair.similarity, 0.999));
    std::vector<PictureHash> hashes;
    for (const auto i : pictures) hashes.push_back(*items[i].picture);
    for (const auto& pair : near_pictures(hashes, options.limits.near_picture_bits))
        pairs.meet(pictures[pair.a], pictures[pair.b], std::min(pair.similarity, 0.999));
    std::vector<const SoundPrint*> prints;
    for (const auto i : sounds) prints.push_back(&items[i].sound);
    for (const auto& pair : near_sounds(prints, options.limits.near_sound))
        pairs.meet(sounds[pair.a], sounds[pair.b], std::min(pair.similarity, 0.999));
}

}  // namespace countersign
