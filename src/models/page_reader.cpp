#include "models/page_reader.h"

#include <algorithm>

#include "base/text.h"

#ifdef COUNTERSIGN_TESSERACT
#include <tesseract/baseapi.h>
#endif

namespace countersign {

namespace {

constexpr std::size_t most_languages = 8;

Result<std::string> joined(const std::vector<std::string>& languages) {
    const auto is_name = [](const std::string& name) {
        return name.size() >= 3 && name.size() <= 20 &&
               std::all_of(name.begin(), name.end(), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
               });
    };
    std::string out;
    for (const auto& name : languages) {
        if (!is_name(name))
            return Refusal{Code::invalid, "\"" + repair_utf8(name) +
                                              "\" is no language of tesseract: write \"eng\", "
                                              "\"deu\", \"chi_sim\"..."};
        out += (out.empty() ? "" : "+") + name;
    }
    if (out.empty() || languages.size() > most_languages)
        return Refusal{Code::invalid, "Name 1 to 8 languages to read."};
    return out;
}

}  // namespace

#ifdef COUNTERSIGN_TESSERACT

namespace {

constexpr int most_side = 20'000;  ///< Tesseract takes up to 32,767 pixels.

/// "chi_sim" -> "tesseract-ocr-chi-sim", as Debian and Ubuntu call it.
std::string package_of(std::string language) {
    std::transform(language.begin(), language.end(), language.begin(), [](char c) {
        return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return "tesseract-ocr-" + language;
}

std::string one_line(const char* raw) {
    std::string text = repair_utf8(raw ? raw : "");
    std::replace(text.begin(), text.end(), '\n', ' ');
    return std::string(trim(text));
}

/// Tesseract wants red first.
std::vector<unsigned char> rgb_of(const Image& image) {
    std::vector<unsigned char> rgb(image.bgr.begin(), image.bgr.end());
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) std::swap(rgb[i], rgb[i + 2]);
    return rgb;
}

}  // namespace

struct PageReader::Engine {
    tesseract::TessBaseAPI api;
    std::string version;

    bool look_at(const Image& image, tesseract::PageSegMode mode, int resolution) {
        if (image.bgr.empty() || image.width > most_side || image.height > most_side) return false;
        const auto rgb = rgb_of(image);
        api.SetPageSegMode(mode);
        api.SetImage(rgb.data(), image.width, image.height, 3, 3 * image.width);
        api.SetSourceResolution(resolution);
        return api.Recognize(nullptr) == 0;
    }
};

bool PageReader::built_in() {
    return true;
}

Result<PageReader> PageReader::open(const std::vector<std::string>& languages) {
    const std::string names = TRY(joined(languages));
    auto engine = std::make_unique<Engine>();
    // What tesseract has to say of itself goes nowhere, instead of between the program's own lines.
    if (engine->api.Init(nullptr, names.c_str(), tesseract::OEM_LSTM_ONLY) != 0 ||
        !engine->api.SetVariable("debug_file", "/dev/null")) {
        std::string packages;
        for (const auto& name : languages) packages += " " + package_of(name);
        return Refusal{Code::unavailable, "Tesseract cannot read \"" + names +
                                              "\": install the package" + packages + "."};
    }
    std::vector<std::string> loaded;
    engine->api.GetLoadedLanguagesAsVector(&loaded);
    for (const auto& name : languages)
        if (std::find(loaded.begin(), loaded.end(), name) == loaded.end())
            return Refusal{Code::unavailable, "Tesseract has no data to read \"" + name +
                                                  "\": install the package " + package_of(name) +
                                                  "."};
    engine->version = std::string("tesseract ") + tesseract::TessBaseAPI::Version() + " " + names;
    return PageReader(std::move(engine));
}

PageLine PageReader::read_line(const Image& line) {
    PageLine out;
    out.width = line.width, out.height = line.height;
    if (!engine_->look_at(line, tesseract::PSM_SINGLE_LINE, 150)) return out;
    const std::unique_ptr<char[]> text(engine_->api.GetUTF8Text());
    out.text = one_line(text.get());
    out.confidence = std::clamp(engine_->api.MeanTextConf() / 100.0, 0.0, 1.0);
    if (out.text.empty()) out.confidence = 0;
    return out;
}

std::vector<PageLine> PageReader::read_page(const Image& page) {
    std::vector<PageLine> out;
    if (!engine_->look_at(page, tesseract::PSM_AUTO, 150)) return out;
    const std::unique_ptr<tesseract::ResultIterator> at(engine_->api.GetIterator());
    if (!at) return out;
    constexpr auto level = tesseract::RIL_TEXTLINE;
    do {
        int left = 0, top = 0, right = 0, bottom = 0;
        if (!at->BoundingBox(level, &left, &top, &right, &bottom)) continue;
        const std::unique_ptr<char[]> text(at->GetUTF8Text(level));
        PageLine line;
        line.text = one_line(text.get());
        line.confidence = std::clamp(static_cast<double>(at->Confidence(level)) / 100, 0.0, 1.0);
        line.x = std::clamp(left, 0, page.width), line.y = std::clamp(top, 0, page.height);
        line.width = std::clamp(right, 0, page.width) - line.x;
        line.height = std::clamp(bottom, 0, page.height) - line.y;
        if (!line.text.empty() && line.width > 0 && line.height > 0) out.push_back(std::move(line));
    } while (at->Next(level));
    return out;
}

#else

struct PageReader::Engine {
    std::string version;
};

bool PageReader::built_in() {
    return false;
}

Result<PageReader> PageReader::open(const std::vector<std::string>& languages) {
    TRY(joined(languages));
    return Refusal{Code::unavailable,
                   "This program was built without tesseract: install libtesseract-dev and build "
                   "it again to read with it."};
}

PageLine PageReader::read_line(const Image&) {
    return {};
}

std::vector<PageLine> PageReader::read_page(const Image&) {
    return {};
}

#endif

PageReader::PageReader(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
PageReader::PageReader(PageReader&&) noexcept = default;
PageReader& PageReader::operator=(PageReader&&) noexcept = default;
PageReader::~PageReader() = default;

const std::string& PageReader::version() const {
    return engine_->version;
}

}  // namespace countersign
