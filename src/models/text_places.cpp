#include "models/text_places.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace countersign {

namespace {

constexpr float text_pixel = 0.3F;  ///< The map's value from which a pixel is text.
constexpr float growth = 1.5F;      ///< The map shows text shrunk; it grows by this share of its
                                    ///< area over its circumference.
constexpr float least_side = 3;     ///< Pixels of the map, before growing.

/// The same rectangle with its width along the side that is nearer to level.
TextPlace level(const cv::RotatedRect& rect, float score) {
    TextPlace out{rect.center.x,    rect.center.y, rect.size.width,
                  rect.size.height, rect.angle,    score};
    while (out.angle > 45) {
        out.angle -= 90;
        std::swap(out.width, out.height);
    }
    while (out.angle <= -45) {
        out.angle += 90;
        std::swap(out.width, out.height);
    }
    return out;
}

float mean_within(const cv::Mat& map, const std::vector<cv::Point>& contour) {
    const cv::Rect around = cv::boundingRect(contour) & cv::Rect(0, 0, map.cols, map.rows);
    cv::Mat inside = cv::Mat::zeros(around.size(), CV_8U);
    cv::fillPoly(inside, std::vector<std::vector<cv::Point>>{contour}, 255, 8, 0, -around.tl());
    return static_cast<float>(cv::mean(map(around), inside)[0]);
}

struct Extents {
    float left, top, right, bottom;
};

Extents extents_of(const TextPlace& place) {
    const auto at = place.corners();
    return {std::min({at[0], at[2], at[4], at[6]}), std::min({at[1], at[3], at[5], at[7]}),
            std::max({at[0], at[2], at[4], at[6]}), std::max({at[1], at[3], at[5], at[7]})};
}

using Numbers = std::vector<std::size_t>;

/// The places as they lie when the page is turned back by the turn of its middle line.
std::vector<TextPlace> straightened(std::vector<TextPlace> places) {
    std::vector<float> angles;
    for (const auto& place : places) angles.push_back(place.angle);
    const auto middle = angles.begin() + static_cast<std::ptrdiff_t>(angles.size() / 2);
    std::nth_element(angles.begin(), middle, angles.end());
    const float turn = *middle * std::numbers::pi_v<float> / 180;
    for (auto& place : places) {
        const float x = place.x * std::cos(turn) + place.y * std::sin(turn);
        place.y = place.y * std::cos(turn) - place.x * std::sin(turn);
        place.x = x;
        place.angle -= *middle;
    }
    return places;
}

/// Cuts a set of places again and again: beside wide empty strips from top to bottom, else along
/// the widest level one.
class Cutter {
public:
    explicit Cutter(const std::vector<TextPlace>& places) {
        std::vector<float> heights;
        for (const auto& place : places) {
            extents_.push_back(extents_of(place));
            heights.push_back(std::min(place.width, place.height));
        }
        const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
        std::nth_element(heights.begin(), middle, heights.end());
        line_ = *middle;
    }

    void order(Numbers part, Numbers& out) const {
        while (part.size() > 1) {
            const auto column = cut(part, &Extents::left, &Extents::right);
            const bool columns = column.gap >= line_ && column.at >= 2 &&
                                 part.size() - column.at >= 2 && part.size() >= 5;
            const auto row = columns ? column : cut(part, &Extents::top, &Extents::bottom);
            if (!columns && row.gap <= 0) break;
            order(Numbers(row.sorted.begin(), row.sorted.begin() + row.split()), out);
            part.assign(row.sorted.begin() + row.split(), row.sorted.end());
        }
        rows(part);
        out.insert(out.end(), part.begin(), part.end());
    }

private:
    struct Cut {
        Numbers sorted;
        std::size_t at = 0;  ///< How many stand before the strip.
        float gap = 0;       ///< Pixels; 0 where there is no strip.
        std::ptrdiff_t split() const { return static_cast<std::ptrdiff_t>(at); }
    };

    Cut cut(Numbers part, float Extents::*from, float Extents::*to) const {
        std::sort(part.begin(), part.end(), [&](std::size_t a, std::size_t b) {
            return extents_[a].*from < extents_[b].*from;
        });
        Cut out{std::move(part)};
        float end = extents_[out.sorted[0]].*to;
        for (std::size_t i = 1; i < out.sorted.size(); ++i) {
            const Extents& next = extents_[out.sorted[i]];
            if (next.*from - end > out.gap) {
                out.gap = next.*from - end;
                out.at = i;
            }
            end = std::max(end, next.*to);
        }
        return out;
    }

    /// What cannot be cut: by lines, each being what overlaps its first place by half.
    void rows(Numbers& part) const {
        const auto middle = [&](std::size_t i) { return extents_[i].top + extents_[i].bottom; };
        std::sort(part.begin(), part.end(),
                  [&](std::size_t a, std::size_t b) { return middle(a) < middle(b); });
        for (auto line = part.begin(); line != part.end();) {
            const float end = extents_[*line].bottom;
            const auto next =
                std::find_if(line, part.end(), [&](std::size_t i) { return middle(i) / 2 > end; });
            std::sort(line, next, [&](std::size_t a, std::size_t b) {
                return extents_[a].left < extents_[b].left;
            });
            line = next;
        }
    }

    std::vector<Extents> extents_;
    float line_ = 0;  ///< Half of the places are higher: what counts as a wide strip.
};

}  // namespace

std::array<float, 8> TextPlace::corners() const {
    const float turn = angle * std::numbers::pi_v<float> / 180;
    const float right_x = std::cos(turn) * width / 2, right_y = std::sin(turn) * width / 2;
    const float down_x = -std::sin(turn) * height / 2, down_y = std::cos(turn) * height / 2;
    return {x - right_x - down_x, y - right_y - down_y, x + right_x - down_x, y + right_y - down_y,
            x + right_x + down_x, y + right_y + down_y, x - right_x + down_x, y - right_y + down_y};
}

std::vector<TextPlace> text_places(const std::vector<float>& values, int width, int height,
                                   float least_score) {
    const cv::Mat map(height, width, CV_32F, const_cast<float*>(values.data()));
    const cv::Mat text = map > text_pixel;
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(text, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    if (contours.size() > most_places) {
        std::stable_sort(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
            return cv::contourArea(a) > cv::contourArea(b);
        });
        contours.resize(most_places);
    }
    std::vector<TextPlace> out;
    for (const auto& contour : contours) {
        cv::RotatedRect rect = cv::minAreaRect(contour);
        if (std::min(rect.size.width, rect.size.height) < least_side) continue;
        const float score = mean_within(map, contour);
        if (score < least_score) continue;
        const float grow = rect.size.area() * growth / (rect.size.width + rect.size.height);
        rect.size.width += grow;
        rect.size.height += grow;
        out.push_back(level(rect, score));
    }
    return out;
}

std::vector<std::size_t> reading_order(const std::vector<TextPlace>& places) {
    std::vector<std::size_t> all(places.size()), out;
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (!places.empty()) Cutter(straightened(places)).order(std::move(all), out);
    return out;
}

}  // namespace countersign
