// Room: models
// How good is the object learner after N reviewed pictures, how honest are its probabilities, and
// what does learning cost? One label, learned from N pictures of a set and looked for in the others
// of it and in photos without it.
//
// Usage: bench_object_learner_curve [NAME LABEL FOLDER OTHERS [TARGET3 TARGET5]]
// FOLDER holds VOC annotations (Annotations/*.xml or annotations/*.xml) and pictures (JPEGImages or
// images); OTHERS is a folder of .jpg without the label, or "-". Without arguments: white blood
// cells in det_bccd of COUNTERSIGN_DATA, but for its first 120 pictures, on which the learner's
// settings were chosen; target: what a study of the same kind reached with five. Prints "name value
// unit target ok|short" lines and exits 1 when one is short. Figures are means over draws of the
// reviewed pictures.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "../figure_line.h"
#include "base/rng.h"
#include "models/average_precision.h"
#include "models/object_learner.h"
#include "quality/scores.h"

namespace {

using namespace countersign;
using bench::line, bench::short_of;
namespace fs = std::filesystem;

double cpu_seconds() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands between <name> and </name> from `at` on; `at` moves behind it.
std::optional<std::string> element(const std::string& xml, const std::string& name,
                                   std::size_t& at) {
    const auto open = xml.find("<" + name + ">", at);
    if (open == std::string::npos) return std::nullopt;
    const auto start = open + name.size() + 2;
    const auto end = xml.find("</" + name + ">", start);
    if (end == std::string::npos) return std::nullopt;
    at = end;
    return xml.substr(start, end - start);
}

/// The boxes of `label`, or of every label when it is empty.
std::vector<Detection> boxes_in(const std::string& xml, const std::string& label) {
    std::vector<Detection> out;
    std::size_t at = 0;
    while (const auto object = element(xml, "object", at)) {
        std::size_t inside = 0;
        const auto name = element(*object, "name", inside);
        float side[4] = {};
        const char* names[] = {"xmin", "ymin", "xmax", "ymax"};
        for (int i = 0; i < 4; ++i) {
            inside = 0;
            const auto text = element(*object, names[i], inside);
            side[i] = text ? std::strtof(text->c_str(), nullptr) : 0;
        }
        if (name && (label.empty() || *name == label) && side[2] > side[0] && side[3] > side[1])
            out.push_back({side[0], side[1], side[2] - side[0], side[3] - side[1], 0, 1});
    }
    return out;
}

std::optional<BoxedPicture> seen(NanoDet& net, const std::string& bytes,
                                 const std::vector<Detection>& boxes) {
    const auto image = decode_image(bytes);
    if (!image) return std::nullopt;
    const auto look = net.look(*image, proposal_options());
    BoxedPicture out{propose(look), {}, 1, false};
    for (const auto& box : boxes) out.reviewed.push_back({box, look.part(box)});
    return out;
}

std::vector<BoxedPicture> boxed_pictures(NanoDet& net, const fs::path& folder,
                                         const std::string& label) {
    std::vector<fs::path> files;
    for (const char* name : {"Annotations", "annotations"})
        if (fs::exists(folder / name))
            for (const auto& entry : fs::directory_iterator(folder / name))
                if (entry.path().extension() == ".xml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<BoxedPicture> out;
    for (const auto& file : files)
        for (const char* where : {"JPEGImages", "images"})
            for (const char* type : {".jpg", ".png"}) {
                const auto picture = folder / where / (file.stem().string() + type);
                if (!fs::exists(picture)) continue;
                const auto boxes = boxes_in(read_file(file), label);
                if (auto one = seen(net, read_file(picture), boxes)) out.push_back(*std::move(one));
            }
    return out;
}

std::vector<BoxedPicture> other_pictures(NanoDet& net, const fs::path& folder) {
    std::vector<fs::path> files;
    std::vector<BoxedPicture> out;
    if (!fs::exists(folder)) return out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".jpg") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        if (auto one = seen(net, read_file(file), {})) out.push_back(*std::move(one));
    return out;
}

struct Data {
    std::string name;
    std::vector<BoxedPicture> pictures, others;
};

void measure(const Data& data, std::size_t n, int draws, std::optional<double> target) {
    Control control;
    control.name = "object";
    control.kind = ControlKind::boxes;
    control.labels = {{data.name, "", "", "", {}}};
    const int asked[] = {0};
    double ap = 0, folds = 0, ece = 0, seconds = 0, shown = 0, right = 0;
    int done = 0;
    for (int draw = 0; draw < draws; ++draw) {
        std::vector<std::size_t> order(data.pictures.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        Rng rng(static_cast<std::uint64_t>(draw) + 5);
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
        std::vector<BoxedPicture> reviewed;
        for (std::size_t i = 0; i < n; ++i) reviewed.push_back(data.pictures[order[i]]);
        const double start = cpu_seconds();
        const auto trained = train_object_learner(reviewed, control, asked, 1);
        seconds += cpu_seconds() - start;
        if (!trained) continue;
        ++done;
        folds += trained->quality["ap50"].get<double>();
        const auto state = *object_learner_from(trained->state);
        std::vector<Scene> scenes;
        std::vector<double> claimed;
        std::vector<std::uint8_t> correct;
        const auto look_at = [&](const BoxedPicture& picture) {
            auto& scene = scenes.emplace_back();
            for (const auto& box : picture.reviewed) scene.truth.push_back(box.box);
            for (auto found : find_objects(state, picture.proposals)) {
                found.box.score = static_cast<float>(found.probability);
                scene.found.push_back(found.box);
            }
            for (const auto& verdict : judge(scene, 0, 0.5f)) {
                claimed.push_back(static_cast<double>(verdict.score));
                correct.push_back(verdict.right);
                shown += verdict.score >= 0.5f;
                right += verdict.score >= 0.5f && verdict.right;
            }
        };
        for (std::size_t i = n; i < order.size(); ++i) look_at(data.pictures[order[i]]);
        for (const auto& picture : data.others) look_at(picture);
        ap += mean_average_precision(scenes, 1, 0.5f);
        ece += expected_calibration_error(claimed, correct);
    }
    if (done == 0) return;
    const std::string at = data.name + "." + std::to_string(n) + ".";
    line(at + "ap50", ap / done, "AP50", target);
    line(at + "cross_validated_ap50", folds / done, "AP50", {});
    line(at + "ece", ece / done, "share", {});
    line(at + "shown_a_draw", shown / done, "boxes", {});
    line(at + "precision_of_shown", shown > 0 ? right / shown : 0, "share", {});
    line(at + "training_with_folds", seconds / draws, "cpu_s", {});
}

}  // namespace

int main(int argc, char** argv) {
    const char* models = std::getenv("COUNTERSIGN_MODELS");
    auto net = NanoDet::load((models ? models : "models/cache") + std::string("/nanodet.onnx"));
    if (!net) {
        std::printf("# %s\n", net.refusal().message.c_str());
        return 2;
    }
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const std::string data = root ? root : "../shared/data";
    Data set;
    std::optional<double> three, five = 0.55;
    if (argc > 4) {
        set.name = argv[1];
        set.pictures = boxed_pictures(*net, argv[3], argv[2]);
        set.others = other_pictures(*net, argv[4]);
        three = argc > 5 ? std::optional(std::strtod(argv[5], nullptr)) : std::nullopt;
        five = argc > 6 ? std::optional(std::strtod(argv[6], nullptr)) : std::nullopt;
    } else {
        set.name = "wbc";
        set.pictures = boxed_pictures(*net, data + "/det_bccd", "WBC");
        constexpr std::ptrdiff_t chosen_on = 120;
        const auto n = std::min<std::ptrdiff_t>(chosen_on, std::ssize(set.pictures));
        set.pictures.erase(set.pictures.begin(), set.pictures.begin() + n);
    }
    if (set.pictures.size() < 30) {
        std::printf("# no pictures to learn from (COUNTERSIGN_DATA): nothing measured\n");
        return 0;
    }
    measure(set, 3, 10, three);
    measure(set, 5, 10, five);
    measure(set, 20, 5, {});
    return short_of > 0;
}
