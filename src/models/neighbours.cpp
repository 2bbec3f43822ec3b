#include "models/neighbours.h"

// Distances are ours; hnswlib's prefetching, which this leaves out, reads behind the lists of
// links.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <unordered_set>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace countersign {

namespace {

constexpr std::size_t links = 16, build_breadth = 100, search_breadth = 160;
constexpr std::size_t first_room = 16'384;

using Dot = std::int32_t (*)(const std::int8_t*, const std::int8_t*, std::size_t);

std::int32_t dot_plain(const std::int8_t* a, const std::int8_t* b, std::size_t n) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) std::int32_t dot_avx2(const std::int8_t* a, const std::int8_t* b,
                                                      std::size_t n) {
    __m256i sum = _mm256_setzero_si256();
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const auto left = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i));
        const auto right = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i));
        sum = _mm256_add_epi32(
            sum, _mm256_madd_epi16(_mm256_cvtepi8_epi16(left), _mm256_cvtepi8_epi16(right)));
    }
    alignas(32) std::int32_t parts[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(parts), sum);
    std::int32_t total = dot_plain(a + i, b + i, n - i);
    for (const auto part : parts) total += part;
    return total;
}
#endif

Dot best_dot() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return dot_avx2;
#endif
    return dot_plain;
}

const Dot dot = best_dot();

/// One over its length; 0 of an embedding that says nothing.
float inverse_length(const std::int8_t* values, std::size_t n) {
    const auto square = dot(values, values, n);
    return square > 0 ? 1 / std::sqrt(static_cast<float>(square)) : 0;
}

const std::int8_t* values_of(std::string_view embedding) {
    return reinterpret_cast<const std::int8_t*>(embedding.data());
}

/// In the graph an item is its bytes and one over their length.
struct Measure {
    std::size_t dims = 0;
    float inverse(const void* item) const {
        float out = 0;
        std::memcpy(&out, static_cast<const char*>(item) + dims, sizeof out);
        return out;
    }
    float cosine(const void* a, const void* b) const {
        const auto sum =
            dot(static_cast<const std::int8_t*>(a), static_cast<const std::int8_t*>(b), dims);
        return static_cast<float>(sum) * inverse(a) * inverse(b);
    }
};

float distance(const void* a, const void* b, const void* measure) {
    return 1 - static_cast<const Measure*>(measure)->cosine(a, b);
}

class CosineSpace final : public hnswlib::SpaceInterface<float> {
public:
    explicit CosineSpace(std::size_t dims) : measure_{dims} {}
    std::size_t get_data_size() override { return measure_.dims + sizeof(float); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
    void* get_dist_func_param() override { return &measure_; }
    const Measure& measure() const { return measure_; }

private:
    Measure measure_;
};

bool nearer(const Neighbour& a, const Neighbour& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
}

/// The nearest seen so far; the farthest of them on top of the heap.
class Best {
public:
    explicit Best(std::size_t most) : most_(most) {}
    void offer(Id item, float score) {
        const Neighbour one{item, score};
        if (found_.size() == most_) {
            if (most_ == 0 || !nearer(one, found_.front())) return;
            std::pop_heap(found_.begin(), found_.end(), nearer);
            found_.back() = one;
        } else {
            found_.push_back(one);
        }
        std::push_heap(found_.begin(), found_.end(), nearer);
    }
    std::vector<Neighbour> taken() && {
        std::sort(found_.begin(), found_.end(), nearer);
        return std::move(found_);
    }

private:
    std::size_t most_;
    std::vector<Neighbour> found_;
};

}  // namespace

std::string embedding_of(std::span<const float> values) {
    float largest = 0;
    bool finite = true;
    for (const float value : values) {
        finite = finite && std::isfinite(value);
        largest = std::max(largest, std::abs(value));
    }
    std::string out(values.size(), '\0');
    if (!finite || largest == 0) return out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = static_cast<char>(std::lround(values[i] / largest * 127));
    return out;
}

float cosine(std::string_view a, std::string_view b) {
    const auto sum = dot(values_of(a), values_of(b), a.size());
    return static_cast<float>(sum) * inverse_length(values_of(a), a.size()) *
           inverse_length(values_of(b), b.size());
}

struct Neighbours::Impl {
    mutable std::shared_mutex mutex;
    CosineSpace space;
    std::size_t exact_below;
    std::vector<Id> ids;  ///< Of what is not in the graph, rising; their records beside them.
    std::string records;
    std::unordered_set<Id> silent;  ///< What says nothing; it stays out of the graph.
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;

    Impl(std::size_t dims, std::size_t exact) : space(dims), exact_below(exact) {}

    std::size_t record() const { return space.measure().dims + sizeof(float); }
    std::size_t in_graph() const { return graph ? graph->cur_element_count : 0; }

    std::string made_record(std::string_view embedding) const {
        std::string out(embedding);
        const float inverse = inverse_length(values_of(embedding), embedding.size());
        out.append(reinterpret_cast<const char*>(&inverse), sizeof inverse);
        return out;
    }

    const char* find(Id item) const {
        if (const auto at = std::lower_bound(ids.begin(), ids.end(), item);
            at != ids.end() && *at == item)
            return records.data() + static_cast<std::size_t>(at - ids.begin()) * record();
        if (!graph) return nullptr;
        const auto at = graph->label_lookup_.find(static_cast<std::size_t>(item));
        return at == graph->label_lookup_.end() ? nullptr : graph->getDataByInternalId(at->second);
    }

    void add(Id item, std::string_view embedding) {
        if (find(item) || silent.contains(item)) return;
        const auto at = std::lower_bound(ids.begin(), ids.end(), item);
        const auto place = static_cast<std::size_t>(at - ids.begin());
        ids.insert(at, item);
        records.insert(place * record(), made_record(embedding));
    }

    void make_room() {
        if (!graph) {
            const auto room = std::max(first_room, ids.size() + ids.size() / 8);
            graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(&space, room, links,
                                                                      build_breadth);
            graph->setEf(search_breadth);
        } else if (graph->cur_element_count == graph->max_elements_) {
            graph->resizeIndex(graph->max_elements_ + graph->max_elements_ / 2);
        }
    }

    bool settle_last() {
        if (in_graph() + ids.size() < exact_below || ids.empty()) return false;
        make_room();
        const auto* last = records.data() + (ids.size() - 1) * record();
        if (space.measure().inverse(last) > 0)
            graph->addPoint(last, static_cast<std::size_t>(ids.back()));
        else
            silent.insert(ids.back());
        ids.pop_back();
        records.resize(ids.size() * record());
        return true;
    }
};

Neighbours::Neighbours(std::size_t dims, std::size_t exact_below)
    : impl_(std::make_unique<Impl>(dims, exact_below)) {}
Neighbours::~Neighbours() = default;

std::size_t Neighbours::dims() const {
    return impl_->space.measure().dims;
}

std::size_t Neighbours::size() const {
    std::shared_lock hold(impl_->mutex);
    return impl_->ids.size() + impl_->in_graph() + impl_->silent.size();
}

std::size_t Neighbours::bytes() const {
    constexpr std::size_t of_lookup = 48, of_upper_links = 16;
    std::shared_lock hold(impl_->mutex);
    std::size_t out = impl_->ids.capacity() * sizeof(Id) + impl_->records.capacity();
    if (impl_->graph)
        out += impl_->graph->max_elements_ * impl_->graph->size_data_per_element_ +
               impl_->in_graph() * (of_lookup + of_upper_links);
    return out;
}

void Neighbours::add(std::span<const Id> items, std::string_view embeddings) {
    const auto dims = this->dims();
    std::unique_lock hold(impl_->mutex);
    for (std::size_t i = 0; i < items.size(); ++i)
        impl_->add(items[i], embeddings.substr(i * dims, dims));
}

bool Neighbours::settle(std::size_t most) {
    for (std::size_t i = 0; i < most; ++i) {
        std::unique_lock hold(impl_->mutex);
        if (!impl_->settle_last()) return false;
    }
    return true;
}

std::vector<Neighbour> Neighbours::nearest(std::string_view embedding, std::size_t most) const {
    const auto asked = impl_->made_record(embedding);
    const auto& measure = impl_->space.measure();
    if (measure.inverse(asked.data()) == 0) return {};
    Best best(most);
    std::shared_lock hold(impl_->mutex);
    for (std::size_t i = 0; i < impl_->ids.size(); ++i) {
        const auto* record = impl_->records.data() + i * impl_->record();
        if (measure.inverse(record) > 0)
            best.offer(impl_->ids[i], measure.cosine(asked.data(), record));
    }
    if (impl_->in_graph() > 0) {
        auto found = impl_->graph->searchKnn(asked.data(), most);
        for (; !found.empty(); found.pop())
            best.offer(static_cast<Id>(found.top().second), 1 - found.top().first);
    }
    return std::move(best).taken();
}

std::vector<Neighbour> Neighbours::nearest_among(std::string_view embedding,
                                                 std::span<const Id> items,
                                                 std::size_t most) const {
    const auto asked = impl_->made_record(embedding);
    const auto& measure = impl_->space.measure();
    if (measure.inverse(asked.data()) == 0) return {};
    Best best(most);
    std::shared_lock hold(impl_->mutex);
    for (const Id item : items)
        if (const auto* record = impl_->find(item); record && measure.inverse(record) > 0)
            best.offer(item, measure.cosine(asked.data(), record));
    return std::move(best).taken();
}

std::optional<std::string> Neighbours::embedding(Id item) const {
    std::shared_lock hold(impl_->mutex);
    if (impl_->silent.contains(item)) return std::string(dims(), '\0');
    const auto* record = impl_->find(item);
    if (!record) return std::nullopt;
    return std::string(record, dims());
}

}  // namespace countersign
