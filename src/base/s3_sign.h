// AWS Signature Version 4 in the Authorization header, for requests without a body: all that
// reading from S3-compatible storage needs. AWS, "Signature Calculations for the Authorization
// Header: Transferring Payload in a Single Chunk".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/fetch.h"

namespace countersign {

struct S3Keys {
    std::string access, secret;
    std::string session;  ///< Of temporary keys; else empty.
    bool empty() const { return access.empty() || secret.empty(); }
};

/// Percent-encodes all but letters, digits and "-._~"; and slashes, when they stay.
std::string s3_encoded(std::string_view text, bool keep_slashes);

struct S3Request {
    std::string host;                                   ///< With its port, as it is sent.
    std::string path;                                   ///< Encoded; begins with '/'.
    std::map<std::string, std::string> query, headers;  ///< Plain; header names in lower case.
    /// The query, sorted and encoded.
    std::string query_text() const;
};

/// The headers to send with a GET: the request's own, and what signs them. Without keys only the
/// request's own.
FetchHeaders sign_s3(const S3Request& request, const S3Keys& keys, std::string_view region,
                     Millis now);

}  // namespace countersign
