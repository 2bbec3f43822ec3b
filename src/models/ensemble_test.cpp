#include "models/ensemble.h"

#include <doctest/doctest.h>

#include "models/connector.h"

namespace countersign {
namespace {

Control control_called(std::string name, ControlKind kind,
                       std::initializer_list<const char*> labels) {
    Control control{.name = std::move(name), .kind = kind, .title = {}, .labels = {}};
    for (const char* label : labels)
        control.labels.push_back(
            {.name = label, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
    return control;
}

Region region_of(const char* control, ControlKind kind, const char* label, double confidence) {
    Region region;
    region.control = control;
    region.kind = kind;
    if (*label) region.labels = {label};
    region.confidence = confidence;
    return region;
}
Region box(const char* label, double x, double confidence) {
    Region region = region_of("things", ControlKind::boxes, label, confidence);
    region.x = x, region.y = 10, region.width = 100, region.height = 50;
    return region;
}
Region span(const char* label, double start, double end) {
    Region region = region_of("names", ControlKind::spans, label, .9);
    region.start = start, region.end = end;
    return region;
}
Region words(const char* text, double confidence) {
    Region region = region_of("said", ControlKind::text, "", confidence);
    region.text = text;
    return region;
}

DraftAnswer fused(const Control& control, Modality modality, std::vector<Regions> drafts,
                  std::string_view text = {}, const EnsembleOptions& options = {}) {
    std::vector<MemberDraft> members;
    for (auto& regions : drafts)
        members.push_back(
            {"k" + std::to_string(members.size() + 1), "nanodet", std::move(regions)});
    return fuse_drafts({modality, "item", {control}}, text, members, options);
}

TEST_CASE("boxes on one place are one box, surer where more models see it") {
    const auto things = control_called("things", ControlKind::boxes, {"cat", "dog"});
    const auto answer = fused(things, Modality::image,
                              {{box("cat", 10, .8), box("dog", 500, .9)}, {box("cat", 20, .8)}, {}},
                              {}, {.least_share = 0.6});
    REQUIRE(answer.regions.size() == 1);
    const Region& cat = answer.regions[0];
    CHECK(cat.labels == std::vector<std::string>{"cat"});
    CHECK(cat.x == doctest::Approx(15));
    CHECK(cat.width == doctest::Approx(100));
    CHECK(*cat.confidence == doctest::Approx(.8 * 2 / 3).epsilon(.01));
    CHECK(*answer.confidence == *cat.confidence);
}

TEST_CASE("spans that enough models give are kept, exactly as they give them") {
    const auto names = control_called("names", ControlKind::spans, {"P", "L"});
    const auto answer = fused(names, Modality::text,
                              {{span("P", 0, 3), span("L", 8, 12)},
                               {span("P", 0, 3), span("P", 8, 12)},
                               {span("P", 0, 4)}},
                              "Ada and Rome");
    REQUIRE(answer.regions.size() == 1);
    CHECK(answer.regions[0].text == "Ada");
    CHECK(*answer.regions[0].confidence == doctest::Approx(2.0 / 3).epsilon(.01));
}

TEST_CASE("words win by vote, and choices by votes weighted by how sure they are") {
    const auto said = control_called("said", ControlKind::text, {});
    const auto text = fused(said, Modality::audio,
                            {{words("the cat sat down", .9)},
                             {words("the cat sad down", .9)},
                             {words("a cat sat down", .9)}});
    REQUIRE(text.regions.size() == 1);
    CHECK(text.regions[0].text == "the cat sat down");
    const auto tone = control_called("tone", ControlKind::choices, {"good", "bad"});
    const auto choice = [&](double first, double second) {
        return fused(tone, Modality::text,
                     {{region_of("tone", ControlKind::choices, "good", first)},
                      {region_of("tone", ControlKind::choices, "bad", second)}})
            .regions.at(0);
    };
    CHECK(choice(.9, .6).labels.at(0) == "good");
    CHECK(choice(.5, .6).labels.at(0) == "bad");
    CHECK(*choice(.5, .6).confidence == doctest::Approx(.3));
}

TEST_CASE("segments are where most models hear them") {
    const auto who = control_called("who", ControlKind::segments, {"Ada", "Grace"});
    const auto heard = [](const char* label, double start, double end) {
        Region region = region_of("who", ControlKind::segments, label, .9);
        region.start = start, region.end = end;
        return region;
    };
    const auto answer = fused(who, Modality::audio,
                              {{heard("Ada", 0, 2)}, {heard("Ada", 0, 2)}, {heard("Grace", 0, 2)}});
    REQUIRE(answer.regions.size() == 1);
    CHECK(answer.regions[0].labels.at(0) == "Ada");
    CHECK(answer.regions[0].end == 2);
}

TEST_CASE("what no model may say is passed over") {
    const auto things = control_called("things", ControlKind::boxes, {"cat"});
    Region turned = box("cat", 0, .9), flat = box("cat", 0, .9), odd = box("cow", 0, .9);
    turned.rotation = 30;
    flat.height = 0;
    CHECK(fused(things, Modality::image, {{turned, flat, odd}, {box("cat", 900, .1)}})
              .regions.size() == 1);
    const auto names = control_called("names", ControlKind::spans, {"P"});
    CHECK(fused(names, Modality::text, {{span("P", 0, 99), span("P", 2, 1)}, {}}, "Ada")
              .regions.empty());
    CHECK(fused(names, Modality::text, {{}, {}}, "Ada").regions.empty());
}

TEST_CASE("an ensemble fuses the drafts of its models, and of no others") {
    const Schema schema{
        Modality::text, "text", {control_called("tone", ControlKind::choices, {"good", "bad"})}};
    Outside outside;
    outside.drafts = [](std::int64_t task) {
        const auto says = [](const char* label) {
            return Regions{region_of("tone", ControlKind::choices, label, .9)};
        };
        std::vector<MemberDraft> out{{"k1", "text-learner", says("good")},
                                     {"k2", "subprocess", says("bad")},
                                     {"k3", "openai-chat", says("bad")},
                                     {"k4", "ensemble", says("good")}};
        if (task == 2) out.resize(1);
        return out;
    };
    const auto ask = [&](const Json& config, std::int64_t task) -> Result<DraftAnswer> {
        const auto drafter = ensemble_kind().open(
            {.schema = schema, .config = config, .models_dir = {}, .outside = &outside});
        if (!drafter) return drafter.refusal();
        DraftAsk item;
        item.task = task;
        return (*drafter)->draft(item, {});
    };
    const Json all{{"models", Json::array()}};
    CHECK(ask(all, 1)->regions.at(0).labels.at(0) == "bad");
    CHECK(*ask(all, 1)->confidence == doctest::Approx(.6));
    CHECK(ask({{"models", {"k1", "k4"}}}, 1)->regions.at(0).labels.at(0) == "good");
    CHECK(ask(all, 2).refusal().code == Code::not_found);
    CHECK_FALSE(ask({{"models", {"k1"}}}, 1));
    CHECK_FALSE(ask({{"least_share", 7}}, 1));
}

}  // namespace
}  // namespace countersign
