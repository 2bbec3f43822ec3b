// Tags of tokens <-> spans: BIO (also IOB1), BIOES and BILOU are read; BIO is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/region.h"

namespace countersign {

struct TagSpan {
    std::int64_t start, end;  ///< Code points, half-open.
    std::string label;
};

/// Collects spans from one tag a token. A span begins at B, S or U, and at any other tag that does
/// not go on with the label before it; it ends behind E, L, S and U.
class TagSpans {
public:
    /// False when `tag` is no tag of these schemes; it then counts as O.
    bool add(std::string_view tag, std::int64_t start, std::int64_t end);
    std::vector<TagSpan> take() { return std::move(spans_); }

private:
    std::vector<TagSpan> spans_;
    bool open_ = false;
};

/// A token of a text and its tag.
struct TaggedToken {
    std::string_view text;
    std::string_view space_after;  ///< White space behind it.
    std::string tag;               ///< "O", "B-PER", "I-PER"
};

/// Cuts `text` at white space and at the borders of `spans` (which do not overlap), so that each
/// span is whole tokens. White space before the first token goes into `space_before`.
std::vector<TaggedToken> tagged_tokens(std::string_view text,
                                       const std::vector<const Region*>& spans,
                                       std::string_view& space_before);

}  // namespace countersign
