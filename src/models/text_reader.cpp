#include "models/text_reader.h"

#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "base/crypto.h"
#include "models/network_input.h"

namespace countersign {

namespace {

/// Mean and standard deviation of ImageNet in the order that PP-OCR takes them, on 0 to 1.
const cv::Scalar place_mean(0.485, 0.456, 0.406), place_deviation(0.229, 0.224, 0.225);
const cv::Scalar line_mean(0.5, 0.5, 0.5), line_deviation(0.5, 0.5, 0.5);

constexpr int cell = 32;  ///< Sides of what is searched are multiples of it.
constexpr int line_height = 48, line_cell = 8;
constexpr int longest_line = 4800, highest_cut = 120;
constexpr std::size_t known_characters = 6625;
constexpr double reads_badly = 0.85;

cv::Mat blob(const cv::Mat& bgr, const cv::Scalar& mean, const cv::Scalar& deviation) {
    cv::Mat normalised;
    bgr.convertTo(normalised, CV_32FC3, 1 / 255.0);
    normalised -= mean;
    cv::divide(normalised, deviation, normalised);
    return cv::dnn::blobFromImage(normalised);
}

cv::Mat pixels_of(const Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data())};
}

int up_to(int value, int step) {
    return (value + step - 1) / step * step;
}

}  // namespace

struct TextReader::Networks {
    std::string place_bytes, version;
    cv::dnn::Net places, lines;
    cv::Size size;  ///< That `places` was loaded for.
    Alphabet alphabet;
    TextReaderOptions options;

    /// OpenCV's network gives wrong maps, silently, from the second size on: it is loaded afresh.
    cv::Mat map_of(const cv::Mat& canvas) {
        if (canvas.size() != size)
            places = cv::dnn::readNetFromONNX(place_bytes.data(), place_bytes.size());
        size = canvas.size();
        places.setInput(blob(canvas, place_mean, place_deviation));
        return places.forward();
    }

    Reading read(const Image& line) {
        const cv::Mat pixels = pixels_of(line);
        cv::Mat padded;
        cv::copyMakeBorder(pixels, padded, 0, 0, 0, up_to(line.width, line_cell) - line.width,
                           cv::BORDER_CONSTANT, cv::Scalar(127, 127, 127));
        lines.setInput(blob(padded, line_mean, line_deviation));
        const cv::Mat scores = lines.forward();
        return decode_ctc({scores.ptr<float>(), scores.total()}, alphabet);
    }

    bool are_right() {
        const cv::Mat map = map_of(cv::Mat(64, 96, CV_8UC3, cv::Scalar(255, 255, 255)));
        if (map.dims != 4 || map.size[2] != 64 || map.size[3] != 96) return false;
        lines.setInput(blob(cv::Mat(line_height, 64, CV_8UC3, cv::Scalar(127, 127, 127)), line_mean,
                            line_deviation));
        const cv::Mat scores = lines.forward();
        return scores.dims == 3 && scores.size[1] == 8 &&
               scores.size[2] == static_cast<int>(alphabet.characters.size()) &&
               alphabet.characters.size() == known_characters;
    }
};

TextReader::TextReader(std::unique_ptr<Networks> networks) : networks_(std::move(networks)) {}
TextReader::TextReader(TextReader&&) noexcept = default;
TextReader& TextReader::operator=(TextReader&&) noexcept = default;
TextReader::~TextReader() = default;

const std::string& TextReader::version() const {
    return networks_->version;
}

Result<TextReader> TextReader::load(const std::string& models_dir,
                                    const TextReaderOptions& options) {
    auto networks = std::make_unique<Networks>();
    networks->place_bytes = TRY(model_file(models_dir + "/pp-ocr-places.onnx", "models/fetch"));
    const std::string lines = TRY(model_file(models_dir + "/pp-ocr-lines.onnx", "models/fetch"));
    const std::string characters =
        TRY(model_file(models_dir + "/pp-ocr-characters.txt", "models/fetch"));
    const Refusal wrong{Code::unavailable, "The model files " + models_dir +
                                               "/pp-ocr-* are not PP-OCRv4: delete them and run "
                                               "models/fetch."};
    cv::setNumThreads(1);  // Workers run side by side instead.
    networks->options = options;
    networks->alphabet = alphabet_of(characters, options.latin_only);
    networks->version = "pp-ocr-v4 " + hex(sha256(lines)).substr(0, 8);
    try {
        networks->lines = cv::dnn::readNetFromONNX(lines.data(), lines.size());
        if (!networks->are_right()) return wrong;
        return TextReader(std::move(networks));
    } catch (const cv::Exception&) {
        return wrong;
    }
}

std::vector<TextPlace> TextReader::find(const Image& image) {
    const auto& options = networks_->options;
    const double scale = std::min(1.0, options.side / double(std::max(image.width, image.height)));
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(std::lround(side * scale)));
    };
    const int width = scaled(image.width), height = scaled(image.height);
    cv::Mat canvas;
    cv::resize(pixels_of(image), canvas, cv::Size(width, height), 0, 0,
               scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::copyMakeBorder(canvas, canvas, 0, up_to(height, cell) - height, 0,
                       up_to(width, cell) - width, cv::BORDER_CONSTANT, cv::Scalar(124, 116, 104));
    const cv::Mat map = networks_->map_of(canvas);
    const std::vector<float> values(map.ptr<float>(), map.ptr<float>() + map.total());
    auto places = text_places(values, canvas.cols, canvas.rows, options.least_score);
    const auto back = static_cast<float>(1 / scale);
    for (auto& place : places) {
        place.x *= back, place.y *= back;
        place.width *= back, place.height *= back;
    }
    std::erase_if(places, [&](const TextPlace& place) {
        return place.x >= static_cast<float>(image.width) ||
               place.y >= static_cast<float>(image.height);
    });
    return places;
}

Image TextReader::cut_out(const Image& image, const TextPlace& place, bool turned,
                          bool for_network) {
    const auto at = place.corners();
    const cv::Point2f from[] = {{at[0], at[1]}, {at[2], at[3]}, {at[6], at[7]}};
    const auto side = [](float length) {
        return std::clamp(static_cast<int>(std::lround(length)), 1, 2 * longest_line);
    };
    const int width = side(place.width), height = side(place.height);
    const cv::Point2f to[] = {
        {0, 0}, {static_cast<float>(width), 0}, {0, static_cast<float>(height)}};
    cv::Mat level;
    cv::warpAffine(pixels_of(image), level, cv::getAffineTransform(from, to),
                   cv::Size(width, height), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    if (place.upright()) cv::rotate(level, level, cv::ROTATE_90_COUNTERCLOCKWISE);
    if (turned) cv::rotate(level, level, cv::ROTATE_180);
    const int wanted = for_network ? line_height : std::min(level.rows, highest_cut);
    const double scale = wanted / double(level.rows);
    const int across =
        std::clamp(static_cast<int>(std::ceil(level.cols * scale)), line_cell, longest_line);
    cv::resize(level, level, cv::Size(across, wanted), 0, 0,
               scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    Image out;
    out.width = level.cols, out.height = level.rows;
    out.bgr.assign(level.ptr(), level.ptr() + level.total() * 3);
    return out;
}

TextReader::Read TextReader::read(const Image& image, const TextPlace& place) {
    Read out{networks_->read(cut_out(image, place, false, true))};
    if (out.reading.confidence() >= reads_badly) return out;
    Read other{networks_->read(cut_out(image, place, true, true)), true};
    return other.reading.confidence() > out.reading.confidence() ? other : out;
}

}  // namespace countersign
