// Names that images get in an exported zip.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace countersign {

/// Gives each image a flat, safe name whose stem no other image has: "a.png" beside "a.jpg" becomes
/// "a-2.png". The same images in the same order get the same names.
class FlatNames {
public:
    std::string name(std::string_view image_name);
    void restart() { stems_.clear(); }

private:
    std::unordered_set<std::string> stems_;
};

}  // namespace countersign
