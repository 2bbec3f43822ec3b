#include "formats/xml.h"

#include <algorithm>

#include "base/json.h"

namespace countersign {

int xml_depth(std::string_view xml) {
    int depth = 0, deepest = 0;
    for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
        const char next = at + 1 < xml.size() ? xml[at + 1] : '\0';
        if (next == '/') {
            --depth;
        } else if (next != '!' && next != '?') {
            const auto end = xml.find('>', at);
            if (end == std::string_view::npos || xml[end - 1] != '/') ++depth;
            deepest = std::max(deepest, depth);
        }
    }
    return deepest;
}

/// Where `wanted` stands from `from` on, reading as far as needed; npos at the end of the stream.
Result<std::size_t> XmlCutter::find(std::string_view wanted, std::size_t from) {
    for (;;) {
        const auto view = window_.view();
        const auto at = view.find(wanted, from);
        if (at != std::string_view::npos) return at;
        if (view.size() > longest_)
            return Refusal{Code::too_large, "An element of the XML is larger than " +
                                                std::to_string(longest_ >> 20) + " MiB."};
        from = std::max(from, view.size() - std::min(view.size(), wanted.size() - 1));
        if (!TRY(window_.more())) return std::string_view::npos;
    }
}

/// One past the ">" of the tag at the front of the window; quoted ones do not count.
Result<std::size_t> XmlCutter::end_of_tag() {
    char quote = 0;
    for (std::size_t at = 1;; ++at) {
        if (at >= window_.view().size() && !TRY(window_.more())) return std::string_view::npos;
        if (at > longest_) return Refusal{Code::too_large, "A tag of the XML is too long."};
        const char c = window_.view()[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
}

Result<std::optional<XmlPiece>> XmlCutter::next() {
    constexpr auto none = std::string_view::npos;
    const Refusal broken{Code::invalid, "The XML breaks off in the middle of an element."};
    window_.drop(used_);
    used_ = 0;
    for (;;) {
        const auto begin = TRY(find("<", 0));
        if (begin == none) return std::optional<XmlPiece>();
        window_.drop(begin);
        while (window_.view().size() < 4 && TRY(window_.more())) {
        }
        if (window_.view().starts_with("<!--")) {
            const auto end = TRY(find("-->", 4));
            if (end == none) return broken;
            window_.drop(end + 3);
            continue;
        }
        const auto end = TRY(end_of_tag());
        if (end == none) return broken;
        const auto tag = window_.view().substr(1, end - 2);
        const auto name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
        const auto wanted = std::find(names_.begin(), names_.end(), name);
        if (wanted == names_.end()) {
            window_.drop(end);
            continue;
        }
        used_ = end;
        if (!tag.ends_with('/')) {
            const auto closing = "</" + std::string(*wanted) + ">";
            const auto at = TRY(find(closing, end));
            if (at == none) return broken;
            used_ = at + closing.size();
        }
        return std::optional(XmlPiece{*wanted, window_.view().substr(0, used_)});
    }
}

void append_xml(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '&':
                out += "&amp;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
}

void append_attribute(std::string& out, std::string_view name, std::string_view text) {
    out.append(" ").append(name).append("=\"");
    append_xml(out, text);
    out += '"';
}
void append_attribute(std::string& out, std::string_view name, double value) {
    std::string text;
    append_json_number(text, value);
    append_attribute(out, name, text);
}

}  // namespace countersign
