// Cutting a stream into pieces without holding it: lines, and the elements of a big JSON document.
// Memory is one piece and one buffer. A piece is a view that lives until the next call, with at
// least 64 readable bytes behind it, as simdjson needs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/source.h"

namespace countersign {

/// A window on a stream that grows and slides.
class Window {
public:
    explicit Window(ReadBytes read) : read_(std::move(read)) {}
    /// Reads more behind what is there; false at the end of the stream.
    Result<bool> more();
    void drop(std::size_t n) { begin_ += n; }  ///< The first `n` bytes are done with.
    std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    std::int64_t bytes_read() const { return read_so_far_; }

    static constexpr std::size_t padding = 64;

private:
    ReadBytes read_;
    std::vector<char> bytes_;
    std::size_t begin_ = 0, end_ = 0;
    std::int64_t read_so_far_ = 0;
    bool ended_ = false;
};

struct TextLine {
    std::string_view text;  ///< Without its end ("\n" or "\r\n").
    bool too_long =
        false;  ///< Longer than the limit: the text is its beginning, the rest was passed over.
};

class LineReader {
public:
    explicit LineReader(ReadBytes read, std::size_t longest = std::size_t{16} << 20)
        : window_(std::move(read)), longest_(longest) {}
    Result<std::optional<TextLine>> next();
    std::int64_t bytes_read() const { return window_.bytes_read(); }

private:
    Window window_;
    std::size_t longest_, used_ = 0;
    bool first_ = true;
    std::string beginning_;
};

struct JsonPiece {
    std::string_view key;   ///< The member of the top-level object it belongs to, raw; else empty.
    std::string_view text;  ///< One value, not yet validated inside.
    bool element = false;   ///< An element of a list; else a whole value.
};

/// Walks one JSON document. A top-level list gives its elements. A top-level object gives the
/// elements of its list members and the values of its other members; or with `whole` it is itself
/// one piece, and may be followed by others (JSON text sequences, with or without line ends).
class JsonCutter {
public:
    JsonCutter(ReadBytes read, bool whole, std::size_t longest = std::size_t{256} << 20)
        : window_(std::move(read)), whole_(whole), longest_(longest) {}
    /// The next piece, or nothing at the end. Refuses what is not JSON by its byte offset.
    Result<std::optional<JsonPiece>> next();
    std::int64_t bytes_read() const { return window_.bytes_read(); }

private:
    enum class Place { start, in_list, in_object, in_member_list, end };
    Result<char> peek();  ///< The next byte that is not white space, or 0 at the end.
    Result<std::string_view> value();
    Result<> expect(char c);
    /// One step each: a piece, or nothing when the place has changed and there is more to do.
    Result<std::optional<JsonPiece>> begin();
    Result<std::optional<JsonPiece>> element(Place after);
    Result<std::optional<JsonPiece>> member();
    Refusal fault(std::string_view what) const;

    Window window_;
    bool whole_;
    std::size_t longest_;
    std::size_t used_ = 0;  ///< Bytes of the window that the last piece takes.
    std::int64_t offset_ = 0;
    Place place_ = Place::start;
    bool first_ = true;
    std::string key_;
};

/// The members of a JSON object that a parser has accepted, as raw text: `use(key, value)`, the key
/// without quotes and with its escapes, the value without white space around it; until it gives
/// false.
void each_member(std::string_view object,
                 const std::function<bool(std::string_view key, std::string_view value)>& use);

/// Whether valid JSON text holds an escaped half of a surrogate pair, which no UTF-8 text can hold.
bool has_lone_surrogate(std::string_view json);

}  // namespace countersign
