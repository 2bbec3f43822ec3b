// Room: models
// Faces that BlazeFace finds on labelled photos: as they are, and small in large pictures; where it
// puts their points; how many of the boxes that people are shown hold a face.
//
//     bench_faces_found FOLDER      from bench/faces/photos
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

#include "../figure_line.h"
#include "core/project.h"
#include "models/blazeface.h"
#include "models/score_map.h"

namespace {

using namespace countersign;
using bench::line, bench::short_of;
namespace fs = std::filesystem;

constexpr float least_score = 0.4f;  // The drafter's.
constexpr float enough = 0.4f;       // dlib's boxes are squares of a few sizes, made by a program.

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string environment(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value ? value : otherwise;
}

struct Photo {
    Image image;
    std::vector<Face> truth;
};

std::string attribute(const std::string& line, const std::string& name) {
    const auto at = line.find(" " + name + "='");
    if (at == std::string::npos) return "0";
    const auto from = at + name.size() + 3;
    return line.substr(from, line.find('\'', from) - from);
}

/// The means of the 68 landmarks that say where a face's points are, eyes, nose and mouth; the
/// first and last landmark of each.
constexpr std::array<std::pair<int, int>, 4> landmarks{{{36, 41}, {42, 47}, {30, 30}, {48, 67}}};

void add_landmark(Face& face, int part, float x, float y) {
    for (std::size_t i = 0; i < landmarks.size(); ++i) {
        const auto [first, last] = landmarks[i];
        if (part < first || part > last) continue;
        const auto share = static_cast<float>(last - first + 1);
        face.points[2 * i] += x / share;
        face.points[2 * i + 1] += y / share;
    }
}

/// dlib's lists: <image file=''>, in it <box top='' left='' width='' height=''>, in that <part>s.
std::vector<Photo> photos_listed_in(const fs::path& list) {
    std::vector<Photo> photos;
    std::istringstream lines(read_file(list));
    const auto number = [](const std::string& line, const char* name) {
        return std::stof(attribute(line, name));
    };
    for (std::string line; std::getline(lines, line);) {
        if (line.find("<image ") != std::string::npos) {
            auto image = decode_image(read_file(list.parent_path() / attribute(line, "file")));
            photos.push_back({image ? std::move(*image) : Image{}, {}});
        } else if (line.find("<box ") != std::string::npos) {
            Face& face = photos.back().truth.emplace_back();
            face.x = number(line, "left"), face.y = number(line, "top");
            face.width = number(line, "width"), face.height = number(line, "height");
        } else if (line.find("<part ") != std::string::npos) {
            add_landmark(photos.back().truth.back(), std::stoi(attribute(line, "name")),
                         number(line, "x"), number(line, "y"));
        }
    }
    return photos;
}

/// The photos, again and again, `side` by `side` of them in one large picture.
Photo mosaic_of(const std::vector<Photo>& photos, int side) {
    constexpr int cell = 500;
    Photo out;
    out.image.width = out.image.height = side * cell;
    const auto row = static_cast<std::size_t>(out.image.width) * 3;
    out.image.bgr.assign(row * static_cast<std::size_t>(out.image.height), 96);
    for (int i = 0; i < side * side; ++i) {
        const Photo& photo = photos[static_cast<std::size_t>(i) % photos.size()];
        const int left = i % side * cell, top = i / side * cell;
        const auto from = static_cast<std::size_t>(photo.image.width) * 3;
        for (int y = 0; y < std::min(cell, photo.image.height); ++y)
            std::copy_n(&photo.image.bgr[static_cast<std::size_t>(y) * from],
                        std::min(cell, photo.image.width) * 3,
                        &out.image.bgr[static_cast<std::size_t>(top + y) * row +
                                       static_cast<std::size_t>(left) * 3]);
        for (Face face : photo.truth) {
            face.x += static_cast<float>(left), face.y += static_cast<float>(top);
            for (std::size_t p = 0; p < face.points.size(); ++p)
                face.points[p] += static_cast<float>(p % 2 == 0 ? left : top);
            out.truth.push_back(face);
        }
    }
    return out;
}

struct Count {
    double present = 0, found = 0, shown = 0, milliseconds = 0, off = 0;
    double recall() const { return found / present; }
    double precision() const { return shown > 0 ? found / shown : 0; }
};

/// Mean distance of eyes, nose and mouth, in distances between the eyes.
double points_off(const Face& found, const Face& truth) {
    const auto far = [](const Face& a, std::size_t i, const Face& b, std::size_t j) {
        return std::hypot(a.points[2 * i] - b.points[2 * j],
                          a.points[2 * i + 1] - b.points[2 * j + 1]);
    };
    double sum = 0;
    for (std::size_t i = 0; i < landmarks.size(); ++i)
        sum += static_cast<double>(far(found, i, truth, i));
    return sum / static_cast<double>(landmarks.size()) /
           static_cast<double>(far(truth, 0, truth, 1));
}

void judge(const std::vector<Face>& faces, const std::vector<Face>& truth, Count& count) {
    std::vector<bool> taken(truth.size());
    for (const Face& face : faces) {
        if (blazeface_score_map()(static_cast<double>(face.score)) < Policy{}.show_from) continue;
        ++count.shown;
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < truth.size(); ++i)
            if (!taken[i] &&
                overlap(face, truth[i]) >= (best ? overlap(face, truth[*best]) : enough))
                best = i;
        if (!best) continue;
        taken[*best] = true;
        ++count.found;
        count.off += points_off(face, truth[*best]);
    }
    count.present += static_cast<double>(truth.size());
}

Count count_on(BlazeFace& net, const std::vector<Photo>& photos, bool tiles) {
    Count count;
    for (const Photo& photo : photos) {
        const auto before = std::clock();
        const auto faces =
            net.find(photo.image, {.least_score = least_score, .tiling = {.automatic = tiles}});
        count.milliseconds += 1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        judge(faces, photo.truth, count);
    }
    count.milliseconds /= static_cast<double>(photos.size());
    return count;
}

/// The photos of two sets without labels of faces: each found face was judged by eye.
void measure_precision(BlazeFace& net, const std::string& source) {
    std::map<std::string, std::vector<Face>> judged;
    std::istringstream lines(read_file(source + "/bench/faces/judged.tsv"));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string photo;
        Face face;
        if (words >> photo >> face.x >> face.y >> face.width >> face.height)
            judged[photo].push_back(face);
    }
    const std::string data = environment("COUNTERSIGN_DATA", source + "/../shared/data");
    for (const char* set : {"det_coco128", "det_voc100_with_detections"}) {
        std::vector<Photo> photos;
        std::error_code missing;
        for (const auto& entry : fs::directory_iterator(data + "/" + set + "/images", missing))
            if (auto image = decode_image(read_file(entry.path())))
                photos.push_back({std::move(*image), judged[entry.path().filename()]});
        if (photos.empty()) continue;
        const Count count = count_on(net, photos, true);
        std::printf("# %s: %zu photos, %.0f faces judged, %.0f shown\n", set, photos.size(),
                    count.present, count.shown);
        line("faces_" + std::string(set) + "_shown_precision", count.precision(), "share");
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) return std::puts("usage: bench_faces_found FOLDER (bench/faces/photos)"), 2;
    const std::string source = environment("COUNTERSIGN_SOURCE", ".");
    auto net = BlazeFace::load(environment("COUNTERSIGN_MODELS", source + "/models/cache") +
                               "/blazeface.onnx");
    if (!net) return std::printf("# %s\n", net.refusal().message.c_str()), 3;
    std::vector<Photo> photos;
    for (const char* list : {"training", "testing"})
        for (auto& photo : photos_listed_in(fs::path(words[1]) /
                                            (std::string(list) + "_with_face_landmarks.xml")))
            photos.push_back(std::move(photo));
    if (photos.empty()) return std::printf("# no photos in %s\n", words[1]), 3;
    const Count whole = count_on(*net, photos, false), tiled = count_on(*net, photos, true);
    std::printf("# %zu photos, %.0f faces, %s\n", photos.size(), whole.present,
                net->version().c_str());
    line("faces_found_whole", whole.recall(), "share", .95);
    line("faces_found_tiles", tiled.recall(), "share", .97);
    line("faces_precision_tiles", tiled.precision(), "share", .95);
    line("faces_points_off", tiled.off / tiled.found, "eye_distances");
    line("faces_cpu_whole", whole.milliseconds, "ms");
    line("faces_cpu_tiles", tiled.milliseconds, "ms");
    for (const int side : {3, 8}) {
        const std::vector<Photo> large{mosaic_of(photos, side)};
        const std::string name = std::to_string(side * 500) + "px";
        const Count once = count_on(*net, large, false), often = count_on(*net, large, true);
        line("faces_in_" + name + "_found_whole", once.recall(), "share");
        line("faces_in_" + name + "_found_tiles", often.recall(), "share", .95);
        line("faces_in_" + name + "_precision_tiles", often.precision(), "share", .95);
        line("faces_in_" + name + "_cpu_tiles", often.milliseconds, "ms");
    }
    measure_precision(*net, source);
    return short_of > 0;
}
