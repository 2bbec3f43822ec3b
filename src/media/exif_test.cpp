#include "media/exif.h"

#include <doctest/doctest.h>

#include <string>

namespace countersign {
namespace {

using namespace std::string_literals;

TEST_CASE("the orientation is read in both byte orders, wherever the directory lies") {
    CHECK(exif_orientation("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s) ==
          6);
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"s) == 8);
    CHECK(exif_orientation("II*\0\x0a\0\0\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0"s) == 3);
    CHECK(
        exif_orientation(
            "II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x05\0\0\0"s) ==
        5);
}

TEST_CASE("an orientation that makes no sense counts as upright") {
    CHECK(exif_orientation("") == 1);
    CHECK(exif_orientation("II") == 1);
    CHECK(exif_orientation("XX*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"s) == 1);
    CHECK(exif_orientation("II+\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"s) == 1);
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"s) == 1);
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x08\0\0\0"s) == 1);
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x02\0\0\0\x08\0\0\0"s) == 1);
}

TEST_CASE("a directory that lies outside the block, or claims more than it holds, is harmless") {
    CHECK(exif_orientation("II*\0\xff\xff\xff\xff\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"s) == 1);
    CHECK(exif_orientation("II*\0\x08\0\0\0\xff\xff\x11\x01\x03\0\x01\0\0\0\x08\0\0\0"s) == 1);
    CHECK(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0"s) == 1);
}

}  // namespace
}  // namespace countersign
