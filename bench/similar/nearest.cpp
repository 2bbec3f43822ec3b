// Room: models
// Are the items that lie near one another of a kind, does the graph find the nearest, how soon, and
// how long does it take to build?
//
// Usage: bench_similar_nearest [STAMPS]. Texts: banking77 (77 kinds of questions) under
// COUNTERSIGN_DATA. A hundred thousand texts are made of its questions, the first words of one and
// the last of another, so that they lie as texts of a real project do. Pictures: eight kinds of
// photographed stamps (Debian's tuxpaint-stamps-default), looked at by the features whose weights
// are under COUNTERSIGN_MODELS. Prints "name value unit target ok|short" lines and exits 1 when one
// is short. The oracle compares every pair in doubles.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../figure_line.h"
#include "base/rng.h"
#include "media/image.h"
#include "models/embedder.h"
#include "models/neighbours.h"

namespace {

using namespace countersign;
using bench::line, bench::short_of;
namespace fs = std::filesystem;

constexpr std::size_t near = 10;

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Of this thread's kind of work, which has one: what an idle machine takes.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Known {
    std::string text, kind;
};

/// RFC 4180 records of a text and its kind; the header is left out.
std::vector<Known> csv(const std::string& bytes) {
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (quoted && c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"')
            rows.back().back() += bytes[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ',')
            rows.back().emplace_back();
        else if (!quoted && c == '\n')
            rows.push_back({""});
        else if (c != '\r')
            rows.back().back() += c;
    }
    std::vector<Known> out;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].size() >= 2) out.push_back({rows[i][0], rows[i][1]});
    return out;
}

double slow_cosine(std::string_view a, std::string_view b) {
    double sum = 0, left = 0, right = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = static_cast<signed char>(a[i]), y = static_cast<signed char>(b[i]);
        sum += x * y;
        left += x * x;
        right += y * y;
    }
    return left > 0 && right > 0 ? sum / std::sqrt(left * right) : 0;
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/// Of the ten nearest of an item, how many are of its kind, in the mean.
double same_kind(const std::vector<std::string>& embeddings,
                 const std::vector<std::string>& kinds) {
    Neighbours index(embeddings.front().size(), SIZE_MAX);
    for (std::size_t i = 0; i < embeddings.size(); ++i)
        index.add(std::vector<Id>{static_cast<Id>(i)}, embeddings[i]);
    double same = 0, all = 0;
    for (std::size_t i = 0; i < embeddings.size(); ++i)
        for (const auto& one : index.nearest(embeddings[i], near + 1)) {
            const auto at = static_cast<std::size_t>(one.item);
            if (at == i) continue;
            same += kinds[at] == kinds[i];
            ++all;
        }
    return same / all;
}

std::string joined(const std::string& first, const std::string& last) {
    const auto a = first.find(' ', first.size() / 2), b = last.find(' ', last.size() / 2);
    return first.substr(0, a) + (b == std::string::npos ? " " + last : last.substr(b));
}

void texts_of_a_kind(const std::vector<Known>& known) {
    std::vector<std::string> texts, kinds;
    for (const auto& one : known) {
        texts.push_back(one.text);
        kinds.push_back(one.kind);
    }
    const double start = cpu_seconds();
    const auto embed = *TextEmbedder::fit(texts, 1);
    line("similar.texts.fit", cpu_seconds() - start, "cpu_s", {});
    std::vector<std::string> embeddings;
    for (const auto& text : texts) embeddings.push_back(embed(text));
    line("similar.texts.same_kind", same_kind(embeddings, kinds), "share", 0.68);
}

void a_hundred_thousand(const std::vector<Known>& known) {
    constexpr std::size_t many = 100'000, asked = 300;
    Rng rng(5);
    std::vector<std::string> texts;
    const auto any = [&]() -> const std::string& {
        return known[rng.below(static_cast<std::uint32_t>(known.size()))].text;
    };
    for (std::size_t i = 0; i < many + asked; ++i) texts.push_back(joined(any(), any()));
    const double start = cpu_seconds();
    const auto embed = *TextEmbedder::fit(std::span(texts).first(TextEmbedder::most_texts), 1);
    std::vector<std::string> embeddings;
    for (const auto& text : texts) embeddings.push_back(embed(text));
    line("similar.100k.embed", cpu_seconds() - start, "cpu_s", 60, true);

    std::vector<Id> ids;
    std::string all;
    for (std::size_t i = 0; i < many; ++i) {
        ids.push_back(static_cast<Id>(i) + 1);
        all += embeddings[i];
    }
    Neighbours index(TextEmbedder::dims);
    const double before = seconds();
    index.add(ids, all);
    line("similar.100k.first_answer", seconds() - before, "s", 1, true);

    const auto ask = [&](const std::string& name, std::optional<double> target) {
        std::vector<double> took;
        for (std::size_t i = 0; i < asked; ++i) {
            const double at = seconds();
            index.nearest(embeddings[many + i], 50);
            took.push_back((seconds() - at) * 1e3);
        }
        line(name + ".p50", percentile(took, 0.5), "ms", {});
        line(name + ".p95", percentile(took, 0.95), "ms", target, true);
    };
    ask("similar.100k.exact", {});
    const double unsettled = cpu_seconds();
    while (index.settle(1'000)) {
    }
    line("similar.100k.build", cpu_seconds() - unsettled, "cpu_s", 60, true);
    line("similar.100k.memory", static_cast<double>(index.bytes()) / (1 << 20), "MB", {});
    ask("similar.100k.query", 20);

    // Of several that are equally near any will do.
    double found = 0;
    for (std::size_t i = 0; i < asked; ++i) {
        std::vector<double> scores;
        for (std::size_t j = 0; j < many; ++j)
            scores.push_back(slow_cosine(embeddings[many + i], embeddings[j]));
        std::nth_element(scores.begin(), scores.begin() + near - 1, scores.end(), std::greater<>());
        const double tenth = scores[near - 1];
        for (const auto& one : index.nearest(embeddings[many + i], near))
            found +=
                slow_cosine(embeddings[many + i],
                            embeddings[static_cast<std::size_t>(one.item) - 1]) >= tenth - 1e-9;
    }
    line("similar.100k.recall_at_10", found / static_cast<double>(asked * near), "share", 0.95);
}

void pictures_of_a_kind(const fs::path& stamps, const std::string& models,
                        const std::string& features, double target) {
    const auto embed = ImageEmbedder::open(models, features);
    if (!embed) {
        std::printf("# %s: %s\n", features.c_str(), embed.refusal().message.c_str());
        return;
    }
    std::vector<std::string> embeddings, kinds;
    std::vector<fs::path> files;
    for (const char* kind :
         {"animals/birds", "food/fruit", "plants/flowers", "food/vegetables", "household/tools",
          "animals/mammals/bovines", "animals/fish", "animals/insects"})
        if (fs::exists(stamps / kind))
            for (const auto& entry : fs::directory_iterator(stamps / kind))
                if (entry.path().extension() == ".png") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
        const auto name = path.stem().string();
        if (name.find("_mirror") != name.npos || name.find("_flip") != name.npos) continue;
        if (const auto image = decode_image(slurp(path))) {
            embeddings.push_back((*embed)(*image));
            kinds.push_back(path.parent_path().string());
        }
    }
    if (embeddings.size() < 50) {
        std::printf("# the stamps are not in %s\n", stamps.c_str());
        return;
    }
    line("similar.pictures." + features + ".same_kind", same_kind(embeddings, kinds), "share",
         target);
}

}  // namespace

int main(int argc, char** argv) {
    const char* data = std::getenv("COUNTERSIGN_DATA");
    const char* models = std::getenv("COUNTERSIGN_MODELS");
    const auto known = csv(slurp(fs::path(data ? data : ".") / "text_banking77/train.csv"));
    if (known.size() < 10'000) {
        std::printf("# banking77 is not under COUNTERSIGN_DATA: nothing measured\n");
        return 2;
    }
    texts_of_a_kind(known);
    a_hundred_thousand(known);
    const fs::path stamps = argc > 1 ? argv[1] : "/usr/share/tuxpaint/stamps";
    for (const char* features : {"nanodet", "resnet34"})
        pictures_of_a_kind(stamps, models ? models : "models/cache", features, 0.4);
    return short_of > 0 ? 1 : 0;
}
