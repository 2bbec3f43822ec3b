#include "models/blazeface_decode.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

float logistic(float logit) {
    return 1 / (1 + std::exp(-std::clamp(logit, -80.0f, 80.0f)));
}

Face face_at(const float* place, float centre_x, float centre_y, const Letterbox& box) {
    const float x = centre_x + place[0], y = centre_y + place[1];
    const float half_width = place[2] / 2, half_height = place[3] / 2;
    Face face;
    face.x = box.across(x - half_width);
    face.y = box.down(y - half_height);
    face.width = box.across(x + half_width) - face.x;
    face.height = box.down(y + half_height) - face.y;
    for (std::size_t point = 0; point < face_points; ++point) {
        face.points[2 * point] = box.across(centre_x + place[4 + 2 * point]);
        face.points[2 * point + 1] = box.down(centre_y + place[5 + 2 * point]);
    }
    return face;
}

bool is_sound(const Face& face) {
    return face.width > 0 && face.height > 0 && std::isfinite(face.x + face.y) &&
           std::isfinite(face.width + face.height) &&
           std::all_of(face.points.begin(), face.points.end(),
                       [](float at) { return std::isfinite(at); });
}

/// The mean of faces, weighted by their scores; the first one's score.
Face mean_of(const std::vector<Face>& faces) {
    Face mean;
    float sum = 0;
    for (const Face& face : faces) {
        sum += face.score;
        mean.x += face.score * face.x;
        mean.y += face.score * face.y;
        mean.width += face.score * face.width;
        mean.height += face.score * face.height;
        for (std::size_t i = 0; i < face.points.size(); ++i)
            mean.points[i] += face.score * face.points[i];
    }
    for (float* number : {&mean.x, &mean.y, &mean.width, &mean.height}) *number /= sum;
    for (float& number : mean.points) number /= sum;
    mean.score = faces.front().score;
    return mean;
}

}  // namespace

float overlap(const Face& a, const Face& b) {
    const float width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const float height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    if (width <= 0 || height <= 0) return 0;
    const float shared = width * height;
    return shared / (a.width * a.height + b.width * b.height - shared);
}

std::vector<Face> decode_blazeface(const std::array<FaceNumbers, 2>& grids, const Letterbox& box,
                                   float least_score) {
    std::vector<Face> found;
    for (std::size_t level = 0; level < grids.size(); ++level) {
        const FaceGrid& grid = blazeface_grids[level];
        const float cell = static_cast<float>(blazeface_side) / static_cast<float>(grid.columns);
        for (std::size_t anchor = 0; anchor < grid.size(); ++anchor) {
            const float score = logistic(grids[level].logits[anchor]);
            if (!(score >= least_score)) continue;
            const int at = static_cast<int>(anchor) / grid.anchors;
            const int column = at % grid.columns, row = at / grid.columns;
            Face face = face_at(grids[level].places + anchor * blazeface_numbers,
                                (static_cast<float>(column) + 0.5f) * cell,
                                (static_cast<float>(row) + 0.5f) * cell, box);
            face.score = score;
            if (is_sound(face)) found.push_back(face);
        }
    }
    return found;
}

std::vector<Face> blend(std::vector<Face> candidates, float same, std::size_t most) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Face& a, const Face& b) { return a.score > b.score; });
    std::vector<Face> kept, together, others;
    while (!candidates.empty() && kept.size() < most) {
        const Face best = candidates.front();
        together = {best};
        others.clear();
        for (std::size_t i = 1; i < candidates.size(); ++i)
            (overlap(best, candidates[i]) > same ? together : others).push_back(candidates[i]);
        kept.push_back(mean_of(together));
        candidates.swap(others);
    }
    return kept;
}

}  // namespace countersign
