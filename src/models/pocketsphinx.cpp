#include "models/pocketsphinx.h"

#include <unistd.h>

#include "models/speech_worker.h"
#include "models/word_model.h"

#if COUNTERSIGN_POCKETSPHINX
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/ngram_model.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#endif

namespace countersign {

#if COUNTERSIGN_POCKETSPHINX

namespace {

const std::string model_dir = "/usr/share/pocketsphinx/model/en-us";
constexpr double frames_a_second = 100;
constexpr const char* adapted_name = "adapted";
constexpr const char* aligned_name = "aligned";
constexpr const char* general_name = "_default";  // The library's own.

struct DecoderEnd {
    void operator()(ps_decoder_t* decoder) const { ps_free(decoder); }
};
struct ConfigEnd {
    void operator()(cmd_ln_t* config) const { cmd_ln_free_r(config); }
};
using Config = std::unique_ptr<cmd_ln_t, ConfigEnd>;
using Decoder = std::unique_ptr<ps_decoder_t, DecoderEnd>;

Refusal broken(const std::string& what) {
    return {Code::unavailable, "PocketSphinx could not " + what + "."};
}

/// "your(2)" -> "your"; empty for silence, noise and sentence ends.
std::string plain_word(const char* said) {
    std::string word = said ? said : "";
    if (word.empty() || word.front() == '<' || word.front() == '[' || word.front() == '+')
        return {};
    if (const auto variant = word.find('('); variant != std::string::npos && variant > 0)
        word.resize(variant);
    if (word.ends_with('.')) word.pop_back();  // Letters: "a."
    return word;
}

/// A file in memory that a path leads to.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes) : file_(memfd_create("arpa", 0)) {
        while (!bytes.empty()) {
            const auto put = write(file_, bytes.data(), bytes.size());
            if (put <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    ~MemoryFile() {
        if (file_ >= 0) close(file_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

private:
    int file_;
};

std::string shipped_dictionary() {
    return model_dir + "/cmudict-en-us.dict";
}

}  // namespace

struct PocketSphinx::Parts {
    Config config;
    Decoder decoder;
    Config align_config;
    Decoder aligner;  ///< Made when it is first needed: it wants other beams.
    std::unique_ptr<MemoryFile> own_dictionary;  ///< Null: the shipped one.

    Config configured(bool aligns) const {
        const std::string hmm = model_dir + "/en-us", lm = model_dir + "/en-us.lm.bin",
                          dict = own_dictionary ? own_dictionary->path() : shipped_dictionary();
        return Config(
            aligns
                ? cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", hmm.c_str(), "-dict", dict.c_str(),
                              "-bestpath", "no", "-beam", "1e-80", "-wbeam", "1e-60", "-pbeam",
                              "1e-80", "-remove_silence", "no", nullptr)
                : cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", hmm.c_str(), "-dict", dict.c_str(),
                              "-lm", lm.c_str(), "-remove_silence", "no", nullptr));
    }

    Result<> load() {
        config = configured(false);
        if (!config) return broken("be configured");
        decoder.reset(ps_init(config.get()));
        if (!decoder) return broken("load its English model");
        return Done{};
    }

    /// Loads again with a dictionary that has these too: words that are added to what is loaded
    /// reach the tables of the language model, which are searched as if they held no more words
    /// than they were made for, and past their end.
    Result<> learn(const std::map<std::string, std::string>& sounds) {
        std::string more;
        for (const auto& [word, phones] : sounds)
            if (!knows(word)) more += word + " " + phones + "\n";
        if (more.empty()) return Done{};
        std::ifstream file(own_dictionary ? own_dictionary->path() : shipped_dictionary());
        const std::string known{std::istreambuf_iterator<char>(file), {}};
        own_dictionary = std::make_unique<MemoryFile>(known + more);
        aligner.reset();
        return load();
    }

    static bool has(ps_decoder_t* decoder, const std::string& word) {
        char* phones = ps_lookup_word(decoder, word.c_str());
        const bool known = phones != nullptr;
        std::free(phones);
        return known;
    }
    bool knows(const std::string& word) const { return has(decoder.get(), word); }

    static std::vector<Word> decode(ps_decoder_t* decoder, std::span<const std::int16_t> samples) {
        std::vector<Word> words;
        if (samples.empty() || ps_start_utt(decoder) < 0) return words;
        ps_process_raw(decoder, samples.data(), samples.size(), FALSE, TRUE);
        if (ps_end_utt(decoder) < 0) return words;
        int32 score = 0;
        if (!ps_get_hyp(decoder, &score)) return words;
        auto* log = ps_get_logmath(decoder);
        for (auto* at = ps_seg_iter(decoder); at; at = ps_seg_next(at)) {
            const auto text = plain_word(ps_seg_word(at));
            if (text.empty()) continue;
            int first = 0, last = 0;
            int32 acoustic = 0, language = 0, back_off = 0;
            ps_seg_frames(at, &first, &last);
            const double p = logmath_exp(log, ps_seg_prob(at, &acoustic, &language, &back_off));
            words.push_back({text, first / frames_a_second, (last + 1) / frames_a_second,
                             std::isfinite(p) ? std::clamp(p, 0.0, 1.0) : 0.0});
        }
        return words;
    }
};

PocketSphinx::PocketSphinx(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PocketSphinx::~PocketSphinx() = default;

Result<std::unique_ptr<PocketSphinx>> PocketSphinx::open() {
    if (const auto missing = missing_for_speech(); !missing.empty())
        return Refusal{Code::unavailable, missing};
    err_set_logfp(nullptr);
    auto parts = std::make_unique<Parts>();
    TRY(parts->load());
    return std::unique_ptr<PocketSphinx>(new PocketSphinx(std::move(parts)));
}

std::size_t PocketSphinx::vocabulary() const {
    return ngram_model_get_counts(ps_get_lm(parts_->decoder.get(), general_name))[0];
}

std::vector<std::string> PocketSphinx::unknown(const std::vector<std::string>& words) const {
    std::vector<std::string> out;
    for (const auto& word : words)
        if (!parts_->knows(word)) out.push_back(word);
    return out;
}

Result<> PocketSphinx::adapt(const std::vector<std::string>& sentences,
                             const std::map<std::string, std::string>& sounds, double weight) {
    TRY(parts_->learn(sounds));
    auto* decoder = parts_->decoder.get();
    TrigramModel domain;
    for (const auto& sentence : sentences) {
        auto words = spoken_words(sentence);
        std::erase_if(words, [&](const std::string& word) { return !parts_->knows(word); });
        domain.add(words);
    }
    // The project's model has every word; the general one has none added (Parts::learn) and gives
    // those that it lacks no share.
    auto* general = ps_get_lm(decoder, general_name);
    std::set<std::string> vocabulary;
    for (std::uint32_t i = 0; i < ngram_model_get_counts(general)[0]; ++i)
        if (const char* word = ngram_word(general, static_cast<int32>(i)))
            if (word[0] != '<') vocabulary.insert(word);
    for (const auto& [word, phones] : sounds)
        if (parts_->knows(word)) vocabulary.insert(word);
    for (const auto& [word, count] : domain.words()) vocabulary.insert(word);
    const MemoryFile file(domain.arpa(vocabulary));
    auto* own = ngram_model_read(parts_->config.get(), file.path().c_str(), NGRAM_ARPA,
                                 ps_get_logmath(decoder));
    if (!own) return broken("read the project's language model");
    ngram_model_t* both[2] = {ngram_model_retain(general), own};
    char general_label[] = "general", own_label[] = "project";
    char* names[2] = {general_label, own_label};
    const float32 weights[2] = {static_cast<float32>(1 - weight), static_cast<float32>(weight)};
    auto* mixed = ngram_model_set_init(parts_->config.get(), both, names, weights, 2);
    if (!mixed || ps_set_lm(decoder, adapted_name, mixed) < 0 ||
        ps_set_search(decoder, adapted_name) < 0)
        return broken("join the language models");
    ngram_model_free(mixed);
    return Done{};
}

std::vector<Word> PocketSphinx::hear(std::span<const std::int16_t> samples) {
    return Parts::decode(parts_->decoder.get(), samples);
}

Result<std::vector<std::string>> PocketSphinx::unsayable(
    const std::vector<std::string>& words, const std::map<std::string, std::string>& sounds) {
    if (!parts_->aligner) {
        parts_->align_config = parts_->configured(true);
        if (parts_->align_config) parts_->aligner.reset(ps_init(parts_->align_config.get()));
        if (!parts_->aligner) return broken("load its English model");
    }
    auto* aligner = parts_->aligner.get();
    std::vector<std::string> out;
    for (const auto& word : words) {
        if (Parts::has(aligner, word)) continue;
        // It has no language model, which words must not be added to (Parts::learn).
        const auto given = sounds.find(word);
        if (given == sounds.end() ||
            ps_add_word(aligner, word.c_str(), given->second.c_str(), FALSE) < 0)
            out.push_back(word);
    }
    return out;
}

Result<std::vector<Word>> PocketSphinx::align(std::span<const std::int16_t> samples,
                                              const std::vector<std::string>& words) {
    if (words.empty()) return std::vector<Word>();
    const auto lacking = TRY(unsayable(words, {}));
    if (!lacking.empty()) return broken("say \"" + lacking[0] + "\"");
    std::string path;
    for (const auto& word : words) path += " " + word;
    auto* aligner = parts_->aligner.get();
    const auto grammar = "#JSGF V1.0; grammar one; public <path> =" + path + " ;";
    if (ps_set_jsgf_string(aligner, aligned_name, grammar.c_str()) < 0 ||
        ps_set_search(aligner, aligned_name) < 0)
        return broken("make a grammar of the text");
    auto found = Parts::decode(aligner, samples);
    if (found.size() != words.size())
        return Refusal{Code::invalid, "The sound does not hold these words in this order."};
    return found;
}

std::string missing_for_speech() {
    if (access((model_dir + "/en-us/mdef").c_str(), R_OK) != 0)
        return "PocketSphinx's English model is not installed: install the package "
               "pocketsphinx-en-us, then try again.";
    return {};
}

#else

struct PocketSphinx::Parts {};
PocketSphinx::PocketSphinx(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PocketSphinx::~PocketSphinx() = default;
Result<std::unique_ptr<PocketSphinx>> PocketSphinx::open() {
    return Refusal{Code::unavailable, missing_for_speech()};
}
std::size_t PocketSphinx::vocabulary() const {
    return 0;
}
std::vector<std::string> PocketSphinx::unknown(const std::vector<std::string>& words) const {
    return words;
}
Result<> PocketSphinx::adapt(const std::vector<std::string>&,
                             const std::map<std::string, std::string>&, double) {
    return Refusal{Code::unavailable, missing_for_speech()};
}
std::vector<Word> PocketSphinx::hear(std::span<const std::int16_t>) {
    return {};
}
Result<std::vector<std::string>> PocketSphinx::unsayable(
    const std::vector<std::string>&, const std::map<std::string, std::string>&) {
    return Refusal{Code::unavailable, missing_for_speech()};
}
Result<std::vector<Word>> PocketSphinx::align(std::span<const std::int16_t>,
                                              const std::vector<std::string>&) {
    return Refusal{Code::unavailable, missing_for_speech()};
}
std::string missing_for_speech() {
    return "This program was built without PocketSphinx: install the packages libpocketsphinx-dev, "
           "libsphinxbase-dev and pocketsphinx-en-us and build it again.";
}

#endif

}  // namespace countersign
