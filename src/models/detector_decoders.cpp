// Layouts as the exporters write them: Ultralytics YOLO (docs.ultralytics.com, export to ONNX),
// YOLOv7 (github.com/WongKinYiu/yolov7), YOLOX (Ge et al. 2021; github.com/Megvii-BaseDetection),
// RT-DETR (Zhao et al., CVPR 2024), DETR (Carion et al., ECCV 2020), SSD's DetectionOutput (Liu et
// al., ECCV 2016), torchvision.models.detection, TensorFlow's object detection API, TensorRT's
// EfficientNMS, NanoDet (github.com/RangiLyu/nanodet).
#include "models/detector_decoders.h"

#include <cmath>
#include <functional>
#include <initializer_list>
#include <limits>

#include "base/text.h"

namespace countersign {

bool Tensor::is_whole() const {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        if (size < 0 || size > most) return false;
        count *= size;
        if (count > most) return false;
    }
    return static_cast<std::size_t>(count) == values.size();
}

std::string described(const Tensor& tensor) {
    std::string out = repair_utf8(tensor.name) + " (";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i)
        out += (i == 0 ? "" : " x ") + std::to_string(tensor.shape[i]);
    return out + ")";
}

namespace {

using Tensors = std::span<const Tensor>;
using Found = std::vector<Detection>;

// ------------------------------------------------------------------------ shapes

/// A tensor as rows of numbers: its leading 1s do not count.
struct Rows {
    const float* values = nullptr;
    std::size_t count = 0, width = 0;
    const float* row(std::size_t at) const { return values + at * width; }
};

Rows rows_of(const Tensor& tensor) {
    if (tensor.shape.empty() || tensor.shape.size() < 2) return {};
    for (std::size_t i = 0; i + 2 < tensor.shape.size(); ++i)
        if (tensor.shape[i] != 1) return {};
    const auto last = tensor.shape.size() - 1;
    return {tensor.values.data(), static_cast<std::size_t>(tensor.shape[last - 1]),
            static_cast<std::size_t>(tensor.shape[last])};
}

/// The number of values of a tensor with one row; 0 when it has more.
std::size_t length_of(const Tensor& tensor) {
    std::size_t length = 1;
    for (const std::int64_t size : tensor.shape) {
        if (size != 1 && length != 1) return 0;
        if (size != 1) length = static_cast<std::size_t>(size);
    }
    return length;
}

/// Cells of the grids that lie over an input.
std::size_t cells(const Placing& at, std::initializer_list<int> strides) {
    std::size_t sum = 0;
    for (const int stride : strides) {
        const auto over = [&](int side) {
            return static_cast<std::size_t>((side + stride - 1) / stride);
        };
        sum += over(at.input_width) * over(at.input_height);
    }
    return sum;
}
bool covers(const Placing& at, std::size_t rows, std::size_t boxes_a_cell) {
    return rows == boxes_a_cell * cells(at, {8, 16, 32}) ||
           rows == boxes_a_cell * cells(at, {8, 16, 32, 64});
}

/// Whether a layout with `width` numbers beside this many of its own holds the known names.
bool holds_names(const DecodeAsk& ask, std::size_t width, std::size_t own) {
    return width > own && (ask.names == 0 || width - own == ask.names);
}

bool name_says(const Tensor& tensor, std::initializer_list<std::string_view> words) {
    const std::string name = lower_ascii(tensor.name);
    return std::any_of(words.begin(), words.end(),
                       [&](auto word) { return name.find(word) != std::string::npos; });
}

// ------------------------------------------------------------------------ boxes

float sigmoid(float logit) {
    return 1 / (1 + std::exp(-logit));
}

struct Sides {
    float left, top, right, bottom;  ///< Pixels of the input.
};
Sides around(float x, float y, float width, float height) {
    return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}
Sides times(const Sides& sides, const Placing& by) {
    const auto width = static_cast<float>(by.input_width),
               height = static_cast<float>(by.input_height);
    return {sides.left * width, sides.top * height, sides.right * width, sides.bottom * height};
}

/// Adds a box unless a number of it is no number or nothing of it lies in the image.
void add(const DecodeAsk& ask, const Sides& sides, int label, float score, Found& found) {
    if (!(std::isfinite(sides.left) && std::isfinite(sides.top) && std::isfinite(sides.right) &&
          std::isfinite(sides.bottom)))
        return;
    if (label < 0 || !std::isfinite(score)) return;
    const auto& at = ask.placing;
    const auto width = static_cast<float>(at.image_width),
               height = static_cast<float>(at.image_height);
    Detection box;
    box.x = std::clamp(at.across(sides.left), 0.0f, width);
    box.y = std::clamp(at.down(sides.top), 0.0f, height);
    box.width = std::clamp(at.across(sides.right), 0.0f, width) - box.x;
    box.height = std::clamp(at.down(sides.bottom), 0.0f, height) - box.y;
    if (!(box.width > 0 && box.height > 0)) return;
    box.object = label;
    box.score = std::min(score, 1.0f);
    found.push_back(box);
}

/// Adds the box under its best label, or under every label over the least score.
void add_best(const DecodeAsk& ask, const Sides& sides, std::size_t labels,
              const std::function<float(std::size_t)>& score, Found& found) {
    const float least = ask.options.least_score;
    std::size_t best = labels;
    float highest = -INFINITY;
    for (std::size_t label = 0; label < labels; ++label) {
        const float value = score(label);
        if (ask.options.every_kind && value >= least)
            add(ask, sides, static_cast<int>(label), value, found);
        if (value > highest) highest = value, best = label;
    }
    if (!ask.options.every_kind && best < labels && highest >= least)
        add(ask, sides, static_cast<int>(best), highest, found);
}

/// A number that names a label; -1 for one that cannot.
int label_from(float value) {
    constexpr float most = 1'000'000;
    return value >= 0 && value <= most ? static_cast<int>(std::lround(value)) : -1;
}

// ------------------------------------------------------------------------ YOLO

/// Channels of masks that a segmenting network multiplies with its prototypes.
std::size_t mask_channels(Tensors outputs) {
    for (const Tensor& tensor : outputs)
        if (tensor.shape.size() == 4 && tensor.shape[0] == 1 && tensor.shape[2] > 1 &&
            tensor.shape[3] > 1)
            return static_cast<std::size_t>(tensor.shape[1]);
    return 0;
}

struct Yolo8 {
    Rows rows;
    std::size_t boxes = 0, labels = 0;
    bool turned = false;  ///< A row a number, not a row a box.
    float at(std::size_t box, std::size_t number) const {
        return turned ? rows.values[number * rows.width + box] : rows.row(box)[number];
    }
};

Yolo8 yolo8_of(Tensors outputs, const DecodeAsk& ask) {
    const std::size_t masks = mask_channels(outputs), own = 4 + masks;
    for (const Tensor& tensor : outputs) {
        if (tensor.shape.size() != 3) continue;
        const Rows rows = rows_of(tensor);
        if (covers(ask.placing, rows.width, 1) && holds_names(ask, rows.count, own))
            return {rows, rows.width, rows.count - own, true};
        if (ask.names != 0 && covers(ask.placing, rows.count, 1) &&
            holds_names(ask, rows.width, own))
            return {rows, rows.count, rows.width - own, false};
    }
    return {};
}

void decode_yolo8(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Yolo8 yolo = yolo8_of(outputs, ask);
    for (std::size_t box = 0; box < yolo.boxes; ++box)
        add_best(
            ask, around(yolo.at(box, 0), yolo.at(box, 1), yolo.at(box, 2), yolo.at(box, 3)),
            yolo.labels, [&](std::size_t label) { return yolo.at(box, 4 + label); }, found);
}

/// The rows of (x, y, width, height, object, labels...) of an anchored or anchor-free network.
Rows objectness_rows(Tensors outputs, const DecodeAsk& ask, std::size_t boxes_a_cell) {
    for (const Tensor& tensor : outputs) {
        const Rows rows = rows_of(tensor);
        if (tensor.shape.size() == 3 && covers(ask.placing, rows.count, boxes_a_cell) &&
            holds_names(ask, rows.width, 5 + (boxes_a_cell == 3 ? mask_channels(outputs) : 0)))
            return rows;
    }
    return {};
}

void decode_yolo5(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Rows rows = objectness_rows(outputs, ask, 3);
    const std::size_t labels = rows.width - 5 - mask_channels(outputs);
    for (std::size_t box = 0; box < rows.count; ++box) {
        const float* row = rows.row(box);
        if (!(row[4] >= ask.options.least_score)) continue;
        add_best(
            ask, around(row[0], row[1], row[2], row[3]), labels,
            [&](std::size_t label) { return row[4] * row[5 + label]; }, found);
    }
}

/// Calls `each` with the cell's number, column, row and stride, grid by grid.
void for_cells(const Placing& at, std::initializer_list<int> strides,
               const std::function<void(std::size_t, int, int, int)>& each) {
    std::size_t cell = 0;
    for (const int stride : strides) {
        const int columns = (at.input_width + stride - 1) / stride,
                  lines = (at.input_height + stride - 1) / stride;
        for (int line = 0; line < lines; ++line)
            for (int column = 0; column < columns; ++column) each(cell++, column, line, stride);
    }
}

void decode_yolox(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Rows rows = objectness_rows(outputs, ask, 1);
    const auto decode = [&](std::size_t cell, int column, int line, int stride) {
        if (cell >= rows.count) return;
        const float* row = rows.row(cell);
        if (!(row[4] >= ask.options.least_score)) return;
        const auto size = static_cast<float>(stride);
        const Sides sides = around((row[0] + static_cast<float>(column)) * size,
                                   (row[1] + static_cast<float>(line)) * size,
                                   std::exp(row[2]) * size, std::exp(row[3]) * size);
        add_best(
            ask, sides, rows.width - 5, [&](std::size_t label) { return row[4] * row[5 + label]; },
            found);
    };
    if (rows.count == cells(ask.placing, {8, 16, 32}))
        for_cells(ask.placing, {8, 16, 32}, decode);
    else
        for_cells(ask.placing, {8, 16, 32, 64}, decode);
}

// ------------------------------------------------------------------------ end to end

constexpr std::size_t most_queries = 1'500;

/// One row a box: left, top, right, bottom, score, label.
Rows final_rows(Tensors outputs, const DecodeAsk&) {
    if (outputs.size() != 1 || outputs[0].shape.size() < 2 || outputs[0].shape.size() > 3)
        return {};
    const Rows rows = rows_of(outputs[0]);
    return rows.width == 6 && rows.count <= most_queries ? rows : Rows{};
}

void decode_final(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Rows rows = final_rows(outputs, ask);
    for (std::size_t box = 0; box < rows.count; ++box) {
        const float* row = rows.row(box);
        if (row[4] >= ask.options.least_score)
            add(ask, {row[0], row[1], row[2], row[3]}, label_from(row[5]), row[4], found);
    }
}

/// Boxes in one tensor and a row of scores for each in another.
struct ScoredPlaces {
    Rows boxes, scores;
};
ScoredPlaces scored_of(Tensors outputs) {
    if (outputs.size() != 2) return {};
    const Rows first = rows_of(outputs[0]), second = rows_of(outputs[1]);
    if (first.count == 0 || first.count != second.count) return {};
    const bool boxes_first =
        first.width == 4 && (second.width != 4 || name_says(outputs[0], {"box"}));
    if (boxes_first) return {first, second};
    return second.width == 4 ? ScoredPlaces{second, first} : ScoredPlaces{};
}

bool fits_queries(Tensors outputs, const DecodeAsk& ask) {
    const ScoredPlaces scored = scored_of(outputs);
    if (scored.boxes.values)
        return scored.boxes.count <= most_queries && holds_names(ask, scored.scores.width, 0);
    if (outputs.size() != 1 || outputs[0].shape.size() != 3) return false;
    const Rows rows = rows_of(outputs[0]);
    return rows.count > 0 && rows.count <= most_queries && rows.width != 6 &&
           !covers(ask.placing, rows.count, 1) && !covers(ask.placing, rows.width, 1) &&
           holds_names(ask, rows.width, 4);
}

void decode_queries(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const ScoredPlaces scored = scored_of(outputs);
    const bool two = scored.boxes.values != nullptr;
    const Rows boxes = two ? scored.boxes : rows_of(outputs[0]);
    const Rows scores = two ? scored.scores : boxes;
    const std::size_t first = two ? 0 : 4;
    bool logits = false;
    for (std::size_t box = 0; box < scores.count; ++box)
        for (std::size_t at = first; at < scores.width; ++at)
            logits = logits || scores.row(box)[at] < 0 || scores.row(box)[at] > 1;
    for (std::size_t box = 0; box < boxes.count; ++box) {
        const float* place = boxes.row(box);
        const float* score = scores.row(box) + first;
        add_best(
            ask, times(around(place[0], place[1], place[2], place[3]), ask.placing),
            scores.width - first,
            [&](std::size_t label) { return logits ? sigmoid(score[label]) : score[label]; },
            found);
    }
}

/// Softmax over a row; what the row says of nothing is the last number (or the first).
void add_softmax(const DecodeAsk& ask, const Sides& sides, const float* logits, std::size_t width,
                 bool background_first, Found& found) {
    float highest = -INFINITY, sum = 0;
    for (std::size_t at = 0; at < width; ++at) highest = std::max(highest, logits[at]);
    for (std::size_t at = 0; at < width; ++at) sum += std::exp(logits[at] - highest);
    const std::size_t skip = background_first ? 1 : 0;
    add_best(
        ask, sides, width - 1,
        [&](std::size_t label) { return std::exp(logits[label + skip] - highest) / sum; }, found);
}

bool fits_detr(Tensors outputs, const DecodeAsk& ask) {
    const ScoredPlaces scored = scored_of(outputs);
    constexpr std::size_t coco_with_nothing = 92;
    return scored.boxes.values && scored.boxes.count <= most_queries &&
           (ask.names != 0 ? scored.scores.width == ask.names + 1
                           : scored.scores.width == coco_with_nothing);
}

void decode_detr(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const ScoredPlaces scored = scored_of(outputs);
    for (std::size_t box = 0; box < scored.boxes.count; ++box) {
        const float* place = scored.boxes.row(box);
        add_softmax(ask, times(around(place[0], place[1], place[2], place[3]), ask.placing),
                    scored.scores.row(box), scored.scores.width, false, found);
    }
}

// ------------------------------------------------------------------------ SSD and its kin

/// One row a box: image, label, score, left, top, right, bottom; sides as parts of the input.
Rows ssd_rows(Tensors outputs, const DecodeAsk&) {
    for (const Tensor& tensor : outputs) {
        const Rows rows = rows_of(tensor);
        if (rows.width == 7 && tensor.shape.size() == 4) return rows;
    }
    return {};
}

void decode_ssd(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Rows rows = ssd_rows(outputs, ask);
    for (std::size_t box = 0; box < rows.count; ++box) {
        const float* row = rows.row(box);
        if (row[0] < 0) return;  // The rest of the rows are empty.
        if (row[2] >= ask.options.least_score)
            add(ask, times({row[3], row[4], row[5], row[6]}, ask.placing), label_from(row[1]),
                row[2], found);
    }
}

bool fits_priors(Tensors outputs, const DecodeAsk& ask) {
    const ScoredPlaces scored = scored_of(outputs);
    return scored.boxes.values && scored.boxes.count > most_queries && scored.scores.width > 1 &&
           (ask.names == 0 || scored.scores.width == ask.names + 1);
}

void decode_priors(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const ScoredPlaces scored = scored_of(outputs);
    for (std::size_t box = 0; box < scored.boxes.count; ++box) {
        const float *place = scored.boxes.row(box), *scores = scored.scores.row(box);
        add_best(
            ask, times({place[0], place[1], place[2], place[3]}, ask.placing),
            scored.scores.width - 1, [&](std::size_t label) { return scores[label + 1]; }, found);
    }
}

/// Boxes, one score and one label each, in tensors of their own.
struct Listed {
    const Tensor* boxes = nullptr;
    const Tensor* scores = nullptr;
    const Tensor* labels = nullptr;
    std::size_t count = 0;
};

bool all_whole(const Tensor& tensor) {
    return std::all_of(tensor.values.begin(), tensor.values.end(),
                       [](float value) { return value == std::floor(value); });
}

Listed listed_of(Tensors outputs) {
    Listed out;
    for (const Tensor& tensor : outputs) {
        const Rows rows = rows_of(tensor);
        if (rows.width == 4 && !out.boxes) out.boxes = &tensor, out.count = rows.count;
    }
    if (!out.boxes) return {};
    for (const Tensor& tensor : outputs) {
        if (&tensor == out.boxes || length_of(tensor) != out.count || name_says(tensor, {"num"}))
            continue;
        const bool labels = name_says(tensor, {"label", "class"}) ||
                            (!name_says(tensor, {"score", "conf"}) && all_whole(tensor));
        (labels ? out.labels : out.scores) = &tensor;
    }
    return out.scores && out.labels ? out : Listed{};
}

bool is_tensorflow(const Listed& listed) {
    return listed.boxes && name_says(*listed.boxes, {"detection_boxes"});
}

void decode_listed(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Listed listed = listed_of(outputs);
    const bool turned = is_tensorflow(listed);
    const auto& values = listed.boxes->values;
    // Sides are parts of the input in some exports and pixels of it in others.
    const bool parts = std::all_of(values.begin(), values.end(),
                                   [](float value) { return !(std::abs(value) > 2); });
    for (std::size_t box = 0; box < listed.count; ++box) {
        const float score = listed.scores->values[box];
        if (!(score >= ask.options.least_score)) continue;
        const float* at = values.data() + box * 4;
        const Sides sides =
            turned ? Sides{at[1], at[0], at[3], at[2]} : Sides{at[0], at[1], at[2], at[3]};
        add(ask, parts ? times(sides, ask.placing) : sides, label_from(listed.labels->values[box]),
            score, found);
    }
}

// ------------------------------------------------------------------------ NanoDet

/// The expected distance of one side, in cells.
float expected(const float* logits, std::size_t bins) {
    const float highest = *std::max_element(logits, logits + bins);
    float sum = 0, weighted = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const float weight = std::exp(logits[bin] - highest);
        sum += weight;
        weighted += weight * static_cast<float>(bin);
    }
    return weighted / sum;
}

Sides sides_of(const float* logits, std::size_t bins, float x, float y, float size) {
    return {x - expected(logits, bins) * size, y - expected(logits + bins, bins) * size,
            x + expected(logits + 2 * bins, bins) * size,
            y + expected(logits + 3 * bins, bins) * size};
}

/// A row a cell: labels, then four sides in bins. The number of labels and of bins.
struct Plus {
    Rows rows;
    std::size_t labels = 0, bins = 0;
};
Plus nanodet_plus_of(Tensors outputs, const DecodeAsk& ask) {
    constexpr std::size_t coco = 80;
    if (outputs.size() != 1 || outputs[0].shape.size() != 3) return {};
    const Rows rows = rows_of(outputs[0]);
    const std::size_t labels = ask.names != 0 ? ask.names : coco;
    const bool right = rows.width >= labels + 8 && (rows.width - labels) % 4 == 0 &&
                       covers(ask.placing, rows.count, 1);
    return right ? Plus{rows, labels, (rows.width - labels) / 4} : Plus{};
}

void decode_nanodet_plus(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Plus plus = nanodet_plus_of(outputs, ask);
    const auto decode = [&](std::size_t cell, int column, int line, int stride) {
        if (cell >= plus.rows.count) return;
        const float* row = plus.rows.row(cell);
        if (!(*std::max_element(row, row + plus.labels) >= ask.options.least_score)) return;
        const auto size = static_cast<float>(stride);
        // Unlike its forerunner it counts from the cell's corner.
        add_best(
            ask,
            sides_of(row + plus.labels, plus.bins, static_cast<float>(column) * size,
                     static_cast<float>(line) * size, size),
            plus.labels, [&](std::size_t label) { return row[label]; }, found);
    };
    if (plus.rows.count == cells(ask.placing, {8, 16, 32}))
        for_cells(ask.placing, {8, 16, 32}, decode);
    else
        for_cells(ask.placing, {8, 16, 32, 64}, decode);
}

/// The three grids of NanoDet, scores and sides apart.
struct Grids {
    std::array<Rows, 3> scores, sides;
    bool whole = false;
};
Grids nanodet_grids(Tensors outputs, const DecodeAsk& ask) {
    Grids out;
    std::array<bool, 3> have{};
    for (std::size_t level = 0; level < 3; ++level) {
        std::vector<Rows> here;
        for (const Tensor& tensor : outputs) {
            const Rows rows = rows_of(tensor);
            if (rows.count == cells(ask.placing, {nanodet_strides[level]})) here.push_back(rows);
        }
        if (here.size() != 2) return {};
        const bool turned = ask.names != 0 && here[0].width != ask.names;
        out.scores[level] = here[turned ? 1 : 0];
        out.sides[level] = here[turned ? 0 : 1];
        have[level] =
            out.scores[level].width > 0 && out.scores[level].width == out.scores[0].width &&
            out.sides[level].width == out.sides[0].width && out.sides[level].width % 4 == 0 &&
            out.sides[level].width >= 8 && (ask.names == 0 || out.scores[level].width == ask.names);
    }
    out.whole = have[0] && have[1] && have[2];
    return out;
}

void decode_nanodet_grids(Tensors outputs, const DecodeAsk& ask, Found& found) {
    const Grids grids = nanodet_grids(outputs, ask);
    for (std::size_t level = 0; level < 3; ++level) {
        const Rows &scores = grids.scores[level], &sides = grids.sides[level];
        for_cells(ask.placing, {nanodet_strides[level]},
                  [&](std::size_t cell, int column, int line, int stride) {
                      const float* row = scores.row(cell);
                      if (!(*std::max_element(row, row + scores.width) >= ask.options.least_score))
                          return;
                      const auto size = static_cast<float>(stride);
                      add_best(
                          ask,
                          sides_of(sides.row(cell), sides.width / 4,
                                   (static_cast<float>(column) + 0.5f) * size,
                                   (static_cast<float>(line) + 0.5f) * size, size),
                          scores.width, [&](std::size_t label) { return row[label]; }, found);
                  });
    }
}

// ------------------------------------------------------------------------ the table

constexpr PictureInput yolo_input{};
constexpr PictureInput yolox_input{Fit::corner, Channels::bgr, {0, 0, 0}, {1, 1, 1}, 114};
constexpr PictureInput stretched{Fit::stretch, Channels::rgb, {0, 0, 0}, {255, 255, 255}, 0};
/// ImageNet's, as torchvision and DETR want them.
constexpr PictureInput imagenet_input{
    Fit::stretch, Channels::rgb, {123.675f, 116.28f, 103.53f}, {58.395f, 57.12f, 57.375f}, 0};
constexpr PictureInput bytes_input{Fit::stretch, Channels::rgb, {0, 0, 0}, {1, 1, 1}, 0};
constexpr PictureInput caffe_input{
    Fit::stretch, Channels::bgr, {127.5f, 127.5f, 127.5f}, {127.5f, 127.5f, 127.5f}, 0};
constexpr PictureInput nanodet_input{
    Fit::letterbox, Channels::bgr, {103.53f, 116.28f, 123.675f}, {57.375f, 57.12f, 58.395f}, 114};

/// In the order of guessing: what cannot be mistaken first.
const DetectorFamily families[] = {
    {"nanodet", "NanoDet (three grids)", "a tensor of scores and one of sides for each of 3 grids",
     nanodet_input, 0, true,
     [](Tensors outputs, const DecodeAsk& ask) { return nanodet_grids(outputs, ask).whole; },
     decode_nanodet_grids},
    {"ssd", "SSD with DetectionOutput (Caffe, OpenVINO)", "1 x 1 x boxes x 7", caffe_input, 1,
     false,
     [](Tensors outputs, const DecodeAsk& ask) { return ssd_rows(outputs, ask).values != nullptr; },
     decode_ssd},
    {"tensorflow", "TensorFlow object detection API",
     "detection_boxes (boxes x 4), detection_scores and detection_classes", bytes_input, 1, false,
     [](Tensors outputs, const DecodeAsk&) { return is_tensorflow(listed_of(outputs)); },
     decode_listed},
    {"listed", "Boxes, scores and labels in tensors of their own (torchvision, EfficientNMS)",
     "boxes x 4, a score and a label each", stretched, 0, false,
     [](Tensors outputs, const DecodeAsk&) { return listed_of(outputs).boxes != nullptr; },
     decode_listed},
    {"priors", "SSD without suppression (scores of labels and background)",
     "boxes x 4 and boxes x (1 + labels)", caffe_input, 0, true, fits_priors, decode_priors},
    {"detr", "DETR (softmax, nothing is the last label)", "queries x 4 and queries x (labels + 1)",
     imagenet_input, 0, false, fits_detr, decode_detr},
    {"rt-detr", "RT-DETR (sigmoid)", "queries x 4 and queries x labels, or queries x (4 + labels)",
     stretched, 0, false, fits_queries, decode_queries},
    {"yolov10", "YOLOv10, YOLO26 and others end to end", "1 x boxes x 6", yolo_input, 0, false,
     [](Tensors outputs, const DecodeAsk& ask) {
         return final_rows(outputs, ask).values != nullptr;
     },
     decode_final},
    {"yolov5", "YOLOv5, YOLOv7 (an object's score times its label's)",
     "1 x (3 a cell) x (5 + labels)", yolo_input, 0, true,
     [](Tensors outputs, const DecodeAsk& ask) {
         return objectness_rows(outputs, ask, 3).values != nullptr;
     },
     decode_yolo5},
    {"yolov8", "YOLOv8, YOLOv9, YOLO11, YOLO12", "1 x (4 + labels) x cells", yolo_input, 0, true,
     [](Tensors outputs, const DecodeAsk& ask) {
         return yolo8_of(outputs, ask).rows.values != nullptr;
     },
     decode_yolo8},
    {"nanodet-plus", "NanoDet-Plus", "1 x cells x (labels + 4 sides in bins)", nanodet_input, 0,
     true,
     [](Tensors outputs, const DecodeAsk& ask) {
         return nanodet_plus_of(outputs, ask).rows.values != nullptr;
     },
     decode_nanodet_plus},
    {"yolox", "YOLOX (without decode_in_inference)", "1 x cells x (5 + labels)", yolox_input, 0,
     true,
     [](Tensors outputs, const DecodeAsk& ask) {
         return objectness_rows(outputs, ask, 1).values != nullptr;
     },
     decode_yolox},
};

bool all_usable(Tensors outputs, const DecodeAsk& ask) {
    const auto& at = ask.placing;
    const bool placed = at.image_width > 0 && at.image_height > 0 && at.input_width > 0 &&
                        at.input_height > 0 && at.width > 0 && at.height > 0;
    return placed && !outputs.empty() &&
           std::all_of(outputs.begin(), outputs.end(), [](const Tensor& tensor) {
               return tensor.is_whole() && !tensor.values.empty();
           });
}

}  // namespace

std::span<const DetectorFamily> detector_families() {
    return families;
}

const DetectorFamily* find_detector_family(std::string_view name) {
    const auto found = std::find_if(std::begin(families), std::end(families),
                                    [&](const DetectorFamily& row) { return row.name == name; });
    return found == std::end(families) ? nullptr : found;
}

const DetectorFamily* guess_detector_family(std::span<const Tensor> outputs, const DecodeAsk& ask) {
    if (!all_usable(outputs, ask)) return nullptr;
    const auto found =
        std::find_if(std::begin(families), std::end(families),
                     [&](const DetectorFamily& row) { return row.fits(outputs, ask); });
    return found == std::end(families) ? nullptr : found;
}

Result<std::vector<Detection>> decode_detector(const DetectorFamily& family,
                                               std::span<const Tensor> outputs,
                                               const DecodeAsk& ask) {
    // No box is no tensor of no size: an end-to-end network may have found nothing.
    const bool nothing = !outputs.empty() &&
                         std::all_of(outputs.begin(), outputs.end(),
                                     [](const Tensor& tensor) {
                                         return tensor.is_whole() && (tensor.values.empty() ||
                                                                      tensor.values.size() == 1);
                                     }) &&
                         std::any_of(outputs.begin(), outputs.end(),
                                     [](const Tensor& tensor) { return tensor.values.empty(); });
    if (nothing && !family.needs_one_each) return Found{};
    if (!all_usable(outputs, ask) || !family.fits(outputs, ask)) {
        std::string came;
        for (const Tensor& tensor : outputs.first(std::min<std::size_t>(outputs.size(), 8)))
            came += (came.empty() ? "" : ", ") + described(tensor);
        return Refusal{Code::unsupported,
                       "The model's outputs are " + (came.empty() ? "empty" : came) + ", but " +
                           std::string(family.name) + " gives " + std::string(family.outputs) +
                           (ask.names != 0 ? " for " + std::to_string(ask.names) + " names" : "") +
                           ": choose another \"decoder\", or correct its names or size."};
    }
    Found found;
    family.decode(outputs, ask, found);
    const int first = ask.first_label.value_or(family.first_label);
    for (Detection& box : found) box.object -= first;
    std::erase_if(found, [](const Detection& box) { return box.object < 0; });
    if (family.needs_one_each) return one_each(std::move(found), ask.options);
    return suppress(std::move(found), ask.options.most,
                    [](const Detection&, const Detection&) { return false; });
}

}  // namespace countersign
