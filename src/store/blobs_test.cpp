#include "store/blobs.h"

#include <algorithm>
#include <cstring>

#include "base/crypto.h"
#include "store/blob_bytes.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

TEST_CASE("bytes are kept under their hash, once, and read back whole or in part") {
    const Folder folder;
    const auto blobs = disk_blobs(folder.path);
    const std::string bytes("ab\0cd", 5);
    const auto info = blobs->put(bytes);
    CHECK(info.sha256 == hex(sha256(bytes)));
    CHECK(info.bytes == 5);
    CHECK(blobs->put(bytes).sha256 == info.sha256);
    CHECK(*blobs->get(info.sha256) == bytes);
    CHECK(*blobs->get_range(info.sha256, 1, 3) == bytes.substr(1, 3));
    CHECK(*blobs->get_range(info.sha256, 3, 99) == "cd");
    CHECK(*blobs->get_range(info.sha256, 9, 1) == "");
    CHECK(blobs->size(info.sha256) == 5);
    CHECK(std::filesystem::file_size(blobs->path(info.sha256)) == 5);
    CHECK(disk_blobs(folder.path)->has(info.sha256));
}

TEST_CASE("a stream is kept as it comes, and refused past its limit without a trace") {
    const Folder folder;
    const auto blobs = disk_blobs(folder.path);
    const std::string bytes(200'000, 'x');
    const auto reader = [&](std::size_t& at) {
        return [&bytes, &at](char* to, std::size_t n) {
            n = std::min(n, bytes.size() - at);
            std::memcpy(to, bytes.data() + at, n);
            at += n;
            return n;
        };
    };
    std::size_t at = 0;
    const auto refused = blobs->put_stream(reader(at), 199'999);
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().code == Code::too_large);
    int count = 0;
    blobs->list([&](const BlobInfo&) { ++count; });
    CHECK(count == 0);
    CHECK(std::filesystem::is_empty(folder.path + "/part"));
    at = 0;
    const auto kept = blobs->put_stream(reader(at), 200'000);
    REQUIRE(kept);
    CHECK(kept->sha256 == hex(sha256(bytes)));
    blobs->list([&](const BlobInfo& info) { CHECK(info.bytes == 200'000); });
}

TEST_CASE("a name that is no hash reaches no file") {
    const Folder folder;
    const auto blobs = disk_blobs(folder.path);
    for (const char* name : {"", "../../etc/passwd", "ABCDEF", "zz"}) {
        CHECK_FALSE(blobs->has(name));
        CHECK_FALSE(blobs->get(name));
        CHECK(blobs->path(name) == "");
    }
}

TEST_CASE("what was made of a blob is kept with it, and is no blob") {
    const Folder folder;
    const auto blobs = disk_blobs(folder.path);
    const auto sha = blobs->put("a recording").sha256;
    CHECK_FALSE(blobs->size_beside(sha, "peaks"));
    CHECK_FALSE(blobs->get_beside(sha, "peaks", 0, 10));
    blobs->put_beside(sha, "peaks", "0123456789");
    blobs->put_beside(sha, "peaks", "abcdefghij");
    CHECK(blobs->size_beside(sha, "peaks") == 10);
    CHECK(*blobs->get_beside(sha, "peaks", 2, 3) == "cde");
    CHECK(*blobs->get_beside(sha, "peaks", 8, 9) == "ij");
    CHECK(*blobs->get(sha) == "a recording");
    int count = 0;
    blobs->list([&](const BlobInfo&) { ++count; });
    CHECK(count == 1);
    blobs->put_beside("../x", "peaks", "abc");
    CHECK_FALSE(blobs->size_beside("../x", "peaks"));
}

TEST_CASE("the bytes of a blob can be looked at where they lie") {
    const Folder folder;
    const auto blobs = disk_blobs(folder.path);
    const auto bytes = BlobBytes::open(*blobs, blobs->put("sound").sha256);
    REQUIRE(bytes);
    CHECK(bytes->view() == "sound");
    const auto empty = BlobBytes::open(*blobs, blobs->put("").sha256);
    REQUIRE(empty);
    CHECK(empty->view().empty());
    CHECK_FALSE(BlobBytes::open(*blobs, hex(sha256("none"))));
}

}  // namespace countersign
