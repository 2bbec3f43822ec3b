// Room: models
// How good is the span learner after N reviewed texts, how long does learning take, and what does
// one text cost? WNUT 2017 (emerging entities, 6 types; the rare and noisy end) from
// COUNTERSIGN_DATA; any other set in CoNLL columns by naming its files.
//
// Usage: bench_span_learner_curve [full] or bench_span_learner_curve NAME TRAIN TEST N...
// Prints "name value unit target ok|short" lines ("-": no target) and exits 1 when one is short.
// Targets: a field of the same kind measured beforehand (F1 .116 / .198 / .237 on WNUT's dev set
// with 300 / 1000 / 3394 texts; the learner must come within .01), training under a second to 1000
// texts, 170 us a text. Figures are means over draws of the training texts; F1 is of exact spans.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "../figure_line.h"
#include "base/rng.h"
#include "base/text.h"
#include "models/span_learner.h"
#include "quality/scores.h"

namespace {

using namespace countersign;
using bench::line, bench::short_of;

double cpu_seconds() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Words joined by blanks, spans where tags begin (B, or I after something else).
MarkedText text_of(const std::vector<std::pair<std::string, std::string>>& words) {
    MarkedText out;
    std::string open;
    for (const auto& [word, tag] : words) {
        if (!out.text.empty()) out.text += ' ';
        const auto start = static_cast<double>(code_points(out.text));
        out.text += word;
        const auto end = static_cast<double>(code_points(out.text));
        const std::string type = tag.size() > 2 ? tag.substr(2) : "";
        if (!type.empty() && tag[0] == 'I' && type == open) {
            out.spans.back().end = end;
        } else if (!type.empty()) {
            Region span;
            span.control = "entity";
            span.kind = ControlKind::spans;
            span.labels = {type};
            span.start = start;
            span.end = end;
            out.spans.push_back(span);
        }
        open = type;
    }
    return out;
}

std::vector<MarkedText> conll(const std::string& path) {
    std::ifstream in(path);
    std::vector<MarkedText> out;
    std::vector<std::pair<std::string, std::string>> words;
    const auto close = [&] {
        if (!words.empty()) out.push_back(text_of(words));
        words.clear();
    };
    for (std::string line; std::getline(in, line);) {
        std::stringstream columns(repair_utf8(line));
        std::string word, column, tag = "O";
        columns >> word;
        while (columns >> column) tag = column;
        if (word.empty())
            close();
        else if (word != "-DOCSTART-")
            words.emplace_back(word, tag);
    }
    close();
    return out;
}

void shuffle(std::vector<MarkedText>& items, std::uint64_t seed) {
    Rng rng(seed);
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[rng.below(static_cast<std::uint32_t>(i))]);
}

struct Held {
    double hits = 0, drafted = 0, marked = 0;
    std::vector<double> probability;
    std::vector<std::uint8_t> right;
    double precision() const { return drafted > 0 ? hits / drafted : 0; }
    double recall() const { return marked > 0 ? hits / marked : 0; }
    double f1() const { return drafted + marked > 0 ? 2 * hits / (drafted + marked) : 0; }
};

Held hold(const SpanLearner& learner, const std::vector<MarkedText>& test) {
    Held out;
    for (const auto& text : test) {
        std::set<std::tuple<std::int64_t, std::int64_t, std::string>> truth;
        for (const auto& span : text.spans)
            truth.insert({static_cast<std::int64_t>(span.start),
                          static_cast<std::int64_t>(span.end), span.labels[0]});
        out.marked += static_cast<double>(truth.size());
        for (const auto& span : learner.read(text.text).spans) {
            if (span.maybe) continue;
            const bool hit = truth.contains({span.start, span.end, span.label});
            ++out.drafted;
            out.hits += hit;
            out.probability.push_back(span.probability);
            out.right.push_back(hit);
        }
    }
    return out;
}

struct Data {
    std::string name;
    std::vector<MarkedText> train, test;
    Control control;
};

Data load(const std::string& name, const std::string& train, const std::string& test) {
    Data data{name, conll(train), conll(test), {}};
    std::set<std::string> types;
    for (const auto& text : data.train)
        for (const auto& span : text.spans) types.insert(span.labels[0]);
    data.control.name = "entity";
    data.control.kind = ControlKind::spans;
    for (const auto& type : types) data.control.labels.push_back({type, {}, {}, {}, {}});
    return data;
}

/// Seconds that one training from zero takes: cross-validation is four more.
double training_seconds(const Data& data, const std::vector<MarkedText>& texts) {
    const double start = cpu_seconds();
    SpanFeatures features;
    std::vector<CrfExample> examples;
    for (const auto& text : texts) {
        const auto tokens = features.tokens(text.text);
        std::vector<CrfSpan> spans;
        for (const auto& span : text.spans) {
            const auto range = tokens_of(tokens, static_cast<std::int64_t>(span.start),
                                         static_cast<std::int64_t>(span.end));
            const auto* label = Schema::find_label(data.control, span.labels[0]);
            spans.push_back(
                {range.first, range.last, static_cast<int>(label - data.control.labels.data())});
        }
        features.add_phrases(tokens, spans);
        examples.push_back({features.words(tokens, spans), spans, 1});
    }
    std::vector<const CrfExample*> all;
    for (const auto& example : examples) all.push_back(&example);
    train_crf(all, static_cast<int>(data.control.labels.size()), span_feature_bits, 1, {});
    return cpu_seconds() - start;
}

void measure(const Data& data, std::size_t n, int draws, std::optional<double> target) {
    double f1 = 0, precision = 0, recall = 0, ece = 0, fit = 0, all = 0, each = 0, folds_f1 = 0;
    for (int draw = 0; draw < draws; ++draw) {
        auto texts = data.train;
        shuffle(texts, static_cast<std::uint64_t>(draw) + 5);
        texts.resize(std::min(n, texts.size()));
        const double start = cpu_seconds();
        const auto trained = train_span_learner(texts, data.control, 1);
        all += cpu_seconds() - start;
        if (!trained) {
            std::printf("# %s at %zu: %s\n", data.name.c_str(), n,
                        trained.refusal().message.c_str());
            return;
        }
        fit += training_seconds(data, texts);
        folds_f1 += trained->quality["f1"].get<double>();
        const auto learner = *SpanLearner::open(trained->state);
        const double before = cpu_seconds();
        const auto held = hold(learner, data.test);
        each += (cpu_seconds() - before) * 1e6 / static_cast<double>(data.test.size());
        f1 += held.f1(), precision += held.precision(), recall += held.recall();
        ece += expected_calibration_error(held.probability, held.right);
        std::printf("# draw %d: F1 %.4f, state %zu bytes\n", draw, held.f1(),
                    trained->state.size());
    }
    const std::string at = data.name + "." + std::to_string(n) + ".";
    line(at + "f1", f1 / draws, "share", target ? std::optional(*target - 0.01) : target);
    line(at + "precision", precision / draws, "share", {});
    line(at + "recall", recall / draws, "share", {});
    line(at + "cross_validated_f1", folds_f1 / draws, "share", {});
    line(at + "ece", ece / draws, "share", {});
    line(at + "training", fit / draws, "cpu_s", n <= 1000 ? std::optional(1.0) : std::nullopt,
         true);
    line(at + "training_with_folds", all / draws, "cpu_s", {});
    line(at + "reading", each / draws, "us", 170, true);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 4) {
        const auto data = load(argv[1], argv[2], argv[3]);
        for (int i = 4; i < argc; ++i) measure(data, std::strtoul(argv[i], nullptr, 10), 3, {});
        return short_of > 0;
    }
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const std::string folder = (root ? root : "../shared/data") + std::string("/ner_wnut17");
    const auto wnut = load("wnut17", folder + "/wnut17train.conll", folder + "/emerging.dev.conll");
    if (wnut.train.empty() || wnut.test.empty()) {
        std::printf("# ner_wnut17 is not under %s (COUNTERSIGN_DATA): nothing measured\n",
                    folder.c_str());
        return 0;
    }
    measure(wnut, 50, 3, {});
    measure(wnut, 100, 3, {});
    measure(wnut, 300, 5, 0.116);
    measure(wnut, 1000, 3, 0.198);
    if (argc > 1) measure(wnut, wnut.train.size(), 1, 0.237);
    return short_of > 0;
}
