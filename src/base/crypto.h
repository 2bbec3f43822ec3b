// What must be secret, unguessable or tamper-evident. libsodium is named in crypto.cpp only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace countersign {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

/// Incremental SHA-256 for streams.
class Sha256 {
public:
    Sha256();
    void add(std::string_view bytes);
    Digest finish();

private:
    alignas(8) std::array<unsigned char, 104> state_;
};

Digest hmac_sha256(std::string_view key, std::string_view bytes);  ///< RFC 2104.

std::string hex(std::string_view bytes);
std::string hex(const Digest& digest);
std::optional<std::string> from_hex(std::string_view text);
std::string base64url(std::string_view bytes);  ///< Without padding.

std::string random_bytes(std::size_t n);
std::string random_token();  ///< 32 random bytes as base64url: session ids, API tokens, CSRF.
bool same_secret(std::string_view a, std::string_view b);  ///< In constant time.

/// Argon2id (RFC 9106) in the PHC string form. `memory_kib` per hash; 64 MiB in production.
std::string hash_password(std::string_view password, std::size_t memory_kib = 65536);
bool verify_password(std::string_view password, const std::string& phc);

/// Sealed by a key of 32 bytes: XSalsa20 and Poly1305 (libsodium's secretbox) behind a nonce of its
/// own, so that the same text never looks the same. unseal() gives nothing when the key is another
/// one or a byte was changed.
std::string new_sealing_key();
std::string seal(std::string_view plain, const std::string& key);
std::optional<std::string> unseal(std::string_view sealed, const std::string& key);

std::string base64(std::string_view bytes);  ///< RFC 4648 section 4, with padding.

/// Ed25519 (RFC 8032). Keys and signatures are raw bytes: 32 public, 64 secret, 64 signature.
struct SigningKey {
    std::string public_key, secret_key;
};
SigningKey new_signing_key();
std::string sign(std::string_view message, const SigningKey& key);
bool verify(std::string_view message, std::string_view signature, std::string_view public_key);

}  // namespace countersign
