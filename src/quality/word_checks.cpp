// Spans against the rest of the corpus: the same words with other labels, with other boundaries, or
// with no label at all.
//
// Strategy: every labelled surface form is counted by label in one hash table, and with each of its
// neighbouring words in another; a second pass compares each span with what the tables call usual.
// Unlabelled mentions are looked up word by word. Surfaces are compared exactly, case and all. What
// is usual is a Wilson lower bound, so that a handful of occurrences makes no habit.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "quality/dataset_check.h"
#include "quality/hashing.h"
#include "quality/item_checks.h"
#include "quality/scores.h"

namespace countersign {

namespace {

constexpr std::size_t least_seen = 3, most_words = 6;

/// How often a surface form has each label of a control.
struct Surface {
    struct OfLabel {
        std::uint32_t label = 0, count = 0, item = 0;
    };
    std::vector<OfLabel> labels;
    std::uint32_t count = 0, unlabelled = 0;
    std::uint64_t text = 0;

    OfLabel& of(std::uint32_t label, std::uint32_t item) {
        for (auto& l : labels)
            if (l.label == label) return l;
        return labels.emplace_back(OfLabel{label, 0, item});
    }
    const OfLabel& most() const {
        return *std::max_element(labels.begin(), labels.end(),
                                 [](const auto& a, const auto& b) { return a.count < b.count; });
    }
};

/// A surface form with one more word beside it: how often that is inside the span, and outside.
struct Edge {
    std::uint32_t inside = 0, outside = 0, inside_item = 0, outside_item = 0;
};

struct Bytes {
    std::size_t from = 0, to = 0;
};

bool is_space_at(std::string_view text, std::size_t i) {
    return text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r');
}

/// The words of a text: runs of word characters, or single other signs. Bytes.
class WordCutter {
public:
    explicit WordCutter(std::string_view text) : text_(text) {}
    std::optional<Bytes> next() {
        while (at_ < text_.size() && is_space_at(text_, at_)) ++at_;
        if (at_ >= text_.size()) return {};
        const auto from = at_;
        while (at_ < text_.size() && !is_space_at(text_, at_) && is_inner(text_[at_])) ++at_;
        if (at_ == from) ++at_;
        return Bytes{from, at_};
    }

private:
    static bool is_inner(char c) {
        const auto u = static_cast<unsigned char>(c);
        return u >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z') || c == '\'' || c == '-' || c == '_' || c == '@' || c == '#';
    }
    std::string_view text_;
    std::size_t at_ = 0;
};

class Words {
public:
    Words(const Corpus& corpus, const CheckOptions& options, std::uint16_t control, Findings& out)
        : corpus_(corpus), options_(options), control_(control), out_(out) {}

    void run() {
        each_span([&](const Span& s) { count(s); });
        if (options_.wants(Check::unlabelled_mention)) count_unlabelled();
        each_span([&](const Span& s) { compare(s); });
        if (options_.wants(Check::unlabelled_mention)) name_unlabelled();
    }

private:
    struct Span {
        const Mark& mark;
        std::string_view text;  ///< Of the item.
        Bytes bytes;
        std::string_view surface() const { return text.substr(bytes.from, bytes.to - bytes.from); }
        /// The surface with the word before it, or behind it; empty: there is none.
        std::string_view with_left() const {
            auto from = bytes.from;
            while (from > 0 && is_space_at(text, from - 1)) --from;
            const auto gap = from;
            while (from > 0 && !is_space_at(text, from - 1)) --from;
            return from == gap || gap == bytes.from ? std::string_view()
                                                    : text.substr(from, bytes.to - from);
        }
        std::string_view with_right() const {
            auto to = bytes.to;
            while (to < text.size() && is_space_at(text, to)) ++to;
            const auto gap = to;
            while (to < text.size() && !is_space_at(text, to)) ++to;
            return to == gap || gap == bytes.to ? std::string_view()
                                                : text.substr(bytes.from, to - bytes.from);
        }
    };

    template <class Use>
    void each_span(Use use) {
        for (const auto& item : corpus_.items()) {
            if (!item.is_text || item.labels == 0) continue;
            std::optional<TextIndex> index;
            for (const auto& mark : corpus_.marks_of(item)) {
                if (mark.control != control_ || mark.label == no_label || !corpus_.is_label(mark))
                    continue;
                if (!index) index.emplace(item.text);
                if (mark.start < 0 || !(mark.end > mark.start) ||
                    mark.end > static_cast<double>(index->size()))
                    continue;
                use(Span{mark,
                         item.text,
                         {index->byte(static_cast<std::size_t>(mark.start)),
                          index->byte(static_cast<std::size_t>(mark.end))}});
            }
        }
    }

    static std::uint64_t edge_key(std::string_view surface, std::uint32_t label) {
        return hash_pair(hash_bytes(surface), label);
    }

    void count(const Span& s) {
        auto& surface = surfaces_[hash_bytes(s.surface())];
        ++surface.count;
        ++surface.of(s.mark.label, s.mark.item).count;
        if (s.surface().find(' ') != std::string_view::npos) {
            auto& edge = edges_[edge_key(s.surface(), s.mark.label)];
            if (edge.inside++ == 0) edge.inside_item = s.mark.item;
        }
        for (const auto wider : {s.with_left(), s.with_right()}) {
            if (wider.empty()) continue;
            auto& edge = edges_[edge_key(wider, s.mark.label)];
            if (edge.outside++ == 0) edge.outside_item = s.mark.item;
        }
    }

    /// A lower bound of how usual k of n is, or nothing when it is not usual.
    std::optional<double> usual(std::size_t k, std::size_t n) const {
        if (k < least_seen || k == n) return {};
        const double low = wilson(k, n).low;
        // With k of k + 1 the bound is low for small k; one odd one out of four is worth a look.
        const double share = static_cast<double>(k) / static_cast<double>(n);
        if (low < options_.limits.elsewhere && !(n - k == 1 && share >= 0.75)) return {};
        return low;
    }

    void compare(const Span& s) {
        const auto& surface = surfaces_.at(hash_bytes(s.surface()));
        const auto& most = surface.most();
        if (most.label != s.mark.label)
            if (const auto low = usual(most.count, surface.count))
                say(Check::label_elsewhere, s, *low, most.item,
                    named(s.surface(), 40) + " is " + named(corpus_.label_name(s.mark)) +
                        " here, and " + named(label(most.label)) + " " +
                        std::to_string(most.count) + " of " + std::to_string(surface.count) +
                        " times.");
        compare_edges(s);
    }

    void compare_edges(const Span& s) {
        if (!options_.wants(Check::boundary_elsewhere)) return;
        for (const auto wider : {s.with_left(), s.with_right()}) {
            if (wider.empty()) continue;
            const auto& edge = edges_.at(edge_key(wider, s.mark.label));
            if (const auto low = usual(edge.inside, edge.inside + edge.outside))
                say(Check::boundary_elsewhere, s, *low, edge.inside_item,
                    named(s.surface(), 40) + " leaves out a word: " + named(wider, 60) +
                        " is labelled whole " + std::to_string(edge.inside) + " of " +
                        std::to_string(edge.inside + edge.outside) + " times.");
        }
        if (s.surface().find(' ') == std::string_view::npos) return;
        const auto& own = edges_.at(edge_key(s.surface(), s.mark.label));
        if (const auto low = usual(own.outside, own.inside + own.outside))
            say(Check::boundary_elsewhere, s, *low, own.outside_item,
                named(s.surface(), 40) + " holds a word that stays outside " +
                    std::to_string(own.outside) + " of " +
                    std::to_string(own.inside + own.outside) + " times.");
    }

    /// Surfaces that are worth looking for where they have no label.
    void index_surfaces() {
        each_span([&](const Span& s) {
            const auto surface = s.surface();
            if (surface.size() < 3) return;
            const auto& counted = surfaces_.at(hash_bytes(surface));
            if (counted.count < least_seen) return;
            WordCutter words(surface);
            std::uint64_t key = 0, first = 0;
            std::size_t n = 0;
            while (const auto w = words.next()) {
                key = hash_pair(key, hash_bytes(surface.substr(w->from, w->to - w->from)));
                if (n++ == 0) first = key;
            }
            if (n == 0 || n > most_words) return;
            sought_[key] = hash_bytes(surface);
            starts_.insert(first);
        });
    }

    template <class Use>
    void each_mention(Use use) {
        std::vector<Bytes> words;
        std::vector<std::uint64_t> hashes;
        const auto items = corpus_.items();
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            const auto& item = items[i];
            if (!item.is_text || item.labels == 0) continue;
            words.clear(), hashes.clear();
            WordCutter cutter(item.text);
            while (const auto w = cutter.next()) {
                words.push_back(*w);
                hashes.push_back(hash_bytes(item.text.substr(w->from, w->to - w->from)));
            }
            std::optional<std::vector<Bytes>> covered;
            for (std::size_t from = 0; from < words.size();) {
                const auto to = longest_match(hashes, from);
                if (!to.first) {
                    ++from;
                    continue;
                }
                if (!covered) covered = spans_of(item);
                const Bytes at{words[from].from, words[to.first - 1].to};
                if (!touches(*covered, at)) use(i, at, to.second);
                from = to.first;
            }
        }
    }
    /// The word behind the longest sought surface that begins at `from` (0: none), and its key.
    std::pair<std::size_t, std::uint64_t> longest_match(const std::vector<std::uint64_t>& hashes,
                                                        std::size_t from) const {
        std::pair<std::size_t, std::uint64_t> best{0, 0};
        std::uint64_t key = hash_pair(0, hashes[from]);
        if (!starts_.contains(key)) return best;
        for (auto n = from; n < hashes.size() && n < from + most_words; ++n) {
            if (n != from) key = hash_pair(key, hashes[n]);
            if (const auto it = sought_.find(key); it != sought_.end()) best = {n + 1, it->second};
        }
        return best;
    }
    std::vector<Bytes> spans_of(const CorpusItem& item) const {
        std::vector<Bytes> out;
        const TextIndex index(item.text);
        for (const auto& mark : corpus_.marks_of(item))
            if (mark.kind == ControlKind::spans && mark.answer < item.labels && mark.start >= 0 &&
                mark.end > mark.start && mark.end <= static_cast<double>(index.size()))
                out.push_back({index.byte(static_cast<std::size_t>(mark.start)),
                               index.byte(static_cast<std::size_t>(mark.end))});
        return out;
    }
    static bool touches(const std::vector<Bytes>& spans, Bytes at) {
        return std::any_of(spans.begin(), spans.end(),
                           [&](const Bytes& s) { return s.from < at.to && at.from < s.to; });
    }

    void count_unlabelled() {
        index_surfaces();
        each_mention([&](std::uint32_t, Bytes, std::uint64_t key) { ++surfaces_[key].unlabelled; });
    }
    void name_unlabelled() {
        each_mention([&](std::uint32_t i, Bytes at, std::uint64_t key) {
            const auto& surface = surfaces_.at(key);
            const auto low = usual(surface.count, surface.count + surface.unlabelled);
            if (!low) return;
            const auto& item = corpus_.items()[i];
            const auto& most = surface.most();
            Finding f;
            f.check = Check::unlabelled_mention;
            f.item = i;
            f.score = *low;
            f.control = corpus_.control_name(control_);
            f.label = label(most.label);
            const TextIndex index(item.text);
            f.place = Place{Place::On::text, static_cast<double>(index.code_point(at.from)),
                            static_cast<double>(index.code_point(at.to - 1) + 1)};
            f.sentence = named(item.text.substr(at.from, at.to - at.from), 40) +
                         " has no label here, and is labelled " + std::to_string(surface.count) +
                         " of " + std::to_string(surface.count + surface.unlabelled) +
                         " times, mostly as " + named(f.label) + ".";
            f.evidence.push_back({most.item, "labelled " + named(f.label)});
            out_.add(std::move(f));
        });
    }

    std::string label(std::uint32_t number) const {
        return corpus_.control(control_).labels.name(number);
    }
    void say(Check check, const Span& s, double score, std::uint32_t other, std::string sentence) {
        Finding f;
        f.check = check;
        f.item = s.mark.item;
        f.score = score;
        f.control = corpus_.control_name(control_);
        f.label = corpus_.label_name(s.mark);
        f.region = s.mark.region;
        f.place = Place{Place::On::text, s.mark.start, s.mark.end};
        f.sentence = std::move(sentence);
        f.evidence.push_back({other, "as it is elsewhere"});
        out_.add(std::move(f));
    }

    const Corpus& corpus_;
    const CheckOptions& options_;
    std::uint16_t control_;
    Findings& out_;
    std::unordered_map<std::uint64_t, Surface> surfaces_;
    std::unordered_map<std::uint64_t, Edge> edges_;
    std::unordered_map<std::uint64_t, std::uint64_t> sought_;
    std::unordered_set<std::uint64_t> starts_;
};

}  // namespace

void check_words(const Corpus& corpus, const CheckOptions& options, Findings& out) {
    if (!options.wants(Check::label_elsewhere) && !options.wants(Check::boundary_elsewhere) &&
        !options.wants(Check::unlabelled_mention))
        return;
    for (std::size_t c = 0; c < corpus.controls(); ++c)
        if (corpus.control(c).kind == ControlKind::spans)
            Words(corpus, options, static_cast<std::uint16_t>(c), out).run();
}

}  // namespace countersign
