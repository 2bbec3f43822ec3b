// Room: models
// Box -> polygon on the boxes of labelled photos, as the desk asks for it: how long an answer takes
// with the photo decoded (a corrective click) and without (the first box), enlarged to 12
// megapixels when asked, and how well the outline fills its box.
//
// LIST is a file of lines "image x y width height" in pixels. Where no masks are known, the overlap
// of the outline's extent with the box says whether an outline is of the whole thing and no more.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <opencv2/imgproc.hpp>
#include <string>

#include "models/outline.h"

namespace {

using namespace countersign;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

/// Of this thread: what an answer costs on a machine that is busy with other things.
double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

double overlap(const OutlineRings& rings, const OutlineAsk& ask) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    const auto note = [&](const std::vector<double>& ring) {
        for (std::size_t i = 0; i + 1 < ring.size(); i += 2) {
            left = std::min(left, ring[i]), right = std::max(right, ring[i]);
            top = std::min(top, ring[i + 1]), bottom = std::max(bottom, ring[i + 1]);
        }
    };
    note(rings.points);
    for (const auto& ring : rings.rings) note(ring);
    const double across = std::min(right, ask.x + ask.width) - std::max(left, ask.x);
    const double down = std::min(bottom, ask.y + ask.height) - std::max(top, ask.y);
    if (across <= 0 || down <= 0) return 0;
    const double both = across * down;
    return both / ((right - left) * (bottom - top) + ask.width * ask.height - both);
}

/// The photo enlarged to about `megapixels`, for the time that a large photo takes.
Image enlarged(const Image& image, double megapixels, double& factor) {
    factor = std::sqrt(megapixels * 1e6 / (double(image.width) * image.height));
    const cv::Mat from(image.height, image.width, CV_8UC3,
                       const_cast<std::uint8_t*>(image.bgr.data()));
    cv::Mat to;
    cv::resize(from, to, {}, factor, factor, cv::INTER_CUBIC);
    return {to.cols, to.rows, {to.datastart, to.dataend}};
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::fprintf(stderr, "usage: bench_assist_outline LIST [MEGAPIXELS]\n");
        return 2;
    }
    const double megapixels = count > 2 ? std::atof(words[2]) : 0;
    std::ifstream list(words[1]);
    std::map<std::string, std::vector<OutlineAsk>> photos;
    std::string path;
    for (OutlineAsk ask; list >> path >> ask.x >> ask.y >> ask.width >> ask.height;)
        photos[path].push_back(ask);
    std::vector<double> decoding, cutting, working, overlaps, corners;
    std::size_t refused = 0;
    for (const auto& [file, asks] : photos) {
        std::ifstream stream(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        const auto begun = Clock::now();
        auto image = decode_image(bytes, 1500);
        if (!image) continue;
        decoding.push_back(ms_since(begun));
        double factor = 1;
        const Image large = megapixels > 0 ? enlarged(*image, megapixels, factor) : *image;
        for (OutlineAsk ask : asks) {
            ask.x *= factor, ask.y *= factor, ask.width *= factor, ask.height *= factor;
            const auto from = Clock::now();
            const double worked = cpu_ms();
            const auto found = find_outline(large, 1, ask);
            working.push_back(cpu_ms() - worked);
            cutting.push_back(ms_since(from));
            if (!found) {
                ++refused;
                continue;
            }
            overlaps.push_back(overlap(*found, ask));
            corners.push_back(double(found->points.size()) / 2);
        }
    }
    std::printf("boxes %zu\nrefused %zu\n", cutting.size(), refused);
    std::printf("decode_p95_ms %.1f\n", quantile(decoding, 0.95));
    std::printf("outline_p50_ms %.1f\noutline_p95_ms %.1f\noutline_max_ms %.1f\n",
                quantile(cutting, 0.5), quantile(cutting, 0.95), quantile(cutting, 1));
    std::printf("outline_cpu_p95_ms %.1f\n", quantile(working, 0.95));
    std::printf("extent_iou_p50 %.3f\nextent_iou_p25 %.3f\n", quantile(overlaps, 0.5),
                quantile(overlaps, 0.25));
    std::printf("corners_p50 %.0f\ncorners_p95 %.0f\n", quantile(corners, 0.5),
                quantile(corners, 0.95));
    return overlaps.empty();
}
