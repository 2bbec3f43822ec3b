// Room: models
// Scores of characters, as a network may say them: what is read has a sureness for each character,
// and no space at an end or twice.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "models/ctc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    if (size == 0) return 0;
    const auto alphabet = alphabet_of("a\nb\n\xE4\xB8\x80\n\xEF\xBC\xA1\n1\n", data[0] % 2 == 0);
    std::vector<float> scores;
    for (std::size_t i = 1; i < size; ++i)
        scores.push_back(static_cast<float>(data[i]) / 200 - 0.1F);
    const auto read = decode_ctc(scores, alphabet);
    const auto& text = read.text;
    if (code_points(text) != static_cast<std::int64_t>(read.sure.size())) std::abort();
    if (text.starts_with(' ') || text.ends_with(' ')) std::abort();
    if (text.find("  ") != std::string::npos) std::abort();
    return 0;
}
