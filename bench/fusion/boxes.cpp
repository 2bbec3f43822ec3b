// Boxes of real photos with a real detector's: average precision as COCO's own evaluation counts
// it, and whether one set of boxes made from several is better than each.
//
// Usage: bench_fusion_boxes, with COUNTERSIGN_DATA; det_voc100_with_detections holds one detector.
// Three are made of it: each loses a fifth of its boxes, renames one in ten, moves every corner by
// 6 % of its side (standard deviation, nearly normal) and claims its confidence with noise,
// independently of each other, which real detectors are not. Five people are made of the true boxes
// in the same way, without confidences, each adding one box in ten that is nowhere.
// Room: quality
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "../figure_line.h"
#include "base/json.h"
#include "base/rng.h"
#include "quality/box_fusion.h"

namespace {

using namespace countersign;
using bench::line;
namespace fs = std::filesystem;

using Boxes = std::vector<SourceBox>;
using Pictures = std::map<std::string, Boxes>;

constexpr std::array<std::string_view, 20> objects{
    "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",      "car",
    "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",    "motorbike",
    "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};

Pictures truth_of(const fs::path& folder) {
    std::ifstream in(folder / "gts/coco_format_v1/instances_default.json");
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto json = parse_json(bytes);
    Pictures out;
    if (!json) return out;
    std::map<int, std::uint32_t> labels;
    std::map<int, std::string> names;
    for (const auto& c : (*json)["categories"]) {
        const auto name = c["name"].get<std::string>();
        const auto at = std::find(objects.begin(), objects.end(), name);
        labels[c["id"].get<int>()] = static_cast<std::uint32_t>(at - objects.begin());
    }
    for (const auto& i : (*json)["images"]) {
        const auto name = fs::path(i["file_name"].get<std::string>()).stem().string();
        names[i["id"].get<int>()] = name;
        out[name];
    }
    for (const auto& a : (*json)["annotations"]) {
        SourceBox box;
        box.left = a["bbox"][0].get<double>(), box.top = a["bbox"][1].get<double>();
        box.right = box.left + a["bbox"][2].get<double>();
        box.bottom = box.top + a["bbox"][3].get<double>();
        box.label = labels[a["category_id"].get<int>()];
        out[names[a["image_id"].get<int>()]].push_back(box);
    }
    return out;
}

Pictures detector_of(const fs::path& folder, const Pictures& truth) {
    Pictures out;
    for (const auto& [name, _] : truth) {
        std::ifstream in(folder / "dets/abs_xywh" / (name + ".txt"));
        SourceBox box;
        double width = 0, height = 0;
        while (in >> box.label >> box.confidence >> box.left >> box.top >> width >> height) {
            box.right = box.left + width, box.bottom = box.top + height;
            out[name].push_back(box);
        }
    }
    return out;
}

struct Averages {
    double precision = 0, recall = 0;  ///< Means over the classes that occur.
};

/// COCO's evaluation: by falling confidence each box takes the free true one it overlaps most; 101
/// recalls; classes that occur in the truth.
Averages averages(const Pictures& truth, const Pictures& found, double least) {
    Averages out;
    int classes = 0;
    for (std::uint32_t k = 0; k < objects.size(); ++k) {
        std::size_t present = 0;
        std::vector<std::pair<double, bool>> verdicts;
        for (const auto& [name, boxes] : truth) {
            Boxes there, claimed;
            for (const auto& b : boxes)
                if (b.label == k) there.push_back(b);
            present += there.size();
            if (const auto at = found.find(name); at != found.end())
                for (const auto& b : at->second)
                    if (b.label == k) claimed.push_back(b);
            std::stable_sort(claimed.begin(), claimed.end(), [](const auto& a, const auto& b) {
                return a.confidence > b.confidence;
            });
            std::vector<bool> taken(there.size());
            for (const auto& b : claimed) {
                double most = least - 1e-10;
                auto best = there.size();
                for (std::size_t i = 0; i < there.size(); ++i)
                    if (const double iou = box_iou(b, there[i]); !taken[i] && iou >= most)
                        most = iou, best = i;
                if (best < there.size()) taken[best] = true;
                verdicts.emplace_back(b.confidence, best < there.size());
            }
        }
        if (present == 0) continue;
        ++classes;
        std::stable_sort(verdicts.begin(), verdicts.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<double> precision, recall;
        double right = 0;
        for (const auto& [_, is_right] : verdicts) {
            right += is_right;
            precision.push_back(right / double(precision.size() + 1));
            recall.push_back(right / double(present));
        }
        for (auto i = precision.size(); i-- > 1;)
            precision[i - 1] = std::max(precision[i - 1], precision[i]);
        for (int step = 0; step <= 100; ++step) {
            const auto at = std::lower_bound(recall.begin(), recall.end(), step / 100.0);
            if (at != recall.end())
                out.precision += precision[static_cast<std::size_t>(at - recall.begin())] / 101;
        }
        out.recall += recall.empty() ? 0 : recall.back();
    }
    out.precision /= classes, out.recall /= classes;
    return out;
}

Averages coco(const Pictures& truth, const Pictures& found) {
    Averages sum;
    for (int i = 0; i < 10; ++i) {
        const auto one = averages(truth, found, 0.5 + 0.05 * i);
        sum.precision += one.precision / 10, sum.recall += one.recall / 10;
    }
    return sum;
}

/// Like a normal deviate: the sum of twelve.
double deviate(Rng& rng) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += rng.uniform();
    return sum;
}

Pictures derived(const Pictures& from, std::uint64_t seed, double strays) {
    constexpr double lost = 0.2, renamed = 0.1, moved = 0.06;
    Rng rng(seed);
    Pictures out;
    for (const auto& [name, boxes] : from)
        for (auto box : boxes) {
            if (rng.uniform() < lost) continue;
            const double w = box.right - box.left, h = box.bottom - box.top;
            if (rng.uniform() < renamed) box.label = rng.below(objects.size());
            box.left += moved * w * deviate(rng), box.right += moved * w * deviate(rng);
            box.top += moved * h * deviate(rng), box.bottom += moved * h * deviate(rng);
            if (box.right <= box.left || box.bottom <= box.top) continue;
            box.confidence = std::clamp(box.confidence + 0.1 * deviate(rng), 0.01, 0.99);
            out[name].push_back(box);
            if (rng.uniform() < strays) {
                box.left += 300 * rng.uniform(), box.right = box.left + w;
                box.top += 300 * rng.uniform(), box.bottom = box.top + h;
                out[name].push_back(box);
            }
        }
    return out;
}

Boxes together(const std::vector<Pictures>& of, const std::string& name) {
    Boxes out;
    for (std::uint32_t s = 0; s < of.size(); ++s)
        if (const auto at = of[s].find(name); at != of[s].end())
            for (auto box : at->second) {
                box.source = s;
                out.push_back(box);
            }
    return out;
}

SourceBox box_of(const FusedBox& fused) {
    return {fused.left, fused.top, fused.right, fused.bottom, fused.label, 0, fused.confidence};
}

/// F1 at IoU 0.5 with the right label, and the mean IoU of what is right.
struct Agreement {
    double f1 = 0, iou = 0;
};
Agreement agreement(const Pictures& truth, const Pictures& found) {
    double right = 0, all = 0, sum = 0;
    for (const auto& [name, boxes] : truth) {
        all += double(boxes.size());
        const auto at = found.find(name);
        if (at == found.end()) continue;
        all += double(at->second.size());
        std::vector<bool> taken(boxes.size());
        for (const auto& b : at->second) {
            double most = 0.5;
            auto best = boxes.size();
            for (std::size_t i = 0; i < boxes.size(); ++i)
                if (const double iou = box_iou(b, boxes[i]);
                    !taken[i] && boxes[i].label == b.label && iou >= most)
                    most = iou, best = i;
            if (best == boxes.size()) continue;
            taken[best] = true;
            right += 1, sum += most;
        }
    }
    return {all > 0 ? 2 * right / all : 0, right > 0 ? sum / right : 0};
}

void detectors(const Pictures& truth, const Pictures& real) {
    const auto whole = coco(truth, real);
    const auto near = [](const char* name, double value, double known) {
        line(std::string("boxes.") + name, value, "-");
        line(std::string("boxes.") + name + "_from_known", std::abs(value - known), "-", 0.00005,
             true);
    };
    near("coco_ap", whole.precision, 0.3470);
    near("coco_ap50", averages(truth, real, 0.5).precision, 0.6100);
    near("coco_ap75", averages(truth, real, 0.75).precision, 0.3537);
    near("coco_ar100", whole.recall, 0.5226);
    std::vector<Pictures> made;
    double best = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        made.push_back(derived(real, seed, 0));
        const double ap = averages(truth, made.back(), 0.5).precision;
        line("boxes.derived_detector_" + std::to_string(seed) + "_ap50", ap, "-");
        best = std::max(best, ap);
    }
    Pictures fused;
    for (const auto& [name, _] : truth)
        for (const auto& b : weighted_box_fusion(together(made, name), made.size()))
            fused[name].push_back(box_of(b));
    line("boxes.fused_detectors_ap50", averages(truth, fused, 0.5).precision, "-", best);
}

void people(const Pictures& truth) {
    std::vector<Pictures> made;
    double f1 = 0, iou = 0;
    for (std::uint64_t seed = 11; seed < 16; ++seed) {
        made.push_back(derived(truth, seed, 0.1));
        const auto one = agreement(truth, made.back());
        f1 = std::max(f1, one.f1), iou = std::max(iou, one.iou);
    }
    line("boxes.best_derived_person_f1", f1, "-");
    line("boxes.best_derived_person_iou", iou, "-");
    Pictures consensus;
    for (const auto& [name, _] : truth) {
        const auto found = box_consensus(together(made, name), made.size());
        for (std::size_t i = 0; i < found.kept; ++i)
            consensus[name].push_back(box_of(found.boxes[i]));
    }
    const auto all = agreement(truth, consensus);
    line("boxes.consensus_f1", all.f1, "-", f1);
    line("boxes.consensus_iou", all.iou, "-", iou);
}

}  // namespace

int main() {
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const fs::path folder = fs::path(root ? root : "../shared/data") / "det_voc100_with_detections";
    const auto truth = truth_of(folder);
    if (truth.empty()) {
        std::printf("# no %s: nothing measured\n", folder.c_str());
        return 0;
    }
    detectors(truth, detector_of(folder, truth));
    people(truth);
    return bench::short_of > 0;
}
