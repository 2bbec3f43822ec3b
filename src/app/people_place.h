// For tests: people on a database in a folder of its own, and a clock that is moved by hand.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "app/people.h"

namespace countersign {

struct PeoplePlace {
    PeoplePlace() { people = std::make_unique<People>(world, 8192); }
    PeoplePlace(const PeoplePlace&) = delete;
    ~PeoplePlace() {
        people.reset();
        db.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    static std::string make_folder() {
        char name[] = "/tmp/countersign-people-XXXXXX";
        return ::mkdtemp(name);
    }
    std::string folder = make_folder();
    ManualClock clock;
    std::unique_ptr<Db> db = *open_db("sqlite:" + folder + "/test.db");
    std::unique_ptr<Blobs> blobs = disk_blobs(folder + "/blobs");
    World world{*db, *blobs, clock, folder, "", new_signing_key()};
    std::unique_ptr<People> people;
    Caller admin{0, Role::admin, "test", false};

    Person add(const std::string& name, Role role, const std::string& password = "long enough 1") {
        return *people->add(admin, name, "", role, password);
    }
};

}  // namespace countersign
