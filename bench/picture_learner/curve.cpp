// Room: models
// How good is the picture learner after N reviewed pictures of each kind, and what does one picture
// cost? Eight kinds of photographed stamps (Debian's tuxpaint-stamps-default), some 150 pictures.
//
// Usage: bench_picture_learner_curve STAMPS
// STAMPS is the package's folder .../share/tuxpaint/stamps. Measures each kind of image features
// whose weights are under COUNTERSIGN_MODELS (models/cache). Prints "name value unit target
// ok|short" lines and exits 1 when one is short. Targets: what a study of the same kind reached.
// Figures are means over 20 draws of the reviewed pictures, on all the others; there are not enough
// pictures to choose settings on others than these.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "../figure_line.h"
#include "base/rng.h"
#include "models/image_features.h"
#include "models/picture_learner.h"

namespace {

using namespace countersign;
using bench::line, bench::short_of;
namespace fs = std::filesystem;

constexpr std::array kinds{"animals/birds",   "food/fruit",      "plants/flowers",
                           "food/vegetables", "household/tools", "animals/mammals/bovines",
                           "animals/fish",    "animals/insects"};

constexpr std::size_t most_reviewed = 8;

double cpu_seconds() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<Image> pictures_in(const fs::path& folder) {
    std::vector<fs::path> files;
    if (fs::exists(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().extension() == ".png" &&
                entry.path().stem().string().find("_mirror") == std::string::npos &&
                entry.path().stem().string().find("_flip") == std::string::npos)
                files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Image> out;
    for (const auto& path : files) {
        std::ifstream file(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (auto image = decode_image(bytes)) out.push_back(*std::move(image));
    }
    return out;
}

struct Seen {
    Control control;
    std::vector<std::vector<LabelledPicture>> kinds;
};

void measure(const std::string& features, const Seen& seen, std::size_t each, double target) {
    constexpr int draws = 20;
    double right = 0, all = 0, claimed = 0, folds = 0;
    for (int draw = 0; draw < draws; ++draw) {
        Rng rng(static_cast<std::uint64_t>(draw) + 5);
        std::vector<LabelledPicture> reviewed;
        std::vector<const LabelledPicture*> held;
        for (const auto& kind : seen.kinds) {
            std::vector<const LabelledPicture*> order;
            for (const auto& picture : kind) order.push_back(&picture);
            for (std::size_t i = order.size(); i > 1; --i)
                std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
            for (std::size_t i = 0; i < order.size(); ++i)
                if (i < each)
                    reviewed.push_back(*order[i]);
                else
                    held.push_back(order[i]);
        }
        const auto trained = train_picture_learner(reviewed, seen.control, features, 1);
        if (!trained) {
            std::printf("# %s\n", trained.refusal().message.c_str());
            return;
        }
        folds += trained->quality["accuracy"].get<double>() / draws;
        const auto state = *picture_learner_from(trained->state);
        for (const auto* picture : held) {
            const auto guess = guess_picture(state, picture->seen);
            right += guess.label == picture->label;
            claimed += guess.probability;
            ++all;
        }
    }
    const auto at = "picture_learner." + features + "." + std::to_string(each) + ".";
    line(at + "accuracy", right / all, "share", target);
    line(at + "claimed", claimed / all, "share", {});
    line(at + "cross_validated_accuracy", folds, "share", {});
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path stamps = argc > 1 ? argv[1] : "/usr/share/tuxpaint/stamps";
    const char* models = std::getenv("COUNTERSIGN_MODELS");
    std::vector<std::vector<Image>> pictures;
    for (const char* kind : kinds) pictures.push_back(pictures_in(stamps / kind));
    if (std::any_of(pictures.begin(), pictures.end(),
                    [](const auto& kind) { return kind.size() < most_reviewed + 1; })) {
        std::printf("# the stamps are not in %s: nothing measured\n", stamps.c_str());
        return 2;
    }
    struct Target {
        const char* features;
        double three, five, eight;
    };
    for (const auto& target :
         {Target{"nanodet", .52, .57, .67}, Target{"resnet34", .75, .80, .83}}) {
        auto eyes = open_image_features(models ? models : "models/cache", target.features);
        if (!eyes) {
            std::printf("# %s: %s\n", target.features, eyes.refusal().message.c_str());
            continue;
        }
        Seen seen;
        seen.control.name = "kind";
        const double start = cpu_seconds();
        double n = 0;
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            seen.control.labels.push_back({kinds[k], "", "", "", {}});
            auto& kind = seen.kinds.emplace_back();
            for (const auto& image : pictures[k]) {
                kind.push_back({(*eyes)->whole(image), kinds[k], 1, false});
                ++n;
            }
        }
        line(std::string("picture_learner.") + target.features + ".look",
             (cpu_seconds() - start) / n * 1'000, "cpu_ms", {});
        measure(target.features, seen, 3, target.three);
        measure(target.features, seen, 5, target.five);
        measure(target.features, seen, most_reviewed, target.eight);
    }
    return short_of > 0;
}
