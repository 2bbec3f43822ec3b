// Room: base
// URLs and addresses (base/url.h, base/ip_address.h). What is accepted must read back as itself,
// have one host in plain letters, and hold nothing that ends a line of HTTP.
#include <cstdlib>
#include <string>

#include "base/ip_address.h"
#include "base/url.h"

using namespace countersign;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check(const Url& url) {
    const auto text = url.text();
    for (const char c : text) must(c > 0x20 && c < 0x7f && c != '\\');
    must(url.host.find_first_of("@/?# []%") == std::string::npos && !url.host.empty());
    must(url.port > 0 && url.port < 65536 && url.target.front() == '/');
    const auto again = parse_url(text);
    must(again && again->text() == text && again->same_origin(url));
    if (const auto ip = parse_ip(url.host)) must(!words_of(kind_of(*ip)).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    must(shown_url(text).size() < 600);
    if (const auto url = parse_url(text)) check(*url);
    if (const auto url = parse_url("http://" + text)) check(*url);
    static const Url base = *parse_url("https://example.org/a/b?c");
    if (const auto url = follow_url(base, text)) check(*url);
    if (const auto ip = parse_ip(text)) must(parse_ip(ip->text()) == ip);
    return 0;
}
