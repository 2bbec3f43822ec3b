// Room: models
// Pages rendered by pages.mjs, read by PP-OCR, by tesseract, and by both: character error rates by
// kind of page, how many lines are found, time, and what a confidence is worth.
//
//     bench_ocr_readers DIR [MODELS]        figures; exits 1 when one is short
//     bench_ocr_readers --look IMAGE...     what is read in photos
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <opencv2/imgproc.hpp>

#include "../figure_line.h"
#include "base/text.h"
#include "models/page_reader.h"
#include "models/text_reader.h"
#include "models/text_reader_drafter.h"

namespace countersign::bench {
namespace {

struct Truth {
    std::array<float, 8> corners{};
    std::string text;
};
struct Page {
    std::string name, kind;
    std::vector<Truth> lines;
};

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Page> pages_in(const std::string& dir) {
    std::vector<Page> pages;
    const std::string table = bytes_of(dir + "/lines.tsv");
    for (const auto row : split(table, '\n')) {
        const auto cells = split(row, '\t');
        if (cells.size() != 11) continue;
        if (pages.empty() || pages.back().name != cells[0])
            pages.push_back({std::string(cells[0]), std::string(cells[1]), {}});
        Truth& line = pages.back().lines.emplace_back();
        for (std::size_t i = 0; i < 8; ++i)
            line.corners[i] = std::strtof(std::string(cells[2 + i]).c_str(), nullptr);
        line.text = cells[10];
    }
    return pages;
}

/// Blur and noise of a camera, the same at every run.
void spoil(Image& image, const std::string& kind) {
    const double blur = kind == "noisy" ? 0.8 : kind == "hard" ? 1.1 : kind == "faint" ? 0.6 : 0;
    const double noise = kind == "noisy" ? 24 : kind == "hard" ? 14 : kind == "faint" ? 6 : 0;
    if (blur == 0) return;
    cv::Mat pixels(image.height, image.width, CV_8UC3, image.bgr.data());
    cv::GaussianBlur(pixels, pixels, {0, 0}, blur);
    cv::RNG random(7);
    cv::Mat grain(pixels.size(), CV_16SC3), sum;
    random.fill(grain, cv::RNG::NORMAL, 0, noise);
    pixels.convertTo(sum, CV_16SC3);
    sum += grain;
    sum.convertTo(pixels, CV_8UC3);
}

bool within(const Truth& line, float x, float y) {
    for (std::size_t i = 0; i < 8; i += 2) {
        const float ax = line.corners[i], ay = line.corners[i + 1];
        const float bx = line.corners[(i + 2) % 8], by = line.corners[(i + 3) % 8];
        if ((bx - ax) * (y - ay) - (by - ay) * (x - ax) < -300) return false;
    }
    return true;
}

/// Levenshtein distance of all characters, spaces too.
int edits(const std::string& a, const std::string& b) {
    std::vector<int> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        int diagonal = std::exchange(row[0], static_cast<int>(i));
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int kept = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, kept});
        }
    }
    return row.back();
}

struct Part {
    float x = 0, y = 0;
    std::string text;
    double sure = 0;
};

struct Count {
    double wrong = 0, characters = 0, lines = 0, found = 0;
    double cer() const { return 100 * wrong / std::max(1.0, characters); }
};

struct Judged {
    double sure = 0;
    bool right = false;
    bool odd = false;  ///< Of the second or fourth typeface: held out from the maps.
};

class Reader {
public:
    std::map<std::string, Count> counts;
    std::vector<Judged> judged;
    double seconds = 0;
    int pages = 0;

    void take(const Page& page, const std::vector<Part>& parts, bool odd) {
        ++pages;
        for (const Truth& line : page.lines) {
            std::map<float, const Part*> here;
            for (const Part& part : parts)
                if (within(line, part.x, part.y)) here.emplace(part.x, &part);
            std::string said;
            double sure = 1;
            for (const auto& [x, part] : here) {
                said += (said.empty() ? "" : " ") + part->text;
                sure = std::min(sure, part->sure);
            }
            Count& count = counts[page.kind];
            count.wrong += edits(line.text, said);
            count.characters += static_cast<double>(line.text.size());
            count.lines += 1;
            count.found += here.empty() ? 0 : 1;
            if (!here.empty()) judged.push_back({sure, said == line.text, odd});
        }
    }
    Count of(std::initializer_list<const char*> kinds) const {
        Count sum;
        for (const char* kind : kinds) {
            const Count& count = counts.at(kind);
            sum.wrong += count.wrong, sum.characters += count.characters;
            sum.lines += count.lines, sum.found += count.found;
        }
        return sum;
    }
};

/// Share of right lines by confidence, and how far the confidence as it stands is from it on the
/// held-out pages.
void table(const char* name, const Reader& reader) {
    constexpr double edges[] = {0, .5, .7, .8, .85, .9, .93, .95, .97, .98, .99, 1.01};
    double error = 0, held = 0;
    for (std::size_t i = 0; i + 1 < std::size(edges); ++i) {
        double all = 0, right = 0, mean = 0, odd = 0, odd_right = 0, claimed = 0;
        for (const Judged& one : reader.judged) {
            if (one.sure < edges[i] || one.sure >= edges[i + 1]) continue;
            if (one.odd) {
                ++odd, odd_right += one.right, claimed += one.sure;
            } else {
                ++all, right += one.right, mean += one.sure;
            }
        }
        held += odd;
        error += std::abs(claimed - odd_right);
        std::printf(
            "# %s %.2f-%.2f: %3.0f lines, %3.0f right, mean %.3f; held out %3.0f, %3.0f right, "
            "claimed %.1f\n",
            name, edges[i], edges[i + 1], all, right, all > 0 ? mean / all : 0, odd, odd_right,
            claimed);
    }
    line(std::string(name) + "_calibration_error", error / std::max(1.0, held), "share");
}

/// How well a confidence tells right lines from wrong ones: the area under the curve.
double area(const Reader& reader) {
    double pairs = 0, ordered = 0;
    for (const Judged& a : reader.judged)
        for (const Judged& b : reader.judged)
            if (a.right && !b.right) {
                pairs += 1;
                ordered += a.sure > b.sure ? 1 : a.sure == b.sure ? 0.5 : 0;
            }
    return pairs > 0 ? ordered / pairs : 1;
}

double cpu() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void figures(const char* name, const Reader& reader, std::optional<double> bar) {
    for (const auto& [kind, count] : reader.counts)
        line(std::string(name) + "_cer_" + kind, count.cer(), "percent");
    line(std::string(name) + "_cer_documents",
         reader.of({"clean", "small", "noisy", "turned"}).cer(), "percent", bar, true);
    line(std::string(name) + "_tells_right_from_wrong", area(reader), "auc");
    line(std::string(name) + "_cpu", 1000 * reader.seconds / reader.pages, "ms/page");
}

int look(TextReader& reader, std::optional<PageReader>& second, int count, char** paths) {
    for (int i = 0; i < count; ++i) {
        const auto image = decode_image(bytes_of(paths[i]));
        if (!image) continue;
        std::printf("%s\n", paths[i]);
        const auto places = reader.find(*image);
        for (const auto at : reading_order(places)) {
            const auto read = reader.read(*image, places[at]);
            const auto other =
                second ? second->read_line(TextReader::cut_out(*image, places[at], read.turned))
                       : PageLine{};
            std::printf("  %.3f %s | %s\n", read.reading.confidence(), read.reading.text.c_str(),
                        other.text.c_str());
        }
    }
    return 0;
}

int run(int argc, char** argv) {
    const bool looks = argc > 2 && std::strcmp(argv[1], "--look") == 0;
    auto reader = TextReader::load(argc > 2 && !looks ? argv[2] : "models/cache", {});
    if (!reader || argc < 2) {
        std::fprintf(stderr, "%s\n",
                     reader ? "bench_ocr_readers DIR [MODELS]" : reader.refusal().message.c_str());
        return 2;
    }
    std::optional<PageReader> second;
    if (auto opened = PageReader::open({"eng"})) second = *std::move(opened);
    if (looks) return look(*reader, second, argc - 2, argv + 2);
    Reader alone, tesseract, both;
    double finding = 0;
    for (const Page& page : pages_in(argv[1])) {
        auto image = decode_image(bytes_of(std::string(argv[1]) + "/" + page.name + ".png"));
        if (!image) continue;
        spoil(*image, page.kind);
        const bool odd = alone.pages / 6 % 2 == 1;  // Six kinds of page a typeface.
        double from = cpu();
        const auto places = reader->find(*image);
        finding += cpu() - from;
        std::vector<Part> by_one, by_both;
        std::vector<bool> turned;
        for (const auto& place : places) {
            const auto read = reader->read(*image, place);
            by_one.push_back({place.x, place.y, read.reading.text, read.reading.confidence()});
            turned.push_back(read.turned);
        }
        alone.seconds += cpu() - from;
        if (second)
            for (std::size_t i = 0; i < places.size(); ++i) {
                const auto other =
                    second->read_line(TextReader::cut_out(*image, places[i], turned[i]));
                Part part = by_one[i];
                part.sure = doubted(part.sure, part.text, other.text, other.confidence);
                by_both.push_back(part);
            }
        both.seconds += cpu() - from;
        alone.take(page, by_one, odd);
        if (!second) continue;
        both.take(page, by_both, odd);
        from = cpu();
        std::vector<Part> by_page;
        for (const auto& read : second->read_page(*image))
            by_page.push_back({static_cast<float>(read.x + read.width / 2),
                               static_cast<float>(read.y + read.height / 2), read.text,
                               read.confidence});
        tesseract.seconds += cpu() - from;
        tesseract.take(page, by_page, odd);
    }
    figures("pp_ocr", alone, 2.0);
    const Count all = alone.of({"clean", "small", "noisy", "turned", "faint", "hard"});
    line("pp_ocr_lines_found", all.found / all.lines, "share", 0.99);
    line("pp_ocr_finding_cpu", 1000 * finding / alone.pages, "ms/page");
    table("pp_ocr", alone);
    if (second) {
        figures("tesseract", tesseract, {});
        table("tesseract", tesseract);
        line("both_tell_right_from_wrong", area(both), "auc", area(alone));
        line("both_cpu", 1000 * both.seconds / both.pages, "ms/page");
        table("both", both);
    }
    return short_of > 0 ? 1 : 0;
}

}  // namespace
}  // namespace countersign::bench

int main(int argc, char** argv) {
    return countersign::bench::run(argc, argv);
}
