// Language models as they are in the world: a true llama.cpp samples tokens under a grammar, with
// the probabilities that they had. Its model knows nothing, so that answers are well-formed and
// wrong.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "app/connectors.h"
#include "standin.h"
#include "store/connector_store.h"
#include "store/model_store.h"
#include "story.h"

namespace countersign {

using namespace testing;

namespace {

bool has_llama() {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    if (std::filesystem::exists(std::string(source ? source : ".") +
                                "/tests/standins/llama/node_modules/@node-llama-cpp/linux-x64"))
        return true;
    MESSAGE("SKIPPED: llama.cpp is not installed (./do setup --tests, on x86-64)");
    return false;
}

Schema all_that_texts_have() {
    Control kind{.name = "kind"}, good{.name = "good", .kind = ControlKind::rating},
        names{.name = "names", .kind = ControlKind::spans},
        said{.name = "said", .kind = ControlKind::text};
    kind.required = true;
    kind.labels = {{.name = "Katze"}, {.name = "Hündin"}, {.name = "東"}};
    good.labels = {{.name = "1"}, {.name = "2"}, {.name = "3"}};
    names.labels = {{.name = "Person"}, {.name = "Place"}};
    return {Modality::text, "text", {kind, good, names, said}};
}

struct Llama {
    Story& at;
    Standin server;
    Project project;
    Model model;

    Llama(Story& story, const Json& config, const std::vector<std::string>& how = {})
        : at(story),
          server("llama/server.mjs", how),
          project(at.project(0.02, all_that_texts_have())) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        at.world.connectors->pause = [this](Millis wait, const std::stop_token& stop) {
            at.clock.advance(wait);
            return !stop.stop_requested();
        };
        for (const auto& view : at.drafting.models(project.id))
            Story::sure(at.drafting.change(at.boss, view.model.id, {.enabled = false}));
        std::string text;
        for (int i = 0; i < 12; ++i)
            text += to_text({{"id", std::to_string(i)},
                             {"text", "Zoë 😀 met the " + telling_text(i) + "."}}) +
                    "\n";
        at.import(project, at.file("texts.jsonl", text));
        Json all = {{"url", server.url("/v1")}, {"model", "any"}, {"concurrency", 1}};
        all.update(config);
        model = Story::sure(at.drafting.add(at.boss, project.id, "openai-chat", "", all));
    }

    Json run() {
        Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
        at.work();
        for (const auto& job : at.jobs.list(project.id, 0, 20))
            if (job.kind == "draft" && job.result.is_object()) return job.result;
        FAIL("no draft job");
        return {};
    }

    std::vector<Draft> drafts() {
        std::vector<Draft> out;
        for (const auto& row : at.db.read(
                 [&](Session& s) { return tasks_to_draft(s, project.id, model.id, -1, 1'000); }))
            for (auto& draft : at.db.read([&](Session& s) { return drafts_of(s, row.id); }))
                if (draft.current) out.push_back(std::move(draft));
        return out;
    }
};

const Region& answer_to(const Draft& draft, std::string_view control) {
    for (const auto& region : draft.regions)
        if (region.control == control) return region;
    FAIL("no answer");
    return draft.regions.at(0);
}

}  // namespace

TEST_CASE(
    "a true llama.cpp is held to the schema by its grammar, and says how probable its labels are") {
    if (!has_llama()) return;
    each_story([](Story& at) {
        Llama llama(at, {{"price_in", 1}, {"price_out", 1}});
        const auto result = llama.run();
        INFO(to_text(result));
        CHECK(result["drafts"] == 12);
        CHECK(result["spent"]["calls"] == 12);
        const auto spent = spent_by(at.world, llama.model.id);
        CHECK(spent.tokens_in > 12 * 1'000);  // A token a byte.
        CHECK(spent.tokens_out > 12 * 20);
        for (const auto& draft : llama.drafts()) {
            const auto& kind = answer_to(draft, "kind");
            CHECK(kind.grounding == Grounding::grounded);
            CHECK(kind.meta["confidence"] == "logprobs");
            CHECK(*kind.confidence > 0);
            CHECK(*kind.confidence <= 1);
            for (const auto& region : draft.regions) {
                CHECK(region.grounding != Grounding::unchecked);
                // What it quotes stands nowhere: said, and kept off the desk.
                if (region.kind == ControlKind::spans)
                    CHECK(region.grounding == Grounding::ungrounded);
            }
        }
        for (int i = 0; i < 12; ++i) {
            const auto task = at.one(at.ada, llama.project);
            for (const auto& region : task.regions) CHECK(region.kind != ControlKind::spans);
            REQUIRE(at.desk.skip(at.ada, {.task = task.task.id, .assignment = task.assignment.id}));
        }
    });
}

TEST_CASE("answers that llama.cpp samples anew agree as often as they do") {
    if (!has_llama()) return;
    each_story([](Story& at) {
        Llama llama(at, {{"confidence", "samples"}, {"samples", 4}, {"controls", {"kind"}}});
        CHECK(llama.run()["drafts"] == 12);
        CHECK(spent_by(at.world, llama.model.id).calls == 48);
        for (const auto& draft : llama.drafts()) {
            const auto& kind = answer_to(draft, "kind");
            CHECK(kind.meta["confidence"] == "samples");
            CHECK(*kind.confidence >= 0.25);
            CHECK(std::fmod(*kind.confidence * 4, 1) == 0);
        }
    });
}

TEST_CASE("a llama.cpp that knows no tools, or is cut short, hurts nobody") {
    if (!has_llama()) return;
    each_story([](Story& at) {
        Llama tools(at, {{"structured", "tool"}});
        CHECK(tools.run()["failed"] == 12);
        CHECK(tools.drafts().empty());
        Llama brief(at, {{"max_tokens", 16}});
        CHECK(brief.run()["failed"] == 12);
        CHECK(brief.drafts().empty());
        CHECK(at.one(at.ada, brief.project).regions.empty());
        // Without a grammar a model that knows nothing says nothing that could be read.
        Llama free(at, {{"structured", "text"}, {"max_tokens", 64}});
        free.run();
        CHECK(free.drafts().empty());
    });
}

TEST_CASE("a llama.cpp that dies midway leaves what it has drafted, and people go on") {
    if (!has_llama()) return;
    each_story([](Story& at) {
        Llama llama(at, {{"retries", 0}}, {"--answers", "5"});
        const auto result = llama.run();
        INFO(to_text(result));
        CHECK(result["drafts"] == 5);
        CHECK(llama.drafts().size() == 5);
        CHECK(at.one(at.ada, llama.project).task.id != 0);
    });
}

}  // namespace countersign
