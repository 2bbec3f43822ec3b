#include "models/speech_worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "models/pocketsphinx.h"

namespace countersign {

namespace {

constexpr std::size_t header_size = 8;

bool read_all(int from, std::string& out, std::size_t size) {
    out.resize(size);
    for (std::size_t done = 0; done < size;) {
        const auto got = read(from, &out[done], size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto put = write(to, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

std::vector<std::string> lines_of(std::string_view bytes) {
    std::vector<std::string> out;
    for (const auto line : split(bytes, '\n'))
        if (!trim(line).empty()) out.emplace_back(trim(line));
    return out;
}

std::vector<std::int16_t> samples_of(std::string_view bytes) {
    std::vector<std::int16_t> out(bytes.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::int16_t>(static_cast<unsigned char>(bytes[2 * i]) |
                                           (static_cast<unsigned char>(bytes[2 * i + 1]) << 8));
    return out;
}

Json words_json(const std::vector<Word>& words) {
    Json list = Json::array();
    for (const auto& word : words)
        list.push_back({word.text, word.start, word.end, word.confidence.value_or(0)});
    return {{"words", list}};
}

std::map<std::string, std::string> sounds_of(const SpeechMessage& message) {
    std::map<std::string, std::string> out;
    const auto given = message.head.value("sound", Json::object());
    for (const auto& [word, phones] : given.items())
        if (phones.is_string()) out[word] = phones.get<std::string>();
    return out;
}

Result<Json> answer(std::unique_ptr<PocketSphinx>& ear, const SpeechMessage& message) {
    const auto what = message.head.value("do", std::string());
    if (!ear) ear = TRY(PocketSphinx::open());
    if (what == "open") return Json{{"vocabulary", ear->vocabulary()}};
    if (what == "unknown") return Json{{"unknown", ear->unknown(lines_of(message.bytes))}};
    if (what == "adapt") {
        const auto sentences = lines_of(message.bytes);
        TRY(ear->adapt(sentences, sounds_of(message), message.head.value("weight", 0.5)));
        return Json{{"sentences", sentences.size()}};
    }
    if (what == "hear") return words_json(ear->hear(samples_of(message.bytes)));
    if (what == "align") {
        const auto text = lines_of(message.head.value("text", std::string()));
        const auto lacking = TRY(ear->unsayable(text, sounds_of(message)));
        if (!lacking.empty() && !message.head.contains("sound")) return Json{{"unknown", lacking}};
        return words_json(TRY(ear->align(samples_of(message.bytes), text)));
    }
    return Refusal{Code::invalid, "It was asked to do something it does not know."};
}

}  // namespace

std::string wire_form(const SpeechMessage& message) {
    const auto head = to_text(message.head);
    std::string out;
    for (const std::size_t size : {head.size(), message.bytes.size()})
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift);
    return out + head + message.bytes;
}

std::optional<std::pair<std::size_t, std::size_t>> wire_lengths(std::string_view header) {
    if (header.size() != header_size) return std::nullopt;
    std::size_t sizes[2] = {0, 0};
    for (std::size_t i = 0; i < header_size; ++i)
        sizes[i / 4] |= std::size_t{static_cast<unsigned char>(header[i])} << (8 * (i % 4));
    if (sizes[0] > most_head_bytes || sizes[1] > most_raw_bytes) return std::nullopt;
    return std::pair(sizes[0], sizes[1]);
}

int run_speech_worker(int input, int output) {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    std::unique_ptr<PocketSphinx> ear;
    std::string header, head;
    while (read_all(input, header, header_size)) {
        const auto sizes = wire_lengths(header);
        SpeechMessage message;
        if (!sizes || !read_all(input, head, sizes->first) ||
            !read_all(input, message.bytes, sizes->second))
            return 1;
        auto parsed = parse_json(head);
        if (!parsed || !parsed->is_object()) return 1;
        message.head = *std::move(parsed);
        const auto said = answer(ear, message);
        const SpeechMessage reply{said ? *said : Json{{"error", said.refusal().message}}, {}};
        if (!write_all(output, wire_form(reply))) return 1;
    }
    return 0;
}

}  // namespace countersign
