// The bare model: bytes -> pixels -> network -> boxes for each photo of a folder, in a loop, on one
// thread.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "models/nanodet.h"

int main(int count, char** words) {
    using namespace countersign;
    if (count != 3) {
        std::fprintf(stderr, "usage: bench_drafting_bare FOLDER nanodet.onnx\n");
        return 2;
    }
    auto net = NanoDet::load(words[2]);
    if (!net) {
        std::fprintf(stderr, "%s\n", net.refusal().message.c_str());
        return 3;
    }
    std::vector<std::filesystem::path> photos;
    for (const auto& entry : std::filesystem::directory_iterator(words[1]))
        photos.push_back(entry.path());
    std::sort(photos.begin(), photos.end());
    std::size_t images = 0, boxes = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const auto& photo : photos) {
        std::ifstream file(photo, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        const auto image = decode_image(bytes);
        if (!image) continue;
        boxes += net->detect(*image).size();
        ++images;
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("images %zu\nboxes %zu\nimages_per_s %.3f\n", images, boxes, images / seconds);
    return images == 0;
}
