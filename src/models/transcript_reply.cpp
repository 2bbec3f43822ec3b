#include "models/transcript_reply.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t most_segments = 20'000, most_words = 500'000;

std::optional<double> number(const Json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end() || !found->is_number()) return std::nullopt;
    const double value = found->get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string text_at(const Json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? repair_utf8(found->get<std::string>())
                                                     : std::string();
}

const Json& list_at(const Json& from, const char* name) {
    static const Json none = Json::array();
    const auto found = from.find(name);
    return found != from.end() && found->is_array() ? *found : none;
}

double likelihood(double logprob) {
    return std::clamp(std::exp(logprob), 0.0, 1.0);
}

/// Seconds inside the recording; nothing when nothing is left of them.
struct Stretch {
    double start = 0, end = 0;
};
std::optional<Stretch> stretch_of(const Json& from, double seconds) {
    const auto start = number(from, "start"), end = number(from, "end");
    if (!start || !end) return std::nullopt;
    const double last = seconds > 0 ? seconds : *end;
    const Stretch out{std::clamp(*start, 0.0, last), std::clamp(*end, 0.0, last)};
    return out.end >= out.start ? std::optional(out) : std::nullopt;
}

std::optional<Word> word_of(const Json& from, double seconds) {
    if (!from.is_object()) return std::nullopt;
    std::string text = text_at(from, "word");
    if (text.empty()) text = text_at(from, "text");
    text = std::string(trim(text));
    const auto at = stretch_of(from, seconds);
    if (text.empty() || !at) return std::nullopt;
    Word word{std::move(text), at->start, at->end, {}};
    auto sure = number(from, "probability");
    if (!sure) sure = number(from, "confidence");
    if (!sure) sure = number(from, "score");
    if (sure && *sure >= 0 && *sure <= 1) word.confidence = sure;
    if (!word.confidence)
        if (const auto logprob = number(from, "logprob")) word.confidence = likelihood(*logprob);
    return word;
}

/// In order of time, none of which begins before the one before it ends.
std::vector<Word> words_of(const Json& list, double seconds) {
    std::vector<Word> words;
    for (const auto& one : list) {
        auto word = word_of(one, seconds);
        if (!word || words.size() == most_words) continue;
        if (!words.empty()) {
            word->start = std::max(word->start, words.back().start);
            word->end = std::max(word->end, word->start);
        }
        words.push_back(*std::move(word));
    }
    return words;
}

/// Tokens and their log-probabilities -> how sure each word of white space is.
std::vector<std::pair<std::string, double>> sure_words(const Json& tokens) {
    std::vector<std::pair<std::string, double>> out;
    bool open = false;
    for (const auto& one : tokens) {
        if (!one.is_object()) continue;
        const auto logprob = number(one, "logprob");
        if (!logprob) continue;
        for (const char c : text_at(one, "token")) {
            const bool space = c == ' ' || c == '\n' || c == '\t';
            if (space) {
                open = false;
            } else {
                if (!open) out.emplace_back("", 0), open = true;
                out.back().first += c;
            }
        }
        if (open && !out.empty()) out.back().second += *logprob;
    }
    for (auto& [word, sum] : out) sum = likelihood(sum);
    return out;
}

/// Words without a confidence take that of the tokens that spell them, in order.
void lend_confidence(std::vector<Word>& words,
                     const std::vector<std::pair<std::string, double>>& sure) {
    std::size_t at = 0;
    for (Word& word : words) {
        std::size_t look = at;
        while (look < sure.size() && look < at + 8 && sure[look].first != word.text) ++look;
        if (look >= sure.size() || sure[look].first != word.text) continue;
        if (!word.confidence) word.confidence = sure[look].second;
        at = look + 1;
    }
}

std::optional<double> mean_confidence(const std::vector<Word>& words) {
    double sum = 0;
    std::size_t count = 0;
    for (const Word& word : words)
        if (word.confidence) sum += *word.confidence, ++count;
    return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
}

class Reader {
public:
    Reader(const Json& reply, const Schema& schema, const TranscriptPlan& plan, double seconds)
        : reply_(reply), schema_(schema), plan_(plan), seconds_(seconds) {}

    Result<DraftAnswer> read() {
        if (!reply_.is_object() || (!reply_.contains("text") && !reply_.contains("segments")))
            return Refusal{Code::invalid,
                           "The server's reply is no transcript: look at the model's base URL."};
        words_ = words_of(list_at(reply_, "words"), seconds_);
        lend_confidence(words_, sure_words(list_at(reply_, "logprobs")));
        if (!plan_.segments.empty()) read_segments();
        if (!plan_.whole.empty()) whole();
        for (const Region& region : answer_.regions)
            if (region.confidence)
                answer_.confidence = std::min(answer_.confidence.value_or(1), *region.confidence);
        return std::move(answer_);
    }

private:
    Region& add(ControlKind kind, const std::string& control) {
        Region& region = answer_.regions.emplace_back();
        region.id = "d" + std::to_string(answer_.regions.size());
        region.kind = kind;
        region.control = control;
        region.origin = Origin::model;
        return region;
    }

    void whole() {
        std::string text(trim(text_at(reply_, "text")));
        std::vector<Word> words = words_;
        std::string joined;
        for (const auto& one : list_at(reply_, "segments")) {
            if (!one.is_object()) continue;
            const std::string part(trim(text_at(one, "text")));
            joined += (joined.empty() || part.empty() ? "" : " ") + part;
            if (!words_.empty()) continue;
            const auto own = words_of(list_at(one, "words"), seconds_);
            words.insert(words.end(), own.begin(), own.end());
        }
        if (text.empty()) text = std::move(joined);
        if (text.empty()) return;
        Region& region = add(ControlKind::text, plan_.whole);
        region.text = std::move(text);
        region.confidence = sure_of_whole(words);
        region.words = std::move(words);
    }

    std::optional<double> sure_of_whole(const std::vector<Word>& words) const {
        if (const auto mean = mean_confidence(words)) return mean;
        double sum = 0, count = 0;
        for (const auto& [word, sure] : sure_words(list_at(reply_, "logprobs")))
            sum += sure, ++count;
        if (count > 0) return sum / count;
        for (const auto& one : list_at(reply_, "segments"))
            if (one.is_object())
                if (const auto logprob = number(one, "avg_logprob"))
                    sum += likelihood(*logprob), ++count;
        return count > 0 ? std::optional(sum / count) : std::nullopt;
    }

    void read_segments() {
        for (const auto& one : list_at(reply_, "segments")) {
            if (!one.is_object() || taken_ == most_segments) continue;
            const auto at = stretch_of(one, seconds_);
            const std::string text(trim(text_at(one, "text")));
            if (!at || !(at->end > at->start)) continue;
            ++taken_;
            segment(one, *at, text);
        }
    }

    void segment(const Json& one, const Stretch& at, const std::string& text) {
        auto words = words_of(list_at(one, "words"), seconds_);
        for (const Word& word : words_) {
            const double middle = (word.start + word.end) / 2;
            if (list_at(one, "words").empty() && middle >= at.start && middle < at.end)
                words.push_back(word);
        }
        auto sure = mean_confidence(words);
        if (!sure)
            if (const auto logprob = number(one, "avg_logprob")) sure = likelihood(*logprob);
        Region& heard = add(ControlKind::segments, plan_.segments);
        heard.start = at.start;
        heard.end = at.end;
        heard.labels = {label_of(text_at(one, "speaker"))};
        if (const auto silent = number(one, "no_speech_prob");
            silent && *silent >= 0 && *silent <= 1)
            heard.confidence = 1 - *silent;
        if (plan_.of_segment.empty() || text.empty()) return;
        const std::string parent = heard.id;
        Region& written = add(ControlKind::text, plan_.of_segment);
        written.parent = parent;
        written.text = text;
        written.confidence = sure;
        written.words = std::move(words);
    }

    std::string label_of(const std::string& speaker) {
        if (speaker.empty()) return plan_.label;
        if (const auto known = plan_.speakers.find(speaker); known != plan_.speakers.end())
            return known->second;
        const Control& control = *schema_.control(plan_.segments);
        if (const auto* label = Schema::find_label(control, speaker)) return label->name;
        const auto [seen, first] = heard_.emplace(speaker, heard_.size());
        return seen->second < control.labels.size() ? control.labels[seen->second].name
                                                    : plan_.label;
    }

    const Json& reply_;
    const Schema& schema_;
    const TranscriptPlan& plan_;
    double seconds_;
    std::vector<Word> words_;
    std::size_t taken_ = 0;
    std::map<std::string, std::size_t> heard_;  ///< Speakers by when they are heard first.
    DraftAnswer answer_;
};

}  // namespace

Result<TranscriptPlan> transcript_plan(const Schema& schema, const Json& config) {
    TranscriptPlan plan;
    const Control* heard = nullptr;
    for (const auto& control : schema.controls) {
        if (control.kind == ControlKind::segments && !heard) heard = &control;
        if (control.kind != ControlKind::text) continue;
        auto& name = control.per_region ? plan.of_segment : plan.whole;
        if (name.empty()) name = control.name;
    }
    if (schema.modality != Modality::audio || (plan.whole.empty() && !heard))
        return Refusal{Code::invalid,
                       "A transcript answers a text or segments of a recording, and the schema "
                       "asks for neither."};
    if (!heard) return plan;
    plan.segments = heard->name;
    const auto label_called = [&](const Json& name) -> Result<std::string> {
        const auto* label =
            name.is_string() ? Schema::find_label(*heard, name.get<std::string>()) : nullptr;
        if (!label)
            return Refusal{Code::invalid, "The model's config names " + to_text(name) +
                                              ", which is no label of \"" + heard->name + "\"."};
        return label->name;
    };
    plan.label = heard->labels.empty() ? "" : heard->labels.front().name;
    if (const auto given = config.find("segment_label"); given != config.end())
        plan.label = TRY(label_called(*given));
    if (const auto map = config.find("map"); map != config.end() && map->is_object())
        for (const auto& [speaker, label] : map->items())
            plan.speakers[speaker] = TRY(label_called(label));
    return plan;
}

Result<DraftAnswer> transcript_answer(const Json& reply, const Schema& schema,
                                      const TranscriptPlan& plan, double seconds) {
    return Reader(reply, schema, plan, seconds).read();
}

}  // namespace countersign
