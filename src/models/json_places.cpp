#include "models/json_places.h"

#include "base/json.h"

namespace countersign {

namespace {

class Scan {
public:
    explicit Scan(std::string_view text) : text_(text) {}

    std::map<std::string, JsonPlace> run() {
        value("", 0);
        return std::move(found_);
    }

private:
    static constexpr int deepest = 64;

    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void blanks() {
        while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) <= ' ') ++at_;
    }
    /// Behind the closing quote; the place between the quotes.
    JsonPlace string() {
        JsonPlace place{++at_, 0};
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
        at_ = std::min(at_, text_.size());
        place.end = at_;
        if (at_ < text_.size()) ++at_;
        return place;
    }
    std::string name_at(JsonPlace place) const {
        const auto quoted = parse_json(text_.substr(place.begin - 1, place.end - place.begin + 2));
        std::string out;
        if (!quoted || !quoted->is_string()) return out;
        for (const char c : quoted->get<std::string>())
            out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return out;
    }
    void value(const std::string& path, int depth) {
        blanks();
        if (depth > deepest) {
            at_ = text_.size();
        } else if (here() == '{') {
            members(path, depth);
        } else if (here() == '[') {
            ++at_;
            for (int i = 0; blanks(), at_ < text_.size() && here() != ']'; ++i) {
                value(path + "/" + std::to_string(i), depth + 1);
                blanks();
                if (here() != ',') break;
                ++at_;
            }
            close(']');
        } else if (here() == '"') {
            found_[path] = string();
        } else {
            const std::size_t begin = at_;
            while (at_ < text_.size() && text_.find_first_of(",]} \t\r\n", at_) != at_) ++at_;
            found_[path] = {begin, at_};
        }
    }
    void members(const std::string& path, int depth) {
        ++at_;
        while (blanks(), here() == '"') {
            const auto name = name_at(string());
            blanks();
            if (here() == ':') ++at_;
            value(path + "/" + name, depth + 1);
            blanks();
            if (here() != ',') break;
            ++at_;
        }
        close('}');
    }
    void close(char sign) {
        if (here() == sign)
            ++at_;
        else
            at_ = text_.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::map<std::string, JsonPlace> found_;
};

}  // namespace

std::map<std::string, JsonPlace> json_places(std::string_view text) {
    return Scan(text).run();
}

}  // namespace countersign
