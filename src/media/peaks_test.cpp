#include "media/peaks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"

namespace countersign {
namespace {

std::vector<int> level_of(const std::string& file, int level) {
    const auto place = find_peaks(std::string_view(file).substr(0, 16),
                                  static_cast<std::int64_t>(file.size()), level);
    REQUIRE(place);
    std::vector<int> out;
    for (std::int64_t i = 0; i < place->bytes; ++i)
        out.push_back(static_cast<signed char>(file[static_cast<std::size_t>(place->from + i)]));
    return out;
}

TEST_CASE("peaks are the least and greatest sample of each hundredth of a second") {
    PeaksMaker maker(300);
    maker.add(std::vector<float>{0.5F, -0.25F});
    maker.add(std::vector<float>{0, 1, -1, 0.25F, 0.75F});
    const auto peaks = maker.finish();
    CHECK(peaks.pairs == std::vector<std::int8_t>{-32, 64, -128, 127, 96, 96});
    const auto file = peaks_file(peaks);
    CHECK(level_of(file, 0) == std::vector<int>{-32, 64, -128, 127, 96, 96});
    CHECK(level_of(file, 1) == std::vector<int>{-128, 127, 96, 96});
    CHECK(level_of(file, 2) == std::vector<int>{-128, 127});
    CHECK(level_of(file, 15) == std::vector<int>{-128, 127});
}

TEST_CASE("peaks of any rate and any blocks are those of the slow way") {
    Rng rng(3);
    for (const int rate : {3000, 7999, 8000, 11025, 22050, 44100, 48000, 96000}) {
        CAPTURE(rate);
        std::vector<float> samples(static_cast<std::size_t>(rate) + rng.below(1000));
        for (auto& sample : samples) sample = static_cast<float>(rng.uniform() * 2 - 1);
        PeaksMaker maker(rate);
        for (std::size_t i = 0; i < samples.size();) {
            const auto n = std::min<std::size_t>(1 + rng.below(3000), samples.size() - i);
            maker.add(std::span(samples).subspan(i, n));
            i += n;
        }
        std::vector<std::int8_t> slow;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto value =
                static_cast<std::int8_t>(std::clamp(std::lround(samples[i] * 128), -128L, 127L));
            const auto pair = i * 100 / static_cast<std::size_t>(rate);
            if (pair * 2 == slow.size()) slow.insert(slow.end(), {value, value});
            slow[pair * 2] = std::min(slow[pair * 2], value);
            slow[pair * 2 + 1] = std::max(slow[pair * 2 + 1], value);
        }
        CHECK(maker.finish().pairs == slow);
    }
}

TEST_CASE("no peaks are peaks of no length") {
    PeaksMaker maker(8000);
    const auto file = peaks_file(maker.finish());
    CHECK(level_of(file, 0).empty());
    CHECK(level_of(file, 15).empty());
}

TEST_CASE("a file of peaks that was cut, or lies, or a level there is not, is refused") {
    PeaksMaker maker(8000);
    maker.add(std::vector<float>(9000, 0.25F));
    const auto file = peaks_file(maker.finish());
    const auto head = std::string_view(file).substr(0, 16);
    const auto bytes = static_cast<std::int64_t>(file.size());
    CHECK(find_peaks(head, bytes, 3));
    CHECK_FALSE(find_peaks(head, bytes, -1));
    CHECK_FALSE(find_peaks(head, bytes, 16));
    CHECK_FALSE(find_peaks(head, bytes - 1, 0));
    CHECK_FALSE(find_peaks(head.substr(0, 15), bytes, 0));
    CHECK_FALSE(find_peaks("CSPEAKS1\xff\xff\xff\xff\xff\xff\xff\xff", 16, 0));
    CHECK_FALSE(find_peaks("RIFF............", bytes, 0));
}

}  // namespace
}  // namespace countersign
