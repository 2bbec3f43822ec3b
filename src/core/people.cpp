#include "core/people.h"

#include <stdexcept>

namespace countersign {

Role least_role(Permission permission) {
    switch (permission) {
        case Permission::label:
        case Permission::see_projects:
            return Role::annotator;
        case Permission::decide:
            return Role::specialist;
        case Permission::manage_project:
        case Permission::see_people:
            return Role::supervisor;
        case Permission::manage_people:
            return Role::admin;
    }
    throw std::logic_error("a permission without a role");
}

}  // namespace countersign
