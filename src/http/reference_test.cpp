#include "http/reference.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace countersign {

TEST_CASE("the committed API reference is what the route table prints") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    if (!source) {
        MESSAGE("skipped: COUNTERSIGN_SOURCE does not say where the sources are");
        return;
    }
    std::ifstream in(std::string(source) + "/docs/reference/api.md");
    const std::string committed{std::istreambuf_iterator<char>(in), {}};
    CHECK_MESSAGE(committed == api_reference(), "print it anew: countersign reference api");
}

}  // namespace countersign
