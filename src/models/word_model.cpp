#include "models/word_model.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "base/child_process.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr std::array<const char*, 20> small_numbers{
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<const char*, 10> tens{"",      "",      "twenty",  "thirty", "forty",
                                           "fifty", "sixty", "seventy", "eighty", "ninety"};

void say_number(std::string_view digits, std::vector<std::string>& out) {
    const auto digit = [](char c) { return static_cast<std::size_t>(c - '0'); };
    if (digits.size() == 2 && digits[0] != '0') {
        const std::size_t n = 10 * digit(digits[0]) + digit(digits[1]);
        if (n < 20) return out.emplace_back(small_numbers[n]), void();
        out.emplace_back(tens[n / 10]);
        if (n % 10 != 0) out.emplace_back(small_numbers[n % 10]);
        return;
    }
    for (const char c : digits) out.emplace_back(small_numbers[digit(c)]);
}

void say(std::string_view token, std::vector<std::string>& out) {
    while (token.starts_with('\'')) token.remove_prefix(1);
    while (token.ends_with('\'')) token.remove_suffix(1);
    std::size_t i = 0;
    while (i < token.size()) {
        const bool number = token[i] >= '0' && token[i] <= '9';
        std::size_t j = i;
        while (j < token.size() && (token[j] >= '0' && token[j] <= '9') == number) ++j;
        const auto part = token.substr(i, j - i);
        if (number)
            say_number(part, out);
        else
            out.emplace_back(part);
        i = j;
    }
}

std::string number_text(double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", v);
    return text;
}

struct LetterRow {
    std::string_view letters, phones;
};
/// The longest match first.
constexpr LetterRow letter_rows[] = {
    {"tion", "SH AH N"}, {"ough", "AO"}, {"igh", "AY"},  {"tch", "CH"},   {"dge", "JH"},
    {"sch", "SH"},       {"ch", "CH"},   {"sh", "SH"},   {"th", "TH"},    {"ph", "F"},
    {"ck", "K"},         {"ng", "NG"},   {"qu", "K W"},  {"wh", "W"},     {"kn", "N"},
    {"wr", "R"},         {"ee", "IY"},   {"ea", "IY"},   {"oo", "UW"},    {"ou", "AW"},
    {"ow", "OW"},        {"oa", "OW"},   {"ai", "EY"},   {"ay", "EY"},    {"oi", "OY"},
    {"oy", "OY"},        {"au", "AO"},   {"aw", "AO"},   {"ie", "IY"},    {"ew", "UW"},
    {"er", "ER"},        {"ir", "ER"},   {"ur", "ER"},   {"ar", "AA R"},  {"or", "AO R"},
    {"ce", "S EH"},      {"ci", "S IH"}, {"cy", "S IY"}, {"ge", "JH EH"}, {"a", "AE"},
    {"b", "B"},          {"c", "K"},     {"d", "D"},     {"e", "EH"},     {"f", "F"},
    {"g", "G"},          {"h", "HH"},    {"i", "IH"},    {"j", "JH"},     {"k", "K"},
    {"l", "L"},          {"m", "M"},     {"n", "N"},     {"o", "AA"},     {"p", "P"},
    {"q", "K"},          {"r", "R"},     {"s", "S"},     {"t", "T"},      {"u", "AH"},
    {"v", "V"},          {"w", "W"},     {"x", "K S"},   {"y", "IY"},     {"z", "Z"}};

constexpr std::string_view cmu_phones[] = {
    "AA", "AE", "AH", "AO", "AW", "AY", "B",  "CH", "D", "DH", "EH", "ER", "EY",
    "F",  "G",  "HH", "IH", "IY", "JH", "K",  "L",  "M", "N",  "NG", "OW", "OY",
    "P",  "R",  "S",  "SH", "T",  "TH", "UH", "UW", "V", "W",  "Y",  "Z",  "ZH"};

/// flite's phones -> those of the dictionary; empty when one is unknown.
std::string cmu_of_flite(std::string_view said) {
    constexpr std::array<LetterRow, 5> different{
        {{"AX", "AH"}, {"AXR", "ER"}, {"IX", "IH"}, {"DX", "D"}, {"UX", "UW"}}};
    std::string out;
    for (const auto part : split(said, ' ')) {
        std::string phone;
        for (const char c : trim(part))
            phone += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (phone.empty() || phone == "PAU") continue;
        for (const auto& row : different)
            if (phone == row.letters) phone = row.phones;
        if (std::find(std::begin(cmu_phones), std::end(cmu_phones), phone) == std::end(cmu_phones))
            return {};
        out += (out.empty() ? "" : " ") + phone;
    }
    return out;
}

}  // namespace

std::vector<std::string> spoken_words(std::string_view text) {
    std::vector<std::string> out;
    std::string token;
    bool foreign = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        auto c = i < text.size() ? text[i] : ' ';
        if (text.substr(i).starts_with("\xe2\x80\x99")) {  // The typographic apostrophe.
            c = '\'';
            i += 2;
        }
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'') {
            token += c;
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            foreign = true;
        } else {
            if (!foreign) say(token, out);
            token.clear();
            foreign = false;
        }
    }
    return out;
}

void TrigramModel::add(std::span<const std::string> sentence) {
    if (sentence.empty()) return;
    std::vector<std::string> all{"<s>"};
    all.insert(all.end(), sentence.begin(), sentence.end());
    all.emplace_back("</s>");
    for (std::size_t i = 1; i < all.size(); ++i) {
        ++words_[all[i]];
        ++total_;
        auto& pair = pairs_[all[i - 1]];
        ++pair.counts[all[i]];
        ++pair.total;
        if (i < 2) continue;
        auto& triple = triples_[{all[i - 2], all[i - 1]}];
        ++triple.counts[all[i]];
        ++triple.total;
    }
}

double TrigramModel::single(const std::string& word, std::size_t vocabulary) const {
    const auto kinds = static_cast<double>(std::max<std::size_t>(1, words_.size()));
    const auto found = words_.find(word);
    const double count = found == words_.end() ? 0 : found->second;
    return (count + kinds / static_cast<double>(std::max<std::size_t>(1, vocabulary))) /
           (total_ + kinds);
}

double TrigramModel::after_one(const std::string& last, const std::string& word,
                               std::size_t vocabulary) const {
    const auto found = pairs_.find(last);
    const double shorter = single(word, vocabulary);
    if (found == pairs_.end()) return shorter;
    const auto& f = found->second;
    const auto count = f.counts.find(word);
    return (count == f.counts.end() ? 0 : count->second) * (1 - f.unseen()) / f.total +
           f.unseen() * shorter;
}

double TrigramModel::after_two(const Pair& history, const std::string& word,
                               std::size_t vocabulary) const {
    const auto found = triples_.find(history);
    const double shorter = after_one(history.second, word, vocabulary);
    if (found == triples_.end()) return shorter;
    const auto& f = found->second;
    const auto count = f.counts.find(word);
    return (count == f.counts.end() ? 0 : count->second) * (1 - f.unseen()) / f.total +
           f.unseen() * shorter;
}

double TrigramModel::log_probability(const std::string& before_last, const std::string& last,
                                     const std::string& word, std::size_t vocabulary) const {
    return std::log10(after_two({before_last, last}, word, vocabulary));
}

std::string TrigramModel::arpa(const std::set<std::string>& vocabulary) const {
    std::set<std::string> all = vocabulary;
    for (const auto& [word, count] : words_) all.insert(word);
    all.insert("</s>");
    all.erase("<s>");
    std::size_t pairs = 0, triples = 0;
    for (const auto& [history, f] : pairs_) pairs += f.counts.size();
    for (const auto& [history, f] : triples_) triples += f.counts.size();
    const auto back_off = [](const Followers* f) {
        return " " + number_text(f ? std::log10(f->unseen()) : 0) + "\n";
    };
    const auto after = [&](const std::string& word) {
        const auto found = pairs_.find(word);
        return back_off(found == pairs_.end() ? nullptr : &found->second);
    };
    std::string out = "\\data\\\nngram 1=" + std::to_string(all.size() + 1) +
                      "\nngram 2=" + std::to_string(pairs) +
                      "\nngram 3=" + std::to_string(triples) + "\n\n\\1-grams:\n-99 <s>" +
                      after("<s>");
    for (const auto& word : all)
        out += number_text(std::log10(single(word, all.size()))) + " " + word + after(word);
    out += "\n\\2-grams:\n";
    for (const auto& [last, f] : pairs_) {
        for (const auto& [word, count] : f.counts) {
            const auto longer = triples_.find({last, word});
            out += number_text(std::log10(after_one(last, word, all.size()))) + " " + last + " " +
                   word + back_off(longer == triples_.end() ? nullptr : &longer->second);
        }
    }
    out += "\n\\3-grams:\n";
    for (const auto& [history, f] : triples_)
        for (const auto& [word, count] : f.counts)
            out += number_text(std::log10(after_two(history, word, all.size()))) + " " +
                   history.first + " " + history.second + " " + word + "\n";
    return out + "\n\\end\\\n";
}

WordErrors word_errors(std::span<const std::string> said, std::span<const std::string> heard) {
    const std::size_t n = said.size(), m = heard.size(), width = m + 1;
    std::vector<std::uint32_t> cost((n + 1) * width);
    for (std::size_t i = 0; i <= n; ++i) {
        for (std::size_t j = 0; j <= m; ++j) {
            auto& c = cost[i * width + j];
            if (i == 0 || j == 0) {
                c = static_cast<std::uint32_t>(i + j);
                continue;
            }
            c = std::min({cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1,
                          cost[(i - 1) * width + j - 1] + (said[i - 1] != heard[j - 1])});
        }
    }
    WordErrors out{cost.back(), n, std::vector<std::uint8_t>(m, 0)};
    for (std::size_t i = n, j = m; i > 0 && j > 0;) {
        const auto c = cost[i * width + j];
        const bool same = said[i - 1] == heard[j - 1];
        if (c == cost[(i - 1) * width + j - 1] + !same) {
            out.right[j - 1] = same;
            --i, --j;
        } else if (c == cost[(i - 1) * width + j] + 1) {
            --i;
        } else {
            --j;
        }
    }
    return out;
}

std::string pronunciation_by_letters(std::string_view word) {
    std::string out;
    while (!word.empty()) {
        const auto row = std::find_if(
            std::begin(letter_rows), std::end(letter_rows),
            [&](const LetterRow& candidate) { return word.starts_with(candidate.letters); });
        if (row == std::end(letter_rows)) {
            word.remove_prefix(1);
            continue;
        }
        word.remove_prefix(row->letters.size());
        if (word == "e" && !out.empty()) word = {};  // A silent one at the end.
        out += (out.empty() ? "" : " ") + std::string(row->phones);
        if (!word.empty() && word.front() == row->letters.back()) word.remove_prefix(1);
    }
    return out;
}

std::string pronunciation(const std::string& word) {
    constexpr const char* flite = "/usr/bin/flite";
    const bool plain = !word.empty() && word.size() <= 40 &&
                       std::all_of(word.begin(), word.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '\''; });
    if (!plain) return {};
    if (access(flite, X_OK) == 0) {
        const auto until = ChildProcess::Clock::now() + std::chrono::seconds(10);
        auto child = ChildProcess::start({flite, "-ps", "-t", word, "none"});
        const auto said = child ? (*child)->receive_all(4'096, until) : Result<std::string>("");
        if (said)
            if (auto phones = cmu_of_flite(*said); !phones.empty()) return phones;
    }
    return pronunciation_by_letters(word);
}

}  // namespace countersign
