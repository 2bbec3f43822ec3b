// Labels with whatever faults a file has, through every check, the repairs and the comparison.
// Room: app
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/item_of_row.h"
#include "formats/format.h"
#include "quality/dataset_check.h"
#include "quality/dataset_diff.h"
#include "quality/repair.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    ReadContext context;
    context.as_written = true;
    context.image_size = [](std::string_view) { return std::optional(ImageSize{64, 48}); };
    const auto reader = find_format("jsonl")->read(open_bytes({{"a.jsonl", input}}), context);
    if (!reader) return 0;
    DatasetCheck check({});
    DatasetDiff diff;
    for (;;) {
        const auto row = (*reader)->next();
        if (!row || !*row) break;
        if ((*row)->outcome == RowOutcome::rejected) continue;
        const auto item = item_of(**row);
        GivenItem given;
        given.name = item.name;
        given.where = (*row)->where;
        given.text = item.text;
        given.is_text = item.is_text;
        given.width = (*row)->width, given.height = (*row)->height;
        for (const auto& a : (*row)->annotations)
            given.labels.push_back({a.person, &a.regions, 1, a.created});
        for (const auto& d : (*row)->drafts) given.drafts.push_back({d.model, &d.regions, 0, 0});
        check.add(given);
        ItemFacts facts;
        facts.width = given.width, facts.height = given.height;
        facts.text = item.text;
        for (const auto& a : (*row)->annotations) {
            auto mended = a.regions;
            repair(mended, facts);
            diff.compare(a.regions, mended);
            if (!repair(mended, facts).empty()) std::abort();  // Once is enough.
        }
    }
    for (const auto& f : check.finish())
        if (!(f.score >= 0 && f.score <= 1 + 1e-9) || f.sentence.empty()) std::abort();
    return 0;
}
