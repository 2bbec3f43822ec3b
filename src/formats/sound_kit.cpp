#include "formats/sound_kit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_listing = 64 << 20;
constexpr double most_seconds = 1e8;
constexpr double slack = 0.05;  // Seconds that core's check_regions cuts off itself.

/// Appends a code point; what is none becomes the replacement character.
void append_code_point(std::string& out, char32_t c, bool& mended) {
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD, mended = true;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

std::string from_utf16(std::string_view bytes, bool big_endian, bool& mended) {
    std::string out;
    const auto unit = [&](std::size_t at) {
        const auto a = static_cast<unsigned char>(bytes[at]),
                   b = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
    };
    if (bytes.size() % 2 != 0) mended = true;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        char32_t c = unit(at);
        if (c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size()) {
            const auto low = unit(at + 2);
            if (low >= 0xDC00 && low < 0xE000)
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), at += 2;
        }
        append_code_point(out, c, mended);
    }
    return out;
}

}  // namespace

std::vector<std::string_view> fields_of_line(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0;;) {
        at = line.find_first_not_of(" \t\r", at);
        if (at == std::string_view::npos) return fields;
        const auto end = std::min(line.find_first_of(" \t\r", at), line.size());
        fields.push_back(line.substr(at, end - at));
        at = end;
    }
}

std::optional<double> seconds_in(std::string_view text) {
    text = trim(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
        std::abs(value) > most_seconds)
        return std::nullopt;
    return value;
}

double to_microsecond(double seconds) {
    return std::round(seconds * 1e6) / 1e6;
}

void append_seconds(std::string& out, double seconds) {
    char text[64];
    auto n = static_cast<std::size_t>(
        std::snprintf(text, sizeof text, "%.6f", std::clamp(seconds, -most_seconds, most_seconds)));
    for (int i = 0; i < 3 && text[n - 1] == '0'; ++i) --n;
    out.append(text, n);
}

void append_clock(std::string& out, double seconds, char mark, Losses& losses) {
    const double ms = std::round(std::clamp(seconds, 0.0, most_seconds) * 1000);
    if (std::abs(seconds * 1000 - ms) > 1e-4)
        losses.add("time finer than a millisecond, rounded to it");
    const auto all = static_cast<std::int64_t>(ms);
    char text[64];
    const auto n =
        std::snprintf(text, sizeof text, "%02d:%02d:%02d%c%03d", static_cast<int>(all / 3'600'000),
                      static_cast<int>(all / 60'000 % 60), static_cast<int>(all / 1000 % 60), mark,
                      static_cast<int>(all % 1000));
    out.append(text, static_cast<std::size_t>(n));
}

std::optional<double> clock_in(std::string_view text) {
    text = trim(text);
    const auto parts = split(text, ':');
    if (parts.empty() || parts.size() > 3) return std::nullopt;
    double whole = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        int n = 0;
        const auto [end, error] =
            std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), n);
        const bool first = i + 2 < parts.size();
        if (error != std::errc() || end != parts[i].data() + parts[i].size() || n < 0 ||
            n > (first               ? 20'000
                 : parts.size() == 2 ? 1'000'000
                                     : 59))
            return std::nullopt;
        whole = (whole + n) * 60;
    }
    std::string last(parts.back());
    std::replace(last.begin(), last.end(), ',', '.');
    const auto seconds = seconds_in(last);
    if (!seconds || *seconds < 0 || (parts.size() > 1 && *seconds >= 60) || last.front() == '+')
        return std::nullopt;
    return to_microsecond(whole + *seconds);
}

std::string_view recording_stem(std::string_view name) {
    return is_sound_name(name) ? stem(name) : base_name(name);
}

std::string utf8_of_file(std::string_view bytes, bool& mended) {
    std::string text;
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        text = from_utf16(bytes.substr(2), bytes[0] == '\xFE', mended);
    } else {
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
        const bool good = is_utf8(bytes);
        mended = mended || !good;
        text = good ? std::string(bytes) : repair_utf8(bytes);
    }
    std::size_t to = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        text[to++] = text[i] == '\r' ? '\n' : text[i];
    }
    text.resize(to);
    return text;
}

std::string take_speaker(std::string& text, SoundLabels& labels, bool guess) {
    const auto colon = text.find(": ");
    constexpr std::size_t longest_name = 40;
    if (colon == std::string::npos || colon == 0 || colon > longest_name) {
        if (!labels.schema() || !labels.is_label(text)) return {};
        return std::exchange(text, std::string());
    }
    std::string name = text.substr(0, colon);
    const bool is_one = labels.schema()
                            ? labels.is_label(name)
                            : guess && name.find_first_of("\n.,;?!") == std::string::npos;
    if (!is_one) return {};
    text.erase(0, colon + 2);
    return name;
}

const Control* SoundLabels::text_control(bool per_region) const {
    if (schema_)
        for (const auto& c : schema_->controls)
            if (c.kind == ControlKind::text && c.per_region == per_region) return &c;
    return nullptr;
}

bool SoundLabels::is_label(std::string_view name) {
    return schema_ && !finder_.find(ControlKind::segments, name).control.empty();
}

LabelFinder::Found SoundLabels::control_of(const SpokenTurn& turn) {
    if (!turn.control.empty() && schema_)
        if (const auto* c = schema_->control(turn.control); c && c->kind == ControlKind::segments)
            if (const auto* l = Schema::find_label(*c, turn.label)) return {c->name, l->name};
    if (!turn.label.empty()) return finder_.find(ControlKind::segments, turn.label);
    if (!schema_) return finder_.find(ControlKind::segments, "speech");
    const Control* only = nullptr;
    for (const auto& c : schema_->controls)
        if (c.kind == ControlKind::segments && !std::exchange(only, &c) && c.labels.size() != 1)
            return {};
    return only && only->labels.size() == 1
               ? LabelFinder::Found{only->name, only->labels.front().name}
               : LabelFinder::Found();
}

void SoundLabels::join(const SpokenTurn& turn) {
    joined_.push_back(turn);
}

void SoundLabels::turn(SpokenTurn turn) {
    const auto found = control_of(turn);
    const bool has_text = !trim(turn.text).empty();
    const bool one_text = schema_ && text_control(false) && !text_control(true);
    if (has_text && one_text) join(turn);
    if (found.control.empty()) {
        if (has_text && one_text && !finder_.has(ControlKind::segments)) return;
        return mends_.left_out(
            turn.label.empty()
                ? "a stretch names no speaker, and the schema has not one label for segments but "
                  "several or none"
                : in_quotes(turn.label) +
                      " is not a label for segments of the schema (add it, or make it an alias)");
    }
    turn.control = found.control;
    turn.label = found.label;
    if (has_text && schema_ && !text_control(true)) {
        if (!one_text)
            mends_.left_out("the schema has no text control that asks about each segment");
        turn.text.clear();
        turn.words.clear();
    }
    segments_.push_back(std::move(turn));
}

void SoundLabels::whole(std::string text, std::vector<Word> words, std::string_view control) {
    if (trim(text).empty()) return;
    const auto* asked = schema_ ? schema_->control(control) : nullptr;
    const auto* c = asked && asked->kind == ControlKind::text && !asked->per_region
                        ? asked
                        : text_control(false);
    if (schema_ && !c)
        return mends_.left_out("the schema has no text control about the whole recording");
    const auto name = c ? c->name : control.empty() ? "transcript" : std::string(control);
    for (const auto& r : texts_)
        if (r.control == name && c && !c->multiple)
            return mends_.left_out("a second text of the whole recording");
    Region r;
    r.kind = ControlKind::text;
    r.id = "t" + std::to_string(texts_.size() + 1);
    r.control = name;
    r.text = std::move(text);
    r.words = std::move(words);
    texts_.push_back(std::move(r));
}

bool SoundLabels::fits(SpokenTurn& turn, double seconds, bool as_written) {
    if (!std::isfinite(turn.start) || !std::isfinite(turn.end)) {
        mends_.left_out("a segment has a time that is not finite");
        return false;
    }
    if (as_written) return true;
    if (turn.start < 0 || turn.end <= turn.start) {
        mends_.left_out(turn.start < 0 ? "a segment begins before the recording"
                                       : "a segment has no length");
        return false;
    }
    if (seconds <= 0 || turn.end <= seconds + slack) return true;
    if (turn.start >= seconds) {
        mends_.left_out("a segment lies behind the end of the recording");
        return false;
    }
    turn.end = seconds;
    mends_.mended("a segment ran past the end of the recording and was cut to it");
    return true;
}

Regions SoundLabels::take(double seconds, bool as_written) {
    const auto sooner = [](const SpokenTurn& a, const SpokenTurn& b) {
        return std::pair(a.start, a.end) < std::pair(b.start, b.end);
    };
    std::erase_if(segments_, [&](SpokenTurn& t) { return !fits(t, seconds, as_written); });
    std::stable_sort(segments_.begin(), segments_.end(), sooner);
    std::stable_sort(joined_.begin(), joined_.end(), sooner);
    const auto* per_segment = text_control(true);
    Regions regions;
    regions.reserve(segments_.size());
    int n = 0;
    for (auto& t : segments_) {
        ++n;
        Region r;
        r.kind = ControlKind::segments;
        r.id = t.id.empty() ? "s" + std::to_string(n) : t.id;
        r.control = t.control;
        r.labels = {t.label};
        r.start = t.start, r.end = t.end;
        if (t.confidence && *t.confidence >= 0 && *t.confidence <= 1) r.confidence = t.confidence;
        r.meta = std::move(t.meta);
        Region text;
        text.parent = r.id;
        regions.push_back(std::move(r));
        if (trim(t.text).empty()) continue;
        text.kind = ControlKind::text;
        text.id = text.parent + "-text";
        text.control = per_segment ? per_segment->name : "text";
        text.text = std::move(t.text);
        text.words = std::move(t.words);
        regions.push_back(std::move(text));
    }
    std::string all;
    std::vector<Word> words;
    bool timed = true;
    for (auto& t : joined_) {
        all += (all.empty() ? "" : " ") + std::string(trim(t.text));
        timed = timed && !t.words.empty();
        words.insert(words.end(), t.words.begin(), t.words.end());
    }
    if (!all.empty()) {
        if (!timed && segments_.empty())
            mends_.mended("the stretches were joined to the one text that the schema asks for");
        whole(std::move(all), std::move(words));
    }
    for (auto& r : texts_) regions.push_back(std::move(r));
    segments_.clear(), joined_.clear(), texts_.clear();
    return regions;
}

Result<std::optional<ImportedRow>> SoundFilesReader::read() {
    const auto& entries = source_->entries();
    for (; at_ < entries.size(); ++at_) {
        if (base_name(entries[at_].name) == left_out_file)
            book_.use(entries[at_]), entry_done(entries[at_]);
        else if (is_mine(entries[at_].name))
            break;
    }
    if (at_ == entries.size()) return std::optional<ImportedRow>();
    const auto& entry = entries[at_++];
    book_.use(entry);
    const auto bytes = source_->read_all(entry.name, longest_listing);
    entry_done(entry);
    if (!bytes) return std::optional(rejected(entry.name, bytes.refusal().message));
    Mends mends;
    bool mended = false;
    const auto text = utf8_of_file(*bytes, mended);
    if (mended) mends.mended("bytes that are no text were replaced");
    SoundLabels labels(labels_, context_.schema, mends);
    ImportedRow row;
    row.where = entry.name;
    std::string recording;
    if (const auto done = take(text, labels, row, recording); !done)
        return std::optional(rejected(entry.name, entry.name + ": " + done.refusal().message +
                                                      ". Mend the file and import it again."));
    // What the file calls its recording may be a path of another machine.
    if (!recording.empty() && !book_.sound(recording) && book_.sound(stem(entry.name)))
        recording.clear();
    tie_sound(row, recording.empty() ? stem(entry.name) : std::string_view(recording));
    add_labels(row, labels.take(row.seconds, context_.as_written));
    mends.apply(row);
    return std::optional(std::move(row));
}

void hold_to_end(Regions& regions, double seconds, Mends& mends) {
    const auto behind = [&](const Region& r) {
        return r.kind == ControlKind::segments && r.start >= seconds;
    };
    std::set<std::string, std::less<>> gone;
    for (auto& r : regions) {
        if (behind(r)) {
            mends.left_out("a segment lies behind the end of the recording");
            if (!r.id.empty()) gone.insert(r.id);
        } else if (r.kind == ControlKind::segments && r.end > seconds + slack) {
            r.end = seconds;
            mends.mended("a segment ran past the end of the recording and was cut to it");
        }
    }
    std::erase_if(regions, [&](const Region& r) {
        return behind(r) || gone.contains(r.parent) || gone.contains(r.from) || gone.contains(r.to);
    });
    for (auto& r : regions) {
        if (std::erase_if(r.words, [&](const Word& w) { return w.start >= seconds; }) > 0)
            mends.mended("words behind the end of the recording lost their times");
        for (auto& w : r.words) w.end = std::min(w.end, seconds);
    }
}

std::string SoundWriter::one_field(std::string_view text, const std::string& what) {
    std::string out(text);
    bool changed = out.empty();
    for (char& c : out)
        if (static_cast<unsigned char>(c) <= 0x20) c = '_', changed = true;
    if (changed) lose("white space in " + what);
    return out.empty() ? "_" : out;
}

std::string SoundWriter::name_of(const ExportRecord& record) {
    std::string name(base_name(record.image_name.empty() ? record.key : record.image_name));
    if (!fault_of_name(name).empty()) name = record.id;
    const std::string first(recording_stem(name)), ext = name.substr(first.size());
    for (int n = 2; !used_.insert(std::string(recording_stem(name))).second; ++n)
        name = first + "-" + std::to_string(n) + ext;
    return name;
}

Result<> SoundWriter::write(const ExportRecord& record, std::string& out) {
    const auto* label = record.label();
    if (!label || label->action == "skipped") return Done{};
    const auto regions = TRY(regions_.parse(label->regions_text));
    Recording one{record, name_of(record), {}, record.seconds, {}, {}};
    one.stem = recording_stem(one.name);
    std::map<std::string_view, std::size_t> place;
    std::vector<const Region*> segments;
    for (const auto& r : regions)
        if (r.kind == ControlKind::segments && !r.labels.empty()) segments.push_back(&r);
    std::stable_sort(segments.begin(), segments.end(), [](const Region* a, const Region* b) {
        return std::pair(a->start, a->end) < std::pair(b->start, b->end);
    });
    for (const auto* r : segments) {
        place.emplace(r->id, one.turns.size());
        SpokenTurn t;
        t.start = r->start, t.end = r->end;
        t.label = r->labels.front();
        t.confidence = r->confidence;
        t.meta = r->meta;
        t.id = r->id;
        t.control = r->control;
        one.turns.push_back(std::move(t));
    }
    for (const auto& r : regions) {
        if (r.kind == ControlKind::segments) continue;
        const auto about = place.find(r.parent);
        const bool text = r.kind == ControlKind::text;
        if (text && r.parent.empty()) {
            one.texts.push_back({r.control, r.text, r.words});
        } else if (text && about != place.end()) {
            auto& t = one.turns[about->second];
            if (!t.text.empty()) losses_.add("second text of a segment, joined to the first");
            t.text += (t.text.empty() ? "" : " ") + r.text;
            t.words.insert(t.words.end(), r.words.begin(), r.words.end());
        } else {
            losses_.add(r);
        }
    }
    return write_one(one, out);
}

Result<> SoundZipWriter::write_one(const Recording& one, std::string& out) {
    zip_.add(one.stem + "." + std::string(file_extension()), TRY(file_of(one)), out);
    if (context_.image_bytes && !one.record.sha256.empty())
        zip_.add(one.name, TRY(context_.image_bytes(one.record.sha256)), out);
    return Done{};
}

Result<> SoundZipWriter::finish(std::string& out) {
    if (!losses().empty()) zip_.add(left_out_file, losses().text(), out);
    zip_.finish(out);
    return Done{};
}

}  // namespace countersign
