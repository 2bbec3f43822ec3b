// Builds the objects of the program, in order, once.
#include <filesystem>
#include <string_view>

#include "app/assist.h"
#include "app/desk.h"
#include "app/drafting.h"
#include "app/exports.h"
#include "app/hearing.h"
#include "app/imports.h"
#include "app/jobs.h"
#include "app/live.h"
#include "app/notifications.h"
#include "app/people.h"
#include "app/projects.h"
#include "app/similar.h"
#include "cli/program.h"
#include "models/speech_worker.h"
#include "store/blobs.h"
#include "store/db.h"
#include "store/event_store.h"

namespace countersign {
namespace {

class Objects final : public Program {
public:
    Objects(const Settings& settings, std::unique_ptr<Db> db, std::shared_ptr<Fetcher> fetcher)
        : db_(std::move(db)),
          blobs_(disk_blobs(settings.data_dir + "/blobs")),
          world_{*db_,
                 *blobs_,
                 clock_,
                 settings.data_dir,
                 settings.models_dir,
                 db_->write([](Session& s) { return installation_key(s); }),
                 std::move(fetcher),
                 settings.s3_keys} {
        world_.wake_jobs = [this] { jobs_.wake(); };
    }
    Services& services() override { return services_; }

private:
    SystemClock clock_;
    std::unique_ptr<Db> db_;
    std::unique_ptr<Blobs> blobs_;
    World world_;
    People people_{world_};
    Projects projects_{world_};
    Desk desk_{world_};
    Lists lists_{world_};
    Batches batches_{world_};
    Assist assist_{world_};
    Hearing hearing_{world_};
    Team team_{world_};
    Notifications notifications_{world_};
    Live live_{world_};
    GoldTasks gold_{world_};
    Imports imports_{world_};
    Exports exports_{world_};
    Jobs jobs_{world_};  // Outlives drafting, which queues jobs.
    Drafting drafting_{world_};
    Webhooks webhooks_{world_};
    Similar similar_{world_};
    Inspector inspector_{world_};
    Services services_{world_,    people_, projects_, desk_,     lists_,
                       batches_,  assist_, hearing_,  team_,     notifications_,
                       live_,     jobs_,   imports_,  exports_,  drafting_,
                       webhooks_, gold_,   similar_,  inspector_};
};

Result<std::unique_ptr<Program>> open_program(const Settings& settings) {
    std::filesystem::create_directories(settings.data_dir);
    std::filesystem::permissions(settings.data_dir, std::filesystem::perms::owner_all);
    const auto url = settings.db_url.empty() ? "sqlite:" + settings.data_dir + "/countersign.db"
                                             : settings.db_url;
    auto fetcher = make_fetcher(TRY(Reach::parse(settings.reach)));
    auto db = TRY(open_db(url));
    return std::unique_ptr<Program>(
        std::make_unique<Objects>(settings, std::move(db), std::move(fetcher)));
}

}  // namespace
}  // namespace countersign

int main(int argc, char** argv) {
    // The server starts itself so: the recogniser may die without it (models/speech_worker.h).
    if (argc == 2 && std::string_view(argv[1]) == "speech-worker")
        return countersign::run_speech_worker(0, 1);
    return countersign::run_command_line(argc, argv, countersign::open_program);
}
