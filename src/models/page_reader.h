// Tesseract 5 (Smith, "An Overview of the Tesseract OCR Engine", ICDAR 2007; its network is an
// LSTM): reads pages in a hundred languages, and single lines as the second opinion on TextReader.
// Optional: where the library was not there when the program was built, open() says so. Named in
// page_reader.cpp only. One PageReader is used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/image.h"

namespace countersign {

struct PageLine {
    double x = 0, y = 0, width = 0, height = 0;  ///< Upright box, pixels.
    std::string text;                            ///< One line of UTF-8, trimmed.
    double confidence = 0;                       ///< 0 to 1: tesseract's own, the mean of words.
};

class PageReader {
public:
    static bool built_in();

    /// `languages`: names of tesseract's data, "eng", "deu", "chi_sim". Refuses with
    /// Code::invalid a name that is none, with Code::unavailable, naming the package that is
    /// missing, what cannot be read here.
    static Result<PageReader> open(const std::vector<std::string>& languages);

    PageReader(PageReader&&) noexcept;
    PageReader& operator=(PageReader&&) noexcept;
    ~PageReader();

    const std::string& version() const;  ///< "tesseract 5.3.0 eng"

    /// A picture of one line of text. Some 50 ms.
    PageLine read_line(const Image& line);

    /// The lines of a page, in the order tesseract reads them. About 0.5 s, more for a large page.
    std::vector<PageLine> read_page(const Image& page);

private:
    struct Engine;
    explicit PageReader(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

}  // namespace countersign
