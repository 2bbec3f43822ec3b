// IP addresses, and what kind of place each leads to. A server that asks for URLs of other people's
// choosing must not be talked into asking its own machine or its neighbours.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace countersign {

class IpAddress {
public:
    /// IPv4 as ::ffff:a.b.c.d.
    using Bytes = std::array<std::uint8_t, 16>;
    IpAddress(const Bytes& bytes, bool v4) : bytes_(bytes), v4_(v4) {}
    const Bytes& bytes() const { return bytes_; }
    bool is_v4() const { return v4_; }
    std::uint32_t v4() const;  ///< The last four bytes as a number.
    std::string text() const;
    bool operator==(const IpAddress& other) const = default;

private:
    Bytes bytes_;
    bool v4_;
};

/// Four decimal parts without leading zeros, or IPv6 without brackets and zone.
std::optional<IpAddress> parse_ip(std::string_view text);
/// Of an AF_INET or AF_INET6 socket address.
std::optional<IpAddress> ip_of(const sockaddr* address);

enum class IpKind {
    public_,
    loopback,
    private_,
    link_local,
    metadata,  ///< Where clouds hand credentials to the machines they run.
    shared,    ///< Carrier-grade NAT, 100.64.0.0/10.
    unspecified,
    multicast,
    reserved  ///< Documentation, benchmarking, tunnels, the future.
};

/// An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, NAT64) is what that one
/// is. Registries: RFC 6890 and iana-ipv4/ipv6-special-registry.
IpKind kind_of(const IpAddress& address);
std::string_view words_of(IpKind kind);  ///< "a private address"

}  // namespace countersign
