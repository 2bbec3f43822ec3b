// `serve` and `demo`: everything at once, until a signal says stop.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "base/gathered_log.h"
#include "base/log.h"
#include "cli/commands.h"
#include "http/server.h"

namespace countersign {

namespace {

namespace fs = std::filesystem;

constexpr int webhook_threads = 4;

struct Address {
    std::string host;
    int port = 0;
};

/// "127.0.0.1:8470", "[::1]:8470", ":8470" (every interface).
Result<Address> parse_address(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto refuse =
        Refusal{Code::invalid,
                "--listen must be ADDRESS:PORT, such as 127.0.0.1:8470; \"" + text + "\" is not."};
    if (colon == std::string::npos || colon + 1 == text.size() || text.size() - colon > 6)
        return refuse;
    Address out{text.substr(0, colon), 0};
    for (const char c : text.substr(colon + 1)) {
        if (c < '0' || c > '9') return refuse;
        out.port = out.port * 10 + (c - '0');
    }
    if (out.port > 65535) return refuse;
    if (out.host.size() > 1 && out.host.front() == '[' && out.host.back() == ']')
        out.host = out.host.substr(1, out.host.size() - 2);
    if (out.host.empty()) out.host = "0.0.0.0";
    if (out.host == "localhost") out.host = "127.0.0.1";
    return out;
}

/// SIGINT and SIGTERM wait for the main thread. Made before any other thread is.
sigset_t hold_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return set;
}

std::string shown_address(const Address& address, int port) {
    std::string host = address.host;
    if (host == "0.0.0.0" || host == "::") host = "localhost";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(port);
}

/// "segmenter=/opt/models/segment" -> by name. The file must be there and be a program.
Result<std::map<std::string, std::string>> model_programs(const std::vector<std::string>& rows) {
    std::map<std::string, std::string> programs;
    for (const auto& row : rows) {
        const auto equals = row.find('=');
        const auto name = row.substr(0, equals);
        const auto path = equals == std::string::npos ? std::string() : row.substr(equals + 1);
        if (name.empty() || !path.starts_with('/'))
            return Refusal{Code::invalid,
                           "\"" + row + "\" is not NAME=PATH with an absolute path."};
        std::error_code error;
        if (!fs::is_regular_file(path, error) || ::access(path.c_str(), X_OK) != 0)
            return Refusal{Code::invalid, path + " is no program that can be run."};
        if (!programs.emplace(name, path).second)
            return Refusal{Code::invalid, "--model-program names \"" + name + "\" twice."};
    }
    return programs;
}

Result<> serve(const Invocation& invocation, Result<> (*prepare)(const Invocation&, Services&)) {
    const auto address = TRY(parse_address(invocation.text("--listen", "127.0.0.1:8470")));
    const int workers = TRY(invocation.number("--workers", 2, 1, 64));
    auto programs = TRY(model_programs(invocation.list("--model-program")));
    const sigset_t signals = hold_signals();
    const GatheredLog gathered;
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    services.world.connectors->programs = std::move(programs);
    const Caller anyone{0, Role::admin, "command line", false};
    const bool first_start = TRY(services.people.list(anyone, 0, 1)).empty();

    ServerOptions options;
    options.address = address.host;
    options.port = address.port;
    options.dispatch.hosts = invocation.list("--allow-host");
    options.dispatch.trust_proxy = invocation.has("--trust-proxy");
    options.dispatch.ui_dir = invocation.text("--ui-dir");
    if (!invocation.has("--no-checks")) services.inspector.start();
    Server server(services, options);
    TRY(server.start());
    services.jobs.start(workers);
    services.webhooks.start(webhook_threads);
    if (prepare) TRY(prepare(invocation, services));
    // What came in by the command line, or before a model was installed, is drafted now.
    for (const auto& listed : services.projects.list(0, 100'000, false))
        services.drafting.tasks_arrived(listed.project.id);

    const auto url = shown_address(address, server.port());
    std::printf("Countersign %s is at %s\n", COUNTERSIGN_VERSION, url.c_str());
    if (first_start || prepare || invocation.has("--link")) {
        std::printf("Sign in once with %s/sign-in#%s\n", url.c_str(),
                    services.people.first_link().c_str());
        std::printf("(the link works once, within an hour; `--link` prints another)\n");
    }
    std::fflush(stdout);
    log_info("server.started", {{"address", url}, {"version", COUNTERSIGN_VERSION}});
    int received = 0;
    sigwait(&signals, &received);
    log_info("server.stopping", {{"signal", received}});
    server.stop();
    services.webhooks.stop();
    services.jobs.stop();
    services.inspector.stop();
    log_info("server.stopped");
    return Done{};
}

// ---------------------------------------------------------------------------- the sample projects

Result<Json> read_sample(const fs::path& folder) {
    std::ifstream in(folder / "project.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto parsed = parse_json(text);
    if (!parsed)
        return Refusal{Code::invalid,
                       (folder / "project.json").string() + ": " + parsed.refusal().message};
    return parsed;
}

/// A sample is a folder with project.json ({"name", "description", "guideline", "template" or
/// "schema", "policy", "files": [paths below the folder], "options": ImportOptions}).
Result<> make_sample(Services& services, const Caller& caller, const fs::path& folder) {
    const Json sample = TRY(read_sample(folder));
    Project project;
    project.name = sample.value("name", folder.filename().string());
    for (const bool archived : {false, true})
        for (const auto& listed : services.projects.list(0, 100'000, archived))
            if (listed.project.name == project.name) return Done{};
    project.description = sample.value("description", "");
    project.guideline = sample.value("guideline", "");
    if (sample.contains("schema")) {
        project.schema = TRY(from_json<Schema>(sample["schema"]));
    } else {
        for (const auto& row : project_templates())
            if (row.name == sample.value("template", "")) {
                project.schema = row.schema;
                if (project.guideline.empty()) project.guideline = row.guideline;
            }
    }
    if (sample.contains("policy")) project.policy = TRY(from_json<Policy>(sample["policy"]));
    project = TRY(services.projects.create(caller, project));
    services.drafting.add_defaults(project);
    std::vector<std::string> paths;
    if (sample.contains("files"))
        for (const auto& file : sample["files"])
            paths.push_back((folder / file.get<std::string>()).string());
    else
        paths.push_back((folder / "files").string());
    const auto options = sample.contains("options")
                             ? TRY(from_json<ImportOptions>(sample["options"]))
                             : ImportOptions{};
    TRY(services.imports.start_local(caller, project.id, paths, options));
    return Done{};
}

Result<> make_samples(const Invocation& invocation, Services& services) {
    const fs::path dir = invocation.text("--samples", "build/samples");
    if (!fs::is_directory(dir))
        return Refusal{Code::not_found,
                       "There are no samples in " + dir.string() +
                           ": run `./do demo`, which makes them, or name them with --samples."};
    const auto caller = TRY(operator_of(services));
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(dir))
        if (fs::exists(entry.path() / "project.json")) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    for (const auto& folder : folders) TRY(make_sample(services, caller, folder));
    return Done{};
}

}  // namespace

Result<> run_serve(const Invocation& invocation) {
    return serve(invocation, nullptr);
}
Result<> run_demo(const Invocation& invocation) {
    return serve(invocation, make_samples);
}

}  // namespace countersign
