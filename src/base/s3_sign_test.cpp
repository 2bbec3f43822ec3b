// The examples that AWS publishes with the signature's description.
#include "base/s3_sign.h"

#include <doctest/doctest.h>

namespace countersign {

namespace {

const S3Keys example{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
constexpr Millis may_24 = 1'369'353'600'000;  // 2013-05-24T00:00:00Z

std::string authorization(const S3Request& request, const S3Keys& keys = example) {
    for (const auto& [name, value] : sign_s3(request, keys, "us-east-1", may_24))
        if (name == "authorization") return value;
    return "none";
}

S3Request to(std::string path) {
    S3Request request;
    request.host = "examplebucket.s3.amazonaws.com";
    request.path = std::move(path);
    return request;
}

}  // namespace

TEST_CASE("GET of a part of an object is signed as AWS shows it") {
    auto request = to("/test.txt");
    request.headers["range"] = "bytes=0-9";
    CHECK(authorization(request) ==
          "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_CASE("GET of a bucket's lifecycle and of a list of objects are signed as AWS shows it") {
    auto lifecycle = to("/");
    lifecycle.query["lifecycle"] = "";
    CHECK(authorization(lifecycle).ends_with(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
    auto list = to("/");
    list.query = {{"prefix", "J"}, {"max-keys", "2"}};
    CHECK(authorization(list).ends_with(
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST_CASE("keys are encoded once, temporary keys carry their token, and no keys sign nothing") {
    CHECK(s3_encoded("a b/ü+~.jpg", true) == "a%20b/%C3%BC%2B~.jpg");
    CHECK(s3_encoded("a/b", false) == "a%2Fb");
    auto keys = example;
    keys.session = "token";
    CHECK(authorization(to("/x"), keys).find("x-amz-security-token") != std::string::npos);
    CHECK(authorization(to("/x"), {}) == "none");
}

}  // namespace countersign
