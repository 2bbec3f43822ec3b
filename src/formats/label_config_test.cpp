#include "formats/label_config.h"

#include "formats/css_color.h"
#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

ConfigImport config(std::string_view xml) {
    auto read = schema_from_label_config(xml);
    if (!read) FAIL(read.refusal().message);
    return *std::move(read);
}
std::string refusal_of_config(std::string_view xml) {
    const auto read = schema_from_label_config(xml);
    return read ? std::string() : read.refusal().message;
}
std::string text_of_schema(const Schema& schema) {
    return to_text(to_json(schema));
}
bool names(const ConfigImport& read, std::string_view part) {
    return std::any_of(read.not_understood.begin(), read.not_understood.end(),
                       [&](const std::string& s) { return s.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("a configuration of texts becomes a schema, with titles, keys, colours and aliases") {
    const auto read = config(R"(<View>
      <Header value="Check the draft"/>
      <Text name="t" value="$body"/>
      <Choices name="tone" toName="t" choice="single" showInline="true" required="true">
        <Choice value="positive" hotkey="1" alias="pos"/><Choice value="negative" hotkey="2"/>
      </Choices>
      <View style="display:flex"><Header value="Names"/>
      <Labels name="ner" toName="t"><Label value="Date" background="red" hotkey="d" hint="A day"/>
        <Label value="Person" background="#0f8" predicted_values="PER, person"/></Labels></View>
      <Relations><Relation value="born on"/></Relations>
      <TextArea name="why" toName="t" perRegion="true" maxSubmissions="1"/>
      <Rating name="stars" toName="t" maxRating="3"/>
    </View>)");
    CHECK(read.not_understood.empty());
    const auto& s = read.schema;
    CHECK(s.modality == Modality::text);
    CHECK(s.source == "body");
    REQUIRE(s.controls.size() == 5);
    CHECK(s.controls[0].title == "Check the draft");
    CHECK(s.controls[0].required);
    CHECK(s.controls[0].labels[0].aliases == std::vector<std::string>{"pos"});
    CHECK(s.controls[1].title == "Names");
    CHECK(s.controls[1].kind == ControlKind::spans);
    CHECK(s.controls[1].labels[0].color == "#ff0000");
    CHECK(s.controls[1].labels[0].guideline == "A day");
    CHECK(s.controls[1].labels[1].color == "#00ff88");
    CHECK(s.controls[1].labels[1].aliases == std::vector<std::string>{"PER", "person"});
    CHECK(s.controls[2].kind == ControlKind::relations);
    CHECK(s.controls[2].name == "relations");
    CHECK(s.controls[3].per_region);
    CHECK_FALSE(s.controls[3].multiple);
    CHECK_FALSE(s.controls[3].required);
    CHECK(s.controls[4].labels.size() == 3);
}

TEST_CASE("what a configuration says and a schema cannot is named by tag and attribute") {
    const auto read = config(R"(<View whenTagName="x">
      <Image name="image" value="$image" zoom="true"/><Image name="other" value="$b"/>
      <Paragraphs name="p" value="$dialogue"/><Style>.a{}</Style><Wobble a="1"/>
      <RectangleLabels name="label" toName="picture" model_score_threshold="0.25">
        <Label value="Car" hotkey="ctrl+a"/><Label value="Car"/><Label value="Bus" hotkey="1"/>
        <Label value="Van" hotkey="1" background="nosuch"/></RectangleLabels>
      <EllipseLabels name="e" toName="image"><Label value="Eye"/></EllipseLabels>
      <PolygonLabels name="label" toName="image"><Label value="Lake"/></PolygonLabels>
      <KeyPointLabels name="dots" toName="image"/>
      <Labels name="ner" toName="image"><Label value="x"/></Labels>
      <Choices name="c" toName="image" choice="many" value="$dynamic"/>
      <Header value="At the end"/>
    </View>)");
    CHECK(read.schema.controls.size() == 1);
    for (const auto* part :
         {"whenTagName", "<Image name=\"other\">", "<Paragraphs", "<Style", "<Wobble>", "picture",
          "model_score_threshold", "ctrl+a", "a second label", "another label's", "nosuch",
          "<EllipseLabels name=\"e\">", "a second control", "<KeyPointLabels name=\"dots\">",
          "does not fit the item", "differ from item to item", "At the end"})
        CHECK_MESSAGE(names(read, part), part);
}

TEST_CASE("every schema comes back from its configuration as it was") {
    auto pose = control("pose", ControlKind::keypoints, {"person"});
    pose.points = {"nose", "left eye"};
    pose.lines = {0, 1};
    auto kind = control("kind", ControlKind::choices, {"a <b> & \"c\"", "ä\n漢"}, true);
    kind.title = "Which?\nSay it";
    kind.labels[0] = {"a <b> & \"c\"", "q", "#102030", "# Guide\n* one\n", {"one", "two"}};
    auto note = control("note", ControlKind::text, {});
    note.per_region = true;
    auto several = control("several", ControlKind::text, {}, true);
    several.required = false;
    auto grade = control("grade", ControlKind::rating, {"poor", "good"});
    auto photos =
        schema_of(Modality::image, {control("boxes", ControlKind::boxes, {"car"}),
                                    control("p", ControlKind::polygons, {"x"}), pose, kind, note,
                                    several, grade, control("stars", ControlKind::rating, {}),
                                    control("rel", ControlKind::relations, {"on"})});
    photos.source = "picture";
    const auto texts = schema_of(Modality::text, {control("ner", ControlKind::spans, {"PER"})});
    const auto sounds = schema_of(Modality::audio, {control("who", ControlKind::segments, {"A"})});
    for (const auto& schema : {photos, texts, sounds}) {
        const auto read = config(label_config_of(schema));
        CHECK(read.not_understood.empty());
        CHECK(text_of_schema(read.schema) == text_of_schema(schema));
    }
}

TEST_CASE("what is no configuration is refused with the place") {
    CHECK(refusal_of_config("<View><Text").find("not XML") != std::string::npos);
    CHECK(refusal_of_config("<View/>").find("gives no schema") != std::string::npos);
    CHECK(refusal_of_config("").find("not XML") != std::string::npos);
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<View>";
    CHECK(refusal_of_config(deep).find("deeper than 60") != std::string::npos);
    CHECK(refusal_of_config(std::string((1 << 20) + 1, ' ')).find("1 MiB") != std::string::npos);
    CHECK(hex_color(" Red ") == "#ff0000");
    CHECK(hex_color("rgb(1,2,3)").empty());
}
