#include "base/s3_sign.h"

#include "base/crypto.h"

namespace countersign {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string raw_hmac(std::string_view key, std::string_view text) {
    const auto digest = hmac_sha256(key, text);
    return {digest.begin(), digest.end()};
}

/// "20130524T000000Z"
std::string basic_time(Millis now) {
    std::string out;
    const auto text = iso8601(now);
    for (const char c : text.substr(0, text.find('.')))
        if (c != '-' && c != ':') out += c;
    return out + 'Z';
}

}  // namespace

std::string s3_encoded(std::string_view text, bool keep_slashes) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' ||
                           (keep_slashes && c == '/');
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::string S3Request::query_text() const {
    std::string out;
    for (const auto& [name, value] : query) {
        if (!out.empty()) out += '&';
        out += s3_encoded(name, false) + "=" + s3_encoded(value, false);
    }
    return out;
}

FetchHeaders sign_s3(const S3Request& request, const S3Keys& keys, std::string_view region,
                     Millis now) {
    auto signed_headers = request.headers;
    FetchHeaders out;
    if (!keys.empty()) {
        signed_headers["x-amz-content-sha256"] = hex(sha256(""));
        signed_headers["x-amz-date"] = basic_time(now);
        if (!keys.session.empty()) signed_headers["x-amz-security-token"] = keys.session;
    }
    for (const auto& [name, value] : signed_headers) out.emplace_back(name, value);
    if (keys.empty()) return out;
    signed_headers["host"] = request.host;

    std::string names, lines;
    for (const auto& [name, value] : signed_headers) {
        names += (names.empty() ? "" : ";") + name;
        lines += name + ":" + value + "\n";
    }
    const auto time = basic_time(now), day = time.substr(0, 8);
    const auto scope = day + "/" + std::string(region) + "/s3/aws4_request";
    const auto canonical = "GET\n" + request.path + "\n" + request.query_text() + "\n" + lines +
                           "\n" + names + "\n" + hex(sha256(""));
    const auto to_sign =
        std::string(algorithm) + "\n" + time + "\n" + scope + "\n" + hex(sha256(canonical));
    auto key = raw_hmac("AWS4" + keys.secret, day);
    for (const std::string_view step :
         {region, std::string_view("s3"), std::string_view("aws4_request")})
        key = raw_hmac(key, step);
    out.emplace_back("authorization", std::string(algorithm) + " Credential=" + keys.access + "/" +
                                          scope + ",SignedHeaders=" + names +
                                          ",Signature=" + hex(hmac_sha256(key, to_sign)));
    return out;
}

}  // namespace countersign
