// Tables of several people's answers: whatever is read is numbered inside its lists, and agreement
// and aggregation have an answer about it.
// Room: app
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/crowd.h"
#include "quality/aggregation.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    for (const bool transcripts : {false, true}) {
        const auto crowd =
            read_crowd_tables(*open_bytes({{"a.csv", input}, {"b.tsv", input}}), transcripts);
        if (!crowd) {
            if (crowd.refusal().message.empty()) std::abort();
            continue;
        }
        if (!*crowd) continue;
        for (const auto& question : (*crowd)->questions) {
            const auto ratings = question.ratings((*crowd)->items.size(), (*crowd)->people.size());
            (void)krippendorff_alpha(ratings, question.distance());
            if (ratings.size() < 200 && aggregate(ratings).label.size() != ratings.units())
                std::abort();
        }
    }
    return 0;
}
