#include "base/url.h"

#include <doctest/doctest.h>

#include "base/ip_address.h"

namespace countersign {

namespace {

std::string read(std::string_view text) {
    const auto url = parse_url(text);
    return url ? url->text() : "refused";
}

std::string why_not(std::string_view text) {
    const auto url = parse_url(text);
    return url ? "taken" : url.refusal().message;
}

IpKind kind(std::string_view text) {
    const auto ip = parse_ip(text);
    REQUIRE_MESSAGE(ip, text);
    return kind_of(*ip);
}

}  // namespace

TEST_CASE("a URL is read as it will be asked for") {
    CHECK(read("http://example.org") == "http://example.org/");
    CHECK(read("HTTPS://Example.ORG./a%20b?c=d#e") == "https://example.org/a%20b?c=d");
    CHECK(read("http://example.org:80/") == "http://example.org/");
    CHECK(read("http://example.org:8080?q") == "http://example.org:8080/?q");
    CHECK(read("http://[::1]:9000/x") == "http://[::1]:9000/x");
    CHECK(read("http://[2001:DB8:0::1]/x") == "http://[2001:db8::1]/x");
    CHECK(read("http://example.org/é/日本.jpg") ==
          "http://example.org/%C3%A9/%E6%97%A5%E6%9C%AC.jpg");
    CHECK(read("http://example.org/a/./b/../c/") == "http://example.org/a/c/");
    CHECK(read("http://example.org/../../etc/passwd") == "http://example.org/etc/passwd");
    CHECK(read("http://example.org/a/%2E%2e/b") == "http://example.org/b");
    CHECK(read("http://example.org/?a=../b") == "http://example.org/?a=../b");
}

TEST_CASE("what two parsers could read in two ways is refused, by name") {
    for (const auto* text : {"",
                             "example.org",
                             "ftp://example.org/",
                             "file:///etc/passwd",
                             "gopher://example.org/",
                             "http://",
                             "http:///x",
                             "http://a b/",
                             "http://example.org/a b",
                             "http://example.org\\@x/",
                             "http://example.org/\r\nHost: x",
                             "http://a..b/",
                             "http://.a/",
                             "http://exa\tmple.org/",
                             "http://example.org:0/",
                             "http://example.org:65536/",
                             "http://example.org:99999999/",
                             "http://example.org:8x/",
                             "http://example.org:/",
                             "http://[::1/",
                             "http://[::1]x/",
                             "http://[127.0.0.1]/",
                             "http://[fe80::1%25eth0]/",
                             "http://bücher.example/",
                             "http://127.1/",
                             "http://2130706433/",
                             "http://0x7f000001/",
                             "http://0x7f.0.0.1/",
                             "http://017700000001/",
                             "http://127.0.0.01/",
                             "http://1.2.3.4.5/",
                             "http://256.1.1.1/",
                             "http://example.org/%",
                             "http://example.org/%zz"})
        CHECK_MESSAGE(!parse_url(text), text);
    CHECK(why_not("http://me:secret@example.org/x").find("user name or password") !=
          std::string::npos);
    CHECK(why_not("http://me:secret@example.org/x").find("secret") == std::string::npos);
    CHECK(why_not("http://example.org:8x/?token=secret").find("secret") == std::string::npos);
    CHECK(why_not("http://example.org/" + std::string(9000, 'a')).size() < 400);
}

TEST_CASE("a redirect leads on from where it came") {
    const auto base = *parse_url("https://example.org/a/b?c");
    const auto to = [&](std::string_view location) {
        const auto url = follow_url(base, location);
        return url ? url->text() : "refused";
    };
    CHECK(to("/x") == "https://example.org/x");
    CHECK(to("x?y#z") == "https://example.org/a/x?y");
    CHECK(to("../x") == "https://example.org/x");
    CHECK(to("?d") == "https://example.org/a/b?d");
    CHECK(to("") == "https://example.org/a/b?c");
    CHECK(to("//other.org/x") == "https://other.org/x");
    CHECK(to("http://other.org:81/x") == "http://other.org:81/x");
    CHECK(to("file:///etc/passwd") == "refused");
    CHECK(to("javascript:x") == "refused");
    CHECK(to("/a b") == "refused");
    CHECK(to("https://u:p@example.org/") == "refused");
}

TEST_CASE("an address is what the registries call it, however it is wrapped") {
    for (const auto* text :
         {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
          "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::8.8.8.8"})
        CHECK_MESSAGE(kind(text) == IpKind::public_, text);
    for (const auto* text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1",
                             "2002:7f00:1::", "64:ff9b::7f00:1", "::127.0.0.1"})
        CHECK_MESSAGE(kind(text) == IpKind::loopback, text);
    for (const auto* text :
         {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1",
          "fec0::1", "::ffff:10.0.0.1", "2002:c0a8:101::1", "64:ff9b::10.1.2.3"})
        CHECK_MESSAGE(kind(text) == IpKind::private_, text);
    for (const auto* text : {"169.254.0.1", "fe80::1", "febf::1"})
        CHECK_MESSAGE(kind(text) == IpKind::link_local, text);
    for (const auto* text : {"169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254",
                             "168.63.129.16", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"})
        CHECK_MESSAGE(kind(text) == IpKind::metadata, text);
    CHECK(kind("100.64.0.1") == IpKind::shared);
    CHECK(kind("100.127.255.255") == IpKind::shared);
    CHECK(kind("0.0.0.0") == IpKind::unspecified);
    CHECK(kind("::") == IpKind::unspecified);
    CHECK(kind("224.0.0.1") == IpKind::multicast);
    CHECK(kind("ff02::1") == IpKind::multicast);
    for (const auto* text :
         {"255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "2001:db8::1",
          "2001:0:1::1", "64:ff9b:1::1", "4000::1", "5f00::1"})
        CHECK_MESSAGE(kind(text) == IpKind::reserved, text);
    for (const auto* text : {"1.2.3", "01.2.3.4", "1.2.3.4 ", "::1%lo", "[::1]", ""})
        CHECK_MESSAGE(!parse_ip(text), text);
}

}  // namespace countersign
