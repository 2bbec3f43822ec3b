// Room: models
// AP50 of the program's detector on labelled photos, and what of its visible drafts is right.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/project.h"
#include "models/average_precision.h"
#include "models/coco80.h"
#include "models/label_map.h"
#include "models/nanodet.h"
#include "models/score_map.h"

namespace {

using namespace countersign;
namespace fs = std::filesystem;

constexpr float low_score = 0.02f, same_place = 0.7f;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string environment(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value ? value : otherwise;
}

struct DataSet {
    std::string name, images, labels;  ///< Folders; labels in YOLO's form.
    std::vector<int> objects;          ///< The file's class number -> index in coco80().
    double target;
};

/// Class names of a file, one a line, found in coco80() as the program finds a project's labels.
std::vector<int> objects_named_in(const fs::path& names) {
    Control control;
    std::istringstream lines(read_file(names));
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) control.labels.emplace_back().name = line;
    const LabelMap map = guess_labels(control, coco80());
    std::vector<int> objects;
    for (const Label& label : control.labels) {
        std::size_t object = 0;
        while (object < coco80().size()) {
            const auto row = map.labels.find(std::string(coco80()[object].name));
            if (row != map.labels.end() && row->second == label.name) break;
            ++object;
        }
        objects.push_back(static_cast<int>(object));
    }
    return objects;
}

/// "class centre-x centre-y width height" a line, in shares of the picture.
std::vector<Detection> truth_in(const fs::path& file, const Image& image,
                                const std::vector<int>& objects) {
    std::vector<Detection> truth;
    std::istringstream lines(read_file(file));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::size_t kind = 0;
        double x = 0, y = 0, width = 0, height = 0;
        if (!(words >> kind >> x >> y >> width >> height) || kind >= objects.size()) continue;
        truth.push_back({static_cast<float>((x - width / 2) * image.width),
                         static_cast<float>((y - height / 2) * image.height),
                         static_cast<float>(width * image.width),
                         static_cast<float>(height * image.height), objects[kind], 1});
    }
    return truth;
}

Image mirrored(const Image& image) {
    Image result = image;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            std::copy_n(
                &image.bgr[(static_cast<std::size_t>(y) * image.width + x) * 3], 3,
                &result
                     .bgr[(static_cast<std::size_t>(y) * image.width + (image.width - 1 - x)) * 3]);
    return result;
}

/// How a photo is looked at: once, with its mirrored picture, or in tiles too.
struct Way {
    const char* name;
    bool flip = false;
    Tiling tiling = {};
};

std::vector<Detection> look(NanoDet& net, const Image& image, const Way& way) {
    const DetectOptions options{.least_score = low_score, .every_kind = true};
    const int across = way.tiling.for_picture(std::max(image.width, image.height),
                                              nanodet_tile_side, nanodet_tiles_across);
    auto found = net.detect_in_tiles(image, across, options);
    if (!way.flip) return found;
    for (Detection detection : net.detect(mirrored(image), options)) {
        detection.x = static_cast<float>(image.width) - detection.right();
        found.push_back(detection);
    }
    return suppress(std::move(found), options.most,
                    [&](const Detection& better, const Detection& candidate) {
                        return better.object == candidate.object &&
                               overlap(better, candidate) > options.nms_overlap;
                    });
}

/// What a person sees: boxes over the policy's probability, each place once.
std::vector<Detection> shown(const std::vector<Detection>& found) {
    std::vector<Detection> probable;
    for (const Detection& detection : found)
        if (nanodet_score_map()(detection.score) >= Policy{}.show_from)
            probable.push_back(detection);
    const std::size_t all = probable.size();
    return suppress(std::move(probable), all,
                    [](const Detection& better, const Detection& candidate) {
                        return overlap(better, candidate) > same_place;
                    });
}

int short_figures = 0;

void figure(const std::string& name, double value, const char* unit, double target = 0) {
    std::printf("%s %.4f %s ", name.c_str(), value, unit);
    if (target == 0) return void(std::puts("- -"));
    std::printf(">=%g %s\n", target, value >= target ? "ok" : "short");
    if (value < target) ++short_figures;
}

/// AP50 of what is small as COCO means it, under 32 x 32 pixels: larger objects, and what is found
/// on them, do not count.
double small_average_precision(const std::vector<Scene>& scenes, int objects) {
    const auto is_large = [](const Detection& d) { return d.width * d.height >= 32 * 32; };
    double sum = 0, kinds = 0;
    for (int object = 0; object < objects; ++object) {
        std::ptrdiff_t present = 0;
        std::vector<JudgedDetection> verdicts;
        for (const Scene& scene : scenes) {
            Scene small = scene;
            std::erase_if(small.truth, is_large);
            std::erase_if(small.found, [&](const Detection& found) {
                return is_large(found) ||
                       std::any_of(scene.truth.begin(), scene.truth.end(), [&](const auto& truth) {
                           return is_large(truth) && truth.object == found.object &&
                                  overlap(truth, found) >= .5f;
                       });
            });
            present += std::count_if(small.truth.begin(), small.truth.end(),
                                     [&](const auto& d) { return d.object == object; });
            for (const JudgedDetection& verdict : judge(small, object, .5f))
                verdicts.push_back(verdict);
        }
        if (present == 0) continue;
        sum += average_precision(std::move(verdicts), present);
        ++kinds;
    }
    return kinds > 0 ? sum / kinds : 0;
}

void measure_shown(const std::string& name, std::vector<Scene> scenes) {
    double right = 0, drafted = 0, present = 0;
    for (Scene& scene : scenes) {
        scene.found = shown(scene.found);
        drafted += static_cast<double>(scene.found.size());
        present += static_cast<double>(scene.truth.size());
        for (int object = 0; object < static_cast<int>(coco80().size()); ++object)
            for (const JudgedDetection& verdict : judge(scene, object, .5f)) right += verdict.right;
    }
    figure(name + "_shown_precision", drafted > 0 ? right / drafted : 0, "share");
    figure(name + "_shown_recall", present > 0 ? right / present : 0, "share");
}

/// Nothing of the set's that it does not label can be right or wrong.
void keep_labelled_kinds(std::vector<Scene>& scenes) {
    std::vector<bool> labelled(coco80().size() + 1);
    for (const Scene& scene : scenes)
        for (const Detection& d : scene.truth) labelled[static_cast<std::size_t>(d.object)] = true;
    for (Scene& scene : scenes)
        std::erase_if(scene.found, [&](const Detection& d) {
            return !labelled[static_cast<std::size_t>(d.object)];
        });
}

void measure(const DataSet& set, NanoDet& net, const Way& way) {
    std::vector<fs::path> photos;
    for (const auto& entry : fs::directory_iterator(set.images)) photos.push_back(entry.path());
    std::sort(photos.begin(), photos.end());
    std::vector<Scene> scenes;
    std::size_t boxes = 0;
    double milliseconds = 0;
    for (const fs::path& photo : photos) {
        const auto image = decode_image(read_file(photo));
        if (!image) {
            std::printf("# %s: %s\n", photo.filename().c_str(), image.refusal().message.c_str());
            continue;
        }
        const fs::path labels = fs::path(set.labels) / photo.stem().concat(".txt");
        const auto before = std::clock();
        auto found = look(net, *image, way);
        milliseconds += 1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        scenes.push_back({truth_in(labels, *image, set.objects), std::move(found)});
        boxes += scenes.back().truth.size();
    }
    const std::string name = set.name + way.name;
    std::printf("# %s: %zu photos, %zu boxes, %s\n", name.c_str(), scenes.size(), boxes,
                net.version().c_str());
    const int objects = static_cast<int>(coco80().size());
    figure(name + "_ap50", mean_average_precision(scenes, objects, .5f), "AP50",
           *way.name ? 0 : set.target);
    figure(name + "_ap50_small", small_average_precision(scenes, objects), "AP50");
    figure(name + "_cpu", milliseconds / static_cast<double>(scenes.size()), "ms");
    double sum = 0;
    for (int step = 0; step < 10; ++step)
        sum += mean_average_precision(scenes, objects, .5f + .05f * static_cast<float>(step));
    figure(name + "_ap", sum / 10, "AP");
    keep_labelled_kinds(scenes);
    if (!way.flip) measure_shown(name, scenes);
}

}  // namespace

int main(int count, char** words) {
    const std::string asked = count > 1 ? words[1] : "";
    std::vector<Way> ways{{""}};
    if (asked == "--flip") ways.push_back({"_flip", true});
    if (asked == "--tiles") {
        ways.push_back({"_tiles_auto", false, {.automatic = true}});
        ways.push_back({"_tiles_2", false, {.across = 2}});
    }
    const std::string source = environment("COUNTERSIGN_SOURCE", ".");
    const std::string data = environment("COUNTERSIGN_DATA", (source + "/../shared/data").c_str());
    const std::string models =
        environment("COUNTERSIGN_MODELS", (source + "/models/cache").c_str());
    auto net = NanoDet::load(models + "/nanodet.onnx");
    if (!net) {
        std::printf("# %s\n", net.refusal().message.c_str());
        return 3;
    }
    std::vector<int> as_numbered(coco80().size());
    for (std::size_t i = 0; i < as_numbered.size(); ++i) as_numbered[i] = static_cast<int>(i);
    const std::string coco = data + "/det_coco128", voc = data + "/det_voc100_with_detections";
    const std::string voc_labels = voc + "/gts/yolo_format/";
    const DataSet sets[] = {{"coco128", coco + "/images", coco + "/labels", as_numbered, .45},
                            {"voc100", voc + "/images", voc_labels + "obj_train_data",
                             objects_named_in(voc_labels + "obj.names"), .65}};
    for (const DataSet& set : sets) {
        if (!fs::is_directory(set.images)) {
            std::printf("# %s is not there (COUNTERSIGN_DATA): not measured\n", set.images.c_str());
            continue;
        }
        for (const Way& way : ways) measure(set, *net, way);
    }
    return short_figures > 0;
}
