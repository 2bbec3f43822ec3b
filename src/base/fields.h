// One list of fields a wire type; reader, writer and OpenAPI schema come from it:
//
//     template <class V> void fields(V& v, Box& b) { v("x", b.x, "left edge, pixels"); ... }
//
// The third argument says what the field means and stands in the API reference. A reader refuses a
// field of the wrong type by its path ("regions[2].x must be a number"), leaves absent fields at
// their defaults, and ignores fields it does not know. Field types: bool, int, int64, double,
// std::string, std::optional<> (left out when empty), Nullable<> (null when empty), std::vector<>,
// Json, structs with fields(), and enums with a name table:
// `std::span<const EnumName<E>> enum_names(E)`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/json.h"

namespace countersign {

template <class E>
struct EnumName {
    E value;
    std::string_view name;
};

template <class E>
std::string_view name_of(E value) {
    for (const auto& row : enum_names(E{}))
        if (row.value == value) return row.name;
    return "?";
}

template <class E>
std::optional<E> from_name(std::string_view name) {
    for (const auto& row : enum_names(E{}))
        if (row.name == name) return row.value;
    return std::nullopt;
}

/// An optional that stands on the wire as null when it is empty.
template <class T>
struct Nullable : std::optional<T> {
    using std::optional<T>::optional;
    using inner = T;
};

namespace detail {
template <class T>
struct is_nullable : std::false_type {};
template <class T>
struct is_nullable<Nullable<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
}  // namespace detail

class JsonWriter {
public:
    explicit JsonWriter(Json& out) : out_(out) { out_ = Json::object(); }
    template <class T>
    void operator()(std::string_view name, T& value, std::string_view = {}) {
        if constexpr (detail::is_optional<std::remove_const_t<T>>::value) {
            if (value) out_[std::string(name)] = write(*value);
        } else {
            out_[std::string(name)] = write(value);
        }
    }
    template <class T>
    static Json write(const T& value) {
        if constexpr (std::is_same_v<T, Json> || std::is_arithmetic_v<T> ||
                      std::is_same_v<T, std::string>) {
            return value;
        } else if constexpr (detail::is_nullable<T>::value) {
            return value ? write(*value) : Json(nullptr);
        } else if constexpr (detail::is_vector<T>::value) {
            Json list = Json::array();
            for (const auto& item : value) list.push_back(write(item));
            return list;
        } else if constexpr (std::is_enum_v<T>) {
            return std::string(name_of(value));
        } else {
            Json object;
            JsonWriter inner(object);
            fields(inner, const_cast<T&>(value));
            return object;
        }
    }

private:
    Json& out_;
};

class JsonReader {
public:
    JsonReader(const Json& in, std::string path, std::string& complaint)
        : in_(in), path_(std::move(path)), complaint_(complaint) {
        if (!in_.is_object()) complain(path_, "an object");
    }
    template <class T>
    void operator()(std::string_view name, T& value, std::string_view = {}) {
        if (!in_.is_object() || !complaint_.empty()) return;
        const auto found = in_.find(std::string(name));
        if (found == in_.end() || (found->is_null() && !std::is_same_v<T, Json>)) return;
        read(*found, path_.empty() ? std::string(name) : path_ + "." + std::string(name), value,
             complaint_);
    }
    template <class T>
    static void read(const Json& in, const std::string& path, T& value, std::string& complaint) {
        const auto wanted = [&](std::string_view what) {
            if (complaint.empty())
                complaint =
                    (path.empty() ? "the body" : path) + " must be " + std::string(what) + ".";
        };
        if constexpr (std::is_same_v<T, Json>) {
            value = in;
        } else if constexpr (std::is_same_v<T, bool>) {
            in.is_boolean() ? void(value = in.get<bool>()) : wanted("true or false");
        } else if constexpr (std::is_integral_v<T>) {
            in.is_number_integer() ? void(value = in.get<T>()) : wanted("a whole number");
        } else if constexpr (std::is_floating_point_v<T>) {
            in.is_number() ? void(value = in.get<T>()) : wanted("a number");
        } else if constexpr (std::is_same_v<T, std::string>) {
            in.is_string() ? void(value = in.get<std::string>()) : wanted("a text");
        } else if constexpr (detail::is_optional<T>::value || detail::is_nullable<T>::value) {
            value.emplace();
            read(in, path, *value, complaint);
        } else if constexpr (detail::is_vector<T>::value) {
            if (!in.is_array()) return wanted("a list");
            value.clear();
            for (std::size_t i = 0; i < in.size() && complaint.empty(); ++i) {
                value.emplace_back();
                read(in[i], path + "[" + std::to_string(i) + "]", value.back(), complaint);
            }
        } else if constexpr (std::is_enum_v<T>) {
            const auto parsed = in.is_string() ? from_name<T>(in.get<std::string>()) : std::nullopt;
            if (parsed) {
                value = *parsed;
            } else {
                std::string names;
                for (const auto& row : enum_names(T{}))
                    names += (names.empty() ? "" : ", ") + std::string(row.name);
                wanted("one of " + names);
            }
        } else {
            JsonReader inner(in, path, complaint);
            fields(inner, value);
        }
    }

private:
    void complain(const std::string& path, std::string_view what) {
        if (complaint_.empty())
            complaint_ = (path.empty() ? "The body" : path) + " must be " + std::string(what) + ".";
    }
    const Json& in_;
    std::string path_;
    std::string& complaint_;
};

/// Builds the JSON Schema of a wire type (OpenAPI 3.1 uses JSON Schema 2020-12).
class SchemaWriter {
public:
    SchemaWriter() : out_({{"type", "object"}, {"properties", Json::object()}}) {}
    template <class T>
    void operator()(std::string_view name, T&, std::string_view meaning = {}) {
        Json property = of<T>();
        if (!meaning.empty()) property["description"] = std::string(meaning);
        out_["properties"][std::string(name)] = std::move(property);
    }
    template <class T>
    static Json of() {
        if constexpr (std::is_same_v<T, Json>) {
            return Json::object();
        } else if constexpr (std::is_same_v<T, bool>) {
            return {{"type", "boolean"}};
        } else if constexpr (std::is_integral_v<T>) {
            return {{"type", "integer"}};
        } else if constexpr (std::is_floating_point_v<T>) {
            return {{"type", "number"}};
        } else if constexpr (std::is_same_v<T, std::string>) {
            return {{"type", "string"}};
        } else if constexpr (detail::is_optional<T>::value) {
            return of<typename T::value_type>();
        } else if constexpr (detail::is_nullable<T>::value) {
            return {{"anyOf", Json::array({of<typename T::inner>(), Json{{"type", "null"}}})}};
        } else if constexpr (detail::is_vector<T>::value) {
            return {{"type", "array"}, {"items", of<typename T::value_type>()}};
        } else if constexpr (std::is_enum_v<T>) {
            Json names = Json::array();
            for (const auto& row : enum_names(T{})) names.push_back(std::string(row.name));
            return {{"type", "string"}, {"enum", names}};
        } else {
            SchemaWriter writer;
            T value{};
            fields(writer, value);
            return writer.out_;
        }
    }

private:
    Json out_;
};

template <class T>
Json to_json(const T& value) {
    return JsonWriter::write(value);
}

template <class T>
Result<T> from_json(const Json& in) {
    T value{};
    std::string complaint;
    JsonReader::read(in, "", value, complaint);
    if (!complaint.empty()) return Refusal{Code::invalid, complaint};
    return value;
}

template <class T>
Result<T> from_text(std::string_view text) {
    return from_json<T>(TRY(parse_json(text)));
}

}  // namespace countersign
