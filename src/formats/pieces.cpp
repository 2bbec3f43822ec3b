#include "formats/pieces.h"

#include <algorithm>
#include <cstring>

namespace countersign {

namespace {

constexpr std::size_t chunk = std::size_t{256} << 10;
constexpr int deepest = 256;

bool is_white(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Finds the end of one JSON value in text that may stop anywhere; keeps its state between calls.
class ValueScan {
public:
    enum class Verdict { complete, unfinished, too_deep };
    /// Scans `text` from where the last call stopped. `end()` is one past the value when complete.
    Verdict scan(std::string_view text) {
        while (at_ < text.size()) {
            const char c = text[at_];
            if (in_string_) {
                if (!pass_string(text)) return Verdict::unfinished;
                if (depth_ == 0) return Verdict::complete;
                continue;
            }
            if (depth_ == 0 && at_ > 0) {
                if (c == ',' || c == ']' || c == '}' || is_white(c)) return Verdict::complete;
            }
            ++at_;
            if (c == '"') {
                in_string_ = true;
            } else if (c == '{' || c == '[') {
                if (++depth_ > deepest) return Verdict::too_deep;
            } else if (c == '}' || c == ']') {
                if (--depth_ <= 0) return Verdict::complete;
            }
        }
        return Verdict::unfinished;
    }
    std::size_t end() const { return at_; }
    bool is_scalar_so_far() const { return depth_ == 0 && !in_string_ && at_ > 0; }

private:
    /// Moves behind the closing quote; false when the text ends before it.
    bool pass_string(std::string_view text) {
        while (at_ < text.size()) {
            const char c = text[at_++];
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                in_string_ = false;
                return true;
            }
        }
        return false;
    }
    std::size_t at_ = 0;
    int depth_ = 0;
    bool in_string_ = false, escaped_ = false;
};

}  // namespace

Result<bool> Window::more() {
    if (ended_) return false;
    if (begin_ > 0 && begin_ >= end_ - begin_) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (bytes_.size() < end_ + chunk + padding)
        bytes_.resize(std::max(bytes_.size() * 2, end_ + chunk + padding));
    const auto n = TRY(read_(bytes_.data() + end_, bytes_.size() - padding - end_));
    end_ += n;
    read_so_far_ += static_cast<std::int64_t>(n);
    ended_ = n == 0;
    return n > 0;
}

Result<std::optional<TextLine>> LineReader::next() {
    window_.drop(used_);
    used_ = 0;
    beginning_.clear();
    std::size_t scanned = 0;
    bool too_long = false;
    for (;;) {
        auto view = window_.view();
        if (first_ && view.size() >= 3) {
            first_ = false;
            if (view.starts_with("\xEF\xBB\xBF")) window_.drop(3), view.remove_prefix(3);
        }
        const auto at = view.find('\n', scanned);
        const bool found = at != std::string_view::npos;
        if (!found && view.size() > longest_) {
            if (!too_long) beginning_ = view.substr(0, 200);
            too_long = true;
            window_.drop(view.size());
            view = {};
        }
        scanned = view.size();
        if (!found) {
            if (TRY(window_.more())) continue;
            if (window_.view().empty() && !too_long) return std::optional<TextLine>();
        }
        view = window_.view();
        const auto length = found ? at : view.size();
        used_ = found ? at + 1 : length;
        too_long = too_long || length > longest_;
        auto text = view.substr(0, length);
        if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
        if (too_long && beginning_.empty()) beginning_ = text.substr(0, 200);
        if (too_long) text = beginning_;
        return std::optional(TextLine{text, too_long});
    }
}

Refusal JsonCutter::fault(std::string_view what) const {
    return {Code::invalid,
            "The JSON " + std::string(what) + " at byte " + std::to_string(offset_ + 1) + "."};
}

Result<char> JsonCutter::peek() {
    for (;;) {
        const auto view = window_.view();
        std::size_t i = 0;
        while (i < view.size() && is_white(view[i])) ++i;
        window_.drop(i);
        offset_ += static_cast<std::int64_t>(i);
        if (i < view.size()) return view[i];
        if (!TRY(window_.more())) return '\0';
    }
}

Result<> JsonCutter::expect(char c) {
    if (TRY(peek()) != c) return fault("lacks \"" + std::string(1, c) + "\"");
    window_.drop(1);
    ++offset_;
    return Done{};
}

/// The value at the front of the window, which stays there until the next call.
Result<std::string_view> JsonCutter::value() {
    ValueScan scan;
    for (;;) {
        const auto verdict = scan.scan(window_.view());
        if (verdict == ValueScan::Verdict::too_deep) return fault("is nested too deeply");
        if (verdict == ValueScan::Verdict::complete) break;
        if (scan.end() > longest_)
            return Refusal{Code::too_large, "One value of the JSON is larger than " +
                                                std::to_string(longest_ >> 20) +
                                                " MiB: split the file."};
        if (TRY(window_.more())) continue;
        if (!scan.is_scalar_so_far()) return fault("stops in the middle of the value that starts");
        break;
    }
    used_ = scan.end();
    return window_.view().substr(0, used_);
}

Result<std::optional<JsonPiece>> JsonCutter::element(Place after) {
    const char c = TRY(peek());
    if (c == ']') {
        window_.drop(1);
        ++offset_;
        place_ = after;
        first_ = false;
        return std::optional<JsonPiece>();
    }
    if (!first_) TRY(expect(','));
    first_ = false;
    const char head = TRY(peek());
    if (head == '\0' || head == ',' || head == ']') return fault("lacks a value");
    auto text = TRY(value());
    return std::optional(JsonPiece{key_, text, true});
}

Result<std::optional<JsonPiece>> JsonCutter::member() {
    char c = TRY(peek());
    if (c == '}') {
        window_.drop(1);
        ++offset_;
        place_ = Place::end;
        return std::optional<JsonPiece>();
    }
    if (!first_) TRY(expect(','));
    first_ = false;
    if (TRY(peek()) != '"') return fault("lacks the name of a member");
    key_ = TRY(value());
    key_ = key_.substr(1, key_.size() - 2);
    window_.drop(used_);
    offset_ += static_cast<std::int64_t>(used_);
    used_ = 0;
    TRY(expect(':'));
    c = TRY(peek());
    if (c == '[') {
        TRY(expect('['));
        place_ = Place::in_member_list;
        first_ = true;
        return std::optional<JsonPiece>();
    }
    if (c == '\0' || c == ',' || c == '}') return fault("lacks a value");
    auto text = TRY(value());
    return std::optional(JsonPiece{key_, text, false});
}

Result<std::optional<JsonPiece>> JsonCutter::begin() {
    char c = TRY(peek());
    if (c == '\xEF') {  // A byte order mark.
        window_.drop(std::min<std::size_t>(3, window_.view().size()));
        c = TRY(peek());
    }
    if (c == '[' || (c == '{' && !whole_)) {
        TRY(expect(c));
        place_ = c == '[' ? Place::in_list : Place::in_object;
        return std::optional<JsonPiece>();
    }
    if (c == '\0') {
        place_ = Place::end;
        return std::optional<JsonPiece>();
    }
    if (c != '{') return fault("is neither a list nor an object");
    auto text = TRY(value());
    return std::optional(JsonPiece{{}, text, true});
}

Result<std::optional<JsonPiece>> JsonCutter::next() {
    window_.drop(used_);
    offset_ += static_cast<std::int64_t>(used_);
    used_ = 0;
    while (place_ != Place::end) {
        auto piece = place_ == Place::start            ? begin()
                     : place_ == Place::in_list        ? element(Place::end)
                     : place_ == Place::in_member_list ? element(Place::in_object)
                                                       : member();
        if (!piece || *piece) return piece;
    }
    if (TRY(peek()) != '\0') return fault("goes on after its end");
    return std::optional<JsonPiece>();
}

void each_member(std::string_view object,
                 const std::function<bool(std::string_view, std::string_view)>& use) {
    std::size_t at = object.find('{');
    if (at == std::string_view::npos) return;
    ++at;
    const auto pass = [&](auto&& wanted) {
        while (at < object.size() && wanted(object[at])) ++at;
    };
    const auto take = [&] {
        ValueScan scan;
        scan.scan(object.substr(at));
        const auto text = object.substr(at, scan.end());
        at += scan.end();
        return text;
    };
    for (;;) {
        pass([](char c) { return is_white(c) || c == ','; });
        if (at >= object.size() || object[at] != '"') return;
        const auto key = take();
        pass([](char c) { return is_white(c) || c == ':'; });
        if (at >= object.size() || key.size() < 2) return;
        const auto value = take();
        if (!use(key.substr(1, key.size() - 2), value)) return;
    }
}

bool has_lone_surrogate(std::string_view json) {
    const auto unit_at = [&](std::size_t i) -> unsigned {
        if (i + 6 > json.size() || json[i] != '\\' || json[i + 1] != 'u') return 0;
        return static_cast<unsigned>(
            std::strtoul(std::string(json.substr(i + 2, 4)).c_str(), nullptr, 16));
    };
    for (std::size_t i = json.find('\\'); i != std::string_view::npos; i = json.find('\\', i)) {
        const unsigned unit = unit_at(i);
        if (unit >= 0xDC00 && unit <= 0xDFFF) return true;
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            const unsigned low = unit_at(i + 6);
            if (low < 0xDC00 || low > 0xDFFF) return true;
            i += 12;
        } else {
            i += unit ? 6 : 2;
        }
    }
    return false;
}

}  // namespace countersign
