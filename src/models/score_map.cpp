#include "models/score_map.h"

#include <algorithm>

namespace countersign {

ScoreMap::ScoreMap(std::vector<Point> points) : points_(std::move(points)) {}

double ScoreMap::operator()(double score) const {
    const auto above = std::upper_bound(points_.begin(), points_.end(), score,
                                        [](double s, const Point& p) { return s < p.score; });
    if (above == points_.end()) return points_.back().probability;
    const Point below = above == points_.begin() ? Point{0, 0} : *(above - 1);
    if (above->score <= below.score) return above->probability;
    const double way = std::max(0.0, (score - below.score) / (above->score - below.score));
    return below.probability + way * (above->probability - below.probability);
}

Result<ScoreMap> score_map_from(const Json& list) {
    const auto wrong = [](const std::string& why) {
        return Refusal{Code::invalid,
                       "The score map " + why + ": write it as [[score, probability], ...]."};
    };
    if (!list.is_array() || list.empty()) return wrong("must be a list of points");
    std::vector<ScoreMap::Point> points;
    for (const Json& pair : list) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number())
            return wrong("has a point that is not two numbers");
        const ScoreMap::Point point{pair[0].get<double>(), pair[1].get<double>()};
        if (point.score < 0 || point.score > 1 || point.probability < 0 || point.probability > 1)
            return wrong("has a number outside 0 to 1");
        if (!points.empty() &&
            (point.score <= points.back().score || point.probability < points.back().probability))
            return wrong("must rise from point to point");
        points.push_back(point);
    }
    return ScoreMap(std::move(points));
}

const ScoreMap& nanodet_score_map() {
    static const ScoreMap map({{.225, .05},
                               {.275, .08},
                               {.325, .16},
                               {.375, .26},
                               {.425, .43},
                               {.475, .54},
                               {.525, .71},
                               {.575, .79},
                               {.625, .86},
                               {.675, .93},
                               {.725, .96},
                               {.775, .97}});
    return map;
}

const ScoreMap& blazeface_score_map() {
    static const ScoreMap map({{.325, .01},
                               {.375, .09},
                               {.45, .15},
                               {.525, .26},
                               {.575, .35},
                               {.625, .48},
                               {.675, .56},
                               {.725, .73},
                               {.775, .82},
                               {.825, .95},
                               {.9, .98}});
    return map;
}

}  // namespace countersign
