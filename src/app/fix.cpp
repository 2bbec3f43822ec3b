#include "app/fix.h"

#include "app/convert.h"
#include "app/import_rows.h"
#include "app/item_of_row.h"

namespace countersign {

Result<FixReport> fix_files(
    const CheckRequest& request,
    const std::function<void(const std::string& where, const Repair& repair)>& say,
    const std::function<void(const std::string&)>& put) {
    const auto source = TRY(open_import(request.paths));
    const auto* format = TRY(format_to_read(*source, request.from));
    const std::string from(format->name);
    FixReport report;
    report.format = from;
    ConvertOptions options;
    options.from_paths = request.paths;
    options.from = from;
    // What cannot be written back is mended on the way to our own format, to be shown.
    options.to = put || format->write ? from : "jsonl";
    options.images = request.images;
    options.schema = request.schema;
    options.as_written = true;
    std::int64_t last_row = 0;
    options.edit = [&](ImportedRow& row) {
        const auto item = item_of(row);
        ItemFacts facts;
        facts.width = row.width, facts.height = row.height;
        facts.text = item.text;
        const bool first_pass = row.row > last_row;
        last_row = std::max(last_row, row.row);
        for (auto& annotation : row.annotations)
            for (const auto& repair : repair(annotation.regions, facts))
                if (first_pass) ++report.repairs, say(row.where, repair);
        return true;
    };
    const auto done = TRY(convert_files(
        options,
        [&](const std::string& bytes) {
            if (put) put(bytes);
        },
        [&](const ImportedRow&) {}));
    report.rows = done.accepted + done.repaired;
    report.rejected = done.rejected;
    report.left_out = done.left_out;
    report.extension = format->extension;
    return report;
}

}  // namespace countersign
