#include "models/outline.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace countersign {

namespace {

using Steady = std::chrono::steady_clock;

constexpr double margin = 0.3;          // Of the box's sides, on each side: what is not the thing.
constexpr double least_margin = 6;      // Pixels of the image.
constexpr double most_pixels = 40'000;  // Of the shrunk cut-out: an iteration takes some 40 ms.
constexpr int most_iterations = 6;
constexpr double settled = 0.002;  // Share of pixels that change in an iteration, when it ends.
constexpr double fills =
    0.7;  // Of a box, by the extent of the thing in it: less is looked at twice.
constexpr double least_piece = 0.05;  // Of the largest piece: smaller ones are specks.
constexpr double least_hole = 0.01;   // Of the thing: smaller holes are filled.
constexpr int fine = 2;               // Contours are followed on a mask this much larger.
constexpr double tolerance = 0.8;  // Pixels of the shrunk cut-out that simplifying may move a line.

/// The cut-out: which pixels of the image, and how they are shrunk.
struct Window {
    cv::Rect pixels;  // Of the image.
    cv::Size size;    // Shrunk.
    double scale;     // Pixels of the medium for one of the image.
    cv::Point2d inward(double x, double y) const {
        return {(x / scale - pixels.x) * size.width / pixels.width,
                (y / scale - pixels.y) * size.height / pixels.height};
    }
    cv::Point2d outward(double x, double y) const {
        return {(x * pixels.width / size.width + pixels.x) * scale,
                (y * pixels.height / size.height + pixels.y) * scale};
    }
};

Result<Window> window_of(const Image& image, double scale, const OutlineAsk& ask) {
    constexpr double least_side = 4;
    const double left = std::max(ask.x, 0.0) / scale, top = std::max(ask.y, 0.0) / scale;
    const double right = std::min((ask.x + ask.width) / scale, double(image.width));
    const double bottom = std::min((ask.y + ask.height) / scale, double(image.height));
    if (!(right - left >= least_side / scale && bottom - top >= least_side / scale))
        return Refusal{Code::invalid,
                       "The box is too small, or outside the image: draw one around the thing."};
    const double across = std::max(least_margin, (right - left) * margin);
    const double down = std::max(least_margin, (bottom - top) * margin);
    const cv::Point from(static_cast<int>(std::floor(left - across)),
                         static_cast<int>(std::floor(top - down)));
    const cv::Point to(static_cast<int>(std::ceil(right + across)),
                       static_cast<int>(std::ceil(bottom + down)));
    Window window{cv::Rect(from, to) & cv::Rect(0, 0, image.width, image.height), {}, scale};
    const double ratio = std::min(1.0, std::sqrt(most_pixels / window.pixels.area()));
    window.size = {std::max(2, static_cast<int>(std::lround(window.pixels.width * ratio))),
                   std::max(2, static_cast<int>(std::lround(window.pixels.height * ratio)))};
    return window;
}

cv::Mat shrunk(const Image& image, const Window& window) {
    const cv::Mat all(image.height, image.width, CV_8UC3,
                      const_cast<std::uint8_t*>(image.bgr.data()));
    cv::Mat small;
    cv::resize(all(window.pixels), small, window.size, 0, 0, cv::INTER_AREA);
    return small;
}

/// Where the thing is said to be, in the cut-out.
cv::Rect box_of(const Window& window, const OutlineAsk& ask) {
    const auto from = window.inward(ask.x, ask.y);
    const auto to = window.inward(ask.x + ask.width, ask.y + ask.height);
    return cv::Rect(cv::Point(cvRound(from.x), cvRound(from.y)),
                    cv::Point(cvRound(to.x), cvRound(to.y))) &
           cv::Rect({0, 0}, window.size);
}

/// What is known before the first iteration: outside the box is not the thing. Where the box leaves
/// nothing outside, its rim is taken for that.
cv::Mat known(const Window& window, const OutlineAsk& ask) {
    cv::Mat mask(window.size, CV_8U, cv::Scalar(cv::GC_BGD));
    const cv::Rect all({0, 0}, window.size);
    cv::Rect box = box_of(window, ask);
    if (box.area() > 0.97 * all.area())
        box = cv::Rect(1, 1, std::max(1, all.width - 2), std::max(1, all.height - 2));
    mask(box).setTo(cv::GC_PR_FGD);
    return mask;
}

/// Clicks are certain, a small disc around each.
void mark(cv::Mat& mask, const Window& window, const std::vector<Spot>& spots, int as) {
    const int radius = std::max(2, std::min(mask.cols, mask.rows) / 50);
    for (const auto& spot : spots) {
        const auto at = window.inward(spot.x, spot.y);
        cv::circle(mask, cv::Point(cvFloor(at.x), cvFloor(at.y)), radius, cv::Scalar(as),
                   cv::FILLED);
    }
}

cv::Mat foreground(const cv::Mat& mask) {
    return mask & 1;  // GC_FGD is 1, GC_PR_FGD is 3.
}

struct Cut {
    cv::Mat mask;      ///< 1 on the thing.
    double score = 0;  ///< Overlap of its extent with the box: a box is drawn tight around a thing.
};

Cut scored(const cv::Mat& mask, const cv::Rect& box) {
    cv::Mat clean;
    cv::morphologyEx(mask, clean, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    const cv::Rect extent = cv::boundingRect(clean);
    const double both = (extent & box).area();
    return {mask, both / (extent.area() + box.area() - both)};
}

/// Iterates until the mask settles or the time is over; the mask that fits the box best.
Cut cut(const cv::Mat& picture, cv::Mat mask, const cv::Rect& box, Steady::time_point until) {
    const int all = static_cast<int>(mask.total());
    cv::Mat outside, inside, before = foreground(mask);
    if (cv::countNonZero(before) == 0 || cv::countNonZero(before) == all) return {before, 0};
    cv::setRNGSeed(1);  // The first guess of colours is drawn at random.
    Cut best;
    for (int i = 0; i < most_iterations; ++i) {
        cv::grabCut(picture, mask, {}, outside, inside, 1,
                    i == 0 ? cv::GC_INIT_WITH_MASK : cv::GC_EVAL);
        const cv::Mat now = foreground(mask);
        const int size = cv::countNonZero(now), moved = cv::countNonZero(now != before);
        before = now;
        if (size == 0 || size == all) break;
        if (auto fresh = scored(now, box); best.mask.empty() || fresh.score >= best.score)
            best = std::move(fresh);
        if (moved < settled * all || Steady::now() >= until) break;
    }
    return best;
}

/// Where colours alone find nothing that fills the box (a thing before its like): its middle is
/// taken for the thing, and its corners for what is behind.
cv::Mat by_place(cv::Mat mask, const cv::Rect& box) {
    const cv::Point middle = (box.tl() + box.br()) / 2;
    const auto ellipse = [&](double share, int as) {
        const cv::Size radii(std::max(1, cvRound(box.width * share)),
                             std::max(1, cvRound(box.height * share)));
        cv::Mat shape = cv::Mat::zeros(mask.size(), CV_8U);
        cv::ellipse(shape, middle, radii, 0, 0, 360, cv::Scalar(1), cv::FILLED);
        mask.setTo(as, shape & ((mask == cv::GC_PR_FGD) | (mask == cv::GC_PR_BGD)));
    };
    mask(box).setTo(cv::GC_PR_BGD, mask(box) == cv::GC_PR_FGD);
    ellipse(0.5, cv::GC_PR_FGD);
    ellipse(0.22, cv::GC_FGD);
    return mask;
}

/// Whether one of the spots lies in the contour, which is on the larger mask.
bool holds(const std::vector<cv::Point>& contour, const Window& window,
           const std::vector<Spot>& spots) {
    return std::any_of(spots.begin(), spots.end(), [&](const Spot& spot) {
        const auto at = window.inward(spot.x, spot.y) * fine;
        return cv::pointPolygonTest(contour, cv::Point2f(at), false) >= 0;
    });
}

std::vector<double> ring(const std::vector<cv::Point>& contour, const Window& window,
                         const Image& image) {
    std::vector<cv::Point> corners;
    cv::approxPolyDP(contour, corners, tolerance * fine, true);
    std::vector<double> points;
    if (corners.size() < 3) return points;
    for (const auto& corner : corners) {
        // A contour runs through the middles of pixels.
        const auto at = window.outward((corner.x + 0.5) / fine, (corner.y + 0.5) / fine);
        const auto rounded = [](double value, double most) {
            return std::round(std::clamp(value, 0.0, most) * 10) / 10;
        };
        points.push_back(rounded(at.x, image.width * window.scale));
        points.push_back(rounded(at.y, image.height * window.scale));
    }
    return points;
}

/// The mask's pieces and holes as rings, the largest piece first.
OutlineRings rings_of(const cv::Mat& mask, const Window& window, const Image& image,
                      const OutlineAsk& ask) {
    cv::Mat smooth;
    cv::resize(mask * 255, smooth, window.size * fine, 0, 0, cv::INTER_LINEAR);
    cv::threshold(smooth, smooth, 127, 255, cv::THRESH_BINARY);
    const auto disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * fine + 1, 2 * fine + 1});
    cv::morphologyEx(smooth, smooth, cv::MORPH_OPEN, disc);
    std::vector<std::vector<cv::Point>> contours;
    std::vector<cv::Vec4i> kin;  // Next, previous, first hole, the piece that a hole is in.
    cv::findContours(smooth, contours, kin, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
    double largest = 0;
    std::size_t first = 0;
    std::vector<double> areas;
    for (std::size_t i = 0; i < contours.size(); ++i) {
        areas.push_back(cv::contourArea(contours[i]));
        if (kin[i][3] >= 0 || areas[i] <= largest) continue;
        largest = areas[i];
        first = i;
    }
    OutlineRings found;
    if (largest == 0) return found;
    const auto kept = [&](std::size_t i) {
        return areas[i] >= least_piece * largest || holds(contours[i], window, ask.include);
    };
    found.points = ring(contours[first], window, image);
    for (std::size_t i = 0; i < contours.size(); ++i) {
        const bool hole = kin[i][3] >= 0;
        const bool stays =
            hole ? kept(static_cast<std::size_t>(kin[i][3])) &&
                       (areas[i] >= least_hole * largest || holds(contours[i], window, ask.exclude))
                 : i != first && kept(i);
        if (!stays) continue;
        if (auto points = ring(contours[i], window, image); !points.empty())
            found.rings.push_back(std::move(points));
    }
    return found;
}

}  // namespace

Result<OutlineRings> find_outline(const Image& image, double scale, const OutlineAsk& ask,
                                  std::chrono::milliseconds patience) {
    const auto until = Steady::now() + patience;
    const Window window = TRY(window_of(image, scale, ask));
    const cv::Mat picture = shrunk(image, window);
    const cv::Rect box = box_of(window, ask);
    cv::Mat mask = known(window, ask);
    mark(mask, window, ask.include, cv::GC_FGD);
    mark(mask, window, ask.exclude, cv::GC_BGD);
    Cut thing = cut(picture, mask.clone(), box, until);
    if (thing.score < fills && ask.include.empty() && Steady::now() < until)
        if (auto other = cut(picture, by_place(mask, box), box, until); other.score > thing.score)
            thing = std::move(other);
    OutlineRings found;
    if (!thing.mask.empty()) found = rings_of(thing.mask, window, image, ask);
    if (found.points.empty())
        return Refusal{Code::invalid,
                       "Nothing stands out in this box: draw the polygon by hand, or another box."};
    return found;
}

}  // namespace countersign
