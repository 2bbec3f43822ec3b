// Projects, people, backups and the history, from the command line.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/backup.h"
#include "app/history.h"
#include "cli/commands.h"

namespace countersign {

namespace {

Result<std::string> read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return Refusal{Code::not_found, "There is no file \"" + path + "\"."};
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

/// The browser adds the address it knows the server by.
void print_link(const std::string& name, const std::string& secret) {
    std::printf("%s signs in once, within an hour, at <address>/sign-in#%s\n", name.c_str(),
                secret.c_str());
}

Result<ProjectTemplate> find_template(const std::string& name) {
    std::string names;
    for (const auto& row : project_templates()) {
        if (row.name == name) return row;
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return Refusal{Code::not_found, "There is no template \"" + name + "\": choose one of " +
                                        names + ", or give a --schema."};
}

}  // namespace

Result<> run_project_create(const Invocation& invocation) {
    Project project;
    project.name = invocation.text("NAME");
    if (invocation.has("--schema")) {
        project.schema = TRY(from_text<Schema>(TRY(read_text(invocation.text("--schema")))));
    } else {
        const auto base = TRY(find_template(invocation.text("--template")));
        project.schema = base.schema;
        project.guideline = base.guideline;
    }
    if (invocation.has("--guideline"))
        project.guideline = TRY(read_text(invocation.text("--guideline")));
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    const auto caller = TRY(operator_of(services));
    project = TRY(services.projects.create(caller, std::move(project)));
    services.drafting.add_defaults(project);
    std::printf("%s  %s\n", wire_id('p', project.id).c_str(), project.name.c_str());
    return Done{};
}

Result<> run_project_list(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    for (const auto& [project, progress] : program->services().projects.list(0, 100'000, false))
        std::printf("%s  %10lld tasks %10lld done  %s\n", wire_id('p', project.id).c_str(),
                    static_cast<long long>(progress.total), static_cast<long long>(progress.done),
                    project.name.c_str());
    return Done{};
}

Result<> run_person_add(const Invocation& invocation) {
    const auto role = from_name<Role>(invocation.text("--role", "annotator"));
    if (!role)
        return Refusal{Code::invalid, "--role must be annotator, specialist, supervisor or admin."};
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    const auto caller = TRY(operator_of(services));
    const auto name = invocation.text("NAME");
    const auto person =
        TRY(services.people.add(caller, name, invocation.text("--display", name), *role, ""));
    print_link(person.name, TRY(services.people.make_link(caller, person.id)));
    return Done{};
}

Result<> run_person_link(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    const auto caller = TRY(operator_of(services));
    const auto name = invocation.text("NAME");
    for (Id after = 0;;) {
        const auto page = TRY(services.people.list(caller, after, 200));
        for (const auto& person : page) {
            after = person.id;
            if (person.name != name) continue;
            print_link(person.name, TRY(services.people.make_link(caller, person.id)));
            return Done{};
        }
        if (page.empty())
            return Refusal{Code::not_found, "There is nobody called \"" + name + "\"."};
    }
}

Result<> run_backup(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    const auto report = TRY(write_backup(program->services().world, invocation.text("FILE")));
    std::printf("%s: the database and %lld images, %.1f MB\n", invocation.text("FILE").c_str(),
                static_cast<long long>(report.blobs), static_cast<double>(report.bytes) / 1e6);
    return Done{};
}

Result<> run_restore(const Invocation& invocation) {
    const auto settings = invocation.settings();
    const auto report =
        TRY(restore_backup(invocation.text("FILE"), settings.data_dir, settings.db_url));
    std::printf("%s holds the database and %lld images, %.1f MB, every byte checked\n",
                settings.data_dir.c_str(), static_cast<long long>(report.blobs),
                static_cast<double>(report.bytes) / 1e6);
    return Done{};
}

Result<> run_verify(const Invocation& invocation) {
    const auto program = TRY(invocation.open());
    Services& services = program->services();
    std::vector<Project> projects;
    if (invocation.has("PROJECT")) {
        projects.push_back(TRY(named_project(services, invocation.text("PROJECT"))));
    } else {
        for (const bool archived : {false, true})
            for (auto& listed : services.projects.list(0, 100'000, archived))
                projects.push_back(std::move(listed.project));
    }
    for (const auto& project : projects) {
        const auto events = TRY(verify_history(services.world, project.id));
        std::printf("%s  %lld events, every hash and signature holds  %s\n",
                    wire_id('p', project.id).c_str(), static_cast<long long>(events),
                    project.name.c_str());
    }
    return Done{};
}

Result<> run_version(const Invocation&) {
    std::printf("countersign %s\n", COUNTERSIGN_VERSION);
    return Done{};
}

}  // namespace countersign
