#include "base/crypto.h"

#include <sodium.h>

#include <cstring>
#include <stdexcept>

namespace countersign {

namespace {
const unsigned char* bytes_of(std::string_view s) {
    return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* bytes_of(std::string& s) {
    return reinterpret_cast<unsigned char*>(s.data());
}

void ready() {
    static const int once = sodium_init();
    if (once < 0) throw std::runtime_error("libsodium cannot start");
}
static_assert(sizeof(crypto_hash_sha256_state) <= 104);
}  // namespace

Digest sha256(std::string_view bytes) {
    Digest out;
    crypto_hash_sha256(out.data(), bytes_of(bytes), bytes.size());
    return out;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
    Digest out;
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

Sha256::Sha256() {
    crypto_hash_sha256_init(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()));
}
void Sha256::add(std::string_view bytes) {
    crypto_hash_sha256_update(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()),
                              bytes_of(bytes), bytes.size());
}
Digest Sha256::finish() {
    Digest out;
    crypto_hash_sha256_final(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()),
                             out.data());
    return out;
}

std::string hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 15];
    }
    return out;
}
std::string hex(const Digest& digest) {
    return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}
std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2) return std::nullopt;
    std::string out(text.size() / 2, '\0');
    std::size_t n = 0;
    if (sodium_hex2bin(bytes_of(out), out.size(), text.data(), text.size(), nullptr, &n, nullptr) !=
            0 ||
        n != out.size())
        return std::nullopt;
    return out;
}
std::string base64url(std::string_view bytes) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), variant);
    out.resize(std::strlen(out.c_str()));
    return out;
}

std::string random_bytes(std::size_t n) {
    ready();
    std::string out(n, '\0');
    randombytes_buf(out.data(), n);
    return out;
}
std::string random_token() {
    return base64url(random_bytes(32));
}
bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(std::string_view password, std::size_t memory_kib) {
    ready();
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(out, password.data(), password.size(),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE, memory_kib * 1024,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("not enough memory to hash a password");
    return out;
}
bool verify_password(std::string_view password, const std::string& phc) {
    ready();
    return crypto_pwhash_str_verify(phc.c_str(), password.data(), password.size()) == 0;
}

std::string new_sealing_key() {
    return random_bytes(crypto_secretbox_KEYBYTES);
}
std::string seal(std::string_view plain, const std::string& key) {
    if (key.size() != crypto_secretbox_KEYBYTES)
        throw std::invalid_argument("a sealing key has 32 bytes");
    std::string out = random_bytes(crypto_secretbox_NONCEBYTES);
    out.resize(out.size() + crypto_secretbox_MACBYTES + plain.size());
    crypto_secretbox_easy(bytes_of(out) + crypto_secretbox_NONCEBYTES, bytes_of(plain),
                          plain.size(), bytes_of(out), bytes_of(std::string_view(key)));
    return out;
}
std::optional<std::string> unseal(std::string_view sealed, const std::string& key) {
    constexpr std::size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < head || key.size() != crypto_secretbox_KEYBYTES) return std::nullopt;
    std::string out(sealed.size() - head, '\0');
    if (crypto_secretbox_open_easy(bytes_of(out), bytes_of(sealed) + crypto_secretbox_NONCEBYTES,
                                   sealed.size() - crypto_secretbox_NONCEBYTES, bytes_of(sealed),
                                   bytes_of(std::string_view(key))) != 0)
        return std::nullopt;
    return out;
}

std::string base64(std::string_view bytes) {
    constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), variant);
    out.resize(std::strlen(out.c_str()));
    return out;
}

SigningKey new_signing_key() {
    ready();
    SigningKey key{std::string(crypto_sign_PUBLICKEYBYTES, '\0'),
                   std::string(crypto_sign_SECRETKEYBYTES, '\0')};
    crypto_sign_keypair(bytes_of(key.public_key), bytes_of(key.secret_key));
    return key;
}
std::string sign(std::string_view message, const SigningKey& key) {
    std::string out(crypto_sign_BYTES, '\0');
    crypto_sign_detached(bytes_of(out), nullptr, bytes_of(message), message.size(),
                         bytes_of(std::string_view(key.secret_key)));
    return out;
}
bool verify(std::string_view message, std::string_view signature, std::string_view public_key) {
    return signature.size() == crypto_sign_BYTES &&
           public_key.size() == crypto_sign_PUBLICKEYBYTES &&
           crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(),
                                       bytes_of(public_key)) == 0;
}

}  // namespace countersign
