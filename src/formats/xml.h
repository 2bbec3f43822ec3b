// XML in pieces and by appending: an element at a time out of a stream, held to limits of size and
// depth before a parser sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pieces.h"

namespace countersign {

/// How deep elements nest at most, without parsing: opening tags less closing ones.
int xml_depth(std::string_view xml);
constexpr int deepest_xml = 64;

struct XmlPiece {
    std::string_view name;  ///< One of the names that were asked for.
    std::string_view text;  ///< The whole element. Lives until the next call.
};

/// Cuts elements of given names, which do not nest in themselves, out of a document. What stands
/// between them is passed over.
class XmlCutter {
public:
    XmlCutter(ReadBytes read, std::vector<std::string_view> names,
              std::size_t longest = std::size_t{64} << 20)
        : window_(std::move(read)), names_(std::move(names)), longest_(longest) {}
    /// The next one, or nothing at the end. Refuses an element that does not end or is too long.
    Result<std::optional<XmlPiece>> next();

private:
    Result<std::size_t> find(std::string_view wanted, std::size_t from);
    Result<std::size_t> end_of_tag();
    Window window_;
    std::vector<std::string_view> names_;
    std::size_t longest_, used_ = 0;
};

/// Appends text with the signs of XML escaped; control characters become spaces.
void append_xml(std::string& out, std::string_view text);
/// Appends ` name="text"`.
void append_attribute(std::string& out, std::string_view name, std::string_view text);
void append_attribute(std::string& out, std::string_view name, double value);

}  // namespace countersign
