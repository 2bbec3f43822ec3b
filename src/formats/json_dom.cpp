#include "formats/json_dom.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "formats/pieces.h"

namespace countersign {

static_assert(Window::padding >= simdjson::SIMDJSON_PADDING);

Result<Dom> JsonParser::parse(std::string_view text) {
    constexpr std::size_t least = std::size_t{64} << 10, deepest = 60;
    if (text.size() > parser_.capacity() || parser_.capacity() == 0)
        if (parser_.allocate(std::max(text.size() * 2, least), deepest))
            return Refusal{Code::too_large, "there is no memory for a value this large"};
    Dom value;
    const auto error = parser_.parse(text.data(), text.size(), false).get(value);
    if (!error) return value;
    switch (error) {
        case simdjson::UTF8_ERROR:
            return Refusal{Code::unsupported, "it is not UTF-8"};
        case simdjson::DEPTH_ERROR:
            return Refusal{Code::invalid, "it is nested deeper than 60 levels"};
        case simdjson::EMPTY:
            return Refusal{Code::invalid, "it is empty"};
        default:
            break;
    }
    return Refusal{Code::invalid,
                   std::string("it is not valid JSON (") + simdjson::error_message(error) + ")"};
}

Result<Dom> JsonParser::parse_copy(std::string_view text) {
    copy_.reserve(text.size() + Window::padding);
    copy_.assign(text);
    return parse(copy_);
}

std::optional<Dom> member(Dom object, std::string_view key) {
    Dom value;
    if (object.at_key(key).get(value) || value.is_null()) return std::nullopt;
    return value;
}
std::optional<std::string_view> text_of(Dom object, std::string_view key) {
    std::string_view text;
    if (object.at_key(key).get(text)) return std::nullopt;
    return text;
}
std::optional<double> number_of(Dom object, std::string_view key) {
    double number;
    if (object.at_key(key).get(number)) return std::nullopt;
    return number;
}
std::optional<std::int64_t> integer_of(Dom object, std::string_view key) {
    std::int64_t number;
    if (!object.at_key(key).get(number)) return number;
    const auto real = number_of(object, key);
    if (real && std::abs(*real) < 9e15 && std::floor(*real) == *real)
        return static_cast<std::int64_t>(*real);
    return std::nullopt;
}
bool true_of(Dom object, std::string_view key) {
    bool truth = false;
    return !object.at_key(key).get(truth) && truth;
}
std::string as_text(Dom value) {
    std::string_view text;
    if (!value.get(text)) return std::string(text);
    if (value.is_number() || value.is_bool()) return compact(value);
    return {};
}
std::string compact(Dom value) {
    return simdjson::minify(value);
}

namespace {

class RegionReader {
public:
    RegionReader(std::string_view path, std::size_t i) : path_(path), i_(i) {}

    Result<Region> read(Dom value) {
        simdjson::dom::object object;
        if (value.get(object)) return wrong("", "an object");
        for (const auto field : object)
            if (!take(field.key, field.value)) return wrong(field.key, wanted_);
        return std::move(r_);
    }

private:
    Refusal wrong(std::string_view key, std::string_view what) const {
        return {Code::invalid, std::string(path_) + "[" + std::to_string(i_) + "]" +
                                   (key.empty() ? "" : ".") + std::string(key) + " must be " +
                                   std::string(what)};
    }
    bool text(Dom v, std::string& into) {
        wanted_ = "a text";
        std::string_view t;
        if (v.get(t)) return false;
        into = t;
        return true;
    }
    bool number(Dom v, double& into) {
        wanted_ = "a number";
        return !v.get(into);
    }
    bool number(Dom v, std::optional<double>& into) {
        into.emplace();
        return number(v, *into);
    }
    bool whole(Dom v, int& into) {
        wanted_ = "a small whole number";
        std::int64_t n;
        if (v.get(n) || n < -1'000'000 || n > 1'000'000) return false;
        into = static_cast<int>(n);
        return true;
    }
    template <class E>
    bool name(Dom v, E& into) {
        wanted_ = "one of the names in the format's reference";
        std::string_view t;
        if (v.get(t)) return false;
        const auto found = from_name<E>(t);
        if (found) into = *found;
        return found.has_value();
    }
    template <class T, class Take>
    bool list(Dom v, std::vector<T>& into, Take&& take_one) {
        simdjson::dom::array items;
        wanted_ = "a list";
        if (v.get(items)) return false;
        for (const Dom item : items)
            if (!take_one(item, into.emplace_back())) return false;
        return true;
    }
    bool word(Dom v, Word& into) {
        simdjson::dom::object members;
        wanted_ = "a list of words with text, start and end";
        if (v.get(members)) return false;
        for (const auto member : members) {
            const Dom value = member.value;
            if (member.key == "text" && !text(value, into.text)) return false;
            if (member.key == "start" && !number(value, into.start)) return false;
            if (member.key == "end" && !number(value, into.end)) return false;
            if (member.key == "confidence" && !value.is_null() && !number(value, into.confidence))
                return false;
        }
        return true;
    }
    bool take(std::string_view key, Dom v) {
        if (v.is_null()) return true;
        if (key == "id") return text(v, r_.id);
        if (key == "control") return text(v, r_.control);
        if (key == "kind") return name(v, r_.kind);
        if (key == "labels")
            return list(v, r_.labels,
                        [&](Dom item, std::string& into) { return text(item, into); });
        if (key == "x") return number(v, r_.x);
        if (key == "y") return number(v, r_.y);
        if (key == "width") return number(v, r_.width);
        if (key == "height") return number(v, r_.height);
        if (key == "rotation") return number(v, r_.rotation);
        if (key == "points")
            return list(v, r_.points, [&](Dom item, double& into) { return number(item, into); });
        if (key == "rings")
            return list(v, r_.rings, [&](Dom ring, std::vector<double>& into) {
                return list(ring, into, [&](Dom item, double& n) { return number(item, n); });
            });
        if (key == "visible")
            return list(v, r_.visible, [&](Dom item, int& into) { return whole(item, into); });
        if (key == "parent") return text(v, r_.parent);
        if (key == "from") return text(v, r_.from);
        if (key == "to") return text(v, r_.to);
        if (key == "start") return number(v, r_.start);
        if (key == "end") return number(v, r_.end);
        if (key == "text") return text(v, r_.text);
        if (key == "words")
            return list(v, r_.words, [&](Dom item, Word& into) { return word(item, into); });
        if (key == "confidence") return number(v, r_.confidence);
        if (key == "probability") return number(v, r_.probability);
        if (key == "origin") return name(v, r_.origin);
        if (key == "grounding") return name(v, r_.grounding);
        if (key == "reason") return text(v, r_.reason);
        if (key == "meta") {
            auto parsed = parse_json(compact(v));
            if (parsed) r_.meta = std::move(*parsed);
            wanted_ = "JSON without broken characters";
            return static_cast<bool>(parsed);
        }
        return true;
    }

    std::string_view path_, wanted_;
    std::size_t i_;
    Region r_;
};

}  // namespace

Result<Regions> read_regions(Dom list, std::string_view path) {
    simdjson::dom::array items;
    if (list.get(items)) return Refusal{Code::invalid, std::string(path) + " must be a list"};
    Regions regions;
    for (const Dom item : items)
        regions.push_back(TRY(RegionReader(path, regions.size()).read(item)));
    return regions;
}

Result<Regions> RegionsParser::parse(std::string_view regions_text) {
    if (regions_text.empty() || regions_text == "[]") return Regions();
    return read_regions(TRY(parser_.parse_copy(regions_text)), "regions");
}

std::int64_t parse_time(std::string_view text) {
    int y, mo, d, h, mi, n = 0;
    double s = 0;
    const std::string copy(text.substr(0, 40));
    if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &y, &mo, &d, &h, &mi, &s, &n) < 6)
        return 0;
    const auto date = std::chrono::year(y) / mo / d;
    if (!date.ok() || h < 0 || h > 23 || mi < 0 || mi > 59 || !(s >= 0 && s < 61)) return 0;
    int offset_h = 0, offset_m = 0;
    char sign = 'Z';
    std::sscanf(copy.c_str() + n, "%c%2d:%2d", &sign, &offset_h, &offset_m);
    const std::int64_t offset = (offset_h * 60 + offset_m) * (sign == '-' ? -1 : 1);
    const std::int64_t minutes =
        std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{1440} + h * 60 + mi -
        offset;
    return minutes * 60'000 + static_cast<std::int64_t>(std::llround(s * 1000));
}

}  // namespace countersign
