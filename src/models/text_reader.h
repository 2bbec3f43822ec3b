// PP-OCRv4 (Du et al., "PP-OCR: A Practical Ultra Lightweight OCR System", 2020, and its fourth
// version): finds lines of text in photos and on pages and reads them, Chinese and English, on one
// thread of a processor. The weights are made by models/fetch; the networks run in OpenCV's DNN
// module, named in text_reader.cpp and text_places.cpp only. One TextReader is used by one thread
// at a time: workers load their own (16 MB, some 50 ms).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"
#include "models/ctc.h"
#include "models/text_places.h"

namespace countersign {

struct TextReaderOptions {
    int side = 1280;  ///< Longer side of what is searched, pixels: larger pictures are shrunk.
    float least_score = least_place_score;
    bool latin_only = true;  ///< See alphabet_of().
};

class TextReader {
public:
    /// Loads pp-ocr-places.onnx, pp-ocr-lines.onnx and pp-ocr-characters.txt from `models_dir`.
    /// Refuses with Code::unavailable when one is not there or is not what it should be.
    static Result<TextReader> load(const std::string& models_dir, const TextReaderOptions& options);

    TextReader(TextReader&&) noexcept;
    TextReader& operator=(TextReader&&) noexcept;
    ~TextReader();

    /// "pp-ocr-v4 " and the first eight hex digits of the sha256 of what reads lines.
    const std::string& version() const;

    /// Places of lines of text, pixels of `image`, unordered. About 0.4 s for 736 x 736 pixels.
    std::vector<TextPlace> find(const Image& image);

    /// The place cut out and turned level, text from left to right; where it runs along the height
    /// from bottom to top, or the other way when `turned`. At most 48 x 4800 pixels when
    /// `for_network`, else up to 120 pixels high.
    static Image cut_out(const Image& image, const TextPlace& place, bool turned,
                         bool for_network = false);

    /// What a place says. What reads badly is read upside down too. 20 ms and more, by length.
    struct Read {
        Reading reading;
        bool turned = false;  ///< Read upside down.
    };
    Read read(const Image& image, const TextPlace& place);

private:
    struct Networks;
    explicit TextReader(std::unique_ptr<Networks> networks);
    std::unique_ptr<Networks> networks_;
};

}  // namespace countersign
