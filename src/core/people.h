// Who may do what. Roles are ordered: each may do all that the ones below it may.
#pragma once

#include <span>
#include <string>

#include "base/clock.h"
#include "base/fields.h"
#include "base/ids.h"

namespace countersign {

enum class Role { annotator, specialist, supervisor, admin };
inline std::span<const EnumName<Role>> enum_names(Role) {
    static constexpr EnumName<Role> rows[] = {{Role::annotator, "annotator"},
                                              {Role::specialist, "specialist"},
                                              {Role::supervisor, "supervisor"},
                                              {Role::admin, "admin"}};
    return rows;
}

/// What a route needs. The table in people.cpp gives the least role for each.
enum class Permission {
    label,           // lease, submit, skip, undo, comment
    see_projects,    // list projects, tasks, progress
    decide,          // disputes (specialist)
    manage_project,  // create, schema, guidelines, import, export, models, jobs
    see_people,
    manage_people  // people, roles, tokens of others
};
Role least_role(Permission permission);
inline bool may(Role role, Permission permission) {
    return role >= least_role(permission);
}

struct Person {
    Id id = 0;
    std::string name;     ///< Sign-in name, unique, [a-z0-9._-]{2,40}.
    std::string display;  ///< Shown name.
    Role role = Role::annotator;
    std::string password;  ///< Argon2id PHC string, or empty: cannot sign in with a password.
    bool active = true;
    Millis created = 0;
};

/// Who is asking: a person by session cookie or API token.
struct Caller {
    Id person = 0;
    Role role = Role::annotator;
    std::string name;
    bool by_token = false;
};

}  // namespace countersign
