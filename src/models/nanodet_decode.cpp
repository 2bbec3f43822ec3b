#include "models/nanodet_decode.h"

#include <cmath>

namespace countersign {

namespace {

/// The expected distance of one side, in cells.
float distance(const float* logits) {
    const float highest = *std::max_element(logits, logits + nanodet_bins);
    float sum = 0, weighted = 0;
    for (std::size_t bin = 0; bin < nanodet_bins; ++bin) {
        const float weight = std::exp(logits[bin] - highest);
        sum += weight;
        weighted += weight * static_cast<float>(bin);
    }
    return weighted / sum;
}

/// The box of the cell at (column, row), in pixels of the image and clipped to it.
Detection box_at(const float* sides, int column, int row, int stride, const Letterbox& box) {
    const auto size = static_cast<float>(stride);
    const float x = (static_cast<float>(column) + 0.5f) * size,
                y = (static_cast<float>(row) + 0.5f) * size;
    const auto across = [&](float input, int side) {
        return std::clamp(box.across(input), 0.0f, static_cast<float>(side));
    };
    const auto down = [&](float input, int side) {
        return std::clamp(box.down(input), 0.0f, static_cast<float>(side));
    };
    Detection found;
    found.x = across(x - distance(sides) * size, box.image_width);
    found.y = down(y - distance(sides + nanodet_bins) * size, box.image_height);
    found.width = across(x + distance(sides + 2 * nanodet_bins) * size, box.image_width) - found.x;
    found.height = down(y + distance(sides + 3 * nanodet_bins) * size, box.image_height) - found.y;
    return found;
}

/// Adds what the cell sees to `found`.
void decode_cell(const NanodetGrid& grid, int cell, int stride, const Letterbox& box,
                 const DetectOptions& options, std::vector<Detection>& found) {
    const float* scores = grid.scores + static_cast<std::size_t>(cell) * nanodet_objects;
    const float* best = std::max_element(scores, scores + nanodet_objects);
    if (*best < options.least_score) return;
    const int columns = nanodet_side / stride;
    Detection place = box_at(grid.sides + static_cast<std::size_t>(cell) * 4 * nanodet_bins,
                             cell % columns, cell / columns, stride, box);
    if (place.width <= 0 || place.height <= 0) return;
    const float* first = options.every_kind ? scores : best;
    const float* last = options.every_kind ? scores + nanodet_objects : best + 1;
    for (const float* score = first; score != last; ++score) {
        if (*score < options.least_score) continue;
        place.object = static_cast<int>(score - scores);
        place.score = *score;
        found.push_back(place);
    }
}

}  // namespace

float overlap(const Detection& a, const Detection& b) {
    const float width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const float height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    if (width <= 0 || height <= 0) return 0;
    const float shared = width * height;
    return shared / (a.width * a.height + b.width * b.height - shared);
}

std::vector<Detection> decode_nanodet(const std::array<NanodetGrid, 3>& grids, const Letterbox& box,
                                      const DetectOptions& options) {
    std::vector<Detection> found;
    for (std::size_t level = 0; level < grids.size(); ++level) {
        const int stride = nanodet_strides[level], columns = nanodet_side / stride;
        for (int cell = 0; cell < columns * columns; ++cell)
            decode_cell(grids[level], cell, stride, box, options, found);
    }
    return one_each(std::move(found), options);
}

void add_uncut(const std::vector<Detection>& found, const Cutout& view, int width, int height,
               std::vector<Detection>& seen) {
    for (Detection box : found) {
        if (is_cut(view, width, height, box.x, box.y, box.right(), box.bottom())) continue;
        box.x += static_cast<float>(view.x);
        box.y += static_cast<float>(view.y);
        seen.push_back(box);
    }
}

std::vector<Detection> one_each(std::vector<Detection> found, const DetectOptions& options) {
    return suppress(std::move(found), options.most,
                    [&](const Detection& better, const Detection& candidate) {
                        return better.object == candidate.object &&
                               overlap(better, candidate) > options.nms_overlap;
                    });
}

}  // namespace countersign
