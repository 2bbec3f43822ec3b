#include "media/shrink.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

/// The share of each source line in one target line: lines [first, first + weights.size()).
struct Span {
    int first;
    std::vector<float> weights;
};

std::vector<Span> spans(int from, int to) {
    std::vector<Span> result;
    const double scale = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        const double begin = i * scale, end = std::min<double>(from, (i + 1) * scale);
        Span span{static_cast<int>(begin), {}};
        for (int line = span.first; line < from && line < end; ++line) {
            const double covered = std::min<double>(line + 1, end) - std::max<double>(line, begin);
            span.weights.push_back(static_cast<float>(covered / (end - begin)));
        }
        result.push_back(std::move(span));
    }
    return result;
}

}  // namespace

Image shrink(const Image& image, int width, int height) {
    const auto columns = spans(image.width, width), rows = spans(image.height, height);
    Image small{width, height, {}};
    small.bgr.reserve(static_cast<std::size_t>(width) * height * 3);
    std::vector<float> line(static_cast<std::size_t>(image.width) * 3);
    for (const Span& row : rows) {
        std::fill(line.begin(), line.end(), 0.0f);
        for (std::size_t i = 0; i < row.weights.size(); ++i) {
            const auto* source = &image.bgr[(row.first + i) * line.size()];
            for (std::size_t k = 0; k < line.size(); ++k) line[k] += row.weights[i] * source[k];
        }
        for (const Span& column : columns)
            for (int channel = 0; channel < 3; ++channel) {
                float sum = 0;
                for (std::size_t i = 0; i < column.weights.size(); ++i)
                    sum += column.weights[i] * line[(column.first + i) * 3 + channel];
                small.bgr.push_back(static_cast<std::uint8_t>(std::lround(std::min(sum, 255.0f))));
            }
    }
    return small;
}

}  // namespace countersign
