#include "quality/dataset_check.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "base/rng.h"
#include "base/text.h"

using namespace countersign;

namespace {

Region span(std::string_view text, std::string_view surface, std::string label) {
    Region r;
    r.id = "s" + std::string(surface);
    r.control = "spans";
    r.kind = ControlKind::spans;
    r.labels = {std::move(label)};
    const auto at = text.find(surface);
    REQUIRE(at != std::string_view::npos);
    r.start = static_cast<double>(code_points(text.substr(0, at)));
    r.end = r.start + static_cast<double>(code_points(surface));
    r.text = surface;
    return r;
}
Region box(double x, double y, double w, double h, std::string label = "cat") {
    Region r;
    r.id = "b" + std::to_string(x) + "," + std::to_string(y);
    r.control = "boxes";
    r.kind = ControlKind::boxes;
    r.labels = {std::move(label)};
    r.x = x, r.y = y, r.width = w, r.height = h;
    return r;
}
Region choice(std::string label) {
    Region r;
    r.id = "c";
    r.control = "kind";
    r.labels = {std::move(label)};
    return r;
}

/// A dataset as a test draws it.
class Drawn {
public:
    explicit Drawn(const CheckOptions& options = {}) : check_(options) {}

    Drawn& text(const std::string& text, const Regions& label, const std::string& split = {}) {
        GivenItem item;
        item.is_text = true;
        return add(item, text, label, {}, split);
    }
    Drawn& picture(const Regions& label, const Regions& draft = {}, int width = 100,
                   int height = 100) {
        GivenItem item;
        item.width = width, item.height = height;
        return add(item, {}, label, draft, {});
    }
    Drawn& answers(const std::vector<std::pair<std::string, std::string>>& by_person) {
        GivenItem item;
        std::deque<Regions> regions;
        for (const auto& [person, label] : by_person) {
            regions.push_back({choice(label)});
            item.labels.push_back({person, &regions.back(), 0, ++time_});
        }
        const auto name = "item-" + std::to_string(n_++);
        item.name = name;
        check_.add(item);
        return *this;
    }

    std::vector<Finding> of(Check check) {
        if (!found_) found_ = check_.finish();
        std::vector<Finding> out;
        for (const auto& f : *found_)
            if (f.check == check) out.push_back(f);
        return out;
    }
    std::size_t count(Check check) { return of(check).size(); }
    DatasetCheck& check() { return check_; }

private:
    Drawn& add(GivenItem& item, const std::string& text, const Regions& label, const Regions& draft,
               const std::string& split) {
        const auto name = "item-" + std::to_string(n_++);
        item.name = name;
        item.text = text;
        item.split = split;
        item.labels.push_back({"ada", &label, 0, 0});
        if (!draft.empty()) item.drafts.push_back({"model", &draft, 0, 0});
        check_.add(item);
        return *this;
    }
    DatasetCheck check_;
    int n_ = 0;
    Millis time_ = 0;
    std::optional<std::vector<Finding>> found_;
};

Region outline(std::vector<double> points) {
    Region r = box(0, 0, 0, 0);
    r.kind = ControlKind::polygons;
    r.points = std::move(points);
    return r;
}

}  // namespace

TEST_CASE("geometry: what has no area, sticks out, or is drawn twice") {
    Drawn data;
    data.picture({box(10, 10, 20, 20), box(50, 50, 0, 9)});
    data.picture({box(-30, 10, 40, 20), box(10, 60, 30, 30)});
    data.picture({box(10, 10, 20, 20), box(10.2, 10, 20, 20), box(60, 60, 20, 20)});
    data.picture({box(10, 10, 20, 20), box(10.2, 10, 20, 20, "dog")});
    CHECK(data.count(Check::no_area) == 1);
    REQUIRE(data.count(Check::outside) == 1);
    CHECK(data.of(Check::outside)[0].item == 1);
    CHECK(data.of(Check::outside)[0].score == doctest::Approx(0.75));
    REQUIRE(data.count(Check::doubled) == 1);
    CHECK(data.of(Check::doubled)[0].item == 2);
    CHECK(data.of(Check::doubled)[0].score > 0.95);
}

TEST_CASE("geometry: numbers that are not finite are faults, not crashes") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const double endless = std::numeric_limits<double>::infinity();
    Drawn data;
    data.picture({box(none, 0, 10, 10), box(0, 0, endless, 10)});
    auto s = span("some text", "text", "x");
    s.end = endless;
    data.text("some text", {s});
    s.end = 1e300;
    data.text("some text", {s});
    CHECK(data.count(Check::no_area) == 3);
    CHECK(data.count(Check::span_outside) == 1);
}

TEST_CASE("geometry: an outline that crosses itself") {
    Drawn data;
    data.picture({outline({10, 10, 30, 30, 30, 10, 10, 20})});
    data.picture({outline({10, 10, 30, 10, 30, 30, 10, 30})});
    REQUIRE(data.count(Check::self_crossing) == 1);
    CHECK(data.of(Check::self_crossing)[0].item == 0);
}

TEST_CASE("boundaries: a word that is cut, white space, punctuation; in any script") {
    const std::string text = "Größe in Berlin, Hamburg.";
    Drawn data;
    data.text(text, {span(text, "Berl", "LOC")});
    data.text(text, {span(text, "Gr", "X")});
    data.text(text, {span(text, " Hamburg", "LOC")});
    data.text(text, {span(text, "Berlin,", "LOC")});
    data.text(text, {span(text, "Berlin", "LOC"), span(text, "Hamburg", "LOC")});
    REQUIRE(data.count(Check::cuts_word) == 2);
    CHECK(data.of(Check::cuts_word)[0].sentence.find("\"Berlin\"") != std::string::npos);
    CHECK(data.of(Check::cuts_word)[1].sentence.find("\"Größe\"") != std::string::npos);
    CHECK(data.count(Check::white_space) == 1);
    CHECK(data.count(Check::punctuation) == 1);
}

TEST_CASE("words: another label, no label, and other boundaries than elsewhere") {
    const std::string text = "We met in New York again";
    Drawn data;
    for (int i = 0; i < 12; ++i)
        data.text(text + " on day " + std::to_string(i), {span(text, "New York", "LOC")});
    data.text("She likes New York a lot", {span("She likes New York a lot", "New York", "ORG")});
    data.text("He left New York", {});
    data.text("All of York and New York", {span("All of York and New York", "York", "LOC")});
    data.text("Old New York stories", {span("Old New York stories", "York", "LOC")});
    REQUIRE(data.count(Check::label_elsewhere) == 1);
    CHECK(data.of(Check::label_elsewhere)[0].item == 12);
    REQUIRE(data.count(Check::boundary_elsewhere) == 1);
    CHECK(data.of(Check::boundary_elsewhere)[0].item == 15);
    const auto mentions = data.of(Check::unlabelled_mention);
    REQUIRE(mentions.size() == 2);  // "He left", and the second one of "All of York and New York".
    CHECK(mentions[0].item == 13);
    CHECK(mentions[0].place->start == 8);
    CHECK(mentions[0].place->end == 16);
}

TEST_CASE("duplicates: conflicts first, then leaks, then mere copies") {
    const std::string text = "The quick brown fox jumps over the lazy dog near the river bank";
    Drawn data;
    data.text(text, {choice("good")}, "train");
    data.text("  the QUICK brown fox jumps over the lazy dog near the river bank ", {choice("bad")},
              "train");
    data.text(text, {choice("good")}, "test");
    data.text("The quick brown fox jumps over the lazy dog near the river bend", {choice("good")},
              "train");
    data.text("Something else altogether, which shares nothing with the others", {choice("good")});
    REQUIRE(data.count(Check::conflicting_duplicate) == 1);
    CHECK(data.of(Check::conflicting_duplicate)[0].item == 1);
    REQUIRE(data.count(Check::leak) == 1);
    CHECK(data.of(Check::leak)[0].item == 2);
    REQUIRE(data.count(Check::near_duplicate) == 1);
    CHECK(data.of(Check::near_duplicate)[0].item == 3);
    CHECK(data.of(Check::near_duplicate)[0].score < 1);
}

TEST_CASE("labels: misspelt, rare, and a schema's that nothing has") {
    Schema schema;
    Control control;
    control.name = "kind";
    for (const auto* name : {"positive", "negative", "neutral"})
        control.labels.push_back({name, {}, {}, {}, {}});
    schema.controls.push_back(control);
    CheckOptions options;
    options.schema = &schema;
    Drawn data(options);
    for (int i = 0; i < 120; ++i)
        data.text("text " + std::to_string(i), {choice(i % 2 ? "positive" : "negative")});
    data.text("odd", {choice("postive")});
    data.text("odder", {choice("Negative ")});
    data.text("rare", {choice("sarcastic")});
    const auto misspelt = data.of(Check::misspelt_label);
    REQUIRE(misspelt.size() == 2);
    CHECK(misspelt[0].score > 0.9);
    REQUIRE(data.count(Check::rare_label) == 1);
    CHECK(data.of(Check::rare_label)[0].label == "sarcastic");
    REQUIRE(data.count(Check::unused_label) == 1);
    CHECK(data.of(Check::unused_label)[0].label == "neutral");
}

TEST_CASE("labels that are numbered are not each other misspelt") {
    Drawn data;
    for (int i = 0; i < 100; ++i) data.text("text " + std::to_string(i), {choice("class 1")});
    data.text("another", {choice("class 2")});
    CHECK(data.count(Check::misspelt_label) == 0);
}

TEST_CASE("outliers: a box far from its label's size, a text far longer, an empty one") {
    Drawn data;
    for (int i = 0; i < 60; ++i) data.picture({box(5, 5, 20 + i % 5, 20 + i % 7)}, {}, 1000, 1000);
    data.picture({box(5, 5, 900, 900)}, {}, 1000, 1000);
    for (int i = 0; i < 60; ++i) data.text("a text of some words, number " + std::to_string(i), {});
    data.text(std::string(20'000, 'x'), {});
    data.text(" \n", {});
    REQUIRE(data.count(Check::odd_box) == 1);
    CHECK(data.of(Check::odd_box)[0].item == 60);
    REQUIRE(data.count(Check::odd_length) == 1);
    CHECK(data.count(Check::empty_item) == 1);
}

TEST_CASE("drafts against boxes: missing, spurious, swapped, badly placed") {
    Drawn data;
    const auto drafted = [](Region r, double confidence) {
        r.confidence = confidence;
        return r;
    };
    for (int i = 0; i < 40; ++i)
        data.picture({box(10, 10, 30, 30)}, {drafted(box(11, 10, 30, 30), 0.5 + i / 100.0)});
    data.picture({}, {drafted(box(10, 10, 30, 30), 0.8)});
    data.picture({box(10, 10, 30, 30), box(60, 60, 30, 30)}, {drafted(box(11, 10, 30, 30), 0.9)});
    data.picture({box(10, 10, 30, 30, "dog")}, {drafted(box(10, 11, 30, 30), 0.8)});
    data.picture({box(10, 10, 30, 30)}, {drafted(box(24, 10, 30, 30), 0.8)});
    const auto only = [&](Check check) {
        const auto found = data.of(check);
        REQUIRE(found.size() == 1);
        return found[0].item;
    };
    CHECK(only(Check::missing_region) == 40);
    CHECK(only(Check::spurious_region) == 41);
    CHECK(only(Check::swapped_label) == 42);
    CHECK(only(Check::misplaced_region) == 43);
}

TEST_CASE("label errors: what given probabilities contradict") {
    Drawn data;
    Rng rng(7);
    ClassProbabilities p;
    p.by = "model";
    for (std::uint32_t i = 0; i < 300; ++i) {
        const bool is_cat = rng.below(2) == 0, is_wrong = i < 10;
        data.text("text " + std::to_string(i), {choice(is_cat != is_wrong ? "cat" : "dog")});
        p.items.push_back(i);
        const double sure = 0.85 + rng.uniform() / 10;
        p.rows.insert(p.rows.end(), {is_cat ? sure : 1 - sure, is_cat ? 1 - sure : sure});
    }
    const auto& labels = data.check().corpus().control(0).labels;
    p.classes = {*labels.find("cat"), *labels.find("dog")};
    data.check().add_probabilities(p);
    const auto found = data.of(Check::label_error);
    CHECK(found.size() >= 8);  // As many as the confident joint estimates.
    for (const auto& f : found) CHECK(f.item < 10);
}

TEST_CASE("people: differing on an item, and one far from the others") {
    Drawn data;
    for (int i = 0; i < 60; ++i) {
        const std::string label = i % 2 ? "yes" : "no", other = i % 2 ? "no" : "yes";
        data.answers(
            {{"ada", label}, {"bo", label}, {"cy", label}, {"dee", i % 5 ? other : label}});
    }
    data.answers({{"ada", "yes"}, {"bo", "no"}});
    const auto far = data.of(Check::person_far);
    REQUIRE(far.size() == 1);
    CHECK(far[0].person == "dee");
    REQUIRE(data.count(Check::people_differ) == 1);
    CHECK(data.of(Check::people_differ)[0].item == 60);
    CHECK(data.of(Check::people_differ)[0].evidence.size() == 2);
}

TEST_CASE("what is switched off is not found, and errors come before notes") {
    CheckOptions options;
    options.off[static_cast<std::size_t>(Check::no_area)] = true;
    Drawn data(options);
    data.picture({box(10, 10, 0, 5), box(-50, 10, 60, 20)});
    data.text("", {});
    CHECK(data.count(Check::no_area) == 0);
    CHECK(data.count(Check::outside) == 1);
    const auto all = [] {
        Findings found;
        for (const auto check : {Check::odd_length, Check::cuts_word, Check::outside}) {
            Finding f;
            f.check = check;
            f.score = check == Check::outside ? 0.1 : 0.9;
            found.add(f);
        }
        return found.take();
    }();
    CHECK(all[0].check == Check::outside);
    CHECK(all[2].check == Check::odd_length);
}

TEST_CASE("the table of checks: each row stands at its check's number, and names are unique") {
    for (std::size_t i = 0; i < check_table().size(); ++i) {
        const auto& row = check_table()[i];
        CHECK(static_cast<std::size_t>(row.check) == i);
        CHECK(check_called(row.name) == &row);
    }
    CHECK(check_table().size() == static_cast<std::size_t>(Check::person_drift) + 1);
}

TEST_CASE("a fingerprint stays when the sentence changes, and differs by place and item") {
    Finding f;
    f.check = Check::cuts_word;
    f.label = "LOC";
    f.place = Place{Place::On::text, 3, 9};
    const auto first = fingerprint(f, "a");
    f.sentence = "other words";
    f.score = 0.3;
    CHECK(fingerprint(f, "a") == first);
    CHECK(fingerprint(f, "b") != first);
    f.place->end = 10;
    CHECK(fingerprint(f, "a") != first);
}

TEST_CASE("of many findings the worst are kept, and all are counted") {
    Findings found(10);
    for (int i = 0; i < 100; ++i) {
        Finding f;
        f.check = Check::doubled;
        f.score = i / 100.0;
        found.add(f);
    }
    CHECK(found.count(Check::doubled) == 100);
    const auto kept = found.take();
    REQUIRE(kept.size() == 10);
    CHECK(kept.front().score == 0.99);
    CHECK(kept.back().score == 0.9);
}
