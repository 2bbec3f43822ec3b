#include "app/label_studio_words.h"

#include "formats/label_config.h"
#include "formats/label_studio_cue.h"
#include "formats/label_studio_regions.h"

namespace countersign {

namespace {

Result<Regions> regions_of_result(std::string_view result, const Schema& schema,
                                  const ItemFacts& item, const Regions& known,
                                  std::vector<std::string>& remarks) {
    JsonParser parser;
    const Dom list = TRY(parser.parse_copy(result));
    ImportedRow row;
    row.width = item.width;
    row.height = item.height;
    row.seconds = item.seconds;
    Mends mends;
    auto regions =
        label_studio_regions(list, {&schema, schema.source, row, item.text, mends, false, known});
    mends.apply(row);
    if (!row.reason.empty()) remarks.push_back(row.reason);
    return regions;
}

std::string config_of_schema(const Schema& schema, bool cues) {
    return cues ? label_config_with_cues(schema) : label_config_of(schema);
}

}  // namespace

const LabelStudioWords& label_studio_words() {
    static const LabelStudioWords words{config_of_schema, regions_of_result, label_studio_cue};
    return words;
}

}  // namespace countersign
