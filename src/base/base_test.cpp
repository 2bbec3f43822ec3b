#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "base/ids.h"
#include "base/metrics.h"
#include "base/rng.h"

using namespace countersign;

TEST_CASE("every refusal code has a row, and each row its own name") {
    std::set<std::string_view> names;
    for (const auto& row : refusal_table()) {
        CHECK(names.insert(row.name).second);
        CHECK(row_of(row.code).name == row.name);
        CHECK(row.http_status >= 400);
        CHECK(row.exit_code > 0);
    }
}

TEST_CASE("TRY hands on a refusal and opens a value") {
    const auto half = [](int n) -> Result<int> {
        if (n % 2) return Refusal{Code::invalid, "odd"};
        return n / 2;
    };
    const auto quarter = [&](int n) -> Result<int> { return TRY(half(TRY(half(n)))); };
    CHECK(*quarter(8) == 2);
    CHECK(quarter(6).refusal().message == "odd");
}

TEST_CASE("ids sort on the wire as they do inside, and foreign ones are refused") {
    CHECK(wire_id('t', 1) < wire_id('t', 2));
    CHECK(wire_id('t', 31) < wire_id('t', 32));
    CHECK(parse_id('t', wire_id('t', 123456789)) == 123456789);
    CHECK_FALSE(parse_id('p', wire_id('t', 5)));
    CHECK_FALSE(parse_id('t', "t00000000!1"));
    CHECK_FALSE(parse_id('t', ""));
}

TEST_CASE("Philox gives the known answers of its authors' test vectors") {
    CHECK(philox({0, 0, 0, 0}, {0, 0}) ==
          std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
          std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
}

TEST_CASE("bounded numbers are uniform within chance") {
    Rng rng(1);
    std::map<std::uint32_t, int> seen;
    for (int i = 0; i < 30000; ++i) ++seen[rng.below(3)];
    for (const auto& [value, times] : seen) CHECK(std::abs(times - 10000) < 400);
}

TEST_CASE("times print as ISO 8601 in UTC, before 1970 too") {
    CHECK(iso8601(0) == "1970-01-01T00:00:00.000Z");
    CHECK(iso8601(1'764'021'363'120) == "2025-11-24T21:56:03.120Z");
    CHECK(iso8601(-1) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a digest, a signature and a password hash hold what they promise") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 parts;
    parts.add("a");
    parts.add("bc");
    CHECK(parts.finish() == sha256("abc"));
    // RFC 4231, test case 2.
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(from_hex("00ff") == std::string("\0\xff", 2));
    CHECK_FALSE(from_hex("0g"));
    const auto key = new_signing_key();
    const auto signature = sign("message", key);
    CHECK(verify("message", signature, key.public_key));
    CHECK_FALSE(verify("massage", signature, key.public_key));
    const auto phc = hash_password("correct horse", 8192);
    CHECK(verify_password("correct horse", phc));
    CHECK_FALSE(verify_password("battery staple", phc));
}

namespace {
enum class Shade { light, dark };
std::span<const EnumName<Shade>> enum_names(Shade) {
    static constexpr EnumName<Shade> rows[] = {{Shade::light, "light"}, {Shade::dark, "dark"}};
    return rows;
}
struct Spot {
    double x = 0;
    std::optional<int> size;
    Shade shade = Shade::light;
    std::vector<std::string> names;
};
template <class V>
void fields(V& v, Spot& s) {
    v("x", s.x, "where");
    v("size", s.size);
    v("shade", s.shade);
    v("names", s.names);
}
}  // namespace

TEST_CASE("one list of fields reads, writes and describes a wire type") {
    const auto spot = from_text<Spot>(R"({"x":1.5,"shade":"dark","names":["a","b"],"else":1})");
    REQUIRE(spot);
    CHECK(spot->x == 1.5);
    CHECK_FALSE(spot->size);
    CHECK(spot->shade == Shade::dark);
    CHECK(to_text(to_json(*spot)) == R"({"x":1.5,"shade":"dark","names":["a","b"]})");
    CHECK(SchemaWriter::of<Spot>()["properties"]["shade"]["enum"].size() == 2);
}

TEST_CASE("a field of the wrong type is named by its path") {
    CHECK(from_text<std::vector<Spot>>(R"([{"x":1},{"x":"two"}])").refusal().message ==
          "[1].x must be a number.");
    CHECK(from_text<Spot>(R"({"shade":"grey"})").refusal().message ==
          "shade must be one of light, dark.");
    CHECK(from_text<Spot>(R"([])").refusal().message == "The body must be an object.");
    CHECK(from_text<Spot>(R"({"x":)").refusal().code == Code::invalid);
    CHECK_FALSE(parse_json("[1e999]"));
    CHECK_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
}

TEST_CASE("metrics print in the exposition format") {
    count(Metric::decisions, 2);
    observe(Metric::http_seconds, 0.004);
    const auto text = metrics_text();
    CHECK(text.find("countersign_decisions_total 2") != std::string::npos);
    CHECK(text.find("countersign_http_seconds_bucket") != std::string::npos);
}

TEST_CASE("what was sealed opens with its key only, and only unchanged") {
    const auto key = new_sealing_key();
    const auto sealed = seal("sk-secret", key);
    CHECK(unseal(sealed, key) == "sk-secret");
    CHECK(sealed.find("secret") == std::string::npos);
    CHECK(seal("sk-secret", key) != sealed);
    CHECK_FALSE(unseal(sealed, new_sealing_key()));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(unseal(changed, key));
    }
    CHECK_FALSE(unseal("", key));
    CHECK_FALSE(unseal(sealed, "short"));
    CHECK(base64("any carnal pleas") == "YW55IGNhcm5hbCBwbGVhcw==");
}
