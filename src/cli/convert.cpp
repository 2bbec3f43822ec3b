// `convert`.
#include "app/convert.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/label_configs.h"
#include "base/text.h"
#include "cli/commands.h"

namespace countersign {

Result<Schema> schema_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Refusal{Code::not_found, "Cannot read the schema \"" + path + "\"."};
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!trim(text).starts_with('<')) return check_schema(TRY(from_text<Schema>(text)));
    auto config = TRY(schema_from_label_config(text));
    for (const auto& what : config.not_understood)
        std::fprintf(stderr, "  %s: not understood: %s\n", path.c_str(), what.c_str());
    return std::move(config.schema);
}

namespace {

void say_verdict(const ImportedRow& row) {
    std::fprintf(stderr, "  %s %s: %s\n", row.where.c_str(),
                 row.outcome == RowOutcome::repaired ? "repaired" : "rejected", row.reason.c_str());
}

void put_bytes(std::FILE* out, const std::string& bytes) {
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), out) != bytes.size())
        throw Breakdown("The disk took no more bytes of the file.");
}

}  // namespace

Result<> run_convert(const Invocation& invocation) {
    ConvertOptions options;
    options.from_paths = invocation.list("PATH");
    options.from = invocation.text("--from");
    options.to = invocation.text("--to");
    options.images = invocation.text("--images");
    options.with_images = invocation.has("--with-images");
    if (invocation.has("--schema")) options.schema = TRY(schema_in(invocation.text("--schema")));
    const auto path = invocation.text("--output", "-");
    std::FILE* out = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
    if (!out) throw Breakdown("Cannot write \"" + path + "\".");
    const auto report = convert_files(
        options, [&](const std::string& bytes) { put_bytes(out, bytes); }, say_verdict);
    const bool whole = (out == stdout ? std::fflush(out) : std::fclose(out)) == 0;
    if (!report) return report.refusal();
    if (!whole) throw Breakdown("The disk took no more bytes of the file.");
    for (const auto& what : report->left_out)
        std::fprintf(stderr, "  left out: %s\n", what.c_str());
    std::fprintf(stderr,
                 "Read as %s: %lld rows accepted, %lld repaired, %lld rejected; %lld written.\n",
                 report->from.c_str(), static_cast<long long>(report->accepted),
                 static_cast<long long>(report->repaired), static_cast<long long>(report->rejected),
                 static_cast<long long>(report->written));
    return Done{};
}

}  // namespace countersign
