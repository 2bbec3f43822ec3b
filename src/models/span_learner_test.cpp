#include "models/span_learner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/crypto.h"
#include "base/rng.h"
#include "base/text.h"

using namespace countersign;

namespace {

std::vector<std::string> words_of(std::string_view text, const std::u32string& splits = {}) {
    std::vector<std::string> out;
    for (const auto& token : span_tokens(text, splits)) out.emplace_back(token.text);
    return out;
}

using Words = std::vector<std::string>;

Region marked(double start, double end, const std::string& label) {
    Region region;
    region.control = "entity";
    region.kind = ControlKind::spans;
    region.start = start;
    region.end = end;
    region.labels = {label};
    return region;
}

Control entity() {
    Control control;
    control.name = "entity";
    control.kind = ControlKind::spans;
    control.labels = {{"Person", "", "", "", {}}, {"City", "", "", "", {"town"}}};
    return control;
}

/// "Mr Tanner went to Lisbon." with the two marked; names and towns are drawn.
MarkedText journey(int i) {
    static constexpr const char* people[] = {"Tanner", "Okafor", "Weiß",
                                             "Ngata",  "Ibarra", "Sørli"};
    static constexpr const char* towns[] = {"Lisbon", "Oslo", "Kraków", "Quito", "Accra"};
    MarkedText out;
    const std::string person = people[i % 6], town = towns[(i / 2) % 5];
    const std::string lead = i % 3 == 0 ? "Yesterday Mr " : "Then Mr ";
    out.text = lead + person + " went to " + town + ".";
    const auto at = static_cast<double>(code_points(lead));
    const auto end = at + static_cast<double>(code_points(person));
    out.spans = {marked(at, end, "Person"),
                 marked(end + 9, end + 9 + static_cast<double>(code_points(town)), "town")};
    return out;
}

std::vector<MarkedText> journeys(int n) {
    std::vector<MarkedText> out;
    for (int i = 0; i < n; ++i) out.push_back(journey(i));
    return out;
}

}  // namespace

TEST_CASE("a text is cut into words with code-point places; punctuation stands alone at the ends") {
    CHECK(words_of("He (Paris), left.") == Words{"He", "(", "Paris", ")", ",", "left", "."});
    CHECK(words_of("the U.S. on 1996-08-22 don't") ==
          Words{"the", "U.S.", "on", "1996-08-22", "don't"});
    CHECK(words_of("@ada #tag !") == Words{"@ada", "#tag", "!"});
    CHECK(words_of("Paris-based", U"-") == Words{"Paris", "-", "based"});
    CHECK(words_of("東京 is 大") == Words{"東", "京", "is", "大"});
    CHECK(words_of("").empty());
    CHECK(words_of(" \xff ").empty());
    const auto tokens = span_tokens("😀 naïve Ŵ");
    REQUIRE(tokens.size() == 3);
    CHECK(tokens[1].start == 2);
    CHECK(tokens[1].end == 7);
    CHECK(tokens[2].start == 8);
}

TEST_CASE("every word is the slice of the text at its place, whatever the text") {
    Rng rng(3);
    const std::u32string alphabet = U"aB1 .-@'é東😀\n(";
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (int i = 0; i < 20; ++i) {
            std::string one;
            const auto c = alphabet[rng.below(static_cast<std::uint32_t>(alphabet.size()))];
            if (c < 0x80)
                one = static_cast<char>(c);
            else if (c < 0x800)
                one = "é";
            else
                one = c < 0x10000 ? "東" : "😀";
            text += one;
        }
        std::int64_t before = 0;
        for (const auto& token : span_tokens(text, U"-")) {
            CHECK(token.start >= before);
            before = token.end;
            const auto there = slice(text, token.start, token.end);
            REQUIRE(there);
            CHECK(*there == token.text);
        }
    }
}

TEST_CASE("where people cut inside a run, runs are cut from then on") {
    CHECK(cut_characters("Paris-based", 0, 5) == U"-");
    CHECK(cut_characters("a Paris b", 2, 7).empty());
    CHECK(cut_characters("abc", 0, 9).empty());
}

TEST_CASE("a field's probabilities are those of counting every tagging") {
    Crf crf(2, 8);
    Rng rng(9);
    const auto some = [&] { return static_cast<float>(rng.uniform() * 4 - 2); };
    for (auto& w : crf.transitions) w = some();
    CrfWords words;
    for (std::uint32_t i = 0; i < 4; ++i) {
        words.features.push_back(i);
        words.features.push_back(100 + i % 2);
        words.ends.push_back(2 * i + 2);
    }
    for (const auto f : words.features)
        for (auto& w : crf.words.row(crf.words.row_for(f))) w = some();
    const CrfReading reading(crf, words);
    double total = 0, whole = 0, span = 0, tagged = 0;
    for (int code = 0; code < 625; ++code) {
        const int tags[] = {code % 5, code / 5 % 5, code / 25 % 5, code / 125};
        double log = 0;
        bool possible = true;
        for (std::size_t i = 0; i < 4; ++i) {
            const int from = i == 0 ? 5 : tags[i - 1];
            possible = possible && crf.allowed(from, tags[i]);
            log +=
                static_cast<double>(crf.transitions[static_cast<std::size_t>(from * 5 + tags[i])]);
            for (const auto f : words.at(i))
                log += static_cast<double>(
                    crf.words.row(crf.words.find(f))[static_cast<std::size_t>(tags[i])]);
        }
        if (!possible) continue;
        const double weight = std::exp(log);
        total += weight;
        if (tags[0] == 0 && tags[1] == 3 && tags[2] == 4 && tags[3] == 1) whole += weight;
        if (tags[2] == 3) tagged += weight;
        if (tags[1] == 1 && tags[2] == 2 && tags[3] != 2) span += weight;
    }
    CHECK(reading.marginal(2, 3) == doctest::Approx(tagged / total));
    CHECK(reading.whole({{1, 3, 1}, {3, 4, 0}}) == doctest::Approx(whole / total));
    CHECK(reading.probability({1, 3, 0}) == doctest::Approx(span / total));
    double sum = 0;
    for (int a = 0; a < 5; ++a) sum += reading.edge(2, a, 3);
    CHECK(sum == doctest::Approx(tagged / total));
    for (const auto& [likely, p] : reading.likely(0.05)) {
        CHECK(p >= 0.05);
        CHECK(p == doctest::Approx(reading.probability(likely)));
    }
}

TEST_CASE("thirty marked texts teach the learner to mark the next ones, surely") {
    const auto texts = journeys(30);
    const auto trained = train_span_learner(texts, entity(), 7);
    REQUIRE(trained);
    CHECK(trained->quality["f1"].get<double>() > 0.9);
    CHECK(trained->quality["f1_low"].get<double>() <= trained->quality["f1"].get<double>());
    CHECK(trained->quality["learned_from"] == 30);
    const auto learner = SpanLearner::open(trained->state);
    REQUIRE(learner);
    CHECK(learner->version() == "crf, 30 texts");
    const auto read = learner->read("Then Mr Weiß went to 😀 Quito.");
    REQUIRE(read.spans.size() >= 2);
    CHECK(read.spans[0].label == "Person");
    CHECK(read.spans[0].start == 8);
    CHECK(read.spans[0].end == 12);
    CHECK(read.spans[1].label == "City");
    CHECK(read.spans[1].start == 23);
    CHECK(read.spans[1].end == 28);
    CHECK(read.spans[0].probability > 0.6);
    CHECK(read.probability > 0);
    CHECK(learner->read("").spans.empty());
}

TEST_CASE("what is held out is read by a learner that has not seen it: a wrong label stands out") {
    auto texts = journeys(60);
    texts[7].spans[0].labels = {"town"};
    const auto read = out_of_fold_spans(texts, entity(), 1);
    REQUIRE(read);
    REQUIRE(read->size() == 60);
    const auto& spans = (*read)[7];
    REQUIRE(!spans.empty());
    const auto at = std::find_if(spans.begin(), spans.end(), [&](const DraftedSpan& s) {
        return double(s.start) == texts[7].spans[0].start;
    });
    REQUIRE(at != spans.end());
    CHECK(at->label == "Person");
    CHECK(at->probability > 0.5);
    CHECK(out_of_fold_spans(journeys(2), entity(), 1).refusal().code == Code::unavailable);
}

TEST_CASE("learning twice from the same texts gives the same bytes") {
    const auto texts = journeys(12);
    const auto one = train_span_learner(texts, entity(), 7),
               two = train_span_learner(texts, entity(), 7);
    REQUIRE(one);
    REQUIRE(two);
    CHECK(one->state == two->state);
}

TEST_CASE(
    "of spans that overlap the outermost is learned, and the version says how many were not") {
    auto texts = journeys(12);
    for (auto& text : texts) {
        text.spans.push_back(marked(text.spans[0].start, text.spans[0].start + 2, "City"));
        text.spans.push_back(marked(0, 3, "No such label"));
    }
    const auto trained = train_span_learner(texts, entity(), 7);
    REQUIRE(trained);
    CHECK(trained->quality["left_out"]["overlapping"] == 12);
    CHECK(trained->quality["left_out"]["unknown"] == 12);
}

TEST_CASE("too few texts, texts without spans and a stop are refused") {
    CHECK(train_span_learner(journeys(4), entity(), 1).refusal().code == Code::unavailable);
    auto bare = journeys(10);
    for (auto& text : bare) text.spans.clear();
    CHECK(train_span_learner(bare, entity(), 1).refusal().code == Code::unavailable);
    std::stop_source source;
    source.request_stop();
    CHECK(train_span_learner(journeys(20), entity(), 1, source.get_token()).refusal().code ==
          Code::cancelled);
}

TEST_CASE("a span learner's state reads as it was written, and nothing damaged is read") {
    const auto bytes = train_span_learner(journeys(8), entity(), 7)->state;
    const auto state = span_learner_from(bytes);
    REQUIRE(state);
    CHECK(state->labels == std::vector<std::string>{"Person", "City"});
    CHECK(!state->features.phrases.empty());
    CHECK(span_learner_bytes(*state) ==
          span_learner_bytes(*span_learner_from(span_learner_bytes(*state))));
    for (std::size_t i = 0; i < bytes.size(); i += 997) {
        auto damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        CHECK(!span_learner_from(damaged));
        CHECK(!span_learner_from(std::string_view(bytes).substr(0, i)));
    }
    const auto body = bytes.substr(0, bytes.size() - 32);
    for (std::size_t i = 6; i < 400; ++i) {
        auto odd = body;
        odd[i] = static_cast<char>(0xff);
        const auto digest = sha256(odd);
        odd.append(reinterpret_cast<const char*>(digest.data()), digest.size());
        const auto read = span_learner_from(odd);
        if (!read) CHECK(read.refusal().code == Code::invalid);
    }
}
