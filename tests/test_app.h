// The whole application on SQLite in a folder of its own, behind a real socket.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/log.h"
#include "http/server.h"
#include "http/services.h"
#include "http_client.h"

namespace countersign {

class TempFolder {
public:
    TempFolder() {
        char name[] = "/tmp/countersign-test-XXXXXX";
        path_ = ::mkdtemp(name);
    }
    TempFolder(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

struct TestApp {
    explicit TestApp(ServerOptions options = {}, std::vector<Route> routes = all_routes()) {
        set_log_level(Level::off);
        options.port = 0;
        server = std::make_unique<Server>(services, options, std::move(routes));
        if (auto started = server->start(); !started)
            throw std::runtime_error(started.refusal().message);
    }
    int port() const { return server->port(); }

    /// A person with a password, signed in: the headers that each of their requests carries.
    std::string sign_in(const std::string& name, Role role) {
        const std::string password = "correct horse " + name;
        const auto added = people.add({0, Role::admin, "test", false}, name, "", role, password);
        if (!added) throw std::runtime_error(added.refusal().message);
        const auto in = people.sign_in(name, password, "test");
        if (!in) throw std::runtime_error(in.refusal().message);
        return "Cookie: countersign_session=" + in->secret + "\r\nX-CSRF-Token: " + in->csrf +
               "\r\n";
    }

    TempFolder folder;
    SystemClock clock;
    std::unique_ptr<Db> db = *open_db("sqlite:" + folder.path() + "/test.db");
    std::unique_ptr<Blobs> blobs = disk_blobs(folder.path() + "/blobs");
    World world{*db, *blobs, clock, folder.path(), "", new_signing_key()};
    People people{world, 8192};
    Projects projects{world};
    Desk desk{world};
    Lists lists{world};
    Batches batches{world};
    Assist assist{world};
    Hearing hearing{world};
    Team team{world};
    Notifications notifications{world};
    Live live{world};
    GoldTasks gold{world};
    Drafting drafting{world};
    Webhooks webhooks{world};
    Jobs jobs{world};
    Imports imports{world};
    Exports exports{world};
    Similar similar{world};
    Inspector inspector{world};
    Services services{world,    people,   projects,      desk,    lists,    batches, assist,
                      hearing,  team,     notifications, live,    jobs,     imports, exports,
                      drafting, webhooks, gold,          similar, inspector};
    std::unique_ptr<Server> server;
};

}  // namespace countersign
