#include "app/label_studio_words.h"

#include "formats/label_config.h"
#include "formats/label_studio_regions.h"

namespace countersign {

namespace {

Result<Regions> regions_of_result(std::string_view result, const Schema& schema,
                                  const ItemFacts& item, std::vector<std::string>& remarks) {
    JsonParser parser;
    const Dom list = TRY(parser.parse_copy(result));
    ImportedRow row;
    row.width = item.width;
    row.height = item.height;
    row.seconds = item.seconds;
    Mends mends;
    auto regions = label_studio_regions(list, {&schema, schema.source, row, item.text, mends});
    mends.apply(row);
    if (!row.reason.empty()) remarks.push_back(row.reason);
    return regions;
}

}  // namespace

const LabelStudioWords& label_studio_words() {
    static const LabelStudioWords words{label_config_of, regions_of_result};
    return words;
}

}  // namespace countersign
