#include "models/picture_learner.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/crypto.h"
#include "base/rng.h"
#include "models/nanodet.h"

using namespace countersign;

namespace {

Control kind_of_picture() {
    Control control;
    control.name = "what";
    control.labels = {
        {"day", "", "", "", {}}, {"night", "", "", "", {"dark"}}, {"none", "", "", "", {}}};
    return control;
}

/// Forty numbers, of which two tell day from night.
std::vector<LabelledPicture> pictures(int n) {
    Rng rng(5);
    std::vector<LabelledPicture> out;
    for (int i = 0; i < n; ++i) {
        LabelledPicture one;
        for (int k = 0; k < 40; ++k) one.seen.push_back(static_cast<float>(rng.uniform()));
        one.seen[3] += i % 2 == 0 ? 2.0f : 0.0f;
        one.seen[4] -= i % 2 == 0 ? 2.0f : 0.0f;
        one.label = i % 2 == 0 ? "day" : "dark";
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

TEST_CASE("forty reviewed pictures teach two kinds of them, and the quality says so") {
    const auto all = pictures(40);
    const auto trained = train_picture_learner(all, kind_of_picture(), "nanodet", 1);
    REQUIRE(trained);
    CHECK(trained->quality["accuracy"].get<double>() > 0.9);
    CHECK(trained->quality["accuracy_low"].get<double>() > 0.6);
    CHECK(trained->quality["labels"]["night"] == 20);
    const auto state = picture_learner_from(trained->state);
    REQUIRE(state);
    for (std::size_t i = 0; i < 6; ++i) {
        const auto guess = guess_picture(*state, all[i].seen);
        CHECK(guess.label == (i % 2 == 0 ? "day" : "night"));
        CHECK(guess.probability > 0.7);
    }
    CHECK(trained->state == train_picture_learner(all, kind_of_picture(), "nanodet", 1)->state);
}

TEST_CASE("too few pictures teach nothing") {
    CHECK(train_picture_learner(pictures(9), kind_of_picture(), "nanodet", 1).refusal().code ==
          Code::unavailable);
}

TEST_CASE("a picture learner's state that is damaged or out of range is not read") {
    const auto bytes = train_picture_learner(pictures(20), kind_of_picture(), "nanodet", 1)->state;
    for (std::size_t i = 0; i < bytes.size(); i += 13) {
        auto damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        CHECK(!picture_learner_from(damaged));
    }
    const auto body = bytes.substr(0, bytes.size() - 32);
    for (std::size_t i = 6; i < body.size(); ++i) {
        auto odd = body.substr(0, i);
        const auto digest = sha256(odd);
        odd.append(reinterpret_cast<const char*>(digest.data()), digest.size());
        CHECK(!picture_learner_from(odd));
    }
}

TEST_CASE("the network sees the same in the same picture, and something else in another") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    const auto file = std::string(source ? source : ".") + "/models/cache/nanodet.onnx";
    if (!std::filesystem::exists(file)) {
        MESSAGE("skipped: " << file << " is not there");
        return;
    }
    auto net = NanoDet::load(file);
    REQUIRE(net);
    Image dark{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 20)};
    Image light{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 220)};
    const auto one = net->look(dark).whole();
    CHECK(one.size() == NanodetLook::size);
    CHECK(one == net->look(dark).whole());
    CHECK(one != net->look(light).whole());
    CHECK(net->detect(dark).size() < 100);
}
