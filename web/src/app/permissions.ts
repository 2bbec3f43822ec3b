// Who may do what, as the server's table says (it decides; this only hides what would be refused).
import type { Permission, Role } from '../api/types';

export const roles: readonly Role[] = ['annotator', 'specialist', 'supervisor', 'admin'];

const leastRole: Record<Permission, Role> = {
  label: 'annotator',
  see_projects: 'annotator',
  decide: 'specialist',
  manage_project: 'supervisor',
  see_people: 'supervisor',
  manage_people: 'admin',
};

export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRole[permission]);
}

export function leastRoleFor(permission: Permission): Role {
  return leastRole[permission];
}
