// Objects of an S3-compatible bucket as the files of an import.
//
// The list is read once, page by page; an object is read in pieces of 8 MiB, each a request of its
// own that is signed, tried three times, and held to the version that the first one saw. open() may
// be called by several threads at once.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/fetch.h"
#include "base/s3_sign.h"
#include "formats/source.h"

namespace countersign {

struct S3Place {
    std::string bucket, prefix;
    std::string endpoint;  ///< "https://minio.example:9000"; empty: AWS, by the region.
    std::string region = "us-east-1";
};
template <class V>
void fields(V& v, S3Place& o) {
    v("bucket", o.bucket, "bucket");
    v("prefix", o.prefix, "folder or object; empty: the whole bucket");
    v("endpoint", o.endpoint, "of the storage; empty: AWS");
    v("region", o.region, "of the bucket");
}

/// "s3://bucket/folder/".
Result<S3Place> parse_s3(std::string_view text);
bool looks_like_s3(std::string_view text);

struct S3Access {
    std::shared_ptr<Fetcher> fetcher;
    S3Keys keys;  ///< Empty: the bucket is asked as anybody may.
    const Clock& clock;
    std::function<bool()> cancelled = {};
};

/// Everything below the prefix; or, when the prefix is an object, that object (an archive becomes
/// its entries; `folder` takes its bytes until the source ends).
Result<std::unique_ptr<Source>> open_s3(const S3Place& place, const S3Access& access,
                                        const std::string& folder);

}  // namespace countersign
