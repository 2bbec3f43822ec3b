#include "models/detector_decoders.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/rng.h"
#include "models/classifier_decode.h"

namespace countersign {
namespace {

Tensor tensor(std::string name, std::vector<std::int64_t> shape, float value = 0) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    return {std::move(name), std::move(shape), std::vector<float>(count, value)};
}

/// A picture of 128 x 64 in an input of 64 x 64: scaled by a half.
DecodeAsk ask_for(std::size_t names, Fit fit = Fit::letterbox) {
    return {place(fit, 128, 64, 64, 64), names, {}, {.least_score = 0.25f}};
}
constexpr std::int64_t cells_of_64 = 64 + 16 + 4;

void put(Tensor& into, std::size_t row, std::vector<float> numbers) {
    const auto width = static_cast<std::size_t>(into.shape.back());
    std::copy(numbers.begin(), numbers.end(),
              into.values.begin() + static_cast<std::ptrdiff_t>(row * width));
}

Tensor turned(const Tensor& rows) {
    Tensor out = tensor(rows.name, {1, rows.shape[2], rows.shape[1]});
    const auto count = static_cast<std::size_t>(rows.shape[1]),
               width = static_cast<std::size_t>(rows.shape[2]);
    for (std::size_t row = 0; row < count; ++row)
        for (std::size_t at = 0; at < width; ++at)
            out.values[at * count + row] = rows.values[row * width + at];
    return out;
}

float logit(float probability) {
    return std::log(probability / (1 - probability));
}

/// Every family is shown the same two objects: label 1 at (20, 10) to (60, 50) of the picture with
/// a score of 0.9, label 0 at (80, 20) to (120, 40) with 0.5.
struct Shown {
    const char* family;
    Fit fit;
    std::vector<Tensor> outputs;
};

/// Numbers of the boxes in the input, centre and size, when the picture is stretched or
/// letterboxed.
constexpr float stretched_boxes[2][4] = {{20, 30, 20, 40}, {50, 30, 20, 20}};
constexpr float boxed[2][4] = {{20, 31, 20, 20}, {50, 31, 20, 10}};

Shown yolov8() {
    Tensor rows = tensor("output0", {1, cells_of_64, 4 + 3});
    put(rows, 5, {20, 31, 20, 20, .1f, .9f, .2f});
    put(rows, 6, {20.5f, 31, 20, 20, .1f, .8f, .2f});
    put(rows, 70, {50, 31, 20, 10, .5f, 0, 0});
    return {"yolov8", Fit::letterbox, {turned(rows)}};
}
Shown yolov5() {
    Tensor rows = tensor("output", {1, 3 * cells_of_64, 5 + 3});
    put(rows, 5, {20, 31, 20, 20, .9f, .1f, 1, .2f});
    put(rows, 6, {20.5f, 31, 20, 20, .8f, .1f, 1, .2f});
    put(rows, 200, {50, 31, 20, 10, .5f, 1, 0, 0});
    return {"yolov5", Fit::letterbox, {rows}};
}
Shown yolox() {
    // Cell 3 of the second row of the grid of 16 pixels, and the same of the coarsest grid.
    Tensor rows = tensor("output", {1, cells_of_64, 5 + 3});
    put(rows, 64 + 4 + 1, {.25f, -.0625f, std::log(1.25f), std::log(1.25f), .9f, 0, 1, 0});
    put(rows, 80 + 1, {.5625f, .46875f, std::log(.625f), std::log(.3125f), .5f, 1, 0, 0});
    return {"yolox", Fit::corner, {rows}};
}
Shown yolov10() {
    Tensor rows = tensor("output0", {1, 300, 6});
    put(rows, 0, {10, 21, 30, 41, .9f, 1});
    put(rows, 1, {40, 26, 60, 36, .5f, 0});
    put(rows, 2, {40, 26, 60, 36, .1f, 2});
    return {"yolov10", Fit::letterbox, {rows}};
}
Shown rt_detr(bool one_tensor) {
    Tensor boxes = tensor("pred_boxes", {1, 30, 4}, .5f), logits = tensor("logits", {1, 30, 3}, -9);
    Tensor both = tensor("output0", {1, 30, 7}, .01f);
    for (std::size_t i = 0; i < 2; ++i) {
        std::vector<float> row;
        for (const float number : stretched_boxes[i]) row.push_back(number / 64);
        put(boxes, 10 + i, row);
        put(logits, 10 + i,
            i == 0 ? std::vector<float>{-3, logit(.9f), -3} : std::vector<float>{0, -3, -3});
        row.insert(row.end(), {i == 0 ? .1f : .5f, i == 0 ? .9f : .2f, 0});
        put(both, 10 + i, row);
    }
    return {"rt-detr", Fit::stretch,
            one_tensor ? std::vector<Tensor>{both} : std::vector<Tensor>{logits, boxes}};
}
Shown detr() {
    Tensor boxes = tensor("pred_boxes", {1, 10, 4}, .5f), logits = tensor("logits", {1, 10, 4});
    for (std::size_t row = 0; row < 10; ++row) put(logits, row, {0, 0, 0, 12});
    for (std::size_t i = 0; i < 2; ++i) {
        std::vector<float> row;
        for (const float number : stretched_boxes[i]) row.push_back(number / 64);
        put(boxes, 3 + i, row);
    }
    put(logits, 3, {-20, std::log(9.0f), -20, 0});
    put(logits, 4, {0, -20, -20, 0});
    return {"detr", Fit::stretch, {logits, boxes}};
}
Shown ssd() {
    Tensor rows = tensor("detection_out", {1, 1, 5, 7});
    put(rows, 0, {0, 1, .5f, 40 / 64.f, 20 / 64.f, 60 / 64.f, 40 / 64.f});
    put(rows, 1, {0, 2, .9f, 10 / 64.f, 10 / 64.f, 30 / 64.f, 50 / 64.f});
    put(rows, 2, {-1, 3, .9f, 0, 0, 1, 1});
    put(rows, 3, {0, 3, .9f, 0, 0, 1, 1});
    return {"ssd", Fit::stretch, {rows}};
}
Shown tensorflow() {
    Tensor boxes = tensor("detection_boxes", {1, 5, 4}),
           scores = tensor("detection_scores", {1, 5}),
           labels = tensor("detection_classes", {1, 5}, 1);
    put(boxes, 0, {10 / 64.f, 10 / 64.f, 50 / 64.f, 30 / 64.f});
    put(boxes, 1, {20 / 64.f, 40 / 64.f, 40 / 64.f, 60 / 64.f});
    scores.values = {.9f, .5f, 0, 0, 0};
    labels.values = {2, 1, 1, 1, 1};
    return {"tensorflow", Fit::stretch, {tensor("num_detections", {1}, 2), boxes, scores, labels}};
}
Shown listed() {
    Tensor boxes = tensor("boxes", {2, 4});
    put(boxes, 0, {10, 10, 30, 50});
    put(boxes, 1, {40, 20, 60, 40});
    return {"listed", Fit::stretch, {boxes, {"labels", {2}, {1, 0}}, {"scores", {2}, {.9f, .5f}}}};
}
Shown priors() {
    Tensor boxes = tensor("boxes", {1, 2000, 4}), scores = tensor("scores", {1, 2000, 4});
    put(boxes, 700, {10 / 64.f, 10 / 64.f, 30 / 64.f, 50 / 64.f});
    put(scores, 700, {.1f, 0, .9f, 0});
    put(boxes, 900, {40 / 64.f, 20 / 64.f, 60 / 64.f, 40 / 64.f});
    put(scores, 900, {.5f, .5f, 0, 0});
    return {"priors", Fit::stretch, {scores, boxes}};
}
/// Logits whose expectation over eight bins is `distance`.
void distances(std::vector<float>& row, std::initializer_list<float> sides) {
    for (const float side : sides)
        for (int bin = 0; bin < 8; ++bin) {
            const float low = std::floor(side), part = side - low;
            const auto at = static_cast<float>(bin);
            const float weight = at == low ? 1 - part : at == low + 1 ? part : 0;
            row.push_back(weight > 0 ? std::log(weight) : -50);
        }
}
Shown nanodet(bool plus) {
    // Seen by cells of 8 pixels: column 2 of row 3, and column 6 of row 3 or 4.
    const std::size_t line = plus ? 4 : 3;
    const float shift = plus ? 0 : .5f;
    const auto sides_of = [&](const float(&box)[4], float column, float row_at, float size) {
        const float x = (column + shift) * size, y = (row_at + shift) * size;
        std::vector<float> row;
        distances(row, {(x - (box[0] - box[2] / 2)) / size, (y - (box[1] - box[3] / 2)) / size,
                        (box[0] + box[2] / 2 - x) / size, (box[1] + box[3] / 2 - y) / size});
        return row;
    };
    const std::vector<float> first_scores{.1f, .9f, 0}, second_scores{.5f, 0, .1f};
    const auto first = sides_of(boxed[0], 2, 3, 8),
               second = sides_of(boxed[1], 6, static_cast<float>(line), 8);
    if (plus) {
        Tensor rows = tensor("output", {1, cells_of_64, 3 + 32});
        auto row = first_scores;
        row.insert(row.end(), first.begin(), first.end());
        put(rows, 3 * 8 + 2, row);
        row = second_scores;
        row.insert(row.end(), second.begin(), second.end());
        put(rows, line * 8 + 6, row);
        return {"nanodet-plus", Fit::letterbox, {rows}};
    }
    std::vector<Tensor> out;
    for (const std::int64_t cells : {64, 16, 4}) out.push_back(tensor("cls", {1, cells, 3}));
    for (const std::int64_t cells : {64, 16, 4}) out.push_back(tensor("dis", {1, cells, 32}));
    put(out[0], 3 * 8 + 2, first_scores);
    put(out[3], 3 * 8 + 2, first);
    put(out[0], line * 8 + 6, second_scores);
    put(out[3], line * 8 + 6, second);
    return {"nanodet", Fit::letterbox, out};
}

std::vector<Shown> every_family() {
    return {yolov8(), yolov5(), yolox(),      yolov10(), rt_detr(false), rt_detr(true), detr(),
            ssd(),    listed(), tensorflow(), priors(),  nanodet(false), nanodet(true)};
}

void check_box(const Detection& box, int label, float score, const float (&sides)[4]) {
    CHECK(box.object == label);
    CHECK(box.score == doctest::Approx(score).epsilon(.01));
    CHECK(box.x == doctest::Approx(sides[0]).epsilon(.02));
    CHECK(box.y == doctest::Approx(sides[1]).epsilon(.02));
    CHECK(box.right() == doctest::Approx(sides[2]).epsilon(.02));
    CHECK(box.bottom() == doctest::Approx(sides[3]).epsilon(.02));
}

TEST_CASE("every family of detectors shows the same two objects in the same place") {
    for (const Shown& shown : every_family()) {
        CAPTURE(shown.family);
        CAPTURE(shown.outputs.size());
        const DecodeAsk ask = ask_for(3, shown.fit);
        const auto* family = find_detector_family(shown.family);
        REQUIRE(family);
        CHECK(guess_detector_family(shown.outputs, ask) == family);
        const auto found = decode_detector(*family, shown.outputs, ask);
        REQUIRE(found);
        REQUIRE(found->size() == 2);
        check_box((*found)[0], 1, .9f, {20, 10, 60, 50});
        check_box((*found)[1], 0, .5f, {80, 20, 120, 40});
    }
}

TEST_CASE("shapes alone tell the usual exports of eighty kinds apart") {
    const auto guess = [](std::vector<Tensor> outputs, int side) {
        const DecodeAsk ask{place(Fit::letterbox, 100, 100, side, side), 0, {}, {}};
        const auto* family = guess_detector_family(outputs, ask);
        return family ? std::string(family->name) : "none";
    };
    CHECK(guess({tensor("output0", {1, 84, 8400})}, 640) == "yolov8");
    CHECK(guess({tensor("output0", {1, 116, 8400}), tensor("output1", {1, 32, 160, 160})}, 640) ==
          "yolov8");
    CHECK(guess({tensor("output0", {1, 25200, 85})}, 640) == "yolov5");
    CHECK(guess({tensor("output", {1, 3549, 85})}, 416) == "yolox");
    CHECK(guess({tensor("output0", {1, 300, 6})}, 640) == "yolov10");
    CHECK(guess({tensor("output0", {1, 300, 84})}, 640) == "rt-detr");
    CHECK(guess({tensor("logits", {1, 100, 92}), tensor("pred_boxes", {1, 100, 4})}, 800) ==
          "detr");
    CHECK(guess({tensor("output", {1, 3598, 112})}, 416) == "nanodet-plus");
    CHECK(guess({tensor("scores", {1, 1000})}, 224) == "none");
    CHECK(guess({}, 640) == "none");
}

TEST_CASE("several labels over the score are one box, or all of them when asked for every kind") {
    Tensor rows = tensor("output0", {1, cells_of_64, 7});
    put(rows, 5, {20, 31, 20, 20, .8f, .9f, .2f});
    DecodeAsk ask = ask_for(3);
    const auto& family = *find_detector_family("yolov8");
    CHECK(decode_detector(family, std::vector{rows}, ask)->size() == 1);
    ask.options.every_kind = true;
    CHECK(decode_detector(family, std::vector{rows}, ask)->size() == 2);
}

TEST_CASE("numbers that are none are no boxes, and what sticks out is cut") {
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                infinite = std::numeric_limits<float>::infinity();
    Tensor rows = tensor("output0", {1, 7, 6});
    put(rows, 0, {nan, 21, 30, 41, .9f, 1});
    put(rows, 1, {10, 21, infinite, 41, .9f, 1});
    put(rows, 2, {10, 21, 30, 41, nan, 1});
    put(rows, 3, {10, 21, 30, 41, .9f, nan});
    put(rows, 4, {30, 41, 10, 21, .9f, 1});
    put(rows, 5, {10, 21, 30, 41, .9f, -1});
    put(rows, 6, {-1e9f, -1e9f, 1e9f, 1e9f, 7, 1});
    const auto found =
        decode_detector(*find_detector_family("yolov10"), std::vector{rows}, ask_for(3));
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    check_box(found->front(), 1, 1, {0, 0, 128, 64});
}

TEST_CASE("outputs that are not the family's are refused with both shapes") {
    const auto refusal = [](const char* family, std::vector<Tensor> outputs) {
        const auto found = decode_detector(*find_detector_family(family), outputs, ask_for(3));
        REQUIRE_FALSE(found);
        CHECK(found.refusal().code == Code::unsupported);
        return found.refusal().message;
    };
    const std::string message = refusal("yolov8", {tensor("scores", {1, 10})});
    CHECK(message.find("scores (1 x 10)") != std::string::npos);
    CHECK(message.find("(4 + labels)") != std::string::npos);
    for (const DetectorFamily& family : detector_families()) {
        const std::string name(family.name);
        refusal(name.c_str(), {});
        refusal(name.c_str(), {{"short", {1, 84, 7}, {1, 2, 3}}});
        refusal(name.c_str(), {{"negative", {1, -84, 7}, {}}});
        refusal(name.c_str(), {{"huge", {1 << 30, 1 << 30, 1 << 30}, {}}});
        refusal(name.c_str(), {{"flat", {}, {1}}});
    }
    // The names that are given are not the model's.
    refusal("yolov8", {tensor("output0", {1, 84, cells_of_64})});
}

TEST_CASE("no family leaves its tensors, whatever their shapes") {
    Rng rng(7);
    for (int round = 0; round < 3000; ++round) {
        std::vector<Tensor> outputs;
        const auto count = 1 + rng.below(6);
        for (std::uint64_t i = 0; i < count; ++i) {
            constexpr std::int64_t sizes[] = {0, 1, 2, 4, 6, 7, 8, 35, 64, 84, 252};
            std::vector<std::int64_t> shape;
            const auto rank = rng.below(5);
            std::int64_t total = 1;
            for (std::uint64_t at = 0; at < rank; ++at) {
                auto size = at == 0 ? 1 : sizes[rng.below(std::size(sizes))];
                if (total * size > 100'000) size = 1;
                total *= size;
                shape.push_back(size);
            }
            outputs.push_back(tensor("t" + std::to_string(i), shape));
            for (float& value : outputs.back().values)
                value = rng.below(50) == 0 ? std::numeric_limits<float>::quiet_NaN()
                                           : static_cast<float>(rng.below(200)) / 50 - 1;
        }
        const DecodeAsk ask = ask_for(rng.below(2) == 0 ? 0 : 3);
        for (const DetectorFamily& family : detector_families()) {
            const auto found = decode_detector(family, outputs, ask);
            if (!found) continue;
            CHECK(found->size() <= ask.options.most);
            for (const Detection& box : *found)
                CHECK((box.object >= 0 && box.x >= 0 && box.right() <= 128.01f && box.y >= 0 &&
                       box.bottom() <= 64.01f && box.score <= 1));
        }
    }
}

TEST_CASE("a picture lies in its input as the family wants it") {
    // Four pixels wide and two high: red on the left, blue on the right.
    Image image{4, 2, {}};
    for (int row = 0; row < 2; ++row)
        for (int column = 0; column < 4; ++column)
            for (const int value : {column < 2 ? 0 : 255, 0, column < 2 ? 255 : 0})
                image.bgr.push_back(static_cast<std::uint8_t>(value));
    PictureInput input{Fit::letterbox, Channels::rgb, {0, 0, 0}, {255, 255, 255}, 51};
    const auto boxed_at = place(Fit::letterbox, 4, 2, 4, 4);
    CHECK(boxed_at.y == 1);
    const auto numbers = laid_in(image, input, boxed_at);
    REQUIRE(numbers.size() == 3 * 16);
    CHECK(numbers[0] == doctest::Approx(.2));      // Around.
    CHECK(numbers[4] == doctest::Approx(1));       // Red of the first pixel.
    CHECK(numbers[7] == doctest::Approx(0));       // Red of the last.
    CHECK(numbers[32 + 7] == doctest::Approx(1));  // Blue of the last.
    input = {Fit::corner, Channels::bgr, {100, 0, 0}, {1, 1, 1}, 0};
    const auto at_corner = laid_in(image, input, place(Fit::corner, 4, 2, 4, 4));
    CHECK(at_corner[0] == doctest::Approx(-100));
    CHECK(at_corner[3] == doctest::Approx(155));
    CHECK(at_corner[12] == doctest::Approx(-100));
    const auto stretched = place(Fit::stretch, 4, 2, 8, 8);
    CHECK(laid_in(image, input, stretched).size() == 3 * 64);
    CHECK(stretched.across(8) == doctest::Approx(4));
    CHECK(stretched.down(8) == doctest::Approx(2));
}

TEST_CASE("a classifier's logits become probabilities, and what is one stays") {
    const Tensor logits{"logits", {1, 3}, {0, std::log(2.0f), 0}};
    const auto soft = decode_classifier(logits, Activation::automatic, 3);
    REQUIRE(soft);
    CHECK((*soft)[1] == doctest::Approx(.5));
    const Tensor sure{"probabilities", {1, 3, 1, 1}, {.1f, .7f, .2f}};
    CHECK((*decode_classifier(sure, Activation::automatic, 0))[1] == doctest::Approx(.7));
    CHECK((*decode_classifier(sure, Activation::softmax, 0))[1] < .5f);
    CHECK((*decode_classifier(logits, Activation::sigmoid, 3))[0] == doctest::Approx(.5));
    CHECK((*decode_classifier({"out", {3}, {-1, 2, .5f}}, Activation::none, 3))[1] ==
          doctest::Approx(1));
}

TEST_CASE("a classifier that answers rubbish is refused, with what it answered") {
    const auto refused = [](const Tensor& output, std::size_t names) {
        const auto answer = decode_classifier(output, Activation::automatic, names);
        return !answer && answer.refusal().message.find(output.name) != std::string::npos;
    };
    CHECK(refused(tensor("many", {2, 3}), 0));
    CHECK(refused(tensor("other", {1, 3}), 4));
    CHECK(refused({"empty", {1, 0}, {}}, 0));
    CHECK(refused({"short", {1, 3}, {1}}, 0));
    CHECK(refused({"nan", {1, 2}, {1, std::numeric_limits<float>::quiet_NaN()}}, 0));
}

}  // namespace
}  // namespace countersign
