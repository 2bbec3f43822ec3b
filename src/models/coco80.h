// The 80 kinds of object of COCO (Lin et al., "Microsoft COCO: Common Objects in Context", ECCV
// 2014), in the order in which detectors number them, and the words that people use for them.
#pragma once

#include <span>
#include <string_view>

namespace countersign {

struct ObjectWords {
    std::string_view name;  ///< COCO's.
    std::string_view
        synonyms;  ///< Mean the same, divided by commas; PASCAL VOC's names are among them.
    std::string_view groups;  ///< What it is a kind of, the narrowest first, divided by commas.
};

std::span<const ObjectWords, 80> coco80();

}  // namespace countersign
