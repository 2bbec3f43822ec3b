#include "models/label_map.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace countersign {
namespace {

Control boxes(std::initializer_list<std::string> names) {
    Control control{.name = "objects", .kind = ControlKind::boxes, .title = {}, .labels = {}};
    for (const auto& name : names)
        control.labels.push_back(
            {.name = name, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
    return control;
}

std::string label_of(const LabelMap& map, const std::string& object) {
    const auto found = map.labels.find(object);
    return found == map.labels.end() ? "-" : found->second;
}

TEST_CASE("a name is recognised whatever its case, spacing and number") {
    const auto map = guess_labels(
        boxes({"PERSON", "traffic_lights", "Sports-Ball", "Knives", "buses", "HorseS"}), coco80());
    CHECK(label_of(map, "person") == "PERSON");
    CHECK(label_of(map, "traffic light") == "traffic_lights");
    CHECK(label_of(map, "sports ball") == "Sports-Ball");
    CHECK(label_of(map, "knife") == "Knives");
    CHECK(label_of(map, "bus") == "buses");
    CHECK(label_of(map, "horse") == "HorseS");
    CHECK(map.labels.size() == 6);
    CHECK(map.undrafted.empty());
}

TEST_CASE("PASCAL VOC's twenty names are all understood") {
    const auto map =
        guess_labels(boxes({"aeroplane",   "bicycle", "bird",  "boat",      "bottle",
                            "bus",         "car",     "cat",   "chair",     "cow",
                            "diningtable", "dog",     "horse", "motorbike", "person",
                            "pottedplant", "sheep",   "sofa",  "train",     "tvmonitor"}),
                     coco80());
    CHECK(map.labels.size() == 20);
    CHECK(map.undrafted.empty());
    CHECK(label_of(map, "airplane") == "aeroplane");
    CHECK(label_of(map, "motorcycle") == "motorbike");
    CHECK(label_of(map, "dining table") == "diningtable");
    CHECK(label_of(map, "potted plant") == "pottedplant");
    CHECK(label_of(map, "couch") == "sofa");
    CHECK(label_of(map, "tv") == "tvmonitor");
}

TEST_CASE("a group takes what has no narrower label") {
    const auto map = guess_labels(boxes({"Vehicle", "Bus", "Animal", "Pet"}), coco80());
    CHECK(label_of(map, "car") == "Vehicle");
    CHECK(label_of(map, "bus") == "Bus");
    CHECK(label_of(map, "dog") == "Pet");
    CHECK(label_of(map, "zebra") == "Animal");
    CHECK(label_of(map, "person") == "-");
}

TEST_CASE("an alias that a project wrote comes before a synonym we know") {
    Control control = boxes({"Auto", "Sedan"});
    control.labels[1].aliases = {"car"};
    CHECK(label_of(guess_labels(control, coco80()), "car") == "Sedan");
}

TEST_CASE("what nothing stands for is listed on both sides") {
    const auto map = guess_labels(boxes({"dog", "Drone"}), coco80());
    CHECK(map.undrafted == std::vector<std::string>{"Drone"});
    CHECK(map.dropped.size() == 79);
    CHECK(std::count(map.dropped.begin(), map.dropped.end(), "cat") == 1);
}

TEST_CASE("no two objects share a word that would make a guess depend on their order") {
    for (const auto& object : coco80()) {
        const auto map = guess_labels(boxes({std::string(object.name)}), coco80());
        CAPTURE(object.name);
        CHECK(map.labels.size() == 1);
        CHECK(label_of(map, std::string(object.name)) == object.name);
    }
}

}  // namespace
}  // namespace countersign
