#include "formats/flat_names.h"

#include "formats/reader.h"

namespace countersign {

std::string FlatNames::name(std::string_view image_name) {
    std::string name(base_name(image_name));
    if (!fault_of_name(name).empty()) name = "image.jpg";
    const std::string first(stem(name)), ext = name.substr(first.size());
    for (int n = 2; !stems_.insert(std::string(stem(name))).second; ++n)
        name = first + "-" + std::to_string(n) + ext;
    return name;
}

}  // namespace countersign
