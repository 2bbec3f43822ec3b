// Room: http
// The small grammars of HTTP (http/syntax.h). The first byte chooses; whatever is accepted must
// keep the promises of the header.
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "http/syntax.h"

using namespace countersign;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check_decoded(const std::string& text) {
    must(text.find('\0') == std::string::npos);
    must(is_utf8(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
        case 0:
            if (const auto query = parse_query(text))
                for (const auto& [name, value] : *query) check_decoded(name), check_decoded(value);
            break;
        case 1:
            if (const auto path = parse_path(text))
                for (const auto& segment : *path) {
                    check_decoded(segment);
                    must(segment != ".." && segment != ".");
                }
            break;
        case 2:
            if (const auto value = cookie_value(text, "countersign_session"))
                must(value->find(';') == std::string::npos);
            break;
        case 3:
            for (const std::int64_t bytes : {0, 1, 100, 1 << 30}) {
                const auto answer = parse_range(text, bytes);
                if (answer.kind != RangeKind::part) continue;
                must(answer.range.first >= 0 && answer.range.first <= answer.range.last);
                must(answer.range.last < bytes);
            }
            break;
        case 4:
            if (const auto host = host_name(text))
                must(host->find_first_of("/@ \\") == std::string::npos);
            break;
        default:
            etag_matches(text, "\"x\"");
            accepts_coding(text, "gzip");
    }
    return 0;
}
