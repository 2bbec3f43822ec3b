#include "base/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace countersign {

namespace {

struct V4Block {
    std::uint32_t address;
    int bits;
    IpKind kind;
};

constexpr std::uint32_t v4_of(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}

/// The first row that holds an address says what it is.
constexpr V4Block v4_blocks[] = {
    {v4_of(169, 254, 169, 254), 32, IpKind::metadata},  // AWS, Azure, Google, OpenStack
    {v4_of(169, 254, 170, 2), 32, IpKind::metadata},    // AWS containers
    {v4_of(100, 100, 100, 200), 32, IpKind::metadata},  // Alibaba
    {v4_of(168, 63, 129, 16), 32, IpKind::metadata},    // Azure, inside the public range
    {v4_of(192, 0, 0, 192), 32, IpKind::metadata},      // Oracle
    {v4_of(0, 0, 0, 0), 8, IpKind::unspecified},
    {v4_of(10, 0, 0, 0), 8, IpKind::private_},
    {v4_of(100, 64, 0, 0), 10, IpKind::shared},
    {v4_of(127, 0, 0, 0), 8, IpKind::loopback},
    {v4_of(169, 254, 0, 0), 16, IpKind::link_local},
    {v4_of(172, 16, 0, 0), 12, IpKind::private_},
    {v4_of(192, 0, 0, 0), 24, IpKind::reserved},
    {v4_of(192, 0, 2, 0), 24, IpKind::reserved},
    {v4_of(192, 88, 99, 0), 24, IpKind::reserved},
    {v4_of(192, 168, 0, 0), 16, IpKind::private_},
    {v4_of(198, 18, 0, 0), 15, IpKind::reserved},
    {v4_of(198, 51, 100, 0), 24, IpKind::reserved},
    {v4_of(203, 0, 113, 0), 24, IpKind::reserved},
    {v4_of(224, 0, 0, 0), 4, IpKind::multicast},
    {v4_of(240, 0, 0, 0), 4, IpKind::reserved},
};

IpKind kind_of_v4(std::uint32_t address) {
    for (const auto& row : v4_blocks)
        if ((address ^ row.address) >> (32 - row.bits) == 0) return row.kind;
    return IpKind::public_;
}

std::uint32_t v4_at(const IpAddress::Bytes& b, std::size_t i) {
    return v4_of(b[i], b[i + 1], b[i + 2], b[i + 3]);
}

struct V6Block {
    const char* address;
    int bits;
    IpKind kind;
};

constexpr V6Block v6_blocks[] = {
    {"::", 128, IpKind::unspecified},         {"::1", 128, IpKind::loopback},
    {"fd00:ec2::254", 128, IpKind::metadata},  // AWS
    {"fd20:ce::254", 128, IpKind::metadata},   // Google
    {"fd00:42::42", 128, IpKind::metadata},    // Scaleway
    {"fc00::", 7, IpKind::private_},          {"fe80::", 10, IpKind::link_local},
    {"fec0::", 10, IpKind::private_},         {"ff00::", 8, IpKind::multicast},
    {"2001::", 23, IpKind::reserved},  // Teredo and other protocol assignments
    {"2001:db8::", 32, IpKind::reserved},     {"3fff::", 20, IpKind::reserved},
    {"2000::", 3, IpKind::public_},
};

bool within(const IpAddress::Bytes& address, const IpAddress::Bytes& block, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.begin()))
        return false;
    const int rest = bits % 8;
    return rest == 0 || (address[whole] ^ block[whole]) >> (8 - rest) == 0;
}

bool within(const IpAddress::Bytes& address, const char* block, int bits) {
    return within(address, parse_ip(block)->bytes(), bits);
}

IpKind kind_of_v6(const IpAddress::Bytes& b) {
    if (within(b, "::ffff:0:0", 96)) return kind_of_v4(v4_at(b, 12));
    if (within(b, "64:ff9b::", 96)) return kind_of_v4(v4_at(b, 12));  // NAT64
    if (within(b, "2002::", 16)) return kind_of_v4(v4_at(b, 2));      // 6to4
    for (const auto& row : v6_blocks)
        if (within(b, row.address, row.bits)) return row.kind;
    if (within(b, "::", 96)) return kind_of_v4(v4_at(b, 12));  // IPv4-compatible
    return IpKind::reserved;
}

}  // namespace

std::uint32_t IpAddress::v4() const {
    return v4_at(bytes_, 12);
}

std::string IpAddress::text() const {
    char out[INET6_ADDRSTRLEN] = {};
    if (v4_)
        inet_ntop(AF_INET, bytes_.data() + 12, out, sizeof out);
    else
        inet_ntop(AF_INET6, bytes_.data(), out, sizeof out);
    return out;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    const std::string copy(text);
    IpAddress::Bytes bytes{};
    if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return IpAddress(bytes, false);
    bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) == 1) return IpAddress(bytes, true);
    return std::nullopt;
}

std::optional<IpAddress> ip_of(const sockaddr* address) {
    IpAddress::Bytes bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::memcpy(bytes.data() + 12, &v4.sin_addr, 4);
        return IpAddress(bytes, true);
    }
    if (address->sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(bytes.data(), &v6.sin6_addr, 16);
    return IpAddress(bytes, false);
}

IpKind kind_of(const IpAddress& address) {
    return address.is_v4() ? kind_of_v4(address.v4()) : kind_of_v6(address.bytes());
}

std::string_view words_of(IpKind kind) {
    switch (kind) {
        case IpKind::public_:
            return "a public address";
        case IpKind::loopback:
            return "the server's own machine";
        case IpKind::private_:
            return "a private address";
        case IpKind::link_local:
            return "a link-local address";
        case IpKind::metadata:
            return "a cloud's metadata service";
        case IpKind::shared:
            return "an address behind a carrier's NAT";
        case IpKind::unspecified:
            return "no address of a machine";
        case IpKind::multicast:
            return "a multicast address";
        case IpKind::reserved:
            return "a reserved address";
    }
    return {};
}

}  // namespace countersign
