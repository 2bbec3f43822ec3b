// Are texts that belong to nothing far from their neighbours, and how long do 100,000 take?
//
// Usage: bench_outliers_far: text_clinc150 under COUNTERSIGN_DATA, 15,000 texts with an intent and
// 5,500 more of which 1,000 have none; area under the ROC of the distance to the nearest of the
// 15,000. Then 100,000 texts, drawn from pairs of these: seconds from texts to everyone's nearest.
// Then near duplicates among 100,000 texts and as many hashes of pictures.
// Room: app
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../figure_line.h"
#include "app/check_learned.h"
#include "base/json.h"
#include "base/rng.h"
#include "models/embedder.h"
#include "models/neighbours.h"
#include "quality/dataset_check.h"
#include "quality/label_errors.h"

namespace {

using namespace countersign;

std::vector<std::string> texts_of(const Json& splits, const char* name) {
    std::vector<std::string> out;
    for (const auto& row : splits[name]) out.push_back(row[0].get<std::string>());
    return out;
}

void scope(const std::vector<std::string>& train, const std::vector<std::string>& test,
           const std::vector<std::string>& outside) {
    const auto embedder = TextEmbedder::fit(train, 1);
    if (!embedder) return;
    Neighbours index(TextEmbedder::dims);
    std::vector<Id> ids;
    std::string all;
    for (std::size_t i = 0; i < train.size(); ++i) {
        ids.push_back(static_cast<Id>(i) + 1);
        all += (*embedder)(train[i]);
    }
    index.add(ids, all);
    for (const std::size_t k : {1U, 5U, 10U}) {
        std::vector<double> nearness;
        std::vector<std::uint8_t> is_outside;
        for (const auto* texts : {&test, &outside})
            for (const auto& text : *texts) {
                double sum = 0;
                for (const auto& near : index.nearest((*embedder)(text), k)) sum += near.score;
                nearness.push_back(sum / double(k));
                is_outside.push_back(texts == &outside);
            }
        const double known = k == 1 ? 0.633 : k == 5 ? 0.618 : 0.607;
        bench::line("outliers.clinc.nearest_" + std::to_string(k) + "_auroc",
                    auroc_of_low(nearness, is_outside), "-", known - 0.0005);
    }
}

void hundred_thousand(const std::vector<std::string>& train) {
    Rng rng(1);
    Corpus corpus;
    for (int i = 0; i < 100'000; ++i) {
        const auto n = static_cast<std::uint32_t>(train.size());
        const auto text = train[rng.below(n)] + " " + train[rng.below(n)];
        GivenItem item;
        item.text = text;
        item.is_text = true;
        corpus.add(item);
    }
    const auto from = std::chrono::steady_clock::now();
    const auto found = text_distances(corpus);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - from;
    bench::line("outliers.distances_of_100000", found ? double(found->rows.size()) : 0, "n");
    bench::line("outliers.seconds_of_100000", spent.count(), "s", 60, true);
}

/// Of every hundredth text a copy with a word more, of every hundredth picture's hash one with five
/// bits changed.
void duplicates(const std::vector<std::string>& train) {
    constexpr std::uint32_t n = 100'000;
    Rng rng(2);
    std::vector<std::string> texts;
    std::vector<PictureHash> hashes;
    const auto many = static_cast<std::uint32_t>(train.size());
    const auto word = [&] {
        return std::uint64_t{rng.below(0x80000000U)} << 33 ^ rng.below(0x80000000U);
    };
    for (std::uint32_t i = 0; i < n; ++i) {
        if (i % 100 == 99) {
            texts.push_back(texts.back() + " indeed");
            hashes.push_back(hashes.back());
            hashes.back().across ^= 0x1f;
            continue;
        }
        std::string text;
        for (int k = 0; k < 4; ++k) text += train[rng.below(many)] + " ";
        texts.push_back(std::move(text));
        hashes.push_back({word(), word()});
    }
    const auto measure = [](const std::string& name, auto find) {
        const auto from = std::chrono::steady_clock::now();
        const std::vector<NearPair> pairs = find();
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - from;
        std::size_t found = 0;
        for (const auto& pair : pairs) found += pair.b % 100 == 99 && pair.a + 1 == pair.b;
        bench::line("duplicates." + name + "_recall", double(found) / (n / 100), "share", 0.99);
        bench::line("duplicates." + name + "_seconds_of_100000", spent.count(), "s", 60, true);
    };
    const CheckLimits limits;
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    measure("texts", [&] { return near_texts(views, limits.near_duplicate); });
    measure("pictures", [&] { return near_pictures(hashes, limits.near_picture_bits); });
}

}  // namespace

int main() {
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const std::filesystem::path data = root ? root : "../shared/data";
    std::ifstream in(data / "text_clinc150" / "data_full.json");
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto splits = parse_json(bytes);
    if (!splits) {
        std::printf("# no text_clinc150 under %s: nothing measured\n", data.c_str());
        return 0;
    }
    const auto train = texts_of(*splits, "train");
    scope(train, texts_of(*splits, "test"), texts_of(*splits, "oos_test"));
    hundred_thousand(train);
    duplicates(train);
    return bench::short_of > 0;
}
