#include "models/word_times.h"

#include <algorithm>

#include "models/word_model.h"

namespace countersign {

namespace {

/// Letters U+00C0 to U+017F without their marks; '*' where one letter stands for several or none.
constexpr std::string_view unmarked =
    "AAAAAA*CEEEEIIIIDNOOOOO*OUUUUY**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKk*LlLlLlLlLlNnNnNn***"
    "OoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

std::string plain_letters(std::string_view text) {
    constexpr unsigned first = 0xC0;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool pair = c >= 0xC3 && c <= 0xC5 && i + 1 < text.size();
        const unsigned letter =
            pair ? (c & 0x1Fu) << 6 | (static_cast<unsigned char>(text[i + 1]) & 0x3Fu) : 0;
        const bool known =
            letter >= first && letter - first < unmarked.size() && unmarked[letter - first] != '*';
        out += known ? unmarked[letter - first] : text[i];
        i += known;
    }
    return out;
}

}  // namespace

std::vector<std::string> said_as(std::string_view written) {
    return spoken_words(plain_letters(written));
}

Result<std::vector<Word>> time_words(Recogniser& ear, const Sound& sound, const TimeSpan& span,
                                     const std::vector<std::string>& written,
                                     const std::stop_token& stop) {
    if (!(span.start >= 0 && span.start < span.end && span.start < sound.seconds()))
        return Refusal{Code::invalid, "The segment lies outside the recording."};
    if (span.length() > most_aligned)
        return Refusal{Code::invalid,
                       "More than 5 minutes are too long to time in one piece: cut them into "
                       "segments, or have speech to text draft them first."};
    std::string all;
    std::vector<std::size_t> of;  // Each spoken word's place in `written`.
    for (std::size_t i = 0; i < written.size(); ++i)
        for (const auto& word : said_as(written[i])) {
            all += (all.empty() ? "" : " ") + word;
            of.push_back(i);
        }
    if (of.empty())
        return Refusal{Code::invalid, "No word of the text can be said by the English recogniser."};
    const auto place = [&](double seconds) {
        return std::min(sound.samples.size(), static_cast<std::size_t>(seconds * sound.rate));
    };
    const auto begin = place(span.start), end = place(span.end);
    const auto said =
        TRY(ear.align(std::span(sound.samples).subspan(begin, end - begin), all, stop));
    if (said.size() != of.size())
        return Refusal{Code::invalid, "The sound does not hold these words in this order."};
    std::vector<Word> out;
    for (std::size_t n = 0; n < said.size(); ++n) {
        const bool goes_on = n > 0 && of[n] == of[n - 1];
        const double until = span.start + said[n].end;
        if (goes_on)
            out.back().end = until;
        else
            out.push_back({written[of[n]], span.start + said[n].start, until, std::nullopt});
    }
    return out;
}

}  // namespace countersign
