// One file holds an installation; a damaged one restores nothing.
#include "app/backup.h"

#include "story.h"

using namespace countersign;
using namespace countersign::testing;

TEST_CASE("what was backed up is there after a restore, byte for byte") {
    each_story([](Story& at) {
        const auto file = at.folder.path + "/all.tar";
        const bool postgres = at.db.engine() == Engine::postgres;
        const auto url = postgres ? fresh_postgres() : "";
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 20)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        const auto blob = at.blobs->put(std::string(100'000, 'x'));
        const auto report = Story::sure(write_backup(at.world, file));
        CHECK(report.blobs == 1);
        CHECK(!write_backup(at.world, file));

        const auto target = at.folder.path + "/restored";
        // Into the other engine it is refused.
        CHECK(!restore_backup(file, target, postgres ? "" : "postgresql://localhost/none"));
        CHECK(!std::filesystem::exists(target));
        Story::sure(restore_backup(file, target, url));
        CHECK(!restore_backup(file, target, url));
        if (postgres) CHECK(!restore_backup(file, target + "2", url));
        CHECK(!std::filesystem::exists(target + "2"));
        const auto db =
            Story::sure(open_db(postgres ? url : "sqlite:" + target + "/countersign.db"));
        CHECK(progress_of(*db, project).done == 1);
        CHECK(progress_of(*db, project).total == 20);
        CHECK(Story::sure(disk_blobs(target + "/blobs")->get(blob.sha256)) ==
              std::string(100'000, 'x'));
        const auto key = db->write([](Session& s) { return installation_key(s); });
        CHECK(key.public_key == at.world.key.public_key);
        CHECK(db->read([&](Session& s) {
            return static_cast<bool>(verify_events(s, project.id, key.public_key));
        }));
        // Work goes on: the numbers of tasks and answers follow those that were copied.
        CHECK(make_tasks(*db, project, 1, 21).size() == 1);
        CHECK(db->write([&](Session& s) {
                    return lease(s, project, at.bob.person, 1, noon);
                }).size() == 1);
    });
}

TEST_CASE("a backup with one changed byte, or cut short, is refused and leaves nothing behind") {
    each_story([](Story& at) {
        const auto url = at.db.engine() == Engine::postgres ? fresh_postgres() : "";
        at.project();
        at.blobs->put("an image");
        const auto file = at.folder.path + "/all.tar", bad = at.folder.path + "/bad.tar",
                   target = at.folder.path + "/restored";
        Story::sure(write_backup(at.world, file));
        std::ifstream in(file, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(in), {}};
        for (const std::size_t at_byte :
             {std::size_t{700}, whole.find("an image"), whole.size() / 2}) {
            std::string damaged = whole;
            damaged[at_byte] ^= 1;
            std::ofstream(bad, std::ios::binary) << damaged;
            CHECK(!restore_backup(bad, target, url));
            CHECK(!std::filesystem::exists(target));
        }
        for (const std::size_t cut : {std::size_t{100}, whole.size() / 2, whole.size() - 1500}) {
            std::ofstream(bad, std::ios::binary) << whole.substr(0, cut);
            CHECK(!restore_backup(bad, target, url));
            CHECK(!std::filesystem::exists(target));
        }
        Story::sure(restore_backup(file, target, url));  // The database is as empty as before.
    });
}
