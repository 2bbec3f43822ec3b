// An ONNX file that somebody brings: looked at, kept by its content, and drafting.
#include <doctest/doctest.h>

#include "app/model_files.h"
#include "drawn_picture.h"
#include "onnx_writer.h"
#include "store/model_store.h"
#include "story.h"

namespace countersign {

using namespace testing;

namespace {

std::function<std::size_t(char*, std::size_t)> reading(std::string bytes) {
    return [bytes = std::move(bytes), at = std::size_t{0}](char* into, std::size_t room) mutable {
        const auto n = bytes.copy(into, room, at);
        at += n;
        return n;
    };
}

Schema things() {
    Control what{.name = "what", .kind = ControlKind::boxes};
    what.labels = {{.name = "red's thing"}, {.name = "blue thing"}};
    return {Modality::image, "image", {what}};
}

}  // namespace

TEST_CASE("an ONNX file that is brought drafts as one on the server does, and is kept once") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, things());
        const auto bytes = colour_detector().bytes();
        const auto kept =
            Story::sure(keep_model_file(at.world, project.id, "colours.onnx", reading(bytes)));
        CHECK(kept.file.starts_with("sha256:"));
        CHECK(kept.name == "colours.onnx");
        CHECK(kept.bytes == static_cast<std::int64_t>(bytes.size()));
        CHECK(kept.input.size() == 4);
        CHECK(kept.labels.size() == 2);
        const auto again =
            Story::sure(keep_model_file(at.world, project.id, "other.onnx", reading(bytes)));
        CHECK(again.file == kept.file);

        at.import(project, at.file("ball.png", ball_png(1)));
        const auto model = Story::sure(
            at.drafting.add(at.boss, project.id, "onnx", "Mine", {{"file", kept.file}}));
        CHECK(model.config["file"] == kept.file);
        Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
        at.work();
        const auto version = at.db.read([&](Session& s) { return latest_version(s, model.id); });
        REQUIRE(version);
        CHECK(version->name.starts_with("uploaded "));
    });
}

TEST_CASE("what is no model for pictures is refused before it is kept, and says why") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, things());
        const auto why = [&](std::string bytes) {
            const auto kept =
                keep_model_file(at.world, project.id, "mine.onnx", reading(std::move(bytes)));
            CHECK_FALSE(kept);
            return kept ? std::string() : kept.refusal().message;
        };
        CHECK(why("hello").find("\"mine.onnx\"") != std::string::npos);
        CHECK(why("").find("ONNX") != std::string::npos);
        const auto sound = OnnxWriter().input("sound", {1, 16'000}).output("words", {1, 3}).bytes();
        CHECK(why(sound).find("a model for pictures has one input") != std::string::npos);
        int kept = 0;
        at.world.blobs.list([&](const BlobInfo&) { ++kept; });
        CHECK(kept == 0);
        for (const auto* file : {"sha256:0011", "sha256:../../../etc/passwd"}) {
            const auto model =
                at.drafting.add(at.boss, project.id, "onnx", "Mine", {{"file", file}});
            // A file may still come: the model is there, and says what it lacks.
            REQUIRE(model);
            Story::sure(at.drafting.change(at.boss, model->id, {.enabled = true}));
            for (const auto& view : at.drafting.models(project.id))
                if (view.model.id == model->id)
                    CHECK(view.why.find("upload it again") != std::string::npos);
        }
    });
}

}  // namespace countersign
